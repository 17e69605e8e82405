"""How is the map of the neighbourhoods drawn on pages and in print?"""

from __future__ import annotations

from commonweal.place.formation.forming import PlaceFormation
from commonweal.place.formation.map_drawing import MapDrawing
from commonweal.place.formation.map_shapes import map_shapes
from commonweal.place.formation.neighbourhoods import Formation
from commonweal.web.document import Drawing
from commonweal.web.html import picture_svg
from commonweal.web.picture import Area, Disc, Picture, Shape, Stroke, Words


def map_svg_text(formed: PlaceFormation) -> str:
    """The map as an SVG file of its own."""
    return picture_svg(map_block(formed.formation, map_picture(formed)))


def map_block(formation: Formation, picture: Picture) -> Drawing:
    """The map with what it shows in words, for who cannot see it."""
    words = "; ".join(
        f"{n.code} {n.name}, {n.people:,} people in {_practices(len(n.practice_codes))}"
        for n in formation.neighbourhoods
    )
    return Drawing(
        "Map of the neighbourhoods",
        f"Each disc is a practice, drawn by list size; a ring marks a hub. {words}.",
        picture,
    )


def _practices(number: int) -> str:
    return "1 practice" if number == 1 else f"{number} practices"


def map_picture(formed: PlaceFormation) -> Picture:
    """The map as a picture for any document."""
    return picture_of(map_shapes(formed.points, formed.formation))


def picture_of(drawing: MapDrawing) -> Picture:
    """A map's shapes as a picture's, back to front."""
    shapes: list[Shape] = []
    for outline in drawing.outlines:
        shapes.append(Area(outline.points, outline.colour, 0.25))
        shapes.append(Stroke((*outline.points, outline.points[0]), outline.edge, 1.5))
    shapes += [Stroke((s.start, s.end), s.colour, s.width) for s in (*drawing.links, *drawing.scale_bar)]
    shapes += [Disc(c.x, c.y, c.radius, c.colour, c.title) for c in (*drawing.circles, *drawing.legend_keys)]
    shapes += [_ring(hub.x, hub.y, hub.radius) for hub in drawing.hubs]
    for words in (*drawing.labels, *drawing.legend, drawing.scale_words):
        anchor = words.anchor if words.anchor in ("start", "middle", "end") else "start"
        shapes.append(Words(words.x, words.y, words.text, words.size, anchor, words.colour, words.bold))  # type: ignore[arg-type]
    return Picture(drawing.width, drawing.height, tuple(shapes))


def _ring(x: float, y: float, radius: float) -> Stroke:
    # A ring of sixteen sides is round at the size of a hub, and needs no shape of its own in any medium.
    corners = ((1, 0), (0.92, 0.38), (0.71, 0.71), (0.38, 0.92), (0, 1), (-0.38, 0.92), (-0.71, 0.71), (-0.92, 0.38))
    half = tuple((x + radius * dx, y + radius * dy) for dx, dy in corners)
    rest = tuple((2 * x - px, 2 * y - py) for px, py in half)
    return Stroke((*half, *rest, half[0]), "#212b32", 2.0)
