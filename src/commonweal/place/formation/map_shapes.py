"""What does the map of neighbourhoods show?

`map_shapes` makes a drawing of plain shapes. Colour never carries anything alone: every neighbourhood is also
labelled with its code and outlined.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, cos, hypot, pi, sin, sqrt

import numpy as np
from scipy.spatial import ConvexHull

from commonweal.place.formation.adjacency import projected_km
from commonweal.place.formation.map_drawing import (
    INK,
    QUIET,
    Circle,
    HubMark,
    MapDrawing,
    Outline,
    Point,
    Stroke,
    Words,
)
from commonweal.place.formation.neighbourhoods import Formation, Neighbourhood
from commonweal.place.formation.task import PracticePoint

__all__ = ["Circle", "HubMark", "MapDrawing", "Outline", "Stroke", "Words", "map_shapes"]

# Okabe and Ito 2008: told apart under the common forms of colour blindness. Black is kept for text.
PALETTE = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442")
MARGIN = 34.0
LEGEND_WIDTH = 280.0
LEGEND_LINE = 34.0
LEGEND_COLUMNS = 3
# Edges are drawn in a darker shade, so that pale colours keep a contrast of three to one against the page.
DARKER = 0.58
LABEL_SIZE = 15.0
TEXT_SIZE = 13.0
# Radius of the circle of the largest list, as a share of the drawing's shorter side, and the least radius seen.
LARGEST_CIRCLE = 0.022
SMALLEST_RADIUS = 2.5


@dataclass(frozen=True, slots=True)
class _Frame:
    """How km on the ground become points of the drawing."""

    places: dict[str, Point]
    points_per_km: float
    width: float
    height: float
    largest_list: int

    def radius(self, people: int) -> float:
        largest = LARGEST_CIRCLE * min(self.width, self.height)
        return max(SMALLEST_RADIUS, largest * sqrt(people / max(1, self.largest_list)))


def map_shapes(practices: Sequence[PracticePoint], formation: Formation, *, width: float = 720) -> MapDrawing:
    """The map as shapes.

    Takes    practices: the points given to `form_neighbourhoods`; formation: what it returned; width of the
             map itself, the legend comes beside it.
    Returns  MapDrawing; the same for any order of practices.
    Raises   KeyError when a practice of the formation is not among the practices.
    """
    ordered = sorted(practices, key=lambda practice: practice.code)
    frame = _frame(ordered, width, len(formation.neighbourhoods))
    colours = _colours(formation)
    by_code = {practice.code: practice for practice in ordered}
    outlines, circles, hubs = [], [], []
    for group in formation.neighbourhoods:
        colour = colours[group.code]
        outlines.append(Outline(_outline(frame, group, by_code), colour, darker(colour), _group_words(group)))
        circles += _circles(frame, [by_code[code] for code in group.practice_codes], colour, group.code)
        x, y = frame.places[group.hub_code]
        radius = frame.radius(by_code[group.hub_code].people) + 3
        hubs.append(HubMark(x, y, radius, f"Hub of {group.code}: {by_code[group.hub_code].name}"))
    links = tuple(
        Stroke(frame.places[link.first_code], frame.places[link.second_code], 0.8, "#b9b9b9")
        for link in formation.graph
        if frame.places[link.first_code] != frame.places[link.second_code]
    )
    keys, legend = _legend(frame, formation, colours)
    bar, bar_words = _scale_bar(frame)
    return MapDrawing(
        width=frame.width + LEGEND_WIDTH * ceil(len(formation.neighbourhoods) / _legend_rows(frame)),
        height=frame.height,
        title=f"Map of {len(formation.neighbourhoods)} neighbourhoods of {len(ordered)} practices",
        description=_description(formation),
        outlines=tuple(outlines),
        links=links,
        # Large circles first, so that a small practice is never hidden behind a large one.
        circles=tuple(sorted(circles, key=lambda circle: (-circle.radius, circle.title))),
        hubs=tuple(hubs),
        labels=tuple(_labels(frame, formation, circles)),
        legend_keys=keys,
        legend=legend,
        scale_bar=bar,
        scale_words=bar_words,
    )


def _frame(practices: Sequence[PracticePoint], width: float, groups: int) -> _Frame:
    points = projected_km([p.latitude for p in practices], [p.longitude for p in practices])
    low, high = points.min(axis=0), points.max(axis=0)
    across, down = (float(step) for step in np.maximum(high - low, 0.5))
    inner = width - 2 * MARGIN
    # Tall places are narrowed so that the map stays on one screen or page.
    points_per_km = min(inner / across, 1.25 * inner / down)
    least_rows = ceil(groups / LEGEND_COLUMNS)
    height = max(points_per_km * down + 2 * MARGIN + 24, 120 + LEGEND_LINE * least_rows, 0.5 * width)
    left = (width - points_per_km * float(high[0] - low[0])) / 2
    top = (height - 24 - points_per_km * float(high[1] - low[1])) / 2
    places = {
        practice.code: (
            round(left + points_per_km * float(x - low[0]), 2),
            round(top + points_per_km * float(high[1] - y), 2),
        )
        for practice, (x, y) in zip(practices, points, strict=True)
    }
    frame = _Frame(places, points_per_km, width, round(height, 2), max(p.people for p in practices))
    return _spread(frame, practices)


def _spread(frame: _Frame, practices: Sequence[PracticePoint]) -> _Frame:
    """Practices under one roof set side by side around their point, so that each can be seen."""
    on_point: dict[Point, list[PracticePoint]] = {}
    for practice in practices:
        on_point.setdefault(frame.places[practice.code], []).append(practice)
    places = dict(frame.places)
    for (x, y), own in on_point.items():
        if len(own) == 1:
            continue
        reach = max(frame.radius(practice.people) for practice in own) / sin(pi / max(len(own), 2))
        for number, practice in enumerate(own):
            turn = 2 * pi * number / len(own)
            places[practice.code] = (round(x + 0.8 * reach * cos(turn), 2), round(y + 0.8 * reach * sin(turn), 2))
    return _Frame(places, frame.points_per_km, frame.width, frame.height, frame.largest_list)


def _colours(formation: Formation) -> dict[str, str]:
    """A colour for each neighbourhood, different from its neighbours' where the palette allows."""
    group_of = formation.neighbourhood_of()
    touching: dict[str, set[str]] = {group.code: set() for group in formation.neighbourhoods}
    for link in formation.graph:
        a, b = group_of[link.first_code], group_of[link.second_code]
        if a != b:
            touching[a].add(b)
            touching[b].add(a)
    colours: dict[str, str] = {}
    uses = dict.fromkeys(PALETTE, 0)
    for group in formation.neighbourhoods:
        near = [colours[other] for other in touching[group.code] if other in colours]
        colour = min(PALETTE, key=lambda one: (near.count(one), uses[one], PALETTE.index(one)))
        colours[group.code] = colour
        uses[colour] += 1
    return colours


def _circles(frame: _Frame, practices: Sequence[PracticePoint], colour: str, code: str) -> list[Circle]:
    return [
        Circle(
            *frame.places[practice.code],
            round(frame.radius(practice.people), 2),
            colour,
            darker(colour),
            f"{practice.code} {practice.name}: {practice.people:,} people, {code}",
        )
        for practice in practices
    ]


def _outline(frame: _Frame, group: Neighbourhood, by_code: dict[str, PracticePoint]) -> tuple[Point, ...]:
    """The hull around the circles of a group, a little outside them."""
    rim = []
    for code in group.practice_codes:
        x, y = frame.places[code]
        reach = frame.radius(by_code[code].people) + 6
        rim += [(x + reach * cos(pi * step / 8), y + reach * sin(pi * step / 8)) for step in range(16)]
    points = np.array(rim)
    return tuple((round(float(x), 2), round(float(y), 2)) for x, y in points[ConvexHull(points).vertices])


def _labels(frame: _Frame, formation: Formation, circles: Sequence[Circle]) -> list[Words]:
    """Codes of the neighbourhoods beside their hubs, where they are clear of circles and of codes placed before."""
    placed: list[Point] = []
    labels = []
    discs = np.array([(circle.x, circle.y, circle.radius) for circle in circles])
    by_place = {(circle.x, circle.y): circle.radius for circle in circles}
    for group in formation.neighbourhoods:
        x, y = frame.places[group.hub_code]
        ring = by_place[(x, y)] + 3
        options = [
            (x + (reach + 6) * cos(pi * step / 6), y + reach * sin(pi * step / 6))
            for reach in (ring + 9, ring + 16, ring + 26)
            for step in (9, 8, 10, 7, 11, 6, 0, 5, 1, 4, 2, 3)
        ]
        inside = [(a, b) for a, b in options if 20 <= a <= frame.width - 20 and LABEL_SIZE <= b <= frame.height - 40]
        a, b = max(inside or options, key=lambda option: _room(option, placed, discs))
        placed.append((a, b))
        labels.append(Words(round(a, 2), round(b + LABEL_SIZE / 3, 2), group.code, LABEL_SIZE, "middle", True))
    return labels


def _room(option: Point, placed: Sequence[Point], discs) -> float:
    """How clear a spot for a label is, up to the point where more room makes no difference."""
    to_labels = min((hypot((option[0] - a) / 2, option[1] - b) for a, b in placed), default=99.0)
    across = np.maximum(np.abs(discs[:, 0] - option[0]) - LABEL_SIZE, 0)
    down = np.maximum(np.abs(discs[:, 1] - option[1]) - LABEL_SIZE / 2, 0)
    to_circles = float((np.hypot(across, down) - discs[:, 2]).min())
    return round(min(to_labels, 16.0) + min(to_circles, 3.0), 6)


def _group_words(group: Neighbourhood) -> str:
    return f"{group.code} {group.name}: {len(group.practice_codes)} practices, {group.people:,} people"


def _description(formation: Formation) -> str:
    groups = "; ".join(_group_words(group) for group in formation.neighbourhoods)
    return (
        f"Each circle is a practice, its area in proportion to its list; a ring marks the hub. {groups}. "
        f"Mean straight-line distance to the hub {formation.km_per_patient:.2f} km a patient."
    )


def _legend_rows(frame: _Frame) -> int:
    return max(1, int((frame.height - 110) // LEGEND_LINE))


def _legend(frame, formation, colours) -> tuple[tuple[Circle, ...], tuple[Words, ...]]:
    """One entry a neighbourhood, in columns; below the first column what circle and ring mean."""
    left, rows = frame.width + 10, _legend_rows(frame)
    keys: list[Circle] = []
    words = [Words(left, 30, "Neighbourhoods", LABEL_SIZE, bold=True)]
    for number, group in enumerate(formation.neighbourhoods):
        x, y = left + LEGEND_WIDTH * (number // rows), 56 + LEGEND_LINE * (number % rows)
        colour = colours[group.code]
        keys.append(Circle(x + 7, y, 7, colour, darker(colour), _group_words(group)))
        words.append(Words(x + 22, y + 1, _cut(f"{group.code}  {group.name}", 36), TEXT_SIZE))
        outside = group.outside_people
        tail = f", {outside:,} over" if outside > 0 else f", {-outside:,} short" if outside < 0 else ""
        people = f"{group.people:,} people{tail}; {group.mean_km:.1f} km to hub"
        words.append(Words(x + 22, y + 16, people, TEXT_SIZE - 1, colour=QUIET))
    y = 56 + LEGEND_LINE * min(rows, len(formation.neighbourhoods))
    words.append(Words(left, y + 8, "Circle area: registered list. Ring: hub.", TEXT_SIZE - 1, colour=QUIET))
    return tuple(keys), tuple(words)


def darker(colour: str) -> str:
    """A darker shade of a colour given as #rrggbb."""
    return "#" + "".join(f"{round(int(colour[i : i + 2], 16) * DARKER):02x}" for i in (1, 3, 5))


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _scale_bar(frame: _Frame) -> tuple[tuple[Stroke, ...], Words]:
    """A bar of a round number of km, about a quarter of the map at most."""
    rounds = [base * 10.0**power for power in range(-2, 4) for base in (1, 2, 5)]
    fitting = [km for km in rounds if km * frame.points_per_km <= frame.width / 4]
    km = max(fitting, default=rounds[0])
    y, left = frame.height - 16, 16.0
    right = round(left + km * frame.points_per_km, 2)
    strokes = (
        Stroke((left, y), (right, y), 2, INK),
        Stroke((left, y - 5), (left, y + 1), 2, INK),
        Stroke((right, y - 5), (right, y + 1), 2, INK),
    )
    return strokes, Words(right + 8, y + 2, f"{km:g} km", TEXT_SIZE)
