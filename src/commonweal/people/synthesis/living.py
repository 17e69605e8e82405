"""How does each made-up person live: where, with what care, and with which habits?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commonweal.people.synthesis.assumptions import DECILES, Assumptions, Floats
from commonweal.people.synthesis.days import DAYS_A_YEAR, FAR, ages
from commonweal.people.synthesis.health import Health, State
from commonweal.people.synthesis.lives import Lives
from commonweal.people.synthesis.streams import chosen, cumulated

Days = NDArray[np.int64]
Flags = NDArray[np.bool_]
YEARS_IN_A_HOME = 2.2
ADULT, PENSIONER = 18, 65
NEEDS_CARE = ("dementia", "requires_care")
NEVER, EX, CURRENT = 0, 1, 2
PREGNANT_DAYS = 270


@dataclass(frozen=True, slots=True)
class Living:
    """How one block of people live; days FAR stand for never.

    ethnicity   position of the category, -1 where it is not known
    bmi         body mass index in tenths; -1 where it was not measured
    born        days on which women gave birth, with `mother` as positions of people
    """

    ethnicity: Days
    care_home: Days
    housebound: Days
    home_care: Days
    carer: Flags
    cared_for: Flags
    homeless: Flags
    smoking: Days
    bmi: Days
    opted_out: Flags
    mother: Days
    born: Days


def living(
    rng: np.random.Generator, who: Lives, held: Health, now: State, assumptions: Assumptions, *, first: int, last: int
) -> Living:
    """How people live.

    Takes    now: their health at the end of their time in the record, or its last day.
    """
    many = len(who)
    until = np.minimum(who.gone, last)
    age = ages(who.birth, until - 1)
    needs = _needs_care(held, now, many, assumptions)
    care_home = _since(rng, "care_home", age, needs, until, who, assumptions)
    housebound = _since(rng, "housebound", age, needs, until, who, assumptions)
    home_care = _since(rng, "home_care", age, needs, until, who, assumptions)
    home_care = np.where(care_home < FAR, FAR, home_care)
    traits = {name: assumptions.number("synthesis_traits", name) for name in assumptions.value("synthesis_traits")}
    adult = age >= ADULT
    mother, born = _births(rng, who, assumptions, first, last)
    return Living(
        ethnicity=_ethnicity(rng, who, assumptions),
        care_home=care_home,
        housebound=housebound,
        home_care=home_care,
        carer=adult & (care_home == FAR) & (rng.random(many) < traits["carer"]),
        cared_for=needs & (rng.random(many) < 0.6) | (home_care < FAR) & (rng.random(many) < 0.5),
        homeless=adult & (age < PENSIONER) & (who.decile <= 3) & (rng.random(many) < 4 * traits["homeless"]),
        smoking=_smoking(rng, who, adult, traits),
        bmi=_bmi(rng, age, traits),
        opted_out=rng.random(many) < traits["opted_out"],
        mother=mother,
        born=born,
    )


def _needs_care(held: Health, now: State, people: int, assumptions: Assumptions) -> Flags:
    found = np.zeros(people, dtype=bool)
    condition = held.condition[now.active]
    for code in NEEDS_CARE:
        found[held.person[now.active[condition == assumptions.condition(code)]]] = True
    return found


def _since(
    rng: np.random.Generator,
    name: str,
    age: Days,
    needs: Flags,
    until: Days,
    who: Lives,
    assumptions: Assumptions,
) -> Days:
    """The day from which people live in a way that a share of them do."""
    held = assumptions.value("synthesis_living")
    share = assumptions.by_age(held["by_age"], name)[age]
    ratio = float(held["with_care_needs"])
    # About one in three of the oldest needs care; the share is of them and the others together.
    needing = np.where(age >= 85, 0.3, np.where(age >= 75, 0.12, np.where(age >= PENSIONER, 0.04, 0.01)))
    chance = share * np.where(needs, ratio, 1.0) / (1 + needing * (ratio - 1))
    chance = chance * np.where(who.died < FAR, 2.0, 1.0)
    lives_so = rng.random(len(age)) < np.minimum(chance, 0.9)
    back = rng.standard_exponential(len(age)) * YEARS_IN_A_HOME * DAYS_A_YEAR
    since = np.maximum(until - 1 - back.astype(np.int64), who.birth)
    return np.where(lives_so, since, FAR)


def _ethnicity(rng: np.random.Generator, who: Lives, assumptions: Assumptions) -> Days:
    held = assumptions.value("synthesis_ethnicity")
    shares = np.array([float(value) for value in held["shares"].values()])
    ratio = float(held["deprived"]) ** ((DECILES - 1 - np.arange(DECILES)) / (DECILES - 1) - 0.5)
    weights = shares * np.where(np.arange(len(shares)) == 0, 1.0, ratio[:, None])
    found = chosen(rng, cumulated(weights), who.decile - 1)
    return np.where(rng.random(len(who)) < float(held["not_known"]), -1, found)


def _smoking(rng: np.random.Generator, who: Lives, adult: Flags, traits: dict[str, float]) -> Days:
    most, least = traits["smokes_most_deprived"], traits["smokes_least_deprived"]
    current = most + (least - most) * (who.decile - 1) / (DECILES - 1)
    drawn = rng.random(len(who))
    found = np.where(drawn < current, CURRENT, np.where(drawn < current + traits["gave_up"], EX, NEVER))
    return np.where(adult, found, NEVER)


def _bmi(rng: np.random.Generator, age: Days, traits: dict[str, float]) -> Days:
    mean = np.where(age < ADULT, 16 + age * 0.4, traits["bmi"])
    found = mean + rng.standard_normal(len(age)) * traits["bmi_spread"] * np.where(age < ADULT, 0.5, 1.0)
    measured = rng.random(len(age)) < traits["bmi_measured"] * np.where(age < ADULT, 0.4, 1.0)
    return np.where(measured, np.rint(np.clip(found, 12, 60) * 10).astype(np.int64), -1)


def _births(rng: np.random.Generator, who: Lives, assumptions: Assumptions, first: int, last: int) -> tuple[Days, Days]:
    """Mothers and the days on which they gave birth, on a list of the place and in the record's time."""
    years = (last - first) / DAYS_A_YEAR
    age = ages(who.birth, (first + last) // 2)
    rate = np.where(who.male == 0, assumptions.births[age], 0.0) * years
    # One birth at most in the time of a record of few years; a second would come too soon.
    mother = np.flatnonzero(rng.random(len(who)) < rate)
    born = first + np.floor(rng.random(len(mother)) * (last - first)).astype(np.int64)
    there = (born >= who.joined[mother]) & (born < np.minimum(who.gone[mother], last))
    return mother[there], born[there]


def polypharmacy(monthly_items: Floats, drawn: Floats) -> NDArray[np.int64]:
    """Medicines on repeat for people with so many items a month: most of the items, to a whole number by chance."""
    return np.floor(0.8 * monthly_items + drawn).astype(np.int64)
