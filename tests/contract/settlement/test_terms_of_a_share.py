"""Does every term of a gain and loss share mean what the contract says it means?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from commonweal.contract.clauses.reading import library_contracts
from commonweal.contract.settlement.clause import GainLossShare
from commonweal.contract.settlement.parties import among_parties
from commonweal.contract.settlement.settling import settled
from commonweal.core.amounts import given as supplied
from commonweal.core.errors import InputError

DAY = date(2026, 4, 1)
HELD = {"baseline": "60000000", "list_now": "1", "list_base": "1", "quality": "1"}
MONEY = st.integers(30_000_000_00, 90_000_000_00).map(lambda pence: Decimal(pence) / 100)


def clause(convention: str = "deductible", *, limited: bool = True, **terms: str) -> GainLossShare:
    """The share that ships, with another convention, without its limit, or with other terms."""
    file = library_contracts()["mcp-gain-share"] / "gain_share.yaml"
    held = yaml.safe_load(file.read_text(encoding="utf-8"))
    for name, value in terms.items():
        for dated in held["terms"][name]["values"].values():
            dated["value"] = value
    for step in held["operations"]:
        if step["do"] == "corridor":
            step["convention"] = convention
    if not limited:
        held["operations"] = [step for step in held["operations"] if step["do"] != "limit"]
        next(step for step in held["operations"] if step["do"] == "share")["of"] = "counted"
        del held["terms"]["limit"]
    found = GainLossShare.model_validate(held)
    assert not list(found.faults())
    return found


CLAUSES = {(convention, limited): clause(convention, limited=limited)
           for convention in ("deductible", "trigger") for limited in (True, False)}  # fmt: skip


def paid(share: GainLossShare, actual: object, **inputs: object) -> Decimal:
    return settled(share, {**HELD, "actual": actual, **inputs}, DAY).payment.amount


@pytest.mark.parametrize(
    ("actual", "convention", "limited", "expected"),
    [
        ("56400000", "deductible", False, "1200000"),
        ("56400000", "trigger", False, "1800000"),
        ("64500000", "deductible", False, "-1650000"),
        ("64500000", "trigger", False, "-2250000"),
        ("59200000", "deductible", False, "0"),
        ("59200000", "trigger", False, "0"),
        ("56400000", "trigger", True, "1500000"),
        ("64500000", "deductible", True, "-1500000"),
    ],
)
def test_the_worked_example_of_the_contract_is_paid(actual, convention, limited, expected):
    assert paid(CLAUSES[convention, limited], actual) == Decimal(expected)


def test_a_list_that_grew_moves_what_is_expected():
    # 60.0m x 1.02 = 61.2m; less 2 % is 59.976m; half of what lies below that at 56.4m is 1.788m.
    assert paid(CLAUSES["deductible", False], "56400000", list_now="102", list_base="100") == Decimal("1788000")


@pytest.mark.parametrize("key", CLAUSES)
@settings(max_examples=60, deadline=None)
@given(least=MONEY, more=MONEY)
def test_more_spend_never_raises_a_payment(key, least, more):
    least, more = sorted((least, more))
    assert paid(CLAUSES[key], more) <= paid(CLAUSES[key], least)


@settings(max_examples=60, deadline=None)
@given(apart=st.integers(0, 30_000_000_00).map(lambda pence: Decimal(pence) / 100))
def test_the_same_apart_either_way_is_paid_the_same_either_way(apart):
    share = CLAUSES["deductible", True]
    assert paid(share, Decimal("60000000") - apart) == -paid(share, Decimal("60000000") + apart)


@settings(max_examples=60, deadline=None)
@given(actual=MONEY)
def test_a_deductible_payment_moves_by_no_more_than_the_spend_does(actual):
    share = CLAUSES["deductible", True]
    assert abs(paid(share, actual) - paid(share, actual + Decimal("0.01"))) <= Decimal("0.01")


@pytest.mark.parametrize("key", CLAUSES)
@settings(max_examples=30, deadline=None)
@given(actual=st.lists(MONEY, min_size=1, max_size=20), quality=st.integers(0, 100))
def test_futures_pay_to_the_penny_what_exact_sums_pay(key, actual, quality):
    score = Decimal(quality) / 100
    futures = settled(CLAUSES[key], {**HELD, "actual": np.array(actual, dtype=float), "quality": score}, DAY)
    exact = [float(paid(CLAUSES[key], one, quality=score)) for one in actual]
    assert np.abs(futures.payment.value - exact).max() < 0.0051


WAYS = ("equal", "by_budget", "compensate_losers")


@pytest.mark.parametrize("way", WAYS)
@settings(max_examples=60, deadline=None)
@given(pence=st.integers(-9_999_999, 9_999_999), weights=st.lists(st.integers(1, 500), min_size=3, max_size=3))
def test_the_shares_of_the_parties_sum_to_the_payment(way, pence, weights):
    parties = ("mcp", "acute", "commissioner")
    weighed = {party: supplied(party, weight) for party, weight in zip(parties, weights, strict=True)}
    shares = among_parties(supplied("payment", Decimal(pence) / 100), way, parties, weighed)
    assert sum(line.amount for line in shares.values()) == Decimal(pence) / 100


def test_nobody_can_be_paid_by_weights_that_are_nothing():
    weighed = {"mcp": supplied("mcp", 0), "acute": supplied("acute", 0)}
    with pytest.raises(InputError, match="nothing"):
        among_parties(supplied("payment", 100), "by_budget", ("mcp", "acute"), weighed)


def test_a_future_in_which_nobody_lost_is_shared_equally():
    lost = {"mcp": supplied("mcp", np.array([0.0, 30.0])), "acute": supplied("acute", np.array([0.0, 10.0]))}
    shares = among_parties(supplied("payment", np.array([100.0, 20.0])), "compensate_losers", ("mcp", "acute"), lost)
    assert shares["mcp"].value.tolist() == [50.0, 15.0]
    assert shares["acute"].value.tolist() == [50.0, 5.0]


@pytest.mark.parametrize("inputs", [{"acutal": "1"}, {"actual": "much"}, {"actual": "NaN"}, {}], ids=str)
def test_an_input_that_cannot_be_used_is_refused(inputs):
    with pytest.raises(InputError):
        settled(CLAUSES["trigger", True], {**HELD, **inputs}, DAY)
