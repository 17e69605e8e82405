"""How does an amount depend on a condition, a bound or a table?

More makers of lines, in the manner of `amounts`: one decimal, a column of decimals, or an array of floats.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from itertools import pairwise

import numpy as np

from commonweal.core.amounts import Line, shared_keys
from commonweal.core.money import EXACT
from commonweal.core.sides import of_sign, past_thresholds
from commonweal.core.values import Value, alike, larger, smaller, where, zero_like


@dataclass(frozen=True, slots=True)
class Band:
    """A band of a table: its first and last entry, both inside, and the value at each; the last band has no end."""

    start: Decimal
    end: Decimal | None
    low: Decimal
    high: Decimal


def at_most(name: str, line: Line, most: Line, working: str = "") -> Line:
    """The smaller of two lines."""
    a, b = alike(line.value, most.value)
    text = working or f"{line.name}, at most {most.name}"
    return Line(
        name, smaller(a, b), text, (line, most), line.unit, shared_keys(name, line, most), formula="MIN({0},{1})"
    )


def at_least(name: str, line: Line, least: Line, working: str = "") -> Line:
    """The larger of two lines."""
    a, b = alike(line.value, least.value)
    text = working or f"{line.name}, at least {least.name}"
    return Line(
        name, larger(a, b), text, (line, least), line.unit, shared_keys(name, line, least), formula="MAX({0},{1})"
    )


def chosen(name: str, when: Line, then: Line, otherwise: Line, working: str = "") -> Line:
    """One line where the condition is anything but zero, another where it is zero."""
    w, a, b = alike(when.value, then.value, otherwise.value)
    text = working or f"{then.name} where {when.name}, otherwise {otherwise.name}"
    parts = (when, then, otherwise)
    formula = "IF({0}<>0,{1},{2})"
    return Line(name, where(w != 0, a, b), text, parts, then.unit, shared_keys(name, *parts), formula=formula)


def by_sign(name: str, sign: Line, above: Line | None, below: Line | None, working: str = "") -> Line:
    """One line where the amount is above zero, another where it is below; nothing on a side that is None."""
    lines = [line for line in (above, below) if line is not None]
    held = alike(sign.value, *(line.value for line in lines))
    s, rest = held[0], list(held[1:])
    up = rest.pop(0) if above is not None else zero_like(s)
    down = rest.pop(0) if below is not None else zero_like(s)
    value = of_sign(s, up, down)
    unit = lines[0].unit if lines else sign.unit
    up_cell = "{1}" if above is not None else "0"
    down_cell = f"{{{len(lines)}}}" if below is not None else "0"
    formula = f"IF({{0}}>0,{up_cell},IF({{0}}<0,{down_cell},0))"
    return Line(name, value, working, (sign, *lines), unit, shared_keys(name, sign, *lines), formula=formula)


def beyond_sides(
    name: str, line: Line, gain: Line | None, loss: Line | None, *, whole: bool, at: bool, working: str
) -> Line:
    """What of an amount counts past a threshold of each side; a side without a threshold never counts.

    Takes    whole: the whole amount counts (a trigger), otherwise only the part beyond it (a deductible).
             at: an amount just at its threshold counts too.
    """
    lines = [side for side in (gain, loss) if side is not None]
    held = list(alike(line.value, *(side.value for side in lines)))
    a = held.pop(0)
    of_gain = held.pop(0) if gain is not None else None
    of_loss = held.pop(0) if loss is not None else None
    value = past_thresholds(a, of_gain, of_loss, whole=whole, at=at)
    reached = ">=" if at else ">"
    gained = f"IF({{0}}{reached}{{1}},{{0}}{'' if whole else '-{1}'},0)" if gain is not None else "0"
    its = f"{{{len(lines)}}}"
    lost = f"IF(-{{0}}{reached}{its},{{0}}{'' if whole else '+' + its},0)" if loss is not None else "0"
    formula = f"IF({{0}}>0,{gained},IF({{0}}<0,{lost},0))"
    return Line(name, value, working, (line, *lines), line.unit, shared_keys(name, line, *lines), formula=formula)


def looked_up(name: str, by: Line, table: Sequence[Band], working: str = "", *, unit: str = "ratio") -> Line:
    """A value from a table of bands, on the straight line between the two ends of the band.

    Takes    table: bands in order. Below the first its low end holds; between two bands it goes from one to the next.
    """
    held = by.value
    if isinstance(held, Decimal):
        value: Value = _in_table(held, table)
    elif held.dtype == object:
        value = np.empty_like(held)
        value[...] = [_in_table(entry, table) for entry in held.ravel()]
    else:
        ends: list[float] = []
        values: list[float] = []
        for band in table:
            ends.append(float(band.start))
            values.append(float(band.low))
            if band.end is not None:
                ends.append(float(band.end))
                values.append(float(band.high))
        value = np.interp(held, ends, values)
    return Line(name, value, working or f"by {by.name}, between the ends of its band", (by,), unit, by.keys)


def _in_table(entry: Decimal, table: Sequence[Band]) -> Decimal:
    with localcontext(EXACT):
        points: list[tuple[Decimal, Decimal]] = []
        for band in table:
            points.append((band.start, band.low))
            if band.end is not None:
                points.append((band.end, band.high))
        if entry <= points[0][0]:
            return points[0][1]
        for (x0, y0), (x1, y1) in pairwise(points):
            if entry <= x1:
                return y1 if x1 == x0 else y0 + (y1 - y0) * (entry - x0) / (x1 - x0)
        return points[-1][1]


def as_it_is(name: str, line: Line, working: str) -> Line:
    """The line under another name, its working saying why nothing was done to it."""
    return Line(name, line.value, working, (line,), line.unit, line.keys, formula="{0}")
