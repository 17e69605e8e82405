"""Does a published file of settlements follow from its own inputs?

Each row of the Medicare Shared Savings Program's public use files is settled by the clause of its track and set beside
what was published. Published rates have four decimals, so a row matches within a few dollars or a small part of its
difference, whichever is more (parameters/checks.yaml).

Source   Performance Year Financial and Quality Results, Centers for Medicare and Medicaid Services.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from commonweal.contract.clauses.reading import Contract, read_contract
from commonweal.contract.settlement.clause import GainLossShare
from commonweal.contract.settlement.mssp_rows import NEEDED, mssp_clause, mssp_inputs, number
from commonweal.contract.settlement.published_columns import WORKED_OUT, PublishedColumn, published_columns
from commonweal.contract.settlement.settling import Settlement, settled
from commonweal.core.errors import InputError
from commonweal.core.explanation import explanation_tree
from commonweal.core.parameters import library

CONTRACTS = ("mssp",)
TOLERANCES = ("settlement_tolerance", "settlement_rate_tolerance")


@dataclass(frozen=True, slots=True)
class SettledRow:
    """One row of the file: where it stands, by which clause it was settled, what was published and what is ours.

    columns   the other columns that are worked out, beside ours
    reason    why it may rightly not match, in words; empty where nothing says so
    """

    row: int
    name: str
    year: int
    clause: str
    published: Decimal
    settlement: Settlement
    tolerance: Decimal
    columns: tuple[PublishedColumn, ...] = ()
    reason: str = ""

    @property
    def recomputed(self) -> Decimal:
        """What the clause pays."""
        return self.settlement.payment.amount

    @property
    def matched(self) -> bool:
        """Whether the two lie within the tolerance."""
        return abs(self.recomputed - self.published) <= self.tolerance


@dataclass(frozen=True, slots=True)
class SettlementVerification:
    """A file of settlements recomputed, all its rows."""

    file: str
    contract: str
    rows: tuple[SettledRow, ...]

    @property
    def matched(self) -> int:
        """Rows that match."""
        return sum(row.matched for row in self.rows)

    @property
    def of(self) -> int:
        """Rows compared."""
        return len(self.rows)

    @property
    def unmatched(self) -> tuple[SettledRow, ...]:
        """Rows that do not match."""
        return tuple(row for row in self.rows if not row.matched)

    @property
    def columns(self) -> dict[str, tuple[int, int]]:
        """How many rows match of how many that have it, for each other column that is worked out."""
        counted: dict[str, tuple[int, int]] = {}
        for held in (column for row in self.rows for column in row.columns):
            matched, of = counted.get(held.column, (0, 0))
            counted[held.column] = (matched + held.matched, of + 1)
        return {column: counted[column] for column in WORKED_OUT if column in counted}


def verify_settlements(path: Path, contract: str = "mssp") -> SettlementVerification:
    """Every row of a file of settlements, settled by the contract's clauses.

    Raises   InputError for a contract that settles no published file, a column that is missing, a value that is wrong.
    """
    if contract not in CONTRACTS:
        raise InputError(
            f"'{contract}' settles no published file.", where="--contract", mend=f"Name {', '.join(CONTRACTS)}."
        )
    held = read_contract(contract)
    try:
        with path.open(encoding="utf-8-sig", newline="") as opened:
            reader = csv.DictReader(opened)
            missing = [name for name in NEEDED if name not in (reader.fieldnames or ())]
            if missing:
                raise InputError(f"has no column {missing[0]}.", where=str(path), mend=f"It needs {', '.join(NEEDED)}.")
            rows = tuple(_settled_row(held, row, place, path) for place, row in enumerate(reader, start=2))
    except UnicodeDecodeError:
        raise InputError("is not text in UTF-8.", where=str(path), mend="Save it as CSV in UTF-8.") from None
    return SettlementVerification(path.name, contract, rows)


def _settled_row(contract: Contract, row: Mapping[str, str], place: int, path: Path) -> SettledRow:
    where = f"{path.name} row {place}"
    year, name = mssp_clause(row, where)
    clause = contract.one(GainLossShare, name)
    inputs = {
        key: value for key, value in mssp_inputs(row, year, where).items() if key in clause.inputs and value is not None
    }
    found = settled(clause, inputs, date(year, 12, 31))
    dollars, rate = (library()[name].on(date.max).number() for name in TOLERANCES)
    tolerance = max(dollars, rate * abs(found.amounts["difference"].amount))
    published = number(row, "earnsaveloss", where)
    return SettledRow(
        place,
        row.get("aco_id") or row.get("aco_name") or "",
        year,
        name,
        published,
        found,
        tolerance,
        published_columns(row, year, name, found, contract),
        _reason(row, clause, published, found.payment.amount),
    )


def _reason(row: Mapping[str, str], clause: GainLossShare, published: Decimal, ours: Decimal) -> str:
    """Why a row may rightly not match: its loss was held by a revenue that is not published."""
    if "revenue" not in clause.inputs or number(row, "revenue", "", Decimal(-1)) >= 0 or not ours < published <= 0:
        return ""
    marked = "; the file marks it so" if number(row, "revlosslimit", "", Decimal(0)) else ""
    return (
        "The loss may be held to a part of the organisation's revenue, which is not published: the published loss is "
        f"the smaller, as it then must be{marked}."
    )


def settlement_verification_record(found: SettlementVerification) -> dict[str, Any]:
    """A verification as nested data, with the explanation of each row that does not match."""
    rows = [
        {**cells, "explanation": explanation_tree(row.settlement.payment)}
        for cells, row in zip(settlement_verification_rows(found), found.unmatched, strict=True)
    ]
    return {
        "file": found.file,
        "contract": found.contract,
        "matched": found.matched,
        "of": found.of,
        "columns": [
            {"column": column, "matched": matched, "of": of} for column, (matched, of) in found.columns.items()
        ],
        "rows": rows,
    }


def settlement_verification_rows(found: SettlementVerification) -> list[dict[str, Any]]:
    """One row for each that does not match."""
    return [
        {
            "row": row.row,
            "name": row.name,
            "performance_year": row.year,
            "clause": row.clause,
            "published": f"{row.published:.2f}",
            "recomputed": f"{row.recomputed:.2f}",
            "difference": f"{row.recomputed - row.published:.2f}",
            "tolerance": f"{row.tolerance:.2f}",
            "reason": row.reason,
        }
        for row in found.unmatched
    ]
