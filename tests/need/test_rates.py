"""Do rates and their intervals agree with published tables, arithmetic by hand and independent programs?"""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import poisson
from statsmodels.stats.proportion import proportion_confint

from commonweal.core.errors import InputError
from commonweal.need.rates import (
    Estimate,
    byar_limits,
    count_limits,
    crude_rate,
    directly_standardised_rate,
    exact_limits,
    indirectly_standardised_ratio,
    proportion,
    ratio_of_rates,
    standardised_mean,
    z_score,
)


@pytest.mark.parametrize(
    ("events", "lower", "upper"),
    [(0, 0.0, 3.689), (1, 0.0253, 5.572), (4, 1.090, 10.242), (10, 4.795, 18.390), (50, 37.111, 65.918)],
)
def test_exact_limits_are_those_of_the_published_table(events: int, lower: float, upper: float):
    # Armitage and Berry; Ulm, American Journal of Epidemiology, 1990.
    assert exact_limits(events) == pytest.approx((lower, upper), abs=0.001)


@pytest.mark.parametrize("events", [10, 65, 400, 1045])
def test_byars_limits_are_close_to_the_exact_ones_and_cut_the_tails_they_should(events: int):
    lower, upper = byar_limits(events)
    assert (lower, upper) == pytest.approx(exact_limits(events), rel=0.002)
    assert poisson.sf(events - 1, lower) == pytest.approx(0.025, abs=0.001)
    assert poisson.cdf(events, upper) == pytest.approx(0.025, abs=0.001)


def test_byars_limits_by_hand():
    # 100 x (1 - 1/900 - 1.959964/30)^3 and 101 x (1 - 1/909 + 1.959964/(3 x 10.049876))^3
    assert byar_limits(100) == pytest.approx((81.3622, 121.6275), abs=0.001)
    assert byar_limits(0)[0] == 0


def test_few_events_have_exact_limits():
    assert count_limits(9) == exact_limits(9)
    assert count_limits(10) == byar_limits(10)


@pytest.mark.parametrize(
    ("events", "people", "lower", "upper"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilsons_limits_are_those_newcombe_published(events: int, people: int, lower: float, upper: float):
    # Newcombe RG, Statistics in Medicine, 1998, 17:857, table I, method 3.
    found = proportion(events, people)
    assert (found.lower, found.upper) == pytest.approx((lower, upper), abs=0.0001)


@given(st.integers(1, 500), st.integers(0, 500))
def test_wilsons_limits_are_those_of_statsmodels(events: int, rest: int):
    found = proportion(events, events + rest, confidence=0.998)
    wanted = proportion_confint(events, events + rest, alpha=0.002, method="wilson")
    assert (found.lower, found.upper) == pytest.approx(wanted, abs=1e-12)


def test_a_crude_rate_is_events_over_people():
    rate = crude_rate(100, 50_000, per=1000)
    assert rate.value == pytest.approx(2.0)
    assert (rate.lower, rate.upper) == pytest.approx((81.3622 / 50, 121.6275 / 50), abs=0.0001)


def test_a_directly_standardised_rate_by_hand():
    # Rates .01 and .04, equal weights: .025. Variance .25 x 10/1000^2 + .25 x 20/500^2 = .0000225.
    rate = directly_standardised_rate([10, 20], [1000, 500], [1, 1], per=1000)
    assert rate.value == pytest.approx(25.0)
    assert rate.variance == pytest.approx(22.5)
    # Byar's limits of 30 events are 20.2362 and 42.8288; one event moves the rate by sqrt(22.5 / 30) = .866025.
    assert (rate.lower, rate.upper) == pytest.approx((25 - 9.7638 * 0.866025, 25 + 12.8288 * 0.866025), abs=0.01)


@given(st.lists(st.tuples(st.integers(1, 90), st.integers(100, 5000)), min_size=1, max_size=12))
def test_standardised_to_its_own_people_a_rate_is_the_crude_one(strata: list[tuple[int, int]]):
    events, people = [e for e, _ in strata], [n for _, n in strata]
    found = directly_standardised_rate(events, people, people)
    assert found.value == pytest.approx(sum(events) / sum(people))
    limits = [limit / sum(people) for limit in byar_limits(sum(events))]
    assert (found.lower, found.upper) == pytest.approx(tuple(limits), rel=1e-9)


def test_a_stratum_without_people_is_left_out_with_its_weight():
    assert directly_standardised_rate([10, 0], [1000, 0], [1, 5]).value == pytest.approx(0.01)


def test_no_events_at_all_still_have_an_upper_limit():
    found = directly_standardised_rate([0, 0], [1000, 1000], [1, 1])
    assert (found.value, found.lower) == (0, 0)
    # Byar's upper limit of no events, 3.67, over 2,000 people.
    assert found.upper == pytest.approx(byar_limits(0)[1] / 2000)


def test_a_standardised_mean_by_hand():
    # Means 2 and 6, equal weights: 4. Variance .25 x 50/10^2 + .25 x 400/10^2 = 1.125.
    found = standardised_mean([20, 60], [50, 400], [10, 10], [1, 1])
    assert (found.value, found.variance) == (pytest.approx(4), pytest.approx(1.125))
    assert found.upper - 4 == pytest.approx(1.959964 * math.sqrt(1.125), abs=1e-5)


def test_an_indirectly_standardised_ratio_by_hand():
    # Expected 1000 x .01 + 500 x .02 = 20; 30 seen.
    found = indirectly_standardised_ratio(30, [1000, 500], [0.01, 0.02])
    assert found.value == pytest.approx(1.5)
    assert (found.lower, found.upper) == pytest.approx((20.2362 / 20, 42.8288 / 20), abs=0.001)


def test_a_ratio_of_rates_by_hand():
    # ln 2 with variance 1/100 + 1/50: 2 x exp(1.96 x .17320) each way.
    found = ratio_of_rates(Estimate(2, 0, 0, 0.04), Estimate(1, 0, 0, 0.02))
    assert found is not None
    reach = math.exp(1.959964 * math.sqrt(0.03))
    assert (found.value, found.lower, found.upper) == pytest.approx((2, 2 / reach, 2 * reach), rel=1e-6)
    assert ratio_of_rates(Estimate(0, 0, 1, 1), Estimate(1, 0, 2, 1)) is None


def test_an_estimate_in_another_unit_keeps_its_lower_end_lower():
    assert Estimate(2, 1, 3, 4).times(-10) == Estimate(-20, -30, -10, 400)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: byar_limits(-1),
        lambda: crude_rate(1, 0),
        lambda: proportion(3, 2),
        lambda: directly_standardised_rate([1], [1, 2], [1]),
        lambda: directly_standardised_rate([1, 0], [0, 10], [1, 1]),
        lambda: directly_standardised_rate([0], [0], [1]),
        lambda: directly_standardised_rate([-1], [10], [1]),
        lambda: indirectly_standardised_ratio(1, [10], [0.0]),
        lambda: indirectly_standardised_ratio(1, [10], [0.1, 0.2]),
        lambda: z_score(1.0),
        lambda: z_score(14),
    ],
)
def test_what_cannot_be_a_rate_is_refused(wrong):
    with pytest.raises(InputError):
        wrong()
