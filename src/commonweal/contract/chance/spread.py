"""How far does chance alone move a result of a list of this size?

A result is relative: over- or underspend as a share of the budget, or events above or below those expected as a share
of them. `sd = sqrt(tau^2 + sigma^2 / (n k))` for n people over k pooled years; sigma is the coefficient of variation of
one person's year, tau what is the same for the whole list and all its years, so that neither people nor years thin it.
Floats: a spread is a statistic, never an amount paid.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal, get_args

from commonweal.core.errors import InputError

Convention = Literal["benchmark", "year-on-year"]
CONVENTIONS: tuple[Convention, ...] = get_args(Convention)
_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Variation:
    """How much results vary by chance, whatever the list's size.

    per_person   sigma: coefficient of variation of one person's year of cost, or of events
    structural   tau: spread of results between lists however large, such as a benchmark set wrong
    persistence  how much of tau is the same in the next period (0 to 1); counts only year on year
    """

    per_person: float
    structural: float = 0.0
    persistence: float = 1.0

    def __post_init__(self) -> None:
        if not (math.isfinite(self.per_person) and self.per_person > 0):
            raise InputError("Variation between people is more than nothing.", where="sigma", mend="As in: 2.14")
        if not (math.isfinite(self.structural) and 0 <= self.structural < 1):
            raise InputError("Structural spread is a share of the budget.", where="tau", mend="As in: 2.9%")
        if not 0 <= self.persistence <= 1:
            raise InputError("Persistence is between 0 and 1.", where="persistence", mend="As in: 0.68")


def count_variation(rate_per_person: float, over_dispersion: float = 1.0) -> Variation:
    """The variation of counted events: Poisson, or wider by an over-dispersion.

    Takes    rate_per_person: events a person a year; over_dispersion: variance over that of Poisson, 1 or more.
    Raises   InputError for a rate that is not more than nothing, or an over-dispersion below 1.
    """
    if not (math.isfinite(rate_per_person) and rate_per_person > 0):
        raise InputError("A rate of events is more than nothing.", where="rate", mend="As in: 95 per 1,000 a year")
    if not (math.isfinite(over_dispersion) and over_dispersion >= 1):
        raise InputError("Over-dispersion is 1 (Poisson) or more.", where="over-dispersion", mend="As in: 2")
    return Variation(math.sqrt(over_dispersion / rate_per_person))


def spread(variation: Variation, people: float, years: int = 1, convention: Convention = "benchmark") -> float:
    """The standard deviation that chance alone gives a result, as a share of what is expected.

    Takes    people: on the list; years: pooled into one result; convention: the result is held against a benchmark that
             is not itself of this list's chance (`benchmark`), or against the same list's own period of equal length
             before (`year-on-year`), whose chance then counts too.
    Raises   InputError for a list or period of nothing.
    """
    if not (math.isfinite(people) and people > 0):
        raise InputError("A list has at least one person.", where="list size", mend="As in: 100000")
    if years < 1:
        raise InputError("Pooling takes at least one year.", where="years", mend="As in: 3")
    from_people = variation.per_person**2 / (people * years)
    return math.sqrt(times_counted(convention) * from_people + structural_variance(variation, convention))


def times_counted(convention: Convention) -> int:
    """How many periods' chance is in one result: one against a benchmark, two year on year."""
    return 1 if convention == "benchmark" else 2


def structural_variance(variation: Variation, convention: Convention) -> float:
    """What of tau squared is in a result: all against a benchmark, year on year only what changes between periods."""
    if convention == "benchmark":
        return variation.structural**2
    return 2 * (1 - variation.persistence) * variation.structural**2


def range_of_chance(sd: float, share: float) -> float:
    """How far either way results lie by chance in a share of cases, such as 0.95."""
    return normal_quantile((1 + share) / 2) * sd


def normal_quantile(share: float) -> float:
    """The standard normal value below which a share of results lies.

    Raises   InputError unless the share is between 0 and 1.
    """
    if not 0 < share < 1:
        raise InputError("A share of results lies between 0 and 1.", where="pay for chance", mend="As in: 5%")
    return _NORMAL.inv_cdf(share)


def above(value: float) -> float:
    """The share of standard normal results above a value."""
    return 0.5 * math.erfc(value / math.sqrt(2))


def density(value: float) -> float:
    """The height of the standard normal curve at a value."""
    return _NORMAL.pdf(value)
