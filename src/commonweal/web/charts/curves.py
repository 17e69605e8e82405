"""How are a few curves drawn that share two axes, both from nought?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from commonweal.web.charts.sheet import FIRST, SECOND, WIDTH, Axis, key, line, number_words, small, ticks, words
from commonweal.web.picture import INK, Disc, Picture, Shape, Stroke

LEFT, RIGHT, HIGH = 52.0, 28.0, 230.0
COLOURS = (FIRST, SECOND, INK)

Curve = tuple[str, Sequence[tuple[Decimal, Decimal]]]
Said = Callable[[Decimal], str]


def curves_picture(
    curves: Sequence[Curve], *, across: str, up: str, x_said: Said = number_words, y_said: Said = number_words
) -> Picture:
    """Up to three curves, each point marked and named; every other one dashed, so that they differ without colour.

    Takes    curves: name, and points from left to right. across, up: names of the axes. x_said, y_said: a value in
             words.
    """
    named = list(zip(curves, COLOURS, strict=False))
    shapes, top = key([name for (name, _), _ in named], [colour for _, colour in named], 0.0)
    points = [point for _, held in curves for point in held]
    x_steps, y_steps = (ticks(max((point[i] for point in points), default=Decimal(1))) for i in (0, 1))
    top += 26
    bottom = top + HIGH
    x, y = Axis(float(x_steps[-1]), LEFT, WIDTH - RIGHT), Axis(float(y_steps[-1]), bottom, top)
    shapes.append(words(0, top - 12, up, strong=True))
    for step in y_steps:
        shapes += [
            line(x.at(0), y.at(step), x.at(x_steps[-1]), y.at(step)),
            small(LEFT - 6, y.at(step) + 4, y_said(step), "end"),
        ]
    shapes += [small(x.at(step), bottom + 16, x_said(step), "middle") for step in x_steps]
    shapes.append(words((LEFT + WIDTH - RIGHT) / 2, bottom + 34, across, "middle", strong=True))
    for place, ((name, held), colour) in enumerate(named):
        shapes += _curve(
            name, [(at, value, x.at(at), y.at(value)) for at, value in held], colour, place, x_said, y_said
        )
    return Picture(WIDTH, bottom + 42, tuple(shapes))


def _curve(
    name: str,
    held: Sequence[tuple[Decimal, Decimal, float, float]],
    colour: str,
    place: int,
    x_said: Said,
    y_said: Said,
) -> list[Shape]:
    drawn = Stroke(tuple((px, py) for _, _, px, py in held), colour, 2.5, dashed=bool(place % 2))
    dots = [Disc(px, py, 4.5, colour, f"{name}: {x_said(at)}: {y_said(value)}") for at, value, px, py in held]
    return [drawn, *dots]
