"""What would stop-loss, a limit of losses, pooled years or a longer list change of the capital that is needed?

Every point settles the same futures by the same clause, so that points differ by what is changed and not by chance.
Each is told twice: with the structural spread that all share, and for the chance of people alone, which is all that
stop-loss and longer lists can thin. Floats: statistics of futures, never an amount paid.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from commonweal.contract.chance.spread import Variation, spread
from commonweal.contract.risk.futures import Column, Futures, RiskPool
from commonweal.contract.risk.measures import Capital, Distribution, capital_needed, distribution
from commonweal.contract.risk.outcomes import RiskTerms, outcomes

Change = Callable[[Column], Column]


@dataclass(frozen=True, slots=True)
class Ceding:
    """Stop-loss at a point: pounds a person a year, the share of cost above it, and the variation of what is left."""

    attachment: Decimal
    share: float
    retained: float

    def left(self, variation: Variation) -> Variation:
        """The variation that is left, as a share of all spend: what is ceded is paid for at its planned price.

        Structural spread is not ceded: who sells stop-loss prices it again.
        """
        return replace(variation, per_person=max((1 - self.share) * self.retained, SMALLEST))


# Variation between people is more than nothing.
SMALLEST = 1e-9


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a curve for the provider: what was changed, and what comes of it over the contract.

    at             the attachment in pounds or share of the plan, years pooled, or people
    spread         of spend about its plan in one settlement, as a share of it
    result         over the whole contract
    capital        with structural spread; capital_people for the chance of people alone
    ceded          spend or losses handed to somebody else, on average a year, in pounds
    """

    at: Decimal
    spread: float
    result: Distribution
    capital: Capital
    capital_people: Capital
    ceded: float = 0.0


@dataclass(frozen=True, slots=True)
class Setting:
    """What every curve starts from: terms, pool, futures, how large chance is, and the confidence asked for."""

    terms: RiskTerms
    pool: RiskPool
    held: Futures
    variation: Variation
    confidence: float

    def provider(self, variation: Variation, pooled: int = 1) -> Column:
        """The provider's results with other variation, or with years settled together."""
        return outcomes(self.terms, self.pool, self.held, variation, pooled=pooled)[self.terms.parties.provider]

    def point(
        self,
        at: Decimal,
        variation: Variation,
        *,
        people: int = 0,
        pooled: int = 1,
        ceded: float = 0.0,
        change: Change | None = None,
    ) -> Point:
        """A point of a curve.

        Takes    change: what is done to the provider's results of each settlement, where something is.
        """
        whole = self.provider(variation, pooled)
        alone = self.provider(replace(variation, structural=0.0), pooled)
        if change is not None:
            whole, alone = change(whole), change(alone)
        return Point(
            at,
            spread(variation, people or self.pool.listed, pooled),
            distribution(whole.sum(axis=1)),
            capital_needed(whole, self.confidence),
            capital_needed(alone, self.confidence),
            ceded,
        )


def stop_loss_curve(held: Setting, cedings: Sequence[Ceding]) -> tuple[Point, ...]:
    """With a person's cost above a point somebody else's, bought at the price that is expected of it.

    Returns  `ceded` is the spend bought out; what the seller adds to it comes on top.
    """
    spend = float(held.pool.spend)
    return tuple(held.point(cut.attachment, cut.left(held.variation), ceded=spend * cut.share) for cut in cedings)


def aggregate_curve(held: Setting, limits: Sequence[Decimal]) -> tuple[Point, ...]:
    """With the provider's loss of a settlement above a share of the plan somebody else's.

    Returns  `ceded` is the loss handed over, on average.
    """
    points = []
    results = held.provider(held.variation)
    for share in limits:
        most = float(share * held.pool.spend)

        def limited(found: Column, most: float = most) -> Column:
            return np.maximum(found, -most)

        handed = float((limited(results) - results).mean())
        points.append(held.point(share, held.variation, ceded=handed, change=limited))
    return tuple(points)


def years_curve(held: Setting, years: Sequence[int]) -> tuple[Point, ...]:
    """With several years settled together as one, the last settlement taking what years are left."""
    most = held.held.spend.shape[1]
    return tuple(held.point(Decimal(pooled), held.variation, pooled=pooled) for pooled in years if pooled <= most)


def list_curve(held: Setting, sizes: Sequence[int]) -> tuple[Point, ...]:
    """With lists of another size, in pounds of this contract's own plan.

    Pooling with others thins the chance of people; structural spread stays, as if all shared it.
    """
    points = []
    for people in sizes:
        sigma = held.variation.per_person * float(np.sqrt(held.pool.listed / people))
        # The spread is told of the size itself, so with the sigma of one person.
        found = held.point(Decimal(people), replace(held.variation, per_person=sigma))
        points.append(replace(found, spread=spread(held.variation, people)))
    return tuple(points)
