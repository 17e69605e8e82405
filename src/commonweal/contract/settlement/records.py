"""In what stable shape is a settlement handed to other programs?"""

from __future__ import annotations

from typing import Any

from commonweal.contract.settlement.settling import Settlement
from commonweal.core.explanation import explanation_tree, value_text


def settlement_record(found: Settlement) -> dict[str, Any]:
    """A settlement as nested data: the payment, each party's share, and the whole explanation."""
    return {
        "clause": found.clause,
        "on": found.on.isoformat(),
        "payment": value_text(found.payment, separators=False),
        "unit": found.payment.unit,
        "shares": [
            {"party": party, "amount": value_text(line, separators=False)} for party, line in found.shares.items()
        ],
        "explanation": explanation_tree(found.payment),
    }


def settlement_rows(found: Settlement) -> list[dict[str, Any]]:
    """One row an amount on the way to the payment, in the order of the clause's operations."""
    return [
        {"name": name, "label": line.name, "amount": value_text(line, separators=False), "unit": line.unit}
        for name, line in found.amounts.items()
    ]
