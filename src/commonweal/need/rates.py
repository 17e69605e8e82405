"""How often does something happen in a group, by what age structure, and how far could chance alone move it?

The usual statistics of public health in England with their usual intervals: counts and crude rates (Byar, exact where
few), proportions (Wilson), directly standardised rates (Dobson), indirectly standardised ratios (Byar), and the ratio
of two rates. Functions of plain arrays; floats, since they are estimates.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import chi2, norm

from commonweal.core.errors import InputError

CONFIDENCE = 0.95
# Below this many events Byar's approximation is replaced by the exact limits, as in the guidance it comes from.
EXACT_BELOW = 10


@dataclass(frozen=True, slots=True)
class Estimate:
    """A statistic with the interval that chance alone would leave, and its variance."""

    value: float
    lower: float
    upper: float
    variance: float = math.nan

    def times(self, factor: float) -> Estimate:
        """The same in another unit; a negative factor turns the interval round."""
        ends = sorted((self.lower * factor, self.upper * factor))
        return Estimate(self.value * factor, ends[0], ends[1], self.variance * factor * factor)


def z_score(confidence: float = CONFIDENCE) -> float:
    """How many standard deviations a two-sided interval reaches either way: 1.96 for 0.95.

    Raises   InputError unless the confidence lies between a half and one.
    """
    if not 0.5 <= confidence < 1:
        raise InputError(f"{confidence} is not a confidence.", mend="Give a share between 0.5 and 1, such as 0.95.")
    return float(norm.ppf(0.5 + confidence / 2))


def byar_limits(events: float, *, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Limits of a Poisson count by Byar's approximation.

    Source   Breslow NE, Day NE, Statistical Methods in Cancer Research, volume II, 1987.
    """
    _not_negative(events)
    z = z_score(confidence)
    above = events + 1
    lower = events * (1 - 1 / (9 * events) - z / (3 * math.sqrt(events))) ** 3 if events else 0.0
    return lower, above * (1 - 1 / (9 * above) + z / (3 * math.sqrt(above))) ** 3


def exact_limits(events: float, *, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Limits of a Poisson count from the chi-squared distribution.

    Source   Armitage P, Berry G, Statistical Methods in Medical Research, 2002.
    """
    _not_negative(events)
    tail = (1 - confidence) / 2
    lower = chi2.ppf(tail, 2 * events) / 2 if events else 0.0
    return float(lower), float(chi2.ppf(1 - tail, 2 * events + 2) / 2)


def count_limits(events: float, *, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Limits of a Poisson count: exact where there are few events, Byar's otherwise."""
    limits = exact_limits if events < EXACT_BELOW else byar_limits
    return limits(events, confidence=confidence)


def crude_rate(events: float, population: float, *, per: float = 1.0, confidence: float = CONFIDENCE) -> Estimate:
    """Events over population, by as many people as `per`.

    Raises   InputError when nobody is in the population.
    """
    _somebody(population)
    lower, upper = count_limits(events, confidence=confidence)
    scale = per / population
    return Estimate(events * scale, lower * scale, upper * scale, events * scale * scale)


def proportion(events: float, population: float, *, confidence: float = CONFIDENCE) -> Estimate:
    """The share of a population that something is true of, with Wilson's interval.

    Raises   InputError when nobody is in the population, or it is true of more people than there are.
    Source   Wilson EB, Journal of the American Statistical Association, 1927, 22:209.
    """
    _not_negative(events)
    _somebody(population)
    if events > population:
        raise InputError("More people have it than there are.", mend="Give the people who have it, out of all.")
    z, share = z_score(confidence), events / population
    middle = 2 * events + z * z
    reach = z * math.sqrt(z * z + 4 * events * (1 - share))
    under = 2 * (population + z * z)
    variance = share * (1 - share) / population
    return Estimate(share, max(0.0, (middle - reach) / under), min(1.0, (middle + reach) / under), variance)


def directly_standardised_rate(
    events: ArrayLike,
    populations: ArrayLike,
    standard: ArrayLike,
    *,
    per: float = 1.0,
    confidence: float = CONFIDENCE,
) -> Estimate:
    """The rate that a group would have, had it the age structure of a standard population.

    Takes    events, populations, standard: one number a stratum. A stratum with nobody in it says nothing of its rate
             and is left out together with its weight.
    Returns  the rate with Dobson's interval; with no events at all, the interval of one event in the group's mean.
    Raises   InputError for events in an empty stratum, arrays of different lengths, or nobody at all.
    Source   Dobson AJ and others, Statistics in Medicine, 1991, 10:457.
    """
    seen, people, weights = _strata(events, populations, standard)
    shares = weights / weights.sum()
    rate = float((shares * seen / people).sum())
    variance = float((shares**2 * seen / people**2).sum())
    observed = float(seen.sum())
    # With no events the variance would be nought too: take that of events spread over the strata by population.
    per_event = (
        math.sqrt(variance / observed) if observed else math.sqrt(float((shares**2 / people).sum() / people.sum()))
    )
    lower, upper = byar_limits(observed, confidence=confidence)
    ends = (rate + per_event * (lower - observed), rate + per_event * (upper - observed))
    return Estimate(rate, max(0.0, ends[0]), ends[1], variance).times(per)


def standardised_mean(
    sums: ArrayLike, squares: ArrayLike, populations: ArrayLike, standard: ArrayLike, *, confidence: float = CONFIDENCE
) -> Estimate:
    """The mean that a group would have, had it the age structure of a standard population: cost per head, say.

    Takes    sums, squares: what the people of each stratum sum to, and their squares; populations: persons or
             person-years.
    Returns  the mean with a normal interval; people are taken to be independent of one another, which squares about
             nought, not about the mean, make if anything too wide.
    Raises   as `directly_standardised_rate`.
    """
    added, people, weights = _strata(sums, populations, standard)
    kept = np.asarray(populations, dtype=float) > 0
    shares = weights / weights.sum()
    mean = float((shares * added / people).sum())
    variance = float((shares**2 * np.asarray(squares, dtype=float)[kept] / people**2).sum())
    reach = z_score(confidence) * math.sqrt(variance)
    return Estimate(mean, mean - reach, mean + reach, variance)


def indirectly_standardised_ratio(
    observed: float, populations: ArrayLike, reference_rates: ArrayLike, *, confidence: float = CONFIDENCE
) -> Estimate:
    """Events seen over those expected, had each stratum the rate of a reference population.

    Raises   InputError when nothing is expected or the arrays differ in length.
    Source   Breslow NE, Day NE, 1987; the interval is Byar's, exact where few were seen.
    """
    people, rates = np.asarray(populations, dtype=float), np.asarray(reference_rates, dtype=float)
    if people.shape != rates.shape:
        raise InputError("There is not one reference rate for each population.", mend="Give both, stratum by stratum.")
    expected = float((people * rates).sum())
    if expected <= 0:
        raise InputError("Nothing is expected, so nothing can be compared with it.", mend="Give rates above nought.")
    lower, upper = count_limits(observed, confidence=confidence)
    return Estimate(observed / expected, lower / expected, upper / expected, observed / expected**2)


def ratio_of_rates(over: Estimate, under: Estimate, *, confidence: float = CONFIDENCE) -> Estimate | None:
    """One rate over another that is independent of it, with an interval on the logarithmic scale.

    Returns  None where either is not above nought.
    Source   Armitage P, Berry G, 2002: the variance of a logarithm is that of the rate over its square.
    """
    if over.value <= 0 or under.value <= 0:
        return None
    ratio = over.value / under.value
    spread = over.variance / over.value**2 + under.variance / under.value**2
    reach = math.exp(z_score(confidence) * math.sqrt(spread))
    return Estimate(ratio, ratio / reach, ratio * reach, ratio * ratio * spread)


def _strata(
    events: ArrayLike, populations: ArrayLike, standard: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    seen, people, weights = (np.asarray(held, dtype=float) for held in (events, populations, standard))
    if not seen.shape == people.shape == weights.shape:
        raise InputError("Strata differ in number.", mend="Give one count, population and weight for each stratum.")
    if (seen < 0).any() or (people < 0).any() or (weights < 0).any():
        raise InputError("A stratum is negative.", mend="Counts, populations and weights are nought or more.")
    kept = people > 0
    if seen[~kept].any():
        raise InputError("Something happened in a stratum without people.", mend="Give its population.")
    if not weights[kept].sum():
        raise InputError("Nobody is in any stratum.", mend="Give the people of each stratum.")
    return seen[kept], people[kept], weights[kept]


def _somebody(population: float) -> None:
    if not population > 0:
        raise InputError("There is nobody in the population.", mend="Give the people that the events are out of.")


def _not_negative(events: float) -> None:
    if events < 0:
        raise InputError("A count is negative.", mend="Give counts of nought or more.")
