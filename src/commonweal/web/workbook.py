"""How does a document become a spreadsheet?

A sheet for each table and each explained amount, with a first sheet that says what they are. Money is written as
numbers to the penny; sums are live where the rows shown do add up, so that a reader can follow and try changes. Text is
always written as text: nothing that came from a file can become a formula.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from commonweal.core.money import EXACT, to_the_penny
from commonweal.web.document import (
    BarChart,
    Bullets,
    Cell,
    Column,
    Document,
    Figures,
    Heading,
    Illustrative,
    Kind,
    Link,
    Notice,
    Paragraph,
    SummaryList,
    Table,
    Tree,
    runs,
)
from commonweal.web.values import MARK_MEANING, column_text, decimals, figure_text, standing_text, value_of
from commonweal.web.workbook_tree import write_tree

# A date of no meaning, so that the same document gives the same bytes when it has no date of its own.
NO_DATE = date(2000, 1, 1)
LONGEST_NAME = 31
WIDEST = 60
NARROWEST = 9

LOOKS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16, "font_color": "#005eb8"},
    "heading": {"bold": True, "font_size": 12},
    "strong": {"bold": True},
    "quiet": {"font_color": "#4c6272"},
    "words": {"text_wrap": True, "valign": "top"},
    "head": {"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 1, "bg_color": "#f0f4f5"},
    "group": {"bold": True, "align": "center", "bottom": 1, "bg_color": "#f0f4f5"},
    "link": {"font_color": "#005eb8", "underline": 1},
    "total": {"bold": True, "top": 1},
    "illustrative": {"bg_color": "#fff9c4", "italic": True},
}


class Formats:
    """The workbook's cell formats, each made once."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.made: dict[tuple[str, ...], Any] = {}

    def of(self, *looks: str, number: str = "") -> Any:
        """The format that has all the looks, and a number format."""
        key = (*looks, number)
        if key not in self.made:
            settings: dict[str, Any] = {"font_name": "Arial", "font_size": 10}
            for look in looks:
                settings |= LOOKS[look]
            self.made[key] = self.book.add_format(settings | ({"num_format": number} if number else {}))
        return self.made[key]


def write_workbook(path: Path, document: Document) -> Path:
    """Write the document's tables, figures and explanations as a spreadsheet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    made = document.meta.made_on or NO_DATE
    with xlsxwriter.Workbook(str(path)) as book:
        book.set_properties(
            {
                "title": document.title,
                "subject": document.meta.subject or document.subtitle,
                "author": document.meta.author,
                "created": datetime(made.year, made.month, made.day),  # noqa: DTZ001 - the format has no time zone
            }
        )
        book.set_calc_mode("auto")
        formats = Formats(book)
        about = book.add_worksheet("About")
        names = _sheet_names(document)
        for number, block in enumerate(document.blocks):
            if isinstance(block, Table):
                _write_table(book.add_worksheet(names[number]), block, formats)
            elif isinstance(block, Tree):
                write_tree(book.add_worksheet(names[number]), block, formats)
        _write_about(about, document, names, formats)
    return path


def _write_about(sheet: Worksheet, document: Document, names: dict[int, str], formats: Formats) -> None:
    """The first sheet: what the document says in words, and where its tables are."""
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, 1, 70)
    sheet.hide_gridlines(2)
    lines: list[tuple[str, Cell, str]] = [(document.title, None, "title")]
    lines += [(words, None, "quiet") for words in (document.subtitle, document.meta.place) if words]
    if document.meta.made_on:
        lines.append(("Made on", standing_text(document.meta.made_on, "date"), ""))
    for number, block in enumerate(document.blocks):
        lines += _about(block, names.get(number, ""))
    if document.meta.footer:
        lines.append((_bare(document.meta.footer), None, "quiet"))
    for row, (left, right, look) in enumerate(lines):
        long = right is None and look == ""
        if long:
            sheet.merge_range(row, 0, row, 1, "", formats.of("words"))
            sheet.set_row(row, 14 * (1 + len(left) // 110))
        sheet.write_string(row, 0, left, formats.of("words") if long else formats.of(*[look] * bool(look)))
        if isinstance(right, Link):
            name = right.target.removeprefix("#").replace("'", "''")
            sheet.write_url(row, 1, f"internal:'{name}'!A1", formats.of("link"), right.text)
        elif right is not None:
            sheet.write_string(row, 1, str(right), formats.of("words"))
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _about(block: object, name: str) -> list[tuple[str, Cell, str]]:
    """A block on the first sheet, as left cell, right cell and look."""
    match block:
        case Heading():
            return [("", None, "quiet"), (block.text, None, "heading")]
        case Paragraph() | Notice():
            return [(_bare(block.text), None, "")]
        case Bullets():
            return [(f"• {_bare(item)}", None, "") for item in block.items]
        case Figures():
            return [(f.label, f"{figure_text(f)}{_remark(f.value)}", "strong") for f in block.items]
        case SummaryList():
            return [(key, f"{standing_text(value, block.kind)}{_remark(value)}", "strong") for key, value in block.rows]
        case BarChart():
            remark = " (illustrative)" if block.illustrative else ""
            return [(f"{block.title}{remark}", None, "strong"), *_bars(block)]
        case Table():
            return [(f"Sheet {name}", Link(block.caption, f"#{name}"), "quiet")]
        case Tree():
            return [(f"Sheet {name}", Link(block.title, f"#{name}"), "quiet")]
    return []


def _bars(block: BarChart) -> list[tuple[str, Cell, str]]:
    return [
        (
            bar.label,
            ", ".join(
                f"{name} {standing_text(value, block.kind)}".strip()
                for name, value in zip(block.series, bar.values, strict=True)
            ),
            "quiet",
        )
        for bar in block.bars
    ]


def _bare(marked: str) -> str:
    return "".join(run.text for run in runs(marked))


def _remark(value: Cell) -> str:
    return " (illustrative)" if isinstance(value, Illustrative) else ""


def _write_table(sheet: Worksheet, block: Table, formats: Formats) -> None:
    """The caption, the header, the rows and the total; the header stays in sight."""
    sheet.write_string(0, 0, block.caption, formats.of("heading"))
    first = 2 + any(column.group for column in block.columns)
    _write_heads(sheet, block, first - 1, formats)
    for i, row in enumerate(block.rows):
        for position, (cell, column) in enumerate(zip(row, block.columns, strict=True)):
            looks = ("strong",) if i in block.subtotals else ()
            _write_cell(sheet, (first + i, position), cell, column, formats, looks)
    last = first + len(block.rows)
    if block.total is not None:
        for position in range(len(block.columns)):
            _write_total(sheet, block, position, (first, last), formats)
        last += 1
    notes = [_bare(block.note)] * bool(block.note) + [f"Shaded: {MARK_MEANING}"] * block.illustrative
    for i, note in enumerate(notes):
        sheet.write_string(last + 1 + i, 0, note, formats.of("quiet"))
    sheet.freeze_panes(first, block.row_header + 1)
    sheet.repeat_rows(first - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _write_heads(sheet: Worksheet, block: Table, row: int, formats: Formats) -> None:
    for position, column in enumerate(block.columns):
        label = f"{column.label} ({column.shown_unit})" if column.shown_unit else column.label
        sheet.write_string(row, position, label, formats.of("head"))
        if column.group:
            sheet.write_string(row - 1, position, column.group, formats.of("group"))
        texts = [column_text(cells[position], column) for cells in block.all_rows()]
        longest = max((len(words) for words in texts), default=0)
        sheet.set_column(position, position, min(WIDEST, max(NARROWEST, longest + 2, len(label) // 2 + 2)))


def _write_cell(
    sheet: Worksheet, at: tuple[int, int], cell: Cell, column: Column, formats: Formats, looks: tuple[str, ...] = ()
) -> None:
    value = value_of(cell)
    if isinstance(cell, Illustrative):
        looks = (*looks, "illustrative")
    if value is None:
        sheet.write_blank(*at, None, formats.of(*looks))
    elif isinstance(value, date):
        sheet.write_datetime(*at, value, formats.of(*looks, number="d mmmm yyyy"))
    elif isinstance(value, int | Decimal):
        form = formats.of(*looks, number=number_format(column.kind, column.places))
        sheet.write_number(*at, float(written(value, column)), form)
    elif isinstance(value, Link) and value.target.startswith("https:"):
        sheet.write_url(*at, value.target, formats.of(*looks, "link"), value.text)
    else:
        sheet.write_string(*at, column_text(cell, column), formats.of(*looks))


def _write_total(sheet: Worksheet, block: Table, position: int, span: tuple[int, int], formats: Formats) -> None:
    """A total: a live sum where the rows add up to it as written, otherwise the figure."""
    assert block.total is not None
    column, cell = block.columns[position], block.total[position]
    if not adds_up(block, position):
        _write_cell(sheet, (span[1], position), cell, column, formats, ("total",))
        return
    value = value_of(cell)
    looks = ("total", "illustrative") if isinstance(cell, Illustrative) else ("total",)
    name = xl_col_to_name(position)
    sheet.write_formula(
        span[1],
        position,
        f"=SUM({name}{span[0] + 1}:{name}{span[1]})",
        formats.of(*looks, number=number_format(column.kind, column.places)),
        float(written(value, column)),  # type: ignore[arg-type]
    )


def adds_up(block: Table, position: int) -> bool:
    """Whether the column's rows, as written, sum to its total, so that a live sum tells the truth."""
    column = block.columns[position]
    if block.total is None or not block.rows or not column.numeric or not column.total:
        return False
    total = value_of(block.total[position])
    values = [value_of(row[position]) for row in block.rows]
    if not isinstance(total, int | Decimal) or not all(v is None or isinstance(v, int | Decimal) for v in values):
        return False
    with localcontext(EXACT):
        summed = sum((written(v, column) for v in values if isinstance(v, int | Decimal)), Decimal(0))
        return summed == written(total, column)


def written(value: int | Decimal, column: Column) -> Decimal:
    """The number a cell holds: money to the penny, others as they are."""
    exact = Decimal(value)
    return to_the_penny(exact) if column.kind in ("money", "pounds") else exact


def number_format(kind: Kind, places: int | None = None) -> str:
    """The spreadsheet's number format of a kind."""
    shown = decimals(kind, places)
    if shown is None:
        return "#,##0.######"
    return (
        ("0" if kind == "share" else "#,##0") + ("." + "0" * shown if shown else "") + ("%" if kind == "share" else "")
    )


def _sheet_names(document: Document) -> dict[int, str]:
    """A name for each table's and explanation's sheet: short, allowed, and no two alike."""
    names: dict[int, str] = {}
    taken = {"about", "history"}
    for number, block in enumerate(document.blocks):
        if isinstance(block, Table | Tree):
            title = block.caption if isinstance(block, Table) else block.title
            names[number] = _free_name(block.sheet or title, taken)
    return names


def _free_name(wanted: str, taken: set[str]) -> str:
    clean = re.sub(r"[\[\]:*?/\\]", " ", wanted).strip(" '")[:LONGEST_NAME].strip(" '") or "Sheet"
    name, number = clean, 2
    while name.lower() in taken:
        ending = f" {number}"
        name, number = clean[: LONGEST_NAME - len(ending)] + ending, number + 1
    taken.add(name.lower())
    return name
