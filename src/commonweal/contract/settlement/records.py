"""In what stable shape is a settlement handed to other programs?"""

from __future__ import annotations

from typing import Any

from commonweal.contract.settlement.settling import Settlement
from commonweal.contract.statement_rows import slug
from commonweal.core.explanation import explanation_tree, value_text
from commonweal.core.periods import financial_year_of


def settlement_id(found: Settlement, name: str) -> str:
    """The lasting id of one amount of a settlement; the year is the financial year of the day whose terms hold."""
    return f"settlement/{financial_year_of(found.on).label}/{found.clause}/{name}"


def share_id(found: Settlement, party: str) -> str:
    """The lasting id of a party's share of a settlement."""
    return settlement_id(found, f"shares/{slug(party)}")


def settlement_record(found: Settlement) -> dict[str, Any]:
    """A settlement as nested data: the payment, each party's share, and the whole explanation."""
    return {
        "clause": found.clause,
        "on": found.on.isoformat(),
        "payment": value_text(found.payment, separators=False),
        "unit": found.payment.unit,
        "shares": [
            {"party": party, "amount": value_text(line, separators=False), "id": share_id(found, party)}
            for party, line in found.shares.items()
        ],
        "amounts": settlement_rows(found),
        "explanation": explanation_tree(found.payment),
    }


def settlement_rows(found: Settlement) -> list[dict[str, Any]]:
    """One row an amount on the way to the payment, in the order of the clause's operations."""
    return [
        {
            "name": name,
            "label": line.name,
            "amount": value_text(line, separators=False),
            "unit": line.unit,
            "id": settlement_id(found, name),
        }
        for name, line in found.amounts.items()
    ]
