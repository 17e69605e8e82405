"""Do the clauses give the contract's worked vector, and hold what must always hold?

Vector   MCP contract, whole population budget (illustrative): a list of 100,000 with 26 % of the weighted list.
"""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given as for_any
from hypothesis import strategies as st

from commonweal.budget.clauses import (
    block_share,
    counted_change,
    growth_factor,
    held_to_pace,
    in_transition,
    list_change,
    month_sum,
    quarter_sum,
    rolled_forward,
)
from commonweal.core.amounts import given, times, total

MILLION = 1_000_000


def millions(name, value):
    return given(name, Decimal(value) * MILLION)


def ratio(name, value):
    return given(name, value, unit="ratio")


def vector_baseline():
    share = (given("our weighted list", "26", unit="people"), given("all", "100", unit="people"))
    return total(
        "baseline",
        times("core GP in scope", millions("core GP", "8.0"), ratio("in scope", "0.70")),
        millions("prescribing", "14.0"),
        block_share("community", millions("community block", "60"), *share),
        block_share("mental health", millions("mental-health block", "50"), *share),
        millions("outpatients", "6.0"),
    )


def vector_year_one():
    growth = growth_factor(ratio("price", "0.025"), ratio("d", "0"), ratio("o", "0"), ratio("e", "0"))
    historic = rolled_forward(vector_baseline(), growth)
    return historic, in_transition(historic, millions("target", "57.0"), ratio("lambda", "0.20"))


def quarter(convention, change="1.5"):
    _, budget = vector_year_one()
    moved = list_change(
        given("now", Decimal(100) + Decimal(change), unit="people"), given("then", "100", unit="people")
    )
    return quarter_sum(budget, counted_change(moved, ratio("tolerance", "0.01"), convention), number=3)


def test_the_vector_baseline_leaves_out_what_moves_to_performance_pay():
    assert vector_baseline().amount == Decimal("54.200") * MILLION


def test_the_vector_baseline_rolls_forward():
    assert vector_year_one()[0].amount == Decimal("55.555") * MILLION


def test_the_vector_moves_a_fifth_of_the_way_to_its_target():
    assert vector_year_one()[1].amount == Decimal("55.844") * MILLION


def test_the_vector_quarter_under_the_trigger_convention_counts_the_whole_change():
    assert round(quarter("trigger").amount / MILLION, 4) == Decimal("14.1704")


def test_the_vector_quarter_under_the_deductible_convention_counts_only_the_excess():
    assert round(quarter("deductible").amount / MILLION, 4) == Decimal("14.0308")


@pytest.mark.parametrize("convention", ["trigger", "deductible"])
@pytest.mark.parametrize("change", ["1.0", "-1.0", "0.99", "0"])
def test_a_change_within_the_tolerance_moves_nothing_under_either_convention(convention, change):
    assert quarter(convention, change).amount == quarter(convention, "0").amount


def test_losing_patients_lowers_the_quarter_as_gaining_them_raises_it():
    assert quarter("trigger", "-1.5").amount < quarter("trigger", "0").amount < quarter("trigger", "1.5").amount


@for_any(st.decimals(min_value=0, max_value=10**9, places=2))
def test_without_list_changes_four_quarters_and_twelve_months_sum_to_the_year(year):
    nothing = ratio("no change", "0")
    held = [quarter_sum(given("year", year), nothing, number=n) for n in (1, 2, 3, 4)]
    assert sum(q.amount for q in held) == year
    assert sum(month_sum(q, number=n).amount for q in held for n in (1, 2, 3)) == year


@for_any(*[st.decimals(min_value="-0.2", max_value="0.2", places=4) for _ in range(4)])
def test_growth_is_one_plus_each_rate_multiplied(price, demography, other, efficiency):
    factor = growth_factor(ratio("p", price), ratio("d", demography), ratio("o", other), ratio("e", efficiency))
    assert factor.amount == (1 + price) * (1 + demography) * (1 + other) * (1 - efficiency)


amounts = st.decimals(min_value=1, max_value=10**9, places=2)


@for_any(amounts, amounts, st.decimals(min_value=0, max_value=1, places=3))
def test_a_budget_held_to_pace_never_moves_faster_than_the_limit_and_never_further_than_wanted(wanted, before, limit):
    held = held_to_pace(given("wanted", wanted), given("before", before), ratio("limit", limit)).amount
    assert abs(held - before) <= before * limit
    assert min(wanted, before) <= held <= max(wanted, before)


def test_the_same_clauses_give_the_vector_over_futures():
    historic = given("historic", np.array([55.555, 55.555]) * MILLION)
    target = given("target", np.array([57.0, 55.555]) * MILLION)
    budget = in_transition(historic, target, ratio("lambda", "0.20"))
    counted = counted_change(given("change", np.array([0.015, 0.005]), unit="ratio"), ratio("t", "0.01"), "trigger")
    held = quarter_sum(budget, counted, number=3)
    assert held.value / MILLION == pytest.approx([14.1704, 13.88875], abs=5e-5)
