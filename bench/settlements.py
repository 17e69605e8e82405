"""How many settlements a second with full explanations, and how fast are futures beside plain NumPy and pandas?

The first part settles public results of the Medicare Shared Savings Program, or made-up ones of the same form, each by
the clause of its track, and tells the whole explanation of each as nested data. The second settles the same futures of
a contract of a hundred practices three ways in the same run: by the clause, by the same arithmetic written by hand in
NumPy, and by pandas row by row. All three must pay the same; then times are compared.

    python bench/settlements.py [FILE]
"""

from __future__ import annotations

import csv
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from commonweal.contract.clauses.reading import read_contract
from commonweal.contract.risk.assessment import Asked, cedings_of, contract_risk, uncertainty_of
from commonweal.contract.risk.futures import RiskPool
from commonweal.contract.risk.outcomes import risk_terms
from commonweal.contract.settlement.clause import GainLossShare
from commonweal.contract.settlement.settlement_verification import verify_settlements
from commonweal.contract.settlement.settling import settled
from commonweal.core.explanation import explanation_tree
from commonweal.core.parameters import library

ORGANISATIONS, PRACTICES, FUTURES, YEARS = 500, 100, 10_000, 5
ROWS_OF_PANDAS = 20_000
DAY = date(2026, 4, 1)
TIMES = 5
BARS = {
    "settlements a second": 500,
    "times plain NumPy": 2,
    "times faster than pandas": 100,
    "seconds of risk": 5,
}
COLUMNS = (
    "aco_id,performance_year,track,n_ab,minsavperc,abtotbnchmk,abtotexp,disadj,earnsaveloss,met_qps,qualscore,reducedss"
)
TRACKS = ("1", "2", "3", "A", "C", "D", "E", "EN")


def made_up(path: Path, rows: int) -> Path:
    """A file of made-up results in the form of the published ones."""
    draw = np.random.default_rng(1)
    lines = [COLUMNS]
    for number in range(rows):
        year, track = (2018, TRACKS[number % 3]) if number % 2 else (2023, TRACKS[3 + number % 5])
        benchmark = int(draw.integers(50_000_000, 900_000_000))
        spend = int(benchmark * draw.normal(1, 0.04))
        lines.append(
            f"A{number:04},{year},{track},{draw.integers(5_000, 90_000)},0.02,{benchmark},{spend},,0,1,"
            f"{draw.uniform(0.7, 1):.4f},"
        )
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def first_rows(path: Path, target: Path, rows: int) -> Path:
    """The first rows of a published file."""
    with path.open(encoding="utf-8-sig", newline="") as opened:
        held = [row for _, row in zip(range(rows + 1), csv.reader(opened), strict=False)]
    with target.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened).writerows(held)
    return target


def seconds(work: Callable[[], object], times: int = TIMES) -> float:
    """Processor seconds of the median of so many runs."""
    took = []
    for _ in range(times):
        before = time.process_time()
        work()
        took.append(time.process_time() - before)
    return statistics.median(took)


def settle_and_explain(path: Path) -> int:
    """Every row of a file settled, with its explanation told in full; how many lines the explanations have."""
    return sum(_size(explanation_tree(row.settlement.payment)) for row in verify_settlements(path).rows)


def _size(tree: dict[str, object]) -> int:
    parts = tree.get("parts", [])
    return 1 + sum(_size(part) for part in parts)  # type: ignore[attr-defined,misc]


def by_clause(clause: GainLossShare, held: dict[str, NDArray[np.float64]]) -> NDArray[np.float64]:
    """The contract's own clause over futures x practices."""
    value = settled(clause, {**held, "list_base": held["list_base"]}, DAY).payment.value
    assert isinstance(value, np.ndarray)
    return value


def by_hand(
    baseline: NDArray[np.float64],
    list_now: NDArray[np.float64],
    list_base: NDArray[np.float64],
    actual: NDArray[np.float64],
    quality: NDArray[np.float64],
) -> NDArray[np.float64]:
    """The same arithmetic as somebody who knows NumPy writes it: uplift 0, corridor 2 %, limit 5 %, half shared."""
    expected = baseline * (1 + 0.0) * (list_now / list_base)
    difference = expected - actual
    beyond = np.sign(difference) * np.maximum(np.abs(difference) - 0.02 * expected, 0)
    shared = np.clip(beyond, -0.05 * expected, 0.05 * expected) * 0.5
    paid = np.where(shared > 0, shared * quality, shared)
    pence = np.abs(paid) * 100
    found: NDArray[np.float64] = np.copysign(np.floor(pence + 0.5 + np.maximum(1e-5, pence * 2e-15)), paid) / 100
    return found


def of_row(row: pd.Series) -> float:
    """The same again for one row of a data frame."""
    expected = row["baseline"] * (1 + 0.0) * (row["list_now"] / row["list_base"])
    difference = expected - row["actual"]
    size = max(abs(difference) - 0.02 * expected, 0)
    beyond = size if difference > 0 else -size
    shared = 0.5 * min(max(beyond, -0.05 * expected), 0.05 * expected)
    return float(round(shared * row["quality"] if shared > 0 else shared, 2))


def futures_held() -> dict[str, NDArray[np.float64]]:
    """Inputs of futures x practices, as arrays of one shape."""
    draw = np.random.default_rng(2)
    shape = (FUTURES, PRACTICES)
    people = np.broadcast_to(np.linspace(4_000, 14_000, PRACTICES), shape).copy()
    baseline = people * 600
    lists = people * np.exp(draw.normal(0, 0.02, shape))
    actual = baseline * lists / people * draw.normal(1, 0.04, shape)
    quality = np.broadcast_to(draw.beta(32, 3.5, (FUTURES, 1)), shape).copy()
    return {"baseline": baseline, "list_now": lists, "list_base": people, "actual": actual, "quality": quality}


def settle(path: Path) -> float:
    """Settlements a second with explanations, printed with how many lines those have."""
    rows = len(verify_settlements(path).rows)
    lines = settle_and_explain(path)
    bare = seconds(lambda: verify_settlements(path))
    told = seconds(lambda: settle_and_explain(path))
    print(f"{rows} organisations, {lines / rows:.0f} lines of explanation each")
    print(f"  settled, every line made      {bare:7.3f} s  {rows / bare:8.0f} a second")
    print(f"  settled and told as data      {told:7.3f} s  {rows / told:8.0f} a second")
    return rows / told


def compare() -> tuple[float, float]:
    """How the clause compares with NumPy by hand and with pandas by row; the three pay the same."""
    clause, held = read_contract("mcp-gain-share").one(GainLossShare), futures_held()
    rows = pd.DataFrame({name: column.ravel()[:ROWS_OF_PANDAS] for name, column in held.items()})
    ours, plain = by_clause(clause, held), by_hand(**held)
    frame = rows.apply(of_row, axis=1).to_numpy()
    assert np.array_equal(ours, plain), "the clause and NumPy pay differently"
    assert np.abs(ours.ravel()[:ROWS_OF_PANDAS] - frame).max() < 0.011, "the clause and pandas pay differently"
    # By turns, so that what else the machine does meets both.
    pairs = [(seconds(lambda: by_clause(clause, held), 1), seconds(lambda: by_hand(**held), 1)) for _ in range(9)]
    mine, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    panda = seconds(lambda: rows.apply(of_row, axis=1), 1) / ROWS_OF_PANDAS * FUTURES * PRACTICES
    print(f"{FUTURES:,} futures x {PRACTICES} practices, one year")
    print(f"  by the clause                 {mine:7.3f} s")
    print(f"  plain NumPy by hand           {theirs:7.3f} s  the clause takes {mine / theirs:.2f} times as long")
    print(f"  pandas by row                 {panda:7.1f} s  the clause is {panda / mine:,.0f} times faster")
    print(f"                                           (pandas measured on {ROWS_OF_PANDAS:,} rows, in proportion)")
    return mine / theirs, panda / mine


def risk() -> float:
    """Seconds of the whole risk of a contract of a hundred practices: parties, practices and every curve."""
    contract, parameters = read_contract("mcp-gain-share"), library()
    terms = risk_terms(contract, contract.one(GainLossShare), first=DAY, years=YEARS)
    sizes = tuple(4_000 + 100 * i for i in range(PRACTICES))
    pool = RiskPool(
        tuple(f"X{i:05}" for i in range(PRACTICES)), sizes, tuple(Decimal(600 * people) for people in sizes)
    )
    cedings, _ = cedings_of(parameters, DAY, None)
    likely = uncertainty_of(parameters, DAY, sigma=3.67)
    took = seconds(lambda: contract_risk(terms, pool, likely, Asked(FUTURES, 1, 0.995), parameters, cedings=cedings), 3)
    print(f"Risk of {FUTURES:,} futures, {PRACTICES} practices, {YEARS} years, with every curve")
    print(f"                                {took:7.3f} s")
    return took


def main(file: Path | None) -> int:
    """Measure all, say whether each bar is met, and fail when one is not."""
    with tempfile.TemporaryDirectory(prefix="commonweal-settlements-") as folder:
        target = Path(folder) / "rows.csv"
        path = first_rows(file, target, ORGANISATIONS) if file else made_up(target, ORGANISATIONS)
        rate = settle(path)
    numpy_ratio, pandas_ratio = compare()
    took = risk()
    met = {
        "settlements a second": rate >= BARS["settlements a second"],
        "times plain NumPy": numpy_ratio <= BARS["times plain NumPy"],
        "times faster than pandas": pandas_ratio >= BARS["times faster than pandas"],
        "seconds of risk": took <= BARS["seconds of risk"],
    }
    for name, held in met.items():
        print(f"{name}, bar {BARS[name]}: {'met' if held else 'NOT met'}")
    return 0 if all(met.values()) else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else None))
