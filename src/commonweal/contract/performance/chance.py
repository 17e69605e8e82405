"""Between which values does chance alone move a measure, and between which points?

A proportion varies as a binomial count does, a rate as a Poisson count, both wider by an over-dispersion
(parameters/performance.yaml). The range is Wilson's for a proportion and Byar's for a rate. All in decimals: a range
stands beside an amount and is never paid.

Source   Public Health England, Technical Guide: Confidence Intervals, 2018.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext

from commonweal.contract.performance.clause import PerformanceScheme
from commonweal.contract.performance.measured import Measured
from commonweal.contract.performance.rules import BetterOf
from commonweal.contract.performance.scoring import MeasureScore, points_by_rule
from commonweal.core.amounts import given
from commonweal.core.money import EXACT
from commonweal.core.parameters import library

NINE, THREE, ONE = Decimal(9), Decimal(3), Decimal(1)


@dataclass(frozen=True, slots=True)
class ChanceRange:
    """The range that chance alone gives: of the value, and of its points."""

    low: Decimal
    high: Decimal
    fewest: Decimal
    most: Decimal


def chance_range(scheme: PerformanceScheme, score: MeasureScore, held: Measured | None, on: date) -> ChanceRange | None:
    """The range of a measure's value and of its points; None where it was not counted, or is of futures."""
    measure = scheme.measures[score.measure]
    if score.state != "measured" or score.value is None or score.denominator is None or measure.kind == "value":
        return None
    if held is None or not isinstance(score.value.value, Decimal) or not isinstance(score.denominator.value, Decimal):
        return None
    value, people = score.value.amount, score.denominator.amount
    spreads, wider = (
        library()[name].on(date.max).number()
        for name in ("performance_chance_spreads", f"performance_over_dispersion_of_{measure.kind}s")
    )
    if measure.kind == "proportion":
        low, high = wilson(value, people, spreads, wider)
    else:
        per = scheme.number(measure.per, on, score.measure).amount if measure.per else ONE
        low, high = byar(value * people / per, spreads, wider)
        low, high = low * per / people, high * per / people
    points = [_points(scheme, score, held, end, on) for end in (low, high)]
    return ChanceRange(low, high, min(points), max(points))


def _points(scheme: PerformanceScheme, score: MeasureScore, held: Measured, value: Decimal, on: date) -> Decimal:
    rule = scheme.scores[scheme.measures[score.measure].score]
    tried = score.tried or {}
    names = rule.of if isinstance(rule, BetterOf) else (scheme.measures[score.measure].score,)
    assert score.value is not None
    line = given(score.value.name, value, unit=score.value.unit)
    found = [points_by_rule(scheme, score.measure, name, line, held, on).amount for name in names if name in tried]
    return max(found)


def wilson(proportion: Decimal, people: Decimal, spreads: Decimal, over_dispersion: Decimal) -> tuple[Decimal, Decimal]:
    """Wilson's range of a proportion of people; over-dispersion leaves as many fewer of them to count."""
    with localcontext(EXACT):
        n = people / over_dispersion
        squared = spreads * spreads
        middle = proportion + squared / (2 * n)
        half = spreads * (proportion * (ONE - proportion) / n + squared / (4 * n * n)).sqrt()
        whole = ONE + squared / n
        return max((middle - half) / whole, Decimal(0)), min((middle + half) / whole, ONE)


def byar(count: Decimal, spreads: Decimal, over_dispersion: Decimal) -> tuple[Decimal, Decimal]:
    """Byar's range of a count; its distance from the count grows with the root of the over-dispersion."""
    with localcontext(EXACT):
        more = count + ONE
        low = Decimal(0)
        if count > 0:
            low = count * (ONE - ONE / (NINE * count) - spreads / (THREE * count.sqrt())) ** 3
        high = more * (ONE - ONE / (NINE * more) + spreads / (THREE * more.sqrt())) ** 3
        root = over_dispersion.sqrt()
        return max(count - (count - low) * root, Decimal(0)), count + (high - count) * root
