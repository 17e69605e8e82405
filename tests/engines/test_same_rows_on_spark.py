"""Do the table functions of place give the same rows on DuckDB and on Spark?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import pyarrow.parquet as pq
import pytest

from commonweal.core.engine import duckdb_engine
from commonweal.core.parameters import library
from commonweal.place import practice_totals
from commonweal.place.checks.lists import need_sums, totals_recomputed
from commonweal.place.practice_totals import (
    list_size_by_day,
    list_size_by_practice,
    national_payment_totals,
    need_totals,
    payment_totals_of,
    payments_by_practice_and_line,
    people_paid_for,
    with_blanks_filled,
)
from commonweal.place.published.reading import read_published

pytestmark = pytest.mark.java

Tables = Mapping[str, ir.Table]
YEAR, COUNTED = "2022-23", date(2021, 1, 1)


def some(tables: Tables) -> ir.Table:
    """Some practices, as a table with practice_code."""
    counted = tables["list_counts"]
    return counted.filter(counted.practice_code.isin(["A81001", "A81002", "B82001"])).select("practice_code").distinct()


# One row each, so that a new table function is one line more.
TABLE_FUNCTIONS: Mapping[str, Callable[[Tables], ir.Table]] = {
    "list_size_by_practice": lambda t: list_size_by_practice(t["list_counts"], on=COUNTED),
    "list_size_by_day": lambda t: list_size_by_day(t["list_counts"], practices=some(t)),
    "payments_by_practice_and_line": lambda t: payments_by_practice_and_line(t["payment_lines"], some(t), year=YEAR),
    "national_payment_totals": lambda t: national_payment_totals(t["payment_lines"], year=YEAR),
    "payment_totals_of": lambda t: payment_totals_of(t["payment_lines"], some(t), year=YEAR),
    "people_paid_for": lambda t: people_paid_for(t["payment_practices"], year=YEAR),
    "with_blanks_filled": lambda t: with_blanks_filled(t["need_populations"], when_blank="1"),
    "need_totals": lambda t: need_totals(t["need_populations"], when_blank="1"),
    "need_sums": lambda t: need_sums(t["need_populations"]),
    "totals_recomputed": lambda t: totals_recomputed(t["payment_lines"], t["payment_totals"], library()),
}
NEEDED_TABLES = ("list_counts", "payment_lines", "payment_totals", "payment_practices", "need_populations")


def small_rows() -> dict[str, list[dict[str, Any]]]:
    """Rows chosen to tell engines apart: nulls, zeros, negative pence, two rows of one key, other years and days."""
    return {
        "list_counts": [
            {"practice_code": "A81001", "extract_date": COUNTED, "people": 4201},
            {"practice_code": "A81002", "extract_date": COUNTED, "people": 18999},
            {"practice_code": "A81002", "extract_date": date(2021, 4, 1), "people": 19020},
            {"practice_code": "C83001", "extract_date": COUNTED, "people": 7},
        ],
        "payment_lines": [
            {"practice_code": "A81001", "financial_year": YEAR, "payment_line": "global_sum", "amount": "400000.05"},
            {"practice_code": "A81001", "financial_year": YEAR, "payment_line": "global_sum", "amount": "-0.10"},
            {"practice_code": "A81001", "financial_year": YEAR, "payment_line": "qof", "amount": "0.00"},
            {"practice_code": "A81002", "financial_year": YEAR, "payment_line": "qof", "amount": "120000.99"},
            {"practice_code": "A81002", "financial_year": "2021-22", "payment_line": "qof", "amount": "99.99"},
            {"practice_code": "C83001", "financial_year": YEAR, "payment_line": "qof", "amount": "70000.01"},
        ],
        "payment_totals": [
            {"practice_code": code, "financial_year": YEAR, "payment_total": total, "amount": amount}
            for code, total, amount in (
                ("A81001", "total_less_deductions", "399999.95"),
                ("A81002", "total_with_covid", "120000.98"),
                ("D84001", "total_with_covid", "5.00"),
            )
        ],
        "payment_practices": [
            {
                "practice_code": "A81001",
                "financial_year": YEAR,
                "registered_people": "4200.25",
                "weighted_people": "4410.75",
            },
            {"practice_code": "A81002", "financial_year": YEAR, "registered_people": "19000", "weighted_people": None},
            {
                "practice_code": "A81002",
                "financial_year": "2021-22",
                "registered_people": "1",
                "weighted_people": "2",
            },
        ],
        "need_populations": [
            {"practice_code": "A81001", "registered_people": 4201, "projected_people": "4300.5", "community": "0"},
            {
                "practice_code": "A81002",
                "registered_people": None,
                "projected_people": None,
                "community": "17.123456789",
            },
        ],
    }


@pytest.fixture(scope="module")
def small(written: Callable[..., Path]) -> Path:
    """Small tables written once as Parquet."""
    return written(small_rows())


@pytest.fixture(scope="module")
def england(published_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """England's practices as published, read once and written as Parquet."""
    folder, practices = tmp_path_factory.mktemp("england"), published_data / "practices"
    files = ("need_weighted_populations_2022-23.csv", "gp_payments_2022-23.csv", "gp-reg-pat-prac-all_2021-01.csv")
    published = read_published(duckdb_engine(), [practices / name for name in files])
    for name in NEEDED_TABLES:
        pq.write_table(published.tables[name].to_pyarrow(), folder / f"{name}.parquet")
    return folder


@pytest.mark.parametrize("name", TABLE_FUNCTIONS)
def test_a_table_function_gives_the_same_rows_on_both_engines(name: str, small: Path, same_rows: Callable[..., None]):
    same_rows(TABLE_FUNCTIONS[name], small)


@pytest.mark.slow
@pytest.mark.published
@pytest.mark.parametrize("name", TABLE_FUNCTIONS)
def test_england_as_published_gives_the_same_rows_on_both_engines(
    name: str, england: Path, same_rows: Callable[..., None]
):
    same_rows(TABLE_FUNCTIONS[name], england)


def test_every_table_function_is_compared(each_is_compared):
    each_is_compared([practice_totals], TABLE_FUNCTIONS)
