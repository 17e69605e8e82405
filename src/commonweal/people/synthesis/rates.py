"""What rate of care, times a person's own multiplier, gives the published curves?

A standard population, alike for every place, is made up, and the rates are raked until the care its people get has both
the published curve by age, sex and deprivation and the published steps from segment to segment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commonweal.people.synthesis.assumptions import (
    CELLS,
    ENGLAND_BANDS,
    QUINTILES,
    SEXES,
    Assumptions,
    Floats,
)
from commonweal.people.synthesis.days import DAYS_A_YEAR, FAR, OLDEST, day_number
from commonweal.people.synthesis.health import health, state
from commonweal.people.synthesis.lives import Lives
from commonweal.people.synthesis.propensity import habits, multipliers, raised_by_conditions

PEOPLE_A_CELL = 400
ROUNDS = 40
ADULT = 17
SEGMENTS = 5
STANDARD_SEED = 1
MOST_DYING = 0.6


@dataclass(frozen=True, slots=True)
class Rates:
    """Contacts a year for a multiplier of 1: a row a kind of care, by England's cells, times a factor by segment."""

    by_cell: Floats
    by_segment: Floats
    raised: Floats


def rates(assumptions: Assumptions, years: int) -> Rates:
    """The rates of every kind of care in a record of so many years."""
    end = date(2020, 1, 1)
    rng = np.random.Generator(np.random.Philox(key=[STANDARD_SEED, 0]))
    who, cell, age, weight = _standard_people(rng, assumptions, end, years)
    held = health(rng, who, assumptions, first=day_number(end) - 365, last=day_number(end))
    now = state(held, day_number(end), len(who), assumptions)
    raised = raised_by_conditions(assumptions)
    multiplied = multipliers(held, now, habits(rng, len(who), 1), 0, raised, assumptions, before_end=years / 2)
    band = assumptions.band(age)
    steps = assumptions.value("segment_outcomes")
    by_cell, by_segment = [], []
    for place, kind in enumerate(assumptions.care):
        wanted = _wanted(assumptions, kind, cell, age, band, weight)
        group = cell if "england" in kind else band
        found, factors = _raked(
            multiplied[place] * weight,
            group,
            wanted,
            weight,
            now.segment,
            age >= ADULT,
            np.array([float(value) for value in steps[kind["segment"]]]),
        )
        by_cell.append(found if "england" in kind else found[assumptions.band(_first_ages())])
        by_segment.append(factors)
    return Rates(np.array(by_cell), np.array(by_segment), raised)


def _first_ages() -> NDArray[np.int64]:
    """The first age of each of England's cells."""
    return np.arange(CELLS) // (SEXES * QUINTILES) * 5


def _standard_people(
    rng: np.random.Generator, assumptions: Assumptions, end: date, years: int
) -> tuple[Lives, NDArray[np.int64], NDArray[np.int64], Floats]:
    """As many people in each of England's cells, each weighing what their like in England do."""
    cell = np.repeat(np.arange(CELLS), PEOPLE_A_CELL)
    male = cell // QUINTILES % SEXES
    band = cell // (SEXES * QUINTILES)
    age = band * 5 + (rng.random(len(cell)) * 5).astype(np.int64)
    oldest = band == ENGLAND_BANDS - 1
    thinned = assumptions.age_sex_shares[85:].sum(axis=1)
    drawn = np.searchsorted(np.cumsum(thinned) / thinned.sum(), rng.random(int(oldest.sum())), side="right")
    age[oldest] = np.minimum(85 + drawn, OLDEST)
    decile = 1 + 2 * (cell % QUINTILES) + (rng.random(len(cell)) < 0.5)
    birth = day_number(end) - ((age + rng.random(len(cell))) * DAYS_A_YEAR).astype(np.int64)
    never = np.full(len(cell), FAR)
    none = np.zeros(len(cell), dtype=np.int64)
    # Who dies while a record runs is in it for half of its years, and was ill in them.
    dying = rng.random(len(cell)) < np.minimum(assumptions.death_rates[age, male, decile - 1] * years / 2, MOST_DYING)
    gone = np.where(dying, day_number(end) + 1, FAR)
    who = Lives(none, none, none - 1, male, decile, birth, birth, birth, gone, np.where(dying, gone - 1, never))
    weight = assumptions.england["people"][cell] / PEOPLE_A_CELL
    return who, cell, age, weight / weight.sum()


def _wanted(
    assumptions: Assumptions,
    kind: Mapping[str, Any],
    cell: NDArray[np.int64],
    age: NDArray[np.int64],
    band: NDArray[np.int64],
    weight: Floats,
) -> Floats:
    """Care a head that each cell, or band of age, should get by chance alone: less what last years and births bring."""
    male, tenth = cell // QUINTILES % SEXES, 2 * (cell % QUINTILES)
    deaths = _deaths(assumptions, age, male, tenth)
    group, many = (cell, CELLS) if "england" in kind else (band, len(assumptions.care_ages))
    people = np.bincount(group, weights=weight, minlength=many)
    dying = np.bincount(group, weights=weight * deaths, minlength=many) / people
    if "england" in kind:
        wanted = assumptions.england[kind["england"]].copy()
    else:
        wanted = np.array([float(value) for value in kind["by_age"]])
    if kind["code"] == "planned":
        stays = 1 + assumptions.number("synthesis_births", "antenatal")
        births = np.where(male == 0, assumptions.births[age], 0.0) * stays
        wanted = wanted - np.bincount(group, weights=weight * births, minlength=many) / people
    wanted = np.maximum(wanted - dying * float(kind["last_year"]), 0.1 * wanted)
    if kind["code"] == "emergency":
        wanted = wanted * (1 - assumptions.number("synthesis_persistence", "follow_share"))
    return wanted


def _deaths(
    assumptions: Assumptions, age: NDArray[np.int64], male: NDArray[np.int64], tenth: NDArray[np.int64]
) -> Floats:
    both = assumptions.death_rates[age, male, tenth] + assumptions.death_rates[age, male, tenth + 1]
    return np.asarray(both / 2)


def _raked(
    weighed: Floats,
    group: NDArray[np.int64],
    wanted: Floats,
    weight: Floats,
    segment: NDArray[np.int64],
    adult: NDArray[np.bool_],
    steps: Floats,
) -> tuple[Floats, Floats]:
    """Rates by group and factors by segment: each group gets what is wanted, adults the steps between segments."""
    people = np.bincount(group, weights=weight, minlength=len(wanted))
    in_segment = np.bincount(segment[adult], weights=weight[adult], minlength=SEGMENTS)
    factor = np.ones(SEGMENTS)
    rate = np.ones(len(wanted))
    for _ in range(ROUNDS):
        got = np.bincount(group, weights=weighed * factor[segment], minlength=len(wanted))
        rate = np.divide(wanted * people, got, out=np.zeros_like(got), where=got > 0)
        each = weighed * rate[group]
        had = np.bincount(segment[adult], weights=each[adult], minlength=SEGMENTS) / np.maximum(in_segment, 1e-12)
        factor = np.where(had > 0, steps / np.maximum(had, 1e-12), 1.0)
        factor /= factor[0] or 1.0
    got = np.bincount(group, weights=weighed * factor[segment], minlength=len(wanted))
    rate = np.divide(wanted * people, got, out=np.zeros_like(got), where=got > 0)
    return rate, factor
