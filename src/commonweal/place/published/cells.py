"""What does each cell of a published file say, and which cells cannot be read?

Text becomes numbers, days and codes by the column's definition. Numbers are decimals exactly as published; a cell
that cannot be read is null and a finding says so; a row without a key is kept out and a finding says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from commonweal.core.findings import Finding, Severity
from commonweal.core.tables import ColumnDefinition
from commonweal.place.published.text import not_blank

WHOLE = r"[0-9]+|[0-9]{1,3}(,[0-9]{3})+"
NUMBER = rf"-?({WHOLE})(\.[0-9]*)?"
ANY_NUMBER = r"[-+]?[0-9]+(\.[0-9]*)?([eE][-+]?[0-9]+)?"
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


@dataclass(frozen=True, slots=True)
class Reading:
    """One column of a file that was read: its definition and its heading there.

    On the engine the column stands under its own name, as a value, and under `text_` and its name, as published.
    """

    column: ColumnDefinition
    heading: str

    @property
    def text_name(self) -> str:
        """The name its published text stands under."""
        return f"text_{self.column.name}"

    def unreadable(self, table: ir.Table) -> ir.BooleanValue:
        """Whether something is published that does not say what the column holds."""
        return table[self.text_name].notnull() & table[self.column.name].isnull()

    def absent(self, table: ir.Table) -> ir.BooleanValue:
        """Whether nothing is published where something must be."""
        return table[self.text_name].isnull()

    @property
    def must_be_there(self) -> bool:
        """Whether a blank is a finding."""
        return self.column.null_means == "never null"


def published_text(column: ColumnDefinition, cell: ir.StringValue) -> ir.StringValue:
    """What a cell says: null where blank, or where the text stands for no value."""
    text = not_blank(cell)
    if column.null_when:
        return text.upper().isin(list(column.null_when)).ifelse(ibis.null("string"), text)
    return text


def value_of(column: ColumnDefinition, text: ir.StringValue) -> ir.Value:
    """What a text means by the column's definition; null when it means nothing the column holds."""
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
        text = _matching(text.lower() if column.pattern.islower() else text.upper(), column.pattern)
    return text


def _matching(text: ir.StringValue, pattern: str) -> ir.StringValue:
    return text.re_search(f"^(?:{pattern})$").ifelse(text, ibis.null("string"))


def _exact_number(text: ir.StringValue, type_: dt.DataType) -> ir.NumericValue:
    """The number, unless it has more decimals than the column holds: those are refused, never rounded away."""
    scale = type_.scale if type_.is_decimal() else 0
    # Trailing zeros carry nothing: 12.50000 is 12.5.
    exact = _matching(text, rf"-?({WHOLE})(\.[0-9]{{0,{scale}}}0*)?").replace(",", "")
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


def cell_findings(table: ir.Table, readings: Sequence[Reading], *, file: str) -> list[Finding]:
    """Every cell that cannot be read and every blank that should not be.

    Takes    table: rows with `row`, `text_practice_code` and each reading's text and value.
    Returns  findings with row and heading. One pass counts; only columns with something wrong are read again.
    """
    counted = {f"u{n}": reading.unreadable(table).sum() for n, reading in enumerate(readings)}
    counted |= {f"a{n}": reading.absent(table).sum() for n, reading in enumerate(readings) if reading.must_be_there}
    number = table.aggregate(**counted).to_pyarrow().to_pylist()[0]
    found: list[Finding] = []
    for n, reading in enumerate(readings):
        if number[f"u{n}"]:
            rows = table.filter(reading.unreadable(table)).order_by("row")
            held = rows.select("row", code=rows.text_practice_code, text=rows[reading.text_name])
            found += [_unreadable(reading, file, **row) for row in held.to_pyarrow().to_pylist()]
        if reading.must_be_there and number[f"a{n}"]:
            rows = table.filter(reading.absent(table)).order_by("row")
            held = rows.select("row", code=rows.text_practice_code)
            found += [_absent(reading, file, **row) for row in held.to_pyarrow().to_pylist()]
    return found


def amount_findings(amounts: ir.Table, column: ColumnDefinition, *, file: str) -> list[Finding]:
    """The same for amounts in long form: row, text_practice_code, heading, text, amount."""
    wrong = amounts.filter(amounts.amount.isnull()).order_by("row", "heading")
    found = []
    for held in wrong.select("row", "heading", "text", code=wrong.text_practice_code).to_pyarrow().to_pylist():
        reading = Reading(column, held.pop("heading"))
        text = held.pop("text")
        found.append(_absent(reading, file, **held) if text is None else _unreadable(reading, file, text=text, **held))
    return found


def _unreadable(reading: Reading, file: str, row: int, code: str | None, text: str) -> Finding:
    column, type_ = reading.column, dt.dtype(reading.column.type)
    outcome = "The row is kept out." if column.key else "The cell is read as blank."
    rule, should_be = _rule(column, text)
    severity: Severity = "error" if column.key or type_.is_decimal() or type_.is_integer() else "warning"
    message = f"'{text}' is not {should_be}. {outcome}"
    mend = "Correct the cell at its source, or download the file again."
    return Finding(severity, rule, file, row, reading.heading, message, mend, code or "")


def _rule(column: ColumnDefinition, text: str) -> tuple[str, str]:
    type_ = dt.dtype(column.type)
    if type_.is_numeric():
        return _number_rule(column, text, "decimal" if type_.is_decimal() else "whole" if type_.is_integer() else "")
    if type_.is_date():
        return "date-malformed", "a day, as in 01/04/2021"
    rule = {"practice_code": "code-malformed", "postcode": "postcode-malformed"}.get(column.name, "text-malformed")
    return rule, column.looks_like


def _number_rule(column: ColumnDefinition, text: str, exact: str) -> tuple[str, str]:
    if not re.fullmatch(NUMBER if exact else ANY_NUMBER, text):
        return "number-malformed", "a number"
    number = Decimal(text.replace(",", ""))
    if column.at_least == "0" and number < 0:
        return "number-negative", f"possible: {column.unit or 'it'} cannot be negative"
    limits = [f"at least {column.at_least}"] * bool(column.at_least) + [f"at most {column.at_most}"] * bool(
        column.at_most
    )
    low, high = Decimal(column.at_least or "-Infinity"), Decimal(column.at_most or "Infinity")
    if not low <= number <= high:
        return "number-out-of-range", f"{' and '.join(limits)} {column.unit}"
    if exact == "whole":
        return "number-malformed", "a whole number"
    return "number-malformed", "a number that the column can hold exactly: it has too many digits"


def _absent(reading: Reading, file: str, row: int, code: str | None) -> Finding:
    kept = "The row is kept out." if reading.column.key else "It is read as blank."
    rule = "code-missing" if reading.column.key else "value-missing"
    message = f"{reading.heading} is blank. {kept}"
    return Finding("error", rule, file, row, reading.heading, message, "Fill the cell at its source.", code or "")
