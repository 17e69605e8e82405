"""What does a population's care cost, and what must hold whatever the numbers are?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given as for_any
from hypothesis import settings
from hypothesis import strategies as st

from commonweal.budget.care_budget import care_budget, regrouped
from commonweal.budget.inputs import LocalSpend
from commonweal.core.errors import InputError, ParameterProblem
from commonweal.core.explanation import explained
from commonweal.core.parameters import Parameters, library, read_parameters
from commonweal.core.periods import financial_year

YEAR = financial_year("2026-27")
NEXT = financial_year("2023-24")


def set_to(**numbers: str) -> Parameters:
    """The library with some numbers replaced, from the first day it knows."""
    text = "".join(
        f"{name}: {{label: {library()[name].label}, meaning: set by the test, unit: {library()[name].unit!r}, "
        f"values: {{2010-04-01: {{value: {value!r}, status: illustrative, source: {{title: test}}}}}}}}\n"
        for name, value in numbers.items()
    )
    return Parameters({**library(), **read_parameters(text, "test.yaml")})


def still(**numbers: str) -> Parameters:
    """Nothing grows, nothing is limited, nobody is unregistered, unless said otherwise."""
    quiet = {
        "gdp_deflator": "100",
        "demography_growth": "0",
        "other_growth": "0",
        "efficiency": "0",
        "transition_weight": "0",
        "pace_of_change_limit": "1",
        "unregistered_share": "0",
    }
    return set_to(**{**quiet, **numbers})


lists = st.dictionaries(
    st.from_regex(r"[A-Z][0-9]{5}", fullmatch=True), st.integers(min_value=1, max_value=60_000), min_size=3, max_size=7
)


def test_with_nothing_growing_the_budget_of_a_paid_line_is_what_was_paid(make_place):
    budget = care_budget(make_place({"A": 8000, "B": 4000}, global_sum={"A": "900000.37"}), YEAR, still())
    held = budget.line("core_general_practice").funded.by_key()
    assert held == {"A": Decimal("900000.37"), "B": Decimal("400000.00")}


def test_moved_all_the_way_each_practice_gets_the_national_payment_for_its_weighted_list(make_place):
    place = make_place({"A": 8000, "B": 4000}, global_sum={"A": "900000"}, need_index={"A": "1.1"})
    budget = care_budget(place, NEXT, still(transition_weight="1"))
    assert budget.line("core_general_practice").funded.by_key() == {
        "A": Decimal("880000.00"),
        "B": Decimal("400000.00"),
    }


def test_a_block_line_without_a_ledger_is_the_national_cost_of_the_weighted_population(make_place):
    budget = care_budget(make_place({"A": 1000}, need_index={"A": "1.2"}), NEXT, still(prescribing="150"))
    assert budget.line("prescribing").funded.at("A").amount == Decimal("180000.00")


def test_what_the_place_spent_for_its_commissioner_is_shared_by_weighted_list(make_place):
    spend = (LocalSpend("community", "", "commissioner", "recurrent", Decimal("600000"), "month 12 report"),)
    budget = care_budget(make_place({"A": 1000, "B": 2000}, local_spend=spend), NEXT, still())
    assert budget.line("community").funded.by_key() == {"A": Decimal("100000.00"), "B": Decimal("200000.00")}


def test_what_does_not_recur_is_shown_and_left_out_and_agreed_pressures_come_in(make_place):
    rows = (("recurrent", "500"), ("non_recurrent", "70"), ("full_year_effect", "25"), ("agreed_pressure", "5"))
    spend = tuple(LocalSpend("community", "A", "", kind, Decimal(amount), "ledger") for kind, amount in rows)
    budget = care_budget(make_place({"A": 1000}, local_spend=spend), NEXT, still())
    assert budget.line("community").funded.at("A").amount == Decimal("530.00")
    shown = {row.name: row.value for row in explained(budget.line("community").baseline.at("A"))}
    assert shown["non-recurrent"] == "70.00"


def test_a_list_that_grew_since_the_baseline_brings_its_money(make_place):
    place = make_place({"A": 1000, "B": 1000}, list_counts={date(2026, 4, 1): {"A": 1100}})
    held = care_budget(place, YEAR, still()).line("core_general_practice").funded.by_key()
    assert held == {"A": Decimal("110000.00"), "B": Decimal("100000.00")}


def test_a_line_never_moves_faster_than_the_pace_of_change(make_place):
    place = make_place({"A": 1000}, global_sum={"A": "50000"})
    budget = care_budget(place, NEXT, still(transition_weight="1", pace_of_change_limit="0.08"))
    assert budget.line("core_general_practice").funded.at("A").amount == Decimal("54000.00")


@settings(max_examples=25, deadline=None)
@for_any(lists)
def test_any_regrouping_of_practices_conserves_the_budget(make_place, people):
    budget = care_budget(make_place(people), YEAR, library())
    codes = sorted(people)
    groups = regrouped(budget, {"odd": codes[::2], "even": codes[1::2]})
    assert sum(line.amount for line in groups.values()) == budget.total.amount
    assert sum(budget.of_practice(code).amount for code in codes) == budget.total.amount


@settings(max_examples=25, deadline=None)
@for_any(lists)
def test_merging_two_practices_changes_no_line_of_the_place_and_no_other_practice_by_more_than_a_penny(
    make_place, people
):
    first, second, *others = sorted(people)
    merged = {code: people[code] for code in others} | {first: people[first] + people[second]}
    apart, together = (care_budget(make_place(x), YEAR, library()) for x in (people, merged))
    for held in apart.lines:
        after = together.line(held.service_line.code).funded.by_key()
        assert sum(after.values()) == sum(held.funded.by_key().values())
        for code in others:
            assert abs(after[code] - held.funded.at(code).amount) <= Decimal("0.01")


@settings(max_examples=25, deadline=None)
@for_any(lists)
def test_the_order_in_which_practices_are_handed_in_does_not_matter(make_place, people):
    backwards = dict(reversed(people.items()))
    assert care_budget(make_place(people), YEAR, library()).total.amount == (
        care_budget(make_place(backwards), YEAR, library()).total.amount
    )


def test_every_amount_of_the_budget_is_explained_down_to_supplied_numbers(make_place):
    budget = care_budget(make_place({"A": 1000, "B": 2000}, qof={"A": "9000"}), YEAR, library())
    for line in budget.total.walk():
        assert line.parts or line.status, f"{line.name} stands on nothing"


def test_a_practice_is_explained_without_telling_the_whole_place_again(make_place):
    people = {f"P{i:02}": 1000 + i for i in range(40)}
    budget = care_budget(make_place(people), YEAR, library())
    rows = list(explained(budget.of_practice("P07")))
    assert not any(row.name == "P08" for row in rows)


def test_a_year_that_is_not_after_the_baseline_is_refused(make_place):
    with pytest.raises(InputError, match="not after the baseline year"):
        care_budget(make_place({"A": 1000}), financial_year("2022-23"), library())


def test_a_growth_rate_that_changes_inside_a_year_is_refused_with_the_day_to_split_at(make_place):
    text = (
        "efficiency: {label: Efficiency, meaning: m, unit: share a year, values: {"
        "2014-04-01: {value: '0.01', status: illustrative, source: {title: t}}, "
        "2025-10-01: {value: '0.02', status: illustrative, source: {title: t}}}}"
    )
    changed = Parameters({**library(), **read_parameters(text, "test.yaml")})
    with pytest.raises(ParameterProblem, match="Split the period at 2025-10-01"):
        care_budget(make_place({"A": 1000}), YEAR, changed)
