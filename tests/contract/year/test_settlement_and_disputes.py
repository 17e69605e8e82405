"""What is due when a year is settled, and what of it is in dispute?"""

from __future__ import annotations

from decimal import Decimal

import pytest
from beancount import loader

from commonweal.contract.clauses.reading import read_contract
from commonweal.contract.journal import journal
from commonweal.contract.settlement.clause import GainLossShare
from commonweal.contract.year.amounts import year_amounts
from commonweal.contract.year.year import YearOfPayments, year_of_payments

from .conftest import closed_up_to, fact, received, setting_of, summed

PENNY = Decimal("0.01")
SCORE = fact(1, "performance_score", "qof", "0.9", "2026-04-01", "2027-06-20")
COMMUNITY = "payments/2026-27/2026-06/paid/community"


def pool_of(year: YearOfPayments, practice: str) -> Decimal:
    return sum((received(held, purpose="performance pay", practice=practice) for held in year.statements), Decimal(0))


def test_results_of_nine_tenths_pay_two_tenths_more_and_give_one_tenth_back() -> None:
    """70 % went on in advance; 90 % is earned."""
    year = year_of_payments(setting_of({"A1": "full", "A2": "partial"}), (SCORE,))
    settlement = year.named("settlement")
    for practice in ("A1", "A2"):
        pool = pool_of(year, practice)
        assert pool > 0
        assert abs(summed(settlement, direction="paid", practice=practice) - pool * Decimal("0.2")) <= 12 * PENNY
        assert abs(received(settlement, practice=practice) + pool * Decimal("0.1")) <= PENNY
        assert abs(summed(settlement, direction="held", practice=practice) + pool * Decimal("0.3")) <= 12 * PENNY


def test_where_unearned_pay_is_kept_nothing_goes_back() -> None:
    setting = setting_of({"A2": "partial"}, calendar_unearned_performance_pay="kept")
    settlement = year_of_payments(setting, (SCORE,)).named("settlement")
    assert received(settlement) == 0
    assert summed(settlement, direction="paid") == -summed(settlement, direction="held") > 0


def test_a_score_of_one_practice_trues_up_that_practice_alone() -> None:
    own = fact(2, "performance_score", "qof/A2", "1", "2026-04-01", "2027-06-20")
    settlement = year_of_payments(setting_of({"A1": "full", "A2": "partial"}), (own,)).named("settlement")
    assert summed(settlement, direction="paid", practice="A2") > 0
    assert summed(settlement, direction="paid", practice="A1") == 0
    assert received(settlement) == 0


def test_scores_known_after_the_settlement_is_closed_are_a_settlement_of_their_own() -> None:
    late = fact(1, "performance_score", "qof", "0.9", "2026-04-01", "2027-11-02")
    setting = setting_of({"A2": "partial"})
    closed = closed_up_to(setting, (late,), "settlement")
    year = year_of_payments(setting, (late,), closed)
    assert [held.name for held in year.statements][-2:] == ["settlement", "settlement-2"]
    on_time = year_of_payments(setting, (SCORE,))
    assert year.totals() == on_time.totals()


@pytest.mark.parametrize(("actual", "payment"), [("56400000", "1200000"), ("64500000", "-1500000"), ("59200000", "0")])
def test_a_gain_or_loss_is_settled_as_the_contract_says(actual: str, payment: str) -> None:
    """Expected 60.0m, corridor 2 % deductible, collar 5 %, share 50 %: the loss is held to 3.0m."""
    share = read_contract("mcp-gain-share").one(GainLossShare, "gain_share")
    given = {"baseline": "60000000", "list_now": "1", "list_base": "1", "actual": actual, "quality": "1"}
    facts = tuple(
        fact(number, "settlement_input", name, value, "2026-04-01", "2027-07-01")
        for number, (name, value) in enumerate(given.items(), start=1)
    )
    setting = setting_of({"A1": "full"}, shares=(share,))
    assert received(year_of_payments(setting, facts[:-1]).named("settlement")) == 0
    settlement = year_of_payments(setting, facts).named("settlement")
    assert received(settlement, purpose="gain or loss share") == Decimal(payment)
    assert summed(settlement, direction="held") == Decimal(payment)


def test_a_sum_in_dispute_is_withheld_marked_and_released_when_it_is_found_due() -> None:
    raised = fact(1, "dispute", f"{COMMUNITY}/A2", "volumes", "2026-06-20", "2026-06-20")
    setting = setting_of({"A2": "partial", "A1": "full"})
    plain = year_of_payments(setting, ()).named("2026-06")
    sum_of_a2 = summed(plain, direction="paid", line="community", practice="A2")
    closed = closed_up_to(setting, (raised,), "2026-06")
    june = year_of_payments(setting, (raised,), closed).named("2026-06")
    assert summed(june, direction="paid", line="community", practice="A2") == 0
    assert summed(june, purpose="withheld in dispute") == sum_of_a2 > 0
    assert summed(june, direction="paid", line="community", practice="A1") > 0

    resolved = fact(2, "dispute_resolved", "F001", "due", "2026-08-20", "2026-08-20")
    after = year_of_payments(setting, (raised, resolved), closed_up_to(setting, (raised, resolved), "2026-07"))
    august = after.named("2026-08")
    assert summed(august, direction="paid", adjusts="F002") == sum_of_a2
    assert summed(august, purpose="withheld in dispute", adjusts="F002") == -sum_of_a2
    assert received(august, adjusts="F002") == 0
    open_marks = [held for held in year_amounts(after).values() if held.disputed_by]
    assert not open_marks
    before = year_of_payments(setting, (raised,), closed)
    marked = [held for held in year_amounts(before).values() if held.disputed_by]
    assert [(held.entry.purpose, held.practice_code, held.disputed_by) for held in marked] == [
        ("withheld in dispute", "A2", ("F001",))
    ]


def test_where_disputed_sums_are_paid_they_stay_marked() -> None:
    raised = fact(1, "dispute", f"{COMMUNITY}/A2", "volumes", "2026-06-20", "2026-06-20")
    setting = setting_of({"A2": "partial"}, calendar_disputed_sums="paid")
    year, plain = year_of_payments(setting, (raised,)), year_of_payments(setting, ())
    assert year.totals() == plain.totals()
    marked = {held.amount_id: held.disputed_by for held in year_amounts(year).values() if held.disputed_by}
    assert marked == {f"{COMMUNITY}/A2/whole-population-budget/community-trust": ("F001",)}


def test_a_sum_found_not_due_stays_with_the_mcp() -> None:
    raised = fact(1, "dispute", COMMUNITY, "never provided", "2026-06-20", "2026-06-20")
    lost = fact(2, "dispute_resolved", "F001", "not_due", "2026-08-20", "2026-08-20")
    june = year_of_payments(setting_of({"A2": "partial"}), (raised, lost)).named("2026-06")
    assert summed(june, direction="paid", line="community") == 0
    assert summed(june, purpose="found not due") > 0


def test_the_journal_of_an_adjusted_year_balances_for_an_accounting_tool() -> None:
    joins = fact(1, "participation", "A3", "partial", "2026-05-11", "2026-08-01")
    raised = fact(2, "dispute", COMMUNITY, "volumes", "2026-09-20", "2026-09-20")
    score = fact(3, "performance_score", "qof", "0.8", "2026-04-01", "2027-06-20")
    facts = (joins, raised, score)
    setting = setting_of({"A1": "full", "A2": "partial"})
    year = year_of_payments(setting, facts, closed_up_to(setting, facts, "2026-10"))
    text = journal([held.statement for held in year.statements], setting.parameters)
    entries, errors, _ = loader.load_string(text)
    assert not errors
    assert "received for 2026-05, 2026-07" in text
    assert "Assets:Held:WithheldInDispute:Community" in text
    assert entries
