"""A record of a few rows, and what a table function makes of it, for tests of need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir
import yaml

from commonweal.core.engine import duckdb_engine
from commonweal.core.parameters import Parameters, library, read_parameters
from commonweal.core.tables import arrow_table
from commonweal.people.record import TABLES

ON = date(2025, 4, 1)
Row = Mapping[str, Any]
STAY = {"source_name": "synthetic", "pod_l1": "secondary", "pod_l2a": "ip", "pod_l2b": "emergency"}


def record(**rows: Sequence[Row]) -> dict[str, ir.Table]:
    """The record's tables with the rows given; the others are empty."""
    return {name: ibis.memtable(arrow_table(name, rows.get(name, ()))) for name in TABLES}


def table(name: str, rows: Sequence[Row]) -> ir.Table:
    """A defined table with the rows given."""
    return ibis.memtable(arrow_table(name, rows))


def registered(*people: int, practice: str = "A81001") -> dict[str, list[Row]]:
    """Persons and their open registrations."""
    return {
        "persons": [{"person": person, "sex": "F", "birth_month": date(1960, 1, 1)} for person in people],
        "registrations": [
            {"person": person, "practice_code": practice, "start": date(2010, 1, 1)} for person in people
        ],
    }


def stay(person: int, codes: str, arrived: date = date(2025, 1, 10), **others: Any) -> Row:
    """An emergency admission with diagnoses."""
    return {**STAY, "person": person, "arr_date": arrived, "diag_codes": codes, **others}


def diagnosed(codes_of: Mapping[int, Sequence[str]], day: date = date(2025, 1, 10)) -> ir.Table:
    """Diagnoses as `diagnoses` gives them."""
    rows = [(person, code, day) for person, codes in codes_of.items() for code in codes]
    return ibis.memtable(rows, schema={"person": "int64", "code": "string", "arr_date": "date"})


def rows_of(table: ir.Table) -> list[dict[str, Any]]:
    """The rows of a table on DuckDB, in order of person where it has one."""
    rows: list[dict[str, Any]] = duckdb_engine().to_pyarrow(table).to_pylist()
    return sorted(rows, key=lambda row: str(row.get("person", "")).zfill(20))


def by_person(table: ir.Table, column: str) -> dict[int, Any]:
    """A column by person."""
    return {row["person"]: row[column] for row in rows_of(table)}


def with_value(name: str, value: Any) -> Parameters:
    """The library's parameters with another value of one of them."""
    held = library()[name]
    text = {
        name: {
            "label": held.label,
            "meaning": held.meaning,
            "unit": held.unit,
            "values": {date(2014, 4, 1): {"value": value, "status": "illustrative", "source": {"title": "A test"}}},
        }
    }
    return Parameters({**{key: library()[key] for key in library()}, **read_parameters(yaml.safe_dump(text), "test")})
