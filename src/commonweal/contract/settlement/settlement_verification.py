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
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from commonweal.contract.clauses.reading import Contract, read_contract
from commonweal.contract.settlement.clause import GainLossShare
from commonweal.contract.settlement.settling import Settlement, settled
from commonweal.core.errors import InputError
from commonweal.core.explanation import explanation_tree
from commonweal.core.parameters import library

CONTRACTS = ("mssp",)
TOLERANCES = ("settlement_tolerance", "settlement_rate_tolerance")
FIRST_YEAR, FLAGGED_FROM = 2014, 2016
NEEDED = ("performance_year", "track", "n_ab", "minsavperc", "abtotbnchmk", "abtotexp", "earnsaveloss")
CLAUSE_OF_TRACK = {
    "T1": "track_1",
    "1": "track_1",
    "T1+": "track_1_plus",
    "1+": "track_1_plus",
    "T2": "track_2",
    "2": "track_2",
    "T3": "enhanced",
    "3": "enhanced",
    "EN": "enhanced",
    "ENHANCED": "enhanced",
    "A": "basic_a_b",
    "B": "basic_a_b",
    "C": "basic_c",
    "D": "basic_d",
    "E": "basic_e",
}


@dataclass(frozen=True, slots=True)
class SettledRow:
    """One row of the file: where it stands, by which clause it was settled, what was published and what is ours."""

    row: int
    name: str
    year: int
    clause: str
    published: Decimal
    settlement: Settlement
    tolerance: Decimal

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
            rows = tuple(_settled_row(held, row, number, path) for number, row in enumerate(reader, start=2))
    except UnicodeDecodeError:
        raise InputError("is not text in UTF-8.", where=str(path), mend="Save it as CSV in UTF-8.") from None
    return SettlementVerification(path.name, contract, rows)


def _settled_row(contract: Contract, row: Mapping[str, str], number: int, path: Path) -> SettledRow:
    where = f"{path.name} row {number}"
    year = int(_number(row, "performance_year", where))
    name = CLAUSE_OF_TRACK.get(_track(row))
    if name is None or year < FIRST_YEAR:
        raise InputError(
            f"track '{_track(row)}' of {year} is not known.",
            where=where,
            mend=f"Tracks are {', '.join(CLAUSE_OF_TRACK)}, from {FIRST_YEAR}.",
        )
    clause = contract.one(GainLossShare, name)
    inputs = {key: value for key, value in mssp_inputs(row, year, where).items() if key in clause.inputs}
    found = settled(clause, inputs, date(year, 12, 31))
    dollars, rate = (library()[name].on(date.max).number() for name in TOLERANCES)
    tolerance = max(dollars, rate * abs(found.amounts["difference"].amount))
    published = _number(row, "earnsaveloss", where)
    return SettledRow(number, row.get("aco_id") or row.get("aco_name") or "", year, name, published, found, tolerance)


def _track(row: Mapping[str, str]) -> str:
    track = (row.get("track") or "").strip().upper()
    return track.removeprefix("BASIC").removeprefix("LEVEL").strip() if track.startswith("BASIC") else track


def mssp_inputs(row: Mapping[str, str], year: int, where: str = "") -> dict[str, Any]:
    """The inputs of a settlement from a row of the public use file.

    A blank quality score is 1: the first year of an agreement was paid for reporting. Before 2016 the file does not
    say whether the standard was met; a share of nothing says that it was not.
    """
    quality = _number(row, "qualscore", where, Decimal(1))
    share = _number(row, "finalsharerate", where, Decimal(1))
    met = _number(row, "met_qps", where, Decimal(1 if share else 0) if year < FLAGGED_FROM else Decimal(1))
    return {
        "benchmark": _number(row, "abtotbnchmk", where),
        "expenditure": _number(row, "abtotexp", where),
        "beneficiaries": _number(row, "n_ab", where),
        "elected": _number(row, "minsavperc", where),
        "quality": quality,
        "standard_met": met,
        "alternative_standard": _number(row, "met_altqps", where, Decimal(0)),
        "reduced_share": _number(row, "reducedss", where, Decimal(0)),
        "relief": abs(_number(row, "disadj", where, Decimal(0))),
        "agreement_year": _agreement_year(row, year, where),
    }


def _agreement_year(row: Mapping[str, str], year: int, where: str) -> Decimal:
    # Without a start the last, widest limit holds.
    start = (row.get("current_start_date") or "").split(" ")[0].rpartition("/")[2]
    return Decimal(max(1, year - int(start) + 1)) if start.isdigit() else Decimal(3)


def _number(row: Mapping[str, str], column: str, where: str, blank: Decimal | None = None) -> Decimal:
    text = (row.get(column) or "").strip().replace(",", "").replace("$", "")
    if not text and blank is not None:
        return blank
    try:
        if (value := Decimal(text)).is_finite():
            return value
    except InvalidOperation:
        pass
    raise InputError(f"{column} '{text}' is no number.", where=where, mend="Mend the value.")


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
        }
        for row in found.unmatched
    ]
