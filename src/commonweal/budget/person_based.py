"""How needy are each practice's people by what care of such people cost, beside the published weights?

A year's cost is learned from what was known of each person on its first day; the people of today are then weighed by
what such people cost. The weights share out the place's published need: they say which practice's people need more, not
whether the place as a whole does, which one place's record cannot know.

Source   Dixon and others, BMJ 2011;343:d6608, in idea: cost on need person by person, supply held at a common value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from commonweal.budget.person_based_fit import (
    PRACTICE,
    Array,
    Cells,
    Fit,
    explained_between_people,
    explained_between_practices,
    fit,
)
from commonweal.core.money import rounded_together
from commonweal.core.parameters import Parameters
from commonweal.core.periods import Period

People = Mapping[str, Decimal]
SIX_PLACES = Decimal("0.000001")
PUBLISHED_WEIGHTS = "published practice weights"


@dataclass(frozen=True, slots=True)
class PracticeWeight:
    """How needy one practice's people are, both ways; 1 is the place's average.

    lower, upper    of the person-based index, for what estimation and the chance of its own people leave open
    """

    practice_code: str
    people: int
    published_index: Decimal
    person_index: Decimal
    lower: Decimal
    upper: Decimal
    published_weighted_people: Decimal
    person_weighted_people: Decimal

    @property
    def difference(self) -> Decimal:
        """The person-based index less the published one."""
        return self.person_index - self.published_index

    @property
    def beyond_chance(self) -> bool:
        """Whether the published index lies outside the interval."""
        return not self.lower <= self.published_index <= self.upper


@dataclass(frozen=True, slots=True)
class Explained:
    """How much of a later year's variation of cost a way of weighing explains, between people and practices."""

    weights: str
    people: Decimal
    practices: Decimal


@dataclass(frozen=True, slots=True)
class ComponentWeights:
    """The person-based weights of one need component.

    cells_at_nothing    kinds of people foretold to cost less than nothing, who are weighed as nothing
    """

    component: str
    service_lines: tuple[str, ...]
    yearly_cost: Decimal
    practices: tuple[PracticeWeight, ...]
    explained: tuple[Explained, ...]
    cells_at_nothing: int


@dataclass(frozen=True, slots=True)
class PersonWeights:
    """Person-based weights of a place's practices, and what they were learned from.

    learned_from    the year of cost, foretold from what was known on its first day
    tested_on       the year by which `explained` is judged, after learning from the one before; None for a short record
    published       what a published person-based formula explained, by name
    """

    record: str
    synthetic: bool
    learned_from: Period
    tested_on: Period | None
    used_on: date
    components: tuple[ComponentWeights, ...]
    published: Mapping[str, Decimal]

    def weighted_people(self) -> dict[str, dict[str, Decimal]]:
        """Weighted people by component and practice; those of a component sum to the published ones."""
        return {
            held.component: {row.practice_code: row.person_weighted_people for row in held.practices}
            for held in self.components
        }


@dataclass(frozen=True, slots=True)
class LearnedCells:
    """The cells of one year: what it cost, by kind of person known on its first day."""

    year: Period
    cells: Cells


def component_weights(
    component: str,
    service_lines: Sequence[str],
    *,
    learned: LearnedCells,
    before: LearnedCells | None,
    today: Cells,
    published: People,
    listed: People,
    parameters: Parameters,
) -> ComponentWeights:
    """The person-based weights of one component.

    Takes    learned: the latest year; before: the year before it, for judging; today: the people to be weighed.
             published: weighted people by practice; listed: the people those are of.
    """
    on = learned.year.start
    variables = tuple(parameters["person_based_variables"].on(on).value)
    supply = parameters["person_based_supply"].on(on).value == "practice"
    model = fit(learned.cells, component, variables, supply=supply)
    foretold = model.rows(today) @ model.effects
    explained = () if before is None else _explained(component, variables, supply, before, learned, published, listed)
    yearly = learned.cells.cost[component].sum() / learned.cells.years.sum()
    return ComponentWeights(
        component,
        tuple(service_lines),
        _exact(yearly),
        _practice_weights(model, today, np.maximum(foretold, 0.0), published, listed, _confidence(parameters, on)),
        explained,
        int((foretold < 0).sum()),
    )


def _practice_weights(
    model: Fit, today: Cells, yearly: Array, published: People, listed: People, confidence: float
) -> tuple[PracticeWeight, ...]:
    codes, place = np.unique(today.groups[PRACTICE], return_inverse=True)
    people: Array = np.bincount(place, today.people, len(codes)).astype(float)
    cost: Array = np.bincount(place, today.people * yearly, len(codes)).astype(float)
    mean = cost.sum() / people.sum()
    index: Array = cost / people / mean
    spread = NormalDist().inv_cdf((1 + confidence) / 2) * np.sqrt(
        _estimation(model, today, place, people, index, mean)
        + np.bincount(place, today.people * model.spread_of(today), len(codes)) / (people * mean) ** 2
    )
    theirs = _published_index([str(code) for code in codes], published, listed)
    size = np.array([float(listed.get(str(code), 0)) for code in codes])
    shared = _shared_out([str(code) for code in codes], index * size, published)
    return tuple(
        PracticeWeight(
            str(code),
            int(people[n]),
            theirs[str(code)],
            _exact(index[n]),
            _exact(index[n] - spread[n]),
            _exact(index[n] + spread[n]),
            published.get(str(code), Decimal(0)),
            shared[str(code)],
        )
        for n, code in enumerate(codes)
    )


def _estimation(model: Fit, today: Cells, place: NDArray[np.intp], people: Array, index: Array, mean: float) -> Array:
    """Variance of each practice's index that comes from estimating the effects."""
    rows = model.rows(today)
    profile = np.zeros((len(people), rows.shape[1]))
    np.add.at(profile, place, rows * today.people[:, None])
    overall = profile.sum(axis=0) / people.sum()
    slope = (profile / people[:, None] - index[:, None] * overall) / mean
    variance: Array = np.maximum(np.einsum("ij,jk,ik->i", slope, model.covariance, slope), 0.0)
    return variance


def _published_index(codes: Sequence[str], published: People, listed: People) -> dict[str, Decimal]:
    weighted = {code: published.get(code, Decimal(0)) for code in codes}
    people = {code: listed.get(code, Decimal(0)) for code in codes}
    whole, everyone = sum(weighted.values()), sum(people.values())
    if not whole or not everyone:
        return dict.fromkeys(codes, Decimal(0))
    return {
        code: (weighted[code] / people[code] / (whole / everyone)).quantize(SIX_PLACES) if people[code] else Decimal(0)
        for code in codes
    }


def _shared_out(codes: Sequence[str], needed: Array, published: People) -> dict[str, Decimal]:
    """The place's published weighted people, shared out by index x list, to a millionth.

    The list is the published one, so that a record that holds part of a practice's people still weighs all of them.
    """
    whole = sum((published.get(code, Decimal(0)) for code in codes), Decimal(0))
    held = [_exact(amount) for amount in needed]
    total = sum(held)
    if not total:
        return {code: published.get(code, Decimal(0)) for code in codes}
    # Pence are hundredths; ten thousand times as many people in pence are people in millionths.
    shared = rounded_together([amount * whole * 10_000 / total for amount in held])
    return {code: number / 10_000 for code, number in zip(codes, shared, strict=True)}


def _explained(
    component: str,
    variables: Sequence[str],
    supply: bool,
    before: LearnedCells,
    after: LearnedCells,
    published: People,
    listed: People,
) -> tuple[Explained, ...]:
    """What each set of variables, learned from one year, explains of the next; then the published weights."""
    found = []
    for number in range(1, len(variables) + 1):
        model = fit(before.cells, component, variables[:number], supply=supply)
        yearly = np.maximum(model.rows(after.cells) @ model.effects, 0.0)
        found.append(_judged(_and_in_words(variables[:number]), after.cells, component, yearly))
    codes = sorted(set(after.cells.groups[PRACTICE].tolist()))
    theirs = _published_index(codes, published, listed)
    yearly = np.array([float(theirs[code]) for code in after.cells.groups[PRACTICE].tolist()])
    return (*found, _judged(PUBLISHED_WEIGHTS, after.cells, component, yearly))


def _judged(name: str, cells: Cells, component: str, yearly: Array) -> Explained:
    return Explained(
        name,
        _exact(explained_between_people(cells, component, yearly)),
        _exact(explained_between_practices(cells, component, yearly)),
    )


def _and_in_words(variables: Sequence[str]) -> str:
    return ", ".join("age and sex" if name == "age_sex" else name.replace("_", " ") for name in variables)


def _confidence(parameters: Parameters, on: date) -> float:
    return float(parameters["person_based_confidence"].on(on).number())


def _exact(number: float) -> Decimal:
    return Decimal(repr(float(number))).quantize(SIX_PLACES)
