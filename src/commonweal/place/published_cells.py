"""What does each cell of a published file say, and which cells cannot be read?

Text becomes numbers, days and codes by the column's definition. Numbers are decimals exactly as published; a cell
that cannot be read is null and a finding says so; a row without a key is kept out and a finding says so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from commonweal.core.findings import Finding, Severity
from commonweal.core.tables import ColumnDefinition

NUMBER = r"-?[0-9]+(\.[0-9]*)?|-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?"
ANY_NUMBER = r"[-+]?[0-9]+(\.[0-9]*)?([eE][-+]?[0-9]+)?"
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


@dataclass(frozen=True, slots=True)
class Cell:
    """One column of a file: its definition, its heading there, its text, and what the text says (null when nothing)."""

    column: ColumnDefinition
    heading: str
    text: ir.StringValue
    value: ir.Value

    @property
    def unreadable(self) -> ir.BooleanValue:
        """Whether something is published that does not say what the column holds."""
        return self.text.notnull() & self.value.isnull()

    @property
    def absent(self) -> ir.BooleanValue:
        """Whether nothing is published where something must be."""
        return self.text.isnull()

    @property
    def must_be_there(self) -> bool:
        """Whether a blank is a finding."""
        return self.column.null_means == "never null"


def cell(column: ColumnDefinition, heading: str, text: ir.StringValue) -> Cell:
    """A column's text read by the column's definition."""
    if column.null_when:
        text = text.upper().isin(list(column.null_when)).ifelse(ibis.null("string"), text)
    return Cell(column, heading, text, _read(column, text))


def _read(column: ColumnDefinition, text: ir.StringValue) -> ir.Value:
    type_ = dt.dtype(column.type)
    if type_.is_decimal() or type_.is_integer():
        return _within_range(column, _exact_number(text, type_))
    if type_.is_floating():
        return _within_range(column, _matching(text, ANY_NUMBER).try_cast("float64"))
    if type_.is_date():
        return _day(text)
    if column.name == "postcode":
        text = _postcode(text)
    if column.pattern:
        text = _matching(text.upper() if column.name != "population" else text, column.pattern)
    return text


def _matching(text: ir.StringValue, pattern: str) -> ir.StringValue:
    return text.re_search(f"^(?:{pattern})$").ifelse(text, ibis.null("string"))


def _exact_number(text: ir.StringValue, type_: dt.DataType) -> ir.NumericValue:
    """The number, unless it has more decimals than the column holds: those are refused, never rounded away."""
    number = _matching(text, NUMBER).replace(",", "")
    scale = type_.scale if type_.is_decimal() else 0
    # Trailing zeros carry nothing: 12.50000 is 12.5.
    exact = _matching(number, rf"-?[0-9]+(\.[0-9]{{0,{scale}}}0*)?")
    if type_.is_integer():
        exact = exact.re_replace(r"\.0*$", "")
    return exact.try_cast(type_)


def _within_range(column: ColumnDefinition, number: ir.NumericValue) -> ir.NumericValue:
    type_ = column.type
    if column.at_least:
        number = (number >= ibis.literal(column.at_least).cast(type_)).ifelse(number, ibis.null(type_))
    if column.at_most:
        number = (number <= ibis.literal(column.at_most).cast(type_)).ifelse(number, ibis.null(type_))
    return number


def _postcode(text: ir.StringValue) -> ir.StringValue:
    close = text.upper().re_replace(r"\s+", "")
    return (close.length() > 3).ifelse(close.left(close.length() - 3) + " " + close.right(3), close)


def _day(text: ir.StringValue) -> ir.DateValue:
    """A day written 01/04/1974, 1974-04-01, 19740401, 19740401.0 or 01APR1974."""
    upper = text.upper()
    month = ibis.cases(
        *((upper.substr(2, 3) == name, f"{number:02d}") for number, name in enumerate(MONTHS, 1)),
        else_=ibis.null("string"),
    )
    iso = ibis.cases(
        (upper.re_search(r"^\d{4}-\d{2}-\d{2}$"), upper),
        (upper.re_search(r"^\d{8}(\.0)?$"), _joined(upper.substr(0, 4), upper.substr(4, 2), upper.substr(6, 2))),
        (upper.re_search(r"^\d{2}/\d{2}/\d{4}$"), _joined(upper.substr(6, 4), upper.substr(3, 2), upper.substr(0, 2))),
        (upper.re_search(r"^\d{2}[A-Z]{3}\d{4}$"), _joined(upper.substr(5, 4), month, upper.substr(0, 2))),
        else_=ibis.null("string"),
    )
    return iso.try_cast("date")


def _joined(year: ir.StringValue, month: ir.StringValue, day: ir.StringValue) -> ir.StringValue:
    return year + "-" + month + "-" + day


def cell_findings(table: ir.Table, cells: Sequence[Cell], *, code: ir.StringValue, file: str) -> list[Finding]:
    """Every cell that cannot be read and every blank that should not be.

    Takes    table: text on the engine with `row`; cells over it; code: the row's practice code, as published.
    Returns  findings with row and heading. One pass counts; only columns with something wrong are read again.
    """
    counted = {f"u{n}": cell.unreadable.sum() for n, cell in enumerate(cells)}
    counted |= {f"a{n}": cell.absent.sum() for n, cell in enumerate(cells) if cell.must_be_there}
    number = table.aggregate(**counted).to_pyarrow().to_pylist()[0]
    found: list[Finding] = []
    for n, read in enumerate(cells):
        if number[f"u{n}"]:
            rows = table.filter(read.unreadable).select(row=table.row, code=code, text=read.text)
            found += [_unreadable(read, file, **row) for row in rows.order_by("row").to_pyarrow().to_pylist()]
        if read.must_be_there and number[f"a{n}"]:
            rows = table.filter(read.absent).select(row=table.row, code=code)
            found += [_absent(read, file, **row) for row in rows.order_by("row").to_pyarrow().to_pylist()]
    return found


def long_findings(amounts: ir.Table, *, file: str) -> list[Finding]:
    """The same for cells in long form: practice_code, row, heading, text, amount."""
    column = ColumnDefinition("amount", "decimal(18, 2)", "GBP", "", False, "never null", "", ())
    wrong = amounts.filter(amounts.amount.isnull()).select("row", "heading", "text", code=amounts.practice_code)
    found = []
    for held in wrong.order_by("row", "heading").to_pyarrow().to_pylist():
        read = Cell(column, held["heading"], amounts.text, amounts.amount)
        if held["text"] is None:
            found.append(_absent(read, file, held["row"], held["code"]))
        else:
            found.append(_unreadable(read, file, held["row"], held["code"], held["text"]))
    return found


def _unreadable(cell: Cell, file: str, row: int, code: str | None, text: str) -> Finding:
    column, type_ = cell.column, dt.dtype(cell.column.type)
    outcome = "The row is kept out." if column.key else "The cell is read as blank."
    rule, should_be = _rule(column, text)
    severity: Severity = "error" if column.key or type_.is_decimal() or type_.is_integer() else "warning"
    message = f"'{text}' is not {should_be}. {outcome}"
    mend = "Correct the cell at its source, or download the file again."
    return Finding(severity, rule, file, row, cell.heading, message, mend, code or "")


def _rule(column: ColumnDefinition, text: str) -> tuple[str, str]:
    type_ = dt.dtype(column.type)
    if type_.is_numeric():
        if not re.fullmatch(ANY_NUMBER if type_.is_floating() else NUMBER, text):
            return "number-malformed", "a number"
        if text.startswith("-") and column.at_least == "0":
            return "number-negative", f"possible: {column.unit or 'it'} cannot be negative"
        if column.at_least or column.at_most:
            limits = [f"at least {column.at_least}"] * bool(column.at_least)
            limits += [f"at most {column.at_most}"] * bool(column.at_most)
            return "number-out-of-range", " and ".join(limits) + f" {column.unit}, or has too many decimals"
        return "number-malformed", "a number the column can hold exactly"
    if type_.is_date():
        return "date-malformed", "a day, as in 01/04/2021"
    rule = {"practice_code": "code-malformed", "postcode": "postcode-malformed"}.get(column.name, "text-malformed")
    return rule, column.looks_like


def _absent(cell: Cell, file: str, row: int, code: str | None) -> Finding:
    kept = "The row is kept out." if cell.column.key else "It is read as blank."
    rule = "code-missing" if cell.column.key else "value-missing"
    message = f"{cell.heading} is blank. {kept}"
    return Finding("error", rule, file, row, cell.heading, message, "Fill the cell at its source.", code or "")


def typed(table: ir.Table, cells: Sequence[Cell], further: Mapping[str, ir.Value]) -> ir.Table:
    """The rows whose keys can be read, with every cell read."""
    keyed = [cell.value.notnull() for cell in cells if cell.column.key]
    kept = table.filter(ibis.and_(*keyed)) if keyed else table
    return kept.select(**{cell.column.name: cell.value for cell in cells}, **further)
