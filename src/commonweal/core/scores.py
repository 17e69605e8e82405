"""How many points does a measured value earn?

Makers of lines for performance pay, in the style of `amounts`: one exact decimal each. Direction needs no flag: a
measure of which less is better has its target below its floor. Numbers of points are lines handed in.
"""

from __future__ import annotations

from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal, localcontext

from commonweal.core.amounts import Line
from commonweal.core.money import EXACT

POINTS = "points"
HALF = Decimal("0.5")
ONE = Decimal(1)


def way_from(value: Line, start: Line, end: Line) -> Decimal:
    """How far the value has come from start (0) to end (1), beyond either where it lies beyond.

    Raises   ZeroDivisionError naming both when start and end are the same.
    """
    with localcontext(EXACT):
        span = end.amount - start.amount
        if not span:
            raise ZeroDivisionError(f"{start.name} and {end.name} are the same")
        return (value.amount - start.amount) / span


def linear(name: str, value: Line, floor: Line, target: Line, points: Line) -> Line:
    """Points in proportion between floor and target: none below the floor, all of them above the target."""
    with localcontext(EXACT):
        earned = min(max(way_from(value, floor, target), Decimal(0)), ONE) * points.amount
    text = f"{points.name} × ({value.name} − {floor.name}) ÷ ({target.name} − {floor.name}), between none and all"
    return Line(name, earned, text, (value, floor, target, points), POINTS)


def achievement(name: str, value: Line, threshold: Line, benchmark: Line, most: Line) -> Line:
    """Whole points for the value itself: `most` at the benchmark, none short of the threshold, one up to `most`
    between.

    Source   42 CFR 412.165(a)
    """
    way = way_from(value, threshold, benchmark)
    with localcontext(EXACT):
        between = ((most.amount - ONE) * way + HALF).quantize(ONE, rounding=ROUND_HALF_UP)
    earned = most.amount if way >= 1 else Decimal(0) if way < 0 else between
    text = f"{most.name} at {benchmark.name}, none short of {threshold.name}, whole points between"
    return Line(name, earned, text, (value, threshold, benchmark, most), POINTS)


def improvement(name: str, value: Line, baseline: Line, threshold: Line, benchmark: Line, most: Line) -> Line:
    """Whole points for the way from the own baseline to the benchmark, one fewer than `most` at best.

    The threshold only tells which way is better, since a baseline may already lie past the benchmark.
    Source   42 CFR 412.165(a)
    """
    better = 1 if benchmark.amount > threshold.amount else -1
    best = most.amount - ONE
    if better * (value.amount - baseline.amount) <= 0:
        earned = Decimal(0)
    elif better * (value.amount - benchmark.amount) >= 0:
        earned = best
    else:
        with localcontext(EXACT):
            raw = most.amount * way_from(value, baseline, benchmark) - HALF
            earned = min(max(raw.quantize(ONE, rounding=ROUND_HALF_UP), Decimal(0)), best)
    text = f"the way from {baseline.name} to {benchmark.name} in whole points, none unless better than before"
    return Line(name, earned, text, (value, baseline, threshold, benchmark, most), POINTS)


def better_of(name: str, *scores: Line) -> Line:
    """The highest of several scores."""
    return Line(name, max(score.amount for score in scores), "the highest of its parts", scores, POINTS)


def consistency(name: str, dimensions: list[tuple[Line, Line, Line]], points: Line) -> Line:
    """Whole points, rounded down, by the dimension least far from its floor to its threshold.

    Takes    dimensions   (value, floor, threshold) of each
    Source   42 CFR 412.165(a)
    """
    lowest = min(way_from(*dimension) for dimension in dimensions)
    with localcontext(EXACT):
        earned = (min(max(lowest, Decimal(0)), ONE) * points.amount).quantize(ONE, rounding=ROUND_FLOOR)
    parts = tuple(line for dimension in dimensions for line in dimension)
    return Line(name, earned, f"{points.name} by the lowest dimension, rounded down", (*parts, points), POINTS)
