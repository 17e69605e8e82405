"""Is what chance alone gives beside each score what others work out?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from statsmodels.stats.proportion import proportion_confint

from commonweal.contract.clauses.reading import read_contract
from commonweal.contract.performance.chance import byar, wilson
from commonweal.contract.performance.clause import PerformanceScheme
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


def _care(numerator: int, denominator: int):
    scheme = read_contract("mcp-performance").one(PerformanceScheme)
    held = {
        "care_plan": Measured(numerator=Decimal(numerator), denominator=Decimal(denominator)),
        "experience": Measured(value=Decimal("0.8")),
    }
    return performance(scheme, held, {"contract_value": Decimal(1)}, date(2026, 3, 31)).chance


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
