"""What shapes is a map made of, and how are they written as SVG?

A drawing is plain shapes (x to the right, y down, both within the drawing), which any medium can draw; SVG is
one of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

INK, QUIET, PAPER = "#1b1b1b", "#6b6b6b", "#ffffff"

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Circle:
    """A practice: area in proportion to its list; title is what a reader hears or sees on pointing at it."""

    x: float
    y: float
    radius: float
    colour: str
    edge: str
    title: str


@dataclass(frozen=True, slots=True)
class HubMark:
    """A ring around the hub practice of a neighbourhood."""

    x: float
    y: float
    radius: float
    title: str


@dataclass(frozen=True, slots=True)
class Outline:
    """The ground a neighbourhood covers, as a closed polygon."""

    points: tuple[Point, ...]
    colour: str
    edge: str
    title: str


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight line: a neighbour link (quiet), or part of the scale bar."""

    start: Point
    end: Point
    width: float
    colour: str


@dataclass(frozen=True, slots=True)
class Words:
    """Text at a point; anchor is start, middle or end; bold for the codes of neighbourhoods."""

    x: float
    y: float
    text: str
    size: float
    anchor: str = "start"
    bold: bool = False
    colour: str = INK


@dataclass(frozen=True, slots=True)
class MapDrawing:
    """Everything on the map, back to front: outlines, links, circles, hubs, labels; then legend and scale bar."""

    width: float
    height: float
    title: str
    description: str
    outlines: tuple[Outline, ...]
    links: tuple[Stroke, ...]
    circles: tuple[Circle, ...]
    hubs: tuple[HubMark, ...]
    labels: tuple[Words, ...]
    legend_keys: tuple[Circle, ...]
    legend: tuple[Words, ...]
    scale_bar: tuple[Stroke, ...]
    scale_words: Words


def map_svg(drawing: MapDrawing) -> str:
    """The drawing as one accessible SVG element, the same bytes every time.

    Takes    drawing from `map_shapes`.
    Returns  SVG text with a title and a description; no script, no outside reference.
    Raises   nothing.
    """
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="map-title map-desc" '
        f'viewBox="0 0 {_n(drawing.width)} {_n(drawing.height)}" font-family="Arial, Helvetica, sans-serif">',
        f'<title id="map-title">{escape(drawing.title)}</title>',
        f'<desc id="map-desc">{escape(drawing.description)}</desc>',
        f'<rect width="{_n(drawing.width)}" height="{_n(drawing.height)}" fill="{PAPER}"/>',
    ]
    for outline in drawing.outlines:
        points = " ".join(f"{_n(x)},{_n(y)}" for x, y in outline.points)
        parts.append(
            f'<polygon points="{points}" fill="{outline.colour}" fill-opacity="0.2" stroke="{outline.edge}" '
            f'stroke-width="2" stroke-linejoin="round"><title>{escape(outline.title)}</title></polygon>'
        )
    parts += [_stroke(stroke) for stroke in drawing.links]
    parts += [_circle(circle) for circle in drawing.circles]
    for hub in drawing.hubs:
        parts.append(
            f'<circle cx="{_n(hub.x)}" cy="{_n(hub.y)}" r="{_n(hub.radius)}" fill="none" stroke="{INK}" '
            f'stroke-width="2"><title>{escape(hub.title)}</title></circle>'
        )
    parts += [_words(label, halo=True) for label in drawing.labels]
    parts += [_circle(key) for key in drawing.legend_keys]
    parts += [_words(words) for words in drawing.legend]
    parts += [_stroke(stroke) for stroke in drawing.scale_bar]
    parts.append(_words(drawing.scale_words))
    parts.append("</svg>")
    return "\n".join(parts) + "\n"


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _stroke(stroke: Stroke) -> str:
    (x1, y1), (x2, y2) = stroke.start, stroke.end
    return (
        f'<line x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}" stroke="{stroke.colour}" '
        f'stroke-width="{_n(stroke.width)}"/>'
    )


def _circle(circle: Circle) -> str:
    return (
        f'<circle cx="{_n(circle.x)}" cy="{_n(circle.y)}" r="{_n(circle.radius)}" fill="{circle.colour}" '
        f'stroke="{circle.edge}" stroke-width="1"><title>{escape(circle.title)}</title></circle>'
    )


def _words(words: Words, *, halo: bool = False) -> str:
    weight = ' font-weight="bold"' if words.bold else ""
    edge = f' stroke="{PAPER}" stroke-width="4" stroke-linejoin="round" paint-order="stroke"' if halo else ""
    return (
        f'<text x="{_n(words.x)}" y="{_n(words.y)}" font-size="{_n(words.size)}" text-anchor="{words.anchor}"'
        f'{weight} fill="{words.colour}"{edge}>{escape(words.text)}</text>'
    )
