"""In what stable shape are contracts and their clauses handed to other programs?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from commonweal.contract.clauses.clause import Clause
from commonweal.contract.clauses.reading import HEAD, Contract


def contracts_record(contracts: Mapping[str, Contract]) -> dict[str, Any]:
    """The contracts of the library as nested data."""
    return {"contracts": contract_list_rows(contracts)}


def contract_list_rows(contracts: Mapping[str, Contract]) -> list[dict[str, Any]]:
    """One row a contract: how it is asked for, what it is called, how many clauses it has, and which it builds on."""
    return [
        {
            "contract": name,
            "label": held.agreement.label,
            "clauses": len(held.clauses) - 1,
            "based_on": ", ".join(held.agreement.bases) or None,
            "meaning": held.agreement.meaning,
        }
        for name, held in contracts.items()
    ]


def contract_record(contract: Contract, on: date) -> dict[str, Any]:
    """A contract as nested data, with the value of each term on a day."""
    return {
        "contract": contract.name,
        "label": contract.agreement.label,
        "currency": contract.agreement.currency,
        "parties": [{"party": name, "meaning": what} for name, what in sorted(contract.agreement.parties.items())],
        "on": on.isoformat(),
        "clauses": [
            {
                "clause": clause.clause,
                "name": clause.name,
                "label": clause.label,
                "file": contract.files[(clause.clause, clause.name)],
                "terms": list(_terms(clause, on)),
            }
            for clause in contract.clauses
        ],
    }


def contract_rows(contract: Contract, on: date) -> list[dict[str, Any]]:
    """One row a term of each clause: what it is on a day, and who says so; blank where it holds only later."""
    return [
        {"clause": clause.clause, "name": clause.name, **{key: term[key] for key in term if key != "table"}}
        for clause in contract.clauses
        if clause.clause != HEAD
        for term in _terms(clause, on)
    ]


def _terms(clause: Clause, on: date) -> Iterator[dict[str, Any]]:
    for name in clause.parameters:
        parameter = clause.parameters[name]
        held = [value for value in parameter.values if value.start <= on]
        now = held[-1] if held else None
        yield {
            "term": name,
            "label": parameter.label,
            "unit": parameter.unit,
            "value": _value(now.value) if now else None,
            "table": now.value if now and isinstance(now.value, list | dict) else None,
            "since": now.start.isoformat() if now else None,
            "status": now.status if now else None,
            "source": str(now.source) if now else None,
        }


def _value(value: Any) -> str:
    if isinstance(value, list):
        return f"a table of {len(value)} rows"
    return f"a table of {len(value)} entries" if isinstance(value, dict) else str(value)
