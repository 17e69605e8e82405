"""What shapes is a map made of?

A drawing is plain shapes (x to the right, y down, both within the drawing), which any medium can draw.
"""

from __future__ import annotations

from dataclasses import dataclass

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
