"""How likely is a loss, how large is it once in twenty and once in two hundred, and what capital would carry it?

Floats: statistics of futures, never an amount paid.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from commonweal.contract.chance.spread import normal_quantile
from commonweal.contract.risk.futures import Column
from commonweal.core.errors import InputError

TWENTY, TWO_HUNDRED = 20, 200
# How sure the range is within which capital lies, for so many futures and no more.
SURE = 0.95
# Shares of cases at which a curve of losses is drawn, from one in two hundred to every other.
SHARES = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5)


@dataclass(frozen=True, slots=True)
class Distribution:
    """A party's results in pounds: mean, standard deviation, how often a loss, and the loss of one case in so many."""

    mean: float
    spread: float
    loss_probability: float
    loss_1_in_20: float
    loss_1_in_200: float


@dataclass(frozen=True, slots=True)
class Capital:
    """Pounds that keep a party solvent to the end in a share of futures; low to high is the range of simulation."""

    confidence: float
    amount: float
    low: float
    high: float


def distribution(results: Column) -> Distribution:
    """What results come to, whatever their shape."""
    flat = results.ravel()
    losses = np.sort(-flat)
    return Distribution(
        float(flat.mean()),
        float(flat.std()),
        float((flat < 0).mean()),
        one_in(losses, TWENTY),
        one_in(losses, TWO_HUNDRED),
    )


def one_in(rising_losses: Column, cases: float) -> float:
    """The loss that is exceeded in no more than one case of so many; nothing where that is a gain."""
    return max(0.0, float(rising_losses[_place(len(rising_losses), 1 - 1 / cases)]))


def exceeded(results: Column) -> tuple[tuple[float, float], ...]:
    """How large a loss is exceeded in each share of cases (`SHARES`), the rarest first."""
    losses = np.sort(-results.ravel())
    return tuple((share, one_in(losses, 1 / share)) for share in SHARES)


def deepest_losses(results: Column) -> Column:
    """The most that a party is down, all its results so far added up, at the end of any settlement; nothing if never.

    Takes    results: futures x settlements.
    """
    deepest: Column = np.maximum(0.0, -np.cumsum(results, axis=1).min(axis=1))
    return deepest


def capital_needed(results: Column, confidence: float) -> Capital:
    """The capital at the start that is never used up in a share of futures, with no more put in and nothing taken out.

    Takes    results: futures x settlements, in pounds; confidence: the share, such as 0.995.
    Raises   InputError for a confidence that is no share, or one that so few futures cannot tell.
    """
    if not 0 < confidence < 1:
        raise InputError("Confidence lies between nothing and all.", where="confidence", mend="As in: 99.5%")
    number = len(results)
    if number * (1 - confidence) < 1:
        raise InputError(
            f"{number:,} futures cannot tell what happens in one of {1 / (1 - confidence):,.0f}.",
            where="futures",
            mend="Ask for more, or for less confidence.",
        )
    deepest = np.sort(deepest_losses(results))
    # Of n futures, the number below the true quantile varies by the root of n p (1 - p).
    about = normal_quantile((1 + SURE) / 2) * math.sqrt(number * confidence * (1 - confidence))
    at = _place(number, confidence)
    low, high = max(0, at - math.ceil(about)), min(number - 1, at + math.ceil(about))
    return Capital(confidence, float(deepest[at]), float(deepest[low]), float(deepest[high]))


def _place(number: int, share: float) -> int:
    # Less a little, as 0.95 x 200 is a trifle more than 190 in binary fractions.
    return min(number - 1, max(0, math.ceil(number * share - 1e-9) - 1))
