"""Does every amount explain itself, exactly, whatever kind of value it holds?"""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given as for_any
from hypothesis import strategies as st

from commonweal.core import amounts
from commonweal.core.amounts import Line, given, given_column
from commonweal.core.explanation import explained, explanation_text, explanation_tree

pounds = st.decimals(min_value=-(10**9), max_value=10**9, places=2, allow_nan=False, allow_infinity=False)
not_negative = st.decimals(min_value=0, max_value=10**9, places=2, allow_nan=False, allow_infinity=False)
shares = st.decimals(min_value=0, max_value=1, places=4, allow_nan=False, allow_infinity=False)


def clause(budget: Line, spend: Line, corridor: Line, cap: Line, share: Line) -> Line:
    """A clause that uses every kind of arithmetic a contract needs."""
    difference = amounts.less("difference", budget, spend)
    band = amounts.times("corridor", budget, corridor)
    shared = amounts.within("shared", amounts.beyond("beyond", difference, band), amounts.times("cap", budget, cap))
    whole = amounts.past("past", difference, band)
    mixed = amounts.blend("mixed", shared, whole, share)
    kept = amounts.clamped("kept", mixed, amounts.times("least", budget, given("x", "-0.5", unit="ratio")), budget)
    return amounts.to_penny("payment", amounts.times("paid", kept, amounts.one_less("rest", share)))


@for_any(st.lists(st.tuples(not_negative, not_negative), min_size=1, max_size=8), shares, shares, shares)
def test_a_clause_over_futures_equals_the_exact_clause_to_the_penny(pairs, corridor, cap, share):
    terms = [given(n, v, unit="ratio") for n, v in (("c", corridor), ("k", cap), ("s", share))]
    exact = [clause(given("b", b), given("a", a), *terms).amount for b, a in pairs]
    futures = clause(
        given("b", np.array([float(b) for b, _ in pairs])), given("a", np.array([float(a) for _, a in pairs])), *terms
    )
    assert [Decimal(f"{x:.2f}") for x in futures.value] == [x + 0 for x in exact]


@for_any(st.lists(st.tuples(not_negative, not_negative), min_size=1, max_size=8), shares, shares, shares)
def test_a_clause_over_a_column_equals_the_same_clause_key_by_key(pairs, corridor, cap, share):
    terms = [given(n, v, unit="ratio") for n, v in (("c", corridor), ("k", cap), ("s", share))]
    budgets = given_column("b", {f"P{i}": b for i, (b, _) in enumerate(pairs)})
    spends = given_column("a", {f"P{i}": a for i, (_, a) in enumerate(pairs)})
    column = clause(budgets, spends, *terms)
    for i, (b, a) in enumerate(pairs):
        assert column.at(f"P{i}").amount == clause(given("b", b), given("a", a), *terms).amount


@for_any(st.lists(pounds, min_size=1, max_size=20))
def test_a_sum_is_the_sum_of_the_parts_it_shows(values):
    column = given_column("spend", {f"P{i}": v for i, v in enumerate(values)})
    line = amounts.summed("all", column)
    assert sum(child.amount for child in line.children()) == line.amount


@for_any(st.lists(st.decimals(min_value=-(10**6), max_value=10**6, places=7), min_size=1, max_size=30))
def test_pennies_sum_to_the_exact_sum_to_the_penny_and_stay_within_a_penny_of_each_entry(values):
    column = given_column("spend", {f"P{i}": v for i, v in enumerate(values)})
    rounded = amounts.pennies("spend in pence", column)
    entries = rounded.by_key()
    assert sum(entries.values()) == amounts.to_penny("x", amounts.summed("s", column)).amount
    assert all(abs(entries[key] - value) < Decimal("0.01") for key, value in column.by_key().items())


@for_any(pounds, st.integers(min_value=1, max_value=24))
def test_instalments_add_up_to_the_amount(value, of):
    line = given("year", value)
    parts = [amounts.instalment_of("m", line, number=n, of=of).amount for n in range(1, of + 1)]
    assert sum(parts) == value


def test_a_key_is_cut_out_of_the_whole_tree_and_single_amounts_stay_whole():
    people = given_column("list", {"A": "10", "B": "30"}, unit="people")
    paid = amounts.times("paid", people, given("price", "2.50"), unit="GBP")
    cut = paid.at("B")
    assert cut.amount == Decimal("75.00")
    assert [part.amount for part in cut.parts] == [Decimal(30), Decimal("2.50")]


def test_asking_a_column_for_one_amount_says_to_pick_a_key():
    with pytest.raises(TypeError, match="pick one with at"):
        _ = given_column("list", {"A": "10", "B": "30"}).amount


def test_a_float_is_refused_as_money():
    with pytest.raises(TypeError, match="not exact"):
        given("price", 2.5)


def test_different_units_are_not_added_up():
    with pytest.raises(ValueError, match="different units"):
        amounts.total("sum", given("a", "1"), given("b", "1", unit="people"))


def test_columns_of_different_practices_are_not_joined():
    with pytest.raises(ValueError, match="different keys"):
        amounts.less("difference", given_column("a", {"A": "1"}), given_column("b", {"B": "1"}))


def test_dividing_by_zero_names_both_lines():
    with pytest.raises(ZeroDivisionError, match=r"per head.*people"):
        amounts.over("per head", given("cost", "1"), given("people", "0", unit="people"))


def test_an_amount_knows_which_illustrative_numbers_it_depends_on():
    price = given("price", "2", status="illustrative")
    line = amounts.total("all", amounts.times("paid", given("list", "3"), price), given("grant", "1"))
    assert [x.name for x in line.supplied("illustrative")] == ["price"]


def test_a_quoted_line_keeps_its_value_and_what_it_depends_on_but_not_its_explanation():
    paid = amounts.times("paid", given("list", "3"), given("price", "2", status="illustrative"))
    line = amounts.total("all", amounts.quoted(paid, "last year"), given("grant", "1"))
    assert line.amount == 7
    assert [row.name for row in explained(line)] == ["all", "paid", "grant"]
    assert [x.name for x in line.supplied("illustrative")] == ["price"]


def test_text_and_tree_tell_the_same_explanation():
    line = amounts.to_penny("paid", amounts.times("pay", given("list", "3"), given("price", "1.005")))
    tree = explanation_tree(line)
    text = explanation_text(line)
    assert tree["value"] == "3.02"
    assert all(row.name in text and row.value in text for row in explained(line))
    assert tree["parts"][0]["name"] == "pay"


@pytest.mark.parametrize(("share", "expected"), [("0.005", "0.01"), ("-0.005", "-0.01"), ("0.0049", "0.00")])
def test_half_a_penny_is_rounded_away_from_zero_exactly_and_over_futures(share, expected):
    exact = amounts.to_penny("x", given("x", share)).amount
    future = amounts.to_penny("x", given("x", np.array([float(share)]))).value[0]
    assert exact == Decimal(expected)
    assert future == pytest.approx(float(expected), abs=1e-12)


def test_a_part_that_two_lines_share_is_still_shared_after_one_key_is_cut_out():
    people = given_column("list", {"A": "10", "B": "30"}, unit="people")
    grown = amounts.times("grown", people, given("growth", "1.1", unit="ratio"))
    difference = amounts.less("difference", grown, people).at("A")
    assert difference.parts[1] is difference.parts[0].parts[0]


def test_a_line_shows_itself_in_one_short_line_however_much_it_stands_on():
    line = given("seed", "1")
    for step in range(60):
        line = amounts.total(f"step {step}", line, line)
    assert len(repr(line)) < 100
