"""What shapes make a picture, whoever draws it?

A few shapes in one plane, y downwards, units of about a pixel: the page draws them as SVG, the PDF as vectors.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

INK = "#212b32"
GREY = "#4c6272"
PALE = "#d8dde0"
WHITE = "#ffffff"

# Told apart in print and by people who see few colours only together with their labels, which every user of them adds.
PALETTE = ("#005eb8", "#00a499", "#ed8b00", "#7c2855", "#41b6e6", "#78be20", "#ae2573", "#768692", "#330072", "#ffb81c")

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Disc:
    """A filled circle; `label` is what it stands for, read out and shown on hovering."""

    x: float
    y: float
    radius: float
    colour: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line through points."""

    points: tuple[Point, ...]
    colour: str = GREY
    width: float = 1.0
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Area:
    """A filled polygon, seen through where `opacity` is below 1."""

    points: tuple[Point, ...]
    colour: str
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Words:
    """A piece of text with its baseline at y; a halo keeps it readable where it crosses other shapes."""

    x: float
    y: float
    text: str
    size: float = 14
    anchor: Literal["start", "middle", "end"] = "start"
    colour: str = INK
    strong: bool = False
    halo: bool = True


Shape = Disc | Stroke | Area | Words


@dataclass(frozen=True, slots=True)
class Picture:
    """Shapes in drawing order on a sheet of the given size."""

    width: float
    height: float
    shapes: tuple[Shape, ...]


def series_colour(number: int) -> str:
    """The colour of the nth series, neighbourhood or group; colours come round again after ten."""
    return PALETTE[number % len(PALETTE)]
