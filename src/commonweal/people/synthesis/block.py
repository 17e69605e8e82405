"""What is made up for one block of people, all of it?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from commonweal.people.synthesis.admissions import Recorded, emergencies, maternity, mental_health_stays, planned
from commonweal.people.synthesis.assumptions import Assumptions
from commonweal.people.synthesis.care import (
    Block,
    Catalogue,
    other_attendances,
    outpatients,
    plain_contacts,
    prescriptions,
)
from commonweal.people.synthesis.cohort import Cohort
from commonweal.people.synthesis.contact_rows import Column, in_order, joined_rows
from commonweal.people.synthesis.days import DAYS_A_YEAR, day_number, year_bounds
from commonweal.people.synthesis.exposure import exposure
from commonweal.people.synthesis.health import Health, health, state
from commonweal.people.synthesis.lives import Lives, lives
from commonweal.people.synthesis.living import Living, living
from commonweal.people.synthesis.month_rows import MonthRows, month_rows
from commonweal.people.synthesis.propensity import habits
from commonweal.people.synthesis.rates import Rates
from commonweal.people.synthesis.seasons import Seasons
from commonweal.people.synthesis.social_care import social_care
from commonweal.people.synthesis.streams import stream


@dataclass(frozen=True, eq=False)
class Synthesis:
    """All that every block of one synthesis shares."""

    cohort: Cohort
    assumptions: Assumptions
    rates: Rates
    catalogue: Catalogue
    seasons: Seasons
    practices: tuple[str, ...]
    seed: int
    end: date
    years: int

    @property
    def bounds(self) -> NDArray[np.int64]:
        """First days of the record's years, and the day after the last."""
        return year_bounds(self.end, self.years)


@dataclass(frozen=True, slots=True)
class MadeUp:
    """One block of people with everything about them."""

    who: Lives
    held: Health
    how: Living
    months: MonthRows
    care: dict[str, Column]
    recorded: Recorded


def made_up(shared: Synthesis, number: int) -> MadeUp:
    """One block of people, the same whatever else is made up beside it."""
    assumptions, seed, bounds = shared.assumptions, shared.seed, shared.bounds
    first, last = int(bounds[0]), day_number(shared.end)
    who = lives(shared.cohort, number, assumptions, seed=seed, end=shared.end, years=shared.years)
    held = health(stream(seed, number, "health"), who, assumptions, first=first, last=last)
    latest = state(held, np.minimum(who.gone, last) - 1, len(who), assumptions)
    how = living(stream(seed, number, "living"), who, held, latest, assumptions, first=first, last=last)
    habit = habits(stream(seed, number, "effects"), len(who), shared.years)
    there = exposure(who, held, habit, shared.rates, assumptions, bounds)
    block = Block(who, there, shared.seasons, shared.catalogue, bounds)
    recorded = Recorded()
    rng = stream(seed, number, "care")
    parts = [*plain_contacts(rng, block), outpatients(rng, block), other_attendances(rng, block)]
    parts.append(prescriptions(stream(seed, number, "prescriptions"), block))
    rng = stream(seed, number, "stays")
    before = np.clip((first - who.joined) / DAYS_A_YEAR, 0, 1)
    earlier = there.rate[assumptions.kind("emergency"), 0] * before
    came, called, admitted = emergencies(rng, block, held, recorded, earlier)
    parts += [came, called, admitted, planned(rng, block, held, recorded), maternity(rng, block, how, recorded)]
    parts.append(mental_health_stays(rng, block))
    parts += social_care(stream(seed, number, "social_care"), block, how, admitted)
    care = in_order(joined_rows(parts), first)
    months = month_rows(stream(seed, number, "attributes"), block, held, how)
    return MadeUp(who, held, how, months, care, recorded)
