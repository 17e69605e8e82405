"""How fast are all of England's practices read, checked, budgeted and set out under the options?

Prints seconds, peak memory and their ratios against the same written in plain pandas, each in a process of its own in
the same run. Both start from the published files and end with the same national sums, which are compared; the pandas
side works in floats, explains nothing, publishes nothing and makes the five plainest checks only.

    python bench/england.py ../shared/data/practices
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

RUNS = 3
YEAR = "2026-27"
POUNDS_APART = 5.0


def ours(folder: Path) -> dict[str, float]:
    """Commonweal's own way: a place of every board in England."""
    from commonweal.core.engine import duckdb_engine
    from commonweal.core.periods import financial_year
    from commonweal.opened import OpenPlace
    from commonweal.place.folder import Place
    from commonweal.place.inputs import place_inputs
    from commonweal.place.published.reading import published_paths, read_published

    started = time.perf_counter()
    published = read_published(duckdb_engine(), published_paths(folder))
    need, paid = published.tables["need_populations"], published.tables["payment_practices"]
    both = need.semi_join(paid.filter(paid.financial_year == published.baseline_year), "practice_code")
    codes = tuple(both.order_by("practice_code").practice_code.to_pyarrow().to_pylist())
    with tempfile.TemporaryDirectory() as nowhere:
        place = Place(
            path=Path(nowhere),
            name="England",
            commissioner_code="",
            commissioner_name="",
            rule={},
            practice_codes=codes,
            contract_start=date(2026, 4, 1),
            formation={},
            payments_year=published.baseline_year,
            allow_years_apart=False,
        )
        opened = OpenPlace(place, year=financial_year(YEAR), inputs=place_inputs(place, published=published))
        findings = len(opened.findings)
        seconds = time.perf_counter() - started
        print(f"read and checked in {seconds:.1f} s, {_peak():.2f} GB", file=sys.stderr)
        sums = {held.name: float(held.whole.in_budget.amount) for held in opened.options()}
        return {"practices": len(codes), "findings": findings, "cost of care": float(opened.care.total.amount), **sums}


def plain(folder: Path) -> dict[str, float]:
    """The same in plain pandas, floats throughout, with the parameters that Commonweal ships."""
    import numpy as np
    import pandas as pd

    from commonweal.core.parameters import library
    from commonweal.core.periods import financial_year, financial_year_of

    book, start = library(), financial_year("2022-23").start
    need = pd.read_csv(folder / "need_weighted_populations_2022-23.csv", encoding="utf-8-sig")
    years = {year: _payments(pd, folder, year) for year in ("2018-19", "2021-22", "2022-23")}
    pd.read_csv(folder / "practice_membership_2019-2024.csv")
    places = pd.read_csv(folder / "practice_locations.csv")
    pd.read_csv(folder / "gp-reg-pat-prac-all_2021-01.csv")
    paid = years["2022-23"]
    lines = [row for row in book["payment_lines"].on(start).value if not row["is_deduction"]]
    column = {row["code"]: next((n for n in row["names"] if n in paid.columns), None) for row in lines}
    findings = _checks(need, years, places, lines, column)
    place = need.merge(paid, left_on="Practice_Code", right_on="Practice Code")
    weighted = "Number of Weighted Patients (Last Known Figure)"
    components = {
        "general_and_acute": "G&A WP",
        "community": "CS WP",
        "mental_health": "MH WP",
        "maternity": "Mat WP",
        "health_inequalities": "Health Ineq WP",
        "prescribing": "Prescr WP",
    }
    served = 1 + float(book["unregistered_share"].on(start).value)
    deflator = {year: float(value.value) for year, value in _by_year(book["gdp_deflator"]).items()}
    sums: dict[str, float] = {"virtual": 0.0, "partial": 0.0, "full": 0.0}
    scope = {(r["option"], r["service_line"]): float(r["share_in_scope"]) for r in book["scope"].on(start).value}
    whole = 0.0
    for row in book["service_lines"].on(start).value:
        code = row["code"]
        if row["baseline"] == "attributable":
            own = [
                column[r["code"]]
                for r in lines
                if r["service_line"] == code and r["recurrent"] and row["recurrent"] and column[r["code"]]
            ]
            baseline = place[own].sum(axis=1)
            national = paid[own].to_numpy().sum()
            target = baseline
            if row["target_basis"] == "carr_hill":
                target = place[weighted] * national / paid[weighted].sum()
        else:
            held = book[code].on(start)
            prices = deflator["2022-23"] / deflator[financial_year_of(held.start).label]
            people = place[components[row["target_basis"]]].fillna(1).replace(0, 1)
            baseline = people * served * float(held.value) * prices
            target = baseline
        funded = _walked(np, book, deflator, baseline, target)
        whole += funded.sum()
        if not row["moves_to_performance_pay"]:
            for option in sums:
                sums[option] += funded.sum() * scope[option, code]
    return {"practices": len(place), "findings": findings, "cost of care": whole, **sums}


def _payments(pd, folder: Path, year: str):
    found = pd.read_csv(folder / f"gp_payments_{year}.csv", encoding="utf-8-sig", low_memory=False)
    return found.rename(columns=str.strip)


def _by_year(parameter) -> dict:
    from commonweal.core.periods import financial_year_of

    return {financial_year_of(value.start).label: value for value in parameter.values}


def _checks(need, years, places, lines, column) -> int:
    """Lines that do not sum, lists that moved by a fifth, closed practices, codes twice, practices in one file only."""
    paid, before = years["2022-23"], years["2021-22"]
    people = "Number of Registered Patients (Last Known Figure)"
    own = [column[r["code"]] for r in lines if r["in_total"] and column[r["code"]]]
    off = (paid[own].sum(axis=1) - paid["Total NHS Payments to General Practice"]).abs() > 0.005
    both = paid.merge(before, on="Practice Code", suffixes=("", " before"))
    moved = (both[people] / both[f"{people} before"] - 1).abs() > 0.2
    shut = need.merge(places[places["closed_date"].notna()], left_on="Practice_Code", right_on="practice_code")
    twice = need["Practice_Code"].duplicated().sum() + paid["Practice Code"].duplicated().sum()
    alone = set(need["Practice_Code"]) ^ set(paid["Practice Code"])
    return int(off.sum() + moved.sum() + len(shut) + twice + len(alone))


def _walked(np, book, deflator, baseline, target):
    """A line's year by year: growth, transition, pace of change."""
    from commonweal.core.periods import financial_year

    historic, wanted, funded = baseline, target, baseline
    before = baseline.sum()
    for last, label in (("2022-23", "2023-24"), ("2023-24", "2024-25"), ("2024-25", "2025-26"), ("2025-26", "2026-27")):
        day = financial_year(label).start
        rate = {name: float(book[name].on(day).value) for name in ("demography_growth", "other_growth", "efficiency")}
        grown = deflator[label] / deflator[last] * (1 + rate["demography_growth"]) * (1 + rate["other_growth"])
        factor = grown * (1 - rate["efficiency"])
        historic, wanted = historic * factor, wanted * factor
        weight = float(book["transition_weight"].on(day).value)
        blended = (1 - weight) * historic + weight * wanted
        limit = float(book["pace_of_change_limit"].on(day).value)
        total = blended.sum()
        held = float(np.clip(total, before * (1 - limit), before * (1 + limit))) if total > 0 < before else total
        funded = blended * (held / total if total else 1.0)
        before = funded.sum()
    return funded


SIDES: dict[str, Callable[[Path], dict[str, float]]] = {"Commonweal": ours, "plain pandas": plain}


def one_side(name: str, folder: Path) -> None:
    """Run one side in this process and print what it took."""
    started = time.perf_counter()
    sums = SIDES[name](folder)
    seconds = time.perf_counter() - started
    print(json.dumps({"seconds": seconds, "gigabytes": _peak(), "sums": sums}))


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def main(folder: Path) -> None:
    """Run both sides in turn and print the medians and their ratios."""
    taken: dict[str, list[dict]] = {name: [] for name in SIDES}
    for _ in range(RUNS):
        for name in SIDES:
            words = [sys.executable, __file__, str(folder), name]
            done = subprocess.run(words, capture_output=True, text=True, check=True)
            taken[name].append(json.loads(done.stdout))
            if done.stderr.strip():
                print(f"  {name}: {done.stderr.strip()}")
    median = {
        name: {key: statistics.median(run[key] for run in runs) for key in ("seconds", "gigabytes")}
        for name, runs in taken.items()
    }
    print(f"England: read, checked, budgeted for {YEAR} and set out under the options; medians of {RUNS} runs in turn")
    for name, held in median.items():
        print(f"  {name:<14}{held['seconds']:8.2f} s {held['gigabytes']:8.2f} GB   {taken[name][0]['sums']}")
    own, other = median["Commonweal"], median["plain pandas"]
    print(f"  ratio Commonweal / plain pandas: time {own['seconds'] / other['seconds']:.2f}", end=", ")
    print(f"memory {own['gigabytes'] / other['gigabytes']:.2f}")
    apart = {
        key: abs(value - taken["plain pandas"][0]["sums"][key])
        for key, value in taken["Commonweal"][0]["sums"].items()
        if key in taken["plain pandas"][0]["sums"] and key != "findings"
    }
    agreed = all(value <= POUNDS_APART for value in apart.values())
    print(f"  the national sums {'agree' if agreed else 'DIFFER'}: at most £{max(apart.values()):,.2f} apart")


if __name__ == "__main__":
    given = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[2] / "shared/data/practices"
    if not given.is_dir():
        sys.exit(f"No published files at {given}. Name their folder: python bench/england.py FOLDER")
    if len(sys.argv) > 2:
        one_side(sys.argv[2], given)
    else:
        main(given)
