"""What happened to one person, in order?

The table function says it for any engine. `read_timeline` gets the same rows from a record in milliseconds. To make the
statement from the table function, and to have it planned, takes longer than to run it; so both are done once for each
part of the record's activity. The record lies in order of person: the parts' own statistics, read once, say which part
holds a person, and those of its row groups let the engine pass over all but one.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from threading import Lock

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from commonweal.core.engine import duckdb_engine
from commonweal.core.errors import CommonwealError
from commonweal.core.tables import conformed, definitions
from commonweal.people.record import ACTIVITY, Record

TIMELINE = "timeline"
BETWEEN = "; "
# Stands for the person while the statement is made, and is taken out of it again.
SOMEBODY = 6_917_529_027_641_081_857
MEMORY = "512MB"
READERS_KEPT = 4
OTHERS = ("registrations", "conditions", "attributes")
SHAPE: pa.Schema = definitions()[TIMELINE].schema.to_pyarrow()
LEAST, MOST = -(2**63), 2**63 - 1

CIRCUMSTANCES = ("nh_rh", "housebound", "has_carer", "is_carer", "homeless", "pregnancy", "eol_plan", "opted_out")
VALUES = (
    "lsoa",
    "imd_decile",
    "smoking",
    "bmi",
    "polypharmacy_repeat",
    "polypharmacy_acute",
    "efi_category",
    "cambridge_score",
)
DETAILS = ("spec_l1a", "spec_l2a", "admimeth", "attend_code", "diag_codes", "items")


def timeline(
    activity: ir.Table, registrations: ir.Table, conditions: ir.Table, attributes: ir.Table, *, person: int
) -> ir.Table:
    """What happened to one person, in order of day.

    Takes    the record's tables; person: the pseudonym.
    Returns  table `timeline`, one row per event: each spell of registration, each spell of a condition, each month in
             which circumstances changed with what held from then on, and each row of activity. `end` is the first day
             after. `timeline_words` puts it into words.
    Raises   nothing; a person who is not in the record has no rows.
    """
    parts = (
        _registered(registrations.filter(registrations.person == person)),
        _had(conditions.filter(conditions.person == person)),
        _lived(attributes.filter(attributes.person == person)),
        _cared_for(activity.filter(activity.person == person)),
    )
    events = ibis.union(*(conformed(part, TIMELINE) for part in parts))
    return events.order_by("start", "kind", "what", "codes", "provider", "cost_pence", "end")


def _registered(spells: ir.Table) -> ir.Table:
    return spells.select(
        start=spells.start,
        end=spells.end,
        kind=ibis.literal("registration"),
        what=ibis.literal("registered"),
        codes=ibis.null("string"),
        provider=spells.practice_code,
        cost_pence=ibis.null("int64"),
    )


def _had(spells: ir.Table) -> ir.Table:
    return spells.select(
        start=spells.start,
        end=spells.end,
        kind=ibis.literal("condition"),
        what=spells.condition,
        codes=ibis.null("string"),
        provider=ibis.null("string"),
        cost_pence=ibis.null("int64"),
    )


def _lived(months: ir.Table) -> ir.Table:
    held = [months[name].ifelse(name, ibis.null("string")) for name in CIRCUMSTANCES]
    held += [_valued(months[name], name) for name in VALUES]
    return months.select(
        start=months.attribute_period,
        end=months.attribute_period.lead().over(order_by=months.attribute_period),
        kind=ibis.literal("circumstances"),
        what=ibis.literal("circumstances"),
        codes=ibis.literal(BETWEEN).join(held).nullif(""),
        provider=ibis.null("string"),
        cost_pence=ibis.null("int64"),
    )


def _cared_for(rows: ir.Table) -> ir.Table:
    return rows.select(
        start=rows.arr_date,
        end=_day_after(rows.dep_date.fill_null(rows.arr_date)),
        kind=ibis.literal("care"),
        what=ibis.literal("/").join([rows[name] for name in ("pod_l1", "pod_l2a", "pod_l2b")]),
        codes=ibis.literal(BETWEEN).join([_valued(rows[name], name) for name in DETAILS]).nullif(""),
        provider=rows.prov_code,
        cost_pence=rows.cost_pence,
    )


def _valued(column: ir.Column, name: str) -> ir.StringValue:
    # Two decimals, since engines write floats differently.
    shown = column.cast("decimal(9, 2)") if column.type().is_floating() else column
    return ibis.literal(f"{name} ").concat(shown.cast("string"))


def _day_after(day: ir.DateColumn) -> ir.DateColumn:
    # DuckDB makes a point in time of a day and an interval.
    return (day + ibis.interval(days=1)).cast("timestamp").cast("date")


def read_timeline(record: Record, person: int) -> pa.Table:
    """One person's timeline from a record, as table `timeline`; no rows for somebody who is not in it.

    Raises   CommonwealError when the record cannot be read; its text holds nothing of the person.
    """
    try:
        return _reader(record.path).read(person)
    except (duckdb.Error, OSError, pa.ArrowException) as problem:
        # The engine's text quotes the statement, and that holds the pseudonym.
        raise CommonwealError(
            f"The timeline could not be read ({type(problem).__name__}).",
            where=str(record.path),
            mend="Make the record again: commonweal people load, or commonweal people synthesise.",
        ) from None


class _Reader:
    """One record, which never changes once it is published: which part holds whom, and statements that are ready."""

    def __init__(self, path: Path) -> None:
        self._engine = duckdb_engine(threads=2, memory=MEMORY)
        self._engine.con.execute("SET parquet_metadata_cache = true")
        self._parts = [(*_first_and_last(part), str(part)) for part in sorted((path / ACTIVITY).glob("*.parquet"))]
        record = Record(path, {})
        self._others = {name: self._engine.read_parquet(record.files(name), table_name=name) for name in OTHERS}
        self._ready: dict[tuple[str, ...], str] = {}
        self._lock = Lock()

    def read(self, person: int) -> pa.Table:
        held = tuple(part for first, last, part in self._parts if first <= person <= last)
        with self._lock:
            if held not in self._ready:
                self._ready[held] = self._prepared(held, f"timeline_{len(self._ready)}")
            rows = self._engine.con.execute(f"EXECUTE {self._ready[held]}({int(person)})").fetchall()
        columns = zip(*rows, strict=True) if rows else [()] * len(SHAPE)
        return pa.table([pa.array(column, field.type) for column, field in zip(columns, SHAPE, strict=True)], SHAPE)

    def _prepared(self, parts: Sequence[str], name: str) -> str:
        if parts:
            activity = self._engine.read_parquet(list(parts), table_name=f"{name}_activity")
        else:
            schema = definitions()[ACTIVITY].schema
            activity = self._engine.create_table(f"{name}_activity", schema=schema, temp=True)
        statement = str(ibis.to_sql(timeline(activity, **self._others, person=SOMEBODY), dialect="duckdb"))
        self._engine.con.execute(f"PREPARE {name} AS {statement.replace(str(SOMEBODY), '$1')}")
        return name


def _first_and_last(part: Path) -> tuple[int, int]:
    """The least and the greatest pseudonym in a file; anybody may be in one without statistics."""
    held = pq.read_metadata(part)
    place = held.schema.names.index("person")
    found = [held.row_group(number).column(place).statistics for number in range(held.num_row_groups)]
    if not all(group is not None and group.has_min_max for group in found):
        return LEAST, MOST
    return min((group.min for group in found), default=MOST), max((group.max for group in found), default=LEAST)


@lru_cache(maxsize=READERS_KEPT)
def _reader(path: Path) -> _Reader:
    return _Reader(path)
