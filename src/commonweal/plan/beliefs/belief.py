"""What does somebody believe of a number that nobody knows yet, and which law says the same?

A belief is three points: a tenth percentile, a mean (or a median) and a ninetieth percentile, inside bounds that cannot
be passed. The law fitted to it is a metalog of three terms between the bounds: its two percentiles are the belief's by
construction, and its median is moved until the mean is the belief's too. A normal law clamped at its bounds, the usual
choice, does neither where a belief is skewed.

Floats: a belief is about likelihood, never about a payment.

Source   Keelin, The metalog distributions, Decision Analysis 2016;13(4):243-277.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from commonweal.core.errors import InputError

Floats = NDArray[np.float64]
Central = Literal["mean", "median"]

TENTH = 0.1
LOGIT_OF_NINETIETH = float(np.log(9))
# Half the distance between the probabilities .1 and .9: what the skew of the law is multiplied by there.
SKEW_AT_PERCENTILES = 0.4
# A metalog of three terms rises all the way while its skew is within this of its scale.
MOST_SKEW = 1.66711
# Room left inside the last skew at which the law still rises.
INSIDE = 1 - 1e-9
NODES = 400
NARROWEST = 1e-9


@dataclass(frozen=True, slots=True)
class Belief:
    """Three points of a belief, in the unit of what is believed.

    central  what the middle point is: the mean, or the median
    lower, upper  what cannot be passed
    """

    percentile_10: float
    middle: float
    percentile_90: float
    lower: float = 0.0
    upper: float = 1.0
    central: Central = "mean"


@dataclass(frozen=True, slots=True)
class Law:
    """A metalog of three terms between bounds.

    location, scale, skew  its terms, on the scale of log odds between the bounds
    upper    the bound used, which is lower than the belief's where no law that reaches so far has the belief's mean
    """

    location: float
    scale: float
    skew: float
    lower: float
    upper: float

    def quantile(self, probability: Floats) -> Floats:
        """What is not passed with a probability; the same shape as the probabilities, each between 0 and 1."""
        odds = np.log(probability) - np.log1p(-probability)
        held = self.location + self.scale * odds + self.skew * (probability - 0.5) * odds
        return np.asarray(self.lower + (self.upper - self.lower) / (1 + np.exp(-held)), dtype=np.float64)

    @property
    def mean(self) -> float:
        """The mean, by Gauss-Legendre quadrature over probability."""
        return float(WEIGHTS @ self.quantile(PROBABILITIES))


@dataclass(frozen=True, slots=True)
class Certain:
    """A belief without doubt: one number."""

    value: float

    def quantile(self, probability: Floats) -> Floats:
        """The number, whatever the probability."""
        return np.full(np.shape(probability), self.value)

    @property
    def mean(self) -> float:
        """The number."""
        return self.value


_points, _weights = np.polynomial.legendre.leggauss(NODES)
PROBABILITIES: Floats = np.asarray((_points + 1) / 2, dtype=np.float64)
WEIGHTS: Floats = np.asarray(_weights / 2, dtype=np.float64)


def fitted(belief: Belief, *, where: str = "") -> Law | Certain:
    """The law of a belief.

    Returns  a law with the belief's tenth and ninetieth percentile and its mean or median; a number where all three
             points are the same.
    Raises   InputError when the points are out of order or outside the bounds, or when no law of this family has them.
    """
    problem = disorder(belief)
    if problem:
        raise InputError(problem, where=where, mend="Give three points in order, inside the bounds.")
    if belief.percentile_90 - belief.percentile_10 < NARROWEST:
        return Certain(belief.middle)
    found = _by_median(belief) if belief.central == "median" else _by_mean(belief)
    if found is None:
        raise InputError(
            f"a {belief.central} of {belief.middle} is too far to one side of {belief.percentile_10} to "
            f"{belief.percentile_90}.",
            where=where,
            mend="Move it toward the middle, or move the bounds.",
        )
    return found


def disorder(belief: Belief) -> str:
    """What is wrong with the order of a belief's points; empty when nothing is."""
    points = (belief.percentile_10, belief.middle, belief.percentile_90)
    if not all(np.isfinite(point) for point in (*points, belief.lower, belief.upper)):
        return "a point is no number."
    if points[0] > points[2]:
        return f"its tenth percentile {points[0]} is above its ninetieth {points[2]}."
    if not belief.lower < belief.upper:
        return f"its bounds {belief.lower} and {belief.upper} leave no room."
    certain = points[2] - points[0] < NARROWEST
    inside = all(belief.lower < point < belief.upper for point in points)
    if not inside and not (certain and belief.lower <= points[0] and points[2] <= belief.upper):
        return f"its points {points} are not all between {belief.lower} and {belief.upper}."
    if certain and abs(points[1] - points[0]) >= NARROWEST:
        return f"its middle {points[1]} is not {points[0]}, though both percentiles are."
    return ""


def _by_median(belief: Belief) -> Law | None:
    ends = _ends(belief)
    middle = _odds(belief, belief.middle)
    law = _law(belief, middle, ends)
    return law if abs(law.skew) <= MOST_SKEW * law.scale * INSIDE else None


def _by_mean(belief: Belief) -> Law | None:
    law = _with_mean(belief)
    if law is not None:
        return law
    # A mean nearer to the tenth percentile than a law reaching up to the bound allows: the bound comes down, by
    # twentieths of its distance from the ninetieth percentile, to the highest at which one has it. Likewise below.
    for share in np.arange(0.95, 0.0, -0.05):
        upper = belief.percentile_90 + share * (belief.upper - belief.percentile_90)
        lower = belief.percentile_10 - share * (belief.percentile_10 - belief.lower)
        for narrowed in (replace(belief, upper=float(upper)), replace(belief, lower=float(lower))):
            law = _with_mean(narrowed)
            if law is not None:
                return law
    return None


def _with_mean(belief: Belief) -> Law | None:
    low, high = _ends(belief)
    room = MOST_SKEW * INSIDE * SKEW_AT_PERCENTILES * (high - low) / 2
    first, last = (low + high) / 2 - room, (low + high) / 2 + room

    def beyond(median: float) -> float:
        return _law(belief, median, (low, high)).mean - belief.middle

    if beyond(first) > 0 or beyond(last) < 0:
        return None
    return _law(belief, float(brentq(beyond, first, last, xtol=1e-13)), (low, high))


def _law(belief: Belief, median: float, ends: tuple[float, float]) -> Law:
    low, high = ends
    scale = (high - low) / (2 * LOGIT_OF_NINETIETH)
    skew = ((high + low) / 2 - median) / (SKEW_AT_PERCENTILES * LOGIT_OF_NINETIETH)
    return Law(median, scale, skew, belief.lower, belief.upper)


def _ends(belief: Belief) -> tuple[float, float]:
    return _odds(belief, belief.percentile_10), _odds(belief, belief.percentile_90)


def _odds(belief: Belief, point: float) -> float:
    return float(np.log((point - belief.lower) / (belief.upper - point)))
