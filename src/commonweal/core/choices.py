"""How does an amount depend on a condition, a bound or a table?

More makers of lines, in the manner of `amounts`: one decimal, a column of decimals, or an array of floats.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from itertools import pairwise
from typing import Any

import numpy as np

from commonweal.core.amounts import Line, Value, _alike, _keys, _larger, _smaller, _zero
from commonweal.core.money import EXACT


@dataclass(frozen=True, slots=True)
class Band:
    """A band of a table: its first and last entry, both inside, and the value at each; the last band has no end."""

    start: Decimal
    end: Decimal | None
    low: Decimal
    high: Decimal


def at_most(name: str, line: Line, most: Line, working: str = "") -> Line:
    """The smaller of two lines."""
    a, b = _alike(line.value, most.value)
    text = working or f"{line.name}, at most {most.name}"
    return Line(name, _smaller(a, b), text, (line, most), line.unit, _keys(name, line, most))


def at_least(name: str, line: Line, least: Line, working: str = "") -> Line:
    """The larger of two lines."""
    a, b = _alike(line.value, least.value)
    text = working or f"{line.name}, at least {least.name}"
    return Line(name, _larger(a, b), text, (line, least), line.unit, _keys(name, line, least))


def chosen(name: str, when: Line, then: Line, otherwise: Line, working: str = "") -> Line:
    """One line where the condition is anything but zero, another where it is zero."""
    w, a, b = _alike(when.value, then.value, otherwise.value)
    text = working or f"{then.name} where {when.name}, otherwise {otherwise.name}"
    parts = (when, then, otherwise)
    return Line(name, _where(w != 0, a, b), text, parts, then.unit, _keys(name, *parts))


def by_sign(name: str, sign: Line, above: Line | None, below: Line | None, working: str = "") -> Line:
    """One line where the amount is above zero, another where it is below; nothing on a side that is None."""
    lines = [line for line in (above, below) if line is not None]
    held = _alike(sign.value, *(line.value for line in lines))
    s, rest = held[0], list(held[1:])
    up = rest.pop(0) if above is not None else _zero(s)
    down = rest.pop(0) if below is not None else _zero(s)
    value = _where(s > 0, up, _where(s < 0, down, _zero(s)))
    unit = lines[0].unit if lines else sign.unit
    return Line(name, value, working, (sign, *lines), unit, _keys(name, sign, *lines))


def beyond_sides(
    name: str, line: Line, gain: Line | None, loss: Line | None, *, whole: bool, at: bool, working: str
) -> Line:
    """What of an amount counts past a threshold of each side; a side without a threshold never counts.

    Takes    whole: the whole amount counts (a trigger), otherwise only the part beyond it (a deductible).
             at: an amount just at its threshold counts too.
    """
    lines = [side for side in (gain, loss) if side is not None]
    held = list(_alike(line.value, *(side.value for side in lines)))
    a = held.pop(0)
    none = _zero(a)
    with localcontext(EXACT):
        up = _counted(a, held.pop(0), whole, at) if gain is not None else none
        down = -_counted(-a, held.pop(0), whole, at) if loss is not None else none
    value = _where(a > 0, up, _where(a < 0, down, none))
    return Line(name, value, working, (line, *lines), line.unit, _keys(name, line, *lines))


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


def _counted(a: Any, threshold: Any, whole: bool, at: bool) -> Any:
    reached = a >= threshold if at else a > threshold
    return _where(reached, a if whole else a - threshold, _zero(a))


def _where(condition: Any, then: Any, otherwise: Any) -> Any:
    if isinstance(condition, bool | np.bool_):
        return then if condition else otherwise
    return np.where(condition, then, otherwise)
