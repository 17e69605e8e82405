"""Through which days of each year of the record is each made-up person on a list, and with what rate of care?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commonweal.people.synthesis.assumptions import Assumptions, Floats, cell_of
from commonweal.people.synthesis.days import DAYS_A_YEAR, ages
from commonweal.people.synthesis.health import Health, State, state
from commonweal.people.synthesis.lives import Lives
from commonweal.people.synthesis.propensity import Habits, multipliers
from commonweal.people.synthesis.rates import Rates


@dataclass(frozen=True, slots=True)
class Exposure:
    """The years of a block of people: a row a year, oldest first.

    since, before    first day there in the year, and the first day after the last; equal where not there
    rate             contacts a year: by kind of care, year and person
    states           health in the middle of each year
    """

    since: NDArray[np.int64]
    before: NDArray[np.int64]
    rate: Floats
    states: tuple[State, ...]

    @property
    def years(self) -> Floats:
        """How much of each year each person was there."""
        return np.asarray((self.before - self.since) / DAYS_A_YEAR)

    def expected(self, kind: int) -> Floats:
        """Contacts of a kind to be expected, by year and person."""
        return np.asarray(self.rate[kind] * self.years)


def exposure(
    who: Lives, held: Health, habit: Habits, rates: Rates, assumptions: Assumptions, bounds: NDArray[np.int64]
) -> Exposure:
    """The exposure of a block of people in the years between bounds."""
    years, people = len(bounds) - 1, len(who)
    since = np.maximum(bounds[:-1, None], who.joined)
    before = np.maximum(np.minimum(bounds[1:, None], who.gone), since)
    # Nobody is there before they join or after they go: such a year begins and ends on one day of its own.
    absent = since >= bounds[1:, None]
    since, before = np.where(absent, bounds[:-1, None], since), np.where(absent, bounds[:-1, None], before)
    gone = before <= since
    before = np.where(gone, since, before)
    since = np.clip(since, bounds[0], bounds[-1] - 1)
    before = np.where(gone, since, before)
    rate = np.empty((len(assumptions.care), years, people))
    states = []
    for year in range(years):
        middle = int(bounds[year] + bounds[year + 1]) // 2
        now = state(held, middle, people, assumptions)
        cell = cell_of(ages(who.birth, middle), who.male, who.decile)
        multiplied = multipliers(held, now, habit, year, rates.raised, assumptions, before_end=years - year - 0.5)
        rate[:, year] = rates.by_cell[:, cell] * rates.by_segment[:, now.segment] * multiplied
        states.append(now)
    return Exposure(since, before, rate, tuple(states))
