"""Can a reader ask why an amount is what it is, keep the answer, and see where two contracts differ?"""

from __future__ import annotations

import csv
import io
import re
import shutil
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

MANUAL = Path(__file__).resolve().parents[2] / "docs" / "reference" / "json.md"
DAY = ("--on", "2026-04-01")
YEAR = "baseline: 60,000,000\nlist_now: 1\nlist_base: 1\nactual: 56400000\nquality: 1\n"
COUNTED = "settlement/2026-27/gain_share/counted"


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    file = tmp_path / "year.yaml"
    file.write_text(YEAR)
    return file


@pytest.fixture
def wider(run, tmp_path: Path) -> Path:
    """The worked example with a corridor of 3 % and a share of .4."""
    folder = tmp_path / "wider"
    assert run("contract", "new", folder, "--from", "mcp-gain-share").code == 0
    file = folder / "gain_share.yaml"
    file.write_text(file.read_text().replace('value: "0.02"', 'value: "0.03"').replace('value: "0.5"', 'value: "0.4"'))
    return folder


def keys(held: object) -> set[str]:
    if isinstance(held, dict):
        return set(held).union(*map(keys, held.values()))
    return set().union(*map(keys, held)) if isinstance(held, list) else set()


def test_a_settlement_explained_names_each_amount_by_its_id(run, inputs):
    printed = run("contract", "settle", "mcp-gain-share", "--inputs", inputs, *DAY, "--explain").out
    assert COUNTED in printed
    assert "£1,200,000.00" in printed
    assert "Commonweal worked example" in printed


@pytest.mark.parametrize(("name", "begins"), [("s.html", b"<!doctype html>"), ("s.xlsx", b"PK"), ("s.pdf", b"%PDF")])
def test_an_explanation_is_kept_as_page_spreadsheet_or_pdf(run, inputs, tmp_path, name, begins):
    file = tmp_path / "kept" / name
    ran = run("contract", "settle", "mcp-gain-share", "--inputs", inputs, *DAY, "--save", file, "--format", "json")
    assert ran.json()["payment"] == "1200000.00"
    assert file.read_bytes().lower().startswith(begins.lower())
    assert str(file) in ran.err


def test_a_file_of_another_kind_is_refused_before_anything_is_worked_out(run, inputs, tmp_path):
    ran = run("contract", "settle", "mcp-gain-share", "--inputs", inputs, *DAY, "--save", tmp_path / "s.docx")
    assert ran.code == 3
    assert ".html, .xlsx, .pdf" in ran.err
    assert ran.out == ""


def test_an_id_printed_as_csv_is_one_that_why_finds(run, inputs):
    printed = run("contract", "settle", "mcp-gain-share", "--inputs", inputs, *DAY, "--format", "csv").out
    rows = list(csv.DictReader(io.StringIO(printed)))
    for row in rows:
        why = run("contract", "why", "mcp-gain-share", row["id"], "--inputs", inputs, *DAY, "--format", "json").json()
        assert (why["id"], why["label"], why["amount"]) == (row["id"], row["label"], row["amount"])
    assert [row["id"] for row in rows].count(COUNTED) == 1


def test_why_goes_as_deep_as_asked(run, inputs):
    asked = ("contract", "why", "mcp-gain-share", COUNTED, "--inputs", inputs, *DAY, "--format", "csv")
    assert {row["depth"] for row in csv.DictReader(io.StringIO(run(*asked, "--depth", "1").out))} == {"0", "1"}
    deepest = list(csv.DictReader(io.StringIO(run(*asked).out)))
    assert {"given", "illustrative"} <= {row["status"] for row in deepest}


def test_a_settlement_without_its_inputs_says_what_it_needs(run):
    ran = run("contract", "why", "mcp-gain-share", COUNTED)
    assert ran.code == 3
    assert "--inputs" in ran.err


def test_an_id_that_is_none_is_answered_by_the_nearest(run, inputs):
    ran = run("contract", "why", "mcp-gain-share", "settlement/2026-27/gain_share/countd", "--inputs", inputs, *DAY)
    assert ran.code == 3
    assert COUNTED in ran.err


def test_what_chance_gives_is_said_to_have_no_working(run, inputs):
    asked = ("--inputs", inputs, *DAY)
    printed = run("contract", "settle", "mcp-gain-share", *asked, "--people", "50000", "--format", "csv").out
    wanted = next(row["id"] for row in csv.DictReader(io.StringIO(printed)) if "/chance/" in row["id"])
    ran = run("contract", "why", "mcp-gain-share", wanted, *asked)
    assert ran.code == 3
    assert "contract settle" in ran.err


def test_amounts_of_a_year_of_payments_are_found_by_the_ids_it_prints(run, made):
    printed = run("contract", "year", made, "--rows", "amounts", "--format", "csv").out
    row = next(csv.DictReader(io.StringIO(printed)))
    why = run("contract", "why", made, row["amount_id"], "--depth", "0", "--format", "json").json()
    assert (why["id"], why["amount"]) == (row["amount_id"], row["amount"])


def test_amounts_of_a_places_budget_are_found_by_the_ids_it_prints(run, made):
    rows = list(csv.DictReader(io.StringIO(run("budget", made, "--format", "csv").out)))
    row = next(r for r in rows if r["service_line"] == "core_general_practice")
    why = run("contract", "why", made, row["amount_id"], "--format", "json").json()
    assert why["amount"] == row["cost_of_care"]
    baseline = row["amount_id"].replace("cost-of-care", "baseline")
    assert run("contract", "why", made, baseline, "--format", "json").json()["amount"] == row["baseline"]


def test_rows_of_a_statement_are_found_by_the_ids_it_prints(run, place):
    printed = run("statement", place, "--month", "2026-05", "--format", "csv").out
    rows = list(csv.DictReader(io.StringIO(printed)))
    row = next(r for r in rows if r["direction"] == "paid")
    for wanted in (row["explanation_id"], f"statement/{row['explanation_id']}"):
        why = run("contract", "why", place, wanted, "--depth", "0", "--format", "json").json()
        assert (why["amount"], why["id"]) == (row["amount"], f"statement/{row['explanation_id']}")
    received = run("contract", "why", place, "statement/2026-05/received", "--depth", "0", "--format", "json").json()
    assert Decimal(received["amount"]) == sum(Decimal(r["amount"]) for r in rows if r["direction"] == "received")


def test_an_id_that_is_of_nothing_shows_what_ids_look_like(run, made):
    ran = run("contract", "why", made, "nonsense")
    assert ran.code == 3
    assert "budget/2026-27/cost-of-care" in ran.err


def test_two_contracts_are_compared_by_what_differs(run, inputs, wider):
    ran = run("contract", "compare", "mcp-gain-share", wider, "--inputs", inputs, *DAY, "--format", "json").json()
    # 1.2m against .4 of 1.8m; the corridor adds the mean of -.3m and -.24m, the share that of -.24m and -.18m.
    assert (ran["first"]["payment"], ran["second"]["payment"], ran["difference"]) == (
        "1200000.00",
        "720000.00",
        "-480000.00",
    )
    assert {row["name"]: row["adds"] for row in ran["changes"]} == {"corridor": "-270000.00", "share": "-210000.00"}


def test_a_comparison_in_order_is_asked_for(run, inputs, wider):
    asked = ("contract", "compare", "mcp-gain-share", wider, "--inputs", inputs, *DAY, "--by", "order")
    rows = list(csv.DictReader(io.StringIO(run(*asked, "--format", "csv").out)))
    assert [(row["adds"], row["pays_then"]) for row in rows] == [
        ("-300000.00", "900000.00"),
        ("-180000.00", "720000.00"),
    ]


def test_two_years_of_a_contract_are_compared_by_their_inputs(run, inputs, tmp_path):
    later = tmp_path / "later.yaml"
    later.write_text(YEAR.replace("56400000", "57600000"))
    asked = ("contract", "compare", "mcp-gain-share", "mcp-gain-share", "--inputs", inputs, "--inputs-b", later)
    printed = run(*asked, *DAY, "--on-b", "2027-04-01").out
    assert "Actual spend" in printed
    assert "-600,000.00" in printed
    assert "2027-04-01" in printed


def test_a_kept_comparison_sums_live_to_the_difference(run, inputs, wider, tmp_path):
    file = tmp_path / "c.xlsx"
    run("contract", "compare", "mcp-gain-share", wider, "--inputs", inputs, *DAY, "--save", file)
    sheet = openpyxl.load_workbook(file)["Difference"]
    total = next(cell.value for cell in sheet["B"] if isinstance(cell.value, str) and cell.value.startswith("=SUM"))
    assert re.fullmatch(r"=SUM\(B\d+:B\d+\)", total)


def test_an_input_that_neither_contract_has_is_named(run, inputs, wider):
    inputs.write_text(YEAR + "colour: 3\n")
    ran = run("contract", "compare", "mcp-gain-share", wider, "--inputs", inputs, *DAY)
    assert ran.code == 3
    assert "colour" in ran.err


def test_every_key_is_in_the_manual(run, inputs, wider):
    documented = set(re.findall(r"`([a-z_0-9]+)`", MANUAL.read_text(encoding="utf-8")))
    whys = run("contract", "why", "mcp-gain-share", COUNTED, "--inputs", inputs, *DAY, "--format", "json").json()
    compares = run("contract", "compare", "mcp-gain-share", wider, "--inputs", inputs, *DAY, "--format", "json").json()
    assert keys([whys, compares]) <= documented


def test_a_contract_inside_a_place_settles_by_the_places_name(run, made, wider, inputs, tmp_path):
    place = tmp_path / "with-contract"
    shutil.copytree(made, place)
    shutil.copytree(wider, place / "contract", dirs_exist_ok=True)
    why = run("contract", "why", place, COUNTED, "--inputs", inputs, *DAY, "--format", "json").json()
    # 3.6m less 3 % of 60.0m.
    assert why["amount"] == "1800000.00"
