"""What does the small-number rule hide, and can a reader of everything printed get any of it back?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from commonweal.core.errors import ParameterProblem
from commonweal.core.parameters import Parameters, library, read_parameters
from commonweal.need.disclosure import (
    DisclosedGrid,
    DisclosedTotal,
    DisclosureRule,
    disclosed_count,
    disclosed_counts,
    disclosed_grid,
    disclosed_mean,
    disclosed_rate,
    disclosed_sum,
    disclosed_sum_total,
    disclosed_total,
    disclosure_rule,
    shown,
    to_figures,
)

RULE = DisclosureRule()
ON = date(2026, 4, 1)
OTHER_RULES = (
    DisclosureRule(highest=4),
    DisclosureRule(lowest=0, highest=5, base=3),
    DisclosureRule(highest=9, base=10),
    DisclosureRule(highest=2, base=20),
)

counts = st.one_of(st.integers(0, 12), st.integers(0, 400))
grids = st.lists(st.lists(counts, min_size=3, max_size=3), min_size=1, max_size=4)


def as_cells(rows: list[list[int]]) -> dict[int, dict[int, int]]:
    """Rows of counts as cells by row and column."""
    return {i: dict(enumerate(row)) for i, row in enumerate(rows)}


def hidden_cells(grid: DisclosedGrid[int, int]) -> list[tuple[int, int]]:
    """Where cells are hidden."""
    return [(i, j) for i, row in grid.cells.items() for j, count in row.items() if count is None]


def test_the_library_holds_the_published_rule_and_a_place_may_have_its_own():
    assert disclosure_rule(library(), on=ON) == RULE
    own = """
small_number_highest_hidden:
  label: Highest count hidden
  meaning: Counts up to this one are not shown.
  unit: people or events
  values:
    2026-04-01: {value: "9", status: illustrative, source: {title: The place}}
"""
    local = Parameters({**{name: library()[name] for name in library()}, **read_parameters(own, "contract/own.yaml")})
    assert disclosure_rule(local, on=ON).highest == 9


@pytest.mark.parametrize(
    ("count", "expected"),
    [(0, 0), (1, None), (7, None), (8, 10), (12, 10), (13, 15), (17, 15), (18, 20), (1002, 1000), (1003, 1005)],
)
def test_one_to_seven_are_hidden_and_others_go_to_the_nearest_five(count: int, expected: int | None):
    assert disclosed_count(count, RULE) == expected


def test_a_hidden_count_prints_as_its_range():
    assert shown(disclosed_count(3, RULE), RULE) == "1 to 7"
    assert shown(disclosed_count(23, RULE), RULE) == 25


def test_nobody_is_never_shown_for_somebody():
    rule = DisclosureRule(highest=2, base=20)
    assert disclosed_count(3, rule) == 20
    assert disclosed_count(0, rule) == 0


def test_a_rule_that_hides_nothing_sensible_is_refused():
    with pytest.raises(ParameterProblem):
        DisclosureRule(lowest=3)
    with pytest.raises(ParameterProblem):
        DisclosureRule(highest=0)


@pytest.mark.parametrize("rule", [RULE, *OTHER_RULES])
def test_what_a_shown_count_may_stand_for_is_exactly_what_is_shown_so(rule: DisclosureRule):
    for count in range(200):
        value = disclosed_count(count, rule)
        low, high = rule.possible(value)
        same = [other for other in range(300) if disclosed_count(other, rule) == value]
        assert (low, high) == (same[0], same[-1])
        assert len(same) == high - low + 1


def test_totals_are_made_from_what_is_shown():
    # 8 is shown as 10 and 3 is hidden: 10 and the middle of 1 to 7 make 14, shown as 15; the truth is 8 + 1 to 12 + 7.
    assert disclosed_counts({"a": 8, "b": 3}, RULE).total == DisclosedTotal(15, 6)
    assert disclosed_counts({"a": 3, "b": 0}, RULE).total == DisclosedTotal(None, 6)
    assert disclosed_counts({"a": 0, "b": 0}, RULE).total == DisclosedTotal(0, 0)
    assert disclosed_counts({"a": 100, "b": 51}, RULE).total == DisclosedTotal(150, 4)


def test_a_cell_that_a_row_lacks_is_nought():
    grid = disclosed_grid({"x": {"a": 20}, "y": {"b": 3}}, RULE)
    assert grid.cells == {"x": {"a": 20, "b": 0}, "y": {"a": 0, "b": None}}
    assert grid.row_totals["y"].value is None
    assert grid.column_totals["a"].value == 20


@given(grids, st.sampled_from((RULE, *OTHER_RULES)))
@settings(deadline=None, max_examples=150)
def test_a_total_is_no_further_from_the_truth_than_it_says(rows: list[list[int]], rule: DisclosureRule):
    grid = disclosed_grid(as_cells(rows), rule)
    truths = {**{i: sum(row) for i, row in enumerate(rows)}, "all": sum(map(sum, rows))}
    for name, total in {**grid.row_totals, "all": grid.total}.items():
        if total.value is None:
            assert rule.hides(truths[name])
        else:
            assert abs(total.value - truths[name]) <= total.within


@given(grids, st.sampled_from((RULE, *OTHER_RULES)))
@settings(deadline=None, max_examples=150)
def test_every_value_of_a_hidden_cell_would_print_the_same_table(rows: list[list[int]], rule: DisclosureRule):
    """What a reader can know, the program itself included: nothing beyond the hidden range."""
    cells = as_cells(rows)
    printed = disclosed_grid(cells, rule)
    for i, j in hidden_cells(printed):
        for value in range(rule.lowest, rule.highest + 1):
            other = {row: dict(held) for row, held in cells.items()}
            other[i][j] = value
            assert disclosed_grid(other, rule) == printed


@given(st.lists(st.integers(1, 7), min_size=2, max_size=4))
@settings(deadline=None, max_examples=60)
def test_hidden_cells_are_free_of_one_another(hidden: list[int]):
    """Any values of all hidden cells together print the same, not only of one at a time."""
    printed = disclosed_counts({**dict(enumerate(hidden)), "shown": 8}, RULE)
    for values in product((1, 4, 7), repeat=len(hidden)):
        assert disclosed_counts({**dict(enumerate(values)), "shown": 8}, RULE) == printed


@given(grids)
@settings(deadline=None, max_examples=60)
def test_linear_bounds_from_everything_printed_leave_the_whole_range(rows: list[list[int]]):
    printed = disclosed_grid(as_cells(rows), RULE)
    for cell in hidden_cells(printed):
        assert bounds(printed, cell) == (RULE.lowest, RULE.highest)


def bounds(grid: DisclosedGrid[int, int], cell: tuple[int, int]) -> tuple[int, int]:
    """The lowest and highest value of a cell that agree with all printed cells and totals and with the rule."""
    places = [(i, j) for i, row in grid.cells.items() for j in row]
    limits = [RULE.possible(grid.cells[i][j]) for i, j in places]
    sums: list[tuple[list[float], DisclosedTotal]] = [([1.0] * len(places), grid.total)]
    sums += [([float(i == row) for i, _ in places], total) for row, total in grid.row_totals.items()]
    sums += [([float(j == column) for _, j in places], total) for column, total in grid.column_totals.items()]
    weights, most = [], []
    for held, total in sums:
        low, high = (
            RULE.possible(None) if total.value is None else (total.value - total.within, total.value + total.within)
        )
        weights += [held, [-x for x in held]]
        most += [high, -low]
    aim = np.array([float(place == cell) for place in places])
    found = [linprog(sign * aim, A_ub=weights, b_ub=most, bounds=limits) for sign in (1, -1)]
    return round(found[0].fun), round(-found[1].fun)


def test_totals_rounded_from_the_true_ones_would_give_a_hidden_cell_away():
    """Why totals are made from what is shown: the published custom narrows 1 to 7 down to 1 to 4 here."""
    cells: Mapping[str, int] = {"a": 8, "b": 1}
    total = disclosed_count(sum(cells.values()), RULE)
    assert total == 10
    still = [b for b in range(1, 8) for a in range(8, 13) if disclosed_count(a + b, RULE) == total]
    assert max(still) == 4


@given(st.integers(0, 300), st.integers(0, 300))
@settings(deadline=None)
def test_a_share_comes_from_what_is_shown_and_is_never_more_than_all(part: int, rest: int):
    a, b = disclosed_count(part, RULE), disclosed_count(part + rest, RULE)
    share = disclosed_rate(a, b, places=3)
    if a is None or not b:
        assert share is None
    else:
        assert share is not None
        assert 0 <= share <= 1


def test_a_rate_of_hidden_counts_is_hidden():
    assert disclosed_rate(disclosed_count(4, RULE), 1000, places=1, per=1000) is None
    assert disclosed_rate(20, disclosed_count(6, RULE), places=1, per=1000) is None
    assert disclosed_rate(disclosed_count(22, RULE), disclosed_count(1003, RULE), places=2, per=1000) == Decimal(
        "19.90"
    )


def test_money_of_few_people_is_hidden_and_the_total_leaves_it_out():
    groups = {"a": (12_345_678, 40), "b": (9_999_999, 5), "c": (50_000, 900)}
    sums = {name: disclosed_sum(pence, people, RULE) for name, (pence, people) in groups.items()}
    assert sums == {"a": 12_300_000, "b": None, "c": 100_000}
    assert disclosed_sum_total(sums.values()) == 12_400_000
    assert disclosed_mean(sums["a"], disclosed_count(40, RULE)) == Decimal(3075)
    assert disclosed_mean(sums["b"], disclosed_count(5, RULE)) is None


def test_a_number_is_printed_to_its_figures():
    assert str(to_figures(Decimal("12345.6"), 3)) == "12300"
    assert str(to_figures(Decimal("1.99532"), 3)) == "2.00"
    assert str(to_figures(Decimal("0.99951"), 3)) == "1.00"
    assert str(to_figures(Decimal("999.6"), 3)) == "1000"
    assert str(to_figures(Decimal(25), 3)) == "25.0"
    assert to_figures(Decimal("0.0123456"), 3) == Decimal("0.0123")
    assert to_figures(Decimal("-98.76"), 3) == Decimal("-98.8")
    assert to_figures(Decimal(0), 3) == 0


def test_no_counts_make_no_total():
    assert disclosed_total([], RULE) == DisclosedTotal(0, 0)
