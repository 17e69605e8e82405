"""Is money shared out and printed without losing or making a penny?"""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonweal.core.money import instalment, money_text, rounded_together, shared_out

whole_pence = st.decimals(min_value=-(10**9), max_value=10**9, places=2)
weights = st.lists(st.integers(min_value=0, max_value=10**6), min_size=1, max_size=40).filter(any)


@given(whole_pence, weights)
def test_shares_sum_to_the_amount_and_are_within_a_penny_of_their_exact_share(pounds, parts):
    shares = shared_out(pounds, [Decimal(part) for part in parts])
    assert sum(shares) == pounds
    for share, part in zip(shares, parts, strict=True):
        assert abs(share - pounds * part / sum(parts)) < Decimal("0.01") + Decimal("1e-9")


@given(weights)
def test_a_practice_with_no_weight_gets_nothing(parts):
    shares = shared_out(Decimal("100.01"), [Decimal(part) for part in (*parts, 0)])
    assert shares[-1] == 0


@pytest.mark.parametrize("parts", [[], ["0"], ["-1", "2"]])
def test_weights_that_cannot_share_are_refused(parts):
    with pytest.raises(ValueError, match="weights"):
        shared_out(Decimal("1.00"), [Decimal(part) for part in parts])


def test_half_a_penny_cannot_be_shared_out():
    with pytest.raises(ValueError, match="whole number of pence"):
        shared_out(Decimal("1.005"), [Decimal(1)])


def test_the_last_instalment_takes_the_rounding():
    assert [instalment(Decimal("100.00"), number=n, of=3) for n in (1, 2, 3)] == [
        Decimal("33.33"),
        Decimal("33.33"),
        Decimal("33.34"),
    ]


def test_an_instalment_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="does not exist"):
        instalment(Decimal("1"), number=4, of=3)


def test_amounts_rounded_together_give_left_over_pence_to_the_largest_remainders():
    assert rounded_together([Decimal("0.004"), Decimal("0.004"), Decimal("0.002")]) == [
        Decimal("0.01"),
        Decimal("0.00"),
        Decimal("0.00"),
    ]


def test_money_is_printed_with_two_decimals_and_never_as_minus_nothing():
    assert money_text(Decimal("1234567.5")) == "1,234,567.50"
    assert money_text(Decimal("1234567.5"), separators=False) == "1234567.50"
    assert money_text(Decimal("-0.001")) == "0.00"
