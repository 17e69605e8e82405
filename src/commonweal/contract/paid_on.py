"""Who gets one service line's money of one month: paid, held or owed?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from commonweal.budget.service_lines import ServiceLine
from commonweal.contract.statement_terms import LineTerms
from commonweal.core.amounts import Line, less, pennies, split, summed, times, total
from commonweal.core.periods import Period, month, months_later

MCP = "the MCP"
RESERVE = "reserve"
POOL = "performance pool until results are known"
OWN_SERVICES = "the MCP's own services"
BUDGET = "whole population budget"
PERFORMANCE_PAY = "performance pay"
INTERIM = "performance pay in advance"


@dataclass(frozen=True, slots=True)
class Entry:
    """One sum of one service line.

    direction     received, paid, held or owed
    purpose       what it is for
    party         who pays it (received), who gets it (paid, owed), or the MCP (held)
    to_practices  the column is to be read practice by practice: each is a party of its own
    column        whole pence by practice whose population it is for
    served        the month of service
    payable       for what is owed, the month in which it is paid
    """

    direction: Literal["received", "paid", "held", "owed"]
    purpose: str
    party: str
    service_line: str
    column: Line
    served: Period
    to_practices: bool = False
    payable: Period | None = None

    @property
    def amount(self) -> Line:
        """The column added up."""
        return summed(f"{self.party}, {self.purpose}", self.column)


def entries_of_budget(line: ServiceLine, received: Line, terms: LineTerms, served: Period) -> list[Entry]:
    """One service line of the budget: received, then reserve, then what is paid on, then the MCP's own.

    Takes    received: whole pence by practice.
    Returns  entries whose paid, held and owed sum to received, for every practice.
    """
    reserve = pennies(f"{line.label}, reserve", times(f"{line.label} × reserve", received, terms.reserve_share))
    available = less(f"{line.label} after the reserve", received, reserve)
    paid = _paid_on(line, available, terms, served, BUDGET)
    later = f"; of it {', '.join(terms.counted_later)} paid once counted" if terms.counted_later else ""
    own = _left(f"{line.label}, the MCP's own{later}", available, paid)
    return [
        Entry("received", BUDGET, terms.payer, line.code, received, served),
        *paid,
        Entry("held", RESERVE, MCP, line.code, reserve, served),
        Entry("held", OWN_SERVICES, MCP, line.code, own, served),
    ]


def entries_of_pool(line: ServiceLine, received: Line, terms: LineTerms, served: Period) -> list[Entry]:
    """One service line of the performance pool: the interim share goes on, the rest is held until it is scored."""
    if not line.moves_to_performance_pay:
        return []
    interim = pennies(f"{line.label} in advance", times(f"{line.label} × in advance", received, terms.interim_share))
    paid = _paid_on(line, interim, terms, served, INTERIM)
    held = _left(f"{line.label}, until results are known", received, paid)
    return [
        Entry("received", PERFORMANCE_PAY, terms.payer, line.code, received, served),
        *paid,
        Entry("held", POOL, MCP, line.code, held, served),
    ]


def _paid_on(line: ServiceLine, available: Line, terms: LineTerms, served: Period, purpose: str) -> list[Entry]:
    """What goes to each provider, in whole pence; the last takes the rounding where all of the line is paid on.

    A sum agreed for the month is paid whatever was received, shared over practices as that is; the MCP's own bears the
    difference. It is paid from the budget, and only where there is one.
    """
    found: list[Entry] = []
    payable = month(f"{months_later(served.start, terms.arrears_months):%Y-%m}") if terms.arrears_months else None
    for number, subcontract in enumerate(terms.subcontracts, start=1):
        name = f"{line.label} to {subcontract.provider}"
        if subcontract.month_sum is not None:
            if purpose != BUDGET or not any(available.by_key().values()):
                continue
            column = split(name, subcontract.month_sum, available)
        elif terms.wholly_paid_on and number == len(terms.subcontracts):
            column = _left(name, available, found)
        else:
            column = pennies(name, times(f"{name}, unrounded", available, subcontract.share))
        direction: Literal["paid", "owed"] = "owed" if payable else "paid"
        found.append(
            Entry(
                direction, purpose, subcontract.provider, line.code, column, served, subcontract.to_practices, payable
            )
        )
    return found


def _left(name: str, whole: Line, paid: list[Entry]) -> Line:
    if not paid:
        return whole.renamed(name)
    return less(name, whole, total(f"{name}: paid on", *(entry.column for entry in paid)))
