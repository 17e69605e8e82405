"""Which sums are in dispute, and are they paid meanwhile?

A dispute names the beginning of the id of a month's amounts: `payments/2026-27/2026-06/paid/community` is the
whole line,
`.../A81001` one practice of it. It covers whatever is due for that month of service, adjustments too. As the
calendar says the sums are paid and marked, or held until it is resolved; if it finds them not due, they stay with
the MCP.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from commonweal.contract.paid_on import MCP, Entry
from commonweal.contract.statement_rows import slug
from commonweal.contract.year.calendar import CalendarTerms
from commonweal.contract.year.facts import Fact
from commonweal.core.amounts import Source, given_column, less, times
from commonweal.core.periods import Period

WITHHELD = "withheld in dispute"
NOT_DUE = "found not due"
ALL = "all"
PAYMENTS = "payments"


@dataclass(frozen=True, slots=True)
class Dispute:
    """A dispute and how it stands: `open`, `due` or `not_due`."""

    fact: Fact
    stands: str


def disputes(facts: Iterable[Fact]) -> tuple[Dispute, ...]:
    """The disputes that facts raise, each as it stands."""
    held = list(facts)
    resolved = {fact.subject: fact.value for fact in held if fact.kind == "dispute_resolved"}
    return tuple(Dispute(fact, resolved.get(fact.fact_id, "open")) for fact in held if fact.kind == "dispute")


def served_id(year: Period, entry: Entry, practice: str) -> str:
    """The lasting name of what is due for a month of service, apart from the statement it is accounted for in."""
    parts = (PAYMENTS, year.label, entry.served.label, entry.direction, entry.service_line, practice or ALL)
    return "/".join((*parts, slug(entry.purpose), slug(entry.party)))


def is_in(subject: str, amount_id: str) -> bool:
    """Whether an amount's id is the one named, or begins with it."""
    return amount_id == subject or amount_id.startswith(f"{subject}/")


def marks(open_disputes: Iterable[Dispute], year: Period, entry: Entry, practice: str) -> tuple[str, ...]:
    """The ids of open disputes that mark an amount: what is in dispute itself, or what is withheld for it."""
    own = served_id(year, entry, practice)
    found = [d for d in open_disputes if is_in(d.fact.subject, own)]
    if entry.purpose == WITHHELD:
        cell = [PAYMENTS, year.label, entry.served.label, entry.service_line, practice or ALL]
        for dispute in open_disputes:
            parts = dispute.fact.subject.split("/")
            named = [*parts[:3], *parts[4:6]]
            if named == cell[: len(named)]:
                found.append(dispute)
    return tuple(sorted({dispute.fact.fact_id for dispute in found}))


def after_disputes(
    entries: Iterable[Entry], facts: Iterable[Fact], year: Period, calendar: CalendarTerms
) -> list[Entry]:
    """The entries of a month with disputed sums where they belong; received = paid + held + owed still."""
    held = disputes(facts)
    found: list[Entry] = []
    for entry in entries:
        found += _moved(entry, held, year, calendar) if entry.direction in ("paid", "owed") else [entry]
    return found


def _moved(entry: Entry, held: tuple[Dispute, ...], year: Period, calendar: CalendarTerms) -> list[Entry]:
    withholds = calendar.word("disputed_sums", entry.served.start) == "withheld"
    moved: dict[str, dict[str, Dispute]] = {WITHHELD: {}, NOT_DUE: {}}
    for practice in entry.column.keys or ():
        own = [d for d in held if is_in(d.fact.subject, served_id(year, entry, practice))]
        still = next((d for d in own if d.stands == "open"), None)
        lost = next((d for d in own if d.stands == "not_due"), None)
        if still is not None and withholds:
            moved[WITHHELD][practice] = still
        elif still is None and lost is not None:
            moved[NOT_DUE][practice] = lost
    found = [entry]
    for purpose, practices in moved.items():
        if practices:
            cause = next(iter(practices.values())).fact
            touched = {code: Decimal(code in practices) for code in entry.column.keys or ()}
            source = Source(cause.source, f"fact {cause.fact_id}, known {cause.known_on}")
            which = given_column(f"1 where {purpose}", touched, unit="ratio", source=source)
            part = times(f"{entry.column.name}, {purpose}", entry.column, which)
            found[0] = replace(found[0], column=less(entry.column.name, found[0].column, part))
            found.append(Entry("held", purpose, MCP, entry.service_line, part, entry.served))
    return found
