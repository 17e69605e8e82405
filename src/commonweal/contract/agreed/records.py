"""In what stable shape is what a contract pays on, and how it shares, handed to other programs?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from commonweal.contract.agreed.member_shares import MemberShares
from commonweal.contract.agreed.subcontracts import Subcontracts
from commonweal.core.amounts import Line, summed
from commonweal.core.explanation import explanation_tree, reliability
from commonweal.core.periods import Period


def subcontract_rows(clause: Subcontracts, served: Period, paid: Mapping[str, Line]) -> list[dict[str, Any]]:
    """One row a subcontract: what it pays for the month."""
    return [
        {
            "month": served.label,
            "name": held.name,
            "provider": held.provider,
            "service_line": held.service_line,
            "type": held.type,
            "amount": paid[held.name].amount,
            "status": reliability(paid[held.name]),
        }
        for held in clause.subcontracts
    ]


def subcontracts_record(clause: Subcontracts, served: Period, paid: Mapping[str, Line]) -> dict[str, Any]:
    """What the subcontracts of a clause pay for a month, as nested data with explanations."""
    return {
        "clause": clause.name,
        "month": served.label,
        "total": sum((line.amount for line in paid.values()), Decimal(0)),
        "subcontracts": [
            {**row, "explanation": explanation_tree(paid[row["name"]])}
            for row in subcontract_rows(clause, served, paid)
        ],
    }


def member_rows(shares: Line) -> list[dict[str, Any]]:
    """One row a member: its share, in whole pence."""
    return [{"member": member, "amount": amount} for member, amount in shares.by_key().items()]


def members_record(clause: MemberShares, on: date, shares: Line) -> dict[str, Any]:
    """An amount shared among members as nested data."""
    rows = member_rows(shares)
    return {
        "clause": clause.name,
        "on": on.isoformat(),
        "by": clause.by,
        "total": sum((row["amount"] for row in rows), Decimal(0)),
        "members": rows,
        "explanation": explanation_tree(summed("shared out", shares)),
    }
