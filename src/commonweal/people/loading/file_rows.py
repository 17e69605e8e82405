"""What do the rows of one file come to: whose they are, what each becomes, and which are set aside?

Each file is written into the working folder twice: once whole, with its flags, so that findings can be counted and rows
set aside be found again; and once as what is kept, in parts by person, so that a part fits in memory.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import ibis
import ibis.expr.types as ir
from ibis.backends import BaseBackend

from commonweal.core.parameters import Parameters
from commonweal.core.tables import definitions
from commonweal.people.loading.activity_rows import drafted
from commonweal.people.loading.births import death_before_birth, own_day, stated_birth, stated_death, years_old
from commonweal.people.loading.flags import (
    care_flags,
    month_flags,
    person_flags,
    person_row_flags,
    registration_flags,
)
from commonweal.people.loading.keys import number_state
from commonweal.people.loading.rules import AS_IT_IS, ASIDE, FLAG, RULES, Counted, Flag, counted, flagged
from commonweal.people.loading.shapes import IDENTIFYING, SOURCE_OF_SHAPE, Recognised
from commonweal.people.loading.social_care import service_months

CARE, MONTHS, PERSONS, REGISTRATIONS, FACTS = "care", "months", "persons", "registrations", "facts"
KIND_OF_SHAPE: Mapping[str, str] = {
    **dict.fromkeys(SOURCE_OF_SHAPE, CARE),
    "attributes": MONTHS,
    "persons": PERSONS,
    "registrations": REGISTRATIONS,
}
# Facts of a person: those told by the people's own file come first, then attributes, then what care says.
RANK = {PERSONS: 0, REGISTRATIONS: 0, MONTHS: 1, CARE: 2}
HASH_DIGITS = 15
PSEUDONYM_BITS = 63


@dataclass(frozen=True, slots=True)
class Task:
    """What all files of one loading have in common.

    latest_birth   the last day on which somebody can have been born; None when nothing says
    """

    engine: BaseBackend
    working: Path
    key: bytes
    practices: tuple[str, ...]
    parameters: Parameters
    start: date | None
    end: date | None
    parts: int
    rows_named: int
    on: date = date.max
    latest_birth: date | None = None

    def kept(self, kind: str, number: int) -> Path:
        """The folder of what is kept of a file, in parts."""
        return self.working / f"{kind}-{number:04d}"


@dataclass(frozen=True, slots=True)
class FileRows:
    """One reading of one file: how many rows it has, what was found, and where its flagged rows are.

    mended   rows kept with a cell left blank or read otherwise
    aside    rows set aside
    """

    number: int
    shape: Recognised
    file: str
    rows: int
    mended: int
    aside: int
    counts: tuple[Counted, ...]
    flagged: Path


def with_person(values: ir.Table, numbers: ir.Table, own: ir.Table, task: Task) -> ir.Table:
    """Rows with the person they are of.

    Takes    values: with number_text and own_text; numbers, own: key_text and person (and `linked`) by key.
    Returns  every row and column, state (of the number), person, by_own (known by the source's own key), linked.
    """
    # A number is judged once, however many rows it has.
    texts = values.select(state_key=values.number_text).filter(ibis._.state_key.notnull()).distinct()
    invalid = task.parameters["invalid_nhs_numbers"].on(task.on).value
    states = texts.mutate(state=number_state(texts.state_key, invalid=invalid))
    held = values.left_join(states, values.number_text == states.state_key).drop("state_key")
    numbers = numbers.select(number_key="key_text", number_person="person")
    own = own.select(own_key="key_text", own_person="person", own_linked="linked")
    joined = held.left_join(numbers, held.number_text == numbers.number_key)
    joined = joined.left_join(own, joined.own_text == own.own_key)
    return joined.mutate(
        person=ibis.coalesce(joined.number_person, joined.own_person),
        by_own=joined.number_person.isnull() & joined.own_person.notnull(),
        linked=joined.own_linked.fill_null(False),
    ).drop("number_key", "own_key", "number_person", "own_person", "own_linked")


def file_rows(
    values: ir.Table, shape: Recognised, numbers: ir.Table, own: ir.Table, number: int, file: str, task: Task
) -> FileRows:
    """One file's rows judged, counted and written into the working folder.

    Takes    values: as read_values() returns; number: the file's place among those loaded.
    """
    table = with_person(values, numbers, own, task)
    kind = KIND_OF_SHAPE[shape.shape]
    if kind == CARE:
        table = drafted(table, shape.shape, parameters=task.parameters, on=task.on)
    flags = [*person_flags(table, shape), *_flags(table, shape, kind, task)]
    part = (table.person.cast("float64") / 2.0**PSEUDONYM_BITS * task.parts).floor().cast("int32")
    marked = flagged(table.mutate(part=ibis.least(part, task.parts - 1), file=ibis.literal(number, "int32")), flags)
    path = task.working / f"flagged-{number:04d}.parquet"
    kept_columns = [c for c in marked.columns if not c.startswith(("bad_", "small_"))]
    task.engine.to_parquet(marked.select(kept_columns), path, compression="snappy")
    held = task.engine.read_parquet(str(path), table_name=ibis.util.gen_name("flagged"))
    counts = counted(held, flags, file=file, most=task.rows_named)
    good = held.filter(held[ASIDE].isnull())
    _write_kept(good, kind, shape, number, task)
    rows, mended, aside = _totals(held, flags)
    return FileRows(number, shape, file, rows, mended, aside, tuple(counts), path)


def _totals(held: ir.Table, flags: Sequence[Flag]) -> tuple[int, int, int]:
    """Rows, rows mended, rows set aside."""
    mending = [held[f"{FLAG}{n}"] for n, flag in enumerate(flags) if RULES[flag.rule].outcome not in AS_IT_IS]
    mended = ibis.or_(*mending) & held[ASIDE].isnull()
    found = held.aggregate(rows=held.count(), mended=mended.sum(), aside=held[ASIDE].notnull().sum())
    row = found.to_pyarrow().to_pylist()[0]
    return row["rows"], row["mended"] or 0, row["aside"] or 0


def _flags(table: ir.Table, shape: Recognised, kind: str, task: Task) -> list[Flag]:
    if kind == CARE:
        return care_flags(
            table, shape, start=task.start, end=task.end, latest=task.latest_birth,
            parameters=task.parameters, on=task.on,
        )  # fmt: skip
    make = {MONTHS: month_flags, PERSONS: person_row_flags, REGISTRATIONS: registration_flags}[kind]
    return make(table, shape, practices=task.practices, latest=task.latest_birth)


def _write_kept(good: ir.Table, kind: str, shape: Recognised, number: int, task: Task) -> None:
    if kind == CARE:
        _write(_care(good, shape, task), CARE, number, task)
    elif kind == MONTHS:
        named = definitions()["flow_attributes"].schema
        skipped = (*IDENTIFYING, "sex", "ethnicity", "death_date", "attribute_period", "age")
        month = good.attribute_period.truncate("M").cast("date")
        columns = [name for name in named if name not in skipped]
        _write(
            good.select("part", "file", "row", "person", attribute_period=month, **{c: good[c] for c in columns}),
            MONTHS,
            number,
            task,
        )
    elif kind == REGISTRATIONS:
        _write(
            good.select("part", "file", "row", "person", "practice_code", "start", "end"), REGISTRATIONS, number, task
        )
    elif kind == PERSONS:
        _write(good.select("part", "person").distinct(), PERSONS, number, task)
    # A list of registrations says nothing of people but that they are there.
    facts = person_facts(good, rank=RANK[kind], number=number, latest=task.latest_birth)
    _write(facts, FACTS, number, task)


def _write(table: ir.Table, kind: str, number: int, task: Task) -> None:
    folder = task.kept(kind, number)
    task.engine.to_parquet(table, folder, partition_by="part", compression="snappy")


def _care(good: ir.Table, shape: Recognised, task: Task) -> ir.Table:
    """Drafts with their identifiers as keyed hashes; services in months."""
    if shape.shape == "social_care":
        span = good.aggregate(a=good.arr_date.min(), z=ibis.greatest(good.arr_date.max(), good.dep_date.max()))
        held = span.to_pyarrow().to_pylist()[0]
        if held["a"] is not None:
            first, last = _clipped(held["a"], held["z"] or held["a"], task)
            good = service_months(good, first=first, last=last, parameters=task.parameters, on=task.on)
    secret = ibis.literal(hashlib.blake2b(b"source_id", key=task.key, digest_size=32).hexdigest() + " ")
    # Identifiers of the two files of mental health are not told apart by their flow.
    flow = good.source_name + (" stays " if shape.shape == "mental_health_stays" else " ")
    where = secret + flow + ibis.coalesce(good.prov_code, "") + " "
    whole = [
        "arr_date", "dep_date", "pod_l1", "pod_l2a", "pod_l2b", "spec_l1a", "spec_l2a", "admimeth", "attend_code",
        "practice_code", "diag_codes", "items", "cost_pence",
    ]  # fmt: skip
    everything = ibis.literal(" ").join([ibis.coalesce(good[name].cast("string"), "") for name in whole])
    own = ibis.coalesce(good.source_id, ibis.literal("row ") + everything)
    stay = ibis.coalesce(good.stay_id, good.person.cast("string") + " " + good.arr_date.cast("string"))
    record = [c for c in definitions()["activity"].schema if c != "source_id"]
    return good.select(
        "part", "file", "row", "reported", "submission", "episode_order", *record,
        source_id=_hash(where + own), stay=_hash(where + "stay " + stay),
    )  # fmt: skip


def _clipped(first: date, last: date, task: Task) -> tuple[date, date]:
    """The days between which months of services are made: the period asked for, where one is."""
    if task.start is not None:
        first = max(first, task.start)
    if task.end is not None:
        last = min(last, date.fromordinal(task.end.toordinal() - 1)) if last >= task.end else last
    return first, last


def _hash(text: ir.StringValue) -> ir.IntegerValue:
    # DuckDB alone; the loader reads files on this machine.
    return (ibis.literal("0x") + text.hexdigest("sha256").left(HASH_DIGITS)).cast("int64")


def person_facts(rows: ir.Table, *, rank: int, number: int, latest: date | None = None) -> ir.Table:
    """What the rows of a file say of each person.

    Takes    rows: kept rows with part, person, and any of sex, ethnicity, birth_date, death_date, dismeth, age;
             rank: how far its word counts, 0 the furthest; number: the file's; latest: as latest_birth().
    Returns  part, person, rank, file, sex, ethnicity, death_date, birth_month, born_from and born_to (the months,
             counted from year 0, between which ages say the person was born); one row per person.
    """
    columns = set(rows.columns)
    none = {"date": ibis.null("date"), "string": ibis.null("string"), "int": ibis.null("int32")}
    death = stated_death(rows)
    impossible = death_before_birth(rows, latest=latest)
    month = stated_birth(rows, latest=latest).truncate("M").cast("date")
    own = own_day(rows)
    seen = none["date"] if own is None else own
    age = years_old(rows.age.cast("int32") if "age" in columns else none["int"])
    at_most = (seen.year() * 12 + seen.month() - 1 - age * 12).cast("int32")
    said = rows.select(
        "part",
        "person",
        sex=rows.sex if "sex" in columns else none["string"],
        ethnicity=rows.ethnicity if "ethnicity" in columns else none["string"],
        death_date=impossible.ifelse(none["date"], death),
        birth_month=impossible.ifelse(none["date"], month),
        at_most=at_most,
    )
    stated = (said.ethnicity == "Z").ifelse(none["string"], said.ethnicity)
    held = said.group_by("part", "person").aggregate(
        sex=said.sex.max(),
        ethnicity=ibis.coalesce(stated.max(), said.ethnicity.max()),
        death_date=said.death_date.min(),
        birth_month=said.birth_month.max(),
        born_from=said.at_most.max() - 11,
        born_to=said.at_most.min(),
    )
    return held.mutate(rank=ibis.literal(rank, "int32"), file=ibis.literal(number, "int32"))
