"""Where does a place keep its linked record, and what does it hold?

`records/` in a place's folder holds one folder of Parquet files for each record, published whole like a store, and a
pointer to the current one. Tables are those of tables/people.yaml; `activity` is in parts, in order of person and day,
so that one person's rows lie together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
from ibis.backends import BaseBackend

from commonweal.core.store import POINTER, current_store, publish_folder

RECORDS = "records"
TABLES = ("persons", "registrations", "attributes", "conditions", "activity")
ACTIVITY = "activity"
# Rows that are read together: with fewer, finding one person costs more than reading; with more, the other way round.
ROWS_TOGETHER = 100_000


@dataclass(frozen=True, slots=True)
class Record:
    """A place's current record: where it lies and what its manifest says."""

    path: Path
    manifest: Mapping[str, Any]

    @property
    def start(self) -> date:
        """The first day that activity is held for."""
        return date.fromisoformat(self.manifest["start"])

    @property
    def end(self) -> date:
        """The first day after those that activity is held for."""
        return date.fromisoformat(self.manifest["end"])

    @property
    def synthetic(self) -> bool:
        """Whether its people are made up."""
        return bool(self.manifest["synthetic"])

    def files(self, table: str) -> str:
        """The Parquet files of a table, as a path that every engine reads: one file, or a pattern of parts."""
        return str(self.path / ACTIVITY / "*.parquet") if table == ACTIVITY else str(self.path / f"{table}.parquet")

    def tables(self, engine: BaseBackend) -> dict[str, ir.Table]:
        """The record's tables on an engine, read when they are asked."""
        return {name: engine.read_parquet(self.files(name), table_name=ibis.util.gen_name(name)) for name in TABLES}


def has_record(place: Path) -> bool:
    """Whether a place has a record."""
    return (place / RECORDS / POINTER).is_file()


def read_record(place: Path) -> Record:
    """A place's current record.

    Raises   NotAPlace when it has none.
    """
    held = current_store(
        place / RECORDS,
        missing="The place has no record of its people yet.",
        mend="Run: commonweal people load DIR FILE..., or: commonweal people synthesise DIR",
    )
    return Record(held.path, held.manifest)


def publish_record(
    place: Path,
    digest: str,
    write: Callable[[Path], None],
    *,
    start: date,
    end: date,
    synthetic: bool,
    facts: Mapping[str, Any],
) -> Record:
    """Write a record under a hidden name and make it the place's current one in one step.

    Takes    digest: of all that the record is made from, so that the same input has the same name; write: writes every
             table into the folder it is given, activity as `activity/part-00000.parquet` and on; start, end: the days
             that activity is held for, the last not included; facts: what else the manifest says.
    Returns  the record. On any failure the last good one stays.
    """

    def fill(folder: Path) -> Mapping[str, Any]:
        (folder / ACTIVITY).mkdir()
        write(folder)
        said = {"start": start.isoformat(), "end": end.isoformat(), "synthetic": synthetic}
        return {"record": digest, **said, **facts}

    held = publish_folder(place / RECORDS, f"record-{digest}", fill)
    return Record(held.path, held.manifest)
