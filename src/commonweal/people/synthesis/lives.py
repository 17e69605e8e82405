"""When was each made-up person born, when did they join, move, leave or die, and how deprived is where they live?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from commonweal.people.synthesis.assumptions import Assumptions
from commonweal.people.synthesis.cohort import DIES, STAYS, Cohort
from commonweal.people.synthesis.days import DAYS_A_YEAR, FAR, birthdays, day_number, year_bounds
from commonweal.people.synthesis.streams import BLOCK, chosen, cumulated, stream

Days = NDArray[np.int64]
LEAST_YEARLY = 0.01


@dataclass(frozen=True, slots=True)
class Lives:
    """One block of people; days are numbers, FAR stands for never.

    joined     first day on a list of the place
    moved      first day with the practice they are with last, where they came from another of the place; else `joined`
    earlier    position of that other practice, or -1
    gone       first day on no list of the place
    died       day of death
    """

    pseudonym: Days
    practice: Days
    earlier: Days
    male: Days
    decile: Days
    birth: Days
    joined: Days
    moved: Days
    gone: Days
    died: Days

    def __len__(self) -> int:
        return len(self.birth)


def lives(cohort: Cohort, block: int, assumptions: Assumptions, *, seed: int, end: date, years: int) -> Lives:
    """The lives of one block of people."""
    held = slice(block * BLOCK, min((block + 1) * BLOCK, len(cohort)))
    rng = stream(seed, block, "lives")
    practice, age, male = cohort.practice[held], cohort.age[held], cohort.male[held]
    ending = cohort.ending[held]
    many = len(practice)
    first, last = int(year_bounds(end, years)[0]), day_number(end)
    decile = 1 + chosen(rng, cohort.deciles, ending * len(cohort.sizes) + practice)
    out = first + 1 + np.floor(rng.random(many) * (last - first - 1)).astype(np.int64)
    birth = _births(rng, age, ending, out, end)
    # Who dies on a day is still registered on it, and nothing follows.
    gone = np.where(ending == STAYS, FAR, out)
    died = np.where(ending == DIES, out - 1, FAR)
    joined, moved, earlier = _joinings(rng, cohort, assumptions, practice, age, birth, np.minimum(gone, last), first)
    return Lives(cohort.pseudonym[held], practice, earlier, male, decile, birth, joined, moved, gone, died)


def _births(rng: np.random.Generator, age: Days, ending: Days, out: Days, end: date) -> Days:
    bounds = birthdays(end)
    part = rng.random(len(age))
    stays = bounds[age + 1] + 1 + np.floor(part * (bounds[age] - bounds[age + 1])).astype(np.int64)
    stays = np.minimum(stays, day_number(end) - 1)
    went = out - 1 - np.floor((age + part) * DAYS_A_YEAR).astype(np.int64)
    return np.where(ending == STAYS, stays, went)


def _joinings(
    rng: np.random.Generator,
    cohort: Cohort,
    assumptions: Assumptions,
    practice: Days,
    age: Days,
    birth: Days,
    before: Days,
    first: int,
) -> tuple[Days, Days, Days]:
    """When they joined the place and their last practice, and which practice of the place they came from."""
    yearly = np.maximum(assumptions.joining[age], LEAST_YEARLY)
    back = rng.standard_exponential((2, len(age))) / yearly * DAYS_A_YEAR
    since = np.maximum(before - 1 - back[0].astype(np.int64), birth)
    sizes = cumulated(np.maximum(cohort.sizes, 0)[None, :].astype(float))
    other = chosen(rng, sizes, np.zeros(len(age), dtype=np.int64))
    within = rng.random(len(age)) < assumptions.number("synthesis_moves", "within")
    came = within & (since > birth) & (since > first) & (other != practice)
    joined = np.where(came, np.maximum(since - 1 - back[1].astype(np.int64), birth), since)
    return joined, since, np.where(came, other, -1)
