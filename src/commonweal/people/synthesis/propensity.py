"""How much more or less care than others of their age, sex and deprivation does each made-up person get?

A multiplier by person and kind of care: from their conditions, their poor health at large, a habit of using care that
stays with them, and some chance of the year. Nothing in it is on a mean of 1; `rates` sees to that.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commonweal.people.synthesis.assumptions import Assumptions, Floats
from commonweal.people.synthesis.health import Health, State

GROUPS = ("primary", "community", "mental", "urgent", "planned")
GROUP_OF = {
    "gp": "primary",
    "other_staff": "primary",
    "prescription": "primary",
    "community": "community",
    "mental_health": "mental",
    "talking_therapies": "mental",
    "mental_health_stay": "mental",
    "ae": "urgent",
    "emergency": "urgent",
    "call_111": "urgent",
    "call_999": "urgent",
    "planned": "planned",
    "outpatient": "planned",
}
# How much of the habit of using care is of care at large, and how much of a group of its kinds.
AT_LARGE, OF_GROUP = 0.6, 0.8
MOST = 4.5


@dataclass(frozen=True, slots=True)
class Habits:
    """The habit of using care: at large, and by group; and what a year adds, by year and group."""

    at_large: NDArray[np.float32]
    by_group: NDArray[np.float32]
    by_year: NDArray[np.float32]


def habits(rng: np.random.Generator, people: int, years: int) -> Habits:
    """Habits of people, drawn at random."""
    drawn = rng.standard_normal((1 + len(GROUPS) + years * len(GROUPS), people), dtype=np.float32)
    return Habits(drawn[0], drawn[1 : 1 + len(GROUPS)], drawn[1 + len(GROUPS) :].reshape(years, len(GROUPS), people))


def raised_by_conditions(assumptions: Assumptions) -> Floats:
    """The logarithm by which each condition raises each kind of care: a row a condition."""
    found = np.zeros((len(assumptions.conditions), len(assumptions.care)))
    lists = assumptions.value("synthesis_raised_by")
    for place, kind in enumerate(assumptions.care):
        by = kind["raised_by"]
        if by in ("urgent", "planned"):
            found[:, place] = np.log(np.maximum(assumptions.column(by), 1e-9))
        elif by != "none":
            for code, ratio in lists[by].items():
                found[assumptions.condition(code), place] = np.log(float(ratio))
    if (place := assumptions.kind("prescription")) >= 0:
        found[:, place] = np.log1p(assumptions.column("items") / 4)
    return found


def multipliers(
    held: Health, now: State, habit: Habits, year: int, raised: Floats, assumptions: Assumptions, *, before_end: float
) -> Floats:
    """What each kind of care is multiplied by for each person in a year: a row a kind.

    Takes    before_end: how many years the middle of the year is before the end of the record.
    """
    ill = held.ill - held.worn * before_end
    people = len(held.ill)
    person, condition = held.person[now.active], held.condition[now.active]
    changes = assumptions.number("synthesis_persistence", "year_spread")
    found = np.empty((len(assumptions.care), people))
    for place, kind in enumerate(assumptions.care):
        group = GROUPS.index(GROUP_OF[kind["code"]])
        health = float(kind["health"])
        used = AT_LARGE * habit.at_large + OF_GROUP * habit.by_group[group]
        lean = health * ill + np.sqrt(1 - health**2) * used
        found[place] = float(kind["spread"]) * lean + changes * habit.by_year[year, group]
        if raised[:, place].any():
            found[place] += np.bincount(person, weights=raised[condition, place], minlength=people)
    return np.exp(np.minimum(found, MOST))
