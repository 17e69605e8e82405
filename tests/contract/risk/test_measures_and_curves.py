"""Are losses, capital and what changes them those that arithmetic by hand gives?"""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from commonweal.contract.chance.spread import Variation
from commonweal.contract.risk.curves import Ceding, Setting, aggregate_curve, list_curve, stop_loss_curve, years_curve
from commonweal.contract.risk.futures import Uncertainty, futures
from commonweal.contract.risk.measures import capital_needed, deepest_losses, distribution, exceeded
from commonweal.core.errors import InputError


def test_of_200_results_one_loss_is_larger_than_the_one_in_200_and_ten_than_the_one_in_20():
    losses = np.arange(1, 201, dtype=float)
    found = distribution(-losses)
    assert (found.loss_1_in_20, found.loss_1_in_200) == (190, 199)
    assert (found.mean, found.loss_probability) == (-100.5, 1.0)
    assert dict(exceeded(-losses))[0.5] == 100


def test_gains_throughout_are_no_loss():
    found = distribution(np.array([1.0, 2.0, 3.0]))
    assert (found.loss_probability, found.loss_1_in_20, found.loss_1_in_200) == (0, 0, 0)


def test_the_deepest_loss_is_that_of_the_worst_year_so_far_and_not_of_the_end():
    results = np.array([[-5.0, 10.0, 0.0], [3.0, -4.0, -2.0], [1.0, 1.0, 1.0]])
    assert deepest_losses(results).tolist() == [5, 3, 0]


def test_capital_is_enough_in_the_share_of_futures_asked_for():
    results = -np.arange(1, 1_001, dtype=float).reshape(1_000, 1)
    found = capital_needed(results, 0.95)
    assert found.amount == 950
    # 1.96 x root(1,000 x .95 x .05) = 13.5 places either way.
    assert (found.low, found.high) == (936, 964)


@pytest.mark.parametrize(("number", "confidence"), [(100, 0.995), (100, 0.0), (100, 1.0)])
def test_capital_is_not_told_where_futures_cannot_tell_it(number, confidence):
    with pytest.raises(InputError):
        capital_needed(np.zeros((number, 1)), confidence)


@pytest.fixture
def setting(share, terms, pool):
    """A half share without a corridor, of 10,000 people over five years."""
    lists, variation = pool(10_000), Variation(3.67)
    held = futures(lists, Uncertainty(variation), years=5, number=5_000, seed=1)
    return Setting(terms(share(), years=5), lists, held, variation, 0.995)


def test_four_times_the_list_halves_the_capital(setting):
    own, longer = list_curve(setting, [10_000, 40_000])
    assert longer.capital.amount == pytest.approx(own.capital.amount / 2, rel=1e-6)
    assert (own.spread, longer.spread) == pytest.approx((0.0367, 0.01835))


def test_stop_loss_leaves_the_variation_of_what_is_kept(setting):
    # At £10,000: 11.8 % ceded and 2.822 left, so 0.882 x 2.822 = 2.489 of 3.67: that share of the capital.
    (point,) = stop_loss_curve(setting, [Ceding(Decimal(10_000), 0.118, 2.822)])
    (own,) = list_curve(setting, [10_000])
    assert point.capital.amount == pytest.approx(own.capital.amount * 0.882 * 2.822 / 3.67, rel=1e-6)
    assert point.ceded == pytest.approx(1_180_000)


def test_a_limit_of_a_years_loss_is_never_passed_and_what_is_above_it_is_handed_over(setting):
    # 1 % of £10m is £100,000 a year, at most five times.
    tight, loose = aggregate_curve(setting, [Decimal("0.01"), Decimal("0.5")])
    assert tight.capital.amount <= 500_000
    results = setting.provider(setting.variation)
    handed = float(np.maximum(-results - 100_000, 0).mean())
    assert tight.ceded == pytest.approx(handed)
    assert loose.ceded == 0


def test_years_beyond_the_contract_are_not_settled_together(setting):
    assert [point.at for point in years_curve(setting, [1, 5, 10])] == [1, 5]


def test_structural_spread_is_not_thinned_by_people(share, terms, pool):
    lists, variation = pool(10_000), Variation(3.67, 0.029, 1.0)
    held = futures(lists, Uncertainty(variation), years=2, number=2_000, seed=1)
    setting = Setting(terms(share(), years=2), lists, held, variation, 0.99)
    (point,) = list_curve(setting, [100_000_000])
    # Two years of the same shock: 2 x 2.326 x 2.9 % x half of £10m.
    assert point.capital.amount == pytest.approx(2 * 2.326 * 0.029 * 5_000_000, rel=0.06)
    assert point.capital_people.amount < 0.02 * point.capital.amount
