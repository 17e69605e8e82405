"""How does a statement read as flat rows, for CSV, JSON and spreadsheets?

Keys are stable and are defined in tables/contract.yaml. Amounts are exact decimals; every row has the name under
which its explanation can be asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from commonweal.contract.paid_on import MCP, Entry
from commonweal.contract.statement import Statement
from commonweal.core.amounts import Line
from commonweal.core.errors import InputError
from commonweal.core.explanation import reliability

PRACTICE_KINDS = {"partial": "practice_under_integration_agreement", "full": "practice_in_mcp"}

Row = dict[str, object]


def statement_rows(statement: Statement) -> list[Row]:
    """One row per direction, purpose, party and service line, and practice where practices are paid.

    Rows of nothing are left out, so a month without any practice in the budget has no rows.
    """
    return [row for entry in statement.entries for row in entry_rows(statement, entry)]


def settled_rows(statement: Statement) -> list[Row]:
    """The same for what earlier months owe and this month pays; it is accounted for in those months."""
    return [{**row, "direction": "settled"} for entry in statement.settles for row in entry_rows(statement, entry)]


def pooled_rows(statement: Statement) -> list[Row]:
    """The pooled view: one row per service line and practice; no cash moves."""
    return [
        {
            "month": statement.month.label,
            "service_line": code,
            "practice_code": practice,
            "practice_option": statement.options.get(practice, ""),
            "amount": amount,
        }
        for code, column in statement.pooled.items()
        for practice, amount in column.by_key().items()
        if amount != 0
    ]


def explanation(statement: Statement, explanation_id: str) -> Line:
    """The line behind a row.

    Raises   InputError for a name that no row of the statement has.
    """
    for entry in statement.entries:
        for row in entry_rows(statement, entry):
            if row["explanation_id"] == explanation_id:
                return entry.column.at(str(row["practice_code"])) if entry.to_practices else entry.amount
    raise InputError(f"'{explanation_id}' is no row of the statement of {statement.month.label}.")


def entry_rows(statement: Statement, entry: Entry) -> Iterator[Row]:
    """The rows of one entry; a settled entry's rows bear the month that it was owed for."""
    if not entry.to_practices:
        yield from _row(statement, entry, entry.party, _kind(entry), "", entry.amount.amount)
        return
    # Options are those of the statement's own month; an entry of an earlier one may have been paid under another.
    options = statement.options if entry.served == statement.month else {}
    for code, amount in entry.column.by_key().items():
        kind = PRACTICE_KINDS.get(options.get(code, ""), "practice")
        yield from _row(statement, entry, statement.names.get(code, code), kind, code, amount)


def _row(statement: Statement, entry: Entry, party: str, kind: str, code: str, amount: Decimal) -> Iterator[Row]:
    if amount == 0:
        return
    month = entry.served.label
    yield {
        "month": month,
        "direction": entry.direction,
        "purpose": entry.purpose,
        "party": party,
        "party_kind": kind,
        "service_line": entry.service_line,
        "practice_code": code,
        "amount": amount,
        "payable_month": entry.payable.label if entry.payable else month,
        "status": reliability(entry.column),
        "explanation_id": "/".join(
            (month, entry.direction, entry.service_line, slug(entry.purpose), slug(code or party))
        ),
    }


def _kind(entry: Entry) -> str:
    if entry.direction == "received":
        return "commissioner"
    return "mcp" if entry.party == MCP else "existing_provider"


def slug(text: str) -> str:
    """Text in lower case, its words joined by hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
