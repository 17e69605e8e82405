"""Do the table functions of calibration give the same rows on DuckDB and on Spark?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import pytest

from commonweal.people.synthesis import calibration_tables, risk_check
from commonweal.people.synthesis.calibration_tables import (
    care_by_age_sex_deprivation,
    care_by_person,
    care_by_segment,
    costs_of_the_costliest,
    deaths_by_segment,
    people_by_segment,
    person_time,
    segment_changes,
    segment_on,
    staying,
)
from commonweal.people.synthesis.risk_check import history

pytestmark = pytest.mark.java

START, END, BEFORE = date(2025, 4, 1), date(2026, 4, 1), date(2024, 4, 1)
CUTS = (0.09, 0.69, 1.59, 2.95)
PLACES = 9

Tables = Mapping[str, ir.Table]


def time(t: Tables) -> ir.Table:
    return person_time(t["persons"], t["registrations"], t["attributes"], start=START, end=END)


def care(t: Tables) -> ir.Table:
    return care_by_person(t["activity"], start=START, end=END)


def segments(t: Tables, on: date = START) -> ir.Table:
    return segment_on(t["attributes"], on=on, cuts=CUTS)


def stayed(t: Tables) -> ir.Table:
    return staying(t["persons"], t["registrations"], start=BEFORE, end=START)


TABLE_FUNCTIONS: Mapping[str, Callable[[Tables], ir.Table]] = {
    "person_time": time,
    "care_by_person": care,
    "care_by_age_sex_deprivation": lambda t: care_by_age_sex_deprivation(time(t), care(t)),
    "segment_on": segments,
    "care_by_segment": lambda t: care_by_segment(time(t), care(t), segments(t), from_age=17),
    "people_by_segment": lambda t: people_by_segment(time(t), segments(t), from_age=17),
    "segment_changes": lambda t: segment_changes(segments(t, BEFORE), segments(t), stayed(t)),
    "deaths_by_segment": lambda t: deaths_by_segment(t["persons"], segments(t), start=START, end=END),
    "costs_of_the_costliest": lambda t: costs_of_the_costliest(time(t), care(t), shares=(0.1, 0.5), cost="cost_pence"),
    "staying": stayed,
    "history": lambda t: history(t, on=START, after=END, codes=("copd", "ht")),
}


def rows() -> dict[str, list[dict[str, Any]]]:
    """Ten people: null sexes and deprivation, the dead, movers, days on the bounds, ties of cost."""
    people = range(1, 11)
    persons = [
        {
            "person": n,
            "sex": (None, "F", "M")[n % 3],
            "birth_month": date(1930 + 9 * n, n, 1),
            "death_date": date(2025, 10, n) if n < 3 else None,
        }
        for n in people
    ]
    registrations = [{"person": n, "practice_code": "A81001", "start": date(2020, 1, n)} for n in people if n > 3]
    registrations += [
        {"person": n, "practice_code": "A81001", "start": START, "end": date(2025, 10, n + 1)} for n in (1, 2)
    ]
    registrations += [{"person": 3, "practice_code": "A81002", "start": BEFORE, "end": END}]
    attributes = [
        {
            "person": n,
            "attribute_period": day,
            "imd_decile": None if n == 5 else n,
            "cambridge_score": score * n / 10,
        }
        for n in people
        for day, score in ((BEFORE, 0.69), (START, 1.59))
    ]
    kinds = [
        ("secondary", "ip", "emergency"),
        ("secondary", "op", "first"),
        ("primary_care_contact", "gp", None),
        ("primary_care_prescription", None, None),
        ("social_care", "nursing", None),
    ]
    activity = [
        {
            "person": n,
            "source_name": "synthetic",
            "arr_date": day,
            "pod_l1": kinds[(n + k) % 5][0],
            "pod_l2a": kinds[(n + k) % 5][1],
            "pod_l2b": kinds[(n + k) % 5][2],
            "items": k or None,
            "cost_pence": 1_000 * (n % 4),
        }
        for n in people
        for k, day in enumerate((date(2024, 6, n), START, date(2025, 12, n), date(2026, 3, 31)))
    ]
    conditions = [{"person": n, "condition": ("copd", "ht")[n % 2], "start": date(2015, 1, n)} for n in people]
    return {
        "persons": persons,
        "registrations": registrations,
        "attributes": attributes,
        "activity": activity,
        "conditions": conditions,
    }


@pytest.fixture(scope="module")
def folder(written) -> Path:
    return written(rows())


@pytest.mark.parametrize("name", TABLE_FUNCTIONS)
def test_both_engines_give_the_same_rows(same_rows, folder, name):
    same_rows(TABLE_FUNCTIONS[name], folder, places=PLACES)


def test_every_table_function_is_compared(each_is_compared):
    each_is_compared([calibration_tables, risk_check], TABLE_FUNCTIONS, but=["discrimination"])
