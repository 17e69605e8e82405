"""Is what chance alone gives beside each score what others work out?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from statsmodels.stats.proportion import proportion_confint

from commonweal.contract.clauses.reading import read_contract
from commonweal.contract.performance.chance import byar, wilson
from commonweal.contract.performance.clause import PerformanceScheme
from commonweal.contract.performance.futures import drawn_results, pay_by_chance
from commonweal.contract.performance.measured import Measured
from commonweal.contract.performance.performance import performance

SPREADS = Decimal("1.96")
ONE = Decimal(1)


@pytest.mark.parametrize(("count", "people"), [(0, 30), (1, 30), (35, 100), (400, 500), (1000, 1000)])
def test_a_proportion_has_the_range_of_wilson(count, people):
    low, high = wilson(Decimal(count) / people, Decimal(people), SPREADS, ONE)
    expected = proportion_confint(count, people, alpha=0.0499957902964409, method="wilson")
    assert (float(low), float(high)) == pytest.approx(expected, abs=1e-9)


def test_over_dispersion_of_two_is_half_as_many_people():
    assert wilson(Decimal("0.35"), Decimal(200), SPREADS, Decimal(2)) == wilson(
        Decimal("0.35"), Decimal(100), SPREADS, ONE
    )


def test_a_count_of_100_lies_between_81_and_122():
    # The exact Poisson limits of 100 are 81.36 and 121.63.
    low, high = byar(Decimal(100), SPREADS, ONE)
    assert (round(low, 1), round(high, 1)) == (Decimal("81.4"), Decimal("121.6"))


def test_a_count_of_nothing_may_have_been_three():
    # Exact: up to 3.69.
    low, high = byar(Decimal(0), SPREADS, ONE)
    assert low == 0
    assert 3 < high < 4


def test_an_over_dispersion_of_four_is_twice_the_distance():
    narrow, wide = byar(Decimal(100), SPREADS, ONE), byar(Decimal(100), SPREADS, Decimal(4))
    assert wide[1] - 100 == 2 * (narrow[1] - 100)


SCHEME = read_contract("mcp-performance").one(PerformanceScheme)
INPUTS = {"contract_value": Decimal(60_000_000)}


def _held(numerator: int, denominator: int) -> dict[str, Measured]:
    return {
        "care_plan": Measured(numerator=Decimal(numerator), denominator=Decimal(denominator)),
        "experience": Measured(value=Decimal("0.8")),
    }


def _care(numerator: int, denominator: int):
    return performance(SCHEME, _held(numerator, denominator), INPUTS, date(2026, 3, 31)).chance


def test_points_by_chance_are_those_of_the_ends_of_the_range():
    found = _care(60, 100)["care_plan"]
    # Wilson of .6 in 100: .502 to .6906; points are 5 × (value − .4) ÷ .4.
    assert found.fewest == pytest.approx((found.low - Decimal("0.4")) * 5 / Decimal("0.4"))
    assert found.most == pytest.approx((found.high - Decimal("0.4")) * 5 / Decimal("0.4"))
    assert (round(found.low, 3), round(found.high, 3)) == (Decimal("0.502"), Decimal("0.691"))


def test_a_hundred_times_the_people_have_a_tenth_of_the_range():
    few, many = _care(60, 100)["care_plan"], _care(6000, 10000)["care_plan"]
    assert float((few.high - few.low) / (many.high - many.low)) == pytest.approx(10, rel=0.03)


def test_a_value_without_a_denominator_has_no_range():
    assert "experience" not in _care(60, 100)


def test_pay_by_chance_is_as_wide_as_the_denominator_says():
    held = _held(6000, 10000)
    found = pay_by_chance(performance(SCHEME, held, INPUTS, date(2026, 3, 31)), held, INPUTS)
    # Care weighs .3 of .5, and 5 of 5 points lie between .4 and .8: 6m × .6 ÷ .4 is 9m for all of the way of a share.
    # A share of .6 in 10,000 has a standard deviation of .0049, so 95 % lie within 3.92 × .0049 × 9m = 172,836.
    assert float(found.high - found.low) == pytest.approx(172_836, rel=0.06)
    assert found.low < 3_600_000 < found.high


def test_pay_by_chance_is_the_same_every_time_and_one_measure_moves_no_other():
    held = _held(60, 100)
    first = drawn_results(performance(SCHEME, held, INPUTS, date(2026, 3, 31)), held, 50, 7)
    more = {**held, "blood_pressure": Measured(numerator=Decimal(65), denominator=Decimal(100))}
    second = drawn_results(performance(SCHEME, more, INPUTS, date(2026, 3, 31)), more, 50, 7)
    assert first["care_plan"].value.tolist() == second["care_plan"].value.tolist()
    assert set(first) == {"care_plan"}


def test_a_drawn_rate_has_the_mean_and_the_variance_of_its_events():
    held = {**_held(60, 100), "emergency_admissions": Measured(numerator=Decimal(900), denominator=Decimal(10_000))}
    drawn = drawn_results(performance(SCHEME, held, INPUTS, date(2026, 3, 31)), held, 20_000, 7)
    rates = drawn["emergency_admissions"].value
    # 900 events at an over-dispersion of two vary by 1,800, so the rate by 1,000 by √1,800 ÷ 10.
    assert rates.mean() == pytest.approx(90, abs=0.2)
    assert rates.std() == pytest.approx(1800**0.5 / 10, rel=0.03)


def test_nothing_is_drawn_where_no_measure_has_a_denominator():
    held = {"experience": Measured(value=Decimal("0.8")), "care_plan": Measured(value=Decimal("0.6"))}
    assert pay_by_chance(performance(SCHEME, held, INPUTS, date(2026, 3, 31)), held, INPUTS) is None
