"""How much of each person's risk could be changed, by which rule, and how long would it take?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from commonweal.core.errors import ParameterProblem
from commonweal.core.parameters import Parameters

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class ChangeRule:
    """One rule: whom it holds of, what share of a risk it says can be changed, and the hours it takes."""

    code: str
    label: str
    features: tuple[str, ...]
    at_least: float
    age_from: int | None
    low: float
    central: float
    high: float
    hours: float


def change_rules(parameters: Parameters, *, on: date, hours_per_person: float | None = None) -> tuple[ChangeRule, ...]:
    """The rules, the greatest central share first.

    Takes    hours_per_person: what everybody takes, whatever the rules say.
    Raises   ParameterProblem where no rule holds of everybody, or hours are not more than none.
    """
    held = parameters["case_changeable"]
    usual = float(parameters["case_hours_per_person"].on(on).number())
    rules = [
        ChangeRule(
            row["code"],
            row["label"],
            tuple(row["features"]),
            float(row["at_least"]),
            int(row["age_from"]) if row["age_from"] else None,
            *(float(row[key]) for key in ("low", "central", "high")),
            hours_per_person or float(row["hours"] or usual),
        )
        for row in held.on(on).value
    ]
    where = f"{held.file}: {held.name}"
    if not any(not rule.features and rule.age_from is None for rule in rules):
        raise ParameterProblem("No rule holds of everybody.", where=where, mend="Keep a row without features.")
    if min(rule.hours for rule in rules) <= 0:
        raise ParameterProblem("A person takes no hours.", where=where, mend="Give hours above nought.")
    return tuple(sorted(rules, key=lambda rule: (-rule.central, rule.code)))


def rule_of_each(people: pa.Table, rules: Sequence[ChangeRule]) -> NDArray[np.int64]:
    """Which rule counts for each person: the first, in the order given, that holds.

    Takes    people: features of the day, one row a person. A rule whose features the table lacks holds of nobody.
    """
    found = np.full(people.num_rows, -1, dtype=np.int64)
    for place, rule in enumerate(rules):
        found[(found < 0) & _holds(people, rule)] = place
    return found


def _holds(people: pa.Table, rule: ChangeRule) -> Booleans:
    holds = np.zeros(people.num_rows, bool) if rule.features else np.ones(people.num_rows, bool)
    for name in rule.features:
        if name in people.column_names:
            holds |= at_least(people, name, rule.at_least)
    if rule.age_from is not None:
        holds &= at_least(people, "age", rule.age_from)
    return holds


def at_least(people: pa.Table, name: str, number: float) -> Booleans:
    """Whether a feature is known and at least a number; yes is 1."""
    values = people[name].cast(pa.float64())
    return np.asarray(pc.fill_null(pc.greater_equal(values, number), False).to_numpy(), dtype=bool)
