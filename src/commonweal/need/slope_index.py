"""How steep is the gradient from the most to the least deprived, and how sure is that?

The slope index is the difference, and the relative index the ratio, between the ends of a straight line through the
quantiles: each stands at the middle of its share of the population, counted from the most deprived, and weighs by it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from commonweal.core.errors import InputError
from commonweal.need.rates import CONFIDENCE, Estimate, z_score

Kind = Literal["other", "rate", "proportion"]
Method = Literal["simulation", "analytic"]
Floats = NDArray[np.float64]
KINDS: tuple[Kind, ...] = ("other", "rate", "proportion")
# What the convention gives its limits of each quantile in, whatever confidence the index is asked for.
CONFIDENCE_OF_VALUES = 0.95
# Limits from fewer draws than this move too much from seed to seed.
FEWEST_REPETITIONS = 1000


@dataclass(frozen=True, slots=True)
class SlopeIndex:
    """A gradient through quantiles, the first the most deprived.

    slope      slope index: the line's end at the least deprived less that at the most deprived
    relative   relative index: the former over the latter (its inverse where the multiplier is negative); None where
               the line reaches nought
    most, least  the line at the most and the least deprived end, before the multiplier
    """

    slope: Estimate
    relative: Estimate | None
    most: float
    least: float


@dataclass(frozen=True, slots=True)
class Spread:
    """How the values of quantiles are spread: the values and their standard errors on a scale where that is even."""

    values: Floats
    errors: Floats
    back: Callable[[Floats], Floats]
    steepness: Floats


def slope_index(
    populations: ArrayLike,
    values: ArrayLike,
    *,
    kind: Kind = "rate",
    lower: ArrayLike | None = None,
    upper: ArrayLike | None = None,
    errors: ArrayLike | None = None,
    transformed: bool = False,
    multiplier: float = 1.0,
    confidence: float = CONFIDENCE,
    method: Method = "simulation",
    repetitions: int = 100_000,
    seed: int = 1,
) -> SlopeIndex:
    """The slope and relative index of inequality of one area.

    Takes    populations, values: one a quantile, the most deprived first. kind: the scale on which chance is even: the
             logarithm for a rate, the logit for a proportion, the value itself for any other. lower, upper: 95 %
             limits of the values, or errors: their standard errors on that scale. transformed: fit the line on that
             scale, and read its ends back. multiplier: 100 for percentages; a negative one turns the slope round and
             inverts the ratio. method: simulation (a fixed seed), or analytic (first order).
    Returns  the indices with intervals.
    Raises   InputError for arrays that do not fit, values outside their kind, or fewer than two quantiles.
    Source   Low A, Low A, Journal of Public Health, 2004, 26:388; OHID, Fingertips public health technical guidance.
    """
    people = _people(populations)
    spread = spread_of(values, kind=kind, lower=lower, upper=upper, errors=errors)
    if spread.values.shape != people.shape:
        raise InputError("There is not one value for each population.", mend="Give both, quantile by quantile.")
    ends = line_ends(people)
    fitted = Fit(ends, spread, transformed)
    most, least = (float(end) for end in fitted.of(spread.values[:, None])[:, 0])
    if method == "analytic":
        slope, relative = fitted.analytic(confidence)
    else:
        if repetitions < FEWEST_REPETITIONS:
            raise InputError(f"{repetitions} repetitions are too few.", mend=f"Ask for {FEWEST_REPETITIONS:,} or more.")
        slope, relative = fitted.simulated(confidence, repetitions, seed)
    if relative is not None and multiplier < 0:
        relative = Estimate(1 / relative.value, 1 / relative.upper, 1 / relative.lower)
    return SlopeIndex(slope.times(multiplier), relative, most, least)


def line_ends(populations: ArrayLike) -> Floats:
    """The weights that values take in the ends of the line: one row for the most, one for the least deprived end.

    Weighted least squares on the middle of each quantile's range of rank, so each end is a fixed sum of the values.
    """
    people = np.asarray(populations, dtype=float)
    share = people / people.sum()
    rank = np.cumsum(share) - share / 2
    # The weighted mean of such ranks is a half.
    slope = share * (rank - 0.5) / (share * (rank - 0.5) ** 2).sum()
    return np.stack([share - slope / 2, share + slope / 2])


def spread_of(
    values: ArrayLike,
    *,
    kind: Kind,
    lower: ArrayLike | None = None,
    upper: ArrayLike | None = None,
    errors: ArrayLike | None = None,
) -> Spread:
    """Values with standard errors on the scale of their kind.

    Raises   InputError when limits and errors are both missing, or a value or limit cannot be of its kind.
    """
    given = np.asarray(values, dtype=float)
    there, back = _scale(kind)
    with np.errstate(divide="ignore", invalid="ignore"):
        held = there(given)
        if errors is not None:
            found = np.asarray(errors, dtype=float)
        elif lower is not None and upper is not None:
            ends = there(np.asarray(upper, dtype=float)) - there(np.asarray(lower, dtype=float))
            found = ends / (2 * z_score(CONFIDENCE_OF_VALUES))
        else:
            raise InputError("The values have no limits.", mend="Give lower and upper limits, or standard errors.")
    if found.shape != held.shape or not (np.isfinite(held).all() and np.isfinite(found).all()) or (found < 0).any():
        mend = "A rate lies above nought, a proportion between nought and one, and each has limits round it."
        raise InputError(f"A value or its limits cannot be of the kind {kind}.", mend=mend)
    return Spread(held, found, back, _steepness(kind, given))


@dataclass(frozen=True, slots=True)
class Fit:
    """A line through quantiles, on the scale of the values or on that of their spread."""

    ends: Floats
    spread: Spread
    transformed: bool

    def of(self, draws: Floats) -> Floats:
        """Both ends of the line for each column of values on the spread's scale."""
        if self.transformed:
            return self.spread.back(self.ends @ draws)
        return self.ends @ self.spread.back(draws)

    def simulated(self, confidence: float, repetitions: int, seed: int) -> tuple[Estimate, Estimate | None]:
        """Slope and ratio with the limits between which the middle share of simulated ones lies."""
        random = np.random.default_rng(seed)
        values, errors = self.spread.values[:, None], self.spread.errors[:, None]
        most, least = self.of(values + errors * random.standard_normal((len(values), repetitions)))
        centre = self.of(values)[:, 0]
        slope = _simulated(centre[1] - centre[0], least - most, confidence)
        if centre.min() <= 0 or (most <= 0).any():
            return slope, None
        return slope, _simulated(centre[1] / centre[0], least / most, confidence)

    def analytic(self, confidence: float) -> tuple[Estimate, Estimate | None]:
        """Slope and ratio with limits from how the variances of the values reach the line, to first order."""
        z = z_score(confidence)
        most, least = self.of(self.spread.values[:, None])[:, 0]
        if self.transformed:
            heights = np.array([_local(self.spread.back, end) for end in self.ends @ self.spread.values])
            reach = self.ends * heights[:, None] * self.spread.errors
        else:
            reach = self.ends * self.spread.steepness * self.spread.errors
        deviation = math.sqrt(float(((reach[1] - reach[0]) ** 2).sum()))
        slope = Estimate(least - most, least - most - z * deviation, least - most + z * deviation, deviation**2)
        if min(most, least) <= 0:
            return slope, None
        spread = math.sqrt(float(((reach[1] / least - reach[0] / most) ** 2).sum()))
        ratio = least / most
        return slope, Estimate(
            ratio, ratio * math.exp(-z * spread), ratio * math.exp(z * spread), (ratio * spread) ** 2
        )


def _simulated(value: float, draws: Floats, confidence: float) -> Estimate:
    low, high = np.quantile(draws, [(1 - confidence) / 2, (1 + confidence) / 2])
    return Estimate(float(value), float(low), float(high), float(draws.var()))


def _people(populations: ArrayLike) -> Floats:
    people = np.asarray(populations, dtype=float)
    if people.ndim != 1 or len(people) < 2 or not (people > 0).all():
        raise InputError("A slope needs two quantiles or more, each with people.", mend="Leave out empty quantiles.")
    return people


def _scale(kind: Kind) -> tuple[Callable[[Floats], Floats], Callable[[Floats], Floats]]:
    if kind == "rate":
        return np.log, np.exp
    if kind == "proportion":
        return (lambda p: np.log(p / (1 - p))), (lambda x: 1 / (1 + np.exp(-x)))
    return (lambda value: value), (lambda value: value)


def _steepness(kind: Kind, values: Floats) -> Floats:
    """How fast the value changes with the scale of its spread."""
    if kind == "rate":
        return values
    return values * (1 - values) if kind == "proportion" else np.ones_like(values)


def _local(back: Callable[[Floats], Floats], at: float, step: float = 1e-6) -> float:
    high, low = back(np.array([at + step, at - step]))
    return float((high - low) / (2 * step))
