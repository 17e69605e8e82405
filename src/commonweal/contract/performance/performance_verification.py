"""Do published scores of performance pay follow from their own inputs?

Each hospital of the Hospital Value-Based Purchasing Program is scored by the clause of the contract from its baseline
and performance rates, and every published point, domain and total is set beside ours. Domains are published to twelve
decimals, and ours are rounded to as many.

A combined score of surgical sites is a mean by predicted infections, which are not published: where a hospital has both
measures, the combined score can only be held to lie between them, and the domain goes on from the published one.

Source   Hospital Value-Based Purchasing Program, Centers for Medicare and Medicaid Services.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import partial
from pathlib import Path

from commonweal.contract.clauses.reading import read_contract
from commonweal.contract.performance.clause import PerformanceScheme
from commonweal.contract.performance.measured import Measured
from commonweal.contract.performance.performance import Performance, performance
from commonweal.contract.performance.published_columns import (
    BASE_SCORE,
    COMBINED,
    CONSISTENCY,
    DIMENSIONS,
    DOMAIN_COLUMNS,
    FILES,
    HOSPITAL,
    MEASURES,
    NOT_AVAILABLE,
    SURGICAL_SITES,
    TOTAL,
    YEAR,
    needed_columns,
)
from commonweal.core.amounts import Line, total
from commonweal.core.errors import InputError
from commonweal.core.money import EXACT

CONTRACTS = ("hvbp",)
PLACES = Decimal("0.000000000001")
OCTOBER = 10


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One published score: whose, of what kind, of what, what was published, and ours with its explanation.

    published, recomputed   None where there is none
    low, high               between which a score lies that cannot be worked out from what is published
    """

    hospital: str
    kind: str
    of: str
    published: Decimal | None
    recomputed: Line | None
    low: Decimal | None = None
    high: Decimal | None = None

    @property
    def ours(self) -> Decimal | None:
        """Ours, as published: to twelve decimals."""
        return None if self.recomputed is None else self.recomputed.amount.quantize(PLACES, context=EXACT)

    @property
    def matched(self) -> bool:
        """Whether the two are the same, or the published one lies within its bounds."""
        if self.low is not None and self.high is not None:
            return self.published is not None and self.low <= self.published <= self.high
        return self.ours == self.published


@dataclass(frozen=True, slots=True)
class PerformanceVerification:
    """A folder of published scores worked out again."""

    folder: str
    contract: str
    hospitals: int
    rows: tuple[ScoreRow, ...]

    @property
    def matched(self) -> int:
        """Scores that match."""
        return sum(row.matched for row in self.rows)

    @property
    def of(self) -> int:
        """Scores compared."""
        return len(self.rows)

    @property
    def unmatched(self) -> tuple[ScoreRow, ...]:
        """Scores that do not match."""
        return tuple(row for row in self.rows if not row.matched)

    def by_kind(self) -> dict[str, tuple[int, int]]:
        """Matched and compared, by kind of score."""
        found: dict[str, tuple[int, int]] = {}
        for row in self.rows:
            matched, of = found.get(row.kind, (0, 0))
            found[row.kind] = (matched + row.matched, of + 1)
        return found


@dataclass(frozen=True, slots=True)
class _Cell:
    row: Mapping[str, str]
    where: str

    def number(self, column: str) -> Decimal | None:
        """A number as published: '7 out of 10' is 7, '53.50%' is 53.50; None where not available."""
        text = (self.row.get(column) or "").strip()
        if text in ("", NOT_AVAILABLE):
            return None
        try:
            if (found := Decimal(text.split(" ")[0].rstrip("%"))).is_finite():
                return found
        except InvalidOperation:
            pass
        raise InputError(f"'{text}' is no score.", where=f"{self.where}, column '{column}'", mend="Mend the value.")


def verify_performance_pay(folder: Path, contract: str = "hvbp") -> PerformanceVerification:
    """Every hospital of a folder of published scores, scored by the contract's clause.

    Raises   InputError for a contract that scores no published folder, a file or column that is missing, a wrong value.
    """
    if contract not in CONTRACTS:
        mend = f"Name {', '.join(CONTRACTS)}."
        raise InputError(f"'{contract}' scores no published folder.", where="--contract", mend=mend)
    scheme = read_contract(contract).one(PerformanceScheme)
    files = {name: _rows(folder / file, name) for name, file in FILES.items()}
    rows: list[ScoreRow] = []
    hospitals = sorted(files["total"])
    for hospital in hospitals:
        cells = {}
        for name, of in files.items():
            if hospital not in of:
                message, mend = f"has no hospital {hospital}.", f"{FILES['total']} has it."
                raise InputError(message, where=FILES[name], mend=mend)
            cells[name] = of[hospital]
        rows.extend(_hospital_rows(scheme, hospital, cells))
    return PerformanceVerification(folder.name, contract, len(hospitals), tuple(rows))


def _rows(path: Path, name: str) -> dict[str, _Cell]:
    if not path.is_file():
        raise InputError(
            "There is no such file.", where=str(path), mend=f"The folder holds {', '.join(FILES.values())}."
        )
    try:
        with path.open(encoding="utf-8-sig", newline="") as opened:
            reader = csv.DictReader(opened)
            for column in needed_columns(name):
                if column not in (reader.fieldnames or ()):
                    raise InputError(f"has no column '{column}'.", where=path.name, mend="Take the file as published.")
            found = {
                (row[HOSPITAL] or "").strip(): _Cell(row, f"{path.name} row {number}")
                for number, row in enumerate(reader, start=2)
            }
    except UnicodeDecodeError:
        raise InputError("is not text in UTF-8.", where=str(path), mend="Save it as CSV in UTF-8.") from None
    return found


def _hospital_rows(scheme: PerformanceScheme, hospital: str, cells: Mapping[str, _Cell]) -> Iterator[ScoreRow]:
    on = _first_day(cells["total"])
    held = {}
    for measure, (file, prefix) in MEASURES.items():
        _check_terms(scheme, measure, cells[file], prefix, on)
        value, baseline = (cells[file].number(f"{prefix} {of} Rate") for of in ("Performance", "Baseline"))
        held[measure] = Measured(value=value, baseline=baseline, where=cells[file].where)
    both = all(held[part].value is not None for part in SURGICAL_SITES)
    combined = cells["safety"].number(COMBINED)
    if both:
        held["surgical_sites"] = Measured(points=combined, where=cells["safety"].where)
    found = performance(scheme, held, {}, on, chance=False)
    yield from (row for row in _compared(hospital, cells, found, both, combined) if _either(row))


def _either(row: ScoreRow) -> bool:
    return row.published is not None or row.recomputed is not None or row.low is not None


def _first_day(cell: _Cell) -> date:
    year = cell.number(YEAR)
    if year is None or not 2013 <= year < 2100:
        raise InputError("has no fiscal year.", where=cell.where, mend="Write it as 2024.")
    return date(int(year) - 1, OCTOBER, 1)


def _check_terms(scheme: PerformanceScheme, measure: str, cell: _Cell, prefix: str, on: date) -> None:
    """The clause's thresholds are those of the file; another fiscal year has others."""
    columns = {"threshold": "Achievement Threshold", "benchmark": "Benchmark", "floor": "Floor"}
    for term, column in columns.items():
        if term == "floor" and measure not in DIMENSIONS:
            continue
        published = cell.number(f"{prefix} {column}")
        ours = scheme.number(term, on, measure).amount
        if published is not None and published != ours:
            raise InputError(
                f"has {published} where the clause has {ours} on {on}.",
                where=f"{cell.where}, column '{prefix} {column}'",
                mend=f"Add the fiscal year's values to the term '{term}' of the clause.",
            )


def _compared(
    hospital: str, cells: Mapping[str, _Cell], found: Performance, both: bool, combined: Decimal | None
) -> Iterator[ScoreRow]:
    row = partial(ScoreRow, hospital)
    for measure, (file, prefix) in MEASURES.items():
        ours, cell = found.measures[measure], cells[file]
        tried = ours.tried or {}
        of = "dimension" if measure in DIMENSIONS else "measure"
        yield row("achievement", measure, cell.number(f"{prefix} Achievement Points"), tried.get("achievement"))
        yield row("improvement", measure, cell.number(f"{prefix} Improvement Points"), tried.get("improvement"))
        yield row(f"{of} score, the better", measure, cell.number(f"{prefix} {of.title()} Score"), ours.points)
    survey = cells["engagement"]
    dimensions = [found.measures[name].points for name in DIMENSIONS]
    base = total("base score", *(line for line in dimensions if line)) if all(dimensions) else None
    yield row("survey base score", "engagement", survey.number(BASE_SCORE), base)
    yield row("survey consistency", "engagement", survey.number(CONSISTENCY), found.measures["consistency"].points)
    if both:
        parts = [line.amount for line in (found.measures[name].points for name in SURGICAL_SITES) if line]
        yield row("combined surgical sites, within bounds", "safety", combined, None, min(parts), max(parts))
    else:
        yield row("combined surgical sites", "safety", combined, found.measures["surgical_sites"].points)
    for domain, (unweighted, weighted) in DOMAIN_COLUMNS.items():
        ours_of = found.domains[domain]
        yield row("domain, unweighted", domain, cells["total"].number(unweighted), ours_of.score)
        yield row("domain, weighted", domain, cells["total"].number(weighted), ours_of.weighted)
    yield row("total performance score", "total", cells["total"].number(TOTAL), found.total.score)
