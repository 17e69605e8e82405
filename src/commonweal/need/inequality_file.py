"""What does a file of rates and expected results say, area by area?

One row per quantile, age band or group of an area:

    area         what belongs together; may be left out where the file is of one area
    quantile     1 is the most deprived; for slope and relative indices
    population   people or person-years
    value        the rate, share or other value; or count, from which value and limits are made
    lower, upper its 95 % limits; or error: its standard error on the scale of its kind
    standard     people of the standard population in the age band; for directly standardised rates
    kind         rate (the default), proportion or other; per: rates are by so many people (1 where left out)
    transformed  yes: the line is fitted to logarithms or logits; multiplier: of the slope; confidence: 0.95 or 95

and, on any row of the area, what is expected: sii, rii, dsr, or on each row: rate, proportion; each also with _lower
and _upper. A blank is no value. Further columns are left alone.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TypeVar

from commonweal.core.errors import InputError
from commonweal.need.slope_index import KINDS

Value = TypeVar("Value")

STATISTICS = ("sii", "rii", "dsr", "rate", "proportion")
PARTS = ("", "_lower", "_upper")
EXPECTED = tuple(f"{name}{part}" for name in STATISTICS for part in PARTS)
NUMBERS = (
    "quantile",
    "population",
    "value",
    "count",
    "lower",
    "upper",
    "error",
    "standard",
    "per",
    "multiplier",
    "confidence",
    *EXPECTED,
)
TEXTS = ("area", "kind", "transformed")
PER_ROW = ("rate", "proportion")
TRUE, FALSE = ("yes", "true", "1"), ("no", "false", "0", "")


@dataclass(frozen=True, slots=True)
class RateRow:
    """One row: its number in the file as a spreadsheet counts it, and the numbers it has."""

    number: int
    numbers: Mapping[str, Decimal]

    def get(self, name: str) -> float | None:
        """A number, where the row has it."""
        held = self.numbers.get(name)
        return None if held is None else float(held)


@dataclass(frozen=True, slots=True)
class RateArea:
    """The rows of one area and how they are to be read."""

    name: str
    file: str
    rows: tuple[RateRow, ...]
    kind: str = "rate"
    transformed: bool = False
    per: float = 1.0
    multiplier: float = 1.0
    confidence: float = 0.95
    expected: Mapping[str, Decimal] = field(default_factory=dict)

    def column(self, name: str, purpose: str) -> list[float]:
        """One number of every row.

        Raises   InputError naming the row that lacks it.
        """
        return [_needed(self, row, name, purpose) for row in self.rows]

    def where(self, row: RateRow | None = None, column: str = "") -> str:
        """Where in the file something is."""
        parts = [self.file, f"row {row.number}" if row else "", f"column '{column}'" if column else ""]
        return ", ".join(part for part in (*parts, f"area {self.name}" if self.name and not row else "") if part)


def read_rate_areas(path: Path) -> tuple[RateArea, ...]:
    """The areas of a file, in order of their first rows.

    Raises   InputError naming row, column and rule for what cannot be read, and for a file that expects nothing.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise InputError("cannot be read as text.", where=path.name, mend="Give a CSV file in UTF-8.") from None
    reader = csv.DictReader(io.StringIO(text, newline=""))
    names = {_plain(name): name for name in reader.fieldnames or ()}
    _checked_columns(names, path.name)
    found: dict[str, list[tuple[RateRow, dict[str, str]]]] = {}
    for number, row in enumerate(reader, start=2):
        held = {plain: (row.get(name) or "").strip() for plain, name in names.items()}
        if any(held.values()):
            texts = {name: held.get(name, "") for name in TEXTS}
            found.setdefault(texts["area"], []).append(
                (RateRow(number, dict(_numbers(held, path.name, number))), texts)
            )
    if not found:
        raise InputError("has no rows.", where=path.name, mend="Give one row per quantile, age band or group.")
    return tuple(_area(name, path.name, rows) for name, rows in found.items())


def _checked_columns(names: Mapping[str, str], file: str) -> None:
    if "population" not in names:
        raise InputError("has no column 'population'.", where=file, mend=f"Columns are {', '.join(NUMBERS[:8])} ...")
    if not set(EXPECTED) & set(names):
        mend = f"Give at least one of {', '.join(STATISTICS)}."
        raise InputError("expects nothing, so nothing can be compared.", where=file, mend=mend)


def _plain(header: str | None) -> str:
    return (header or "").strip().lower().replace(" ", "_")


def _numbers(held: Mapping[str, str], file: str, number: int) -> Iterator[tuple[str, Decimal]]:
    for name in NUMBERS:
        text = held.get(name, "").replace(",", "")
        if not text:
            continue
        try:
            value = Decimal(text)
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite():
            where = f"{file}, row {number}, column '{name}'"
            raise InputError("is not a number.", where=where, mend="Write it as 1234.5, or leave it blank.")
        yield name, value


def _area(name: str, file: str, rows: list[tuple[RateRow, dict[str, str]]]) -> RateArea:
    numbers = [row.numbers for row, _ in rows]
    area = RateArea(name, file, tuple(row for row, _ in rows))
    said = {key: _one(area, key, (texts[key].lower() for _, texts in rows)) for key in ("kind", "transformed")}
    amounts = {key: _one(area, key, (row.get(key) for row in numbers)) for key in ("per", "multiplier", "confidence")}
    kind = said["kind"] or "rate"
    if kind not in KINDS:
        raise InputError(f"'{kind}' is no kind.", where=area.where(column="kind"), mend=f"It is {', '.join(KINDS)}.")
    confidence = float(amounts["confidence"] or Decimal("0.95"))
    expected = {
        key: value
        for key in EXPECTED
        if key.partition("_")[0] not in PER_ROW
        and (value := _one(area, key, (row.get(key) for row in numbers))) is not None
    }
    return RateArea(
        name=name,
        file=file,
        rows=area.rows,
        kind=kind,
        transformed=_yes(area, said["transformed"] or ""),
        per=float(amounts["per"] or 1),
        multiplier=float(amounts["multiplier"] or 1),
        confidence=confidence / 100 if confidence > 1 else confidence,
        expected=expected,
    )


def _one(area: RateArea, column: str, values: Iterable[Value | None]) -> Value | None:
    """The one value that the rows of an area give, where any does."""
    given = {value for value in values if value not in (None, "")}
    if len(given) > 1:
        raise InputError(
            "says two things of one area.", where=area.where(column=column), mend="Give one, or one a row."
        )
    return next(iter(given), None)


def _yes(area: RateArea, text: str) -> bool:
    if text not in TRUE + FALSE:
        raise InputError(
            f"'{text}' is neither yes nor no.", where=area.where(column="transformed"), mend="Give yes or no."
        )
    return text in TRUE


def _needed(area: RateArea, row: RateRow, name: str, purpose: str) -> float:
    held = row.get(name)
    if held is None:
        raise InputError(f"is blank, and {purpose} needs it.", where=area.where(row, name), mend="Fill it in.")
    return held
