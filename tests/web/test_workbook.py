"""Does a spreadsheet hold the very figures, and do its live sums give them?"""

from __future__ import annotations

import re
import zipfile
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from commonweal.core.amounts import Line, clamped, given, given_column, less, split, summed, times, to_penny, total
from commonweal.core.money import to_the_penny
from commonweal.web.document import Column, Document, Illustrative, Meta, Table, Tree
from commonweal.web.workbook import write_workbook


@pytest.fixture(scope="module")
def file(report: Document, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_workbook(tmp_path_factory.mktemp("xlsx") / "report.xlsx", report)


def computed(sheet: Worksheet, address: str) -> Decimal:
    """A cell's value, worked out from the formulas as a spreadsheet would, exactly."""
    cell = sheet[address].value
    if not (isinstance(cell, str) and cell.startswith("=")):
        return Decimal(str(cell or 0))
    formula = re.sub(r"SUM\(([A-Z]+)(\d+):[A-Z]+(\d+)\)", _spelled_out, cell[1:])
    formula = re.sub(r"ROUND\((.+),2\)", r"rounded(\1)", formula)
    formula = re.sub(r"\b[A-Z]+\d+\b", lambda found: f"value('{found[0]}')", formula)
    known = {
        "value": lambda a: computed(sheet, a),
        "rounded": lambda v: v.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP),
    }
    with localcontext(prec=50):
        return Decimal(eval(formula, {"__builtins__": {}}, known))  # noqa: S307 - a formula this project wrote


def _spelled_out(found: re.Match[str]) -> str:
    return "(" + "+".join(f"{found[1]}{row}" for row in range(int(found[2]), int(found[3]) + 1)) + ")"


def book_of(path: Path, *blocks: Table | Tree, meta: Meta | None = None) -> openpyxl.Workbook:
    write_workbook(path, Document("Book", blocks, meta=meta or Meta()))
    return openpyxl.load_workbook(path)


def test_there_is_a_sheet_for_each_table_and_each_explanation(file: Path):
    names = ["About", "Money", "Budget explained", "Twice over", "Findings row by row"]
    assert openpyxl.load_workbook(file).sheetnames == names


def test_money_is_a_number_to_the_penny(file: Path):
    sheet = openpyxl.load_workbook(file)["Money"]
    assert sheet["D4"].value == 1200000.10
    assert sheet["E5"].value == -10.05
    assert sheet["D4"].number_format == "#,##0.00"


def test_totals_are_live_and_give_the_figure_of_the_document(file: Path, made_up: SimpleNamespace):
    live = openpyxl.load_workbook(file)["Money"]
    kept = openpyxl.load_workbook(file, data_only=True)["Money"]
    table = made_up.money_table()
    for letter, exact in zip("CDEF", table.total[2:6], strict=True):
        assert live[f"{letter}7"].value == f"=SUM({letter}4:{letter}6)"
        assert computed(live, f"{letter}7") == exact
        assert kept[f"{letter}7"].value == float(exact)


def test_a_total_that_the_rows_do_not_add_up_to_is_not_made_a_sum(tmp_path: Path):
    columns = (Column("Practice"), Column("Shown", "money"), Column("Share", "share", total=False))
    rows = (("A", Decimal("1.004"), Decimal("0.5")), ("B", Decimal("1.004"), Decimal("0.5")))
    sheet = book_of(tmp_path / "b.xlsx", Table("T", columns, rows, total=("All", Decimal("2.008"), Decimal(1))))["T"]
    assert sheet["B5"].value == 2.01
    assert sheet["C5"].value == 1


def test_a_subtotal_is_not_counted_twice(tmp_path: Path):
    rows = (("A", Decimal(1)), ("B", Decimal(2)), ("A and B", Decimal(3)), ("C", Decimal(4)))
    columns = (Column("What"), Column("Pounds", "money"))
    table = Table("T", columns, rows, total=("All", Decimal(7)), subtotals=frozenset({2}))
    assert book_of(tmp_path / "b.xlsx", table)["T"]["B7"].value == 7


def test_an_explanation_recomputes_to_the_amount_it_explains(file: Path, made_up: SimpleNamespace):
    live = openpyxl.load_workbook(file)["Budget explained"]
    kept = openpyxl.load_workbook(file, data_only=True)["Budget explained"]
    line: Line = made_up.budget_line()
    assert computed(live, "B4") == line.amount
    for row in range(4, live.max_row + 1):
        assert float(computed(live, f"B{row}")) == pytest.approx(kept[f"B{row}"].value, rel=1e-14)
    formulas = [live[f"B{row}"].value for row in range(4, live.max_row + 1) if str(live[f"B{row}"].value)[0] == "="]
    assert len(formulas) == sum(1 for part in line.walk() if part.parts)


def test_changing_a_supplied_number_changes_the_amount(file: Path, made_up: SimpleNamespace):
    sheet = openpyxl.load_workbook(file)["Budget explained"]
    pace = next(row for row in range(4, sheet.max_row + 1) if str(sheet[f"A{row}"].value).strip() == "pace of change")
    sheet[f"B{pace}"].value = 1
    target = next(row for row in range(4, sheet.max_row + 1) if str(sheet[f"A{row}"].value).strip() == "target")
    assert computed(sheet, "B4") == to_the_penny(computed(sheet, f"B{target}"))


def test_a_limit_is_live_and_a_share_in_whole_pence_is_its_value(tmp_path: Path):
    zero, cap = given("floor", "0"), given("cap", "100.00")
    held = clamped("held", given("amount", "0"), zero, cap)
    shared = split("share out", cap, given_column("weights", {"a": "1", "b": "2"})).at("a")
    sheet = book_of(tmp_path / "b.xlsx", Tree(held, sheet="held"), Tree(shared, sheet="shared"))
    assert sheet["held"]["B4"].value == "=MIN(MAX(B5,B6),B7)"
    assert sheet["shared"]["B4"].value == 33.33


def test_a_formula_follows_the_working_where_several_would_fit(tmp_path: Path):
    two, again = given("two", "2"), given("again", "2")
    nothing = given("nothing", "0")
    trees = (
        Tree(total("sum", two, again), sheet="sum"),
        Tree(times("product", two, again), sheet="product"),
        Tree(less("difference", two, nothing), sheet="difference"),
        Tree(to_penny("rounded", two), sheet="rounded"),
    )
    book = book_of(tmp_path / "b.xlsx", *trees)
    formulas = [book[tree.sheet]["B4"].value for tree in trees]
    assert formulas == ["=SUM(B5:B6)", "=B5*B6", "=B5-B6", "=ROUND(B5,2)"]


def test_an_explanation_is_an_outline_folded_below_its_first_level(file: Path):
    sheet = openpyxl.load_workbook(file)["Budget explained"]
    assert [sheet.row_dimensions[row].outlineLevel for row in (4, 5, 6, 7)] == [0, 1, 2, 3]
    assert not sheet.row_dimensions[5].hidden
    assert sheet.row_dimensions[6].hidden


def test_an_explanation_cut_off_at_a_depth_keeps_the_values_there(tmp_path: Path):
    spend = summed("spend", given_column("practice spend", {"a": "1.10", "b": "2.20"}))
    sheet = book_of(tmp_path / "b.xlsx", Tree(total("both", spend, spend), depth=1, sheet="cut"))["cut"]
    assert [sheet[f"B{row}"].value for row in (4, 5, 6)] == ["=SUM(B5:B6)", 3.3, "=B5"]


def test_text_from_a_file_never_becomes_a_formula_or_a_link(tmp_path: Path):
    bad = ("=1+1", "@SUM(A1)", "https://elsewhere.example/?secret", "+2", "{=1}")
    table = Table("=cmd", (Column("=head"),), tuple((text,) for text in bad), total=("=total",), sheet="=sheet")
    sheet = book_of(tmp_path / "b.xlsx", table)["=sheet"]
    cells = [sheet[f"A{row}"] for row in (1, 2, 3, 4, 5, 6, 7, 8)]
    assert [cell.value for cell in cells] == ["=cmd", "=head", *bad, "=total"]
    with zipfile.ZipFile(tmp_path / "b.xlsx") as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet2.xml")
    assert not any(cell.hyperlink for cell in cells)


def test_illustrative_values_are_shaded_and_the_sheet_says_so(file: Path):
    sheet = openpyxl.load_workbook(file)["Money"]
    assert sheet["D5"].fill.fgColor.rgb != sheet["D4"].fill.fgColor.rgb
    assert sheet["A10"].value == "Shaded: rests on at least one illustrative figure"


def test_headers_stay_in_sight(file: Path):
    book = openpyxl.load_workbook(file)
    assert book["Money"].freeze_panes == "B4"
    assert book["Budget explained"].freeze_panes == "B4"


def test_sheet_names_are_short_allowed_and_no_two_alike(tmp_path: Path):
    table = Table("Payments [all]: practices / options, month by month", (Column("A"),), (("x",),))
    names = book_of(tmp_path / "b.xlsx", table, table, Tree(given("History", "1")), Tree(given("'", "1"))).sheetnames
    assert len({name.lower() for name in names}) == len(names) == 5
    assert all(1 <= len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)
    assert "history" not in {name.lower() for name in names}


def test_the_same_document_gives_the_same_bytes_whenever_it_is_written(report: Document, file: Path, tmp_path: Path):
    again = write_workbook(tmp_path / "again.xlsx", report)
    assert again.read_bytes() == file.read_bytes()
    with zipfile.ZipFile(again) as parts:
        assert {part.date_time[0] for part in parts.infolist()} == {1980}
        assert b"2026-03-31T00:00:00Z" in parts.read("docProps/core.xml")
        assert set(re.findall(rb"\d{4}-\d\d-\d\d", parts.read("docProps/core.xml"))) == {b"2026-03-31"}


def test_dates_are_dates_and_missing_values_are_empty(tmp_path: Path):
    columns = (Column("What"), Column("When", "date"), Column("How much", "money"))
    rows = (("a", date(2026, 4, 1), None), ("b", None, Illustrative(Decimal("1.5"))))
    sheet = book_of(tmp_path / "b.xlsx", Table("T", columns, rows))["T"]
    assert sheet["B3"].value.date() == date(2026, 4, 1)
    assert sheet["B4"].value is None
    assert sheet["C3"].value is None
