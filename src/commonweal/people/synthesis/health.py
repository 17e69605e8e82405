"""What is wrong with each made-up person, from when, and how ill are they in all?

One number stands for poor health at large; each condition leans on it, so that conditions come together. A person has had
a condition when their liability to it passes the threshold of their age, sex and deprivation, and it began at the age at
which it first did. Those who die had worse health than others of their age.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from commonweal.people.synthesis.assumptions import DECILES, SEXES, Assumptions, Floats
from commonweal.people.synthesis.days import DAYS_A_YEAR, FAR, ages
from commonweal.people.synthesis.lives import Lives

MOST_RETURNS = 5
YEARS_LOOKED_BACK = 6
CANCER, SPREAD, PALLIATIVE = "cancer", "cancer_metase", "palliative"


@dataclass(frozen=True, slots=True)
class Health:
    """The health of one block of people.

    ill          poor health at large: 0 is the mean, 1 one standard deviation worse
    person       position of the person, by spell of a condition, in order
    condition    position of the condition
    start, end   first day of the spell, first day on which it is over (FAR: it is not)
    """

    ill: Floats
    person: NDArray[np.int64]
    condition: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class State:
    """The health of one block on a day.

    active     spells that run on the day
    segment    position of the segment, 0 to 4
    score      Cambridge Multimorbidity Score
    deficits   of the electronic frailty index that conditions show
    """

    active: NDArray[np.int64]
    segment: NDArray[np.int64]
    score: Floats
    deficits: NDArray[np.int64]


def health(rng: np.random.Generator, who: Lives, assumptions: Assumptions, *, first: int, last: int) -> Health:
    """The health of people over their lives.

    Takes    first, last: the first day of the record and the first after it; spells that begin later are left out.
    """
    many = len(who)
    dying = who.died < FAR
    ill = rng.standard_normal(many) + np.where(dying, assumptions.number("synthesis_death_rates", "ill"), 0.0)
    until = np.minimum(who.gone, last)
    person, condition, share = _ever_had(rng, who, ill, ages(who.birth, until), assumptions)
    began = _began(rng, who, person, condition, share, assumptions)
    kept = began < until[person]
    person, condition, began = person[kept], condition[kept], began[kept]
    spells = _spells(rng, person, condition, began, until, assumptions, first)
    spells.append(_last_illness(rng, who, dying, assumptions))
    joined = [np.concatenate(column) for column in zip(*spells, strict=True)]
    person, condition, start, end = joined
    start = np.maximum(start, who.birth[person])
    end = np.where(end >= until[person], FAR, end)
    fits = (start < until[person]) & (start < end)
    order = np.lexsort((start[fits], condition[fits], person[fits]))
    return Health(ill, *(column[fits][order] for column in (person, condition, start, end)))


def _ever_had(
    rng: np.random.Generator, who: Lives, ill: Floats, age: NDArray[np.int64], assumptions: Assumptions
) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    """Who has ever had which condition, and the share of their like who are as liable to it or more."""
    lean = assumptions.column("loading")
    male, tenth = who.male, who.decile - 1
    people, conditions, shares = [], [], []
    thresholds = assumptions.thresholds
    spread = assumptions.condition(SPREAD)
    for place in range(len(lean)):
        chance = rng.standard_normal(len(who), dtype=np.float32)
        liable = lean[place] * ill + np.sqrt(1 - lean[place] ** 2) * chance
        having = np.flatnonzero(liable > thresholds[place, male, tenth, age])
        people.append(having)
        conditions.append(np.full(len(having), place))
        shares.append(ndtr(-liable[having]))
        if place == spread:
            # What has spread began as cancer.
            people.append(having)
            conditions.append(np.full(len(having), assumptions.condition(CANCER)))
            shares.append(shares[-1])
    found_people, found_conditions = np.concatenate(people), np.concatenate(conditions)
    return found_people, found_conditions, np.concatenate(shares)


def _began(
    rng: np.random.Generator,
    who: Lives,
    person: NDArray[np.int64],
    condition: NDArray[np.int64],
    share: Floats,
    assumptions: Assumptions,
) -> NDArray[np.int64]:
    """The day on which a condition began: in the year of age at which it first passed the threshold."""
    table = assumptions.onset.reshape(-1, assumptions.onset.shape[-1])
    row = (condition * SEXES + who.male[person]) * DECILES + who.decile[person] - 1
    flat = (table + np.arange(len(table))[:, None]).ravel()
    age = np.searchsorted(flat, row + share, side="left") - row * table.shape[1]
    age = np.clip(age, 0, table.shape[1] - 1)
    # The table holds shares at whole ages: one reached at 50 was passed in the year before.
    years = np.maximum(age - rng.random(len(age)), 0.0)
    return who.birth[person] + (years * DAYS_A_YEAR).astype(np.int64)


def _spells(
    rng: np.random.Generator,
    person: NDArray[np.int64],
    condition: NDArray[np.int64],
    began: NDArray[np.int64],
    until: NDArray[np.int64],
    assumptions: Assumptions,
    first: int,
) -> list[tuple[NDArray[np.int64], ...]]:
    """Lasting conditions as one spell each; those that come and go as the first spell and the recent ones."""
    years, gap = assumptions.column("years")[condition], assumptions.column("gap")[condition]
    lasting = years == 0
    found = [(person[lasting], condition[lasting], began[lasting], np.full(int(lasting.sum()), FAR))]
    person, condition, began = person[~lasting], condition[~lasting], began[~lasting]
    stretch = np.exp(0.35 * rng.standard_normal(len(person))) * DAYS_A_YEAR
    runs = np.maximum((years[~lasting] * stretch).astype(np.int64), 20)
    period = runs + np.maximum((gap[~lasting] * stretch).astype(np.int64), 20)
    recent = np.maximum((first - YEARS_LOOKED_BACK * 365 - began) // period, 0)
    found.append((person, condition, began, began + runs))
    for more in range(MOST_RETURNS):
        turn = recent + more
        start = began + turn * period
        back = (turn > 0) & (start < until[person])
        found.append((person[back], condition[back], start[back], start[back] + runs[back]))
    return found


def _last_illness(
    rng: np.random.Generator, who: Lives, dying: NDArray[np.bool_], assumptions: Assumptions
) -> tuple[NDArray[np.int64], ...]:
    """Palliative care in the last months of those who have a plan for them, about half of the dying."""
    planned = rng.random(len(who)) < assumptions.number("synthesis_traits", "end_of_life_plan")
    days = rng.standard_exponential(len(who)) * assumptions.number("synthesis_traits", "days_of_end_of_life_plan")
    person = np.flatnonzero(dying & planned)
    start = np.maximum(who.died[person] - 1 - days[person].astype(np.int64), who.joined[person])
    condition = np.full(len(person), assumptions.condition(PALLIATIVE))
    return person, condition, start, np.full(len(person), FAR)


def state(held: Health, on: NDArray[np.int64] | int, people: int, assumptions: Assumptions) -> State:
    """The health of people on a day, or each on a day of their own."""
    day = on if isinstance(on, int) else on[held.person]
    active = np.flatnonzero((held.start < day) & (held.end >= day))
    weights, which, cancer = assumptions.score_weights
    person, counted = held.person[active], which[held.condition[active]]
    look_back = int(next(row["look_back"] for row in assumptions.value("cambridge_conditions") if row["look_back"]))
    recent = held.start[active] >= (day if isinstance(day, int) else day[active]) - look_back * DAYS_A_YEAR / 12
    fits = (counted >= 0) & ((counted != cancer) | recent)
    flags = np.zeros((people, len(weights)), dtype=bool)
    flags[person[fits], counted[fits]] = True
    score = (flags * weights).sum(axis=1)
    count, which_deficit = assumptions.deficits
    shown = np.zeros((people, count), dtype=bool)
    deficit = which_deficit[held.condition[active]]
    shown[person[deficit >= 0], deficit[deficit >= 0]] = True
    # A score is a sum of hundredths: half a hundredth keeps one that lies on a cut on its side of it.
    segment = np.searchsorted(assumptions.cuts - 0.005, score, side="right")
    return State(active, segment, score, shown.sum(axis=1))
