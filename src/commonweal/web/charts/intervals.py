"""How are values with intervals drawn, one below another?"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from commonweal.web.charts.sheet import FIRST, WIDTH, Axis, line, number_words, on_paper, small, ticks, words
from commonweal.web.picture import INK, Disc, Picture, Shape

ROW, TOP = 40.0, 4.0
INSET = 8.0

Measured = tuple[str, Decimal | None, Decimal | None, Decimal | None]


def intervals_picture(rows: Sequence[Measured], *, across: str, hidden: str) -> Picture:
    """A dot for each value and a line for its interval, on an axis that starts at nought.

    Takes    rows: label, value, lowest and highest of its interval; None where it is hidden. across: what the axis
             measures. hidden: what stands where nothing may be shown.
    """
    highest = max((high for *_, high in rows if high is not None), default=Decimal(1))
    steps = ticks(highest)
    axis = Axis(float(steps[-1]), INSET, WIDTH - INSET - 6)
    bottom = TOP + ROW * len(rows)
    shapes: list[Shape] = []
    for step in steps:
        shapes.append(line(axis.at(step), TOP, axis.at(step), bottom + 4))
        shapes.append(small(axis.at(step), bottom + 18, number_words(step), "middle"))
    for place, row in enumerate(rows):
        shapes += _row(axis, TOP + ROW * place, row, hidden)
    shapes.append(words(WIDTH / 2, bottom + 37, across, "middle", strong=True))
    return Picture(WIDTH, bottom + 45, tuple(shapes))


def _row(axis: Axis, top: float, row: Measured, hidden: str) -> list[Shape]:
    label, value, low, high = row
    if value is None or low is None or high is None:
        return [words(INSET, top + 12, f"{label}: {hidden}")]
    said = f"{label}: {number_words(value)} ({number_words(low)} to {number_words(high)})"
    middle = top + 26
    ends = [line(axis.at(end), middle - 6, axis.at(end), middle + 6, INK, 1.5) for end in (low, high)]
    return [
        *on_paper(INSET, top + 12, said),
        line(axis.at(low), middle, axis.at(high), middle, INK, 1.5),
        *ends,
        Disc(axis.at(value), middle, 4, FIRST, said),
    ]
