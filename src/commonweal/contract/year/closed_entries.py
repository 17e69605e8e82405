"""How does a closed statement become entries again, and entries rows of a closed statement?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Literal, cast

from commonweal.contract.paid_on import Entry
from commonweal.contract.year.adjustments import YearEntry
from commonweal.contract.year.closing import Closed, ClosedRow
from commonweal.contract.year.due import Setting
from commonweal.core.amounts import Source, Status, given_column
from commonweal.core.errors import InputError
from commonweal.core.explanation import reliability
from commonweal.core.periods import Period, month, months

Group = tuple[str, str, str, str, str, str, str, bool, str]
SURE = ("given", "published", "derived", "illustrative")


def entries_of_closed(closed: Closed, setting: Setting) -> tuple[YearEntry, ...]:
    """The entries of a closed statement; each amount is what was kept.

    Raises   InputError for an amount of a practice that the place no longer has.
    """
    groups: dict[Group, dict[str, ClosedRow]] = {}
    for row in closed.rows:
        groups.setdefault(_group(row), {})[row.practice_code] = row
    source = Source(f"{closed.statement}, closed on {closed.closed_on}", f"digest {closed.digest[:12]}")
    periods = {served: period_of(served, setting) for served in {row.served for row in closed.rows}}
    return tuple(_entry(group, rows, closed, setting, source, periods[group[0]]) for group, rows in groups.items())


def _group(row: ClosedRow) -> Group:
    return (
        row.served,
        row.direction,
        row.purpose,
        row.party,
        row.service_line,
        row.payable_month,
        row.adjusts,
        row.to_practices,
        "place" if row.practice_code == "" else "practices",
    )


def _entry(
    group: Group, rows: Mapping[str, ClosedRow], closed: Closed, setting: Setting, source: Source, served: Period
) -> YearEntry:
    _, direction, purpose, party, line, payable, adjusts, to_practices, whose = group
    keys = ("",) if whose == "place" else setting.inputs.practices
    gone = sorted(set(rows) - set(keys))
    if gone:
        mend = "A practice that leaves stays in place.yaml; say 'out' in participation."
        raise InputError(f"{closed.statement} was closed with {gone[0]}.", where=f"payments/{closed.year}", mend=mend)
    status = max((row.status for row in rows.values()), key=SURE.index)
    column = given_column(
        f"{purpose}, {party}",
        {code: rows[code].amount if code in rows else Decimal(0) for code in keys},
        status=cast(Status, status),
        source=source,
        working="as closed",
    )
    entry = Entry(
        cast(Literal["received", "paid", "held", "owed"], direction),
        purpose,
        party,
        line,
        column,
        served,
        to_practices,
        month(payable) if direction == "owed" else None,
    )
    return YearEntry(entry, adjusts)


def period_of(served: str, setting: Setting) -> Period:
    """The month of service of a name; the whole year for what is due at settlement."""
    found = next((held for held in months(setting.year) if held.label == served), None)
    return found or Period(setting.year.start, setting.year.end, served)


def closed_rows(entries: Iterable[YearEntry], stage_month: str) -> tuple[ClosedRow, ...]:
    """Entries as they are kept: a row for every practice whose amount is not nothing.

    Takes    stage_month: the month in which the statement's money moves.
    """
    rows = []
    for held in entries:
        entry, status = held.entry, reliability(held.entry.column)
        for code, amount in entry.column.by_key().items():
            if amount:
                rows.append(
                    ClosedRow(
                        entry.served.label,
                        entry.direction,
                        entry.purpose,
                        entry.party,
                        entry.service_line,
                        code,
                        amount,
                        entry.payable.label if entry.payable else stage_month,
                        held.adjusts,
                        entry.to_practices,
                        status,
                    )
                )
    return tuple(rows)
