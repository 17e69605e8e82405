"""Whose is each record?

By NHS number where the record has one that a person on the list has too; by the match weight of names, date of birth,
sex and postcode for the rest. What people decided in a clerical review is kept to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from commonweal.core.findings import Finding
from commonweal.core.parameters import Parameters
from commonweal.core.tables import definitions
from commonweal.people.linkage.decision import NUMBER_ALONE, Thresholds, decided, thresholds
from commonweal.people.linkage.fields import compared_fields
from commonweal.people.linkage.model import THREADS, Model, linkage_model, scored_pairs
from commonweal.people.linkage.settled import Pairs, by_number, told

BY_NUMBER, BY_SPLINK, BY_REVIEW = "nhs_number", "splink", "review"
IDENTITY, RECORDS = "identity", "records"
MATCHES, REVIEW = "linkage_matches", "linkage_review"


@dataclass(frozen=True, slots=True)
class Linked:
    """Records and their people.

    matches      table `linkage_matches`: one row per record with a person
    review       table `linkage_review`: pairs for a person to decide, with what each field adds to the weight
    unmatched    record_id of the records with neither
    model        what the weights rest on; stated probabilities where there was too little to learn from
    thresholds   what they were held against
    findings     what could not be read
    """

    matches: pa.Table
    review: pa.Table
    unmatched: pa.Array
    model: Model
    thresholds: Thresholds
    findings: tuple[Finding, ...]

    def facts(self) -> Mapping[str, Any]:
        """What a record's manifest keeps of its linkage: counts, thresholds and the model; nothing of a person."""
        how = self.matches["how"].to_pylist()
        held = self.thresholds
        return {
            "matches": {name: how.count(name) for name in (BY_NUMBER, BY_SPLINK, BY_REVIEW)},
            "records_in_review": len(pc.unique(self.review["record_id"])),
            "unmatched": len(self.unmatched),
            "thresholds": {"link": held.link, "review": held.review, "margin": held.margin},
            "prior": self.model.prior,
            "learnt": self.model.learnt,
            "levels": [
                {"comparison": level.comparison, "level": level.level, "m": level.m, "u": level.u}
                for level in self.model.levels
            ],
        }


def linked(
    records: pa.Table,
    identity: pa.Table,
    *,
    parameters: Parameters,
    on: date = date.max,
    decisions: pa.Table | None = None,
    threads: int = THREADS,
) -> Linked:
    """Each record's person, at most one.

    Takes    records: record_id and any of nhs_number, given_name, family_name, birth_date, sex, postcode; dates as
             dates or as text; identity: table `identity`; on: the day whose parameters hold; decisions: record_id,
             person, decision (`accepted`, `rejected`) of earlier reviews; threads: change the time taken, nothing else.
    Returns  the same whatever the order of records and people, and the number of threads.
    Raises   InputError for a table without its columns or with a key twice; CommonwealError when linking stops.
    """
    held = thresholds(parameters, on)
    people = compared_fields(identity, IDENTITY, key="person", parameters=parameters, on=on)
    mine = compared_fields(records, RECORDS, key="record_id", parameters=parameters, on=on)
    known = told(decisions, mine.keys, people.keys)
    numbers = by_number(mine.table, people.table, known)
    settled = np.concatenate([known.accepted.record, numbers.sure.record, numbers.doubtful.record])
    rest = mine.table.take(pa.array(np.setdiff1d(np.arange(mine.table.num_rows), settled)))
    model = linkage_model(rest, people.table, parameters=parameters, on=on)
    pairs = scored_pairs(rest, people.table, model, least_weight=held.review, threads=threads)
    pairs = pairs.filter(pa.array(known.allows(_rows(pairs))))
    chosen = decided(pairs, held)
    named = _Named(mine.keys, people.keys)
    best, open_ = pairs.take(pa.array(chosen.linked)), pairs.take(pa.array(chosen.reviewed))
    matches = [
        named.matches(known.accepted, BY_REVIEW),
        named.matches(numbers.sure, BY_NUMBER),
        named.matches(_rows(best), BY_SPLINK, best),
    ]
    review = [
        named.review(numbers.doubtful, [NUMBER_ALONE] * len(numbers.doubtful.record)),
        named.review(_rows(open_), chosen.reasons, open_),
    ]
    return named.linked(matches, review, model, held, (*people.findings, *mine.findings, *numbers.findings))


@dataclass(frozen=True, slots=True)
class _Named:
    """Rows turned back into record_id and person."""

    keys: pa.Array
    persons: pa.Array

    def matches(self, pairs: Pairs, how: str, scored: pa.Table | None = None) -> pa.Table:
        columns = {**self._columns(pairs), "how": pa.array([how] * len(pairs.record), pa.string())}
        return _shaped(MATCHES, columns, scored)

    def review(self, pairs: Pairs, reasons: Sequence[str], scored: pa.Table | None = None) -> pa.Table:
        columns = {**self._columns(pairs), "reason": pa.array(list(reasons), pa.string())}
        return _shaped(REVIEW, columns, scored)

    def _columns(self, pairs: Pairs) -> dict[str, pa.Array]:
        return {
            "record_id": self.keys.take(pa.array(pairs.record)),
            "person": self.persons.take(pa.array(pairs.person)),
        }

    def linked(
        self,
        matches: list[pa.Table],
        review: list[pa.Table],
        model: Model,
        held: Thresholds,
        findings: tuple[Finding, ...],
    ) -> Linked:
        found = pa.concat_tables(matches).sort_by([("record_id", "ascending")])
        order = [("record_id", "ascending"), ("match_weight", "descending"), ("person", "ascending")]
        open_ = pa.concat_tables(review).sort_by(order)
        done = pa.concat_arrays([*found["record_id"].chunks, *open_["record_id"].chunks, pa.array([], pa.string())])
        left = self.keys.filter(pc.invert(pc.is_in(self.keys, value_set=done)))
        return Linked(found, open_, left, model, held, findings)


def _rows(pairs: pa.Table) -> Pairs:
    return Pairs(pairs["record"].to_numpy(), pairs["person"].to_numpy())


def _shaped(name: str, columns: Mapping[str, pa.Array], scored: pa.Table | None) -> pa.Table:
    """Columns as the table is defined; weights are null where none was worked out."""
    rows = len(columns["record_id"])
    schema = definitions()[name].schema.to_pyarrow()

    def column(field: pa.Field) -> pa.Array:
        if field.name in columns:
            return columns[field.name]
        if scored is None:
            return pa.nulls(rows, field.type)
        return scored[field.name].cast(field.type).combine_chunks()

    return pa.Table.from_arrays([column(field) for field in schema], schema=schema)
