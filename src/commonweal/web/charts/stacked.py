"""How are shares that make a whole drawn, one bar below another?"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from commonweal.web.charts.sheet import TEXT, WIDTH, bar, ink_on, key, per_cent, ramp, small, text_width, words
from commonweal.web.picture import GREY, WHITE, Picture, Shape, Stroke, Words

ROW, THICK = 46.0, 24.0
ROOM = 6.0

Whole = tuple[str, Sequence[Decimal | None]]


def stacked_picture(wholes: Sequence[Whole], names: Sequence[str]) -> Picture:
    """Shares of each whole, side by side in one bar, from light to dark in the order of their names.

    Takes    wholes: label, and a share for each name; None for one that is hidden, which gets no room of its own.
    """
    colours = ramp(len(names))
    shapes, top = key(names, colours, 2.0)
    for place, (label, shares) in enumerate(wholes):
        y = top + 6 + ROW * place
        shapes += [words(0, y + 11, label, strong=True), *_bar(shares, colours, y + 16)]
    return Picture(WIDTH, top + 6 + ROW * len(wholes), tuple(shapes))


def _bar(shares: Sequence[Decimal | None], colours: Sequence[str], top: float) -> list[Shape]:
    # Shares of rounded numbers need not add up to one; the bar is the whole all the same.
    whole = sum((share for share in shares if share is not None), Decimal(0)) or Decimal(1)
    bars: list[Shape] = []
    labels: list[Shape] = []
    left, free = 0.0, WIDTH / 2
    for share, colour in zip(shares, colours, strict=True):
        if not share:
            continue
        right = left + float(share / whole) * WIDTH
        bars.append(bar(left, top, right, top + THICK, colour))
        if left:
            bars.append(Stroke(((left, top), (left, top + THICK)), WHITE, 1.5))
        text = per_cent(share)
        if right - left > text_width(text) + ROOM:
            inside = Words((left + right) / 2, top + 16, text, TEXT, "middle", ink_on(colour), strong=True, halo=False)
            labels.append(inside)
        elif right - text_width(text) > free:
            # Too narrow for its share: that stands above it.
            labels.append(small(right, top - 4, text, "end"))
            free = right + ROOM
        left = right
    edge = ((0.0, top), (WIDTH, top), (WIDTH, top + THICK), (0.0, top + THICK), (0.0, top))
    return [*bars, *labels, Stroke(edge, GREY, 0.75)] if left else []
