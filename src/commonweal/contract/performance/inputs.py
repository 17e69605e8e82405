"""What did a year's file of measures say, and what is wrong with it?

A CSV file with one row a measure: `measure` and any of the columns in `Measured`. A row whose measure is the name of an
input of a scheme gives that input as its value. A row may name its `scheme`; without it, it serves every scheme that
has the measure. Everything wrong is told at once: row, column, what is wrong, the mend.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from commonweal.contract.performance.clause import PerformanceScheme
from commonweal.contract.performance.faults import is_number
from commonweal.contract.performance.measured import NUMBERS, Measured
from commonweal.core.errors import InputError

MEASURE, SCHEME = "measure", "scheme"
COLUMNS = (MEASURE, SCHEME, *NUMBERS)
BLANK = ("", "-")


@dataclass(slots=True)
class SchemeInputs:
    """What one scheme is handed: its measures, and its inputs."""

    measured: dict[str, Measured] = field(default_factory=dict)
    inputs: dict[str, Decimal] = field(default_factory=dict)


def read_measured(path: Path, schemes: Sequence[PerformanceScheme]) -> dict[str, SchemeInputs]:
    """A file of measures, by the name of each scheme.

    Raises   InputError telling everything that is wrong with the file.
    """
    if not path.is_file():
        raise InputError("There is no such file.", where=str(path), mend="Name a CSV file with a row a measure.")
    found = {scheme.name: SchemeInputs() for scheme in schemes}
    by_name = {scheme.name: scheme for scheme in schemes}
    faults: list[str] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as opened:
            reader = csv.DictReader(opened)
            faults.extend(_wrong_columns(reader.fieldnames or (), path.name))
            if not faults:
                for number, row in enumerate(reader, start=2):
                    faults.extend(_take(row, f"{path.name} row {number}", by_name, found))
    except UnicodeDecodeError:
        raise InputError("is not text in UTF-8.", where=str(path), mend="Save it as CSV in UTF-8.") from None
    except csv.Error as problem:
        raise InputError(f"is not CSV: {problem}.", where=str(path), mend="Save it as CSV.") from None
    if faults:
        raise InputError("\n".join(faults))
    return found


def _wrong_columns(columns: Sequence[str], file: str) -> Iterator[str]:
    if MEASURE not in columns:
        yield f"{file}: has no column '{MEASURE}'. Its columns are {', '.join(COLUMNS)}."
        return
    for column in columns:
        if column not in COLUMNS:
            yield f"{file} row 1, column '{column}': is not known. Columns are {', '.join(COLUMNS)}."
        elif columns.count(column) > 1:
            yield f"{file} row 1, column '{column}': is there twice. Keep one."
            return


def _take(
    row: Mapping[Any, Any], where: str, by_name: Mapping[str, PerformanceScheme], found: Mapping[str, SchemeInputs]
) -> Iterator[str]:
    if None in row or None in row.values():
        yield f"{where}: has more or fewer cells than there are columns. Mend the commas; quote a text that holds one."
        return
    cells = {column: text.strip() for column, text in row.items()}
    name, of = cells[MEASURE], cells.get(SCHEME, "")
    if not any(cells.values()):
        return
    if of and of not in by_name:
        yield f"{where}, column '{SCHEME}': '{of}' is no scheme. There are {', '.join(by_name)}."
        return
    numbers: dict[str, Decimal] = {}
    for column, text in cells.items():
        if column in NUMBERS and text not in BLANK:
            plain = text.replace(",", "")
            if is_number(plain):
                numbers[column] = Decimal(plain)
            else:
                yield f"{where}, column '{column}': '{text}' is no number. Write it as 0.35 or 1250."
    takers = [scheme for scheme in by_name.values() if of in ("", scheme.name)]
    takers = [scheme for scheme in takers if name in scheme.measures or name in scheme.inputs]
    if not takers:
        there = ", ".join(dict.fromkeys(key for s in by_name.values() for key in (*s.measures, *s.inputs)))
        yield f"{where}, column '{MEASURE}': '{name}' is no measure and no input. There are {there}."
    for scheme in takers:
        yield from _give(scheme, found[scheme.name], name, numbers, where)


def _give(
    scheme: PerformanceScheme, to: SchemeInputs, name: str, numbers: Mapping[str, Decimal], where: str
) -> Iterator[str]:
    if name in to.measured or name in to.inputs:
        yield f"{where}, column '{MEASURE}': '{name}' is there twice for {scheme.name}. Keep one row."
    elif name in scheme.measures:
        to.measured[name] = Measured(**numbers, where=where)
    elif set(numbers) != {"value"}:
        yield f"{where}: '{name}' is an input and has no value alone. Write its number under 'value'."
    else:
        to.inputs[name] = numbers["value"]
