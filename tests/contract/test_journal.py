"""Does an accounting tool accept the journal, and does it find the statement's own balances?"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal

import pytest
from beancount import loader
from beancount.core import data
from hypothesis import given, settings
from hypothesis import strategies as st

from commonweal.budget.care_budget import CareBudget, care_budget
from commonweal.budget.inputs import BudgetInputs
from commonweal.contract.journal import journal
from commonweal.contract.statement import Statement, statement, year_statements
from commonweal.core.parameters import library
from commonweal.core.periods import financial_year, month, months
from commonweal.place.participation.events import OPTIONS, History, Option
from commonweal.place.participation.states import participate

from .conftest import inputs_of

START = date(2026, 4, 1)
YEAR = financial_year("2026-27")
LISTS = {"A1": 9001, "A2": 12007, "A3": 4999}


@pytest.fixture(scope="module")
def inputs() -> BudgetInputs:
    return inputs_of(LISTS)


@pytest.fixture(scope="module")
def care(inputs: BudgetInputs) -> CareBudget:
    return care_budget(inputs, YEAR, library())


def taking_part(taken: dict[str, Option]) -> History:
    history = History(tuple(LISTS), contract_start=START)
    for code, option in taken.items():
        history = participate(history, code, option, START)
    return history


@pytest.fixture(scope="module")
def year(care: CareBudget, inputs: BudgetInputs) -> tuple[Statement, ...]:
    return year_statements(care, inputs, taking_part({"A1": "full", "A2": "partial", "A3": "virtual"}), library())


def balances(text: str) -> dict[str, Decimal]:
    """Each account's balance as beancount has it, no error among them."""
    entries, errors, _ = loader.load_string(text)
    assert errors == []
    found: dict[str, Decimal] = defaultdict(Decimal)
    for entry in entries:
        if isinstance(entry, data.Transaction):
            assert sum(posting.units.number for posting in entry.postings) == 0
            for posting in entry.postings:
                assert posting.units.currency == "GBP"
                found[posting.account] += posting.units.number
    return found


def under(found: dict[str, Decimal], prefix: str) -> Decimal:
    return sum((amount for account, amount in found.items() if f"{account}:".startswith(f"{prefix}:")), Decimal(0))


def test_one_months_journal_is_accepted_and_has_the_statements_balances(year: tuple[Statement, ...]) -> None:
    april = year[0]
    found = balances(journal([april], library()))
    balance = april.balance
    assert under(found, "Income") == -balance.received.amount
    assert under(found, "Expenses") == balance.paid.amount + balance.owed.amount
    assert under(found, "Assets:Held") == balance.held.amount
    assert under(found, "Liabilities") == -balance.owed.amount
    assert under(found, "Assets:Bank") == balance.owed.amount


def test_a_service_lines_income_is_what_the_statement_received_for_it(year: tuple[Statement, ...]) -> None:
    found = balances(journal([year[0]], library()))
    assert found["Income:Community"] == -year[0].of_line("community").received.amount
    assert found["Income:PerformancePay:Qof"] == -year[0].of_line("qof").received.amount


def test_a_years_journal_is_accepted_and_ends_with_only_the_last_months_debts(year: tuple[Statement, ...]) -> None:
    found = balances(journal(year, library()))
    assert under(found, "Income") == -sum(of.balance.received.amount for of in year)
    assert under(found, "Assets:Held") == sum(of.balance.held.amount for of in year)
    assert under(found, "Liabilities") == -year[-1].balance.owed.amount
    assert year[-1].balance.owed.amount > 0


def test_a_month_from_the_middle_brings_forward_what_is_owed(year: tuple[Statement, ...]) -> None:
    found = balances(journal([year[5]], library()))
    assert under(found, "Liabilities") == -year[5].balance.owed.amount
    assert under(found, "Assets:Bank") == year[5].balance.owed.amount


def test_a_wrong_penny_is_found_by_the_accounting_tool(year: tuple[Statement, ...]) -> None:
    text = journal([year[0]], library())
    amount = next(line for line in text.splitlines() if "Assets:Bank  " in line).split()[1]
    broken = text.replace(f"Assets:Bank  {amount}", f"Assets:Bank  {Decimal(amount) + Decimal('0.01')}", 1)
    _, errors, _ = loader.load_string(broken)
    assert errors


def test_every_posting_names_its_statement_row_or_is_the_bank(year: tuple[Statement, ...]) -> None:
    entries, _, _ = loader.load_string(journal([year[0]], library()))
    for entry in entries:
        if isinstance(entry, data.Transaction):
            assert entry.date in year[0].month
            for posting in entry.postings:
                assert posting.account == "Assets:Bank" or posting.meta["statement_row"].startswith("2026-04/")


def test_the_same_statements_give_the_same_bytes_in_whatever_order(year: tuple[Statement, ...]) -> None:
    assert journal(year, library()) == journal(tuple(reversed(year)), library())


def test_quotes_in_a_title_do_no_harm(year: tuple[Statement, ...]) -> None:
    balances(journal([year[0]], library(), title='The "Vale" \\ MCP'))


def test_a_journal_of_nothing_is_accepted() -> None:
    assert balances(journal([], library())) == {}


@settings(max_examples=15, deadline=None)
@given(
    st.dictionaries(st.sampled_from(sorted(LISTS)), st.sampled_from(OPTIONS)),
    st.sampled_from(months(YEAR)),
    st.lists(st.decimals(min_value=-5000, max_value=10**6, places=2), min_size=3, max_size=3),
)
def test_any_months_journal_is_accepted(taken: dict[str, Option], which: object, amounts: list[Decimal]) -> None:
    paid = {"global_sum": {code: str(amount) for code, amount in zip(LISTS, amounts, strict=True)}}
    inputs = inputs_of(LISTS, paid)
    care = care_budget(inputs, YEAR, library())
    held = statement(care, inputs, taking_part(taken), library(), which)  # type: ignore[arg-type]
    found = balances(journal([held], library()))
    assert under(found, "Income") == -held.balance.received.amount


def test_a_month_without_anybody_has_a_journal_without_transactions(care: CareBudget, inputs: BudgetInputs) -> None:
    held = statement(care, inputs, taking_part({}), library(), month("2026-04"))
    assert balances(journal([held], library())) == {}
