"""Which days belong to a financial year, a quarter, a month?

`start` is the first day; `end` is the first day after. The date is always an argument: nothing here asks the clock.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from commonweal.core.errors import InputError


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """A run of days with a name: `start` is in it, `end` is not."""

    start: date
    end: date
    label: str

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError(f"{self.label}: ends before it starts")

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    def __str__(self) -> str:
        return self.label


def months_later(day: date, months: int) -> date:
    """The same day of the month, some months on; the last day of a shorter month when it has no such day."""
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    first_after = date(year + (month0 == 11), (month0 + 1) % 12 + 1, 1)
    last_day = (first_after - date(year, month0 + 1, 1)).days
    return date(year, month0 + 1, min(day.day, last_day))


def financial_year(text: str) -> Period:
    """The NHS financial year named `2026-27`: 1 April 2026 to 31 March 2027.

    Takes    `2026-27`, `2026/27` or `2026_2027`.
    Raises   InputError for anything else, and for years that do not follow each other.
    """
    found = re.fullmatch(r"\s*(\d{4})[-/_](\d{2}|\d{4})\s*", text)
    if not found or (int(found[1]) + 1) % 100 != int(found[2]) % 100:
        raise InputError(f"'{text}' is not a financial year.", mend="Write it as 2026-27.")
    first = int(found[1])
    return Period(date(first, 4, 1), date(first + 1, 4, 1), f"{first}-{(first + 1) % 100:02d}")


def financial_year_of(day: date) -> Period:
    """The NHS financial year that a day lies in."""
    first = day.year if day.month >= 4 else day.year - 1
    return financial_year(f"{first}-{(first + 1) % 100:02d}")


def year_after(year: Period) -> Period:
    """The financial year that follows one."""
    return financial_year_of(year.end)


def quarters(year: Period) -> tuple[Period, ...]:
    """The four quarters of a financial year, named `2026-27 Q1` to `2026-27 Q4`."""
    return tuple(
        Period(months_later(year.start, 3 * q), months_later(year.start, 3 * q + 3), f"{year.label} Q{q + 1}")
        for q in range(4)
    )


def month(text: str) -> Period:
    """The calendar month named `2026-04`."""
    found = re.fullmatch(r"\s*(\d{4})-(\d{2})\s*", text)
    if not found or not 1 <= int(found[2]) <= 12:
        raise InputError(f"'{text}' is not a month.", mend="Write it as 2026-04.")
    start = date(int(found[1]), int(found[2]), 1)
    return Period(start, months_later(start, 1), text.strip())


def months(period: Period) -> tuple[Period, ...]:
    """The calendar months of a period that starts on the first of one."""
    found, start = [], period.start
    while start < period.end:
        found.append(month(f"{start:%Y-%m}"))
        start = months_later(start, 1)
    return tuple(found)
