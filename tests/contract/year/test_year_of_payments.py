"""What is received, paid, held and owed through a year, as its facts become known?"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from beancount import loader
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commonweal.budget.care_budget import care_budget
from commonweal.budget.clauses import Convention
from commonweal.contract.journal import journal
from commonweal.contract.options import AS_AGREED, option_budget
from commonweal.contract.scope import scope_on
from commonweal.contract.statement import DIRECTIONS, year_statements
from commonweal.contract.statement_rows import settled_rows, statement_rows
from commonweal.contract.year.amounts import amounts_by_id, year_amounts
from commonweal.contract.year.due import Dues, Setting
from commonweal.contract.year.facts import Fact
from commonweal.contract.year.year import YearOfPayments, year_of_payments
from commonweal.core.errors import InputError
from commonweal.core.explanation import explanation_text
from commonweal.core.periods import month

from .conftest import COUNTS, LISTS, START, YEAR, closed_up_to, fact, received, setting_of, summed

PENNY = Decimal("0.01")
LINES = 25


def rounded(pounds: Decimal) -> Decimal:
    return pounds.quantize(PENNY, rounding=ROUND_HALF_UP)


def year_budget(setting: Setting, *codes: str) -> Decimal:
    """The year's budget of practices in full, without the performance pool."""
    care = care_budget(setting.inputs, YEAR, setting.parameters)
    taken = dict.fromkeys(codes, "full")
    held = option_budget(care, scope_on(setting.parameters, START), taken, AS_AGREED)  # type: ignore[arg-type]
    return held.budget.total.amount


def month_of(year: Decimal, change: Decimal = Decimal(0)) -> Decimal:
    """A month that is not the last of its quarter: a third of a fourth, each to the penny."""
    return rounded(rounded(rounded(year / 4) * (1 + change)) / 3)


def assert_balances(year: YearOfPayments) -> None:
    """Balance worked out here from the amounts, by statement and line, and by practice."""
    sums: dict[tuple[str, str, str], dict[str, Decimal]] = {}
    for held in year_amounts(year).values():
        key = (held.held.name, held.entry.service_line, held.practice_code)
        of = sums.setdefault(key, dict.fromkeys(DIRECTIONS, Decimal(0)))
        of[held.entry.direction] += held.amount
    for key, of in sums.items():
        assert of["received"] == of["paid"] + of["held"] + of["owed"], key


def budget_of(made: object, **wanted: str) -> Decimal:
    return received(made, purpose="whole population budget", **wanted)


def test_without_facts_the_months_are_those_of_the_monthly_statements() -> None:
    setting = setting_of({"A1": "full", "A2": "partial"})
    year = year_of_payments(setting, ())
    care = care_budget(setting.inputs, YEAR, setting.parameters)
    plain = year_statements(care, setting.inputs, setting.history, setting.parameters, payers=setting.payers)
    for held, made in zip(year.statements, plain, strict=False):
        for direction in DIRECTIONS:
            assert getattr(held.statement.balance, direction).amount == getattr(made.balance, direction).amount
    assert [held.name for held in year.statements][-1] == "settlement"
    assert received(year.statements[-1]) == 0


def test_a_practice_that_joins_on_1_july_is_paid_for_nine_months() -> None:
    """No list is counted after the reference, so every quarter is a fourth of the year."""
    setting = setting_of({"A1": "full"}, counts={date(2025, 10, 1): LISTS})
    joins = fact(1, "participation", "A2", "full", "2026-07-01", "2026-06-01")
    year = year_of_payments(setting, (joins,))
    alone, both = year_budget(setting, "A1"), year_budget(setting, "A1", "A2")
    june, july = year.named("2026-06"), year.named("2026-07")
    assert budget_of(june) == rounded(alone / 4) - 2 * month_of(alone)
    assert budget_of(july) == month_of(both)
    assert budget_of(july, practice="A2") > 0 == budget_of(june, practice="A2")
    assert_balances(year)


def test_a_practice_that_joins_on_16_july_is_paid_sixteen_of_thirty_one_days() -> None:
    setting = setting_of({"A1": "full"}, counts={date(2025, 10, 1): LISTS}, calendar_part_month="days")
    joins = fact(1, "participation", "A2", "full", "2026-07-16", "2026-06-01")
    july = year_of_payments(setting, (joins,)).named("2026-07")
    alone, both = month_of(year_budget(setting, "A1")), month_of(year_budget(setting, "A1", "A2"))
    expected = alone * 15 / 31 + both * 16 / 31
    assert abs(budget_of(july) - expected) <= LINES * PENNY / 2


def test_by_months_the_same_practice_is_paid_from_august() -> None:
    setting = setting_of({"A1": "full"}, counts={date(2025, 10, 1): LISTS}, calendar_part_month="months")
    joins = fact(1, "participation", "A2", "full", "2026-07-16", "2026-06-01")
    year = year_of_payments(setting, (joins,))
    alone, both = year_budget(setting, "A1"), year_budget(setting, "A1", "A2")
    assert budget_of(year.named("2026-07")) == month_of(alone)
    assert budget_of(year.named("2026-08")) == month_of(both)


def test_a_practice_that_leaves_is_paid_to_its_last_day() -> None:
    setting = setting_of({"A1": "full", "A2": "partial"}, counts={date(2025, 10, 1): LISTS})
    leaves = fact(1, "participation", "A2", "out", "2026-10-01", "2026-09-01")
    year = year_of_payments(setting, (leaves,))
    assert received(year.named("2026-09"), practice="A2") > 0
    assert received(year.named("2026-10"), practice="A2") == 0
    assert_balances(year)


@pytest.mark.parametrize(
    ("convention", "before", "after"),
    [
        # A1 and A2: 21,000 on the reference day. Counted 21,800, corrected to 22,000; tolerance 1 %.
        ("trigger", Decimal(800) / 21000, Decimal(1000) / 21000),
        ("deductible", Decimal(800) / 21000 - PENNY, Decimal(1000) / 21000 - PENNY),
    ],
)
def test_a_list_corrected_in_september_adjusts_july_and_august(
    convention: Convention, before: Decimal, after: Decimal
) -> None:
    setting = setting_of({"A1": "full", "A2": "full"}, convention=convention, list_change_tolerance="0.01")
    corrected = fact(1, "list_count", "A1", "9500", "2026-07-01", "2026-09-10")
    closed = closed_up_to(setting, (corrected,), "2026-08")
    year = year_of_payments(setting, (corrected,), closed)
    september = year.named("2026-09")
    budget = year_budget(setting, "A1", "A2")
    more = month_of(budget, after) - month_of(budget, before)
    for served in ("2026-07", "2026-08"):
        assert budget_of(september, served=served, adjusts="F001") == more
    assert budget_of(year.named("2026-07")) == month_of(budget, before)
    assert_balances(year)


def test_a_correction_for_the_first_quarter_is_one_line_a_practice_in_september() -> None:
    """The reference list itself is corrected: A1 has 3 % more people, and so 3 % more of whatever is funded by list."""
    setting = setting_of({"A1": "full", "A2": "full"}, counts={date(2025, 10, 1): LISTS})
    corrected = fact(1, "list_count", "A1", "9270", "2025-10-01", "2026-09-10")
    closed = closed_up_to(setting, (corrected,), "2026-08")
    year = year_of_payments(setting, (corrected,), closed)
    found = [held for held in year_amounts(year).values() if held.made.adjusts]
    core = [
        (held.entry.served.label, held.practice_code, held.amount)
        for held in found
        if held.entry.direction == "received" and held.entry.service_line == "core_general_practice"
    ]
    assert [row[:2] for row in core if row[0] <= "2026-06" and row[1] == "A1"] == [
        ("2026-04", "A1"),
        ("2026-05", "A1"),
        ("2026-06", "A1"),
    ]
    closed_april = sum(
        (
            r.amount
            for r in closed[0].rows
            if r.service_line == "core_general_practice" and r.direction == "received" and r.practice_code == "A1"
        ),
        Decimal(0),
    )
    assert abs(core[0][2] - closed_april * Decimal("0.03")) <= 2 * PENNY
    assert {held.held.name for held in found} == {"2026-09"}


def test_an_adjustment_is_explained_with_its_fact_and_found_by_its_id() -> None:
    setting = setting_of({"A1": "full"})
    joins = fact(7, "participation", "A2", "full", "2026-05-01", "2026-07-20")
    year = year_of_payments(setting, (joins,), closed_up_to(setting, (joins,), "2026-06"))
    lines = amounts_by_id(year)
    rows = year_amounts(year)
    assert all(lines[name].amount == rows[name].amount for name in list(rows)[::7])
    name = (
        "payments/2026-27/2026-07/paid/core_general_practice/A2/whole-population-budget/"
        "practices-working-for-the-mcp/for-2026-05/F007"
    )
    assert "fact F007, participation of A2, known on 2026-07-20" in explanation_text(lines[name], depth=0)


def test_months_that_are_no_payment_months_are_accounted_for_in_the_next() -> None:
    quarterly = setting_of({"A1": "full", "A2": "partial"}, calendar_payment_months=["6", "9", "12", "3"])
    monthly = setting_of({"A1": "full", "A2": "partial"})
    by_quarter, by_month = year_of_payments(quarterly, ()), year_of_payments(monthly, ())
    assert [held.name for held in by_quarter.statements] == ["2026-06", "2026-09", "2026-12", "2027-03", "settlement"]
    assert by_quarter.totals() == by_month.totals()
    assert_balances(by_quarter)


def test_a_quarter_that_is_not_one_of_list_changes_keeps_the_list_before() -> None:
    setting = setting_of({"A1": "full", "A2": "full"}, calendar_list_change_quarters=["3"], convention="trigger")
    year = year_of_payments(setting, ())
    budget = year_budget(setting, "A1", "A2")
    assert budget_of(year.named("2026-07")) == month_of(budget)
    assert budget_of(year.named("2026-10")) == month_of(budget, Decimal(800) / 21000)
    assert budget_of(year.named("2027-01")) == month_of(budget, Decimal(800) / 21000)


def test_performance_pay_in_advance_in_one_month_is_that_of_all_months_before() -> None:
    once = setting_of({"A2": "partial"}, calendar_interim_months=["9"], counts={date(2025, 10, 1): LISTS})
    always = setting_of({"A2": "partial"}, counts={date(2025, 10, 1): LISTS})
    year, monthly = year_of_payments(once, ()), year_of_payments(always, ())
    in_advance = {held.name: summed(held, purpose="performance pay in advance") for held in year.statements}
    pool = sum((received(held, purpose="performance pay") for held in monthly.statements[:6]), Decimal(0))
    assert in_advance["2026-08"] == in_advance["2026-10"] == 0
    assert abs(in_advance["2026-09"] - pool * Decimal("0.70")) <= PENNY
    assert_balances(year)


def test_a_line_half_taken_out_of_scope_in_october_is_received_by_half() -> None:
    setting = setting_of({"A2": "partial"}, counts={date(2025, 10, 1): LISTS})
    before = scope_on(setting.parameters, START).row("partial", "community").share_in_scope
    half = fact(1, "scope", "partial/community", str(before / 2), "2026-10-01", "2026-09-01")
    year = year_of_payments(setting, (half,))
    full, halved = (received(year.named(name), line="community") for name in ("2026-09", "2026-10"))
    assert abs(halved - full / 2) <= PENNY
    assert_balances(year)


FACTS = (
    fact(1, "list_count", "A1", "9500", "2026-07-01", "2026-08-01"),
    fact(2, "list_count", "A3", "5200", "2026-10-01", "2026-10-20"),
    fact(3, "participation", "A3", "partial", "2026-06-10", "2026-06-01"),
    fact(4, "scope", "partial/community", "0.5", "2026-09-15", "2026-09-01", effective_to=date(2026, 12, 1)),
    fact(5, "dispute", "payments/2026-27/2026-06/paid/community", "volumes", "2026-07-20", "2026-07-20"),
    fact(6, "dispute_resolved", "F005", "due", "2026-11-20", "2026-11-20"),
    fact(7, "performance_score", "qof", "0.9", "2026-04-01", "2027-06-20"),
    fact(8, "list_count", "A1", "9400", "2026-07-01", "2026-12-01", corrects="F001"),
)
ARRIVALS = [held.known_on for held in FACTS] + [date(2027, 12, 1), date(2026, 4, 2)]


@pytest.mark.slow
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.permutations(ARRIVALS))
def test_the_years_totals_are_the_same_whatever_the_order_in_which_facts_arrive(days: list[date]) -> None:
    assert_same_totals(days)


def test_the_years_totals_are_the_same_when_facts_arrive_the_other_way_round() -> None:
    assert_same_totals(sorted(ARRIVALS, reverse=True))


def assert_same_totals(days: list[date]) -> None:
    """Close month after month as facts arrive on these days, and compare with all of them known from the start."""
    setting, dues = SETTING, DUES
    facts = tuple(
        Fact(
            held.fact_id,
            day,
            held.effective_from,
            held.kind,
            held.subject,
            held.value,
            held.source,
            held.effective_to,
            held.corrects,
        )
        for held, day in zip(FACTS, days, strict=False)
    )
    closed = closed_up_to(setting, facts, "settlement", dues)
    year = year_of_payments(setting, facts, closed, dues=dues)
    at_once = year_of_payments(setting, facts, (), dues=dues)
    assert year.totals() == at_once.totals()
    assert_balances(year)


SETTING = setting_of({"A1": "full", "A2": "partial"}, counts=COUNTS)
DUES = Dues(SETTING)


def test_what_all_statements_account_for_is_what_is_due_month_by_month() -> None:
    closed = closed_up_to(SETTING, FACTS, "2026-11", DUES)
    year = year_of_payments(SETTING, FACTS, closed, dues=DUES)
    due = sum(
        (
            amount
            for month in SETTING.months
            for entry in DUES.month(month, year.standing).entries.values()
            if entry.direction == "received"
            for amount in entry.column.by_key().values()
        ),
        Decimal(0),
    )
    months = sum((received(held) for held in year.statements if held.name != "settlement"), Decimal(0))
    assert months == due


def test_as_known_on_a_day_later_facts_and_closings_do_not_count() -> None:
    closed = closed_up_to(SETTING, FACTS, "2026-11", DUES)
    year = year_of_payments(SETTING, FACTS, closed, known_on=date(2026, 9, 20), dues=DUES)
    assert [fact.fact_id for fact in year.facts] == ["F001", "F003", "F004", "F005"]
    assert year.first_open is not None
    assert year.first_open.name == "2026-09"


def test_the_monthly_statements_of_an_adjusted_year_have_each_sum_once() -> None:
    closed = closed_up_to(SETTING, FACTS, "2026-09", DUES)
    year = year_of_payments(SETTING, FACTS, closed, dues=DUES)
    plain = year.up_to(month("2026-10"))
    for held, made in zip(plain, year.statements, strict=False):
        rows = [row["explanation_id"] for row in statement_rows(held)]
        assert len(rows) == len(set(rows))
        assert held.balance.received.amount == made.statement.balance.received.amount
        settled = sum((row["amount"] for row in settled_rows(held)), Decimal(0))
        assert settled == sum((row["amount"] for row in settled_rows(made.statement)), Decimal(0))
    _, errors, _ = loader.load_string(journal(plain[3:], SETTING.parameters))
    assert not errors
    with pytest.raises(InputError, match="no statement of its own"):
        year.up_to(month("2027-04"))
