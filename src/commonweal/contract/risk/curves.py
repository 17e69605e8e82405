"""What would stop-loss, a limit of losses, pooled years or a longer list change of the capital that is needed?

Every point settles the same futures by the same clause, so that points differ by what is changed and not by chance.
Floats: statistics of futures, never an amount paid.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from commonweal.contract.chance.spread import Variation, spread
from commonweal.contract.risk.futures import Column, Futures, RiskPool
from commonweal.contract.risk.measures import Capital, Distribution, capital_needed, distribution
from commonweal.contract.risk.outcomes import RiskTerms, ceded, outcomes

PENCE = 100


@dataclass(frozen=True, slots=True)
class Ceding:
    """Stop-loss at a point: pounds a person a year, the share of cost above it, and the variation of what is left."""

    attachment: Decimal
    share: float
    retained: float


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a curve for the provider: what was changed, and what comes of it.

    at       the attachment in pounds or share of the plan, years pooled, or people
    spread   of spend about its plan in one settlement, as a share of it
    ceded    spend or losses handed to somebody else, on average a year, in pounds
    """

    at: Decimal
    spread: float
    result: Distribution
    capital: Capital
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

    def point(self, at: Decimal, results: Column, spread: float, ceded: float = 0.0) -> Point:
        """A point of a curve."""
        return Point(at, spread, distribution(results), capital_needed(results, self.confidence), ceded)


def stop_loss_curve(held: Setting, cedings: Sequence[Ceding]) -> tuple[Point, ...]:
    """With a person's cost above a point somebody else's, bought at the price that is expected of it.

    Structural spread is not ceded. `ceded` is the spend bought out; what the seller adds to it comes on top.
    """
    points = []
    for cut in cedings:
        left = ceded(held.variation, cut.share, cut.retained)
        bought = float(held.pool.spend) * cut.share
        points.append(held.point(cut.attachment, held.provider(left), spread(left, held.pool.listed), bought))
    return tuple(points)


def aggregate_curve(held: Setting, attachments: Sequence[Decimal]) -> tuple[Point, ...]:
    """With the provider's loss of a year above a share of the plan somebody else's; `ceded` is that loss on average."""
    results = held.provider(held.variation)
    points = []
    for share in attachments:
        most = float(share) * float(held.pool.spend)
        kept = np.maximum(results, -most)
        handed = float((kept - results).mean())
        points.append(held.point(share, kept, spread(held.variation, held.pool.listed), handed))
    return tuple(points)


def years_curve(held: Setting, years: Sequence[int]) -> tuple[Point, ...]:
    """With several years settled together as one, the last settlement taking what years are left."""
    return tuple(
        held.point(
            Decimal(pooled), held.provider(held.variation, pooled), spread(held.variation, held.pool.listed, pooled)
        )
        for pooled in years
        if pooled <= held.held.spend.shape[1]
    )


def list_curve(held: Setting, sizes: Sequence[int]) -> tuple[Point, ...]:
    """With lists of another size and everything else in proportion, in pounds of this contract's own size.

    Pooling with others thins the chance of people; structural spread stays, as if all shared it.
    """
    points = []
    for people in sizes:
        thinned = replace(
            held.variation, per_person=held.variation.per_person * (held.pool.listed / people) ** 0.5
        )
        points.append(held.point(Decimal(people), held.provider(thinned), spread(held.variation, people)))
    return tuple(points)
