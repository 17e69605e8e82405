"""How many records are linked to the right person, how many to a wrong one, and how many are left to decide?

Records with known faults are made of a list of people, linked to it without their NHS number, and held against the
truth, at several match weights and for each kind of fault.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from commonweal.core.errors import InputError
from commonweal.core.findings import Finding
from commonweal.core.parameters import Parameters
from commonweal.people.linkage.decision import Decision, Thresholds, decided, thresholds
from commonweal.people.linkage.faults import MadeUp, records_with_faults
from commonweal.people.linkage.fields import compared_fields
from commonweal.people.linkage.model import THREADS, Model, linkage_model, scored_pairs

ALL = "all"
SIX = Decimal("0.000001")
FEWEST_PEOPLE = 10


@dataclass(frozen=True, slots=True)
class MeasuredRow:
    """What became of the records with one fault at one match weight: a row of table `linkage_measured`."""

    link_weight: Decimal
    fault: str
    records: int
    of_listed: int
    linked: int
    linked_rightly: int
    in_review: int
    right_in_review: int

    @property
    def precision(self) -> Decimal | None:
        """Share of the linked records that were linked rightly; None when none was linked."""
        return _share(self.linked_rightly, self.linked)

    @property
    def recall(self) -> Decimal | None:
        """Share of the records of somebody on the list that were linked rightly; None when there are none."""
        return _share(self.linked_rightly, self.of_listed)

    @property
    def recall_with_review(self) -> Decimal | None:
        """The same when every decision in review is right."""
        return _share(self.linked_rightly + self.right_in_review, self.of_listed)

    @property
    def review_share(self) -> Decimal | None:
        """Share of the records that were put to a person to decide."""
        return _share(self.in_review, self.records)


@dataclass(frozen=True, slots=True)
class Measured:
    """Linkage held against the truth.

    rows        by match weight that links, then all faults together, then each; the weight in use is among them
    people      on the list that was linked to
    """

    rows: tuple[MeasuredRow, ...]
    people: int
    thresholds: Thresholds
    model: Model
    seed: int
    findings: tuple[Finding, ...] = ()

    @property
    def in_use(self) -> Decimal:
        """The match weight that links, as the parameters have it."""
        return Decimal(str(self.thresholds.link))

    def at(self, weight: Decimal) -> tuple[MeasuredRow, ...]:
        """The rows of one match weight, all faults together first."""
        return tuple(row for row in self.rows if row.link_weight == weight)

    @property
    def whole(self) -> MeasuredRow:
        """All faults together at the match weight in use."""
        return self.at(self.in_use)[0]

    def by_weight(self) -> tuple[MeasuredRow, ...]:
        """All faults together at each match weight."""
        return tuple(row for row in self.rows if row.fault == ALL)


def measured(
    identity: pa.Table,
    *,
    records: int,
    seed: int,
    parameters: Parameters,
    on: date = date.max,
    threads: int = THREADS,
) -> Measured:
    """Precision and recall of linkage on records made with faults.

    Takes    identity: table `identity`; records: how many to make, at most one a person; seed: of the faults.
    Returns  the same for the same list, number and seed.
    Raises   InputError when too few people on the list have all fields known.
    """
    made = records_with_faults(identity, records=records, seed=seed, parameters=parameters, on=on)
    if made.records.num_rows < FEWEST_PEOPLE:
        raise InputError(
            f"{made.records.num_rows} records can be made of {identity.num_rows} people; it takes {FEWEST_PEOPLE}.",
            where="identity",
            mend="Ask for more records, or name a list of more people whose names, dates of birth and sex are known.",
        )
    people = compared_fields(made.identity, "identity", key="person", parameters=parameters, on=on)
    mine = compared_fields(made.records, "records", key="record_id", parameters=parameters, on=on)
    held = thresholds(parameters, on)
    weights = {Decimal(str(held.link)), *(Decimal(w) for w in parameters["linkage_measured_weights"].on(on).value)}
    least = min(held.review, float(min(weights)))
    model = linkage_model(mine.table, people.table, parameters=parameters, on=on)
    pairs = scored_pairs(mine.table, people.table, model, least_weight=least, threads=threads)
    truth = _truth(made, people.keys)
    rows = tuple(
        row
        for weight in sorted(weights)
        for row in _rows(pairs, replace(held, link=float(weight), review=min(held.review, float(weight))), made, truth)
    )
    return Measured(rows, made.identity.num_rows, held, model, seed)


def _truth(made: MadeUp, people: pa.Array) -> NDArray[np.int64]:
    """Each record's person as a row of the list; -1 for nobody. Made-up records are in the order of their keys."""
    place = pc.index_in(made.truth, value_set=people, skip_nulls=True)
    return np.asarray(pc.fill_null(place, -1).to_numpy(), dtype=np.int64)


def _rows(pairs: pa.Table, held: Thresholds, made: MadeUp, truth: NDArray[np.int64]) -> Iterator[MeasuredRow]:
    chosen = decided(pairs, held)
    linked, right, review, right_in_review = _outcomes(pairs, chosen, truth)
    faults = np.array(made.faults.to_pylist())
    for fault in (ALL, *sorted(set(faults.tolist()))):
        mine = np.ones(len(faults), dtype=bool) if fault == ALL else faults == fault
        counts = (mine, mine & (truth >= 0), *(mine & held for held in (linked, right, review, right_in_review)))
        yield MeasuredRow(Decimal(str(held.link)), fault, *(int(np.count_nonzero(each)) for each in counts))


def _outcomes(pairs: pa.Table, chosen: Decision, truth: NDArray[np.int64]) -> tuple[NDArray[np.bool_], ...]:
    """For each record: was it linked, linked rightly, put to review, and is its own person among those to review?"""
    record, person = pairs["record"].to_numpy(), pairs["person"].to_numpy()

    def marked(rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        marks = np.zeros(len(truth), dtype=bool)
        marks[record[rows]] = True
        return marks

    hit = person == truth[record]
    return (
        marked(chosen.linked),
        marked(chosen.linked[hit[chosen.linked]]),
        marked(chosen.reviewed),
        marked(chosen.reviewed[hit[chosen.reviewed]]),
    )


def _share(part: int, whole: int) -> Decimal | None:
    return (Decimal(part) / whole).quantize(SIX, ROUND_HALF_UP) if whole else None
