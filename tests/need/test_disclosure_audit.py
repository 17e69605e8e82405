"""Is a hidden count that several tables narrow found, and only that?"""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonweal.need.disclosure import DisclosureRule, disclosed_count
from commonweal.need.disclosure_audit import Narrowed, narrowed_counts

RULE = DisclosureRule()
# Small numbers, so that every table that could be printed can be tried.
SMALL = DisclosureRule(highest=2, base=2)


def test_one_table_alone_narrows_nothing():
    assert narrowed_counts({"a": {"x": 10, "y": None, "z": 0}}, RULE) == ()


def test_a_second_table_of_the_same_people_may_narrow():
    # All are 8 to 12; x alone is 8 to 12, so y is 4 at most.
    assert narrowed_counts({"one": {"x": 10, "y": None}, "all": {"x": 10}}, RULE) == (Narrowed("one", "y", 1, 4),)


def test_a_list_size_that_is_published_exactly_may_narrow():
    assert narrowed_counts({"one": {"x": 10, "y": None}}, RULE, known_total=19) == (Narrowed("one", "y", 7, 7),)
    assert narrowed_counts({"one": {"x": 100, "w": 100, "y": None}}, RULE, known_total=204) == ()


def test_tables_of_different_people_are_refused():
    with pytest.raises(ValueError, match="same people"):
        narrowed_counts({"one": {"x": 10}, "other": {"x": 50}}, RULE)


@given(st.lists(st.integers(0, 5), min_size=2, max_size=3), st.data())
@settings(deadline=None, max_examples=60)
def test_ranges_are_those_found_by_trying_everything(first: list[int], data: st.DataObject):
    cut = data.draw(st.integers(0, sum(first)))
    second = [cut, sum(first) - cut]
    shown = {
        name: {i: disclosed_count(count, SMALL) for i, count in enumerate(held)}
        for name, held in (("one", first), ("other", second))
    }
    found = {(n.table, n.cell): (n.lowest, n.highest) for n in narrowed_counts(shown, SMALL)}
    for name, cells in shown.items():
        for cell, count in cells.items():
            if count is None:
                values = tried(shown, name, cell)
                assert found.get((name, cell), (SMALL.lowest, SMALL.highest)) == (min(values), max(values))


def tried(shown: dict[str, dict[int, int | None]], table: str, cell: int) -> set[int]:
    """What a cell is in any pair of tables with one total that print what is shown."""
    fitting = {
        name: [
            counts
            for counts in product(*(range(SMALL.possible(c)[0], SMALL.possible(c)[1] + 1) for c in cells.values()))
            if [disclosed_count(c, SMALL) for c in counts] == list(cells.values())
        ]
        for name, cells in shown.items()
    }
    totals = set.intersection(*({sum(counts) for counts in held} for held in fitting.values()))
    return {counts[cell] for counts in fitting[table] if sum(counts) in totals}
