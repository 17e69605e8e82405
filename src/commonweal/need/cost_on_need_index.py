"""How costly is the care of each practice's people expected to be beside the place's, how sure, and how well foretold?

Statistics, in floats; what leaves this module is decimal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from commonweal.need.cost_on_need import (
    PRACTICE,
    Array,
    Cells,
    Fit,
    explained_between_people,
    explained_between_practices,
    fit,
)

SIX_PLACES = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class PracticeIndex:
    """The expected cost of care of one practice's people over that of the place's; 1 is the place's average.

    index           to all its digits
    lower, upper    for what estimation and the chance of the practice's own people in a year leave open, to a millionth
    """

    practice_code: str
    people: int
    index: Decimal
    lower: Decimal
    upper: Decimal


@dataclass(frozen=True, slots=True)
class Explained:
    """How much of a later year's variation of cost one way of weighing explains, between people and practices."""

    weights: str
    people: Decimal
    practices: Decimal


def practice_indices(model: Fit, today: Cells, *, confidence: Decimal) -> tuple[PracticeIndex, ...]:
    """The index of each practice with people today, by code.

    Takes    today: the people to be weighed. A kind foretold to cost less than nothing costs nothing.
    """
    codes, place = np.unique(today.groups[PRACTICE], return_inverse=True)
    yearly = np.maximum(model.rows(today) @ model.effects, 0.0)
    people: Array = np.bincount(place, today.people, len(codes)).astype(float)
    cost: Array = np.bincount(place, today.people * yearly, len(codes)).astype(float)
    mean = cost.sum() / people.sum()
    index: Array = cost / people / mean if mean else np.ones(len(codes))
    chance = np.bincount(place, today.people * model.spread_of(today), len(codes)) / (people * (mean or 1.0)) ** 2
    wide = NormalDist().inv_cdf((1 + float(confidence)) / 2)
    spread = wide * np.sqrt(_estimation(model, today, place, people, index, mean or 1.0) + chance)
    return tuple(
        PracticeIndex(
            str(code),
            int(people[n]),
            Decimal(repr(float(index[n]))),
            to_six_places(index[n] - spread[n]),
            to_six_places(index[n] + spread[n]),
        )
        for n, code in enumerate(codes)
    )


def cells_at_nothing(model: Fit, today: Cells) -> int:
    """How many kinds of people are foretold to cost less than nothing."""
    return int((model.rows(today) @ model.effects < 0).sum())


def _estimation(model: Fit, today: Cells, place: NDArray[np.intp], people: Array, index: Array, mean: float) -> Array:
    """Variance of each practice's index that comes from estimating the effects."""
    rows = model.rows(today)
    profile = np.zeros((len(people), rows.shape[1]))
    np.add.at(profile, place, rows * today.people[:, None])
    overall = profile.sum(axis=0) / people.sum()
    slope = (profile / people[:, None] - index[:, None] * overall) / mean
    variance: Array = np.maximum(np.einsum("ij,jk,ik->i", slope, model.covariance, slope), 0.0)
    return variance


def yearly_cost(cells: Cells, component: str) -> Decimal:
    """What care of a person cost in a year, in pounds."""
    return to_six_places(cells.cost[component].sum() / cells.years.sum())


def explained_by_variables(
    component: str, variables: Sequence[str], supply: bool, before: Cells, after: Cells
) -> tuple[Explained, ...]:
    """What the first variable, the first two and so on, learned from one year, explain of the next."""
    found = []
    for number in range(1, len(variables) + 1):
        model = fit(before, component, variables[:number], supply=supply)
        yearly = np.maximum(model.rows(after) @ model.effects, 0.0)
        found.append(_judged(_in_words(variables[:number]), after, component, yearly))
    return tuple(found)


def explained_by_indices(name: str, indices: Mapping[str, Decimal], component: str, after: Cells) -> Explained:
    """What weights that are the same for everybody of a practice explain of a year."""
    yearly = np.array([float(indices[code]) for code in after.groups[PRACTICE].tolist()])
    return _judged(name, after, component, yearly)


def _judged(name: str, cells: Cells, component: str, yearly: Array) -> Explained:
    return Explained(
        name,
        to_six_places(explained_between_people(cells, component, yearly)),
        to_six_places(explained_between_practices(cells, component, yearly)),
    )


def _in_words(variables: Sequence[str]) -> str:
    return ", ".join("age and sex" if name == "age_sex" else name.replace("_", " ") for name in variables)


def to_six_places(number: float) -> Decimal:
    """A number as a decimal to a millionth."""
    return Decimal(repr(float(number))).quantize(SIX_PLACES)
