"""What came of a loading?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from commonweal.core.findings import Finding, counts
from commonweal.people.loading.rules import Counted
from commonweal.people.record import Record


@dataclass(frozen=True, slots=True)
class LoadedFile:
    """One reading of one file.

    rows       rows read
    kept       rows that the record was made from
    mended     of those, rows of which a cell was left blank or read otherwise
    aside      rows set aside
    """

    name: str
    shape: str
    rows: int
    kept: int
    mended: int
    aside: int
    columns_not_read: int


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was read, what was found, and what the record holds now.

    files         in the order given
    counts        rows by rule and file
    findings      the same in words, with what was found of whole files
    errors        rows in error; `tolerated`: how many are
    replaced      rows of the record that a month sent again took the place of
    holds         rows of each table of the new record; empty when nothing was published
    set_aside     where the rows set aside are
    record        None when nothing was published
    """

    files: tuple[LoadedFile, ...]
    counts: tuple[Counted, ...]
    findings: tuple[Finding, ...]
    errors: int
    tolerated: int
    replaced: int
    holds: Mapping[str, int]
    set_aside: tuple[Path, ...]
    record: Record | None


def loaded_record(loaded: Loaded) -> dict[str, Any]:
    """A loading as nested data."""
    record = loaded.record
    return {
        "published": record is not None,
        "record": str(record.path) if record else "",
        "from": _day(record.start if record else None),
        "to": _day(record.end if record else None),
        "holds": dict(loaded.holds),
        "files": loaded_rows(loaded),
        "errors": loaded.errors,
        "tolerated": loaded.tolerated,
        "replaced": loaded.replaced,
        "set_aside": [str(path) for path in loaded.set_aside],
        "findings": counts(loaded.findings),
        "rules": [
            {"rule": one.rule, "file": one.file, "column": one.column, "rows": one.rows, "aside": one.aside,
             "first_rows": list(one.first)}
            for one in loaded.counts
        ],
    }  # fmt: skip


def loaded_rows(loaded: Loaded) -> list[dict[str, Any]]:
    """One row per file and shape."""
    return [
        {
            "file": one.name,
            "shape": one.shape,
            "rows": one.rows,
            "kept": one.kept,
            "mended": one.mended,
            "aside": one.aside,
            "columns_not_read": one.columns_not_read,
        }
        for one in loaded.files
    ]


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
