"""What do the rows of a contract's tables have in common: lines that are known, shares, and the days they hold?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from commonweal.budget.service_lines import service_lines
from commonweal.contract.agreed.values import NUMBER, Wrong, number
from commonweal.contract.clauses.clause import Strict
from commonweal.core.parameters import DatedValue, Parameter, library

SPAN = ("from", "to")


@lru_cache(maxsize=1)
def commissioners() -> Mapping[str, str]:
    """Every service line of the library and the type of commissioner that pays for it."""
    return {line.code: line.commissioner_type for line in service_lines(library(), on=date.max)}


def _known(code: str) -> str:
    if code not in commissioners():
        raise ValueError(f"is a service line that no one knows; there are {', '.join(commissioners())}")
    return code


def _share(text: str) -> str:
    held = number(text)
    if held is None or not 0 <= held <= 1:
        raise ValueError("is no share; write 0 to 1, in quotes")
    return text


def _first_of_month(text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError("is no date; write it in quotes, as '2026-04-01'") from None
    if day.day != 1:
        raise ValueError("is not the first of a month, and the budget is paid by the month")
    return text


ServiceLineCode = Annotated[str, AfterValidator(_known)]
ShareText = Annotated[str, AfterValidator(_share), Field(json_schema_extra={"pattern": NUMBER})]
DayText = Annotated[str, AfterValidator(_first_of_month), Field(json_schema_extra={"format": "date"})]


class Spanned(Strict):
    """A row that may hold for part of its table's time: from a day on, to the first day after."""

    from_: DayText | None = Field(default=None, alias="from", description="The first day it holds; quoted.")
    to: DayText | None = Field(default=None, description="The first day after; quoted.")

    @property
    def span(self) -> tuple[date, date]:
        """The days it holds: the first, and the first after."""
        return (
            date.fromisoformat(self.from_) if self.from_ else date.min,
            date.fromisoformat(self.to) if self.to else date.max,
        )


def span_faults(rows: Sequence[Spanned], keys: Sequence[tuple[str, ...]]) -> Iterator[Wrong]:
    """Rows that end before they begin, and rows of one key that hold on the same day."""
    for i, row in enumerate(rows):
        start, end = row.span
        if end <= start:
            yield Wrong((i, "to"), row.to, f"is not after {row.from_}.", "Give the first day after the last.")
        for j in range(i):
            other = rows[j].span
            if keys[i] == keys[j] and start < other[1] and other[0] < end:
                what = " × ".join(part for part in keys[i] if part)
                yield Wrong((i,), what, f"overlaps row {j} in time.", "End one before the other starts.")


def through_time(parameter: Parameter, dropped: Sequence[str] = ()) -> Parameter:
    """A table whose rows bear their own days as one that is dated in whole: a value from each day a row changes.

    Takes    dropped: what else rows bear that the budget does not read.
    """
    values: list[DatedValue] = []
    for i, held in enumerate(parameter.values):
        after = parameter.values[i + 1].start if i + 1 < len(parameter.values) else date.max
        days = {day for row in held.value for day in _span(row) if held.start < day < after}
        for day in sorted({held.start, *days}):
            rows = [_bare(row, dropped) for row in held.value if _span(row)[0] <= day < _span(row)[1]]
            values.append(replace(held, start=day, value=rows))
    return replace(parameter, values=tuple(values))


def _span(row: Mapping[str, Any]) -> tuple[date, date]:
    return (
        date.fromisoformat(row["from"]) if row.get("from") else date.min,
        date.fromisoformat(row["to"]) if row.get("to") else date.max,
    )


def _bare(row: Mapping[str, Any], dropped: Sequence[str]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key not in SPAN and key not in dropped and value is not None}


def sum_of(texts: Sequence[str]) -> Decimal:
    """Numbers in quotes added up."""
    return sum((Decimal(text) for text in texts), Decimal(0))
