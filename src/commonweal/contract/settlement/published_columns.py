"""Do the columns of a published result that are worked out, besides what was paid, follow from its inputs too?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from commonweal.contract.clauses.reading import Contract
from commonweal.contract.settlement.clause import GainLossShare
from commonweal.contract.settlement.mssp_rows import number
from commonweal.contract.settlement.settling import Settlement
from commonweal.core.amounts import given
from commonweal.core.choices import looked_up
from commonweal.core.parameters import library

DOLLAR = Decimal(1)
# Until then a final rate of nothing says as well that nothing was saved as that the standard was not met.
RATES_SHOWN_FROM = 2023


@dataclass(frozen=True, slots=True)
class PublishedColumn:
    """One published number of a row and ours."""

    column: str
    published: Decimal
    recomputed: Decimal
    tolerance: Decimal

    @property
    def matched(self) -> bool:
        """Whether the two lie within the tolerance."""
        return abs(self.recomputed - self.published) <= self.tolerance


@dataclass(frozen=True, slots=True)
class _Row:
    row: Mapping[str, str]
    year: int
    clause: str
    found: Settlement
    contract: Contract

    def amount(self, name: str) -> Decimal | None:
        """An amount of the settlement; None where the track's clause has none of the name."""
        return self.found.amounts[name].amount if name in self.found.amounts else None

    @property
    def loses(self) -> bool:
        """Whether the track shares losses."""
        return "loss_rate" in self.found.amounts

    @property
    def reduced(self) -> bool:
        """Whether the row is one of a new low-revenue organisation below its minimum savings rate."""
        return bool(self.amount("reduced_share"))


def _saving(held: _Row) -> Decimal | None:
    return held.amount("difference")


def _saving_rate(held: _Row) -> Decimal | None:
    difference, benchmark = held.amount("difference"), held.amount("benchmark")
    return difference / benchmark if difference is not None and benchmark else None


def _least_rate(held: _Row) -> Decimal | None:
    """The table's rate, for the tracks that share savings alone; others elect theirs."""
    if held.loses:
        return None
    table = held.contract.one(GainLossShare, "track_1").table("minimum_savings_rate", held.found.on)
    return looked_up("rate", given("people", number(held.row, "n_ab", "")), table).amount


def _generated(held: _Row) -> Decimal | None:
    # Files of 2018 and 2019 show what an organisation that shares no loss lost; it owes nothing of it.
    if held.reduced or (not held.loses and number(held.row, "gensaveloss", "", Decimal(0)) < 0):
        return None
    return held.amount("generated")


def _share_rate(held: _Row) -> Decimal | None:
    if held.year < RATES_SHOWN_FROM and not number(held.row, "finalsharerate", "", Decimal(0)):
        return None
    return held.amount("share_of_saving")


def _loss_rate(held: _Row) -> Decimal | None:
    return held.amount("loss_rate") if number(held.row, "finallossrate", "", Decimal(0)) else None


def _greatest_share(held: _Row) -> Decimal | None:
    return None if held.reduced else held.amount("greatest_share")


# Column: what it should be, and whether it is a rate.
WORKED_OUT: Mapping[str, tuple[Callable[[_Row], Decimal | None], bool]] = {
    "bnchmkminexp": (_saving, False),
    "sav_rate": (_saving_rate, True),
    "minsavperc": (_least_rate, True),
    "gensaveloss": (_generated, False),
    "maxsharerate": (_greatest_share, True),
    "finalsharerate": (_share_rate, True),
    "finallossrate": (_loss_rate, True),
}


def published_columns(
    row: Mapping[str, str], year: int, clause: str, found: Settlement, contract: Contract
) -> tuple[PublishedColumn, ...]:
    """Each worked-out column that a row fills, beside ours; one that the rules leave open is left out."""
    held = _Row(row, year, clause, found, contract)
    rate = library()["settlement_rate_precision"].on(date.max).number()
    columns = []
    for column, (ours, is_rate) in WORKED_OUT.items():
        if not (row.get(column) or "").strip():
            continue
        recomputed = ours(held)
        if recomputed is not None:
            tolerance = rate if is_rate else DOLLAR
            columns.append(PublishedColumn(column, number(row, column, ""), recomputed, tolerance))
    return tuple(columns)
