"""Is every feasible group found once, and is its distance right?"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonweal.place.formation.adjacency import distances_km, neighbour_graph, projected_km
from commonweal.place.formation.grouping import (
    best_hub,
    bundled,
    connected_groups,
    group_person_km,
    neighbour_masks,
    person_km,
)


def is_connected(group, pairs):
    reached, frontier = {group[0]}, [group[0]]
    while frontier:
        at = frontier.pop()
        for other in group:
            if other not in reached and ((at, other) in pairs or (other, at) in pairs):
                reached.add(other)
                frontier.append(other)
    return len(reached) == len(group)


def by_trying_all(sizes, pairs, smallest, largest, apart=()):
    units = range(len(sizes))
    return [
        group
        for length in range(1, len(sizes) + 1)
        for group in combinations(units, length)
        if smallest <= sum(sizes[u] for u in group) <= largest
        and is_connected(group, pairs)
        and not any(a in group and b in group for a, b in apart)
    ]


@st.composite
def graphs(draw):
    count = draw(st.integers(min_value=1, max_value=9))
    sizes = draw(st.lists(st.integers(min_value=0, max_value=20), min_size=count, max_size=count))
    every = list(combinations(range(count), 2))
    pairs = set(draw(st.lists(st.sampled_from(every), unique=True))) if every else set()
    apart = draw(st.lists(st.sampled_from(every), unique=True, max_size=3)) if every else []
    smallest = draw(st.integers(min_value=1, max_value=30))
    return sizes, pairs, apart, smallest, smallest + draw(st.integers(min_value=0, max_value=30))


@given(graphs())
def test_enumeration_finds_what_trying_all_subsets_finds(case):
    sizes, pairs, apart, smallest, largest = case
    count = len(sizes)
    found = connected_groups(
        neighbour_masks(count, pairs), sizes, smallest, largest, conflicts=neighbour_masks(count, apart)
    )
    assert found.complete
    assert found.members == sorted(by_trying_all(sizes, pairs, smallest, largest, apart))


def test_enumeration_on_thirteen_practices_finds_what_trying_all_subsets_finds():
    chance = np.random.default_rng(13)
    points = np.array([53.0, -2.0]) + chance.uniform(0, 0.2, (13, 2))
    sizes = chance.integers(2_000, 20_000, 13).tolist()
    graph = neighbour_graph(points[:, 0].tolist(), points[:, 1].tolist())
    pairs = {(link.first, link.second) for link in graph.links}
    found = connected_groups(neighbour_masks(13, pairs), sizes, 30_000, 50_000)
    assert found.members == sorted(by_trying_all(sizes, pairs, 30_000, 50_000))
    assert len(found.members) > 100


def test_enumeration_says_when_it_stopped_early():
    count = 12
    masks = neighbour_masks(count, combinations(range(count), 2))
    assert not connected_groups(masks, [10] * count, 10, 60, most_groups=50).complete
    assert not connected_groups(masks, [10] * count, 10, 60, most_steps=50).complete


def test_bundles_follow_chains_of_pairs():
    units, unit_of = bundled(5, [(0, 3), (3, 4)], [1, 2, 3, 4, 5])
    assert [unit.practices for unit in units] == [(0, 3, 4), (1,), (2,)]
    assert [unit.people for unit in units] == [10, 2, 3]
    assert unit_of == [0, 1, 2, 0, 0]


def test_a_group_is_measured_from_its_best_hub_by_list():
    people = [100, 300, 200]
    travel = person_km(distances_km(projected_km([53.0, 53.0, 53.0], [-2.0, -1.9, -1.8])), people)
    units, _ = bundled(3, [], people)
    step = distances_km(projected_km([53.0, 53.0], [-2.0, -1.9]))[0, 1]
    cost = group_person_km([(0, 1, 2), (1,)], units, travel)
    assert cost[0] == pytest.approx(300 * step, rel=1e-4)
    assert cost[1] == 0
    assert best_hub((0, 1, 2), travel, people) == 1


def test_of_hubs_equally_near_the_largest_practice_is_taken():
    people = [100, 300, 200]
    travel = person_km(np.zeros((3, 3)), people)
    assert best_hub((0, 1, 2), travel, people) == 1


def test_a_bundle_may_use_any_of_its_practices_as_hub():
    people = [10, 500, 10]
    travel = person_km(distances_km(projected_km([53.0] * 3, [-2.0, -1.9, -1.8])), people)
    units, _ = bundled(3, [(0, 1)], people)
    apart, _ = bundled(3, [], people)
    assert group_person_km([(0, 1)], units, travel)[0] == pytest.approx(group_person_km([(0, 1, 2)], apart, travel)[0])
