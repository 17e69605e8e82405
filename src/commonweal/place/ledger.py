"""What has the place itself spent, by its own ledger?

A place may keep ledger.csv: what each service line cost, for whom, and whether it comes back. It stands in for
national figures where those are all that is published.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from ibis.backends import BaseBackend

from commonweal.core.errors import InputError
from commonweal.core.findings import Finding
from commonweal.core.parameters import Parameters, library
from commonweal.core.periods import financial_year
from commonweal.core.tables import definitions
from commonweal.place.published.cells import Reading, cell_findings, published_text, value_of
from commonweal.place.published.text import published_texts, text_table

LEDGER_FILE = "ledger.csv"


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One row of the ledger; practice_code is blank where the money was spent on the whole population named."""

    financial_year: str
    commissioner_code: str
    service_line: str
    practice_code: str
    population: str
    recurrence: str
    amount: Decimal
    source: str
    row: int


@dataclass(frozen=True, slots=True)
class Ledger:
    """A place's own ledger; no entries where it keeps none."""

    entries: tuple[LedgerEntry, ...] = ()
    findings: tuple[Finding, ...] = ()

    def of_line(self, service_line: str, year: str = "") -> tuple[LedgerEntry, ...]:
        """Entries of one service line, of one financial year when asked."""
        return tuple(e for e in self.entries if e.service_line == service_line and year in ("", e.financial_year))


def read_ledger(
    engine: BaseBackend, path: Path, *, practices: Collection[str], parameters: Parameters | None = None
) -> Ledger:
    """The ledger in a file; an empty one when there is no file.

    Takes    practices: codes of the place. parameters: for the service lines; the library's when not given.
    Returns  entries that can be read; a finding for each row that cannot be, which is kept out.
    Raises   InputError when a column is missing.
    """
    if not path.is_file():
        return Ledger()
    text = next(published_texts(path))
    named = {" ".join(heading.split()).casefold(): n for n, heading in enumerate(text.headings)}
    columns = [column for column in definitions()["ledger"] if column.published_as]
    missing = [column.name for column in columns if column.published_as[0] not in named]
    if missing:
        mend = f"The columns are {', '.join(column.name for column in columns)}."
        raise InputError(f"lacks the column {', '.join(missing)}.", where=text.name, mend=mend)
    table = text_table(engine, text)
    texts = {f"text_{c.name}": published_text(c, table[f"c{named[c.name]}"]) for c in columns}
    read = table.select("row", **texts)
    read = read.mutate(**{c.name: value_of(c, read[f"text_{c.name}"]) for c in columns})
    findings = cell_findings(read, [Reading(c, c.name) for c in columns], file=text.name)
    wrong = {finding.row for finding in findings}
    read = read.select("row", *(c.name for c in columns)).order_by("row")
    lines = _service_lines(parameters or library())
    entries = []
    for held in read.to_pyarrow().to_pylist():
        if held["row"] in wrong:
            continue
        found = _row_findings(held, lines, practices, text.name)
        findings += found
        if not found:
            year = financial_year(held.pop("financial_year")).label
            blank_for_none = {name: "" if value is None else value for name, value in held.items()}
            entries.append(LedgerEntry(financial_year=year, **blank_for_none))
    return Ledger(tuple(entries), tuple(findings))


def _service_lines(parameters: Parameters) -> set[str]:
    held = parameters["service_lines"].values[-1].value
    return {row["code"] for row in held}


def _row_findings(held: Mapping[str, object], lines: set[str], practices: Collection[str], file: str) -> list[Finding]:
    found = []
    year, line, code = str(held["financial_year"]), str(held["service_line"]), held["practice_code"]
    try:
        financial_year(year)
    except InputError as error:
        found.append(("financial_year", "ledger-year", error.message, error.mend))
    if line not in lines:
        known = ", ".join(sorted(lines))
        found.append(("service_line", "ledger-service-line", f"'{line}' is no service line.", f"It is one of {known}."))
    if code is not None and code not in practices:
        mend = "Use a practice of the place, or leave it blank for the whole population."
        found.append(("practice_code", "ledger-practice", f"{code} is not of this place.", mend))
    row = int(str(held["row"]))
    return [
        Finding("error", rule, file, row, column, f"{message} The row is kept out.", mend, str(code or ""))
        for column, rule, message, mend in found
    ]
