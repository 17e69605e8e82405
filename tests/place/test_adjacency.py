"""Are neighbours who they should be, and is every place connected?"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonweal.place.formation.adjacency import distances_km, neighbour_graph, projected_km

coordinates = st.tuples(
    st.integers(min_value=-30, max_value=30).map(lambda step: 53 + step / 100),
    st.integers(min_value=-30, max_value=30).map(lambda step: -2 + step / 100),
)


def pairs(points, **options):
    graph = neighbour_graph([a for a, _ in points], [b for _, b in points], **options)
    return {(link.first, link.second) for link in graph.links}


def connected(count, links):
    reached, frontier = {0}, [0]
    while frontier:
        at = frontier.pop()
        for a, b in links:
            if at in (a, b) and not {a, b} <= reached:
                frontier.append(b if at == a else a)
                reached |= {a, b}
    return len(reached) == count


def test_one_practice_has_no_neighbours():
    assert pairs([(53.0, -2.0)]) == set()


def test_no_practices_have_no_neighbours():
    assert neighbour_graph([], []).links == ()


def test_two_practices_are_neighbours():
    assert pairs([(53.0, -2.0), (53.1, -2.1)]) == {(0, 1)}


def test_three_practices_on_a_line_are_neighbours_in_turn():
    assert pairs([(53.0, -2.0), (53.2, -2.0), (53.1, -2.0)]) == {(0, 2), (1, 2)}


def test_a_practice_between_two_others_stands_in_the_way():
    wide = [(53.0, -2.0), (53.0, -1.8), (53.001, -1.9)]
    assert (0, 1) not in pairs(wide)


def test_practices_under_one_roof_are_neighbours_of_each_other_and_of_the_same_others():
    links = pairs([(53.0, -2.0), (53.0, -2.0), (53.0, -2.0), (53.1, -2.0)])
    assert links == {(0, 1), (0, 2), (1, 2), (0, 3), (1, 3), (2, 3)}


def test_a_cluster_beyond_the_longest_link_is_named_and_joined_by_the_shortest_link():
    town = [(53.00, -2.00), (53.01, -2.00), (53.00, -2.01)]
    island = [(53.30, -2.00), (53.31, -2.00)]
    graph = neighbour_graph([a for a, _ in town + island], [b for _, b in town + island], longest_link_km=5.0)
    assert graph.cut_off == ((3, 4),)
    assert [(link.first, link.second) for link in graph.links if link.kind == "joined"] == [(1, 3)]


def test_a_degree_of_latitude_is_about_111_km():
    points = projected_km([53.0, 54.0], [-2.0, -2.0])
    assert distances_km(points)[0, 1] == pytest.approx(111.2, abs=0.2)


def test_distance_on_the_flat_map_agrees_with_the_great_circle():
    lat, lon = [53.2, 53.7], [-2.4, -1.7]
    a, b = np.radians(lat)
    half = np.sin((b - a) / 2) ** 2 + np.cos(a) * np.cos(b) * np.sin(np.radians(lon[1] - lon[0]) / 2) ** 2
    circle = 2 * 6371.0088 * np.arcsin(np.sqrt(half))
    assert distances_km(projected_km(lat, lon))[0, 1] == pytest.approx(circle, rel=0.001)


@given(st.lists(coordinates, min_size=1, max_size=14))
def test_every_place_is_connected(points):
    assert connected(len(points), pairs(points))


@given(st.lists(coordinates, min_size=1, max_size=10), st.floats(min_value=0.1, max_value=20))
def test_every_place_is_connected_whatever_the_longest_link(points, longest):
    assert connected(len(points), pairs(points, longest_link_km=longest))


@given(st.lists(coordinates, min_size=2, max_size=10, unique=True))
def test_the_nearest_other_practice_is_always_a_neighbour(points):
    distance = distances_km(projected_km([a for a, _ in points], [b for _, b in points]))
    np.fill_diagonal(distance, np.inf)
    links = pairs(points)
    for i in range(len(points)):
        nearest = np.flatnonzero(distance[i] <= distance[i].min() + 1e-9)
        assert any((min(i, int(j)), max(i, int(j))) in links for j in nearest)
