"""What is wrong with the numbers of a gain and loss share: no number, bands out of order, a width below nothing?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from commonweal.contract.clauses.clause import ClauseFault, Term, is_number
from commonweal.contract.settlement.operations import AnyOperation, Corridor, Limit, Pool, Share, TopSlice

LENGTH_OF_BAND = 4
# Fields that name a width, a limit, a share or a number of years: below nothing they would turn gains into losses.
NEVER_BELOW = {
    Corridor: ("gain", "loss"),
    Limit: ("cap", "collar"),
    Share: ("gain", "loss"),
    TopSlice: ("rate",),
    Pool: ("years",),
}


def term_faults(terms: Mapping[str, Term], operations: tuple[AnyOperation, ...]) -> Iterator[ClauseFault]:
    """Every value of a term that is no number or no table of bands, or is below nothing where it cannot be."""
    named = {
        getattr(step, field) for step in operations for field in NEVER_BELOW.get(type(step), ()) if getattr(step, field)
    }
    for term, held in terms.items():
        for day, dated in held.values.items():
            wrong = _wrong_value(dated.value) or (_below_nothing(dated.value) if term in named else None)
            if wrong:
                yield ClauseFault(("terms", term, "values", day.isoformat()), dated.value, wrong[0], wrong[1])


def _wrong_value(value: Any) -> tuple[str, str] | None:
    rows = value if isinstance(value, list) else [[value]]
    for row in rows:
        if isinstance(value, list) and (not isinstance(row, list) or len(row) != LENGTH_OF_BAND):
            return "is not a table of bands.", "Write [from, to, value at from, value at to] for each."
        for i, entry in enumerate(row):
            if entry is None and i == 1:
                continue
            if not is_number(entry):
                return "is not a number.", "Write a number in quotes."
    if not rows:
        return "is an empty table.", "Write a band."
    return _out_of_order(value) if isinstance(value, list) else None


def _out_of_order(rows: list[Any]) -> tuple[str, str] | None:
    before: Decimal | None = None
    for place, (start, end, *_) in enumerate(rows):
        if end is None and place + 1 < len(rows):
            return "has a band without an end before its last.", "Leave out the end of the last alone."
        stops = Decimal(start) if end is None else Decimal(end)
        if stops < Decimal(start) or (before is not None and Decimal(start) <= before):
            return "has bands that are out of order.", "Write each after the one before, from low to high."
        before = stops
    return None


def _below_nothing(value: Any) -> tuple[str, str] | None:
    numbers = [Decimal(x) for row in value for x in row[2:]] if isinstance(value, list) else [Decimal(value)]
    return ("is below nothing.", "Write nought or more.") if min(numbers) < 0 else None
