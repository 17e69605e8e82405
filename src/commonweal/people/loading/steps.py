"""What are the steps of a loading: open, judge, assemble, tell, publish?"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import ibis
import ibis.expr.types as ir

from commonweal.core.findings import Finding
from commonweal.people.loading.activity_rows import COUNTED, counted_rows
from commonweal.people.loading.assembling import Assembled, assembled
from commonweal.people.loading.births import latest_birth
from commonweal.people.loading.file_rows import KIND_OF_SHAPE, RANK, FileRows, Task, file_rows
from commonweal.people.loading.identity import (
    Linking,
    has_names,
    identities,
    identity_held,
    identity_with,
    linking,
    own_keys_linked,
    publish_identity,
)
from commonweal.people.loading.keys import people_keys
from commonweal.people.loading.loaded import Loaded, LoadedFile
from commonweal.people.loading.mapping import Reading
from commonweal.people.loading.rules import errors, findings, together
from commonweal.people.loading.set_aside import file_digest, rows_set_aside, write_set_aside
from commonweal.people.loading.shapes import Recognised
from commonweal.people.loading.source import SourceFile, text_rows
from commonweal.people.loading.values import read_values
from commonweal.people.record import Record
from commonweal.place.folder import Place

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Opened:
    """One reading of one file, on the engine."""

    source: SourceFile
    digest: str
    raw: ir.Table
    values: ir.Table
    shape: Recognised


class Loading:
    """The steps of one loading, in order."""

    def __init__(self, place: Place, task: Task, old: Record | None, progress: Progress) -> None:
        self.place, self.task, self.old, self.progress = place, task, old, progress
        self.opened: list[Opened] = []
        self.more: list[Finding] = []
        self.rows: list[FileRows] = []
        self.linking: Linking | None = None
        self.identity: ir.Table | None = None
        self.assembled: Assembled | None = None

    def open(self, sources: Sequence[SourceFile], readings: Sequence[Sequence[Reading]]) -> None:
        """Every file as text and as values."""
        for n, (source, ways) in enumerate(zip(sources, readings, strict=True)):
            self.progress(f"Reading {source.name}", 0.3 * n / len(sources))
            raw, found = text_rows(self.task.engine, source, self.task.working)
            self.more += found
            digest = file_digest(source.path)
            for way in ways:
                cells = raw
                if way.counts.columns:
                    cells = counted_rows(raw, way.counts.columns, {h: f"c{n}" for n, h in enumerate(source.headings)})
                shape = _with_counts(way, len(source.headings))
                if way.counts.columns:
                    names = {f"c{len(source.headings) + n}": cells[c] for n, c in enumerate(COUNTED)}
                    cells = cells.mutate(**names)
                values = self._held(read_values(cells, shape, parameters=self.task.parameters))
                self.opened.append(Opened(source, digest, raw, values, shape))
                self.more += _not_read(source, shape)

    def _held(self, values: ir.Table) -> ir.Table:
        """Values written once: every step that follows reads a few of their columns."""
        path = self.task.working / f"values-{len(self.opened):04d}.parquet"
        self.task.engine.to_parquet(values, path, compression="snappy")
        return self.task.engine.read_parquet(str(path), table_name=ibis.util.gen_name("values"))

    def judge(self) -> None:
        """Whose rows they are and what is wrong with each by itself; linking where numbers are missing."""
        task, engine = self.task, self.task.engine
        numbers, own = people_keys(
            engine, [o.values for o in self.opened], task.working, key=task.key, parameters=task.parameters
        )
        held = identity_held(engine, self.place.path)
        named = [o.values for o in self.opened if has_names(list(o.shape.positions))]
        if named:
            self.progress("Linking people without an NHS number", 0.3)
            self.linking = linking(self.place.path, named, numbers, held, parameters=task.parameters)
        own = own_keys_linked(own, self.linking, task.working, engine)
        latest = latest_birth(
            [o.values for o in self.opened], end=task.end, record_end=self.old.end if self.old else None,
            parameters=task.parameters, on=task.on,
        )  # fmt: skip
        self.task = task = replace(_with_parts(task, self._rows_expected()), latest_birth=latest)
        for n, o in enumerate(self.opened):
            self.progress(f"Checking {o.source.name}", 0.35 + 0.25 * n / len(self.opened))
            self.rows.append(file_rows(o.values, o.shape, numbers, own, n, o.source.name, task))
        flagged = [engine.read_parquet(str(rows.flagged)) for rows in self.rows]
        # What a list of people says of who they are counts further than what care says.
        ranks = [RANK[KIND_OF_SHAPE[rows.shape.shape]] for rows in self.rows]
        most = len(ranks) * max(RANK.values())
        known = [identities(table, number=n + most - len(ranks) * ranks[n]) for n, table in enumerate(flagged)]
        self.identity = identity_with([*known, *([held] if held is not None else [])])

    def _rows_expected(self) -> int:
        new = sum(int(o.raw.count().to_pyarrow().as_py()) for o in self.opened)
        old = int(self.old.manifest.get("rows", {}).get("activity", 0)) if self.old else 0
        return new + old

    def assemble(self) -> None:
        """The new record, part by part, in the working folder."""
        conditions = sorted({c for o in self.opened for c in o.shape.positions if o.shape.shape == "attributes"})
        self.assembled = assembled(self.task, self.old, conditions, self.rows, progress=self.progress)

    def outcome(self, tolerate: int | None) -> Loaded:
        """What was found, before anything is published."""
        assert self.assembled is not None
        most = self.task.rows_named
        every = together([*(c for r in self.rows for c in r.counts), *self.assembled.counts], most=most)
        share = self.task.parameters["loading_tolerance"].on(date.max).number()
        rows = sum(r.rows for r in self.rows)
        if self.linking is not None:
            self.more += self.linking.findings
        files = tuple(self._loaded_file(r) for r in self.rows)
        return Loaded(
            files=files,
            counts=tuple(every),
            findings=findings(every, self.more),
            errors=errors(every),
            tolerated=int(rows * share) if tolerate is None else tolerate,
            replaced=self.assembled.replaced,
            holds={},
            set_aside=(),
            record=None,
        )

    def _loaded_file(self, rows: FileRows) -> LoadedFile:
        assert self.assembled is not None
        aside = rows.aside + self.assembled.aside.get(rows.number, 0)
        return LoadedFile(
            rows.file, rows.shape.name, rows.rows, rows.rows - aside, rows.mended, aside, len(rows.shape.not_read)
        )

    def publish(self, loaded: Loaded, mapping: Path | None) -> Loaded:
        """The record, then who its people are, then what is set aside."""
        assert self.assembled is not None
        assert self.identity is not None
        self.progress("Publishing the record", 0.95)
        record = self.assembled.publish(self.place.path, self._digest(mapping), loaded)
        engine = self.task.engine
        persons = engine.read_parquet(record.files("persons")).select("person")
        publish_identity(engine, self.place.path, self.identity.semi_join(persons, "person"))
        if self.linking is not None:
            self.linking.write(self.place.path)
        written = []
        for source in dict.fromkeys(o.source for o in self.opened):
            mine = [n for n, o in enumerate(self.opened) if o.source == source]
            first = self.opened[mine[0]]
            tables = [engine.read_parquet(str(self.rows[n].flagged)) for n in mine] + self.assembled.judged(mine)
            path = write_set_aside(engine, self.place.path, source, first.digest, first.raw, rows_set_aside(tables))
            written += [path] if path else []
        holds = {name: int(rows) for name, rows in record.manifest["rows"].items()}
        return replace(loaded, holds=holds, set_aside=tuple(written), record=record)

    def _digest(self, mapping: Path | None) -> str:
        said = hashlib.sha256()
        for o in self.opened:
            said.update(f"{o.source.name} {o.digest}".encode())
        if mapping is not None:
            said.update(mapping.read_bytes())
        said.update(f"{self.old.path.name if self.old else ''} {self.task.start} {self.task.end}".encode())
        # The same files under another key are another record; the digest tells nothing of the key.
        said.update(hashlib.blake2b(b"record", key=self.task.key).digest())
        return said.hexdigest()[:16]


def _with_counts(way: Reading, width: int) -> Recognised:
    """The shape with the columns that counts give it standing after the file's own."""
    if not way.counts.columns:
        return way.recognised
    columns = set(way.recognised.definition.schema)
    places = {c: (width + n,) for n, c in enumerate(COUNTED) if c in columns}
    shape = way.recognised
    headings = {**shape.headings, **{c: c for c in places}}
    return replace(shape, positions={**shape.positions, **places}, headings=headings)


def _with_parts(task: Task, rows: int) -> Task:
    size = int(task.parameters["loading_rows_in_a_part"].on(date.max).number())
    return replace(task, parts=max(1, -(-rows // size)))


def _not_read(source: SourceFile, shape: Recognised) -> list[Finding]:
    if not shape.not_read or shape.key_space:
        return []
    shown = ", ".join(shape.not_read[:8]) + (", ..." if len(shape.not_read) > 8 else "")
    message = f"{len(shape.not_read)} columns are not of the shape {shape.name} and are not read: {shown}."
    return [Finding("note", "column-not-read", source.name, None, "", message, "Name them in a --mapping, if need be.")]
