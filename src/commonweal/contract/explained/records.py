"""In what stable shape are explained amounts and comparisons handed to other programs?"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from commonweal.contract.explained.comparison import Comparison
from commonweal.core.amounts import Line
from commonweal.core.explanation import explained, explanation_tree, reliability, value_text
from commonweal.core.money import money_text


def why_record(amount_id: str, line: Line, depth: int | None) -> dict[str, Any]:
    """An amount as nested data: its id, value and status, and its explanation."""
    return {
        "id": amount_id,
        "label": line.name,
        "amount": value_text(line, separators=False),
        "unit": line.unit,
        "status": reliability(line),
        "explanation": explanation_tree(line, depth=depth),
    }


def why_rows(line: Line, depth: int | None) -> list[dict[str, Any]]:
    """One row a line of the explanation, depth first."""
    return [asdict(row) for row in explained(line, depth=depth)]


def comparison_record(found: Comparison) -> dict[str, Any]:
    """A comparison as nested data: what either pays, the difference, and what each change adds."""
    return {
        "first": _side(found, first=True),
        "second": _side(found, first=False),
        "unit": found.paid_first.payment.unit,
        "difference": money_text(found.difference, separators=False),
        "way": found.way,
        "changes": comparison_rows(found),
    }


def comparison_rows(found: Comparison) -> list[dict[str, Any]]:
    """One row a change, with what it adds and what is paid once it is made."""
    return [
        {
            "kind": held.change.kind,
            "name": held.change.name,
            "label": held.change.label,
            "before": held.change.before,
            "after": held.change.after,
            "adds": money_text(held.amount, separators=False),
            "of_which_rounding": money_text(held.rounding, separators=False),
            "pays_then": money_text(reached, separators=False),
            "source": held.change.source,
        }
        for held, reached in zip(found.additions, found.running(), strict=True)
    ]


def _side(found: Comparison, *, first: bool) -> dict[str, Any]:
    side, amount = (found.first, found.before) if first else (found.second, found.after)
    return {
        "contract": side.name,
        "clause": side.clause.name,
        "on": side.on.isoformat(),
        "payment": money_text(amount, separators=False),
    }
