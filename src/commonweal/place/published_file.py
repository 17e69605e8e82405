"""What does one published file hold, row by row, and what is wrong with it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import ibis
import ibis.expr.types as ir
from ibis.backends import BaseBackend

from commonweal.core.findings import Finding
from commonweal.core.tables import ColumnDefinition, conformed, definitions
from commonweal.place.published_cells import Cell, cell, cell_findings, long_findings, typed
from commonweal.place.published_forms import PAYMENTS, Recognised
from commonweal.place.published_text import PublishedText, text_table

TOTAL_OF_ALL = "ALL"
FAMILIES: Mapping[str, str] = {
    "payment_lines": "payment_line",
    "payment_totals": "payment_total",
    "payment_averages": "payment_average",
}
FAMILY_OF = {"payment_lines": "lines", "payment_totals": "totals", "payment_averages": "averages"}
_AMOUNT = next(column for column in definitions()["payment_lines"] if column.name == "amount")


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """One published file as it was recognised.

    name     for messages: the file's name, with the member's when it is in a zip
    form     its table in tables/published_forms.yaml
    years    what it covers: financial years, or days of count; empty for locations
    rows     rows read from it
    """

    path: Path
    name: str
    form: str
    years: tuple[str, ...]
    rows: int


@dataclass(frozen=True, slots=True)
class FileTables:
    """One published file's tables by name, all on the engine, and what was found in it."""

    file: PublishedFile
    tables: Mapping[str, ir.Table]
    findings: tuple[Finding, ...]


def file_tables(engine: BaseBackend, text: PublishedText, form: Recognised, year: str) -> FileTables:
    """A recognised file read, each cell by its column's definition.

    Takes    year: the financial year of payments, which their columns do not say.
    Returns  the form's own table and, for payments, the lines, totals and averages in long form.
    """
    raw = text_table(engine, text)
    if form.form == "list_counts":
        raw = _totals_only(raw, _cells(raw, form, text.headings))
    cells = _cells(raw, form, text.headings)
    code = next(c.text for c in cells if c.column.name == "practice_code")
    findings = _file_findings(text, form)
    findings += cell_findings(raw, cells, code=code, file=text.name)
    findings += _past_the_headings(raw, code, text.name)

    further = {"file": ibis.literal(text.name), "row": raw.row}
    further |= {"financial_year": ibis.literal(year)} if form.form == PAYMENTS else {}
    complete = _complete(typed(raw, cells, further), form.form)
    ranked = _on_engine(engine, _ranked(complete, form.form), form.form)
    own = conformed(ranked.filter(ranked.place_in_key == 0), form.form)
    findings += _duplicates(ranked.filter(ranked.place_in_key > 0), form, text.name, cells)
    tables = {form.form: own}
    if form.form == PAYMENTS:
        amounts = _on_engine(engine, _amounts(raw, own, form, text.headings), "amounts")
        findings += long_findings(amounts, file=text.name)
        tables |= {name: _family(amounts, name, getattr(form, FAMILY_OF[name])) for name in FAMILIES}
    years = _years(own, form, year)
    rows = int(own.count().to_pyarrow().as_py())
    return FileTables(PublishedFile(text.path, text.name, form.form, years, rows), tables, tuple(findings))


def _cells(table: ir.Table, form: Recognised, headings: Sequence[str]) -> list[Cell]:
    by_name = {column.name: column for column in definitions()[form.form]}
    return [cell(by_name[name], headings[at], table[f"c{at}"]) for name, at in form.positions.items()]


def _totals_only(table: ir.Table, cells: Sequence[Cell]) -> ir.Table:
    sex, age = (next(c.text for c in cells if c.column.name == name) for name in ("sex", "age"))
    return table.filter((sex.upper() == TOTAL_OF_ALL) & (age.upper() == TOTAL_OF_ALL))


def _complete(table: ir.Table, form: str) -> ir.Table:
    """The form's columns, those the file lacks null throughout; years of membership as 2022-23."""
    if form == "memberships":
        table = table.mutate(year=table.year.left(4) + "-" + table.year.right(2))
    absent = {c.name: ibis.null(c.type) for c in definitions()[form] if c.name not in table.columns}
    return table.mutate(**absent) if absent else table


def _on_engine(engine: BaseBackend, table: ir.Table, name: str) -> ir.Table:
    return engine.create_table(ibis.util.gen_name(name), table, temp=True)


def _ranked(table: ir.Table, form: str) -> ir.Table:
    """The rows with `place_in_key`: 0 for the row that stands for its key, more for rows beyond it.

    The first row is kept; of several locations, an open one before a closed one, then the one opened last.
    """
    order = [table.row]
    if form == "locations":
        order = [table.closed.isnull().desc(), table.opened.desc(nulls_first=False), table.row]
    keys = [table[name] for name in definitions()[form].key]
    return table.mutate(place_in_key=ibis.row_number().over(group_by=keys, order_by=order)).order_by("row")


def _amounts(raw: ir.Table, own: ir.Table, form: Recognised, headings: Sequence[str]) -> ir.Table:
    """A payments file's lines, totals and averages, one row a cell.

    Returns  family, item (its code), heading, text and amount of each cell; practice_code and financial_year are null
             for rows that were kept out.
    """
    families = dict(zip(FAMILIES, (form.lines, form.totals, form.averages), strict=True))
    names = {
        f"{family}|{item}|{headings[at]}": raw[f"c{at}"]
        for family, items in families.items()
        for item, positions in items.items()
        for at in positions
    }
    parts, pattern = ["family", "item", "heading"], r"([^|]+)\|([^|]+)\|(.+)"
    long = raw.select("row", **names).pivot_longer(
        tuple(names), names_to=parts, names_pattern=pattern, values_to="text"
    )
    long = long.mutate(amount=cell(_AMOUNT, "", long.text).value)
    return long.left_join(own.select("practice_code", "financial_year", "file", "row"), "row").drop("row_right")


def _family(amounts: ir.Table, name: str, positions: Mapping[str, Sequence[int]]) -> ir.Table:
    """One family of amounts of the practices kept; unreadable ones left out; two headings of one line added up."""
    read = amounts.amount.notnull() & amounts.practice_code.notnull()
    held = amounts.filter((amounts.family == name) & read)
    if any(len(places) > 1 for places in positions.values()):
        keys = ("practice_code", "financial_year", "item", "file", "row")
        held = held.group_by(*keys).aggregate(amount=held.amount.sum())
    return conformed(held.rename({FAMILIES[name]: "item"}), name)


def _years(table: ir.Table, form: Recognised, year: str) -> tuple[str, ...]:
    column = {"memberships": "year", "list_counts": "extract_date"}.get(form.form)
    if column is None:
        return (year,) if year else ()
    return tuple(sorted(str(value) for value in table[column].value_counts()[column].to_pyarrow().to_pylist()))


def _file_findings(text: PublishedText, form: Recognised) -> list[Finding]:
    found = []
    if text.encoding != "UTF-8":
        message = f"The file is not UTF-8; it is read as {text.encoding}."
        found.append(Finding("note", "file-encoding", text.name, None, "", message, "Nothing, if names look right."))
    if form.form == PAYMENTS and form.unread:
        found += [_unread_payment(text.name, heading) for heading in form.unread if not _known_text(heading)]
    return found


# Headings of payments files that are read by no table: where the practice is, in words.
_PLACE_WORDS = ("region", "address", "name")


def _known_text(heading: str) -> bool:
    return any(word in heading.lower() for word in _PLACE_WORDS)


def _unread_payment(file: str, heading: str) -> Finding:
    message = f"'{heading}' is no payment line that is known; it is not read."
    mend = "If it is a payment, add its heading to payment_lines in the place's contract folder."
    return Finding("warning", "payment-line-unknown", file, 1, heading, message, mend)


def _past_the_headings(table: ir.Table, code: ir.StringValue, file: str) -> list[Finding]:
    rows = table.filter(table.past.notnull()).select(row=table.row, code=code).order_by("row")
    message = "The row has more cells than there are headings; those beyond the last are not read."
    mend = "See whether a comma within a text is missing its quotation marks."
    return [
        Finding("error", "row-too-long", file, held["row"], "", message, mend, held["code"] or "")
        for held in rows.to_pyarrow().to_pylist()
    ]


def _duplicates(dropped: ir.Table, form: Recognised, file: str, cells: Sequence[Cell]) -> list[Finding]:
    heading = next(c.heading for c in cells if c.column.name == "practice_code")
    severity = "warning" if form.form == "locations" else "error"
    keys: tuple[ColumnDefinition, ...] = tuple(c for c in definitions()[form.form] if c.key)
    found = []
    for held in dropped.select("row", *(c.name for c in keys)).order_by("row").to_pyarrow().to_pylist():
        said = ", ".join(str(held[c.name]) for c in keys if c.name != "financial_year" or form.form != PAYMENTS)
        message = f"{said} stands in another row as well. This row is kept out."
        mend = "Keep one row for each practice at the source."
        code = held["practice_code"]
        found.append(Finding(severity, "code-duplicated", file, held["row"], heading, message, mend, code))
    return found
