"""What do all charts share: their width, their type, their axis, and colours that go from light to dark?

Charts are as wide as a phone, so that their words can be read there; pages and print enlarge them a little.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from commonweal.web.picture import GREY, INK, PALE, WHITE, Area, Shape, Stroke, Words

WIDTH = 400.0
TEXT = 12.0
SMALL = 11.0
FIRST, SECOND = "#005eb8", "#ed8b00"
GRID = PALE
# A letter is about half as wide as it is high.
LETTER = 0.54
STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))

# From light to dark, so that they keep their order in black and white and for people who see few colours.
RAMP = ("#dbe9f6", "#a6cdeb", "#62a5d9", "#1f6fb5", "#0b3c78")


@dataclass(frozen=True, slots=True)
class Axis:
    """Where values from nought to `highest` stand between two places."""

    highest: float
    start: float
    end: float

    def at(self, value: float | Decimal) -> float:
        """The place of a value."""
        return self.start + (self.end - self.start) * float(value) / self.highest


def ramp(number: int) -> tuple[str, ...]:
    """So many colours from light to dark, as far apart as there are."""
    if number == 1:
        return (RAMP[-2],)
    return tuple(RAMP[round(place * (len(RAMP) - 1) / (number - 1))] for place in range(number))


def ink_on(colour: str) -> str:
    """The colour in which words stand out on another."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return INK if 0.299 * red + 0.587 * green + 0.114 * blue > 140 else WHITE


def bar(left: float, top: float, right: float, bottom: float, colour: str) -> Area:
    """A filled rectangle."""
    return Area(((left, top), (right, top), (right, bottom), (left, bottom)), colour)


def line(x1: float, y1: float, x2: float, y2: float, colour: str = GRID, width: float = 1.0) -> Stroke:
    """A straight line."""
    return Stroke(((x1, y1), (x2, y2)), colour, width)


def words(x: float, y: float, text: str, anchor: str = "start", *, strong: bool = False, colour: str = INK) -> Words:
    """A piece of text at the size of charts."""
    return Words(x, y, text, TEXT, anchor, colour, strong)  # type: ignore[arg-type]


def small(x: float, y: float, text: str, anchor: str = "start") -> Words:
    """A piece of smaller, greyer text, as along an axis."""
    return Words(x, y, text, SMALL, anchor, GREY)  # type: ignore[arg-type]


def on_paper(x: float, y: float, text: str) -> list[Shape]:
    """A piece of text on paper of its own, which covers lines behind it."""
    return [bar(x - 2, y - 11, x + text_width(text) + 2, y + 4, WHITE), words(x, y, text)]


def text_width(text: str, size: float = TEXT) -> float:
    """About how wide a text is."""
    return len(text) * size * LETTER


def ticks(highest: Decimal, about: int = 4) -> tuple[Decimal, ...]:
    """Round values from nought to at least the highest, about so many steps."""
    if highest <= 0:
        return (Decimal(0), Decimal(1))
    rough = highest / about
    power = Decimal(1).scaleb(rough.adjusted())
    step = next(step * power for step in STEPS if step * power >= rough)
    number = int((highest / step).to_integral_value(rounding="ROUND_CEILING"))
    return tuple(step * place for place in range(number + 1))


def number_words(number: Decimal) -> str:
    """A number with thousands separated and no needless decimals."""
    plain = f"{number:,f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def per_cent(share: Decimal, places: int = 0) -> str:
    """A share in per cent."""
    return f"{(share * 100).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP):f}%"


def key(names: Sequence[str], colours: Sequence[str], top: float) -> tuple[list[Shape], float]:
    """What each colour stands for, as many to a row as fit.

    Returns  the shapes, and the place below the last row.
    """
    shapes: list[Shape] = []
    x, y = 0.0, top
    for name, colour in zip(names, colours, strict=True):
        needed = 18 + text_width(name) + 12
        if x and x + needed > WIDTH:
            x, y = 0.0, y + 18
        shapes += [bar(x, y, x + 13, y + 13, colour), *_edge(x, y, 13), words(x + 18, y + 11, name)]
        x += needed
    return shapes, y + 18


def _edge(x: float, y: float, side: float) -> list[Shape]:
    corners = ((x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y))
    return [Stroke(corners, GREY, 0.75)]
