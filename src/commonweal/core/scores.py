"""How many points does a measured value earn?

Makers of lines for performance pay, in the style of `amounts`: one exact decimal, a column of decimals, or an array of
floats, one a future. Direction needs no flag: a measure of which less is better has its target below its floor. Numbers
of points are lines handed in.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, localcontext
from typing import Any, Literal

import numpy as np

from commonweal.core.amounts import Line, shared_keys
from commonweal.core.money import EXACT
from commonweal.core.values import Value, alike, larger, smaller, where, zero_like

POINTS = "points"
HALF = Decimal("0.5")
ONE = Decimal(1)
Rounding = Literal["down", "nearest", "up"]
DECIMAL_ROUNDING = {"down": ROUND_FLOOR, "nearest": ROUND_HALF_UP, "up": ROUND_CEILING}

# A float that stands for an exact threshold or half point must count as the decimal does.
TIE = 1e-9


def way_from(value: Line, start: Line, end: Line) -> Value:
    """How far the value has come from start (0) to end (1), beyond either where it lies beyond.

    Raises   ZeroDivisionError naming both when start and end are the same.
    """
    v, a, b = alike(value.value, start.value, end.value)
    if np.any(np.asarray(b - a) == 0):
        raise ZeroDivisionError(f"{start.name} and {end.name} are the same")
    with localcontext(EXACT):
        return (v - a) / (b - a)  # type: ignore[no-any-return]


def linear(name: str, value: Line, floor: Line, target: Line, points: Line) -> Line:
    """Points in proportion between floor and target: none below the floor, all of them above the target."""
    parts = (value, floor, target, points)
    text = f"{points.name} × ({value.name} − {floor.name}) ÷ ({target.name} − {floor.name}), between none and all"
    earned, formula = _in_proportion(*parts), f"MIN(MAX({_way()},0),1)*{{3}}"
    return Line(name, earned, text, parts, POINTS, shared_keys(name, *parts), formula=formula)


def banded(name: str, value: Line, floor: Line, target: Line, points: Line, band: Line, rounding: Rounding) -> Line:
    """Points in proportion between floor and target, in whole bands of points."""
    parts = (value, floor, target, points, band)
    exact, of, width = alike(_in_proportion(value, floor, target, points), points.value, band.value)
    with localcontext(EXACT):
        earned = smaller(_whole(exact / width, rounding) * width, of)
    ways = {"down": "rounded down", "nearest": "rounded", "up": "rounded up"}
    text = f"{points.name} in proportion between {floor.name} and {target.name}, {ways[rounding]} to whole {band.name}"
    whole = {"down": "ROUNDDOWN", "nearest": "ROUND", "up": "ROUNDUP"}[rounding]
    formula = f"MIN({whole}(MIN(MAX({_way()},0),1)*{{3}}/{{4}},0)*{{4}},{{3}})"
    return Line(name, earned, text, parts, POINTS, shared_keys(name, *parts), formula=formula)


def stepped(
    name: str, value: Line, steps: Sequence[tuple[Decimal, Decimal]], cited: Line | None = None, unit: str = POINTS
) -> Line:
    """Points of the furthest step reached; none short of the first.

    Takes    steps: (value, points) of each, points rising; values rise where more is better and fall where less is;
             cited: a line that says who set the steps.
    """
    v = value.value
    better = 1 if steps[-1][0] >= steps[0][0] else -1
    earned: Any = zero_like(v)
    for at, points in steps:
        if isinstance(v, Decimal) or v.dtype == object:
            earned = where(better * (v - at) >= 0, points, earned)
        else:
            earned = np.where(better * (v - float(at)) >= -TIE * max(1.0, abs(float(at))), float(points), earned)
    text = "; ".join(f"{points} from {at}" for at, points in steps)
    parts = (value,) if cited is None else (value, cited)
    formula = "0"
    for at, points in steps:
        formula = f"IF({{0}}{'>=' if better > 0 else '<='}{at:f},{points:f},{formula})"
    return Line(name, earned, f"steps of {value.name}: {text}", parts, unit, value.keys, formula=formula)


def achievement(name: str, value: Line, threshold: Line, benchmark: Line, most: Line) -> Line:
    """Whole points for the value itself: `most` at the benchmark, none short of the threshold, one up to `most`
    between.

    Source   42 CFR 412.165(a)
    """
    parts = (value, threshold, benchmark, most)
    way, of = alike(way_from(value, threshold, benchmark), most.value)
    with localcontext(EXACT):
        between = _whole((of - 1) * way + _half(way), "nearest")
    tie = 0 if _exact(way) else TIE
    earned = where(way >= 1, of, where(way < -tie, zero_like(way), between))
    text = f"{most.name} at {benchmark.name}, none short of {threshold.name}, whole points between"
    formula = f"IF({_way()}>=1,{{3}},IF({_way()}<0,0,ROUND(({{3}}-1)*{_way()}+0.5,0)))"
    return Line(name, earned, text, parts, POINTS, shared_keys(name, *parts), formula=formula)


def improvement(name: str, value: Line, baseline: Line, threshold: Line, benchmark: Line, most: Line) -> Line:
    """Whole points for the way from the own baseline to the benchmark, one fewer than `most` at best.

    The threshold only tells which way is better, since a baseline may already lie past the benchmark.
    Source   42 CFR 412.165(a)
    """
    parts = (value, baseline, threshold, benchmark, most)
    v, a, floor, b, of = alike(*(part.value for part in parts))
    with localcontext(EXACT):
        better = where(b > floor, 1, -1)
        gained = v - a
        none = zero_like(gained)
        span = where(b == a, none + 1, b - a)
        raw = _whole(of * (gained / span) - _half(gained), "nearest")
        between = smaller(larger(raw, none), of - 1)
        earned = where(better * gained <= 0, none, where(better * (v - b) >= 0, of - 1, between))
    text = f"the way from {baseline.name} to {benchmark.name} in whole points, none unless better than before"
    sign, between = "IF({3}>{2},1,-1)", f"MIN(MAX(ROUND({{4}}*{_way(0, 1, 3)}-0.5,0),0),{{4}}-1)"
    formula = f"IF({sign}*({{0}}-{{1}})<=0,0,IF({sign}*({{0}}-{{3}})>=0,{{4}}-1,{between}))"
    return Line(name, earned, text, parts, POINTS, shared_keys(name, *parts), formula=formula)


def better_of(name: str, *scores: Line) -> Line:
    """The highest of several scores."""
    first, *others = alike(*(score.value for score in scores))
    for other in others:
        first = larger(first, other)
    text = "the highest of its parts"
    return Line(name, first, text, scores, POINTS, shared_keys(name, *scores), formula="MAX")


def consistency(name: str, dimensions: list[tuple[Line, Line, Line]], points: Line) -> Line:
    """Whole points, rounded down, by the dimension least far from its floor to its threshold.

    Takes    dimensions   (value, floor, threshold) of each
    Source   42 CFR 412.165(a)
    """
    lowest, *others = alike(*(way_from(*dimension) for dimension in dimensions))
    for other in others:
        lowest = smaller(lowest, other)
    way, of = alike(lowest, points.value)
    with localcontext(EXACT):
        earned = _whole(smaller(larger(way, zero_like(way)), zero_like(way) + 1) * of, "down")
    parts = (*(line for dimension in dimensions for line in dimension), points)
    text = f"{points.name} by the lowest dimension, rounded down"
    ways = ",".join(_way(i, i + 1, i + 2) for i in range(0, len(parts) - 1, 3))
    formula = f"ROUNDDOWN(MIN(MAX(MIN({ways}),0),1)*{{{len(parts) - 1}}},0)"
    return Line(name, earned, text, parts, POINTS, shared_keys(name, *parts), formula=formula)


def mean_in_whole_points(name: str, scores: Sequence[Line], weights: Sequence[Line]) -> Line:
    """The mean of several scores by their weights, in whole points, half a point up.

    Raises   ZeroDivisionError when the weights add up to nothing.
    """
    held = alike(*(line.value for line in (*scores, *weights)))
    earned, weighed = held[: len(scores)], held[len(scores) :]
    with localcontext(EXACT):
        whole = sum(weighed[1:], weighed[0])
        if np.any(np.asarray(whole) == 0):
            raise ZeroDivisionError(f"'{name}': its weights add up to nothing")
        mean = sum((a * b for a, b in zip(earned, weighed, strict=True)), zero_like(whole)) / whole
    parts = (*scores, *weights)
    text = "the mean of its scores by their weights, in whole points"
    several = range(len(scores))
    products = "+".join(f"{{{i}}}*{{{i + len(scores)}}}" for i in several)
    sums = "+".join(f"{{{i + len(scores)}}}" for i in several)
    formula = f"ROUND(({products})/({sums}),0)"
    return Line(name, _whole(mean, "nearest"), text, parts, POINTS, shared_keys(name, *parts), formula=formula)


def _in_proportion(value: Line, floor: Line, target: Line, points: Line) -> Any:
    way, of = alike(way_from(value, floor, target), points.value)
    with localcontext(EXACT):
        return smaller(larger(way, zero_like(way)), zero_like(way) + 1) * of


def _way(value: int = 0, start: int = 1, end: int = 2) -> str:
    """How far the value has come, as a formula of the parts at these positions."""
    return f"({{{value}}}-{{{start}}})/({{{end}}}-{{{start}}})"


def _exact(value: Any) -> bool:
    return isinstance(value, Decimal) or value.dtype == object


def _half(like: Any) -> Any:
    return HALF if _exact(like) else 0.5


def _whole(value: Any, rounding: Rounding) -> Any:
    if isinstance(value, Decimal):
        return value.quantize(ONE, rounding=DECIMAL_ROUNDING[rounding], context=EXACT)
    if value.dtype == object:
        whole = np.empty_like(value)
        whole[...] = [entry.quantize(ONE, rounding=DECIMAL_ROUNDING[rounding]) for entry in value.ravel()]
        return whole
    if rounding == "up":
        return np.ceil(value - TIE)
    return np.floor(value + (0.5 if rounding == "nearest" else 0.0) + TIE)
