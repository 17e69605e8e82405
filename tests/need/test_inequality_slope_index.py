"""Are the slope and relative index of inequality those of weighted least squares, and are their intervals right?"""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
import statsmodels.api as sm

from commonweal.core.errors import InputError
from commonweal.need.rates import directly_standardised_rate
from commonweal.need.slope_index import line_ends, slope_index

# The example in the documentation of PHEindicatormethods (phe_sii): an area by decile, most deprived first.
AREA_1 = {
    "populations": [7291, 7997, 6105, 7666, 5790, 6934, 5918, 5974, 7147, 7534],
    "values": [75.9, 78.3, 83.8, 83.6, 80.5, 81.1, 81.7, 84.2, 80.6, 86.3],
    "lower": [72.7, 75.3, 80.9, 80.2, 77.1, 78, 79, 81.4, 75.8, 83.2],
    "upper": [79.1, 81.4, 86.8, 87.1, 83.8, 84.2, 84.4, 86.9, 85.4, 89.4],
}
ERRORS_1 = [1.64, 1.58, 1.51, 1.78, 1.7, 1.56, 1.37, 1.4, 2.43, 1.57]


def least_squares(populations: list[float], values: list[float]) -> tuple[float, float]:
    """Both ends of the line by statsmodels' weighted least squares."""
    share = np.array(populations) / sum(populations)
    rank = np.cumsum(share) - share / 2
    found = sm.WLS(np.array(values), sm.add_constant(rank), weights=share).fit()
    return float(found.params[0]), float(found.params.sum())


def test_by_hand_two_equal_halves():
    # Ranks .25 and .75, values 8 and 4: slope (4 - 8) / .5 = -8, ends 10 and 2.
    found = slope_index([50, 50], [8, 4], kind="other", errors=[0, 0])
    assert (found.slope.value, found.most, found.least) == (pytest.approx(-8), pytest.approx(10), pytest.approx(2))
    assert found.relative is not None
    assert found.relative.value == pytest.approx(0.2)


def test_the_line_is_that_of_weighted_least_squares():
    found = slope_index(**AREA_1, kind="other")
    most, least = least_squares(AREA_1["populations"], AREA_1["values"])
    assert (found.most, found.least) == pytest.approx((most, least), rel=1e-12)
    assert found.slope.value == pytest.approx(least - most, rel=1e-12)
    assert found.relative is not None
    assert found.relative.value == pytest.approx(least / most, rel=1e-12)


def test_the_line_through_logarithms_is_read_back():
    found = slope_index(**AREA_1, kind="rate", transformed=True)
    most, least = least_squares(AREA_1["populations"], list(np.log(AREA_1["values"])))
    assert (found.most, found.least) == pytest.approx((np.exp(most), np.exp(least)), rel=1e-12)


def test_the_line_through_logits_is_read_back():
    shares = [value / 100 for value in AREA_1["values"]]
    logits = [np.log(share / (1 - share)) for share in shares]
    limits = {name: [value / 100 for value in AREA_1[name]] for name in ("lower", "upper")}
    found = slope_index(AREA_1["populations"], shares, **limits, kind="proportion", transformed=True)
    ends = [1 / (1 + np.exp(-end)) for end in least_squares(AREA_1["populations"], logits)]
    assert (found.most, found.least) == pytest.approx(tuple(ends), rel=1e-12)


def test_standard_errors_give_the_interval_that_limits_give():
    by_limits = slope_index(**AREA_1, kind="other")
    by_errors = slope_index(AREA_1["populations"], AREA_1["values"], kind="other", errors=ERRORS_1)
    assert by_errors.slope.lower == pytest.approx(by_limits.slope.lower, abs=0.05)
    assert by_errors.slope.upper == pytest.approx(by_limits.slope.upper, abs=0.05)


@pytest.mark.parametrize("kind", ["other", "rate", "proportion"])
@pytest.mark.parametrize("transformed", [False, True])
def test_simulation_and_first_order_agree(kind: str, transformed: bool):
    held = {name: [value / 100 for value in AREA_1[name]] for name in ("values", "lower", "upper")}
    asked = {**held, "kind": kind, "transformed": transformed}
    simulated = slope_index(AREA_1["populations"], **asked)
    analytic = slope_index(AREA_1["populations"], **asked, method="analytic")
    width = analytic.slope.upper - analytic.slope.lower
    assert simulated.slope.value == pytest.approx(analytic.slope.value)
    assert simulated.slope.lower == pytest.approx(analytic.slope.lower, abs=0.05 * width)
    assert simulated.slope.upper == pytest.approx(analytic.slope.upper, abs=0.05 * width)
    assert simulated.relative is not None
    assert analytic.relative is not None
    assert simulated.relative.lower == pytest.approx(analytic.relative.lower, rel=0.01)
    assert simulated.relative.upper == pytest.approx(analytic.relative.upper, rel=0.01)


def test_the_interval_by_hand():
    # The slope is 2 x (second - first): its standard error is 2 x sqrt(3^2 + 4^2) = 10.
    found = slope_index([50, 50], [20, 30], kind="other", errors=[3, 4], method="analytic")
    assert found.slope.value == pytest.approx(20)
    assert (found.slope.lower, found.slope.upper) == pytest.approx((20 - 19.59964, 20 + 19.59964), abs=1e-4)


def test_the_same_seed_gives_the_same_limits_and_another_seed_nearly_the_same():
    first, again, other = (slope_index(**AREA_1, kind="rate", seed=seed) for seed in (1, 1, 2))
    assert first == again
    assert first.slope.lower != other.slope.lower
    assert first.slope.lower == pytest.approx(other.slope.lower, rel=0.05)


def test_a_wider_confidence_gives_a_wider_interval():
    narrow, wide = (slope_index(**AREA_1, kind="rate", confidence=confidence).slope for confidence in (0.95, 0.998))
    assert wide.lower < narrow.lower < narrow.upper < wide.upper


def test_a_negative_multiplier_turns_the_slope_round_and_inverts_the_ratio():
    plain, turned = (slope_index(**AREA_1, kind="rate", multiplier=factor) for factor in (1, -100))
    assert turned.slope.value == pytest.approx(-100 * plain.slope.value)
    assert turned.slope.lower == pytest.approx(-100 * plain.slope.upper)
    assert turned.relative is not None
    assert plain.relative is not None
    assert turned.relative.value == pytest.approx(1 / plain.relative.value)
    assert turned.relative.lower == pytest.approx(1 / plain.relative.upper)
    assert turned.relative.lower < turned.relative.value < turned.relative.upper


def test_a_line_that_reaches_nought_has_no_ratio():
    found = slope_index([50, 50], [3, 1], kind="other", errors=[0.1, 0.1])
    assert found.least == pytest.approx(0)
    assert found.relative is None


def test_equal_values_have_no_slope_and_a_ratio_of_one():
    found = slope_index([10, 20, 30], [5, 5, 5], kind="rate", errors=[0.1, 0.1, 0.1], method="analytic")
    assert found.slope.value == pytest.approx(0, abs=1e-12)
    assert found.relative is not None
    assert found.relative.value == pytest.approx(1)


def test_the_ends_weigh_to_one_whatever_the_sizes():
    assert line_ends([5, 1, 30, 7]).sum(axis=1) == pytest.approx([1, 1])


@pytest.mark.parametrize(
    "wrong",
    [
        {"populations": [50], "values": [1], "errors": [0.1]},
        {"populations": [50, 0], "values": [1, 2], "errors": [0.1, 0.1]},
        {"populations": [50, 50], "values": [1, 2, 3], "errors": [0.1, 0.1, 0.1]},
        {"populations": [50, 50], "values": [1, 0], "errors": [0.1, 0.1]},
        {"populations": [50, 50], "values": [0.5, 1.5], "errors": [0.1, 0.1], "kind": "proportion"},
        {"populations": [50, 50], "values": [1, 2]},
        {"populations": [50, 50], "values": [1, 2], "lower": [0, 1], "upper": [2, 3]},
        {"populations": [50, 50], "values": [1, 2], "errors": [-0.1, 0.1]},
        {"populations": [50, 50], "values": [1, 2], "errors": [0.1, 0.1], "repetitions": 10},
    ],
)
def test_what_has_no_slope_is_refused(wrong: dict):
    with pytest.raises(InputError):
        slope_index(**wrong)


@pytest.mark.published
def test_england_has_the_standardised_gradient_that_was_published(published_data: Path):
    """Emergency episodes a head by fifth of deprivation, standardised to England: .213 .164 .136 .121 .107."""
    events: dict[str, dict[tuple[str, str], float]] = defaultdict(dict)
    people: dict[str, dict[tuple[str, str], float]] = defaultdict(dict)
    with (published_data / "calibration" / "england_2011_age_sex_imd.csv").open(newline="") as opened:
        for row in csv.DictReader(opened):
            fifth, stratum = row["imd_quintile"], (row["sex"], row["age"])
            people[fifth][stratum] = float(row["population"])
            events[fifth][stratum] = float(row["emerg_n"])
    strata = sorted(people["1"])
    standard = [sum(held[stratum] for held in people.values()) for stratum in strata]
    rates = [
        directly_standardised_rate([events[f][s] for s in strata], [people[f][s] for s in strata], standard).value
        for f in "12345"
    ]
    assert rates == pytest.approx([0.213, 0.164, 0.136, 0.121, 0.107], abs=0.001)
