"""How is one part of the people put together: what the record held, what the files add, and what is set aside of it?

A part holds the people whose pseudonyms lie in one stretch, so that it fits in memory whatever the size of the
record, and the parts follow one another in order of person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import ibis
import ibis.expr.types as ir

from commonweal.core.tables import conformed, definitions
from commonweal.people.loading.crossed import (
    crossed_flags,
    judged,
    kept_activity,
    reported_activity,
    stays,
)
from commonweal.people.loading.file_rows import CARE, FACTS, MONTHS, PERSONS, PSEUDONYM_BITS, REGISTRATIONS, Task
from commonweal.people.loading.months import (
    attributes_with_new,
    flagged_spells,
    month_covered,
    registered_months,
)
from commonweal.people.loading.persons import FACTS as FACT_COLUMNS
from commonweal.people.loading.persons import facts_of_record, known_persons
from commonweal.people.loading.rules import ASIDE, Flag, flagged
from commonweal.people.loading.spells import one_at_a_time, spells_with_new

ROW = {"file": "int32", "row": "int64"}
SCHEMAS: Mapping[str, ibis.Schema] = {
    CARE: ibis.schema(
        {**ROW, "reported": "date", "submission": "string", "episode_order": "int16",
         **dict(definitions()["activity"].schema), "stay": "int64"}
    ),
    MONTHS: ibis.schema(
        {**ROW, "person": "int64", "attribute_period": "date",
         **{c.name: c.type for c in definitions()["flow_attributes"]
            if c.name not in ("nhs_number", "person_id", "given_name", "family_name", "birth_date", "address",
                              "postcode", "sex", "ethnicity", "death_date", "attribute_period", "age")}}
    ),
    REGISTRATIONS: ibis.schema(
        {**ROW, "person": "int64", "practice_code": "string", "start": "date", "end": "date"}
    ),
    PERSONS: ibis.schema({"person": "int64"}),
    FACTS: FACT_COLUMNS,
}  # fmt: skip
JUDGED = "judged"
_ = ibis._


@dataclass(frozen=True, slots=True)
class Everywhere:
    """What is the same for every part, worked out before the first.

    old            the record's tables; empty ones where there is no record
    known_to       first day after those of which the record spoke; None for no record
    latest         rows and latest submission by flow, provider and month of the load
    again          months sent again
    last           last month that each practice sent
    conditions     conditions of which the load speaks
    any_registrations   whether record or load have any
    """

    old: Mapping[str, ir.Table]
    known_to: date | None
    latest: ir.Table
    again: ir.Table
    last: ir.Table
    conditions: Sequence[str]
    any_registrations: bool


def kept_rows(kind: str, task: Task, part: int | None = None) -> ir.Table:
    """What is kept of all files of a kind, in one part or in all."""
    where = f"part={part}" if part is not None else "part=*"
    schema = SCHEMAS[kind]
    found = sorted(path for folder in task.working.glob(f"{kind}-*") for path in folder.glob(f"{where}/*.parquet"))
    if not found:
        return task.engine.create_table(ibis.util.gen_name(kind), schema=schema, temp=True)
    read = task.engine.read_parquet(
        [str(path) for path in found], table_name=ibis.util.gen_name(kind), hive_partitioning=False
    )
    return read.select(**{name: read[name].cast(type_) for name, type_ in schema.items()})


def part_of(table: ir.Table, part: int, task: Task) -> ir.Table:
    """The rows of the record whose people are in a part."""
    held = (table.person.cast("float64") / 2.0**PSEUDONYM_BITS * task.parts).floor().cast("int32")
    return table.filter(ibis.least(held, task.parts - 1) == part)


@dataclass(frozen=True, slots=True)
class PartWritten:
    """The files of one part: each table of the record, and the flagged rows of months, registrations and care."""

    tables: Mapping[str, Path]
    flags: Mapping[str, tuple[Path, tuple[Flag, ...]]]


def write_part(part: int, everywhere: Everywhere, task: Task) -> PartWritten:
    """One part of the new record, written into the working folder.

    Returns  where its tables are, in order, and the flagged rows to be counted.
    """
    old = {name: part_of(table, part, task) for name, table in everywhere.old.items()}
    write = _Writer(part, task)
    months = write.flagged(MONTHS, *_one_a_month(kept_rows(MONTHS, task, part)))
    months = write.table("months", months)
    spells = write.flagged(
        REGISTRATIONS, *_registrations(months, kept_rows(REGISTRATIONS, task, part), old, everywhere)
    )
    registrations = write.record("registrations", spells)
    covered = month_covered(months)
    attributes = attributes_with_new(old["attributes"], months, covered, known_to=everywhere.known_to)
    attributes = write.record("attributes", attributes)
    conditions = write.record("conditions", _conditions(months, covered, old["conditions"], everywhere))
    facts = ibis.union(kept_rows(FACTS, task, part), facts_of_record(old["persons"]).cast(FACT_COLUMNS))
    everybody = write.table("everybody", known_persons(facts))
    listed = [t.select("person") for t in (registrations, kept_rows(PERSONS, task, part), old["persons"])]
    of_place = ibis.union(*listed, distinct=True)
    care = judged(kept_rows(CARE, task, part), everywhere.latest, everybody, registrations, of_place)
    flags = crossed_flags(
        care, practices=task.practices, any_registrations=everywhere.any_registrations,
        parameters=task.parameters, on=task.on,
    )  # fmt: skip
    good = write.flagged(CARE, care, flags)
    good = good.mutate(practice_code=ibis.coalesce(good.registered_with, good.practice_code))
    new = write.table("stays", stays(good))
    kept = kept_activity(reported_activity(old["activity"]), everywhere.again, new)
    activity = write.record("activity", conformed(new, "activity").union(conformed(kept, "activity")))
    named = [t.select("person") for t in (attributes, conditions, activity)]
    write.record("persons", everybody.semi_join(ibis.union(of_place, *named), "person"))
    return PartWritten(write.written, write.flags)


class _Writer:
    """Writes a part's tables into the working folder and hands them back read from there."""

    def __init__(self, part: int, task: Task) -> None:
        self.part, self.task = part, task
        self.written: dict[str, Path] = {}
        self.flags: dict[str, tuple[Path, tuple[Flag, ...]]] = {}

    def table(self, name: str, table: ir.Table) -> ir.Table:
        path = self.task.working / f"{name}-part-{self.part:05d}.parquet"
        self.task.engine.to_parquet(table, path, compression="snappy")
        return self.task.engine.read_parquet(str(path), table_name=ibis.util.gen_name(name))

    def record(self, name: str, table: ir.Table) -> ir.Table:
        """A table of the record in order: of its key, and of all else, so that equal rows give equal bytes."""
        definition = definitions()[name]
        held = conformed(table, name)
        order = dict.fromkeys([*definition.key, *definition.schema])
        if name == "activity":
            order = dict.fromkeys(["person", "arr_date", *order])
        read = self.table(f"record-{name}", held.order_by(*order))
        self.written[name] = self.task.working / f"record-{name}-part-{self.part:05d}.parquet"
        return read

    def flagged(self, kind: str, table: ir.Table, flags: Sequence[Flag]) -> ir.Table:
        read = self.table(f"{JUDGED}-{kind}", flagged(table, flags))
        self.flags[kind] = (self.task.working / f"{JUDGED}-{kind}-part-{self.part:05d}.parquet", tuple(flags))
        return read.filter(read[ASIDE].isnull())


def _one_a_month(months: ir.Table) -> tuple[ir.Table, list[Flag]]:
    """One row per person and month: of the last file, there the last row."""
    same = ibis.window(group_by=["person", "attribute_period"], order_by=[ibis.desc("file"), ibis.desc("row")])
    held = months.mutate(place=ibis.row_number().over(same))
    return held, [Flag("duplicate", "", held.place > 0, True)]


def _registrations(
    months: ir.Table, explicit: ir.Table, old: Mapping[str, ir.Table], everywhere: Everywhere
) -> tuple[ir.Table, list[Flag]]:
    """The registrations of a part, one at a time; those cut short; and rows of which nothing is left."""
    columns = ("person", "practice_code", "start", "end")
    # Of rows that say the same beginning the last counts that says an end.
    same = ibis.window(
        group_by=["person", "practice_code", "start"],
        order_by=[explicit.end.isnull(), ibis.desc("file"), ibis.desc("row")],
    )
    placed = explicit.mutate(place=ibis.row_number().over(same))
    told = placed.filter(placed.place == 0).drop("place")
    held = old["registrations"].select(*columns)
    held = held.anti_join(told, ["person", "practice_code", "start"]).union(told.select(*columns))
    # Spells that somebody wrote down count before spells read off months.
    by_month = months.anti_join(told, "person")
    new = registered_months(by_month, everywhere.last)
    covered = month_covered(by_month.filter(by_month.practice_code.notnull()))
    whole = one_at_a_time(spells_with_new(held, new, covered, of="practice_code", known_to=everywhere.known_to))
    rows = told.select("person", "practice_code", "start", "file", "row")
    both = whole.left_join(rows, ["person", "practice_code", "start"])
    both = both.select(*columns, "file", "row", "overlapped", "displaced", repeated=ibis.literal(False))
    no = ibis.literal(False)
    again = placed.filter(placed.place > 0).select(*columns, "file", "row", overlapped=no, displaced=no, repeated=~no)
    held = both.union(again.cast(both.schema()))
    return held, [
        Flag("duplicate", "", held.repeated, True),
        Flag("registrations-same-day", "", held.displaced, True),
        Flag("registrations-overlap", "", held.overlapped),
    ]


def _conditions(months: ir.Table, covered: ir.Table, old: ir.Table, everywhere: Everywhere) -> ir.Table:
    if not everywhere.conditions:
        return old
    spoken = old.filter(old.condition.isin(list(everywhere.conditions)))
    others = old.filter(~old.condition.isin(list(everywhere.conditions)))
    new = flagged_spells(months, conditions=everywhere.conditions)
    columns = ("person", "condition", "start", "end")
    whole = spells_with_new(spoken.select(*columns), new, covered, of="condition", known_to=everywhere.known_to)
    return whole.union(others.select(*columns).cast(whole.schema()))
