"""How are all parts of the people put together into one record, and what was found on the way?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from commonweal.core.errors import InputError
from commonweal.core.periods import months_later
from commonweal.core.tables import definitions
from commonweal.people.loading.crossed import flow_months, months_again, reported_activity
from commonweal.people.loading.file_rows import CARE, MONTHS, REGISTRATIONS, FileRows, Task
from commonweal.people.loading.loaded import Loaded
from commonweal.people.loading.months import last_months
from commonweal.people.loading.parts import Everywhere, PartWritten, kept_rows, write_part
from commonweal.people.loading.rules import ASIDE, Counted, counted
from commonweal.people.record import ACTIVITY, ROWS_TOGETHER, TABLES, Record, publish_record

RECORD_ITSELF = "the record"
ROWS_AT_ONCE = 200_000


@dataclass(frozen=True, slots=True)
class Assembled:
    """A record in the working folder.

    counts     what rows held against one another were found to be
    aside      rows set aside so, by number of file
    replaced   rows of the old record that a month sent again took the place of
    start, end, attributes_to   the days that activity is held for, and the first day after the last month of attributes
    """

    task: Task
    old: Record | None
    parts: tuple[PartWritten, ...]
    counts: tuple[Counted, ...]
    aside: Mapping[int, int]
    replaced: int
    start: date
    end: date
    attributes_to: date | None

    def judged(self, numbers: Sequence[int]) -> list[ir.Table]:
        """The flagged rows of some files, part by part."""
        read = self.task.engine.read_parquet
        tables = [read(str(path)) for part in self.parts for path, _ in part.flags.values()]
        return [table.filter(table.file.isin(list(numbers))) for table in tables]

    def publish(self, place: Path, digest: str, loaded: Loaded) -> Record:
        """The record, whole, as the place's current one."""
        rows = {name: sum(_rows(part.tables[name]) for part in self.parts) for name in TABLES}
        facts = {
            "rows": rows,
            "attributes_to": self.attributes_to.isoformat() if self.attributes_to else None,
            "added_to": self.old.path.name if self.old else None,
            "files": [{"name": f.name, "shape": f.shape, "rows": f.rows, "set_aside": f.aside} for f in loaded.files],
            "rules": {f"{c.file}: {c.rule}": c.rows for c in loaded.counts},
        }
        return publish_record(place, digest, self._write, start=self.start, end=self.end, synthetic=False, facts=facts)

    def _write(self, folder: Path) -> None:
        for name in TABLES:
            schema = definitions()[name].schema.to_pyarrow()
            if name == ACTIVITY:
                for n, part in enumerate(self.parts):
                    _copy([part.tables[name]], folder / ACTIVITY / f"part-{n:05d}.parquet", schema)
            else:
                _copy([part.tables[name] for part in self.parts], folder / f"{name}.parquet", schema)


def _copy(paths: Sequence[Path], to: Path, schema: pa.Schema) -> None:
    """Parquet files one after the other as one, a row group at a time."""
    with pq.ParquetWriter(to, schema, compression="zstd") as writer:
        for path in paths:
            for batch in pq.ParquetFile(path).iter_batches(ROWS_AT_ONCE):
                writer.write_table(pa.Table.from_batches([batch]).cast(schema), row_group_size=ROWS_TOGETHER)


def _rows(path: Path) -> int:
    return int(pq.read_metadata(path).num_rows)


def assembled(
    task: Task,
    old: Record | None,
    conditions: Sequence[str],
    files: Sequence[FileRows],
    *,
    progress: Callable[[str, float], None],
) -> Assembled:
    """Every part of the new record, in the working folder.

    Takes    old: the record that is added to; conditions: those that the load's attributes speak of.
    Raises   InputError when nothing says which days the record is of.
    """
    everywhere = _everywhere(task, old, conditions)
    parts = []
    for n in range(task.parts):
        progress(f"Putting the record together, part {n + 1} of {task.parts}", 0.6 + 0.35 * n / task.parts)
        parts.append(write_part(n, everywhere, task))
    counts = [c for part in parts for c in _counts(part, {file.number: file for file in files}, task)]
    aside = _aside(parts, task)
    start, end = _period(task, old)
    months = kept_rows(MONTHS, task)
    last = months.attribute_period.max().to_pyarrow().as_py()
    known = [day for day in (everywhere.known_to, months_later(last, 1) if last else None) if day]
    replaced = int(everywhere.again.aggregate(n=everywhere.again["rows"].sum()).to_pyarrow()["n"][0].as_py() or 0)
    attributes_to = max(known) if known else None
    return Assembled(task, old, tuple(parts), tuple(counts), aside, replaced, start, end, attributes_to)


def _everywhere(task: Task, old: Record | None, conditions: Sequence[str]) -> Everywhere:
    engine = task.engine
    if old is None:
        empty = {name: definitions()[name].schema for name in TABLES}
        tables = {n: engine.create_table(ibis.util.gen_name(n), schema=s, temp=True) for n, s in empty.items()}
        known_to = None
    else:
        tables = old.tables(engine)
        said = old.manifest.get("attributes_to")
        known_to = date.fromisoformat(said) if said else None
    share = float(task.parameters["loading_resubmission_share"].on(task.on).number())
    latest = _held(flow_months(kept_rows(CARE, task)), task)
    again = months_again(latest, flow_months(reported_activity(tables["activity"])), share=share)
    last = _held(last_months(kept_rows(MONTHS, task)), task)
    registered = (tables["registrations"], kept_rows(REGISTRATIONS, task), last)
    any_ = any(int(t.limit(1).count().to_pyarrow().as_py()) for t in registered)
    return Everywhere(tables, known_to, latest, _held(again, task), last, tuple(conditions_of(conditions)), any_)


def conditions_of(columns: Sequence[str]) -> list[str]:
    """Those of the columns of attributes that flag a condition of the record."""
    attributes = set(definitions()["attributes"].schema)
    flags = [c.name for c in definitions()["flow_attributes"] if c.type == "boolean" and c.name not in attributes]
    return [name for name in flags if name in set(columns)]


def _held(table: ir.Table, task: Task) -> ir.Table:
    return task.engine.create_table(ibis.util.gen_name("held"), table, temp=True)


def _counts(part: PartWritten, files: Mapping[int, FileRows], task: Task) -> list[Counted]:
    """What was found in a part, file by file."""
    found = []
    for path, flags in part.flags.values():
        table = task.engine.read_parquet(str(path), table_name=ibis.util.gen_name("judged"))
        numbers = table.select("file").distinct().order_by("file").to_pyarrow()["file"].to_pylist()
        for number in numbers:
            mine = table.filter(table.file.isnull() if number is None else table.file == number)
            name, months = RECORD_ITSELF, False
            if number is not None:
                name, months = files[number].file, files[number].shape.shape == "social_care"
            found += counted(mine, flags, file=name, most=task.rows_named, in_months=months)
    return found


def _aside(parts: Sequence[PartWritten], task: Task) -> dict[int, int]:
    aside: dict[int, int] = {}
    for part in parts:
        for path, _ in part.flags.values():
            table = task.engine.read_parquet(str(path), table_name=ibis.util.gen_name("judged"))
            # A service of many months is one row of its file.
            lost = table.filter(table[ASIDE].notnull()).group_by("file").aggregate(rows=table.row.nunique())
            for held in lost.to_pyarrow().to_pylist():
                aside[held["file"]] = aside.get(held["file"], 0) + held["rows"]
    return aside


def _period(task: Task, old: Record | None) -> tuple[date, date]:
    """The days that activity is held for: as asked for, else the months that the rows lie in, with the record's."""
    care, months, spells = (kept_rows(kind, task) for kind in (CARE, MONTHS, REGISTRATIONS))
    days: list[date | None] = []
    for column in (care.reported, months.attribute_period):
        days_of = column.name("day").as_table()
        found = days_of.aggregate(a=days_of.day.min(), z=days_of.day.max()).to_pyarrow().to_pylist()[0]
        days += [found["a"], found["z"]]
        if found["a"] is not None:
            break
    held = [day for day in days if day is not None]
    start, end = (min(held).replace(day=1), months_later(max(held).replace(day=1), 1)) if held else (None, None)
    start, end = task.start or start, task.end or end
    if old is not None:
        start, end = min(start or old.start, old.start), max(end or old.end, old.end)
    if start is None or end is None:
        first = spells.start.max().to_pyarrow().as_py()
        if first is None:
            raise InputError(
                "No row that can be used says which days the record is of.",
                mend="Load the files together with activity, attributes or registrations, or give --from and --to.",
            )
        start, end = start or first.replace(day=1), end or months_later(first.replace(day=1), 1)
    return start, end
