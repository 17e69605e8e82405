"""On which day does care happen: which months and weekdays have more of it?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commonweal.people.synthesis.assumptions import Assumptions, Floats
from commonweal.people.synthesis.days import month_of

MONTHS, WEEK = 12, 7
# 1 January 1970 was a Thursday.
FIRST_WEEKDAY = 3


class Seasons:
    """The days from one to another, each with its share of every kind of season.

    Takes    first, last: the first day and the first after the last.
    """

    def __init__(self, assumptions: Assumptions, first: int, last: int) -> None:
        self.first, self.last = first, last
        days = np.arange(first, last)
        month, weekday = month_of(days) % MONTHS, (days + FIRST_WEEKDAY) % WEEK
        self._cumulative: dict[str, Floats] = {}
        for name, held in assumptions.value("synthesis_seasons").items():
            months = np.array([float(value) for value in held["months"]])
            weekdays = np.array([float(value) for value in held["weekdays"]])
            shares = months[month] / months.mean() * weekdays[weekday] / weekdays.mean()
            self._cumulative[name] = np.concatenate([[0.0], np.cumsum(shares)])

    def days(
        self, rng: np.random.Generator, name: str, since: NDArray[np.int64], before: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """A day for each contact, from one on and before another, more often on days that have more of its kind."""
        held = self._cumulative[name]
        low = held[since - self.first]
        drawn = low + rng.random(len(since)) * (held[before - self.first] - low)
        day = self.first - 1 + np.searchsorted(held, drawn, side="right")
        # A time without a working day has no share to draw from.
        return np.clip(day, since, before - 1)
