"""How old, of which sex and how deprived are the people of made-up practices?

They differ as England's practices do, and go with the practice's need as England's go.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from commonweal.core.parameters import library

# A number drawn evenly between -1 and 1, times this, has a standard deviation of one.
EVEN_TO_STANDARD = Decimal(3).sqrt()
POINTS = Decimal("0.000001")


@dataclass(frozen=True)
class MadeUpPeople:
    """Who the people of one made-up practice are.

    total           people registered on the reference day
    male            men and boys among them
    aged            people aged at least so many years
    aged_30_to_74   people of these ages
    deprivation     points of the Index of Multiple Deprivation, by year of the index
    """

    total: int
    male: int
    aged: Mapping[int, int]
    aged_30_to_74: int
    deprivation: Mapping[int, Decimal]


def made_up_people(totals: Sequence[int], need_factor: Sequence[Decimal], *, seed: int) -> list[MadeUpPeople]:
    """The people of each made-up practice, in the order given.

    Takes    totals: people registered. need_factor: what is common to the practice's needs, evenly between -1 and 1.
    """
    # A stream of its own, so that what is drawn elsewhere stays as it is.
    chance = random.Random(f"people of {seed}")
    return [
        _people(chance, total, factor * EVEN_TO_STANDARD) for total, factor in zip(totals, need_factor, strict=True)
    ]


def _people(chance: random.Random, total: int, need: Decimal) -> MadeUpPeople:
    spread = library()["demonstration_people"].values[-1].value
    old = _going_with(need, spread["old_people_go_with_need"], _drawn(chance))
    grown_up = _going_with(old, spread["grown_ups_go_with_old_people"], _drawn(chance))
    middle = _going_with(old, spread["aged_30_to_74_go_with_old_people"], _drawn(chance))
    men = _going_with(old, spread["men_go_with_old_people"], _drawn(chance))
    deprived = _going_with(need, spread["deprivation_goes_with_need"], _drawn(chance))
    shares = spread["share_aged_at_least"]
    standing = {age: old if int(age) >= 50 else grown_up for age in shares}
    return MadeUpPeople(
        total=total,
        male=_part(total, spread["male_share"], men),
        aged={int(age): _part(total, shares[age], standing[age]) for age in shares},
        aged_30_to_74=_part(total, spread["share_aged_30_to_74"], middle),
        deprivation=_deprivation(chance, deprived, spread["deprivation"]),
    )


def _drawn(chance: random.Random) -> Decimal:
    return Decimal(str(round(chance.random() * 2 - 1, 4))) * EVEN_TO_STANDARD


def _going_with(other: Decimal, correlation: str, own: Decimal) -> Decimal:
    """A standardised number that goes with another as far as the correlation says; the rest is its own."""
    together = Decimal(correlation)
    return together * other + (1 - together * together).sqrt() * own


def _part(total: int, mean_and_spread: Sequence[str], standing: Decimal) -> int:
    mean, spread = map(Decimal, mean_and_spread)
    return int(total * min(max(mean + spread * standing, Decimal("0.01")), Decimal("0.99")))


def _deprivation(chance: random.Random, standing: Decimal, known: Mapping[str, Any]) -> dict[int, Decimal]:
    """Scores with a long upper tail, as real ones have; between two years of the index they hardly move."""
    mean, spread = Decimal(known["mean"]), Decimal(known["spread"])
    log_variance = (1 + (spread / mean) ** 2).ln()
    score = mean * (standing * log_variance.sqrt() - log_variance / 2).exp()
    found = {}
    for year in known["years"]:
        moved = 1 + _drawn(chance) * Decimal(known["moves_between_years"])
        found[int(year)] = (score * moved).quantize(POINTS)
    return found
