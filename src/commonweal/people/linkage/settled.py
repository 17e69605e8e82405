"""Which records are settled before any weight is worked out? Those people decided on, and those with an NHS number."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from commonweal.core.findings import Finding
from commonweal.people.linkage.fields import NUMBER

ACCEPTED, REJECTED = "accepted", "rejected"
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Rows of records and, beside each, the row of a person."""

    record: Rows
    person: Rows

    def where(self, held: NDArray[np.bool_]) -> Pairs:
        """Some of the pairs."""
        return Pairs(self.record[held], self.person[held])


@dataclass(frozen=True, slots=True)
class Told:
    """What people decided: pairs accepted, and pairs rejected."""

    accepted: Pairs
    rejected: Pairs
    people: int

    def allows(self, pairs: Pairs) -> NDArray[np.bool_]:
        """Which pairs were not rejected."""
        return ~np.isin(self._names(pairs), self._names(self.rejected))

    def _names(self, pairs: Pairs) -> Rows:
        return pairs.record * self.people + pairs.person


@dataclass(frozen=True, slots=True)
class ByNumber:
    """Pairs that share an NHS number: those that link, and those that agree in nothing else."""

    sure: Pairs
    doubtful: Pairs
    findings: tuple[Finding, ...]


def told(decisions: pa.Table | None, keys: pa.Array, persons: pa.Array) -> Told:
    """Earlier decisions as rows of these records and people; those about others are left aside.

    Takes    decisions: record_id, person, decision; keys, persons: the records' and the people's, in their order.
    """
    none = Pairs(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
    if decisions is None or not decisions.num_rows:
        return Told(none, none, len(persons))
    record = pc.index_in(decisions["record_id"].cast(pa.string()).combine_chunks(), value_set=keys)
    person = pc.index_in(decisions["person"].cast(pa.int64()).combine_chunks(), value_set=persons)
    here = pc.and_(pc.is_valid(record), pc.is_valid(person)).to_numpy(zero_copy_only=False)
    pairs = Pairs(*(pc.fill_null(rows, 0).to_numpy().astype(np.int64) for rows in (record, person)))
    said = np.array(decisions["decision"].to_pylist(), dtype=object)
    accepted = pairs.where(here & (said == ACCEPTED))
    # The first one accepted stands, should two be.
    _, first = np.unique(accepted.record, return_index=True)
    return Told(
        Pairs(accepted.record[first], accepted.person[first]), pairs.where(here & (said == REJECTED)), len(persons)
    )


def by_number(records: pa.Table, people: pa.Table, held: Told) -> ByNumber:
    """The records whose NHS number one person has.

    Takes    records, people: fields as they are compared.
    Returns  a pair that was rejected, and a record that was accepted for somebody, in neither part. A number that two
             people have links nobody and is a finding.
    """
    numbers = people[NUMBER].combine_chunks()
    counted = pc.value_counts(numbers.drop_null())
    twice = counted.field("values").filter(pc.greater(counted.field("counts"), 1))
    found = pc.index_in(records[NUMBER].combine_chunks(), value_set=numbers, skip_nulls=True)
    usable = pc.and_(pc.is_valid(found), pc.invert(pc.is_in(records[NUMBER], value_set=twice).combine_chunks()))
    rows = np.flatnonzero(usable.to_numpy(zero_copy_only=False))
    place = pc.fill_null(found, 0).to_numpy().astype(np.int64)
    pairs = Pairs(rows.astype(np.int64), place[rows])
    pairs = pairs.where(held.allows(pairs) & ~np.isin(pairs.record, held.accepted.record))
    doubtful = _nothing_else_agrees(records, people, pairs)
    return ByNumber(pairs.where(~doubtful), pairs.where(doubtful), _shared(twice))


def _nothing_else_agrees(records: pa.Table, people: pa.Table, pairs: Pairs) -> NDArray[np.bool_]:
    """Where both names and the date of birth are there on both sides and all three differ."""
    differs = np.ones(len(pairs.record), dtype=bool)
    mine, theirs = records.take(pa.array(pairs.record)), people.take(pa.array(pairs.person))
    for name in ("given_root", "family_name", "birth_date"):
        apart = pc.fill_null(pc.not_equal(mine[name], theirs[name]), False)
        differs &= apart.to_numpy()
    return differs


def _shared(twice: pa.Array) -> tuple[Finding, ...]:
    if not len(twice):
        return ()
    message = f"{len(twice):,} NHS numbers are those of more than one person and link nobody."
    return (Finding("warning", "nhs number shared", "identity", None, NUMBER, message, "Find out whose they are."),)
