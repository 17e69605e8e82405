"""Do the table functions of inequality give the same rows on DuckDB and on Spark?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import pytest

from commonweal.core.parameters import library
from commonweal.need import inequality_counts as counts
from commonweal.need import inequality_people as people
from commonweal.need.inequality_people import BY

pytestmark = pytest.mark.java

Tables = Mapping[str, ir.Table]
P = library()
START, END = date(2025, 4, 1), date(2026, 4, 1)
NEIGHBOURHOODS = {"North": ["X90001"], "South": ["X90002"]}


def grouped(tables: Tables, by: str) -> ir.Table:
    """People of the period with their groups."""
    held = people.inequality_people(tables, start=START, end=END)
    return people.with_groups(held, by=by, parameters=P, on=START, neighbourhoods=NEIGHBOURHOODS)


def counted(code: str, by: str = "deprivation") -> Callable[[Tables], ir.Table]:
    """A measure counted by a grouping."""
    of = counts.measure(code, P, on=START)
    return lambda t: counts.inequality_counts(grouped(t, by), t["activity"], of=of)


def levels(tables: Tables) -> ir.Table:
    """A level of need counted by a grouping."""
    need = people.with_groups(tables["person_need"], by="core20", parameters=P, on=START)
    return counts.inequality_counts(need, tables["activity"], of=counts.measure("ongoing_need", P, on=START))


# One row each, so that a new table function is one line more.
TABLE_FUNCTIONS: Mapping[str, Callable[[Tables], ir.Table]] = {
    "inequality_people": lambda t: people.inequality_people(t, start=START, end=END),
    **{f"with_groups by {by}": lambda t, by=by: grouped(t, by) for by in BY},
    "inequality_counts of events": counted("emergency"),
    "inequality_counts of events by practice": counted("emergency", "practice"),
    "inequality_counts of deaths": counted("deaths"),
    "inequality_counts of cost": counted("cost", "ethnicity"),
    "inequality_counts of levels": levels,
}
NOT_OF_TABLES = {"measure", "measures"}


def small_rows() -> dict[str, list[dict[str, Any]]]:
    """Rows chosen to tell engines apart: nulls in every group, spells that overlap, deaths on the day of leaving."""
    return {
        "persons": [
            {"person": 1, "sex": "F", "birth_month": date(1950, 10, 1), "ethnicity": "A"},
            {"person": 2, "sex": "M", "birth_month": date(1990, 9, 1), "ethnicity": "H"},
            {"person": 3, "sex": "M", "birth_month": date(1930, 1, 1), "death_date": date(2025, 7, 1)},
            {"person": 4, "sex": "F", "birth_month": date(2025, 12, 1), "ethnicity": "Z"},
            {"person": 5, "sex": None, "birth_month": None, "ethnicity": None},
        ],
        "registrations": [
            {"person": 1, "practice_code": "X90001", "start": date(2000, 1, 1), "end": None},
            {"person": 2, "practice_code": "X90001", "start": date(2010, 1, 1), "end": None},
            {"person": 2, "practice_code": "X90002", "start": date(2025, 10, 1), "end": date(2026, 1, 1)},
            {"person": 3, "practice_code": "X90001", "start": date(2010, 1, 1), "end": date(2025, 7, 1)},
            {"person": 4, "practice_code": "X90002", "start": date(2025, 12, 10), "end": None},
            {"person": 5, "practice_code": "X90003", "start": date(2020, 1, 1), "end": None},
            {"person": 6, "practice_code": "X90003", "start": date(2020, 1, 1), "end": START},
        ],
        "attributes": [
            {"person": 1, "attribute_period": date(2020, 1, 1), "imd_decile": 1},
            {"person": 2, "attribute_period": date(2025, 10, 1), "imd_decile": 2},
            {"person": 2, "attribute_period": date(2026, 4, 1), "imd_decile": 7},
            {"person": 3, "attribute_period": date(2020, 1, 1), "imd_decile": 3},
            {"person": 4, "attribute_period": date(2025, 12, 1), "imd_decile": 10},
        ],
        "activity": [
            admission(1, 1, date(2025, 4, 1), 12_345),
            admission(1, 2, date(2026, 3, 31), 30_001),
            admission(2, 3, date(2025, 9, 30), 20_000),
            admission(2, 4, date(2025, 10, 1), None),
            admission(3, 5, date(2025, 7, 1), 40_000),
            admission(5, 6, date(2025, 8, 1), 1_000),
            admission(6, 7, date(2025, 8, 1), 1_000),
        ],
        "person_need": [
            {"person": 1, "practice_code": "X90001", "age": 75, "sex": "F", "imd_decile": 1, "level": 4},
            {"person": 2, "practice_code": "X90001", "age": 35, "sex": None, "imd_decile": 9, "level": 1},
            {"person": 3, "practice_code": "X90002", "age": None, "sex": "M", "imd_decile": None, "level": 3},
        ],
    }


def admission(person: int, row: int, arrived: date, cost: int | None) -> dict[str, Any]:
    """An emergency admission."""
    held = {"person": person, "source_name": "swd", "source_id": row, "pod_l1": "secondary", "pod_l2a": "ip"}
    return held | {"pod_l2b": "emergency", "arr_date": arrived, "cost_pence": cost}


@pytest.fixture(scope="module")
def small(written: Callable[..., Path]) -> Path:
    """Small tables written once as Parquet."""
    return written(small_rows())


@pytest.mark.parametrize("name", TABLE_FUNCTIONS)
def test_a_table_function_gives_the_same_rows_on_both_engines(name: str, small: Path, same_rows: Callable[..., None]):
    same_rows(TABLE_FUNCTIONS[name], small, places=9)


def test_every_table_function_is_compared(each_is_compared):
    each_is_compared([people, counts], TABLE_FUNCTIONS, but=NOT_OF_TABLES)
