"""Does a settlement keep its promises whatever the terms, the spend and the practices?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from commonweal.contract.clauses.reading import read_contract
from commonweal.contract.settlement.clause import GainLossShare
from commonweal.contract.settlement.parties import by_practice
from commonweal.contract.settlement.settling import settled
from commonweal.contract.settlement.waterfall import waterfall
from commonweal.core.amounts import given as supplied

DAY = date(2026, 4, 1)
SHIPPED = read_contract("mcp-gain-share").one(GainLossShare)
BASELINE = Decimal(60_000_000)
MONEY = st.integers(30_000_000_00, 90_000_000_00).map(lambda pence: Decimal(pence) / 100)
SHARE = st.integers(0, 100).map(lambda percent: Decimal(percent) / 100)
NARROW = st.integers(0, 15).map(lambda percent: Decimal(percent) / 100)
WAYS = ("trigger", "deductible", "first_pound")


def term(value: Decimal) -> dict[str, Any]:
    dated = {"value": str(value), "status": "illustrative", "source": {"title": "Any"}}
    return {"label": "Term", "meaning": "Agreed.", "unit": "share", "values": {"2020-04-01": dated}}


@st.composite
def clauses(draw: Any, ways: tuple[str, ...] = WAYS, *, symmetric: bool = False) -> GainLossShare:
    """A clause with any widths and shares, its cap on the shared amount or on the payment, gains of quality or both."""
    width, other = draw(NARROW), draw(NARROW)
    share, lost = draw(SHARE), draw(SHARE)
    terms = {
        "gain_width": width, "loss_width": width if symmetric else other, "gain_share": share,
        "loss_share": share if symmetric else lost, "cap": draw(NARROW), "marginal": draw(SHARE),
    }  # fmt: skip
    limit = {"do": "limit", "base": "baseline", "cap": "cap", "collar": "cap"}
    shared = {"do": "share", "gain": "gain_share", "loss": "loss_share"}
    first, second = draw(st.permutations([limit, shared]))
    corridor = {
        "do": "corridor", "name": "counted", "of": "moved", "base": "baseline",
        "convention": draw(st.sampled_from(ways)), "gain": "gain_width", "loss": "loss_width",
    }  # fmt: skip
    sides = "both" if symmetric else draw(st.sampled_from(("gains", "both")))
    operations = [
        {"do": "difference", "name": "difference", "expected": "baseline", "actual": "actual"},
        {"do": "price", "name": "moved", "of": "difference", "marginal": "marginal"},
        corridor,
        {**first, "name": "first", "of": "counted"},
        {**second, "name": "second", "of": "first"},
        {"do": "quality", "name": "earned", "of": "second", "by": "quality", "form": "multiplier", "sides": sides},
        {"do": "round", "name": "payment", "of": "earned"},
    ]
    found = GainLossShare.model_validate(
        {
            "clause": "gain_and_loss_share",
            "name": "share",
            "label": "Share",
            "inputs": {name: {"label": name} for name in ("baseline", "actual", "quality")},
            "terms": {name: term(value) for name, value in terms.items()},
            "operations": operations,
        }
    )
    assert list(found.faults()) == []
    return found


def paid(held: GainLossShare, actual: Any, quality: Any = 1) -> Any:
    return settled(held, {"baseline": BASELINE, "actual": actual, "quality": quality}, DAY).payment.value


@settings(max_examples=60, deadline=None)
@given(held=clauses(), low=MONEY, high=MONEY, quality=SHARE)
def test_more_spend_never_raises_a_payment(held, low, high, quality):
    low, high = sorted((low, high))
    assert paid(held, high, quality) <= paid(held, low, quality)


@settings(max_examples=60, deadline=None)
@given(held=clauses(symmetric=True), apart=st.integers(0, 30_000_000_00), quality=SHARE)
def test_symmetric_terms_pay_and_charge_the_same(held, apart, quality):
    pounds = Decimal(apart) / 100
    assert paid(held, BASELINE - pounds, quality) == -paid(held, BASELINE + pounds, quality)


@settings(max_examples=60, deadline=None)
@given(held=clauses(("deductible",)), actual=MONEY)
def test_a_payment_without_a_trigger_never_jumps(held, actual):
    # A penny more spent moves a payment by a penny at most, and by one more as each is rounded.
    assert abs(paid(held, actual) - paid(held, actual + Decimal("0.01"))) <= Decimal("0.02")


@settings(max_examples=60, deadline=None)
@given(held=clauses(("trigger", "first_pound")), actual=MONEY)
def test_a_payment_with_a_trigger_jumps_only_there(held, actual):
    found = settled(held, {"baseline": BASELINE, "actual": actual, "quality": 1}, DAY)
    moved = found.amounts["moved"].amount
    edges = [found.amounts["gain_width"].amount * BASELINE, -found.amounts["loss_width"].amount * BASELINE]
    if all(abs(moved - edge) > Decimal("0.02") for edge in edges):
        assert abs(found.payment.amount - paid(held, actual + Decimal("0.01"))) <= Decimal("0.02")


@settings(max_examples=60, deadline=None)
@given(held=clauses(), actual=st.lists(MONEY, min_size=1, max_size=12), quality=SHARE)
def test_futures_pay_to_the_penny_what_exact_sums_pay(held, actual, quality):
    futures = paid(held, np.array(actual, dtype=float), quality)
    exact = np.array([float(paid(held, one, quality)) for one in actual])
    # A float may lie on the other side of a trigger than the decimal that it stands for: a penny of spend away.
    edge = np.array([float(paid(held, one + Decimal("0.01"), quality)) for one in actual])
    below = np.array([float(paid(held, one - Decimal("0.01"), quality)) for one in actual])
    assert ((np.abs(futures - exact) < 0.0051) | (np.abs(exact - edge) > 0.03) | (np.abs(exact - below) > 0.03)).all()


PRACTICE = st.fixed_dictionaries(
    {
        "baseline": st.integers(1, 9_000_000_00).map(lambda pence: Decimal(pence) / 100),
        "actual": st.integers(1, 9_000_000_00).map(lambda pence: Decimal(pence) / 100),
        "list_base": st.integers(1, 20_000).map(Decimal),
        "list_now": st.integers(1, 20_000).map(Decimal),
    }
)
PRACTICES = st.lists(PRACTICE, min_size=2, max_size=6).map(
    lambda held: {f"A8100{n}": one for n, one in enumerate(held)}
)


def of_place(practices: dict[str, dict[str, Decimal]]) -> tuple[Decimal, dict[str, Decimal]]:
    """What a place of practices is paid, and each practice's share."""
    names = ("baseline", "actual", "list_base", "list_now")
    columns = {name: {code: held[name] for code, held in practices.items()} for name in names}
    payment = settled(SHIPPED, {**columns, "quality": "0.9"}, DAY).payment
    shares = by_practice(payment, columns["list_now"])
    return payment.amount, {code: line.amount for code, line in shares.items()}


@settings(max_examples=60, deadline=None)
@given(practices=PRACTICES)
def test_two_practices_that_merge_are_paid_as_before(practices):
    payment, shares = of_place(practices)
    one, other = list(practices)[:2]
    merged = {code: held for code, held in practices.items() if code not in (one, other)}
    merged["M81999"] = {name: practices[one][name] + practices[other][name] for name in practices[one]}
    payment_then, shares_then = of_place(merged)
    assert payment_then == payment
    assert sum(shares_then.values()) == sum(shares.values()) == payment
    # Whole pence are shared out, so the merged practice's may differ from the two together by less than two of them.
    assert abs(shares_then["M81999"] - shares[one] - shares[other]) < Decimal("0.02")


@settings(max_examples=40, deadline=None)
@given(practices=PRACTICES, order=st.randoms())
def test_the_order_of_practices_and_inputs_is_irrelevant(practices, order):
    codes = list(practices)
    order.shuffle(codes)
    shuffled = {code: dict(reversed(practices[code].items())) for code in codes}
    assert of_place(shuffled) == of_place(practices)


@settings(max_examples=40, deadline=None)
@given(held=clauses(), actual=MONEY, quality=SHARE)
def test_the_steps_of_a_waterfall_lead_from_the_difference_to_the_payment(held, actual, quality):
    found = settled(held, {"baseline": BASELINE, "actual": actual, "quality": quality}, DAY)
    first, *between, last = waterfall(held, found)
    assert (first.amount, last.amount) == (BASELINE - actual, found.payment.amount)
    assert first.amount + sum(step.change for step in between) == last.amount
    assert all(step.change for step in between)


@settings(max_examples=40, deadline=None)
@given(pence=st.integers(-(10**9), 10**9), weights=st.lists(st.integers(0, 30_000), min_size=1, max_size=9))
def test_the_shares_of_practices_sum_to_the_payment(pence, weights):
    weighed = {f"P{n}": Decimal(weight) for n, weight in enumerate(weights)} | {"P": Decimal(1)}
    shares = by_practice(supplied("payment", Decimal(pence) / 100), weighed)
    assert sum(line.amount for line in shares.values()) == Decimal(pence) / 100
