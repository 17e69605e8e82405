"""Is a record's care added up rightly, by hand on a few people?"""

from __future__ import annotations

from datetime import date

import ibis
import pytest

from commonweal.core.tables import arrow_table
from commonweal.people.synthesis.calibration_tables import (
    care_by_age_sex_deprivation,
    care_by_person,
    care_by_segment,
    costs_of_the_costliest,
    deaths_by_segment,
    person_time,
    segment_changes,
    segment_on,
    staying,
)

START, END = date(2025, 4, 1), date(2026, 4, 1)
CUTS = (0.09, 0.69, 1.59, 2.95)
PERSONS = [
    {"person": 1, "sex": "F", "birth_month": date(1938, 10, 1)},
    {"person": 2, "sex": "M", "birth_month": date(2000, 11, 1), "death_date": date(2025, 9, 30)},
    {"person": 3, "sex": "M", "birth_month": date(2020, 1, 1)},
]
REGISTRATIONS = [
    {"person": 1, "practice_code": "A81001", "start": date(1990, 1, 1)},
    {"person": 2, "practice_code": "A81001", "start": date(2010, 1, 1), "end": date(2025, 10, 1)},
    {"person": 3, "practice_code": "A81002", "start": date(2025, 12, 1)},
]
ATTRIBUTES = [
    {"person": 1, "attribute_period": date(2024, 4, 1), "imd_decile": 9, "cambridge_score": 0.69},
    {"person": 1, "attribute_period": date(2025, 4, 1), "imd_decile": 1, "cambridge_score": 2.95},
    {"person": 2, "attribute_period": date(2024, 4, 1), "imd_decile": 2, "cambridge_score": 0.08},
    {"person": 3, "attribute_period": date(2025, 12, 1), "imd_decile": 10, "cambridge_score": 0.0},
]


def contact(person: int, day: date, l1: str, l2: str | None, l3: str | None, cost: int, **more: object) -> dict:
    at = {"person": person, "source_name": "synthetic", "arr_date": day, "pod_l1": l1, "pod_l2a": l2, "pod_l2b": l3}
    return {**at, "cost_pence": cost, **more}


ACTIVITY = [
    contact(1, date(2025, 4, 1), "secondary", "ip", "emergency", 200_000),
    contact(1, date(2026, 3, 31), "secondary", "ip", "daycase", 90_000),
    contact(1, date(2025, 6, 1), "mental_health", "ip", None, 500_000),
    contact(1, date(2025, 6, 1), "social_care", "nursing", None, 400_000, items=30),
    contact(1, date(2025, 6, 1), "primary_care_prescription", None, None, 2_500, items=3),
    contact(1, date(2026, 4, 1), "secondary", "ip", "emergency", 1),
    contact(2, date(2025, 5, 1), "primary_care_contact", "gp", None, 5_000),
    contact(2, date(2025, 3, 31), "secondary", "ae", None, 1),
]


@pytest.fixture(scope="module")
def tables():
    held = {"persons": PERSONS, "registrations": REGISTRATIONS, "attributes": ATTRIBUTES, "activity": ACTIVITY}
    return {name: ibis.memtable(arrow_table(name, rows)) for name, rows in held.items()}


@pytest.fixture(scope="module")
def time(tables):
    return person_time(tables["persons"], tables["registrations"], tables["attributes"], start=START, end=END)


@pytest.fixture(scope="module")
def care(tables):
    return care_by_person(tables["activity"], start=START, end=END)


def by(table: ibis.Table, *keys: str) -> dict:
    return {tuple(row[key] for key in keys): row for row in table.to_pyarrow().to_pylist()}


def test_time_on_a_list_is_counted_in_days_within_the_year(time):
    found = by(time, "person")
    # 365 days; 1 April to 30 September is 183; 1 December to 31 March is 121.
    assert [round(found[(person,)]["years"] * 365.25) for person in (1, 2, 3)] == [365, 183, 121]


def test_age_is_that_of_the_middle_of_the_year_and_deprivation_the_latest(time):
    found = by(time, "person")
    # Born in October 1938, 86 until then; the middle of the year is the last day of September.
    assert [found[(person,)]["age"] for person in (1, 2, 3)] == [86, 24, 5]
    assert [found[(person,)]["imd_decile"] for person in (1, 2, 3)] == [1, 2, 10]


def test_care_is_counted_by_kind_from_the_first_day_to_the_last(care):
    one = by(care, "person")[(1,)]
    assert (one["emergency"], one["elective"], one["items"]) == (1, 1, 3)
    assert one["nhs_cost_pence"] == 200_000 + 90_000 + 500_000 + 2_500
    assert one["cost_pence"] == one["nhs_cost_pence"] + 400_000
    two = by(care, "person")[(2,)]
    assert (two["gp"], two["ae"], two["cost_pence"]) == (1, 0, 5_000)


def test_cells_hold_people_without_care_too(time, care):
    found = by(care_by_age_sex_deprivation(time, care), "age_from", "sex", "quintile")
    assert set(found) == {(85, "F", 1), (20, "M", 1), (5, "M", 5)}
    assert found[(5, "M", 5)]["people"] == 1
    assert found[(5, "M", 5)]["cost_pence"] == 0


def test_a_score_on_a_cut_belongs_to_the_segment_that_begins_there(tables):
    before = by(segment_on(tables["attributes"], on=date(2024, 4, 1), cuts=CUTS), "person")
    after = by(segment_on(tables["attributes"], on=START, cuts=CUTS), "person")
    assert {person: row["segment"] for (person,), row in before.items()} == {1: 3, 2: 1}
    assert {person: row["segment"] for (person,), row in after.items()} == {1: 5, 2: 1}


def test_moves_deaths_and_care_are_counted_by_segment(tables, time, care):
    before = segment_on(tables["attributes"], on=date(2024, 4, 1), cuts=CUTS)
    after = segment_on(tables["attributes"], on=START, cuts=CUTS)
    there = staying(tables["persons"], tables["registrations"], start=date(2024, 4, 1), end=START)
    moved = by(segment_changes(before, after, there), "segment", "later")
    assert {pair: row["people"] for pair, row in moved.items()} == {(3, 5): 1, (1, 1): 1}
    died = by(deaths_by_segment(tables["persons"], after, start=START, end=END), "segment")
    assert {segment: row["people"] for (segment,), row in died.items()} == {1: 1}
    adults = by(care_by_segment(time, care, after, from_age=17), "segment")
    assert {segment: row["emergency"] for (segment,), row in adults.items()} == {1: 0, 5: 1}


def test_who_has_left_is_not_among_those_who_stay(tables):
    there = staying(tables["persons"], tables["registrations"], start=START, end=END)
    assert by(there, "person").keys() == {(1,)}


def test_the_costliest_third_has_what_the_costliest_of_three_costs(time, care):
    found = by(costs_of_the_costliest(time, care, shares=(1 / 3, 1.0), cost="cost_pence"), "people")
    assert found[(1,)]["cost_pence"] == 1_192_500
    assert found[(3,)]["cost_pence"] == found[(1,)]["all_cost_pence"] == 1_197_500
