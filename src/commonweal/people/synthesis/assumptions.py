"""What numbers is a made-up population made from?

The parameters in parameters/synthesis_*.yaml, read once into arrays that can be worked with by the million.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from commonweal.core.parameters import Parameters
from commonweal.people.synthesis.days import OLDEST

Floats = NDArray[np.float64]
AGES = np.arange(OLDEST + 1)
DECILES, QUINTILES, SEXES = 10, 5, 2
FEMALE, MALE = 0, 1
# Band of five years, sex, fifth of deprivation.
ENGLAND_BANDS = 18
CELLS = ENGLAND_BANDS * SEXES * QUINTILES
MOST_PREVALENT = 0.97


@dataclass(frozen=True, eq=False)
class Assumptions:
    """The parameters of a synthesis as they hold on a day."""

    parameters: Parameters
    on: date

    def value(self, name: str) -> Any:
        """What a parameter says."""
        return self.parameters[name].on(self.on).value

    def number(self, name: str, key: str) -> float:
        """One number of a parameter that holds several."""
        return float(self.value(name)[key])

    # England

    @cached_property
    def england(self) -> Mapping[str, Floats]:
        """Each column of England's table by cell: band, sex and fifth, as cell_of() counts them."""
        rows = self.value("england_by_age_sex_deprivation")
        names = [name for name in rows[0] if name not in ("age_from", "sex", "quintile")]
        found = {name: np.zeros(CELLS) for name in names}
        for row in rows:
            cell = cell_of(int(row["age_from"]), int(row["sex"] == "M"), 2 * int(row["quintile"]))
            for name in names:
                found[name][cell] = float(row[name])
        return found

    @cached_property
    def age_sex_shares(self) -> Floats:
        """Share of England's people by single year of age and sex; within a band alike, thinning out from 85 on."""
        bands = self.england["people"].reshape(ENGLAND_BANDS, SEXES, QUINTILES).sum(axis=2)
        shares = np.repeat(bands[:-1] / 5, 5, axis=0)
        thinning = 0.86 ** np.arange(OLDEST + 1 - 85)
        oldest = thinning[:, None] / thinning.sum() * bands[-1]
        shares = np.concatenate([shares, oldest])
        return np.asarray(shares / shares.sum())

    # People

    def by_age(self, rows: Sequence[Mapping[str, Any]], column: str) -> Floats:
        """A column of rows that each hold from an age on, by single year of age."""
        first = np.array([int(row["age"]) for row in rows])
        values = np.array([float(row[column]) for row in rows])
        place = np.searchsorted(first, AGES, side="right") - 1
        return np.where(place < 0, 0.0, values[np.maximum(place, 0)])

    @cached_property
    def death_rates(self) -> Floats:
        """Deaths a person and year by age, sex and decile."""
        held = self.value("synthesis_death_rates")
        rates = np.stack([self.by_age(held["rates"], sex) for sex in ("female", "male")], axis=1) / 1000
        return rates[:, :, None] * gradient(float(held["deprived"]))

    @cached_property
    def joining(self) -> Floats:
        """Share of the people of an age who join a list in a year, other than by birth."""
        return self.by_age(self.value("synthesis_moves")["joining"], "share")

    @cached_property
    def births(self) -> Floats:
        """Births a woman and year by age."""
        return self.by_age(self.value("synthesis_births")["rates"], "rate")

    # Conditions

    @cached_property
    def conditions(self) -> Sequence[Mapping[str, Any]]:
        """Rows of synthesis_conditions."""
        return list(self.value("synthesis_conditions"))

    @cached_property
    def condition_codes(self) -> tuple[str, ...]:
        """Codes of the conditions, in order."""
        return tuple(row["code"] for row in self.conditions)

    def condition(self, code: str) -> int:
        """The position of a condition."""
        return self.condition_codes.index(code)

    @cached_property
    def prevalence(self) -> Floats:
        """Share of people who have ever had each condition, by condition, sex, decile and age."""
        at = np.array([float(age) for age in self.value("synthesis_ages")])
        found = np.zeros((len(self.conditions), SEXES, DECILES, len(AGES)))
        for place, row in enumerate(self.conditions):
            shape = np.interp(AGES, at, [float(value) for value in row["shape"]])
            men = float(row["men"])
            by_sex = np.array([2 / (1 + men), 2 * men / (1 + men)])
            by_decile = gradient(float(row["deprived"]))
            relative = by_sex[:, None, None] * by_decile[:, None] * shape
            mean = (relative.mean(axis=1) * self.age_sex_shares.T).sum()
            level = float(row["level"]) / 100
            found[place] = np.minimum(relative * (level / mean if mean else 0.0), MOST_PREVALENT)
        return found

    @cached_property
    def onset(self) -> Floats:
        """Share who have had each condition by each age, never falling: when it began, for those who have it."""
        return np.maximum.accumulate(self.prevalence, axis=-1)

    @cached_property
    def onset_in_a_row(self) -> Floats:
        """The same, one condition, sex and decile after another, each a whole number above the one before."""
        table = self.onset.reshape(-1, self.onset.shape[-1])
        return np.asarray((table + np.arange(len(table))[:, None]).ravel())

    @cached_property
    def thresholds(self) -> NDArray[np.float32]:
        """The liability above which a person of an age has had a condition."""
        return np.asarray(-ndtri(self.prevalence), dtype=np.float32)

    def column(self, name: str) -> Floats:
        """A number of each condition; nothing where it is blank."""
        return np.array([float(row[name] or 0) for row in self.conditions])

    @cached_property
    def score_weights(self) -> tuple[Floats, NDArray[np.int64], int]:
        """Weights of the Cambridge Multimorbidity Score by its conditions, and which of them each condition is, or -1.

        The last is the position of cancer, which counts for some years only.
        """
        rows = self.value("cambridge_conditions")
        names = [row["condition"] for row in rows]
        meaning = {row["code"]: row["cms"] for row in self.value("conditions")}
        which = [names.index(meaning[code]) if meaning[code] else -1 for code in self.condition_codes]
        return np.array([float(row["general"]) for row in rows]), np.array(which), names.index("cancer")

    @cached_property
    def cuts(self) -> Floats:
        """The scores at which the second segment and those after it begin."""
        return np.array([float(row["from"]) for row in self.value("core_segments")[1:]])

    @cached_property
    def deficits(self) -> tuple[int, NDArray[np.int64]]:
        """How many deficits the electronic frailty index counts, and which of them each condition is, or -1."""
        names = list(self.value("electronic_frailty_deficits"))
        meaning = {row["code"]: row["efi"] for row in self.value("conditions")}
        which = [names.index(meaning[c]) if meaning[c] in names else -1 for c in self.condition_codes]
        return len(names), np.array(which)

    # Care

    @cached_property
    def care(self) -> Sequence[Mapping[str, Any]]:
        """Rows of synthesis_care: kinds of care that come by chance."""
        return list(self.value("synthesis_care"))

    @cached_property
    def care_ages(self) -> NDArray[np.int64]:
        """First ages of the bands of care."""
        return np.array([int(age) for age in self.value("synthesis_care_ages")])

    def kind(self, code: str) -> int:
        """The position of a kind of care."""
        return [row["code"] for row in self.care].index(code)

    def band(self, age: NDArray[np.int64]) -> NDArray[np.int64]:
        """The band of care that each age is in."""
        return np.searchsorted(self.care_ages, age, side="right") - 1

    def cost(self, name: str) -> float:
        """A unit cost in pence."""
        return self.number("synthesis_unit_costs", name)

    def floats(self, name: str, key: str) -> Floats:
        """A list of numbers that a parameter holds under a key."""
        return np.array([float(value) for value in self.value(name)[key]])


def cell_of(age: Any, male: Any, decile: Any) -> Any:
    """The cell of England's table: band of five years (the last from 85), sex, fifth of deprivation."""
    return (np.minimum(age // 5, ENGLAND_BANDS - 1) * SEXES + male) * QUINTILES + (decile - 1) // 2


def gradient(ratio: float) -> Floats:
    """A factor by decile whose first is `ratio` times its last, evenly in between, 1 on the mean of the deciles."""
    factor = ratio ** ((DECILES - 1 - np.arange(DECILES)) / (DECILES - 1))
    return np.asarray(factor / factor.mean())
