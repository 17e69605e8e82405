"""What is received, paid on, held and owed for one month?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commonweal.budget.care_budget import CareBudget, care_budget
from commonweal.budget.clauses import CONVENTIONS, Convention
from commonweal.budget.inputs import BudgetInputs
from commonweal.budget.whole_population_budget import quarter_budgets
from commonweal.contract.options import AS_AGREED, option_budget
from commonweal.contract.scope import scope_on
from commonweal.contract.statement import DIRECTIONS, NOBODY, Statement, statement, year_statements
from commonweal.contract.statement_rows import explanation, pooled_rows, settled_rows, statement_rows
from commonweal.contract.statement_terms import payment_date
from commonweal.core.errors import InputError, ParameterProblem
from commonweal.core.parameters import Parameters, library, read_parameters
from commonweal.core.periods import financial_year, month, months
from commonweal.core.tables import definitions
from commonweal.place.participation.events import OPTIONS, History, Option
from commonweal.place.participation.states import participate

from .conftest import inputs_of

START = date(2026, 4, 1)
YEAR = financial_year("2026-27")
LISTS = {"A1": 9001, "A2": 12007, "A3": 4999}
COUNTS = {
    date(2025, 10, 1): LISTS,
    date(2026, 7, 1): {"A1": 9301, "A2": 12507, "A3": 4999},
    date(2027, 1, 1): {"A1": 8001, "A2": 12007, "A3": 5999},
}


@pytest.fixture(scope="module")
def inputs() -> BudgetInputs:
    return inputs_of(LISTS, list_counts=COUNTS)


@pytest.fixture(scope="module")
def care(inputs: BudgetInputs) -> CareBudget:
    return care_budget(inputs, YEAR, library())


def taking_part(taken: dict[str, Option]) -> History:
    history = History(tuple(LISTS), contract_start=START)
    for code, option in taken.items():
        history = participate(history, code, option, START)
    return history


MIXED: dict[str, Option] = {"A1": "full", "A2": "partial", "A3": "virtual"}


@pytest.fixture(scope="module")
def april(care: CareBudget, inputs: BudgetInputs) -> Statement:
    return statement(care, inputs, taking_part(MIXED), library(), month("2026-04"))


def assert_balances(held: Statement) -> None:
    """Balance worked out here from the rows, not from the statement's own sums."""
    rows = statement_rows(held)
    sums = {d: sum((r["amount"] for r in rows if r["direction"] == d), Decimal(0)) for d in DIRECTIONS}
    assert sums["received"] == sums["paid"] + sums["held"] + sums["owed"]
    for line in held.labels:
        of = {d: Decimal(0) for d in DIRECTIONS}
        for row in rows:
            if row["service_line"] == line:
                of[str(row["direction"])] += row["amount"]
        assert of["received"] == of["paid"] + of["held"] + of["owed"], line
    assert all(row["amount"] == round(row["amount"], 2) != 0 for row in rows)
    assert sums["received"] == held.payment.amount + held.pool.amount


def test_a_statement_balances_to_the_penny_in_all_and_by_line(april: Statement) -> None:
    assert_balances(april)
    assert april.balance.difference.amount == 0


def test_each_practice_is_paid_under_its_own_link_to_the_mcp(april: Statement) -> None:
    kinds = {
        row["practice_code"]: row["party_kind"]
        for row in statement_rows(april)
        if row["practice_code"] and row["direction"] in ("paid", "owed")
    }
    assert kinds == {"A1": "practice_in_mcp", "A2": "practice_under_integration_agreement"}


def test_core_general_practice_is_paid_to_full_practices_only(april: Statement) -> None:
    paid = [row for row in statement_rows(april) if row["service_line"] == "core_general_practice"]
    assert {row["practice_code"] for row in paid if row["direction"] == "paid"} == {"A1"}


def test_a_virtual_practice_is_in_the_pooled_view_and_moves_no_cash(april: Statement) -> None:
    assert not [row for row in statement_rows(april) if row["practice_code"] == "A3"]
    assert [row for row in pooled_rows(april) if row["practice_code"] == "A3"]
    received = april.of("received")
    assert all(entry.column.by_key()["A3"] == 0 for entry in received)


def test_a_months_pooled_views_sum_to_the_years(care: CareBudget, inputs: BudgetInputs) -> None:
    statements = year_statements(care, inputs, taking_part(MIXED), library())
    held = option_budget(care, scope_on(library(), START), MIXED, AS_AGREED)
    pooled = sum((row["amount"] for of in statements for row in pooled_rows(of)), Decimal(0))
    assert pooled == held.whole.pooled_view.amount


def test_without_a_practice_in_the_budget_the_statement_says_so_with_zeros(
    care: CareBudget, inputs: BudgetInputs
) -> None:
    for taken in ({}, {"A1": "virtual"}):
        held = statement(care, inputs, taking_part(taken), library(), month("2026-04"))  # type: ignore[arg-type]
        assert statement_rows(held) == []
        assert NOBODY in held.notes
        assert {getattr(held.balance, direction).amount for direction in DIRECTIONS} == {Decimal(0)}


@pytest.mark.parametrize("text", ["2026-03", "2027-04"])
def test_a_month_outside_the_year_is_refused(care: CareBudget, inputs: BudgetInputs, text: str) -> None:
    with pytest.raises(InputError, match="2026-27"):
        statement(care, inputs, taking_part(MIXED), library(), month(text))


def test_a_month_before_the_contract_starts_is_refused(care: CareBudget, inputs: BudgetInputs) -> None:
    later = History(tuple(LISTS), contract_start=date(2026, 10, 1))
    with pytest.raises(InputError, match="2026-10"):
        statement(care, inputs, later, library(), month("2026-09"))


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_the_twelve_months_sum_to_the_quarters_under_both_conventions(
    care: CareBudget, inputs: BudgetInputs, convention: Convention
) -> None:
    held = option_budget(care, scope_on(library(), START), MIXED, AS_AGREED)
    quarters = quarter_budgets(held.budget, inputs, library(), convention)
    statements = year_statements(care, inputs, taking_part(MIXED), library(), convention=convention)
    assert len(statements) == 12
    for number, quarter in enumerate(quarters):
        three = statements[3 * number : 3 * number + 3]
        assert sum(of.payment.amount for of in three) == quarter.amount.amount
    pools = sum(of.pool.amount for of in statements)
    assert pools == held.whole.performance_pay.amount
    assert len({quarter.amount.amount for quarter in quarters}) > 1, "the list changes must show"


def test_the_pool_is_held_but_for_the_interim_share(april: Statement) -> None:
    share = library()["performance_pay_interim_share"].on(START).number()
    paid = sum(r["amount"] for r in statement_rows(april) if r["service_line"] == "qof" and r["direction"] == "paid")
    assert abs(paid - april.pool.amount * share) <= Decimal("0.01")
    assert april.of_line("qof").held.amount == april.pool.amount - paid


def test_the_reserve_is_its_share_of_the_budget_line_by_line(april: Statement) -> None:
    share = library()["reserve_share"].on(START).number()
    for entry in april.of("held"):
        if entry.purpose == "reserve":
            received = next(e for e in april.of("received") if e.service_line == entry.service_line)
            assert abs(entry.amount.amount - received.amount.amount * share) <= Decimal("0.005")


def test_what_is_owed_falls_due_in_the_month_it_names_and_once(care: CareBudget, inputs: BudgetInputs) -> None:
    statements = year_statements(care, inputs, taking_part(MIXED), library())
    owed = {row["explanation_id"]: row for of in statements for row in statement_rows(of) if row["direction"] == "owed"}
    settled = [(of.month.label, row) for of in statements for row in settled_rows(of)]
    assert len({row["explanation_id"] for _, row in settled}) == len(settled)
    for label, row in settled:
        assert owed[row["explanation_id"]]["payable_month"] == label
        assert owed[row["explanation_id"]]["amount"] == row["amount"]
    after = [row for row in owed.values() if row["payable_month"] == "2027-04"]
    assert len(settled) + len(after) == len(owed)
    assert settled
    assert after


def test_arrears_are_those_of_the_parameters(april: Statement) -> None:
    arrears = library()["payment_arrears_months"].on(START).value
    for entry in (*april.of("paid"), *april.of("owed")):
        assert (entry.direction == "owed") == (int(arrears[entry.service_line]) > 0)


def test_a_practice_that_joins_in_october_is_paid_from_october(care: CareBudget, inputs: BudgetInputs) -> None:
    history = participate(taking_part({"A1": "full"}), "A2", "partial", date(2026, 10, 1))
    before, after = (statement(care, inputs, history, library(), month(m)) for m in ("2026-09", "2026-10"))
    assert "A2" not in {row["practice_code"] for row in statement_rows(before)}
    assert "A2" in {row["practice_code"] for row in statement_rows(after)}
    assert_balances(after)


def test_commissioners_are_named_as_asked(care: CareBudget, inputs: BudgetInputs) -> None:
    held = statement(care, inputs, taking_part(MIXED), library(), month("2026-04"), payers={"ICB": "NHS Vale ICB"})
    assert {row["party"] for row in statement_rows(held) if row["direction"] == "received"} == {"NHS Vale ICB"}


def test_every_row_has_a_name_of_its_own_and_an_explanation_of_its_amount(april: Statement) -> None:
    rows = statement_rows(april)
    assert len({row["explanation_id"] for row in rows}) == len(rows)
    for row in rows:
        line = explanation(april, str(row["explanation_id"]))
        assert line.amount == row["amount"]
        assert line.supplied("illustrative"), "every amount here stands on an illustrative number and says so"
    with pytest.raises(InputError):
        explanation(april, "2026-04/paid/nothing")


def test_rows_have_the_columns_of_the_table_definition(april: Statement) -> None:
    assert list(statement_rows(april)[0]) == [column.name for column in definitions()["statement"]]
    assert list(pooled_rows(april)[0]) == [column.name for column in definitions()["pooled_view"]]


AMOUNTS = st.decimals(min_value=-2000, max_value=5 * 10**6, places=2)
CODES = st.sampled_from(sorted(LISTS))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(AMOUNTS, min_size=9, max_size=9),
    st.dictionaries(CODES, st.sampled_from(OPTIONS)),
    st.sampled_from(months(YEAR)),
    st.sampled_from(CONVENTIONS),
)
def test_every_statement_balances_whatever_the_payments_participations_and_month(
    amounts: list[Decimal], taken: dict[str, Option], which: object, convention: Convention
) -> None:
    paid = {
        line: {code: str(amount) for code, amount in zip(LISTS, amounts[3 * n : 3 * n + 3], strict=True)}
        for n, line in enumerate(("global_sum", "minor_surgery", "qof"))
    }
    inputs = inputs_of(LISTS, paid, COUNTS)
    care = care_budget(inputs, YEAR, library())
    held = statement(care, inputs, taking_part(taken), library(), which, convention=convention)  # type: ignore[arg-type]
    assert_balances(held)


def overridden(text: str) -> Parameters:
    return Parameters({**library(), **read_parameters(text, "own.yaml")})


def one(name: str, value: str) -> Parameters:
    return overridden(
        f"{name}:\n  label: l\n  meaning: m\n  unit: u\n  values:\n"
        f"    2014-04-01: {{value: {value}, status: given, source: {{title: Contract}}}}\n"
    )


def test_shares_that_pay_on_more_than_the_whole_are_refused(care: CareBudget, inputs: BudgetInputs) -> None:
    rows = ", ".join(f'{{service_line: community, provider: {x}, share: "{s}"}}' for x, s in (("a", 0.7), ("b", 0.4)))
    with pytest.raises(ParameterProblem, match="more than the whole"):
        statement(care, inputs, taking_part(MIXED), one("subcontract_shares", f"[{rows}]"), month("2026-04"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("subcontract_shares", "[[a, b]]"),
        ("subcontract_shares", "some"),
        ("subcontract_shares", "[{service_line: community, provider: a}]"),
        ("subcontract_shares", "[{service_line: community, provider: a, share: half}]"),
        ("subcontract_shares", '[{service_line: community, provider: a, share: "-0.5"}]'),
        ("payment_arrears_months", "{community: soon}"),
        ("payment_arrears_months", "none"),
        ("reserve_share", '"1.5"'),
        ("paid_to_practices", "all"),
        ("payers", "everybody"),
        ("list_change_convention", "both"),
    ],
)
def test_a_term_that_cannot_be_read_is_refused_with_its_file(
    care: CareBudget, inputs: BudgetInputs, name: str, value: str
) -> None:
    with pytest.raises(ParameterProblem) as caught:
        statement(care, inputs, taking_part(MIXED), one(name, value), month("2026-04"))
    assert "own.yaml" in str(caught.value)


def test_three_providers_of_a_third_each_get_the_whole_line_to_the_penny(
    care: CareBudget, inputs: BudgetInputs
) -> None:
    rows = ", ".join(
        f'{{service_line: community, provider: {name}, share: "{share}"}}'
        for name, share in (("a", "0.3333"), ("b", "0.3333"), ("c", "0.3334"))
    )
    held = statement(care, inputs, taking_part(MIXED), one("subcontract_shares", f"[{rows}]"), month("2026-04"))
    assert_balances(held)
    assert not [
        e for e in held.of("held") if e.service_line == "community" and e.purpose != "reserve" and e.amount.amount
    ]


@pytest.mark.parametrize(
    ("text", "day"),
    [("2026-04", date(2026, 4, 15)), ("2026-08", date(2026, 8, 14)), ("2026-11", date(2026, 11, 13))],
)
def test_payment_is_on_the_payment_day_or_the_working_day_before(text: str, day: date) -> None:
    assert payment_date(library(), month(text)) == day


def test_a_payment_day_on_a_weekend_at_the_start_of_a_month_moves_on() -> None:
    assert payment_date(one("payment_day", '"1"'), month("2026-08")) == date(2026, 8, 3)


def test_a_payment_day_that_a_month_lacks_is_refused() -> None:
    with pytest.raises(ParameterProblem, match="no day 31"):
        payment_date(one("payment_day", '"31"'), month("2026-04"))
