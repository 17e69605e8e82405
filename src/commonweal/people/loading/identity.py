"""Who are the people of a load, kept apart in the identity folder, and whose are the records without an NHS number?

Only here do names, dates of birth and addresses go; the record is never made from these columns.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq
from ibis.backends import BaseBackend

from commonweal.core.errors import InputError
from commonweal.core.findings import Finding
from commonweal.core.parameters import Parameters
from commonweal.core.tables import conformed, definitions
from commonweal.people.linkage.linked import Linked, linked
from commonweal.people.linkage.review_file import Decisions, read_decisions, write_review
from commonweal.people.loading.keys import GOOD, number_state
from commonweal.people.pseudonyms import IDENTITY

PEOPLE_FILE = "people.parquet"
COMPARED = ("given_name", "family_name", "birth_date", "sex", "postcode")
IDENTITY_COLUMNS = tuple(name for name in definitions()["identity"].schema if name != "person")
_ = ibis._


@dataclass(frozen=True, slots=True)
class Linking:
    """What linking came to, to be written only when the load is published."""

    found: Linked
    records: pa.Table
    identity: pa.Table
    decisions: Decisions

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What in the records, or in an earlier review, could not be read."""
        return (*self.found.findings, *self.decisions.findings)

    def write(self, place: Path) -> None:
        """Write the pairs that somebody has to decide on."""
        write_review(place, self.found, self.records, self.identity, decisions=self.decisions)


def has_names(columns: Sequence[str]) -> bool:
    """Whether a file says enough of people to link them: a name, and a date of birth or a postcode."""
    held = set(columns)
    return "family_name" in held and bool(held & {"birth_date", "postcode"})


def identities(rows: ir.Table, *, number: int) -> ir.Table:
    """What the rows of a file say of who people are.

    Takes    rows: with person, number_text, state, by_own, linked and any of the columns of table `identity`; number:
             how far the file counts.
    Returns  file and table `identity`; one row per person. A row that was linked by its names says nothing here: they
             may be misspelt, or another's.
    """
    columns = set(rows.columns)
    held = rows.filter(rows.person.notnull() & ~(rows.by_own & rows.linked)).mutate(
        nhs_number=((rows.state == GOOD) & ~rows.by_own).ifelse(rows.number_text, ibis.null("string"))
    )
    types = definitions()["identity"].schema
    said = {
        name: (
            held[name].cast(types[name]).max() if name in columns or name == "nhs_number" else ibis.null(types[name])
        )
        for name in IDENTITY_COLUMNS
    }
    absent = {name: value for name, value in said.items() if name not in columns and name != "nhs_number"}
    grouped = held.group_by("person").aggregate(**{n: v for n, v in said.items() if n not in absent})
    return conformed(grouped.mutate(**absent), "identity").mutate(file=ibis.literal(number, "int32"))


def identity_with(parts: Sequence[ir.Table]) -> ir.Table:
    """One row per person from all that files and the identity folder say; a later file counts further.

    Takes    parts: as identities() returns; file is -1 for what was there already.
    Returns  table `identity`.
    """
    held = ibis.union(*parts) if len(parts) > 1 else parts[0]
    latest = {name: held[name].argmax(held.file, where=held[name].notnull()) for name in IDENTITY_COLUMNS}
    return conformed(held.group_by("person").aggregate(**latest), "identity")


def identity_held(engine: BaseBackend, place: Path) -> ir.Table | None:
    """What the identity folder holds already; None where it holds nothing."""
    path = place / IDENTITY / PEOPLE_FILE
    if not path.is_file():
        return None
    read = engine.read_parquet(str(path), table_name=ibis.util.gen_name("identity"))
    missing = [name for name in definitions()["identity"].schema if name not in read.columns]
    if missing:
        raise InputError(f"lacks {', '.join(missing)}.", where=str(path), mend="Restore the file, or move it away.")
    return conformed(read, "identity").mutate(file=ibis.literal(-1, "int32"))


def publish_identity(engine: BaseBackend, place: Path, table: ir.Table) -> None:
    """Write the identity folder's people anew, for its owner's eyes alone, in one step."""
    path = place / IDENTITY / PEOPLE_FILE
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    os.close(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    engine.to_parquet(table.order_by("person"), new, compression="zstd")
    new.chmod(0o600)
    new.replace(path)


def linking(
    place: Path,
    files: Sequence[ir.Table],
    numbers: ir.Table,
    held: ir.Table | None,
    *,
    parameters: Parameters,
    on: date = date.max,
) -> Linking | None:
    """Rows without a usable NHS number linked to people whose names are known.

    Takes    files: rows with number_text, own_text and names; numbers: key_text and person of the load's NHS numbers;
             held: as identity_held().
    Returns  None where there is nobody to link, or nobody to link to.
    """
    invalid = parameters["invalid_nhs_numbers"].on(on).value
    records, known = [], []
    for rows in files:
        state = number_state(rows.number_text, invalid=invalid)
        good = (state == GOOD).fill_null(False)
        records.append(_named(rows.filter(~good & rows.own_text.notnull()), "own_text"))
        named = _named(rows.filter(good), "number_text").inner_join(numbers, _.key == numbers.key_text)
        known.append(named.select("person", nhs_number="key", **{name: name for name in COMPARED}))
    unlinked = _one_each(ibis.union(*records) if len(records) > 1 else records[0], "key").rename(record_id="key")
    unlinked = unlinked.mutate(nhs_number=ibis.null("string")).to_pyarrow()
    if held is not None:
        # People known by a source's own key alone are not on a list: a record would be linked to itself.
        known.append(held.filter(held.nhs_number.notnull()).select("person", "nhs_number", *COMPARED))
    everybody = _one_each(ibis.union(*known) if len(known) > 1 else known[0], "person", "nhs_number").to_pyarrow()
    if not unlinked.num_rows or not everybody.num_rows:
        return None
    identity = _padded(everybody)
    decisions = read_decisions(place)
    found = linked(unlinked, identity, parameters=parameters, on=on, decisions=decisions.table)
    return Linking(found, unlinked, identity, decisions)


def _named(rows: ir.Table, key: str) -> ir.Table:
    types = definitions()["identity"].schema
    held = rows.select(
        key=rows[key],
        **{n: (rows[n].cast(types[n]) if n in rows.columns else ibis.null(types[n])) for n in COMPARED},
    )
    return held.filter(held.key.notnull() & (held.family_name.notnull() | held.birth_date.notnull()))


def _one_each(table: ir.Table, key: str, *more: str) -> ir.Table:
    said = {name: table[name].max() for name in (*more, *COMPARED)}
    return table.group_by(key).aggregate(**said).order_by(key)


def _padded(table: pa.Table) -> pa.Table:
    """Table `identity`, null where nothing is said."""
    schema = definitions()["identity"].schema.to_pyarrow()
    columns = [
        table[f.name].cast(f.type) if f.name in table.column_names else pa.nulls(table.num_rows, f.type) for f in schema
    ]
    return pa.Table.from_arrays([c.combine_chunks() if isinstance(c, pa.ChunkedArray) else c for c in columns],
                                schema=schema)  # fmt: skip


def own_keys_linked(own: ir.Table, found: Linking | None, working: Path, engine: BaseBackend) -> ir.Table:
    """The people behind sources' own keys: those linked, and pseudonyms of the key for the rest.

    Returns  key_text, person, linked; one row per key.
    """
    if found is None:
        return own.mutate(linked=ibis.literal(False))
    path = working / "linked.parquet"
    matches = found.found.matches
    pq.write_table(pa.table({"record_id": matches["record_id"], "match": matches["person"]}), path)
    read = engine.read_parquet(str(path), table_name=ibis.util.gen_name("linked"))
    both = own.left_join(read, own.key_text == read.record_id)
    return both.select("key_text", person=ibis.coalesce(both.match, both.person), linked=both.match.notnull())
