"""Is the population at a glance counted right, and is nothing in it about few people?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import ibis
import ibis.expr.types as ir
import pytest

from commonweal.core.engine import duckdb_engine
from commonweal.core.parameters import library
from commonweal.core.tables import arrow_table
from commonweal.need.at_a_glance import PopulationAtAGlance, population_at_a_glance
from commonweal.need.at_a_glance_gradient import admissions_gradient
from commonweal.need.at_a_glance_tables import (
    age_band,
    deprivation_fifth,
    glance_conditions,
    glance_cost_curve,
    glance_headlines,
    glance_people,
    with_neighbourhood,
    year_of_care,
)
from commonweal.need.disclosure import DisclosureRule

ON = date(2026, 4, 1)
HOMES = {"N1": ("A81001",), "N2": ("A81002", "A81003")}
PARAMETERS = library()
RULE = DisclosureRule()

Row = Mapping[str, Any]
PERSON = {
    "practice_code": "A81001",
    "age": 40,
    "sex": "F",
    "imd_decile": 3,
    "level": 1,
    "core_segment": "CS1",
    "long_term_conditions": 0,
    "care_home": False,
}


def table(name: str, rows: Sequence[Row]) -> ir.Table:
    return ibis.memtable(arrow_table(name, rows))


def people(count: int, *, first: int = 1, **facts: Any) -> list[Row]:
    return [{**PERSON, "person": first + number, **facts} for number in range(count)]


def care(person: int, pence: int | None, day: date = date(2026, 1, 5), **facts: Any) -> Row:
    return {"person": person, "source_name": "swd", "source_id": 1, "arr_date": day, "cost_pence": pence, **facts}


def rows_of(expression: ir.Table) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = duckdb_engine().to_pyarrow(expression).to_pylist()
    return found


def glance(need: Sequence[Row], activity: Sequence[Row] = (), conditions: Sequence[Row] = ()) -> PopulationAtAGlance:
    tables = {"activity": table("activity", activity), "conditions": table("conditions", conditions)}
    return population_at_a_glance(
        tables,
        table("person_need", need),
        on=ON,
        neighbourhoods=HOMES,
        parameters=PARAMETERS,
        synthetic=False,
        record=(date(2023, 4, 1), ON),
    )


def test_people_of_other_practices_are_left_out() -> None:
    need = [*people(1), *people(1, first=2, practice_code="A81003"), *people(1, first=3, practice_code="B82001")]
    held = rows_of(with_neighbourhood(table("person_need", need), HOMES))
    assert {row["person"]: row["neighbourhood"] for row in held} == {1: "N1", 2: "N2"}


@pytest.mark.parametrize(
    ("day", "counts"),
    [(date(2025, 3, 31), False), (date(2025, 4, 1), True), (date(2026, 3, 31), True), (ON, False)],
)
def test_the_year_of_care_is_the_twelve_months_before_the_day(day: date, counts: bool) -> None:
    held = rows_of(year_of_care(table("activity", [care(1, 500, day)]), table("person_need", people(1)), on=ON))
    assert [row["cost_pence"] for row in held] == [500 if counts else 0]


def test_care_adds_up_by_person_and_a_method_that_begins_with_2_is_an_emergency() -> None:
    activity = [
        care(1, 100, admimeth="21"),
        care(1, None, admimeth="2D"),
        care(1, 30, admimeth="12"),
        care(1, 4),
        care(9, 7000, admimeth="21"),
    ]
    held = rows_of(year_of_care(table("activity", activity), table("person_need", people(2)), on=ON))
    assert {row["person"]: (row["cost_pence"], row["emergency_admissions"]) for row in held} == {1: (134, 2), 2: (0, 0)}


@pytest.mark.parametrize(
    ("age", "first"), [(0, 0), (4, 0), (5, 5), (64, 60), (89, 85), (90, 90), (104, 90), (None, None)]
)
def test_an_age_lies_in_its_band(age: int | None, first: int | None) -> None:
    banded = table("person_need", people(1, age=age))
    assert rows_of(banded.select(first=age_band(banded.age, PARAMETERS, on=ON))) == [{"first": first}]


def test_two_deciles_make_a_fifth_and_the_first_is_the_most_deprived() -> None:
    held = table("person_need", [{**PERSON, "person": n, "imd_decile": n} for n in range(1, 11)])
    found = rows_of(held.select("person", fifth=deprivation_fifth(held.imd_decile)))
    assert [row["fifth"] for row in sorted(found, key=lambda row: row["person"])] == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


def test_people_and_cost_are_counted_together() -> None:
    need = [*people(2, level=3), *people(1, first=3, sex=None)]
    ours = with_neighbourhood(table("person_need", need), HOMES)
    spent = year_of_care(table("activity", [care(1, 100), care(2, 11)]), ours, on=ON)
    held = rows_of(glance_people(ours, spent, PARAMETERS, on=ON))
    assert sorted((row["sex"] or "", row["level"], row["people"], row["cost_pence"]) for row in held) == [
        ("", 1, 1, 0),
        ("F", 3, 2, 111),
    ]


def test_headline_counts_are_of_the_people_that_they_say() -> None:
    need = [
        *people(1, age=65, imd_decile=2, long_term_conditions=2, care_home=True),
        *people(1, first=2, age=64, imd_decile=3, long_term_conditions=1),
        *people(1, first=3, age=None, imd_decile=None),
    ]
    (row,) = rows_of(glance_headlines(with_neighbourhood(table("person_need", need), HOMES), PARAMETERS, on=ON))
    assert row == {
        "neighbourhood": "N1",
        "people": 3,
        "older": 1,
        "in_care_homes": 1,
        "most_deprived": 1,
        "deprivation_known": 2,
        "several_conditions": 1,
    }


def test_codes_of_one_condition_count_once_and_what_is_no_long_term_condition_does_not() -> None:
    recorded = [(1, "diabetes_1"), (1, "diabetes_2"), (2, "diabetes_2"), (2, "obesity"), (7, "hf")]
    held = [{"person": person, "condition": code, "start": date(2020, 1, 1)} for person, code in recorded]
    found = rows_of(glance_conditions(table("conditions", held), table("person_need", people(2)), PARAMETERS, on=ON))
    assert found == [{"condition": "diabetes", "people": 2}]


def curve(costs: Sequence[int], shares: Sequence[str]) -> dict[str, tuple[int, int]]:
    held = [(number, cost, 0) for number, cost in enumerate(costs)]
    spent = ibis.memtable(held, schema={"person": "int64", "cost_pence": "int64", "emergency_admissions": "int64"})
    return {row["share"]: (row["people"], row["cost_pence"]) for row in rows_of(glance_cost_curve(spent, shares))}


def test_the_costliest_people_come_first_and_a_share_rounds_up_to_a_whole_person() -> None:
    assert curve([10, 50, 0, 40], ["0.25", "0.3", "0.75", "1"]) == {
        "0.25": (1, 50),
        "0.3": (2, 90),
        "0.75": (3, 100),
        "1": (4, 100),
    }


def test_a_share_that_adds_nobody_has_no_row() -> None:
    assert curve([5, 4], ["0.1", "0.5", "1"]) == {"0.1": (1, 5), "1": (2, 9)}


def test_counts_of_few_people_are_not_shown_and_totals_are_of_what_is_shown() -> None:
    need = [
        *people(22, level=1),
        *people(7, first=100, level=4),
        *people(13, first=200, level=4, practice_code="A81002"),
    ]
    held = glance(need)
    first, second, together = held.levels
    assert [part.people for part in first.parts] == [20, 0, 0, None]
    assert [part.people for part in second.parts] == [0, 0, 0, 15]
    # 20 and a hidden count of 4 on average, to the nearest 5; then 15 besides.
    assert (first.people, second.people, together.people, held.people) == (25, 15, 40, 40)
    assert [part.share for part in first.parts] == [Decimal("0.800"), Decimal(0), Decimal(0), None]


def test_the_most_deprived_are_a_share_of_those_whose_small_area_is_known() -> None:
    need = [*people(20, imd_decile=1), *people(20, first=100, imd_decile=9), *people(40, first=200, imd_decile=None)]
    held = glance(need).measures["most_deprived"]
    assert (held.people, held.share) == (20, Decimal("0.500"))


def test_cost_per_head_is_of_the_cost_and_the_people_shown() -> None:
    """1,234 pounds each for 21 people is 25,914 pounds: shown 26,000 for 20 people, 1,300 a head."""
    need = [*people(21, core_segment="CS4"), *people(3, first=100, core_segment="CS5")]
    held = glance(need, [care(person, 123_400) for person in range(1, 22)] + [care(100, 99_999_900)])
    costs = {row.segment: row for row in held.costs}
    assert (costs["CS4"].people, costs["CS4"].cost, costs["CS4"].per_head) == (20, Decimal(26000), Decimal(1300))
    assert (costs["CS5"].people, costs["CS5"].cost, costs["CS5"].per_head) == (None, None, None)
    assert (held.cost, costs["CS4"].share) == (Decimal(26000), Decimal(1))


def test_a_point_of_the_cost_curve_with_few_people_before_it_is_left_out() -> None:
    """Of 100 people, 1 and 2 and 5 per cent are few; 10 are not, and 15 are few more than 10, but 20 are not."""
    held = glance(people(100), [care(person, 10_000_000 if person <= 10 else 0) for person in range(1, 101)])
    assert [str(point.people_share) for point in held.curve][:3] == ["0.10", "0.20", "0.30"]
    assert held.curve[0].cost_share == 1
    assert [str(point.people_share) for point in held.costliest] == ["0.10", "0.20"]


def test_what_is_shown_does_not_tell_one_small_number_from_another() -> None:
    """Whether one or seven of these people live in a care home, or have an illness: every figure is the same."""
    shown = []
    for few in (1, 7):
        need = [*people(few, care_home=True), *people(50 - few, first=1 + few)]
        ill = [{"person": person, "condition": "hf", "start": date(2020, 1, 1)} for person in range(1, few + 1)]
        shown.append(glance(need, conditions=ill))
    assert shown[0] == shown[1]
    assert shown[0].measures["in_care_homes"].people is None
    assert shown[0].conditions == ()


def test_conditions_come_by_how_many_have_them_then_by_name() -> None:
    counts = {"hf": 10, "copd": 30, "asthma": 10}
    held = [
        {"person": person, "condition": code, "start": date(2020, 1, 1)}
        for code, count in counts.items()
        for person in range(1, count + 1)
    ]
    found = glance(people(40), conditions=held).conditions
    assert [(part.label, part.people, part.share) for part in found] == [
        ("Chronic obstructive pulmonary disease", 30, Decimal("0.750")),
        ("Asthma", 10, Decimal("0.250")),
        ("Heart failure", 10, Decimal("0.250")),
    ]


def admitted(fifth: int, age: int, number: int, admissions: int) -> Row:
    return {"fifth": fifth, "sex": "F", "age_from": age, "people": number, "admissions": admissions}


def test_admissions_are_standardised_to_the_people_of_the_place() -> None:
    """Young people are admitted at 10 and 40 per 1,000 in the fifths, old ones at 100 and 200.

    The standard is 3,000 young and 3,000 old people, so the rates are 55 and 120 however old each fifth is.
    """
    rows = [
        admitted(5, 20, 2000, 20),
        admitted(5, 70, 1000, 100),
        admitted(1, 20, 1000, 40),
        admitted(1, 70, 2000, 400),
    ]
    held = admissions_gradient(rows, RULE)
    assert held is not None
    rates = [fifth.standardised for fifth in held.fifths]
    assert [rate.value if rate else None for rate in rates] == [120, None, None, None, 55]
    assert held.ratio is not None
    # 120 / 55 = 2.18.
    assert held.ratio.value == Decimal("2.18")
    assert held.ratio.lower < held.ratio.value < held.ratio.upper
    assert (held.fifths[0].people, held.fifths[0].admissions) == (3000, 440)


def test_a_fifth_in_which_few_were_admitted_has_no_rate() -> None:
    held = admissions_gradient([admitted(1, 20, 1000, 7), admitted(5, 20, 1000, 8)], RULE)
    assert held is not None
    assert (held.fifths[0].admissions, held.fifths[0].standardised, held.ratio) == (None, None, None)
    assert held.fifths[4].standardised is not None


def test_without_anybody_there_is_no_gradient() -> None:
    assert admissions_gradient([], RULE) is None


@pytest.mark.parametrize("count", [lambda: glance([]), lambda: glance(people(3, practice_code="Z99999"))])
def test_a_place_without_anybody_has_noughts_and_no_error(count: Callable[[], PopulationAtAGlance]) -> None:
    held = count()
    assert (held.people, held.cost, held.cost_per_head, held.gradient, held.curve) == (0, 0, None, None, ())
