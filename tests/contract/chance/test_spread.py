"""Is the spread of chance what published figures say it is?"""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonweal.contract.chance.pay_for_chance import paid_for_chance, pay_for_chance
from commonweal.contract.chance.spread import (
    Variation,
    count_variation,
    normal_quantile,
    range_of_chance,
    spread,
)
from commonweal.core.errors import InputError

ADMISSIONS = 0.095
# The synthetic sample of 10,000 people of Bristol, North Somerset and South Gloucestershire.
SAMPLE_VARIATION = 3.67


@pytest.mark.parametrize(("people", "published"), [(50_000, 4.0), (100_000, 2.8), (250_000, 1.8)])
def test_emergency_admissions_range_year_on_year_as_far_as_poisson_says(people, published):
    sd = spread(count_variation(ADMISSIONS), people, convention="year-on-year")
    assert 100 * range_of_chance(sd, 0.95) == pytest.approx(published, abs=0.05)


@pytest.mark.parametrize("people", [50_000, 100_000, 250_000])
def test_over_dispersion_of_two_widens_the_range_by_about_1_4(people):
    poisson, wider = (spread(count_variation(ADMISSIONS, phi), people) for phi in (1, 2))
    assert wider / poisson == pytest.approx(1.4, abs=0.02)


def test_a_list_of_50_000_expects_4_750_admissions_and_their_spread_is_one_over_its_root():
    assert spread(count_variation(ADMISSIONS), 50_000) == pytest.approx(1 / math.sqrt(4750))


@pytest.mark.parametrize(
    ("people", "sd", "above_5"),
    [
        (1_000, 0.1160, 0.333),
        (5_000, 0.0519, 0.168),
        (10_000, 0.0367, 0.087),
        (30_000, 0.0212, 0.0091),
        (50_000, 0.0164, None),
        (100_000, 0.0116, None),
        (300_000, 0.0067, None),
    ],
)
def test_the_theory_beside_the_bootstrap_of_a_sample_of_people_is_recovered(people, sd, above_5):
    found = spread(Variation(SAMPLE_VARIATION), people)
    assert found == pytest.approx(sd, abs=0.0001)
    if above_5 is not None:
        assert pay_for_chance(0.05, found) == pytest.approx(above_5, abs=0.0015)


# 4,000 draws of the sample itself, published beside the theory: the theory is near, and on the safe side of P > 5 %.
@pytest.mark.parametrize(
    ("people", "sd", "above_5"), [(1_000, 0.1137, 0.306), (5_000, 0.0520, 0.163), (10_000, 0.0360, 0.078)]
)
def test_the_theory_is_near_the_bootstrap(people, sd, above_5):
    found = spread(Variation(SAMPLE_VARIATION), people)
    assert found == pytest.approx(sd, rel=0.03)
    assert above_5 <= pay_for_chance(0.05, found) <= above_5 + 0.03


@pytest.mark.parametrize(
    ("retained", "at_10k", "at_50k", "at_100k"),
    [
        (2.015, 2.01, 0.90, 0.64),
        (2.399, 2.40, 1.07, 0.76),
        (2.822, 2.82, 1.26, 0.89),
        (3.217, 3.22, 1.44, 1.02),
        (3.546, 3.55, 1.59, 1.12),
    ],
)
def test_the_spread_under_stop_loss_follows_from_the_variation_left(retained, at_10k, at_50k, at_100k):
    found = [100 * spread(Variation(retained), people) for people in (10_000, 50_000, 100_000)]
    assert found == pytest.approx([at_10k, at_50k, at_100k], abs=0.0051)


# Crump and others, BMJ 1991;302:1582: mean and standard deviation of 100 simulated years of 113 procedures.
@pytest.mark.parametrize(
    ("people", "mean", "sd"),
    [(9_000, 244_891, 18_349), (24_000, 652_762, 32_512), (179_400, 4_832_471, 87_149)],
)
def test_the_spread_of_referrals_follows_the_square_root_of_the_list(people, mean, sd):
    assert spread(Variation(7.5), people) == pytest.approx(sd / mean, rel=0.06)


def test_the_spread_of_large_shared_savings_organisations_is_structural_and_not_of_people():
    # Above 100,000 people chance alone gives about 1.1 %; 2.2 % was observed in 69 results, near tau and sigma of 3.9.
    assert spread(Variation(3.9), 120_000) == pytest.approx(0.011, abs=0.0005)
    # 5,000 to 6,000: 6.13 % observed; 10,000 to 15,000: 4.59 %; 50,000 to 100,000: 2.98 %.
    for people, observed in ((5_500, 0.0613), (12_500, 0.0459), (70_000, 0.0298)):
        assert spread(Variation(3.9, 0.029), people) == pytest.approx(observed, rel=0.10)


def test_what_persists_wholly_is_not_in_a_result_year_on_year():
    found = spread(Variation(2.0, 0.03, persistence=1.0), 10_000, convention="year-on-year")
    assert found == pytest.approx(math.sqrt(2) * 0.02)


def test_what_does_not_persist_counts_twice_year_on_year():
    found = spread(Variation(2.0, 0.03, persistence=0.0), 10_000, convention="year-on-year")
    assert found == pytest.approx(math.sqrt(2) * math.sqrt(0.02**2 + 0.03**2))


def test_pay_for_chance_is_what_simulated_years_of_people_give():
    # A gamma cost a person of mean 1 and variation 2: the sum of n people is gamma too, so that it is drawn exactly.
    people, variation, draws = 20_000, 2.0, 200_000
    shape = people / variation**2
    result = np.random.default_rng(4).gamma(shape, 1 / shape, draws) - 1
    sd = spread(Variation(variation), people)
    assert result.std() == pytest.approx(sd, rel=0.02)
    saved = -result
    assert np.mean(saved > 0.02) == pytest.approx(pay_for_chance(0.02, sd), abs=0.006)
    assert np.mean(np.abs(result) > 0.02) == pytest.approx(pay_for_chance(0.02, sd, "either"), abs=0.006)
    by_trigger = np.where(saved > 0.02, saved, 0).mean()
    beyond = np.maximum(saved - 0.02, 0).mean()
    assert by_trigger == pytest.approx(paid_for_chance(0.02, sd, "trigger"), rel=0.08)
    assert beyond == pytest.approx(paid_for_chance(0.02, sd, "deductible"), rel=0.08)


def test_pooled_years_of_admissions_are_what_simulated_years_give():
    counts = np.random.default_rng(5).poisson(0.095 * 30_000, (100_000, 3)).sum(axis=1)
    relative = counts / (0.095 * 90_000) - 1
    assert relative.std() == pytest.approx(spread(count_variation(ADMISSIONS), 30_000, 3), rel=0.02)


def test_without_a_corridor_a_gain_is_paid_half_the_time_and_the_same_by_either_rule():
    # The mean of the upper half of a normal is the spread over the root of two pi.
    assert pay_for_chance(0, 0.03) == pytest.approx(0.5)
    for rule in ("trigger", "deductible"):
        assert paid_for_chance(0, 0.03, rule) == pytest.approx(0.03 / math.sqrt(2 * math.pi))


shares = st.floats(0.001, 0.2)
people = st.integers(500, 1_000_000)
years = st.integers(1, 10)
variations = st.builds(Variation, st.floats(0.5, 8), st.floats(0, 0.05), st.floats(0, 1))
sides = st.sampled_from(["gain", "loss", "either"])
conventions = st.sampled_from(["benchmark", "year-on-year"])


@given(shares, shares, people, years, variations, sides, conventions)
def test_a_wider_corridor_never_pays_more_for_chance(one, other, n, k, variation, side, convention):
    sd = spread(variation, n, k, convention)
    narrow, wide = sorted((one, other))
    assert pay_for_chance(wide, sd, side) <= pay_for_chance(narrow, sd, side)
    for rule in ("trigger", "deductible"):
        assert paid_for_chance(wide, sd, rule, side) <= paid_for_chance(narrow, sd, rule, side) + 1e-12


@given(shares, people, people, years, years, variations, sides, conventions)
def test_a_larger_list_or_more_years_never_pay_more_for_chance(c, n, more_n, k, more_k, variation, side, convention):
    small, large = (
        spread(variation, min(n, more_n), min(k, more_k), convention),
        spread(variation, max(n, more_n), max(k, more_k), convention),
    )
    assert pay_for_chance(c, large, side) <= pay_for_chance(c, small, side)
    for rule in ("trigger", "deductible"):
        assert paid_for_chance(c, large, rule, side) <= paid_for_chance(c, small, rule, side) + 1e-12


@given(shares, people, years, variations, conventions)
def test_a_deductible_never_pays_more_for_chance_than_a_trigger(c, n, k, variation, convention):
    sd = spread(variation, n, k, convention)
    assert paid_for_chance(c, sd, "deductible") <= paid_for_chance(c, sd, "trigger")


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Variation(0),
        lambda: Variation(float("nan")),
        lambda: Variation(2, 1),
        lambda: Variation(2, -0.1),
        lambda: Variation(2, 0, 1.1),
        lambda: count_variation(0),
        lambda: count_variation(0.1, 0.9),
        lambda: spread(Variation(2), 0),
        lambda: spread(Variation(2), 10, 0),
        lambda: pay_for_chance(-0.1, 0.1),
        lambda: pay_for_chance(0.1, 0),
        lambda: normal_quantile(1),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_mend(wrong):
    with pytest.raises(InputError):
        wrong()
