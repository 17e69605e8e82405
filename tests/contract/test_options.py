"""What is in the budget and what stays, under each option?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonweal.budget.care_budget import CareBudget, care_budget
from commonweal.contract.options import PARTS, Options, Portions, option_budget, option_rows, options
from commonweal.contract.scope import scope_on
from commonweal.core.explanation import explanation_text
from commonweal.core.parameters import library
from commonweal.core.periods import financial_year
from commonweal.place.participation.events import OPTIONS, Option

from .conftest import inputs_of

DAY = date(2026, 4, 1)
YEAR = financial_year("2026-27")
LISTS = {"A1": 9001, "A2": 12007, "A3": 4999}


@pytest.fixture(scope="module")
def care() -> CareBudget:
    return care_budget(inputs_of(LISTS), YEAR, library())


@pytest.fixture(scope="module")
def found(care: CareBudget) -> Options:
    return options(care, library(), DAY, agreed={"A1": "full", "A2": "partial"})


def _whole(portions: Portions) -> Decimal:
    return sum((getattr(portions, part).amount for part in PARTS), Decimal(0))


def test_the_parts_sum_to_the_cost_of_care_for_every_practice_line_and_option(found: Options) -> None:
    rows = option_rows(found)
    assert len(rows) == 4 * len(found.care.lines) * len(LISTS)
    for row in rows:
        assert sum((row[part] for part in PARTS), Decimal(0)) == row["cost_of_care"]
        assert all(row[part] == round(row[part], 2) for part in PARTS)


def test_lines_practices_neighbourhoods_and_whole_tell_the_same_sum(found: Options) -> None:
    for held in found:
        whole = held.whole
        assert _whole(whole) == whole.funded.amount == found.care.total.amount
        for part in PARTS:
            asked = getattr(whole, part).amount
            assert asked == sum(getattr(held.of_practice(code), part).amount for code in LISTS)
            assert asked == sum(getattr(held.of_line(code), part).amount for code in held.lines)
            assert asked == getattr(found.of_neighbourhood(held.name, "N1"), part).amount


def test_the_virtual_option_moves_no_money(found: Options) -> None:
    assert found.virtual.whole.in_budget.amount == 0
    assert found.virtual.whole.performance_pay.amount == 0
    assert found.virtual.whole.pooled_view.amount > 0


def test_full_puts_more_in_the_budget_than_partial_by_core_general_practice_at_least(found: Options) -> None:
    core = found.full.of_line("core_general_practice")
    assert core.in_budget.amount == core.funded.amount
    assert found.partial.of_line("core_general_practice").stays_with_practices.amount == core.funded.amount
    assert found.full.whole.in_budget.amount - found.partial.whole.in_budget.amount >= core.funded.amount


def test_qof_moves_to_performance_pay_not_to_the_budget(found: Options) -> None:
    qof = found.partial.of_line("qof")
    assert qof.in_budget.amount == 0
    assert qof.performance_pay.amount == qof.funded.amount


def test_as_agreed_gives_each_practice_its_own_option_and_leaves_out_those_that_stay_out(found: Options) -> None:
    for part in PARTS:
        assert (
            getattr(found.as_agreed.of_practice("A1"), part).amount
            == getattr(found.full.of_practice("A1"), part).amount
        )
    assert found.as_agreed.of_practice("A3").in_budget.amount == 0
    assert found.as_agreed.of_practice("A3").pooled_view.amount == 0
    assert found.as_agreed.of_practice_line("A3", "core_general_practice").stays_with_practices.amount > 0


def test_every_amount_explains_itself_down_to_supplied_numbers(found: Options) -> None:
    line = found.partial.explained("A2", "outpatients", "in_budget")
    assert line.amount == found.partial.of_practice_line("A2", "outpatients").in_budget.amount
    assert "share in scope" in explanation_text(line)
    for held in (line, found.partial.of_practice("A2").in_budget, found.partial.whole.in_budget):
        assert any("scope" in part.name for part in held.supplied("illustrative"))


AMOUNTS = st.decimals(min_value=-500, max_value=10**6, places=2)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(AMOUNTS, min_size=6, max_size=6),
    st.dictionaries(st.sampled_from(["A1", "A2", "A3"]), st.sampled_from(OPTIONS)),
    st.sampled_from(["scope", "dudley_scope"]),
)
def test_no_money_is_made_or_lost_whatever_the_payments_and_options(
    amounts: list[Decimal], taken: dict[str, Option], name: str
) -> None:
    paid = {
        "global_sum": {code: str(amount) for code, amount in zip(LISTS, amounts[:3], strict=True)},
        "minor_surgery": {code: str(amount) for code, amount in zip(LISTS, amounts[3:], strict=True)},
    }
    care = care_budget(inputs_of(LISTS, paid), YEAR, library())
    held = option_budget(care, scope_on(library(), DAY, name=name), taken, "as_agreed")
    for code in held.lines:
        for practice in LISTS:
            portions = held.of_practice_line(practice, code)
            assert _whole(portions) == portions.funded.amount
            if practice not in taken:
                assert portions.in_budget.amount == portions.performance_pay.amount == 0
