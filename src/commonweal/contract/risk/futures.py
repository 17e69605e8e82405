"""How do spend, lists and quality turn out in many futures of one contract?

Spend of a practice is its part of the baseline, moved by its list, by a shock that the whole contract shares (`tau`,
much of it the same a year later) and by chance between its own people (`sigma` over the root of its list):
`sd = sqrt(tau^2 + sigma^2 / n)`. Futures are drawn in blocks, each from a stream of its own, so that the same seed
gives the same futures however many are drawn or settled at a time. Floats: chance, never an amount paid.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commonweal.contract.chance.spread import Variation
from commonweal.core.errors import InputError

Column = NDArray[Any]

# So many that numbers of a hundred practices still lie close to the processor.
FUTURES_IN_BLOCK = 1000
# Each quantity has a stream of its own, so that another practice or year of one does not shift the others.
SHOCK, PEOPLE, LISTS, QUALITY, SCORE = range(5)


@dataclass(frozen=True)
class RiskPool:
    """The practices that stand behind one contract: people and baseline spend of each, in the same order."""

    practices: tuple[str, ...]
    people: tuple[int, ...]
    baseline: tuple[Decimal, ...]

    def __post_init__(self) -> None:
        if not self.practices or not len(self.practices) == len(self.people) == len(self.baseline):
            raise InputError("A contract has practices, each with people and spend.", where="risk pool")
        if min(self.people) < 1 or min(self.baseline) <= 0:
            raise InputError("Each practice has people and spend.", where="risk pool", mend="Leave out those without.")

    @cached_property
    def listed(self) -> int:
        """People on all lists."""
        return sum(self.people)

    @cached_property
    def spend(self) -> Decimal:
        """Baseline spend of all."""
        return sum(self.baseline, Decimal(0))

    def without(self, practice: str) -> RiskPool:
        """The pool once a practice has left.

        Raises   InputError when it is not there, or is the only one.
        """
        if practice not in self.practices or len(self.practices) == 1:
            raise InputError(
                f"'{practice}' is no practice that can leave.",
                where="practice",
                mend=f"There: {', '.join(self.practices)}; the last one stays.",
            )
        kept = [i for i, code in enumerate(self.practices) if code != practice]
        return RiskPool(
            tuple(self.practices[i] for i in kept),
            tuple(self.people[i] for i in kept),
            tuple(self.baseline[i] for i in kept),
        )

    def at(self, practice: str) -> tuple[int, Decimal]:
        """People and baseline spend of one practice."""
        i = self.practices.index(practice)
        return self.people[i], self.baseline[i]


@dataclass(frozen=True, slots=True)
class Likely:
    """A share that turns out differently each year: its mean and its spread (standard deviation)."""

    mean: float
    spread: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.mean <= 1 or self.spread < 0 or (self.spread and self._weight <= 0):
            raise InputError(
                f"A share of mean {self.mean:g} cannot have a spread of {self.spread:g}.",
                where="quality",
                mend="Give a mean between 0 and 1 and a smaller spread.",
            )

    @property
    def _weight(self) -> float:
        return self.mean * (1 - self.mean) / self.spread**2 - 1

    def drawn(self, random: np.random.Generator, shape: tuple[int, ...]) -> Column:
        """As many as asked for, between nothing and all, with this mean and spread (a beta distribution)."""
        if not self.spread:
            return np.full(shape, self.mean)
        return random.beta(self.mean * self._weight, (1 - self.mean) * self._weight, shape)


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """How much can turn out otherwise.

    variation    between people (sigma), of the whole (tau), and how much of that is the same a year later
    list_change  spread of a practice's list from one year to the next, as a share of it
    quality      the quality that the contract measures
    score        the share of performance pay that is earned
    """

    variation: Variation
    list_change: float = 0.0
    quality: Likely = Likely(1.0)
    score: Likely = Likely(1.0)

    def __post_init__(self) -> None:
        if not (math.isfinite(self.list_change) and 0 <= self.list_change < 1):
            raise InputError("Change of a list is a share of it.", where="list change", mend="As in: 2%")


@dataclass(frozen=True, slots=True)
class Futures:
    """What came of a contract, one row a future and one column a year.

    shock    what all practices share, in standard deviations
    people   chance between people, in pounds, for a sigma of 1
    spend    pounds that lists as they turned out would cost at plan
    listed   people on all lists
    quality, score   shares
    """

    shock: Column
    people: Column
    spend: Column
    listed: Column
    quality: Column
    score: Column

    def actual(self, variation: Variation) -> Column:
        """Spend in pounds, with chance of a given size."""
        return self.spend * (1 + variation.structural * self.shock) + variation.per_person * self.people


@dataclass(frozen=True, slots=True)
class PracticeFutures:
    """A block of futures by practice: future, year, practice; `shock` and what is measured of the whole without it."""

    shock: Column
    chance: Column
    lists: Column
    quality: Column
    score: Column


def futures(pool: RiskPool, uncertainty: Uncertainty, *, years: int, number: int, seed: int) -> Futures:
    """Many futures of a contract as a whole, added up over its practices.

    Takes    years: of the contract; number: of futures; seed: the same gives the same.
    Raises   InputError for no years or futures.
    """
    blocks = [_added_up(pool, block) for block in practice_futures(pool, uncertainty, years, number, seed)]
    return Futures(*(np.concatenate(columns) for columns in zip(*blocks, strict=True)))


def practice_futures(
    pool: RiskPool, uncertainty: Uncertainty, years: int, number: int, seed: int
) -> Iterator[PracticeFutures]:
    """The same by practice, a block of futures at a time."""
    if years < 1 or number < 1:
        raise InputError("There is at least one year and one future.", where="futures", mend="As in: 10000")
    if seed < 0:
        raise InputError("A seed is not below zero.", where="seed", mend="As in: 1")
    for block in range(-(-number // FUTURES_IN_BLOCK)):
        left = min(FUTURES_IN_BLOCK, number - block * FUTURES_IN_BLOCK)
        yield _cut(_block(pool, uncertainty, years, seed, block), left)


def _block(pool: RiskPool, held: Uncertainty, years: int, seed: int, block: int) -> PracticeFutures:
    def stream(quantity: int) -> np.random.Generator:
        return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(block, quantity))))

    whole, each = (FUTURES_IN_BLOCK, years), (FUTURES_IN_BLOCK, years, len(pool.practices))
    shock = stream(SHOCK).standard_normal(whole)
    kept = held.variation.persistence
    for year in range(1, years):
        shock[:, year] = kept * shock[:, year - 1] + math.sqrt(1 - kept**2) * shock[:, year]
    lists = np.ones((1, 1, len(pool.practices)))
    if held.list_change:
        grown = held.list_change * stream(LISTS).standard_normal(each) - held.list_change**2 / 2
        lists = np.exp(np.cumsum(grown, axis=1))
    return PracticeFutures(
        shock,
        stream(PEOPLE).standard_normal(each),
        np.broadcast_to(lists, each),
        held.quality.drawn(stream(QUALITY), whole),
        held.score.drawn(stream(SCORE), whole),
    )


def _cut(block: PracticeFutures, left: int) -> PracticeFutures:
    if left == FUTURES_IN_BLOCK:
        return block
    columns = {name: getattr(block, name)[:left] for name in ("shock", "chance", "lists", "quality", "score")}
    return replace(block, **columns)


def _added_up(pool: RiskPool, block: PracticeFutures) -> tuple[Column, ...]:
    people = np.array(pool.people, dtype=float)
    baseline = np.array(pool.baseline, dtype=float)
    # A list half as long costs half as much, and its chance is the root of a half: baseline x list x chance / root.
    chance = (block.chance * np.sqrt(block.lists) * (baseline / np.sqrt(people))).sum(axis=2)
    spend, listed = (block.lists * baseline).sum(axis=2), (block.lists * people).sum(axis=2)
    return block.shock, chance, spend, listed, block.quality, block.score
