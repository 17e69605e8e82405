"""Between which sums does chance alone move what a scheme pays?

Every measure that was counted is drawn again many times about its own result: a proportion as a beta, a rate as a
gamma, both as wide as its denominator and the over-dispersion make it; the clause then pays each of these futures. The
measures are drawn one by one, though the same people may be in several. Floats: a spread is a statistic, never an
amount paid; the middle of the futures need not be what was earned, since points stop at their target.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np

from commonweal.contract.performance.clause import PerformanceScheme
from commonweal.contract.performance.measured import Measured
from commonweal.contract.performance.performance import Performance, performance
from commonweal.core.parameters import library
from commonweal.core.values import Column

SEED = 20260401
TAIL = 0.025
PRIOR = 0.5


@dataclass(frozen=True, slots=True)
class PayByChance:
    """The range in which nineteen of twenty payments lie when nothing but chance moves the results."""

    low: Decimal
    high: Decimal
    futures: int


def pay_by_chance(
    found: Performance, held: Mapping[str, Measured], inputs: Mapping[str, Any], *, seed: int = SEED
) -> PayByChance | None:
    """The range of what is earned; None where nothing was earned or no measure has a denominator."""
    futures = int(library()["performance_chance_futures"].on(date.max).number())
    drawn = drawn_results(found, held, futures, seed)
    if not drawn or found.payment.earned is None:
        return None
    paid = performance(found.scheme, {**held, **drawn}, inputs, found.on, chance=False).payment.earned
    if paid is None or isinstance(paid.value, Decimal):
        return None
    low, high = np.quantile(paid.value, [TAIL, 1 - TAIL])
    return PayByChance(Decimal(f"{low:.2f}"), Decimal(f"{high:.2f}"), futures)


def drawn_results(found: Performance, held: Mapping[str, Measured], futures: int, seed: int) -> dict[str, Measured]:
    """Each counted measure that has a denominator, with as many values as futures; the same for the same seed."""
    drawn = {}
    for name in sorted(found.measures):
        score, measure = found.measures[name], found.scheme.measures[name]
        if score.state != "measured" or score.value is None or score.denominator is None or measure.kind == "value":
            continue
        # A stream of its own for each measure, so that no measure changes another's futures.
        rng = np.random.default_rng([seed, *name.encode()])
        values = _values(found.scheme, name, score.value.amount, score.denominator.amount, found.on, rng, futures)
        drawn[name] = replace(held[name], value=values, numerator=None)
    return drawn


def _values(
    scheme: PerformanceScheme,
    name: str,
    value: Decimal,
    people: Decimal,
    on: date,
    rng: np.random.Generator,
    futures: int,
) -> Column:
    measure = scheme.measures[name]
    wider = float(library()[f"performance_over_dispersion_of_{measure.kind}s"].on(date.max).number())
    if measure.kind == "proportion":
        counted = float(people) / wider
        done = float(value) * counted
        return rng.beta(done + PRIOR, counted - done + PRIOR, futures)
    per = float(scheme.number(measure.per, on, name).amount) if measure.per else 1.0
    events = float(value) * float(people) / per / wider
    return rng.gamma(events + PRIOR, 1.0, futures) * wider * per / float(people)
