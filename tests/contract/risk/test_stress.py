"""Do stress tests pay what arithmetic by hand says, and explain it?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from commonweal.contract.clauses.reading import read_contract
from commonweal.contract.risk.forms import FACTS, FORMS, form_facts
from commonweal.contract.risk.futures import RiskPool
from commonweal.contract.risk.outcomes import risk_terms
from commonweal.contract.risk.stress import TESTS, stress, stress_names
from commonweal.contract.settlement.clause import GainLossShare
from commonweal.core.errors import InputError
from commonweal.core.explanation import explained
from commonweal.core.parameters import library

DAY = date(2026, 4, 1)
POOL = RiskPool(("X90001", "X90002"), (40_000, 20_000), (Decimal(40_000_000), Decimal(20_000_000)))


def found(name, **changed):
    contract = read_contract("mcp-gain-share")
    terms = risk_terms(contract, contract.one(GainLossShare), first=DAY, years=1)
    return stress(name, terms, POOL, library(), **changed)


# Of £60m, corridor 2 % off, at most 5 % shared, half of it.
@pytest.mark.parametrize(
    ("name", "spend", "provider", "commissioner", "acute", "unpaid"),
    [
        # £12m over; past £1.2m it is £10.8m, held to £3m.
        ("baseline", 72_000_000, -1_500_000, -10_500_000, 12_000_000, 0),
        # £24m over.
        ("volume", 84_000_000, -1_500_000, -22_500_000, 24_000_000, 0),
        # £57m expected, £3m over; past £1.14m it is £1.86m.
        ("list", 60_000_000, -930_000, -2_070_000, 3_000_000, 0),
        # £40m gone, 3 % of it for a year.
        ("practice", 20_000_000, -1_200_000, 0, 0, 1_200_000),
        # £60m x (1 - 0.0556) gone, 3 % of it for a year.
        ("stopped", 3_336_000, -1_699_920, 0, 0, 1_699_920),
    ],
)
def test_each_test_gives_each_party_what_was_worked_out_by_hand(name, spend, provider, commissioner, acute, unpaid):
    held = found(name)
    results = {party: line.amount for party, line in held.parties.items()}
    assert held.spend.amount == spend
    assert results == {"mcp": provider, "commissioner": commissioner, "acute": acute}
    assert held.unpaid == unpaid


def test_the_only_practice_of_a_contract_does_not_leave():
    alone = POOL.without("X90001")
    assert "practice" not in stress_names(alone)
    assert stress_names(POOL) == tuple(TESTS)
    with pytest.raises(InputError):
        alone.without("X90002")


def test_the_practice_that_leaves_may_be_named():
    held = found("practice", practice="X90002")
    assert "X90002" in held.label
    assert held.parties["mcp"].amount == Decimal("-600000")


@pytest.mark.parametrize("name", TESTS)
def test_a_test_names_its_source_and_explains_each_result_down_to_supplied_numbers(name):
    held = found(name)
    assert held.source.title
    assert held.told
    rows = list(explained(held.parties["mcp"]))
    assert any("stress" in row.source or row.status == "illustrative" for row in rows)


def test_a_baseline_that_is_wrong_says_by_how_much_in_the_explanation():
    rows = {row.name: row.value for row in explained(found("baseline").parties["mcp"])}
    assert rows["Baseline wrong"] == "0.2"
    assert rows["spend at plan"] == "60,000,000.00"


@pytest.mark.parametrize(("name", "practice"), [("nosuch", ""), ("practice", "X99999")])
def test_a_test_or_a_practice_that_there_is_not_is_refused(name, practice):
    with pytest.raises(InputError):
        found(name, practice=practice)


def test_every_form_has_every_fact_and_what_is_not_confirmed_says_so():
    facts = form_facts(library(), DAY)
    assert {(held.form, held.fact) for held in facts} == {(form, fact) for form in FORMS for fact in FACTS}
    assert all(held.note for held in facts if held.status == "illustrative")
    assert any(held.status == "published" for held in facts)
