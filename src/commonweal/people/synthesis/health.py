"""What is wrong with each made-up person, from when, and how ill are they in all?

One number stands for poor health at large; each condition leans on it, so that conditions come together. A person has
had a condition when their liability to it passes the threshold of their age, sex and deprivation, and it began at the
age at which it first did. Those who die had worse health than others of their age.
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
LEAST_RATE = 1e-6
CANCER, SPREAD, PALLIATIVE = "cancer", "cancer_metase", "palliative"


@dataclass(frozen=True, slots=True)
class Health:
    """The health of one block of people.

    ill          poor health at large at the end of the record: 0 is the mean, 1 one standard deviation worse
    worn         how much worse it became each year, so that those who live on fill the places of the ill who died
    person       position of the person, by spell of a condition, in order
    condition    position of the condition
    start, end   first day of the spell, first day on which it is over (FAR: it is not)
    """

    ill: Floats
    worn: Floats
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
    worse = assumptions.number("synthesis_death_rates", "ill")
    ill = rng.standard_normal(many) + np.where(dying, worse, 0.0)
    until = np.minimum(who.gone, last)
    age = ages(who.birth, until)
    wear = worse * assumptions.number("synthesis_death_rates", "worn")
    worn = np.where(dying, 0.0, wear * assumptions.death_rates[age, who.male, who.decile - 1])
    person, condition, share = _ever_had(rng, who, ill, age, assumptions)
    began = _began(rng, who, person, condition, share, assumptions)
    kept = began < until[person]
    person, condition, began = person[kept], condition[kept], began[kept]
    spells = _spells(rng, person, condition, began, until, assumptions, first)
    spells.append(_last_illness(rng, who, _deaths_to_come(rng, who, ill, age, assumptions, last), assumptions))
    joined = [np.concatenate(column) for column in zip(*spells, strict=True)]
    person, condition, start, end = joined
    start = np.maximum(start, who.birth[person])
    end = np.where(end >= until[person], FAR, end)
    fits = (start < until[person]) & (start < end)
    order = np.lexsort((start[fits], condition[fits], person[fits]))
    person, condition, start, end = (column[fits][order] for column in (person, condition, start, end))
    # A spell that never ends takes in any that begins later, as cancer does where it has spread.
    goes_on = np.zeros(len(person), dtype=bool)
    goes_on[1:] = (person[1:] == person[:-1]) & (condition[1:] == condition[:-1]) & (end[:-1] == FAR)
    return Health(ill, worn, *(column[~goes_on] for column in (person, condition, start, end)))


def _ever_had(
    rng: np.random.Generator, who: Lives, ill: Floats, age: NDArray[np.int64], assumptions: Assumptions
) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    """Who has ever had which condition, and the share of their like who are as liable to it or more."""
    lean = assumptions.column("loading")
    people, conditions, shares = [], [], []
    thresholds = assumptions.thresholds.reshape(len(lean), -1)
    like = (who.male * DECILES + who.decile - 1) * assumptions.onset.shape[-1] + age
    spread, illness = assumptions.condition(SPREAD), ill.astype(np.float32)
    own = np.sqrt(1 - lean**2)
    for place in range(len(lean)):
        liable = rng.standard_normal(len(who), dtype=np.float32)
        liable *= np.float32(own[place])
        liable += np.float32(lean[place]) * illness
        having = np.flatnonzero(liable > thresholds[place].take(like))
        people.append(having)
        conditions.append(np.full(len(having), place))
        shares.append(ndtr(-liable[having].astype(float)))
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
    width = assumptions.onset.shape[-1]
    row = (condition * SEXES + who.male[person]) * DECILES + who.decile[person] - 1
    age = np.searchsorted(assumptions.onset_in_a_row, row + share, side="left") - row * width
    age = np.clip(age, 0, width - 1)
    # The table holds shares at whole ages: one reached at 50 was passed in the year before.
    years = np.maximum(age - rng.random(len(age)), 0.0)
    return np.asarray(who.birth[person] + (years * DAYS_A_YEAR).astype(np.int64))


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
    found: list[tuple[NDArray[np.int64], ...]] = []
    found.append((person[lasting], condition[lasting], began[lasting], np.full(int(lasting.sum()), FAR)))
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


def _deaths_to_come(
    rng: np.random.Generator, who: Lives, ill: Floats, age: NDArray[np.int64], assumptions: Assumptions, last: int
) -> NDArray[np.int64]:
    """The day of death of everybody: as it was, or as it will be after the record for those who live on in the place.

    Without the deaths to come only the dead would ever have had a plan for their last months, and the plan would give
    the future away.
    """
    worse = assumptions.number("synthesis_death_rates", "ill")
    # Those who die are worse by `worse`, so health multiplies the rate by the ratio of the two normal densities.
    rate = assumptions.death_rates[age, who.male, who.decile - 1] * np.exp(worse * ill - worse**2 / 2)
    days = rng.standard_exponential(len(who)) / np.maximum(rate, LEAST_RATE) * DAYS_A_YEAR
    to_come = np.where(who.gone == FAR, last + np.minimum(days, FAR - last).astype(np.int64), FAR)
    return np.where(who.died < FAR, who.died, to_come)


def _last_illness(
    rng: np.random.Generator, who: Lives, died: NDArray[np.int64], assumptions: Assumptions
) -> tuple[NDArray[np.int64], ...]:
    """Palliative care in the last months of those who have a plan for them, about half of the dying."""
    planned = rng.random(len(who)) < assumptions.number("synthesis_traits", "end_of_life_plan")
    days = rng.standard_exponential(len(who)) * assumptions.number("synthesis_traits", "days_of_end_of_life_plan")
    person = np.flatnonzero((died < FAR) & planned)
    start = np.maximum(died[person] - 1 - days[person].astype(np.int64), who.joined[person])
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
