"""What does care of a person of a kind cost in a year, and how much of the variation of cost does that explain?

Cost is regressed on indicators of the cells' variables, each person weighing as many days as they were registered. The
sums by cell give exactly what person rows would give.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from commonweal.need.cost_on_need_cells import BY

Array = NDArray[np.float64]
PRACTICE = "practice_code"
DAYS_IN_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Cells:
    """Cells as arrays: the group that each is in by variable, and its sums. Cost is in pounds, time in years."""

    groups: Mapping[str, NDArray[np.str_]]
    people: Array
    years: Array
    years_squared: Array
    cost: Mapping[str, Array]
    cost_years: Mapping[str, Array]
    cost_squared: Mapping[str, Array]


def read_cells(table: pa.Table, components: Sequence[str]) -> Cells:
    """Cells from the table that `cost_cells` or `people_cells` gives, in order of their groups.

    Takes    components: those of which costs are held; none for people alone, who then count a year each.
    """
    ordered = table.sort_by([(name, "ascending") for name in BY])

    def numbers(name: str, unit: float = 1.0) -> Array:
        return np.array([float(value) for value in ordered[name].to_pylist()], dtype=float) / unit

    people = numbers("people")
    whole = not components
    return Cells(
        groups={name: np.array(ordered[name].to_pylist(), dtype=np.str_) for name in BY},
        people=people,
        years=people if whole else numbers("days", DAYS_IN_YEAR),
        years_squared=people if whole else numbers("days_squared", DAYS_IN_YEAR**2),
        cost={name: numbers(f"cost_{name}", 100) for name in components},
        cost_years={name: numbers(f"cost_days_{name}", 100 * DAYS_IN_YEAR) for name in components},
        cost_squared={name: numbers(f"cost_squared_{name}", 100**2) for name in components},
    )


@dataclass(frozen=True, slots=True)
class Fit:
    """What each group adds to the yearly cost of a person, in pounds.

    columns     variable and group of each effect; the constant has empty ones. The first group of a variable is the one
                that others are measured from, and has no effect of its own.
    shares      by variable and group, the share of all years; a person of a group that was not seen is given the
                average effect, and so is every practice
    covariance  of the effects, holding whatever the spread of cost is in each cell
    spread      variance of a person's yearly cost, by cell of the variables without the practice
    """

    columns: tuple[tuple[str, str], ...]
    effects: Array
    covariance: Array
    first: Mapping[str, str]
    shares: Mapping[tuple[str, str], float]
    spread: Mapping[tuple[str, ...], float]
    variables: tuple[str, ...]

    def rows(self, cells: Cells) -> Array:
        """Each cell's row of the design, every practice made an average one."""
        found = np.zeros((len(cells.people), len(self.columns)))
        for place, (variable, group) in enumerate(self.columns):
            if not variable:
                found[:, place] = 1.0
            elif variable == PRACTICE:
                found[:, place] = self.shares[variable, group]
            else:
                held = cells.groups[variable]
                known = np.isin(held, self._known(variable))
                found[:, place] = np.where(known, held == group, self.shares[variable, group])
        return found

    def _known(self, variable: str) -> list[str]:
        return [self.first[variable], *(group for name, group in self.columns if name == variable)]

    def spread_of(self, cells: Cells) -> Array:
        """Variance of a person's yearly cost in each cell; the mean of all cells where the cell was not seen."""
        usual = float(np.mean(list(self.spread.values()))) if self.spread else 0.0
        return np.array([self.spread.get(key, usual) for key in _keys(cells, self.variables)])


def fit(cells: Cells, component: str, variables: Sequence[str], *, supply: bool) -> Fit:
    """The effects of the variables' groups on yearly cost, by weighted least squares.

    Takes    supply: give each practice an effect of its own, which predictions then set to the average.
    """
    names = [*variables, *([PRACTICE] if supply else [])]
    groups = {name: sorted(set(cells.groups[name].tolist())) for name in names}
    columns = (("", ""), *((name, group) for name in names for group in groups[name][1:]))
    design = np.column_stack(
        [
            np.ones(len(cells.people)) if not name else (cells.groups[name] == group).astype(float)
            for name, group in columns
        ]
    )
    weighted = design.T @ (design * cells.years[:, None])
    turned = np.linalg.pinv(weighted, hermitian=True)
    effects = turned @ (design.T @ cells.cost[component])
    left = residual_squares(cells, component, design @ effects)
    covariance = turned @ (design.T @ (design * left[:, None])) @ turned
    whole = cells.years.sum()
    shares = {
        (name, group): float(cells.years[cells.groups[name] == group].sum() / whole) for name, group in columns if name
    }
    first = {name: groups[name][0] for name in names}
    spread = _spread(cells, left, tuple(variables))
    return Fit(columns, effects, covariance, first, shares, spread, tuple(variables))


def residual_squares(cells: Cells, component: str, yearly: Array) -> Array:
    """By cell, the sum over its people of (cost - years x yearly cost foretold) squared."""
    cost_years, squared = cells.cost_years[component], cells.cost_squared[component]
    return np.maximum(squared - 2 * yearly * cost_years + yearly**2 * cells.years_squared, 0.0)


def explained_between_people(cells: Cells, component: str, yearly: Array) -> float:
    """Share of the variation of cost between people that a forecast explains, once its level is right.

    Returns  1 - squares left / squares about the mean yearly cost; below 0 for a forecast worse than the mean.
    """
    level = cells.cost[component].sum() / max((cells.years * yearly).sum(), 1e-12)
    mean = np.full(len(cells.people), cells.cost[component].sum() / cells.years.sum())
    about = residual_squares(cells, component, mean).sum()
    return float(1 - residual_squares(cells, component, yearly * level).sum() / about) if about else 0.0


def explained_between_practices(cells: Cells, component: str, yearly: Array) -> float:
    """The same between practices' mean yearly costs, each practice weighing as many years as its people had."""
    codes, place = np.unique(cells.groups[PRACTICE], return_inverse=True)
    years = np.bincount(place, cells.years, len(codes))
    actual = np.bincount(place, cells.cost[component], len(codes)) / years
    foretold = np.bincount(place, cells.years * yearly, len(codes)) / years
    mean = cells.cost[component].sum() / cells.years.sum()
    foretold = foretold * mean / ((years * foretold).sum() / years.sum())
    about = (years * (actual - mean) ** 2).sum()
    return float(1 - (years * (actual - foretold) ** 2).sum() / about) if about else 0.0


def _keys(cells: Cells, variables: Sequence[str]) -> list[tuple[str, ...]]:
    return list(zip(*(cells.groups[name].tolist() for name in variables), strict=True))


def _spread(cells: Cells, left: Array, variables: tuple[str, ...]) -> dict[tuple[str, ...], float]:
    squares: dict[tuple[str, ...], float] = {}
    years: dict[tuple[str, ...], float] = {}
    for key, square, time in zip(_keys(cells, variables), left, cells.years_squared, strict=True):
        squares[key] = squares.get(key, 0.0) + float(square)
        years[key] = years.get(key, 0.0) + float(time)
    return {key: squares[key] / years[key] for key in squares if years[key]}
