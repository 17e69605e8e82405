"""What does each cell of a file of people mean, and which cells cannot be read?

Cells become numbers, days, flags and codes by their column's definition in tables/flows.yaml. What cannot be read is
null and marked beside its column, so that it can be counted without being repeated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from commonweal.core.parameters import Parameters
from commonweal.core.tables import ColumnDefinition
from commonweal.people.loading.shapes import PERSON_KEYS, Recognised

BAD, SMALL = "bad_", "small_"
NUMBER_TEXT, OWN_TEXT = "number_text", "own_text"
YES, NO = ("1", "1.0", "TRUE", "T", "Y", "YES"), ("0", "0.0", "FALSE", "F", "N", "NO")
# What programs write for a blank. Not of names: they are names too.
BLANKS = ("NA", "N/A", "NULL", "NAN", "NONE", "<NA>")
NAMES = ("given_name", "family_name", "address")
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
CODES = ("prov_code", "practice_code", "spec_l2a", "admimeth", "lsoa")


def read_values(raw: ir.Table, shape: Recognised, *, parameters: Parameters, on: date = date.max) -> ir.Table:
    """A file's rows with each cell read by its column's definition.

    Takes    raw: `row` and c0, c1, ...: cells as text without spaces at their ends, or as typed; shape: which column
             stands where.
    Returns  row; number_text and own_text, by which the person is known; every column of the shape but those two, null
             where the file lacks it; `bad_` and a column's name: whether its cell says something it cannot mean;
             `small_` and a code's name: whether it was written in small letters. One row per row of the file.
    Raises   nothing.
    """
    read: dict[str, ir.Value] = {}
    for column in shape.definition:
        if column.name in PERSON_KEYS:
            continue
        if column.name not in shape.positions and column.name not in shape.fixed:
            read[column.name] = ibis.null(column.type)
            continue
        cells = _cells(raw, shape, column)
        read[column.name] = _read(cells, column, parameters, on)
        texts = [text_of(cell, column) for cell in cells]
        read[BAD + column.name] = _said(texts) & _incomplete(read[column.name], cells, texts, column)
        if column.name == "sex":
            read["sex"] = read["sex"].nullif(UNKNOWN_CODE)
        if column.name in CODES and " " not in column.pattern:
            read[SMALL + column.name] = _small(texts[0])
    return raw.select("row", **_person_texts(raw, shape), **read)


def _cells(raw: ir.Table, shape: Recognised, column: ColumnDefinition) -> list[ir.Value]:
    if column.name in shape.fixed:
        return [ibis.literal(shape.fixed[column.name])]
    cells: list[ir.Value] = [raw[f"c{at}"] for at in shape.positions[column.name]]
    codes = shape.values.get(column.name)
    if not codes:
        return cells
    return [_as_mapped(cell.cast("string").strip(), codes) for cell in cells]


def _as_mapped(text: ir.StringValue, codes: Mapping[str, str]) -> ir.StringValue:
    # DuckDB and Spark both compare small letters of plain text alike.
    small = text.lower()
    return ibis.cases(*((small == written, ibis.literal(read)) for written, read in codes.items()), else_=text)


def _person_texts(raw: ir.Table, shape: Recognised) -> dict[str, ir.StringValue]:
    """NHS number without spaces, and the source's own key with what it is told apart by."""
    none = ibis.null("string")
    number = own = none
    if "nhs_number" in shape.positions:
        text = raw[f"c{shape.positions['nhs_number'][0]}"].cast("string").re_replace(r"[\s-]", "")
        number = text.re_replace(r"\.0*$", "").nullif("")
        number = number.upper().isin(BLANKS).ifelse(none, number)
    if shape.key_space:
        held = raw[f"c{shape.positions['person_id'][0]}"].cast("string") if "person_id" in shape.positions else number
        return {NUMBER_TEXT: none, OWN_TEXT: ibis.literal(f"{shape.key_space}:") + held.strip().nullif("")}
    if "person_id" in shape.positions:
        space = " ".join(shape.headings["person_id"].replace("_", " ").split()).casefold()
        prefix = ibis.literal(f"{space}:")
        if shape.shape == "social_care" and "prov_code" in shape.positions:
            # A local authority's keys are its own.
            authority = raw[f"c{shape.positions['prov_code'][0]}"].cast("string").strip().upper()
            prefix = prefix + ibis.coalesce(authority, "") + ":"
        own = prefix + raw[f"c{shape.positions['person_id'][0]}"].cast("string").strip().nullif("")
    return {NUMBER_TEXT: number, OWN_TEXT: own}


def text_of(cell: ir.Value, column: ColumnDefinition) -> ir.StringValue:
    """What a cell without spaces at its ends says: null where blank or where it stands for no value."""
    text = cell.cast("string").nullif("")
    upper = text.upper()
    none = [*(() if column.name in NAMES else BLANKS), *(word.upper() for word in column.null_when)]
    blank = upper.isin(none)
    if column.type == "date":
        blank |= text.left(10).isin([word for word in column.null_when if word[:1].isdigit()])
    return blank.ifelse(ibis.null("string"), text)


def _said(texts: Sequence[ir.StringValue]) -> ir.BooleanValue:
    said = texts[0].notnull()
    for text in texts[1:]:
        said |= text.notnull()
    return said


def _incomplete(
    value: ir.Value, cells: Sequence[ir.Value], texts: Sequence[ir.StringValue], column: ColumnDefinition
) -> ir.BooleanValue:
    if column.name == "diag_codes":
        return ibis.or_(*(text.notnull() & _diagnosis(text, column).isnull() for text in texts))
    if column.type == "boolean":
        return ibis.or_(*(text.notnull() & _flag(text).isnull() for text in texts))
    if column.name == "sex":
        return value == UNKNOWN_CODE
    return value.isnull()


UNKNOWN_CODE = "?"


def _read(cells: Sequence[ir.Value], column: ColumnDefinition, parameters: Parameters, on: date) -> ir.Value:
    type_ = dt.dtype(column.type)
    # What stands for no value is no flag, day or number anyhow; to say so again would cost much.
    plain = (type_.is_boolean() or type_.is_date() or type_.is_numeric()) and not column.null_when
    texts = [cell.cast("string") if plain else text_of(cell, column) for cell in cells]
    if type_.is_boolean():
        return _any(texts)
    if type_.is_date():
        return _day(cells[0], texts[0])
    if type_.is_numeric():
        return _number(cells[0], texts[0], column)
    if column.name == "diag_codes":
        return ibis.literal(",").join([_diagnosis(text, column) for text in texts]).nullif("")
    if column.name == "sex":
        return _sex(texts[0], parameters["sex_codes"].on(on).value)
    text = texts[0]
    if column.pattern:
        text = text.lower() if column.pattern == column.pattern.lower() else text.upper()
        # HES pads a one-letter ethnic category, and cells of codes often have dots.
        return text.re_search(f"^(?:{column.pattern})$").ifelse(text, ibis.null("string"))
    return text


def _flag(text: ir.StringValue) -> ir.BooleanValue:
    upper = text.upper()
    return ibis.cases((upper.isin(YES), True), (upper.isin(NO), False), else_=ibis.null("boolean"))


def _any(texts: Sequence[ir.StringValue]) -> ir.BooleanValue:
    flags = [_flag(text) for text in texts]
    if len(flags) == 1:
        return flags[0]
    raised = ibis.or_(*(flag.fill_null(False) for flag in flags))
    known = ibis.or_(*(flag.notnull() for flag in flags))
    return known.ifelse(raised, ibis.null("boolean"))


def _day(cell: ir.Value, text: ir.StringValue) -> ir.DateValue:
    """A day, or the day of a moment: 2021-04-01, 20210401, 01/04/2021 or 01APR2021."""
    if cell.type().is_temporal():
        return text.notnull().ifelse(cell.cast("date"), ibis.null("date"))
    upper = text.upper()
    month = ibis.cases(*((upper.substr(2, 3) == m, f"{n:02d}") for n, m in enumerate(MONTHS, 1)), else_="")
    # The usual way first, by two letters: patterns are tried on what is left.
    year_first = (upper.substr(4, 1) == "-") & (upper.substr(7, 1) == "-") & upper.substr(10, 1).isin(["", " ", "T"])
    iso = ibis.cases(
        (year_first, upper.left(10)),
        (upper.re_search(r"^\d{8}(\.0)?$"), upper.substr(0, 4) + "-" + upper.substr(4, 2) + "-" + upper.substr(6, 2)),
        (
            upper.re_search(r"^\d{2}/\d{2}/\d{4}( .*)?$"),
            upper.substr(6, 4) + "-" + upper.substr(3, 2) + "-" + upper.substr(0, 2),
        ),
        (
            upper.re_search(r"^\d{2}[A-Z]{3}\d{4}([: ].*)?$"),
            upper.substr(5, 4) + "-" + month + "-" + upper.substr(0, 2),
        ),
        else_=ibis.null("string"),
    )
    return iso.try_cast("date")


def _number(cell: ir.Value, text: ir.StringValue, column: ColumnDefinition) -> ir.NumericValue:
    """The number where it lies in its range; a whole number written 5.0 is 5."""
    type_ = dt.dtype(column.type)
    plain = text.re_replace("[,£]", "")
    if type_.is_integer():
        plain = plain.re_replace(r"\.0*$", "")
        wide = plain.re_search(r"^-?\d{1,12}$").ifelse(plain, ibis.null("string")).try_cast("int64")
    elif type_.is_decimal():
        usual = plain.re_search(r"^[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?$")
        wide = usual.ifelse(plain, ibis.null("string")).try_cast("float64").try_cast(type_)
        # Digits past the type's are cut off: rounded here, and to pence later, half a penny would go up twice.
        cut = plain.re_replace(rf"^([-+]?\d*\.\d{{{type_.scale}}})\d+$", r"\1")
        exact = cut.re_search(r"^[-+]?\d{1,14}(\.\d*)?$").ifelse(cut, ibis.null("string")).try_cast(type_)
        wide = ibis.coalesce(exact, wide)
    else:
        wide = plain.re_search(r"^[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?$").ifelse(plain, ibis.null("string"))
        wide = wide.try_cast("float64")
    fits = ibis.literal(True)
    if column.at_least:
        fits &= wide >= ibis.literal(column.at_least).cast(wide.type())
    if column.at_most:
        fits &= wide <= ibis.literal(column.at_most).cast(wide.type())
    return fits.ifelse(wide, ibis.null(wide.type())).try_cast(type_)


def _diagnosis(text: ir.StringValue, column: ColumnDefinition) -> ir.StringValue:
    """An ICD-10 code without dot, dagger, asterisk or the X that fills three characters up to four."""
    upper = text.upper().re_replace(r"[.\s+*-]", "")
    upper = upper.re_search(r"^[A-Z]\d\d[A-Z0-9]?[DA]$").ifelse(upper.re_replace("[DA]$", ""), upper)
    code = upper.re_search(r"^[A-Z]\d\dX").ifelse(upper.left(3), upper)
    return code.re_search(f"^(?:{column.pattern})$").ifelse(code, ibis.null("string"))


def _sex(text: ir.StringValue, codes: Sequence[Mapping[str, Any]]) -> ir.StringValue:
    """M, F or null; `?` for what is no known code."""
    upper = text.upper().re_replace(r"\.0$", "")
    known = ((upper.isin(row["written"]), ibis.literal(row["sex"]).nullif("")) for row in codes)
    return ibis.cases((text.isnull(), ibis.null("string")), *known, else_=UNKNOWN_CODE)


def _small(text: ir.StringValue) -> ir.BooleanValue:
    return text.notnull() & (text != text.upper())
