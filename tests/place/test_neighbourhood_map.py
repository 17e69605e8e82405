"""Does the map show every practice and neighbourhood, within its edges, in a way everyone can read?"""

from __future__ import annotations

from math import hypot

import pytest

from commonweal.place.formation.map_shapes import PALETTE, darker, map_shapes
from commonweal.place.formation.neighbourhoods import PracticePoint, form_neighbourhoods


def practices(count=12, size=15_000):
    """A grid of practices, two of them under one roof, one with an awkward name."""
    made = [
        PracticePoint(f"P{i:03}", f"Surgery {i}", size - 400 * i, 53.0 + i // 4 * 0.02, -2.0 + i % 4 * 0.04, None)
        for i in range(count - 1)
    ]
    return [*made, PracticePoint("P999", 'Smith & Sons <"The Elms">', size, 53.0, -2.0, None)]


@pytest.fixture(scope="module")
def formed():
    points = practices()
    formation = form_neighbourhoods(points, smallest=30_000, largest=50_000, keep_pcn="ignore", alternatives=0)
    return points, formation, map_shapes(points, formation)


def test_every_practice_is_a_circle_and_every_neighbourhood_an_outline_a_hub_and_a_label(formed):
    points, formation, drawing = formed
    assert len(drawing.circles) == len(points)
    codes = [group.code for group in formation.neighbourhoods]
    assert len(drawing.outlines) == len(drawing.hubs) == len(codes)
    assert [label.text for label in drawing.labels] == codes


def test_the_area_of_a_circle_follows_the_list(formed):
    points, _, drawing = formed
    radius = {circle.title.split()[0]: circle.radius for circle in drawing.circles}
    people = {point.code: point.people for point in points}
    assert radius["P010"] / radius["P000"] == pytest.approx((people["P010"] / people["P000"]) ** 0.5, rel=0.01)


def test_practices_under_one_roof_are_set_apart(formed):
    _, _, drawing = formed
    assert len({(circle.x, circle.y) for circle in drawing.circles}) == len(drawing.circles)


def test_everything_is_within_the_drawing(formed):
    _, _, drawing = formed
    for circle in drawing.circles:
        assert circle.radius <= circle.x <= drawing.width - circle.radius
        assert circle.radius <= circle.y <= drawing.height - circle.radius
    for outline in drawing.outlines:
        assert all(0 <= x <= drawing.width and 0 <= y <= drawing.height for x, y in outline.points)
    for words in (*drawing.labels, *drawing.legend, drawing.scale_words):
        assert 0 <= words.x <= drawing.width
        assert 0 <= words.y <= drawing.height


def test_north_is_up_and_east_is_right(formed):
    _, _, drawing = formed
    place = {circle.title.split()[0]: (circle.x, circle.y) for circle in drawing.circles}
    assert place["P009"][1] < place["P001"][1]
    assert place["P003"][0] > place["P001"][0]


def test_labels_do_not_cover_one_another(formed):
    _, _, drawing = formed
    spots = [(label.x, label.y) for label in drawing.labels]
    for number, (x, y) in enumerate(spots):
        assert all(hypot((x - a) / 2, y - b) > 9 for a, b in spots[:number])


def test_neighbourhoods_that_touch_have_different_colours(formed):
    _, formation, drawing = formed
    colour = {outline.title.split()[0]: outline.colour for outline in drawing.outlines}
    group_of = formation.neighbourhood_of()
    for link in formation.graph:
        a, b = group_of[link.first_code], group_of[link.second_code]
        assert a == b or colour[a] != colour[b]


def test_every_edge_stands_out_from_the_page():
    for colour in PALETTE:
        assert contrast(darker(colour), "#ffffff") >= 3


def contrast(one, other):
    """Contrast ratio as in the Web Content Accessibility Guidelines 2.2."""

    def light(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_description_says_how_many_people_each_neighbourhood_has(formed):
    _, formation, drawing = formed
    assert all(f"{group.people:,} people" in drawing.description for group in formation.neighbourhoods)


def test_the_same_places_in_another_order_give_the_same_drawing(formed):
    points, formation, drawing = formed
    assert map_shapes(list(reversed(points)), formation) == drawing


def test_one_practice_has_a_map_too():
    point = PracticePoint("P1", "Alone", 40_000, 53.0, -2.0, None)
    formation = form_neighbourhoods([point], smallest=30_000, largest=50_000, keep_pcn="ignore")
    assert len(map_shapes([point], formation).circles) == 1


def test_the_legend_of_many_neighbourhoods_runs_over_columns():
    points = [
        PracticePoint(f"P{i:03}", f"Surgery {i}", 40_000, 53.0 + i // 7 * 0.02, -2.0 + i % 7 * 0.04, None)
        for i in range(49)
    ]
    formation = form_neighbourhoods(points, smallest=30_000, largest=50_000, keep_pcn="ignore", alternatives=0)
    drawing = map_shapes(points, formation)
    assert len({key.x for key in drawing.legend_keys}) > 1
    assert all(key.x + 200 < drawing.width and key.y < drawing.height for key in drawing.legend_keys)
