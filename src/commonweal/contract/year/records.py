"""In what stable shape is a year of payments handed to other programs?"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from commonweal.contract.records import with_money
from commonweal.contract.statement import DIRECTIONS
from commonweal.contract.year.amounts import YearAmount, year_amounts
from commonweal.contract.year.disputes import disputes
from commonweal.contract.year.year import YearOfPayments, YearStatement


def year_rows(year: YearOfPayments) -> list[dict[str, Any]]:
    """One row per statement: received, paid, held, owed, what of it adjusts earlier months, and what is in dispute."""
    disputed: dict[str, Decimal] = {}
    for found in year_amounts(year).values():
        if found.disputed_by:
            disputed[found.held.name] = disputed.get(found.held.name, Decimal(0)) + found.amount
    return [
        {
            "statement": held.name,
            "state": state(held),
            "closed_on": held.closed.closed_on.isoformat() if held.closed else "",
            **{direction: getattr(held.statement.balance, direction).amount for direction in DIRECTIONS},
            "adjustments": held.adjusted.amount,
            "disputed": disputed.get(held.name, Decimal(0)),
        }
        for held in year.statements
    ]


def amount_rows(year: YearOfPayments) -> list[dict[str, Any]]:
    """One row per amount of the year, with its id."""
    return [_amount_row(found) for found in year_amounts(year).values()]


def adjustment_rows(year: YearOfPayments) -> list[dict[str, Any]]:
    """The amounts that adjust earlier months, each with the fact that it is for."""
    return [_amount_row(found) for found in year_amounts(year).values() if found.made.adjusts]


def year_record(year: YearOfPayments) -> dict[str, Any]:
    """A year of payments as nested data: its statements, adjustments, facts and disputes."""
    of_year = year.totals()
    totals: dict[str, object] = {
        direction: sum((amount for (held, _, _), amount in of_year.items() if held == direction), Decimal(0))
        for direction in DIRECTIONS
    }
    return {
        "financial_year": year.setting.year.label,
        "known_on": year.known_on.isoformat() if year.known_on else None,
        "totals": with_money([totals])[0],
        "statements": with_money(year_rows(year)),
        "adjustments": with_money(adjustment_rows(year)),
        "facts": [fact.as_row() for fact in year.facts],
        "disputes": [
            {
                "fact_id": held.fact.fact_id,
                "subject": held.fact.subject,
                "reason": held.fact.value,
                "raised_on": held.fact.effective_from.isoformat(),
                "stands": held.stands,
            }
            for held in disputes(year.standing)
        ],
    }


def state(held: YearStatement) -> str:
    """Whether a statement is closed."""
    return "closed" if held.closed else "open"


def _amount_row(found: YearAmount) -> dict[str, Any]:
    entry = found.entry
    return {
        "amount_id": found.amount_id,
        "statement": found.held.name,
        "served": entry.served.label,
        "direction": entry.direction,
        "purpose": entry.purpose,
        "party": entry.party,
        "service_line": entry.service_line,
        "practice_code": found.practice_code,
        "amount": found.amount,
        "payable_month": entry.payable.label if entry.payable else f"{found.held.statement.month.start:%Y-%m}",
        "adjusts": found.made.adjusts,
        "disputed_by": " ".join(found.disputed_by),
        "state": state(found.held),
    }
