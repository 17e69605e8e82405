"""Which contacts, calls, attendances and prescriptions does each made-up person have?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from commonweal.people.synthesis.assumptions import Assumptions, Floats
from commonweal.people.synthesis.contact_rows import Column, kinds, rows
from commonweal.people.synthesis.days import FAR, ages, month_starts
from commonweal.people.synthesis.exposure import Exposure
from commonweal.people.synthesis.lives import Lives
from commonweal.people.synthesis.seasons import Seasons
from commonweal.people.synthesis.streams import chosen, cumulated

Days = NDArray[np.int64]
COSTS = 1024
SEEN, SEEN_LATE = 0, 1
ATTENDED = ("5", "6")
LATE_SHARE = 0.08
FIRST_ATTENDANCE, FOLLOW_UP = "WF01B", "WF01A"
A_AND_E_GROUPS = ("VB08Z", "VB09Z", "VB11Z")
A_AND_E_ADMITTED = "VB04Z"
PLAIN = ("gp", "other_staff", "community", "mental_health", "talking_therapies", "call_111", "call_999")
PROVIDER = {
    "community": "community",
    "mental_health": "mental_health",
    "talking_therapies": "mental_health",
    "mental_health_stay": "mental_health",
    "call_111": "call_111",
    "call_999": "call_999",
}


@dataclass(frozen=True, eq=False)
class Catalogue:
    """The lists that positions in rows stand for, the same for all blocks."""

    assumptions: Assumptions

    @cached_property
    def kind_names(self) -> tuple[str, ...]:
        """Codes of the kinds of care."""
        return tuple(kinds(self.assumptions))

    @cached_property
    def providers(self) -> tuple[str, ...]:
        """Roles of providers, as synthesis_providers names them."""
        return tuple(self.assumptions.value("synthesis_providers"))

    @cached_property
    def specialties(self) -> tuple[str, ...]:
        """Treatment function codes."""
        clinics = self.assumptions.value("synthesis_clinics")["specialties"]
        return tuple(dict.fromkeys([*clinics, *(row["specialty"] for row in self.reasons)]))

    @cached_property
    def currencies(self) -> tuple[str, ...]:
        """Healthcare resource groups."""
        of_reasons = (row["hrg"] for row in self.reasons)
        fixed = (FIRST_ATTENDANCE, FOLLOW_UP, *A_AND_E_GROUPS, A_AND_E_ADMITTED, "NZ30C", "NZ50C", "NZ16Z")
        return tuple(dict.fromkeys([*fixed, *of_reasons]))

    @cached_property
    def reasons(self) -> tuple[dict[str, Any], ...]:
        """Reasons for admission: emergency ones, then planned ones."""
        value = self.assumptions.value
        return (*value("synthesis_emergency_reasons"), *value("synthesis_planned_reasons"))

    def kind(self, code: str) -> int:
        """The position of a kind of care."""
        return self.kind_names.index(code)

    def provider(self, role: str) -> int:
        """The position of a provider."""
        return self.providers.index(role)

    @cached_property
    def spread_costs(self) -> Floats:
        """Factors on a mean cost, as many below as above, whose mean is 1."""
        varies = self.assumptions.cost("varies")
        factors = np.exp(varies * ndtri((np.arange(COSTS) + 0.5) / COSTS))
        return np.asarray(factors / factors.mean())

    def varied(self, rng: np.random.Generator, mean: float | NDArray[Any], many: int) -> Days:
        """Costs in pence around a mean."""
        factor = self.spread_costs[rng.integers(0, COSTS, many)]
        return np.rint(mean * factor).astype(np.int64)


@dataclass(frozen=True, eq=False)
class Block:
    """One block of people as care is made up for it."""

    who: Lives
    exposure: Exposure
    seasons: Seasons
    catalogue: Catalogue
    bounds: Days

    @property
    def first(self) -> int:
        """The first day of the record."""
        return int(self.bounds[0])

    @property
    def last(self) -> int:
        """The first day after the record."""
        return int(self.bounds[-1])

    @property
    def assumptions(self) -> Assumptions:
        """The parameters."""
        return self.catalogue.assumptions

    @cached_property
    def until(self) -> Days:
        """The first day on which each person can have no care: gone, or after the record."""
        return np.minimum(self.who.gone, self.last)

    def last_day(self, person: Days, day: Days) -> Days:
        """Days of leaving held within the person's life, time on the list and the record."""
        return np.minimum(day, self.until[person] - 1)


def events(rng: np.random.Generator, block: Block, code: str) -> tuple[Days, Days]:
    """People and days of the care of one kind: what their rate brings in each year, and the last year of life adds."""
    assumptions = block.assumptions
    kind = assumptions.kind(code)
    held = assumptions.care[kind]
    counts = rng.poisson(block.exposure.expected(kind)).ravel()
    which = np.repeat(np.arange(len(counts)), counts)
    person = which % len(block.who)
    since, before = block.exposure.since.ravel()[which], block.exposure.before.ravel()[which]
    day = block.seasons.days(rng, held["days"], since, before)
    added = float(held["last_year"])
    if not added:
        return person, day
    dying = np.flatnonzero(block.who.died < FAR)
    more = np.repeat(dying, rng.poisson(added, len(dying)))
    back = rng.standard_exponential(len(more)) * assumptions.number("synthesis_persistence", "days_before_death")
    at = block.who.died[more] - back.astype(np.int64)
    fits = (at >= np.maximum(block.who.joined[more], block.seasons.first)) & (at < block.until[more])
    return np.concatenate([person, more[fits]]), np.concatenate([day, at[fits]])


def plain_contacts(rng: np.random.Generator, block: Block) -> list[dict[str, Column]]:
    """Contacts and calls that are no more than a day and a cost."""
    catalogue = block.catalogue
    found = []
    for code in PLAIN:
        person, day = events(rng, block, code)
        provider = catalogue.provider(PROVIDER[code]) if code in PROVIDER else -1
        cost = catalogue.varied(rng, block.assumptions.cost(code), len(person))
        found.append(rows(len(person), person=person, kind=catalogue.kind(code), day=day, provider=provider, cost=cost))
    return found


def outpatients(rng: np.random.Generator, block: Block) -> dict[str, Column]:
    """Outpatient attendances, first and follow-up, by specialty."""
    catalogue, assumptions = block.catalogue, block.assumptions
    person, day = events(rng, block, "outpatient")
    many = len(person)
    clinics = assumptions.value("synthesis_clinics")
    weights = np.array([[float(value) for value in row] for row in clinics["specialties"].values()]).T
    row = reason_age(block, person, day)
    first = rng.random(many) < float(clinics["first_share"])
    cost = np.where(first, assumptions.cost("outpatient_first"), assumptions.cost("outpatient_follow_up"))
    group = [catalogue.currencies.index(name) for name in (FOLLOW_UP, FIRST_ATTENDANCE)]
    return rows(
        many,
        person=person,
        kind=np.where(first, catalogue.kind("outpatient_first"), catalogue.kind("outpatient")),
        day=day,
        specialty=chosen(rng, cumulated(weights), row),
        currency=np.where(first, group[1], group[0]),
        attended=(rng.random(many) < LATE_SHARE).astype(np.int8),
        provider=hospital(rng, block, person),
        cost=catalogue.varied(rng, cost, many),
    )


def other_attendances(rng: np.random.Generator, block: Block) -> dict[str, Column]:
    """A&E attendances that do not end in an admission."""
    catalogue = block.catalogue
    person, day = events(rng, block, "ae")
    groups = np.array([catalogue.currencies.index(name) for name in A_AND_E_GROUPS])
    return rows(
        len(person),
        person=person,
        kind=catalogue.kind("ae"),
        day=day,
        currency=groups[rng.integers(0, len(groups), len(person))],
        provider=hospital(rng, block, person),
        cost=catalogue.varied(rng, block.assumptions.cost("ae"), len(person)),
    )


def prescriptions(rng: np.random.Generator, block: Block) -> dict[str, Column]:
    """Months with a prescription and how many items it had."""
    assumptions, catalogue = block.assumptions, block.catalogue
    months = month_starts(block.first, block.last - 1)
    months = months[months >= block.first]
    year = np.searchsorted(block.bounds, months, side="right") - 1
    monthly = block.exposure.rate[assumptions.kind("prescription")] / 12
    chance = -np.expm1(-monthly)
    there = (months[:, None] >= block.who.joined) & (months[:, None] < block.until)
    drawn = rng.random(there.shape, dtype=np.float32)
    month, person = np.nonzero(there & (drawn < chance[year]))
    mean = monthly[year[month], person] / chance[year[month], person]
    items = 1 + rng.poisson(np.maximum(mean - 1, 0.0))
    each = catalogue.spread_costs[rng.integers(0, COSTS, len(items))] * assumptions.cost("item")
    cost = np.rint(items * each).astype(np.int64)
    return rows(
        len(items), person=person, kind=catalogue.kind("prescription"), day=months[month], items=items, cost=cost
    )


def hospital(rng: np.random.Generator, block: Block, person: Days) -> Days:
    """The hospital that treats: the nearer one of the person's practice mostly."""
    acute, other = block.catalogue.provider("acute"), block.catalogue.provider("other_acute")
    near = np.where(block.who.practice[person] % 3 == 0, other, acute)
    far = acute + other - near
    return np.where(rng.random(len(person)) < 0.85, near, far)


def reason_age(block: Block, person: Days, day: Days) -> Days:
    """Which of the ages of reasons for admission people are in on a day."""
    first = np.array([int(age) for age in block.assumptions.value("synthesis_reason_ages")])
    return np.searchsorted(first, ages(block.who.birth[person], day), side="right") - 1
