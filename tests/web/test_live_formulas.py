"""Do the formulas of an explained amount's spreadsheet give its exact penny, worked out by another program?

The evaluator here reads the file as a spreadsheet would and knows nothing of lines: cells, + - * /, comparisons, and
SUM, MIN, MAX, ABS, IF, ROUND, on exact decimals.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, localcontext
from functools import partial
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from commonweal.contract.clauses.reading import read_contract
from commonweal.contract.performance.clause import PerformanceScheme
from commonweal.contract.performance.measured import Measured
from commonweal.contract.performance.performance import performance
from commonweal.contract.settlement.clause import GainLossShare
from commonweal.contract.settlement.settling import settled
from commonweal.core.amounts import Line, beyond, blend, clamped, given, past, within
from commonweal.core.choices import at_most, chosen
from commonweal.core.scores import (
    achievement,
    banded,
    better_of,
    consistency,
    improvement,
    linear,
    mean_in_whole_points,
    stepped,
)
from commonweal.web.document import Document, Tree
from commonweal.web.pages.explained import settlement_explained_document
from commonweal.web.pages.performance import performance_document
from commonweal.web.workbook import write_workbook

DAY = date(2026, 4, 1)
YEAR = {"baseline": "60000000", "list_now": "1", "list_base": "1", "actual": "56400000", "quality": "1"}
FIRST = 4


def share(convention: str = "deductible", **terms: str) -> GainLossShare:
    content = read_contract("mcp-gain-share").one(GainLossShare).model_dump(mode="json")
    content["operations"][2]["convention"] = convention
    for name, value in terms.items():
        content["terms"][name]["values"]["2024-04-01"]["value"] = value
    return GainLossShare.model_validate(content)


def sheet_of(path: Path, clause: GainLossShare, **inputs: str) -> Worksheet:
    found = settled(clause, {**YEAR, **inputs}, DAY)
    write_workbook(path, settlement_explained_document(found, clause.label))
    return openpyxl.load_workbook(path)["Explanation"]


def rounded(value: Decimal, places: Decimal) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-int(places)), rounding=ROUND_HALF_UP)


def computed(sheet: Worksheet, address: str) -> Decimal:
    """A cell's value, from the formulas below it."""
    written = sheet[address].value
    if not (isinstance(written, str) and written.startswith("=")):
        return Decimal(str(written))
    spread = re.sub(r"([A-Z]+)(\d+):[A-Z]+(\d+)", _spelled_out, written[1:])
    code = re.sub(r"\b([A-Z]+\d+)\b", r"cell('\1')", _branched(spread)).replace("<>", "!=")
    code = re.sub(r"(?<![\w'.])(\d+(?:\.\d+)?)(?![\w'.])", r"number('\1')", code)
    known = {
        "cell": lambda a: computed(sheet, a),
        "number": Decimal,
        "SUM": lambda *v: sum(v, Decimal(0)),
        "MIN": min,
        "MAX": max,
        "ABS": abs,
        "ROUND": rounded,
        "ROUNDDOWN": lambda value, places: value.quantize(Decimal(1).scaleb(-int(places)), rounding=ROUND_DOWN),
    }
    with localcontext(prec=50):
        return Decimal(eval(code, {"__builtins__": {}}, known))  # noqa: S307 - a formula this project wrote


def _branched(formula: str) -> str:
    """IF(a,b,c) as a branch of which only one side is worked out, as a spreadsheet does."""
    at = formula.rfind("IF(")
    while at >= 0:
        depth, commas, end = 1, [], at + 3
        while depth:
            depth += {"(": 1, ")": -1}.get(formula[end], 0)
            if formula[end] == "," and depth == 1:
                commas.append(end)
            end += 1
        first, second = commas
        when, then, otherwise = formula[at + 3 : first], formula[first + 1 : second], formula[second + 1 : end - 1]
        formula = f"{formula[:at]}(({then}) if ({when}) else ({otherwise})){formula[end:]}"
        at = formula.rfind("IF(")
    return formula


def _spelled_out(found: re.Match[str]) -> str:
    return ",".join(f"{found[1]}{row}" for row in range(int(found[2]), int(found[3]) + 1))


def row_of(sheet: Worksheet, name: str) -> int:
    rows = range(FIRST, sheet.max_row + 1)
    return next(row for row in rows if str(sheet[f"A{row}"].value).strip() == name)


# By hand: expected 60.0m, corridor 1.2m, cap and collar 3.0m, share .5.
CASES = [
    ("deductible", {}, "1200000.00"),
    ("deductible", {"quality": "0.8"}, "960000.00"),
    ("deductible", {"actual": "59200000"}, "0.00"),
    ("deductible", {"actual": "64500000"}, "-1500000.00"),
    ("trigger", {}, "1500000.00"),
    ("trigger", {"actual": "58500000"}, "750000.00"),
    ("deductible", {"actual": "56399999.99"}, "1200000.01"),
]


@pytest.mark.parametrize(("convention", "inputs", "paid"), CASES)
def test_the_payment_of_a_settlement_comes_from_its_formulas_to_the_penny(tmp_path, convention, inputs, paid):
    sheet = sheet_of(tmp_path / "s.xlsx", share(convention), **inputs)
    assert sheet[f"A{FIRST}"].value == "Payment"
    assert sheet[f"B{FIRST}"].value.startswith("=ROUND(")
    assert computed(sheet, f"B{FIRST}") == Decimal(paid)


def test_every_row_that_has_a_working_is_a_formula_and_gives_what_is_kept(tmp_path):
    sheet = sheet_of(tmp_path / "s.xlsx", share())
    kept = openpyxl.load_workbook(tmp_path / "s.xlsx", data_only=True)["Explanation"]
    for row in range(FIRST, sheet.max_row + 1):
        live = isinstance(sheet[f"B{row}"].value, str)
        supplied = bool(sheet[f"E{row}"].value)
        assert live or supplied, sheet[f"A{row}"].value
        assert abs(computed(sheet, f"B{row}") - Decimal(str(kept[f"B{row}"].value))) < Decimal("0.005")


@pytest.mark.parametrize(
    ("change", "paid"),
    [
        # Actual 57.6m: 2.4m, beyond 1.2m, half.
        ({"Actual spend": 57600000}, "600000.00"),
        # A loss: 4.5m over, 3.3m beyond, held to 3.0m, half.
        ({"Actual spend": 64500000}, "-1500000.00"),
        # Corridor 3 %: 1.8m beyond, half.
        ({"Corridor": "0.03"}, "900000.00"),
        # Share .4 of 2.4m; the same share stands for gains and losses, and is changed once.
        ({"Share": "0.4"}, "960000.00"),
        # Cap 3 % of 60.0m is 1.8m, half.
        ({"Cap and collar": "0.03"}, "900000.00"),
        # Baseline 62.0m: gain 5.6m, corridor 1.24m, 4.36m beyond, cap 3.1m, half: wherever expected spend comes in.
        ({"Baseline spend": 62000000}, "1550000.00"),
    ],
)
def test_a_number_changed_once_changes_the_payment_everywhere_it_comes_in(tmp_path, change, paid):
    sheet = sheet_of(tmp_path / "s.xlsx", share())
    for name, value in change.items():
        sheet[f"B{row_of(sheet, name)}"].value = value
    assert computed(sheet, f"B{FIRST}") == Decimal(paid)


def test_the_row_has_label_working_value_status_and_source(tmp_path):
    sheet = sheet_of(tmp_path / "s.xlsx", share())
    heads = [sheet[f"{letter}{FIRST - 1}"].value for letter in "ABCDEF"]
    assert heads == ["Line", "Value", "Unit", "Working", "Status", "Source"]
    row = row_of(sheet, "Corridor")
    assert sheet[f"E{row}"].value == "illustrative"
    assert "worked example" in sheet[f"F{row}"].value


def test_a_settlement_as_published_comes_from_its_formulas(tmp_path):
    # Medicare Shared Savings Program, 2018, organisation A1409: $12,118,223. The rate from a table is a value.
    clause = read_contract("mssp").one(GainLossShare, "track_1")
    published = {"benchmark": "121182225", "expenditure": "83501144", "beneficiaries": "5451", "quality": "0.9081"}
    inputs = {**published, "standard_met": "1", "alternative_standard": "0"}
    found = settled(clause, {name: inputs[name] for name in clause.inputs}, date(2018, 1, 1))
    write_workbook(tmp_path / "s.xlsx", settlement_explained_document(found, clause.label))
    sheet = openpyxl.load_workbook(tmp_path / "s.xlsx")["Explanation"]
    assert isinstance(sheet[f"B{FIRST}"].value, str)
    assert abs(computed(sheet, f"B{FIRST}") - 12118223) <= 2


def lines_of(*values: str) -> list[Line]:
    return [given(f"number {i}", value, unit="points") for i, value in enumerate(values)]


POINTS_MADE = {
    "linear": (linear, (("0.7", "0.5", "0.9", "10"), ("0.4", "0.5", "0.9", "10"), ("12", "20", "10", "6"))),
    "achievement": (
        achievement,
        (("0.9", "0.5", "0.9", "10"), ("0.7", "0.5", "0.9", "10"), ("0.49", "0.5", "0.9", "10"), ("3", "5", "1", "10")),
    ),
    "improvement": (
        improvement,
        (
            ("0.7", "0.6", "0.5", "0.9", "10"),
            ("0.6", "0.6", "0.5", "0.9", "10"),
            ("0.95", "0.9", "0.5", "0.9", "10"),
            ("3", "4", "5", "1", "10"),
        ),
    ),
    "banded": (
        partial(banded, rounding="down"),
        (("0.795", "0.5", "0.9", "4", "1"), ("1", "0.5", "0.9", "4", "1"), ("6", "10", "2", "8", "3")),
    ),
    "stepped": (
        partial(stepped, steps=[(Decimal("0.15"), Decimal(1)), (Decimal("0.12"), Decimal("2.5"))]),
        (("0.16",), ("0.15",), ("0.12",)),
    ),
    "better_of": (better_of, (("3", "7"), ("9", "0"))),
    "at_most": (at_most, (("3", "7"), ("9", "0"))),
    "chosen": (chosen, (("0", "3", "7"), ("1", "3", "7"))),
    "blend": (blend, (("100", "200", "0.2"),)),
    "beyond": (beyond, (("100", "30"), ("-100", "30"), ("20", "30"))),
    "past": (past, (("100", "30"), ("-100", "30"), ("20", "30"))),
    "within": (within, (("100", "30"), ("-100", "30"), ("20", "30"))),
    "clamped": (clamped, (("100", "-5", "30"), ("-100", "-5", "30"), ("20", "-5", "30"))),
}
MADE = [
    pytest.param(make, held, id=f"{name} of {', '.join(held)}")
    for name, (make, each) in POINTS_MADE.items()
    for held in each
]


@pytest.mark.parametrize(("make", "values"), MADE)
def test_the_formula_that_an_operation_says_gives_what_it_gives(tmp_path, make, values):
    line = make("made", *lines_of(*values))
    write_workbook(tmp_path / "b.xlsx", Document("Book", (Tree(line, sheet="made"),)))
    sheet = openpyxl.load_workbook(tmp_path / "b.xlsx")["made"]
    assert sheet[f"B{FIRST}"].value.startswith("=")
    assert computed(sheet, f"B{FIRST}") == line.amount


def test_the_lowest_dimension_and_a_mean_are_formulas_too(tmp_path):
    # Lowest way is (7 - 5) / (9 - 5) = .5 of 20 points; mean of 4 and 9 by 1 and 3 is 7.75, in whole points 8.
    dimensions = [tuple(lines_of("7", "5", "9")), tuple(lines_of("8", "5", "9"))]
    lowest = consistency("lowest", dimensions, *lines_of("20"))
    mean = mean_in_whole_points("mean", lines_of("4", "9"), lines_of("1", "3"))
    write_workbook(tmp_path / "b.xlsx", Document("Book", (Tree(lowest, sheet="lowest"), Tree(mean, sheet="mean"))))
    book = openpyxl.load_workbook(tmp_path / "b.xlsx")
    assert computed(book["lowest"], f"B{FIRST}") == 10
    assert computed(book["mean"], f"B{FIRST}") == 8


def test_what_a_scheme_of_performance_pay_earns_follows_from_its_spreadsheet(tmp_path):
    scheme = read_contract("mcp-performance").one(PerformanceScheme)
    counts = {
        "flu_vaccination": (703, 1000),
        "smoking_advice": (795, 1000),
        "blood_pressure": (65, 100),
        "care_plan": (20, 29),
        "emergency_admissions": (4625, 50000),
        "staff_turnover": (12, 100),
    }
    held = {name: Measured(numerator=Decimal(n), denominator=Decimal(d)) for name, (n, d) in counts.items()}
    held["experience"] = Measured(last=Decimal("0.8"))
    found = performance(scheme, held, {"contract_value": Decimal("60000123.45")}, DAY)
    write_workbook(tmp_path / "b.xlsx", performance_document("Book", {scheme.name: found}, {}))
    sheet = openpyxl.load_workbook(tmp_path / "b.xlsx")["Why improvement_payment"]
    assert sheet[f"B{FIRST}"].value.startswith("=")
    assert computed(sheet, f"B{FIRST}") == found.payment.true_up.amount
    assert computed(sheet, f"B{FIRST + 1}") == found.payment.earned.amount
