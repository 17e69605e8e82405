"""In what stable shape is a settlement handed to other programs?"""

from __future__ import annotations

from typing import Any

from commonweal.contract.chance.beside import ChanceBeside
from commonweal.contract.chance.records import beside_record
from commonweal.contract.settlement.place_settlement import PlaceSettlement
from commonweal.contract.settlement.settling import Settlement
from commonweal.contract.statement_rows import slug
from commonweal.core.explanation import explanation_tree, value_text
from commonweal.core.periods import financial_year_of

IN_MONEY = ("spread_in_money", "payment_low", "payment_high")
CHANCE_LABELS = {
    "spread": "Spread that chance alone gives",
    "spread_in_money": "Spread that chance alone gives, in money",
    "payment_low": "Payment by chance alone, low of 95 in 100",
    "payment_high": "Payment by chance alone, high of 95 in 100",
    "paid_for_chance": "How often chance alone is paid",
    "charged_for_chance": "How often chance alone is charged",
}


def settlement_id(found: Settlement, name: str) -> str:
    """The lasting id of one amount of a settlement; the year is the financial year of the day whose terms hold."""
    return f"settlement/{financial_year_of(found.on).label}/{found.clause}/{name}"


def share_id(found: Settlement, party: str) -> str:
    """The lasting id of a party's share of a settlement."""
    return settlement_id(found, f"shares/{slug(party)}")


def settlement_record(found: Settlement, beside: PlaceSettlement | None = None) -> dict[str, Any]:
    """A settlement as nested data: the payment, each share, what stands beside it, and the whole explanation."""
    origins, practices, chance = (beside.origins, beside.practices, beside.chance) if beside else ({}, {}, None)
    return {
        "clause": found.clause,
        "on": found.on.isoformat(),
        "payment": value_text(found.payment, separators=False),
        "unit": found.payment.unit,
        "shares": [
            {"party": party, "amount": value_text(line, separators=False), "id": share_id(found, party)}
            for party, line in found.shares.items()
        ],
        "practices": [
            {"practice": code, "amount": value_text(line, separators=False)} for code, line in practices.items()
        ],
        "inputs": [{"name": name, "from": origin} for name, origin in sorted(origins.items())],
        "notes": list(found.notes),
        "chance": beside_record(chance),
        "amounts": settlement_rows(found),
        "explanation": explanation_tree(found.payment),
    }


def settlement_rows(found: Settlement, beside: PlaceSettlement | None = None) -> list[dict[str, Any]]:
    """One row an amount on the way to the payment, in the order of the clause's operations; then what chance gives."""
    rows = [
        {
            "name": name,
            "label": line.name,
            "amount": value_text(line, separators=False),
            "unit": line.unit,
            "id": settlement_id(found, name),
        }
        for name, line in found.amounts.items()
    ]
    return rows + (_chance_rows(found, beside.chance) if beside and beside.chance else [])


def _chance_rows(found: Settlement, chance: ChanceBeside) -> list[dict[str, Any]]:
    rows = []
    for reading in (beside_record(chance) or {})["readings"]:
        for key, label in CHANCE_LABELS.items():
            name = f"chance/{slug(reading['reading'])}/{key}"
            unit = found.payment.unit if key in IN_MONEY else "share"
            text = f"{label}: {reading['reading'].lower()}"
            row = {"name": name, "label": text, "amount": str(reading[key]), "unit": unit}
            rows.append({**row, "id": settlement_id(found, name)})
    return rows
