"""What day is it, as a number that can be worked with by the million?

A day is counted from 1 January 1970, as Arrow counts it.
"""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

DAYS_A_YEAR = 365.25
FAR = 1_000_000
OLDEST = 105


def day_number(day: date) -> int:
    """A day as a number."""
    return (day - date(1970, 1, 1)).days


def year_bounds(end: date, years: int) -> NDArray[np.int64]:
    """First days of the years before a day, oldest first, and the day itself last."""
    return np.array([day_number(_years_before(end, back)) for back in range(years, -1, -1)])


def birthdays(end: date) -> NDArray[np.int64]:
    """The first birth day of those who are 0, 1, 2, ... years old the day before a day, each with the next after it."""
    return np.array([day_number(_years_before(end, age)) for age in range(OLDEST + 2)])


def _years_before(day: date, years: int) -> date:
    if (day.month, day.day) == (2, 29):
        return date(day.year - years, 2, 28)
    return day.replace(year=day.year - years)


def month_starts(first: int, last: int) -> NDArray[np.int64]:
    """First days of the months from that of one day to that of another."""
    since, until = month_of(np.array([first, last]))
    return np.arange(since, until + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)


def month_of(days: NDArray[np.int64]) -> NDArray[np.int64]:
    """The months that days are in, counted from January 1970."""
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def first_of_month(days: NDArray[np.int64]) -> NDArray[np.int64]:
    """The first day of the month that each day is in."""
    return month_of(days).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)


def ages(birth: NDArray[np.int64], on: NDArray[np.int64] | int) -> NDArray[np.int64]:
    """Whole years of age on a day."""
    return np.clip(np.floor((on - birth) / DAYS_A_YEAR), 0, OLDEST).astype(np.int64)
