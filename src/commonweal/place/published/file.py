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
from commonweal.place.published.cells import Reading, amount_findings, cell_findings, published_text, value_of
from commonweal.place.published.forms import COUNTED_IN_A_MONTH, PAYMENTS, Recognised
from commonweal.place.published.text import PublishedText, text_table

TOTAL_OF_ALL = "ALL"
DEPRIVATION_SCORE = "93553"
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
    years    what it covers: financial years, days or months of count, years of the index; empty for locations
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

    Takes    year: the financial year of payments, or the month of a count, which their columns do not say.
    Returns  the form's own table and, for payments, the lines, totals and averages in long form.
    """
    raw = text_table(engine, text)
    readings = _readings(form, text.headings)
    read = _on_engine(engine, _read(raw, form, year), form.form)
    findings = _file_findings(text, form)
    findings += cell_findings(read, readings, file=text.name)
    findings += _past_the_headings(read, text.name)
    findings += _duplicates(read.filter(read.place_in_key > 0), form, text.name, readings)
    own = conformed(read.filter(read.place_in_key == 0).mutate(file=ibis.literal(text.name)), form.form)
    tables = {form.form: own}
    if form.form == PAYMENTS:
        amounts = _on_engine(engine, _amounts(raw, read, form, text.headings), "amounts")
        findings += amount_findings(amounts, _AMOUNT, file=text.name)
        long = amounts.mutate(file=ibis.literal(text.name))
        tables |= {name: _family(long, name, getattr(form, FAMILY_OF[name])) for name in FAMILIES}
    years = _years(own, form, year)
    rows = int(own.count().to_pyarrow().as_py())
    if form.form == "practice_deprivation" and not rows:
        findings.append(_of_another_indicator(text.name))
    return FileTables(PublishedFile(text.path, text.name, form.form, years, rows), tables, tuple(findings))


def _columns(form: Recognised) -> dict[str, ColumnDefinition]:
    return {column.name: column for column in definitions()[form.form]}


def _readings(form: Recognised, headings: Sequence[str]) -> list[Reading]:
    return [Reading(_columns(form)[name], headings[at]) for name, at in form.positions.items()]


def _read(raw: ir.Table, form: Recognised, year: str) -> ir.Table:
    """Every column of the form as text and as value, and `place_in_key`: 0 for the row that stands for its key, more
    for rows beyond it, null for a row whose key cannot be read.

    Columns the file lacks are null throughout. Of registered lists only the totals are read, of indicators only the
    deprivation score.
    """
    columns = _columns(form)
    texts = {f"text_{name}": published_text(columns[name], raw[f"c{at}"]) for name, at in form.positions.items()}
    table = raw.select("row", "past", **texts)
    if form.form == "list_counts":
        table = table.filter(*(table[f"text_{name}"].upper() == TOTAL_OF_ALL for name in ("sex", "age")))
    if form.form == "practice_deprivation":
        table = table.filter(table.text_indicator == DEPRIVATION_SCORE)
    values = {name: value_of(columns[name], table[f"text_{name}"]) for name in form.positions}
    if form.form == "memberships":
        values["year"] = values["year"].left(4) + "-" + values["year"].right(2)
    if form.form == PAYMENTS:
        values["financial_year"] = ibis.literal(year)
    if form.form in COUNTED_IN_A_MONTH:
        values["month"] = ibis.literal(year)
    values |= {name: ibis.null(c.type) for name, c in columns.items() if name not in {*values, "file", "row"}}
    return _ranked(table.mutate(**values), form.form)


def _on_engine(engine: BaseBackend, table: ir.Table, name: str) -> ir.Table:
    return engine.create_table(ibis.util.gen_name(name), table, temp=True)


def _ranked(table: ir.Table, form: str) -> ir.Table:
    """With `place_in_key`: the first row comes first; of several locations an open one, then the one opened last."""
    order = [table.row]
    if form == "locations":
        order = [table.closed.isnull().desc(), table.opened.desc(nulls_first=False), table.row]
    keys = [table[name] for name in definitions()[form].key]
    place = ibis.row_number().over(group_by=keys, order_by=order)
    readable = ibis.and_(*(key.notnull() for key in keys))
    return table.mutate(place_in_key=readable.ifelse(place, ibis.null("int64"))).order_by("row")


def _amounts(raw: ir.Table, read: ir.Table, form: Recognised, headings: Sequence[str]) -> ir.Table:
    """A payments file's lines, totals and averages, one row a cell.

    Returns  family, item (its code), heading, text and amount of each cell, with the practice of its row and the row's
             place_in_key.
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
    long = long.mutate(text=published_text(_AMOUNT, long.text))
    long = long.mutate(amount=value_of(_AMOUNT, long.text))
    keys = read.select("row", "text_practice_code", "practice_code", "financial_year", "place_in_key")
    return long.inner_join(keys, "row")


def _family(amounts: ir.Table, name: str, positions: Mapping[str, Sequence[int]]) -> ir.Table:
    """One family of amounts of the practices kept; unreadable ones left out; two headings of one line added up."""
    held = amounts.filter(amounts.family == name, amounts.amount.notnull(), amounts.place_in_key == 0)
    if any(len(places) > 1 for places in positions.values()):
        keys = ("practice_code", "financial_year", "item", "file", "row")
        held = held.group_by(*keys).aggregate(amount=held.amount.sum())
    return conformed(held.rename({FAMILIES[name]: "item"}), name)


_YEAR_COLUMNS = {"memberships": "year", "list_counts": "extract_date", "practice_deprivation": "year"}


def _years(table: ir.Table, form: Recognised, year: str) -> tuple[str, ...]:
    column = _YEAR_COLUMNS.get(form.form)
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


def _of_another_indicator(file: str) -> Finding:
    message = f"No row is of indicator {DEPRIVATION_SCORE}, the deprivation score of practices; nothing is read."
    mend = "Nothing, if deprivation is not needed; otherwise download that indicator."
    return Finding("warning", "indicator-unknown", file, None, "", message, mend)


def _past_the_headings(table: ir.Table, file: str) -> list[Finding]:
    rows = table.filter(table.past.notnull()).select("row", code=table.text_practice_code).order_by("row")
    message = "The row has more cells than there are headings; those beyond the last are not read."
    mend = "See whether a comma within a text is missing its quotation marks."
    return [
        Finding("error", "row-too-long", file, held["row"], "", message, mend, held["code"] or "")
        for held in rows.to_pyarrow().to_pylist()
    ]


# Keys that every row of a file shares, because they are told of the file as a whole.
_TOLD = ("financial_year", "month")


def _duplicates(dropped: ir.Table, form: Recognised, file: str, readings: Sequence[Reading]) -> list[Finding]:
    heading = next(c.heading for c in readings if c.column.name == "practice_code")
    severity = "warning" if form.form == "locations" else "error"
    keys: tuple[ColumnDefinition, ...] = tuple(c for c in definitions()[form.form] if c.key)
    found = []
    for held in dropped.select("row", *(c.name for c in keys)).order_by("row").to_pyarrow().to_pylist():
        said = ", ".join(str(held[c.name]) for c in keys if c.name not in _TOLD)
        message = f"{said} stands in another row as well. This row is kept out."
        mend = "Keep one row for each practice at the source."
        code = held["practice_code"]
        found.append(Finding(severity, "code-duplicated", file, held["row"], heading, message, mend, code))
    return found
