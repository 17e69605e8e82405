"""Are the neighbourhoods formed what was asked for, and is what cannot be had explained?"""

from __future__ import annotations

from itertools import combinations
from time import monotonic

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commonweal.place.formation.local_plans import mended, reworked
from commonweal.place.formation.neighbourhoods import FormationError, PracticePoint, form_neighbourhoods
from commonweal.place.formation.search import Effort
from commonweal.place.formation.task import outside_band, prepared

SMALLEST, LARGEST = 30_000, 50_000


def practice(number, people, east=0.0, north=0.0, pcn=None):
    """A practice some km east and north of a point in Lancashire."""
    return PracticePoint(
        f"P{number:05}", f"Practice {number}", people, 53.8 + north / 111.2, -2.9 + east / 65.7, pcn, pcn
    )


def row(*people, **more):
    """Practices in a line, two km apart."""
    return [practice(i, size, east=2.0 * i, **more) for i, size in enumerate(people)]


def scattered(seed, count, low=2_000, high=20_000):
    chance = np.random.default_rng(seed)
    places = chance.normal(0, 5, (count, 2)).round(3)
    lists = chance.integers(low, high, count)
    return [
        practice(i, int(size), east=float(x), north=float(y), pcn=f"U{i % 4}")
        for i, ((x, y), size) in enumerate(zip(places, lists, strict=True))
    ]


def form(practices, **options):
    options = {"smallest": SMALLEST, "largest": LARGEST, "keep_pcn": "ignore"} | options
    return form_neighbourhoods(practices, **options)


def holds_together(codes, graph):
    reached, frontier = {codes[0]}, [codes[0]]
    while frontier:
        at = frontier.pop()
        for link in graph:
            ends = {link.first_code, link.second_code}
            if at in ends and ends <= set(codes) and not ends <= reached:
                frontier += ends - reached
                reached |= ends
    return reached == set(codes)


def check(practices, formation):
    """What holds of every formation."""
    placed = [code for group in formation.neighbourhoods for code in group.practice_codes]
    assert sorted(placed) == sorted(p.code for p in practices)
    people = {p.code: p.people for p in practices}
    for group in formation.neighbourhoods:
        assert holds_together(group.practice_codes, formation.graph)
        assert group.people == sum(people[code] for code in group.practice_codes)
        assert group.hub_code in group.practice_codes
        if formation.status != "relaxed":
            assert formation.smallest <= group.people <= formation.largest
    assert (formation.status == "relaxed") == (formation.people_outside > 0)
    if formation.gap is not None:
        assert 0 <= formation.gap <= 1
        assert formation.bound_km <= formation.cost_km + 1e-9
    for other in formation.alternatives:
        if formation.status != "relaxed":
            assert all(
                formation.smallest <= sum(people[code] for code in own) <= formation.largest
                for own in other.practice_codes
            )
        assert sorted(code for own in other.practice_codes for code in own) == sorted(placed)
        assert other.more_km_per_patient >= 0
        assert other.moves


def shortest_by_trying_all(practices, formation):
    """Least km per patient over every partition into connected groups within the bounds."""
    by_code = {p.code: p for p in practices}
    lat = np.array([p.latitude for p in practices])
    middle = np.radians((lat.min() + lat.max()) / 2)

    def km(a, b):
        north = np.radians(a.latitude - b.latitude)
        east = np.radians(a.longitude - b.longitude) * np.cos(middle)
        return 6371.0088 * float(np.hypot(north, east))

    costs = {}
    codes = sorted(by_code)
    for length in range(1, len(codes) + 1):
        for own in combinations(codes, length):
            size = sum(by_code[code].people for code in own)
            if formation.smallest <= size <= formation.largest and holds_together(own, formation.graph):
                costs[own] = min(sum(by_code[c].people * km(by_code[c], by_code[hub]) for c in own) for hub in own)

    def least(left):
        if not left:
            return 0.0
        first = min(left)
        return min(
            (cost + least(left - set(own)) for own, cost in costs.items() if first in own and set(own) <= left),
            default=float("inf"),
        )

    return least(frozenset(codes)) / sum(p.people for p in practices)


@pytest.mark.parametrize("seed", range(4))
def test_the_plan_is_the_shortest_of_all_partitions(seed):
    practices = scattered(seed, 11)
    formation = form(practices)
    check(practices, formation)
    assert formation.status == "proven optimum"
    assert formation.km_per_patient == pytest.approx(shortest_by_trying_all(practices, formation), abs=1e-9)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10_000), st.integers(1, 12), st.sampled_from(["always", "prefer", "ignore"]), st.randoms())
def test_whatever_the_place_every_practice_is_placed_once_and_order_changes_nothing(seed, count, keep, chance):
    practices = scattered(seed, count)
    formation = form(practices, keep_pcn=keep, alternatives=3)
    check(practices, formation)
    if keep == "always":
        assert formation.pcns_split == ()
    shuffled = list(practices)
    chance.shuffle(shuffled)
    assert form(shuffled, keep_pcn=keep, alternatives=3) == formation


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10_000), st.data())
def test_pairs_together_and_apart_hold(seed, data):
    practices = scattered(seed, 10)
    pairs = list(combinations([p.code for p in practices], 2))
    together = data.draw(st.lists(st.sampled_from(pairs), max_size=2, unique=True))
    apart = data.draw(st.lists(st.sampled_from(pairs), max_size=2, unique=True))
    try:
        formation = form(practices, together=together, apart=apart, alternatives=2)
    except FormationError:
        assert bound_together(together, apart)
        return
    check(practices, formation)
    group_of = formation.neighbourhood_of()
    assert all(group_of[a] == group_of[b] for a, b in together)
    assert all(group_of[a] != group_of[b] for a, b in apart)


def bound_together(together, apart):
    """Whether any pair to be kept apart is held together by the others."""
    groups = []
    for pair in together:
        touching = [own for own in groups if own & set(pair)]
        groups = [own for own in groups if own not in touching] + [set(pair).union(*touching)]
    return any(set(pair) <= own for pair in apart for own in groups)


def test_practices_under_one_roof_can_serve_two_neighbourhoods():
    practices = [practice(i, 15_000) for i in range(4)]
    formation = form(practices)
    check(practices, formation)
    assert [group.people for group in formation.neighbourhoods] == [30_000, 30_000]
    assert formation.km_per_patient == 0
    assert formation.gap == 0


def test_a_place_too_large_for_one_and_too_small_for_two_is_explained():
    formation = form(row(11_000, 11_000, 11_000, 11_000, 11_000))
    assert formation.status == "relaxed"
    assert formation.proven
    assert formation.people_outside == 5_000
    assert any(
        "55,000 people cannot be divided" in note
        and "1 would be 5,000 over" in note
        and "2 would be 5,000 short" in note
        for note in formation.notes
    )


def test_a_place_smaller_than_one_neighbourhood_is_one_short_neighbourhood():
    formation = form(row(6_000, 6_000))
    assert [group.outside_people for group in formation.neighbourhoods] == [-18_000]
    assert any("18,000 short" in note for note in formation.notes)


def test_a_practice_above_the_largest_size_stands_alone_and_is_named():
    formation = form([*row(16_000, 16_000), practice(7, 60_000, east=8.0), practice(8, 35_000, east=12.0)])
    assert formation.status == "relaxed"
    assert sorted(group.outside_people for group in formation.neighbourhoods) == [0, 0, 10_000]
    assert any("P00007" in note and "10,000 above" in note for note in formation.notes)


def test_next_best_plans_are_no_further_outside_the_bounds_than_the_plan():
    practices = [*row(16_000, 16_000), practice(7, 60_000, east=8.0), practice(8, 35_000, east=12.0)]
    for other in form(practices).alternatives:
        sizes = [sum(p.people for p in practices if p.code in own) for own in other.practice_codes]
        assert sum(max(0, SMALLEST - size, size - LARGEST) for size in sizes) == 10_000


def test_a_pcn_above_the_largest_size_is_named_when_kept_whole():
    practices = [*row(20_000, 20_000, 20_000, pcn="U1"), practice(9, 40_000, east=9.0, pcn="U2")]
    whole = form(practices, keep_pcn="always")
    assert whole.status == "relaxed"
    assert any("PCN U1, kept whole, has 60,000 people" in note for note in whole.notes)
    assert whole.pcns_split == ()


def test_a_pcn_is_split_only_when_that_saves_more_than_the_charge():
    practices = [
        practice(0, 15_000, east=0.0, pcn="U1"),
        practice(1, 15_000, east=4.0, pcn="U1"),
        practice(2, 15_000, north=0.5, east=0.0, pcn="U2"),
        practice(3, 15_000, north=0.5, east=4.0, pcn="U2"),
    ]
    assert form(practices).pcns_split == ("U1", "U2")
    assert form(practices, keep_pcn="prefer", split_km=5.0).pcns_split == ()
    assert form(practices, keep_pcn="prefer", split_km=0.1).pcns_split == ("U1", "U2")


def test_a_charge_for_splits_is_counted_once_for_each_further_piece():
    practices = [
        practice(0, 15_000, east=0.0, pcn="U1"),
        practice(1, 15_000, east=9.0, pcn="U1"),
        practice(2, 15_000, east=0.5),
        practice(3, 15_000, east=9.5),
    ]
    formation = form(practices, keep_pcn="prefer", split_km=1.0)
    assert formation.pcns_split == ("U1",)
    # One further piece of a PCN with half of the place's patients, at one km each.
    assert formation.cost_km - formation.km_per_patient == pytest.approx(0.5)


def test_practices_in_no_network_are_not_taken_for_one_network():
    practices = row(16_000, 16_000, 16_000, 16_000, pcn="U")
    assert len(form(practices, keep_pcn="always").neighbourhoods) == 2


def test_pairs_that_keep_a_small_practice_from_everyone_are_explained():
    practices = row(5_000, 40_000, 40_000)
    apart = [("P00000", "P00001"), ("P00000", "P00002")]
    formation = form(practices, apart=apart)
    assert formation.status == "relaxed"
    assert formation.people_outside == 25_000
    assert any("P00000" in note and "can reach no more than 5,000 people" in note for note in formation.notes)


def test_a_part_cut_off_is_joined_and_named():
    practices = [*row(16_000, 16_000), practice(8, 16_000, east=40.0), practice(9, 16_000, east=41.0)]
    formation = form(practices, longest_link_km=10.0)
    assert len(formation.neighbourhoods) == 2
    assert any("cut off" in note and "P00008" in note for note in formation.notes)


def test_practices_with_next_to_nobody_are_placed():
    practices = [*row(20_000, 20_000, 20_000, 20_000), practice(8, 1, east=1.0), practice(9, 0, east=3.0)]
    formation = form(practices)
    check(practices, formation)
    assert formation.status == "proven optimum"


def test_the_number_of_neighbourhoods_can_be_fixed_or_the_most():
    practices = [practice(i, 15_000, east=i % 4, north=i // 4) for i in range(12)]
    assert len(form(practices, count=5).neighbourhoods) == 5
    assert len(form(practices, count="most").neighbourhoods) == 6


def test_alternatives_come_in_order_and_say_who_moves():
    formation = form(scattered(3, 14), alternatives=10)
    assert len(formation.alternatives) == 10
    more = [other.more_km_per_patient for other in formation.alternatives]
    assert more == sorted(more)
    now = formation.neighbourhood_of()
    for other in formation.alternatives:
        assert all(move.from_code == now[move.practice_code] != move.to_code for move in other.moves)
    assert len({other.practice_codes for other in formation.alternatives}) == 10


@pytest.mark.parametrize("effort", [Effort(), Effort(most_units=0)])
def test_progress_is_told_and_never_goes_back(effort):
    told = []
    form(
        scattered(1, 10),
        keep_pcn="prefer",
        effort=effort,
        progress=lambda step, share: told.append((step, share)),
    )
    assert told[-1][1] == 1.0
    assert [share for _, share in told] == sorted(share for _, share in told)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("keep", ["ignore", "prefer"])
def test_the_method_for_large_places_finds_the_same_plan_as_listing_every_group(seed, keep):
    practices = scattered(seed, 16)
    listed = form(practices, keep_pcn=keep, alternatives=0)
    priced = form(practices, keep_pcn=keep, alternatives=0, effort=Effort(most_units=0))
    check(practices, priced)
    assert priced.bound_km <= listed.cost_km + 1e-9
    if priced.proven:
        assert priced.cost_km == pytest.approx(listed.cost_km, abs=1e-8)
    assert priced.cost_km >= listed.cost_km - 1e-8


def test_a_plan_outside_the_bounds_is_mended_by_forming_its_surroundings_anew():
    task = prepared(
        scattered(5, 40),
        smallest=SMALLEST,
        largest=LARGEST,
        keep_pcn="ignore",
        together=(),
        apart=[("P00000", "P00001")],
        split_km=0.0,
        longest_link_km=None,
    )
    alone = [(unit,) for unit in range(len(task.units))]
    plan = reworked(task, mended(task, alone, monotonic() + 60), monotonic() + 60)
    assert sorted(unit for group in plan for unit in group) == list(range(len(task.units)))
    assert not any(outside_band(task, group) for group in plan)
    assert not any({0, 1} <= set(group) for group in plan)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"smallest": 50_000, "largest": 30_000}, "leave no size"),
        ({"smallest": 0}, "leave no size"),
        ({"together": [("P00000", "X")]}, "X is not among the practices"),
        ({"apart": [("P00000", "P00000")]}, "apart from itself"),
        ({"together": [("P00000", "P00001")], "apart": [("P00001", "P00000")]}, "Drop one"),
        ({"keep_pcn": "sometimes"}, "always, prefer, ignore"),
        ({"keep_pcn": "prefer", "split_km": -1.0}, "below zero"),
        ({"count": 3}, "exactly 3"),
    ],
)
def test_a_request_that_contradicts_itself_is_refused_with_the_mend(change, words):
    with pytest.raises(FormationError, match=words):
        form(row(20_000, 20_000), **change)


@pytest.mark.parametrize(
    ("practices", "words"),
    [
        ([], "no practices"),
        ([practice(1, 9_000), practice(1, 9_000)], "twice"),
        ([practice(1, -5)], "-5 people"),
        ([PracticePoint("P1", "Nowhere", 9_000, float("nan"), 0.0)], "no usable position"),
    ],
)
def test_practices_that_cannot_be_placed_are_refused_by_name(practices, words):
    with pytest.raises(FormationError, match=words):
        form(practices)
