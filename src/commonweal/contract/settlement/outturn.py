"""What did a place spend in a year on each service line, by its own file?"""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path

from commonweal.core.amounts import Line, Source, given, total
from commonweal.core.errors import InputError
from commonweal.core.periods import Period, financial_year

FILE = "outturn.csv"
NEEDED = ("financial_year", "service_line", "amount")


def outturn(
    file: Path, year: Period, *, service_lines: Collection[str], practices: Collection[str], places: Collection[str]
) -> dict[str, Line]:
    """What was spent in a year by service line, each row a part of it; nothing where the file has no row of the year.

    Takes    practices: those whose spend counts, beside rows that name none; places: all practices of the place.
    Raises   InputError for a column that is missing, or a row that cannot be read, by its number in the file.
    """
    if not file.is_file():
        return {}
    found: dict[str, list[Line]] = {}
    seen: set[tuple[str, str]] = set()
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            reader = csv.DictReader(opened)
            missing = [name for name in NEEDED if name not in (reader.fieldnames or ())]
            if missing:
                mend = f"It needs {', '.join(NEEDED)}; practice_code and source may be there too."
                raise InputError(f"has no column {missing[0]}.", where=str(file), mend=mend)
            for number, row in enumerate(reader, start=2):
                where = f"{file.name} row {number}"
                line, practice = _of(row, "service_line"), _of(row, "practice_code").upper()
                if line not in service_lines:
                    known = ", ".join(sorted(service_lines))
                    raise InputError(f"'{line}' is no service line.", where=where, mend=f"It is one of {known}.")
                if practice and practice not in places:
                    raise InputError(
                        f"{practice} is not of this place.", where=where, mend="Leave it blank for all that take part."
                    )
                amount = _amount(row, where)
                if financial_year(_of(row, "financial_year")).start != year.start:
                    continue
                if (line, practice) in seen:
                    raise InputError("is the second of its kind.", where=where, mend="Keep one a line and practice.")
                seen.add((line, practice))
                if not practice or practice in practices:
                    source = Source(f"contract/{file.name}", f"row {number}" + _said(_of(row, "source")))
                    found.setdefault(line, []).append(
                        given(practice or "all practices that take part", amount, source=source)
                    )
    except UnicodeDecodeError:
        raise InputError("is not text in UTF-8.", where=str(file), mend="Save it as CSV in UTF-8.") from None
    return {line: total(f"{line} {year.label}", *parts) for line, parts in sorted(found.items())}


def _said(text: str) -> str:
    return f": {text}" if text else ""


def _of(row: Mapping[str, str | None], column: str) -> str:
    return (row.get(column) or "").strip()


def _amount(row: Mapping[str, str | None], where: str) -> Decimal:
    text = _of(row, "amount").replace(",", "").replace("£", "")
    try:
        if (value := Decimal(text)).is_finite():
            return value
    except InvalidOperation:
        pass
    raise InputError(f"amount '{text}' is no number.", where=where, mend="Write pounds, as 56400000.00.")
