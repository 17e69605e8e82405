"""Are futures settled on either side as exact amounts are, whatever the thresholds?"""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonweal.core.amounts import given as supplied
from commonweal.core.choices import beyond_sides, by_sign

WHOLE = st.integers(-1_000, 1_000)
SIDE = st.one_of(st.none(), st.integers(-200, 600))


def line(value, name="x"):
    return None if value is None else supplied(name, value)


@settings(max_examples=200, deadline=None)
@given(st.lists(WHOLE, min_size=1, max_size=20), SIDE, SIDE, st.booleans(), st.booleans())
def test_an_array_counts_past_its_thresholds_what_each_exact_amount_does(amounts, gain, loss, whole, at):
    def counted(value):
        held = beyond_sides("c", line(value), line(gain), line(loss), whole=whole, at=at, working="")
        return held.value

    exact = [float(counted(Decimal(amount))) for amount in amounts]
    assert np.broadcast_to(counted(np.array(amounts, dtype=float)), len(amounts)).tolist() == exact


@settings(max_examples=100, deadline=None)
@given(st.lists(WHOLE, min_size=1, max_size=20), SIDE, SIDE)
def test_an_array_takes_the_side_of_each_future(amounts, above, below):
    def taken(value):
        return by_sign("s", line(value), line(above), line(below)).value

    exact = [float(taken(Decimal(amount))) for amount in amounts]
    assert taken(np.array(amounts, dtype=float)).tolist() == exact


@pytest.mark.parametrize(("whole", "at", "paid"), [(True, False, 0), (True, True, 2), (False, True, 0)])
def test_an_amount_just_at_its_threshold_counts_where_the_clause_says_so(whole, at, paid):
    held = beyond_sides("c", line(np.array([2.0, -2.0])), line(2), line(2), whole=whole, at=at, working="")
    assert held.value.tolist() == [paid, -paid]


@settings(max_examples=100, deadline=None)
@given(st.lists(WHOLE, min_size=1, max_size=20), st.integers(-200, 600), st.booleans())
def test_one_threshold_for_both_sides_counts_as_two_of_the_same_do(amounts, threshold, whole):
    both = line(threshold)

    def counted(value):
        return beyond_sides("c", line(value), both, both, whole=whole, at=False, working="").value

    exact = [float(counted(Decimal(amount))) for amount in amounts]
    assert counted(np.array(amounts, dtype=float)).tolist() == exact
