"""Is the cheapest choice of groups found, proven, and followed by the next cheapest?"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonweal.place.formation.next_best import cheapest_covers
from commonweal.place.formation.partition import Partitioner, Side, exactly


def all_covers(count, groups, costs):
    """Every way to cover each unit once, cheapest first."""
    found = []

    def extend(left, chosen):
        if not left:
            found.append((sum(costs[i] for i in chosen), tuple(sorted(chosen))))
            return
        first = min(left)
        for number, group in enumerate(groups):
            if first in group and set(group) <= left:
                extend(left - set(group), (*chosen, number))

    extend(frozenset(range(count)), ())
    return sorted(found)


@st.composite
def problems(draw):
    count = draw(st.integers(min_value=1, max_value=7))
    members = st.sets(st.integers(0, count - 1), min_size=1, max_size=4).map(lambda own: tuple(sorted(own)))
    groups = sorted(draw(st.sets(members, min_size=1, max_size=30)))
    costs = draw(st.lists(st.integers(0, 1_000), min_size=len(groups), max_size=len(groups)))
    return count, groups, np.array(costs, dtype=float)


@settings(deadline=None, max_examples=50)
@given(problems())
def test_the_plan_is_the_best_of_all_there_are(problem):
    count, groups, costs = problem
    covers = all_covers(count, groups, costs)
    plan = Partitioner(count, groups, costs).best()
    if not covers:
        assert plan is None
    else:
        assert plan is not None
        assert plan.proven
        assert plan.gap == 0
        assert plan.cost == pytest.approx(covers[0][0])
        assert sorted(unit for i in plan.chosen for unit in groups[i]) == list(range(count))


@settings(deadline=None, max_examples=50)
@given(problems(), st.integers(min_value=1, max_value=5))
def test_the_next_best_are_the_next_of_all_there_are(problem, number):
    count, groups, costs = problem
    covers = all_covers(count, groups, costs)
    problem = Partitioner(count, groups, costs)
    plan = problem.best()
    if plan is None:
        return
    others = problem.next_best(plan, number)
    expected = [cost for cost, _ in covers][1 : number + 1]
    assert [other.cost for other in others] == pytest.approx(expected, abs=1e-6)
    assert len({other.chosen for other in others} | {plan.chosen}) == len(others) + 1


@settings(deadline=None, max_examples=50)
@given(problems(), st.integers(min_value=1, max_value=4))
def test_an_exact_number_of_groups_is_kept(problem, number):
    count, groups, costs = problem
    covers = [cover for cover in all_covers(count, groups, costs) if len(cover[1]) == number]
    plan = Partitioner(count, groups, costs, [exactly(len(groups), number)]).best()
    assert (plan is None) == (not covers)
    if plan is not None:
        assert plan.cost == pytest.approx(covers[0][0])


@settings(deadline=None, max_examples=50)
@given(problems(), st.integers(min_value=0, max_value=2_000))
def test_the_search_for_covers_misses_none_within_the_room(problem, room):
    count, groups, costs = problem
    cover = np.array([[unit in group for unit in range(count)] for group in groups])
    found = cheapest_covers(cover, costs, room=room, number=1_000, most_work=1e9)
    assert found.complete
    expected = [own for own in all_covers(count, groups, costs) if own[0] <= room]
    assert sorted(own for _, own in found.found) == sorted(own for _, own in expected)
    assert [cost for cost, _ in found.found] == pytest.approx([cost for cost, _ in expected])


def test_a_further_condition_is_held():
    groups, costs = [(0,), (0, 1), (1,)], np.array([1.0, 5.0, 1.0])
    barred = Side(np.array([1.0, 0.0, 0.0]), -np.inf, 0)
    plan = Partitioner(2, groups, costs, [barred]).best()
    assert plan is not None
    assert plan.chosen == (1,)


def test_units_no_group_holds_leave_no_plan():
    assert Partitioner(2, [(0,)], np.array([1.0])).best() is None


def test_no_groups_leave_no_plan():
    assert Partitioner(1, [], np.array([])).best() is None
