"""In which months does something about a made-up person change, and what holds from then on?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commonweal.people.synthesis.assumptions import Assumptions, Floats
from commonweal.people.synthesis.care import Block, Days
from commonweal.people.synthesis.days import FAR, first_of_month
from commonweal.people.synthesis.health import Health, state
from commonweal.people.synthesis.living import PREGNANT_DAYS, Living, polypharmacy

FRAILTY = ("fit", "mild", "moderate", "severe")
POLYPHARMACY_DEFICIT, DEFICITS_OF_LIVING = 5, 2
ACUTE_MEDICINES = 0.6


@dataclass(frozen=True, slots=True)
class MonthRows:
    """Attributes of a block of people: a row a person and month in which something changed, in that order."""

    person: Days
    month: Days
    care_home: NDArray[np.bool_]
    housebound: NDArray[np.bool_]
    pregnant: NDArray[np.bool_]
    planned_end: NDArray[np.bool_]
    repeat: Days
    acute: Days
    frailty: Days
    score: Floats


def month_rows(rng: np.random.Generator, block: Block, held: Health, how: Living) -> MonthRows:
    """The attributes of a block of people through the record."""
    assumptions, who = block.assumptions, block.who
    begin = np.maximum(who.joined, block.first)
    many, years = len(who), len(block.bounds) - 1
    monthly = block.exposure.rate[assumptions.kind("prescription")] / 12
    drawn = rng.random(many)
    repeat = np.stack([polypharmacy(monthly[year], drawn) for year in range(years)])
    acute = rng.poisson(ACUTE_MEDICINES, (years, many))
    scores, frailty = _by_year(block, held, how, begin, repeat)
    person, month = _changes(block, held, how, begin, scores, frailty, repeat)
    day = np.maximum(month, begin[person])
    year = np.clip(np.searchsorted(block.bounds, day, side="right") - 1, 0, years - 1)
    next_month = first_of_month(month + 31)
    palliative, born = _palliative(held, many, assumptions), _born(how, many)
    return MonthRows(
        person=person,
        month=month,
        care_home=how.care_home[person] < next_month,
        housebound=how.housebound[person] < next_month,
        pregnant=(born[person] < FAR)
        & (month >= first_of_month(born - PREGNANT_DAYS)[person])
        & (month <= born[person]),
        planned_end=palliative[person] < next_month,
        repeat=repeat[year, person],
        acute=acute[year, person],
        frailty=frailty[year, person],
        score=scores[year, person],
    )


def _by_year(block: Block, held: Health, how: Living, begin: Days, repeat: Days) -> tuple[Floats, Days]:
    """Score of multimorbidity and category of frailty on the first day of each year, or when people join in it."""
    assumptions = block.assumptions
    cuts = np.array([float(share) for share in assumptions.value("electronic_frailty_categories").values()])
    count = assumptions.deficits[0]
    scores, frailty = [], []
    for year, first in enumerate(block.bounds[:-1]):
        day = np.maximum(begin, first)
        now = state(held, day, len(block.who), assumptions)
        deficits = now.deficits + (how.housebound <= day) + (repeat[year] >= POLYPHARMACY_DEFICIT)
        scores.append(now.score)
        frailty.append(np.searchsorted(cuts + 1e-9, deficits / count, side="left"))
    return np.array(scores), np.array(frailty)


def _changes(
    block: Block, held: Health, how: Living, begin: Days, scores: Floats, frailty: Days, repeat: Days
) -> tuple[Days, Days]:
    """People and months of everything that changes, each once, in order."""
    everyone = np.arange(len(block.who))
    people, days = [everyone], [begin]
    for year, first in enumerate(block.bounds[1:-1], start=1):
        differs = (
            (scores[year] != scores[year - 1])
            | (frailty[year] != frailty[year - 1])
            | (repeat[year] != repeat[year - 1])
        )
        changed = np.flatnonzero(differs & (begin < first) & (block.until > first))
        people.append(changed)
        days.append(np.full(len(changed), first))
    palliative = _palliative(held, len(block.who), block.assumptions)
    for since in (how.care_home, how.housebound, palliative):
        moved = np.flatnonzero((since > begin) & (since < block.until))
        people.append(moved)
        days.append(since[moved])
    for day in (how.born - PREGNANT_DAYS, first_of_month(first_of_month(how.born) + 31)):
        inside = (day > begin[how.mother]) & (day < block.until[how.mother])
        people.append(how.mother[inside])
        days.append(day[inside])
    key = np.unique((np.concatenate(people) << 20) | first_of_month(np.concatenate(days)))
    return key >> 20, key & ((1 << 20) - 1)


def _palliative(held: Health, people: int, assumptions: Assumptions) -> Days:
    found = np.full(people, FAR)
    which = held.condition == assumptions.condition("palliative")
    found[held.person[which]] = held.start[which]
    return found


def _born(how: Living, people: int) -> Days:
    found = np.full(people, FAR)
    found[how.mother] = how.born
    return found
