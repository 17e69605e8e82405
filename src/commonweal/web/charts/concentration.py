"""How is it drawn that few people have much of the cost?"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from commonweal.web.charts.sheet import FIRST, WIDTH, Axis, line, on_paper, per_cent, small, words
from commonweal.web.picture import GREY, INK, Disc, Picture, Shape, Stroke

LEFT, RIGHT, TOP, HIGH = 42.0, 20.0, 26.0, 280.0
QUARTERS = tuple(Decimal(step) / 4 for step in range(5))
ROOM_BETWEEN = 14.0

Curve = Sequence[tuple[Decimal, Decimal]]


def concentration_picture(curve: Curve, said: Curve, *, equal: str, across: str, up: str) -> Picture:
    """The share of something that the first share of people have.

    Takes    curve: share of people and what they have, rising. said: points of it that are marked and named. equal:
             what the line is where everybody has the same. across, up: names of the axes.
    """
    bottom = TOP + HIGH
    x, y = Axis(1, LEFT, WIDTH - RIGHT), Axis(1, bottom, TOP)
    shapes: list[Shape] = [words(0, 14, up, strong=True)]
    for quarter in QUARTERS:
        shapes += [
            line(x.at(0), y.at(quarter), x.at(1), y.at(quarter)),
            small(LEFT - 6, y.at(quarter) + 4, per_cent(quarter), "end"),
            small(x.at(quarter), bottom + 16, per_cent(quarter), "middle"),
        ]
    shapes += [
        Stroke(((x.at(0), y.at(0)), (x.at(1), y.at(1))), GREY, 1.25, dashed=True),
        small(x.at(0.98), y.at(0.43), equal, "end"),
        Stroke(((x.at(0), y.at(0)), *((x.at(people), y.at(held)) for people, held in curve)), FIRST, 2.5),
        words((LEFT + WIDTH - RIGHT) / 2, bottom + 34, across, "middle", strong=True),
    ]
    lowest = bottom
    for people, held in said:
        # Names of points that lie close come one above another.
        at = min(y.at(held) + 4, lowest - ROOM_BETWEEN)
        lowest = at
        name = f"{per_cent(people)} of people: {per_cent(held)}"
        shapes += [*on_paper(x.at(people) + 10, at, name), Disc(x.at(people), y.at(held), 4.5, INK, name)]
    return Picture(WIDTH, bottom + 42, tuple(shapes))
