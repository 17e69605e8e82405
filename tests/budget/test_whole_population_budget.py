"""Is the part in scope, and its quarters, right to the penny?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given as for_any
from hypothesis import settings
from hypothesis import strategies as st

from commonweal.budget.care_budget import care_budget
from commonweal.budget.whole_population_budget import quarter_budgets, whole_population_budget
from commonweal.core.amounts import given_column
from commonweal.core.parameters import library
from commonweal.core.periods import financial_year

YEAR = financial_year("2026-27")
shares = st.decimals(min_value=0, max_value=1, places=3)


def scope(care, share):
    return {
        held.service_line.code: given_column(
            "share in scope", {code: share(held.service_line.code, code) for code in care.practices}, unit="share"
        )
        for held in care.lines
    }


@settings(max_examples=25, deadline=None)
@for_any(shares, shares)
def test_in_the_budget_for_results_and_outside_sum_to_the_cost_of_care_for_every_practice_and_line(
    make_place, first, second
):
    care = care_budget(make_place({"A": 3000, "B": 7001}, qof={"A": "45000.01", "B": "99999.99"}), YEAR, library())
    budget = whole_population_budget(care, scope(care, lambda line, code: first if code == "A" else second))
    for held in care.lines:
        code = held.service_line.code
        for practice in care.practices:
            pieces = (budget.in_budget, budget.performance_pay, budget.outside)
            assert sum(piece[code].at(practice).amount for piece in pieces) == held.funded.at(practice).amount


def test_what_is_paid_for_results_is_not_in_the_budget(make_place):
    care = care_budget(make_place({"A": 3000}, qof={"A": "45000"}), YEAR, library())
    budget = whole_population_budget(care, scope(care, lambda line, code: Decimal(1)))
    assert budget.in_budget["qof"].at("A").amount == 0
    assert budget.performance_pay["qof"].at("A").amount == care.line("qof").funded.at("A").amount > 0


def counted(now: int) -> dict[date, dict[str, int]]:
    return {date(2026, 4, 1): {"A": 1000, "B": 1000}, date(2026, 10, 1): {"A": now, "B": 1000}}


def held_quarters(make_place, now, convention):
    place = make_place({"A": 1000, "B": 1000}, list_counts=counted(now))
    care = care_budget(place, YEAR, library())
    budget = whole_population_budget(care, scope(care, lambda line, code: Decimal(1)))
    return budget, quarter_budgets(budget, place, library(), convention)


def test_only_quarters_that_begin_after_the_list_changed_are_moved(make_place):
    budget, held = held_quarters(make_place, 1060, "trigger")
    assert [quarter.change.amount for quarter in held] == [0, 0, Decimal("0.03"), Decimal("0.03")]
    assert held[2].amount.amount == pytest.approx(budget.total.amount / 4 * Decimal("1.03"), abs=Decimal("0.02"))


def test_the_deductible_convention_pays_for_less_of_a_change_than_the_trigger_convention(make_place):
    _, trigger = held_quarters(make_place, 1060, "trigger")
    _, deductible = held_quarters(make_place, 1060, "deductible")
    assert trigger[2].amount.amount > deductible[2].amount.amount > trigger[1].amount.amount


@pytest.mark.parametrize("convention", ["trigger", "deductible"])
def test_without_a_list_count_the_reference_stands_and_the_quarters_sum_to_the_year(make_place, convention):
    place = make_place({"A": 1000, "B": 1000})
    care = care_budget(place, YEAR, library())
    budget = whole_population_budget(care, scope(care, lambda line, code: Decimal(1)))
    held = quarter_budgets(budget, place, library(), convention)
    assert sum(quarter.amount.amount for quarter in held) == budget.total.amount
    assert all(quarter.counted_on is None for quarter in held)


def test_a_practice_outside_the_budget_moves_no_quarter(make_place):
    place = make_place({"A": 1000, "B": 1000}, list_counts=counted(2000))
    care = care_budget(place, YEAR, library())
    budget = whole_population_budget(care, scope(care, lambda line, code: Decimal(code == "B")))
    assert all(quarter.change.amount == 0 for quarter in quarter_budgets(budget, place, library(), "trigger"))
