"""How is an age-sex pyramid drawn?"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from commonweal.web.charts.sheet import (
    FIRST,
    SECOND,
    WIDTH,
    Axis,
    bar,
    line,
    number_words,
    small,
    ticks,
    words,
)
from commonweal.web.picture import GREY, Picture, Shape

ROW, THICK, TOP = 17.0, 13.0, 26.0
MIDDLE, INSET = 48.0, 20.0

Band = tuple[str, int | None, int | None]


def pyramid_picture(bands: Sequence[Band], *, left: str, right: str, hidden: str) -> Picture:
    """An age-sex pyramid, the oldest at the top.

    Takes    bands: label, people to the left, people to the right, youngest first; None for few people. left, right:
             what the sides are called. hidden: what stands for few people.
    """
    longest = max((side for _, *sides in bands for side in sides if side is not None), default=0)
    steps = ticks(Decimal(longest or 1), 3)
    reach = float(steps[-1])
    inner_left, inner_right = (WIDTH - MIDDLE) / 2, (WIDTH + MIDDLE) / 2
    axes = (Axis(reach, inner_left, INSET), Axis(reach, inner_right, WIDTH - INSET))
    bottom = TOP + ROW * len(bands)
    shapes: list[Shape] = [
        words(inner_left - 4, 14, left, "end", strong=True),
        words(inner_right + 4, 14, right, strong=True),
    ]
    for axis in axes:
        for step in steps:
            shapes.append(line(axis.at(step), TOP - 4, axis.at(step), bottom))
            shapes.append(small(axis.at(step), bottom + 14, number_words(step), "middle"))
    for place, (label, *sides) in enumerate(reversed(bands)):
        y = TOP + ROW * place
        shapes.append(words(WIDTH / 2, y + 11, label, "middle"))
        for axis, people, colour in zip(axes, sides, (FIRST, SECOND), strict=True):
            shapes += _side(axis, y, people, colour, hidden)
    return Picture(WIDTH, bottom + 22, tuple(shapes))


def _side(axis: Axis, y: float, people: int | None, colour: str, hidden: str) -> list[Shape]:
    """A bar with a dark end, which shows on any paper; for few people the words that stand for them."""
    if people is None:
        away = axis.end > axis.start
        return [small(axis.start + (3 if away else -3), y + 11, hidden, "start" if away else "end")]
    if not people:
        return []
    end = axis.at(people)
    return [bar(axis.start, y, end, y + THICK, colour), line(end, y, end, y + THICK, GREY, 1.5)]
