"""Do the sums of cost, and the cells that weights are learned from, come out the same on DuckDB and Spark?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import pytest

from commonweal.core.parameters import library
from commonweal.need import cost_on_need_cells
from commonweal.need.cost_on_need_cells import cost_cells, days_registered, people_cells, weighed_people
from commonweal.need.person_need import person_need
from commonweal.people import care_cost
from commonweal.people.care_cost import (
    care_between,
    cost_by_person,
    monthly_cost,
    service_line_points,
    with_service_line,
)

pytestmark = pytest.mark.java

Tables = Mapping[str, ir.Table]
START, END = date(2025, 4, 1), date(2026, 4, 1)
GROUPS = {"community": ("community", "adult_social_care"), "general_and_acute": ("acute_emergency", "outpatients")}
PERIOD: dict[str, Any] = {"start": START, "end": END}


def need(tables: Tables) -> ir.Table:
    return person_need(tables, on=START, parameters=library())


TABLE_FUNCTIONS: Mapping[str, Callable[[Tables], ir.Table]] = {
    "service_line_points": lambda t: service_line_points(library(), on=START),
    "with_service_line": lambda t: with_service_line(t["activity"], library(), on=START),
    "care_between": lambda t: care_between(t["activity"], **PERIOD),
    "monthly_cost": lambda t: monthly_cost(t["activity"], need(t), **PERIOD, parameters=library()),
    "cost_by_person": lambda t: cost_by_person(t["activity"], GROUPS, **PERIOD, parameters=library()),
    "weighed_people": lambda t: weighed_people(need(t), library(), on=START),
    "people_cells": lambda t: people_cells(weighed_people(need(t), library(), on=START)),
    "days_registered": lambda t: days_registered(t["registrations"], t["persons"], **PERIOD),
    "cost_cells": lambda t: cost_cells(t, need(t), GROUPS, **PERIOD, parameters=library()),
}


def care(person: int, day: date, pod: tuple[str, str | None, str | None], pence: int | None) -> dict[str, Any]:
    names = ("pod_l1", "pod_l2a", "pod_l2b")
    row = {
        "person": person,
        "source_name": "synthetic",
        "arr_date": day,
        "practice_code": "A81001",
        "cost_pence": pence,
    }
    return row | dict(zip(names, pod, strict=True))


@pytest.fixture(scope="module")
def small(written: Callable[..., Path]) -> Path:
    """People of both sexes and several ages, one who died, one who moved, one whose age is not known; care and none."""
    people = (
        {"person": 1, "sex": "F", "birth_month": date(1950, 3, 1)},
        {"person": 2, "sex": "M", "birth_month": date(1999, 4, 1)},
        {"person": 3, "sex": "M", "birth_month": None},
        {"person": 4, "sex": None, "birth_month": date(1940, 1, 1), "death_date": date(2025, 6, 30)},
    )
    return written(
        {
            "persons": people,
            "registrations": [
                {"person": p, "practice_code": f"A8100{p % 2 + 1}", "start": date(2020, 1, 1), "end": end}
                for p, end in ((1, None), (2, date(2025, 10, 1)), (3, None), (4, None))
            ],
            "attributes": [
                {"person": 1, "attribute_period": date(2024, 1, 1), "imd_decile": 1, "nh_rh": True},
                {"person": 2, "attribute_period": date(2024, 1, 1), "imd_decile": 10},
            ],
            "conditions": [{"person": 1, "condition": "dementia", "start": date(2020, 1, 1)}],
            "activity": [
                care(1, date(2025, 4, 1), ("secondary", "ip", "emergency"), 412_345),
                care(1, date(2025, 5, 9), ("community", None, None), 8_400),
                care(1, date(2025, 5, 1), ("social_care", "residential", None), 452_387),
                care(2, date(2025, 9, 30), ("secondary", "op", "first"), 15_000),
                care(2, date(2026, 4, 1), ("secondary", "op", "first"), 15_000),
                care(3, date(2025, 7, 7), ("999", None, None), None),
                care(4, date(2025, 6, 1), ("community", None, "of a kind nobody knows"), 1),
            ],
        }
    )


@pytest.mark.parametrize("name", TABLE_FUNCTIONS)
def test_a_table_function_gives_the_same_rows_on_both_engines(name: str, small: Path, same_rows: Callable[..., None]):
    same_rows(TABLE_FUNCTIONS[name], small)


def test_every_table_function_is_compared(each_is_compared):
    each_is_compared([care_cost, cost_on_need_cells], TABLE_FUNCTIONS)
