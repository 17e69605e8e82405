"""Does spend by service line come out the same on DuckDB and Spark?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pytest

from commonweal.contract.settlement import record_spend
from commonweal.contract.settlement.record_spend import line_spend
from commonweal.core.parameters import library

pytestmark = pytest.mark.java

Tables = Mapping[str, ir.Table]
START, END = date(2025, 4, 1), date(2026, 4, 1)
PRACTICES = ("A81001", "A81002")


def spend(tables: Tables) -> ir.Table:
    return line_spend(tables["activity"], start=START, end=END, practices=PRACTICES, parameters=library())


TABLE_FUNCTIONS: Mapping[str, Callable[[Tables], ir.Table]] = {
    "line_spend": spend,
}


@pytest.fixture(scope="module")
def small(written: Callable[..., Path]) -> Path:
    """Care of two lines and of none, without a cost, of another practice, and outside the year."""
    care = (
        ("A81001", date(2025, 4, 1), "ip", "emergency", 1_500_000),
        ("A81001", date(2025, 9, 9), "ip", "emergency", 25),
        ("A81002", date(2026, 3, 31), "ip", "elective", 300_000),
        ("A81002", date(2025, 6, 1), "ip", "elective", None),
        ("A81003", date(2025, 6, 1), "ip", "elective", 50),
        ("A81001", date(2026, 4, 1), "ip", "emergency", 7_777),
        ("A81001", date(2025, 6, 1), "nowhere", "emergency", 11),
    )
    return written({"persons": [], "registrations": [], "activity": [_row(*row) for row in care]})


def _row(practice: str, day: date, second: str, third: str, pence: int | None) -> dict[str, Any]:
    return {
        "person": 1,
        "source_name": "synthetic",
        "practice_code": practice,
        "arr_date": day,
        "pod_l1": "secondary",
        "pod_l2a": second,
        "pod_l2b": third,
        "cost_pence": pence,
    }


@pytest.mark.parametrize("name", TABLE_FUNCTIONS)
def test_the_rows_are_the_same_on_both_engines(name, small, same_rows):
    same_rows(TABLE_FUNCTIONS[name], small, places=9)


def test_every_table_function_of_settlement_is_here():
    public = {
        name
        for name, held in vars(record_spend).items()
        if callable(held)
        and getattr(held, "__module__", "") == record_spend.__name__
        and held.__annotations__.get("return") == "ir.Table"
    }
    assert public == set(TABLE_FUNCTIONS)


def test_spend_is_that_of_the_year_and_the_practices_by_line(small):
    con = ibis.duckdb.connect()
    activity = con.read_parquet(str(small / "activity.parquet"))
    rows = {row["service_line"]: row for row in spend({"activity": activity}).to_pyarrow().to_pylist()}
    assert {line: (row["pieces"], row["without_cost"], row["cost_pence"]) for line, row in rows.items()} == {
        "acute_emergency": (2, 0, 1_500_025),
        "acute_elective": (2, 1, 300_000),
        "": (1, 0, 11),
    }
