"""Does a place settle its own contract, and say what each number is from?"""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

OUTTURN = (
    "financial_year,service_line,amount,source\n"
    "2026-27,acute_emergency,48000000,ledger\n"
    "2026-27,acute_elective,22000000.50,ledger\n"
    "2026-27,outpatients,24000000,ledger\n"
)


@pytest.fixture
def quality(tmp_path: Path) -> Path:
    (tmp_path / "quality.yaml").write_text("quality: 0.8\n")
    return tmp_path / "quality.yaml"


@pytest.fixture
def place(place: Path) -> Path:
    """The demonstration place, without whatever contract comes with it."""
    shutil.rmtree(place / "contract", ignore_errors=True)
    return place


@pytest.fixture
def agreed(run, place: Path, tmp_path: Path) -> Path:
    """The place with a contract of its own, whose clauses lie in its folder, and an outturn."""
    assert run("contract", "new", place / "contract", "--from", "mcp-gain-share").code == 0
    (place / "contract" / "outturn.csv").write_text(OUTTURN)
    return place


def test_a_place_settles_its_own_contract(run, agreed, quality):
    found = run("contract", "settle", agreed, "--year", "2026-27", "--inputs", quality, "--format", "json").json()
    amounts = {row["name"]: Decimal(row["amount"]) for row in found["amounts"]}
    assert amounts["actual"] == Decimal("94000000.50")
    expected = amounts["baseline"] * amounts["list_now"] / amounts["list_base"]
    # Lists are printed with six decimals.
    assert abs(amounts["expected"] - expected) < 1
    difference = amounts["expected"] - amounts["actual"]
    counted = max(abs(difference) - Decimal("0.02") * amounts["expected"], 0)
    shared = min(counted, Decimal("0.05") * amounts["expected"]) / 2
    payment = shared * Decimal("0.8") if difference > 0 else -shared
    assert abs(Decimal(found["payment"]) - payment) < Decimal("0.02")
    assert sum(Decimal(row["amount"]) for row in found["practices"]) == Decimal(found["payment"])
    assert {row["name"]: row["from"] for row in found["inputs"]}["actual"] == "contract/outturn.csv, 2026-27"
    assert {row["name"] for row in found["inputs"]} == {"baseline", "list_now", "list_base", "actual", "quality"}
    assert found["chance"]["people"] > 10_000
    assert {reading["reading"] for reading in found["chance"]["readings"]} == {"People alone", "With structural spread"}


def test_each_number_says_in_the_explanation_where_it_is_from(run, agreed, quality):
    printed = run("contract", "settle", agreed, "--year", "2026-27", "--inputs", quality).out
    for told in ("contract/outturn.csv, row 3: ledger", "quality.yaml", "commonweal budget", "weighted patients"):
        assert told in printed.replace("\n", " ") or told in " ".join(printed.split())


def test_a_number_of_the_file_stands_in_front_of_what_the_place_knows(run, agreed, quality):
    quality.write_text("quality: 0.8\nactual: 90000000\n")
    found = run("contract", "settle", agreed, "--year", "2026-27", "--inputs", quality, "--format", "json").json()
    assert {row["name"]: row["from"] for row in found["inputs"]}["actual"] == "quality.yaml"


def test_rows_hold_what_chance_gives_too(run, agreed, quality):
    printed = run("contract", "settle", agreed, "--year", "2026-27", "--inputs", quality, "--format", "csv").out
    assert "chance/people-alone/payment_low" in printed


WRONG = {
    "no contract": (("--year", "2026-27"), "has no contract of clauses"),
    "no day": ((), "A day or a year is needed"),
    "both": (("--year", "2026-27", "--on", "2026-04-01"), "A day or a year is needed"),
    "no year": (("--year", "soon"), "is not a financial year"),
    "nothing spent": (("--year", "2026-27", "--contract", "mcp-gain-share"), "input 'actual'"),
    "no lines": (("--year", "2026-27", "--contract", "dudley-like"), "names no service lines"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_settled_is_told(case, run, place):
    options, told = WRONG[case]
    ran = run("contract", "settle", place, *options)
    assert ran.code != 0
    assert told in ran.err


def test_an_input_that_no_place_knows_is_asked_for(run, agreed):
    ran = run("contract", "settle", agreed, "--year", "2026-27")
    assert "input 'quality'" in ran.err
    assert "--inputs" in ran.err


def test_an_outturn_that_lacks_a_line_is_told(run, agreed, quality):
    (agreed / "contract" / "outturn.csv").write_text(OUTTURN.rsplit("2026-27", 1)[0])
    ran = run("contract", "settle", agreed, "--year", "2026-27", "--inputs", quality)
    assert "no spend on outpatients in 2026-27" in ran.err


def test_years_before_are_read_from_the_same_file(run, tmp_path):
    folder = tmp_path / "agreed"
    assert run("contract", "new", folder, "--from", "mcp-gain-share").code == 0
    file = folder / "gain_share.yaml"
    text = file.read_text().replace(
        "  - {do: corridor, name: counted, label: Beyond the corridor, of: difference, base: expected,",
        "  - {do: pool, name: pooled, label: Two years pooled, of: difference, years: years}\n"
        "  - {do: pool, name: expected_of_all, of: expected, years: years}\n"
        "  - {do: corridor, name: counted, label: Beyond the corridor, of: pooled, base: expected_of_all,",
    )
    years = (
        "terms:\n  years:\n    label: Years\n    meaning: Pooled.\n    unit: years\n    values:\n      2024-04-01:\n"
        '        value: "2"\n        status: illustrative\n        source: {title: By hand}\n'
    )
    file.write_text(text.replace("terms:\n", years, 1))
    inputs = tmp_path / "years.yaml"
    one = "baseline: 60,000,000\nlist_now: 100000\nlist_base: 100000\nactual: {actual}\nquality: 1\n"
    before = "2024-25:\n  baseline: 60000000\n  list_now: 1\n  list_base: 1\n  actual: 62000000\n"
    inputs.write_text(one.format(actual=54_000_000) + before)
    found = run("contract", "settle", folder, "--year", "2025-26", "--inputs", inputs, "--format", "json").json()
    # 6.0m - 2.0m = 4.0m; 2 % of 120m is 2.4m; half of 1.6m.
    assert found["payment"] == "800000.00"
    assert found["chance"]["years"] == 2
    # 3.67 / sqrt(100,000 x 2)
    assert found["chance"]["readings"][0]["spread"] == "0.008206"
