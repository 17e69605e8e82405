"""How are steps drawn that lead from one amount to another, up and down?"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from commonweal.web.charts.sheet import FIRST, WIDTH, bar, key, line, on_paper
from commonweal.web.picture import GREY, INK, Picture, Shape

ROW, THICK = 44.0, 18.0
INSET = 6.0
MORE, FEWER = "#00a499", "#ed8b00"

# Label, what is printed beside it, where the bar begins, where it ends, and whether it is a whole amount.
Step = tuple[str, str, Decimal, Decimal, bool]


def waterfall_picture(steps: Sequence[Step], *, whole: str, more: str, fewer: str) -> Picture:
    """A bar for each step from where the one before ended, a whole one for each amount, nought marked by a line.

    Takes    steps: in their order, at least one. whole, more, fewer: what the three colours stand for.
    """
    shapes, top = key((whole, more, fewer), (FIRST, MORE, FEWER), 2.0)
    ends = [float(end) for _, _, start, stop, _ in steps for end in (start, stop)]
    low, high = min(0.0, *ends), max(0.0, *ends)
    room = (WIDTH - 2 * INSET) / ((high - low) or 1.0)

    def at(amount: Decimal) -> float:
        return INSET + (float(amount) - low) * room

    bottom = top + 6 + ROW * len(steps)
    shapes.append(line(at(Decimal(0)), top + 2, at(Decimal(0)), bottom, GREY, 1.5))
    for place, (label, said, start, stop, is_whole) in enumerate(steps):
        y = top + 6 + ROW * place
        shapes += _bar(at, y + 18, start, stop, FIRST if is_whole else (MORE if stop > start else FEWER))
        shapes += on_paper(INSET, y + 12, f"{label}: {said}")
        if place + 1 < len(steps):
            shapes.append(line(at(stop), y + 18 + THICK, at(stop), y + ROW + 18, GREY, 0.75))
    return Picture(WIDTH, bottom + 4, tuple(shapes))


def _bar(at: object, top: float, start: Decimal, stop: Decimal, colour: str) -> list[Shape]:
    assert callable(at)
    left, right = sorted((at(start), at(stop)))
    if right - left < 1:
        return [line(left, top, left, top + THICK, INK, 2)]
    return [bar(left, top, right, top + THICK, colour)]
