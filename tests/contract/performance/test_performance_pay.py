"""Does a scheme of performance pay what was worked out by hand?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from commonweal.contract.clauses.reading import read_clause, read_contract
from commonweal.contract.performance.clause import PerformanceScheme
from commonweal.contract.performance.measured import Measured
from commonweal.contract.performance.performance import Performance, performance
from commonweal.contract.performance.slope import neutral_slope
from commonweal.core.errors import InputError

DAY = date(2026, 3, 31)


def of(numerator: int, denominator: int, **others: str) -> Measured:
    return Measured(
        numerator=Decimal(numerator),
        denominator=Decimal(denominator),
        **{name: Decimal(number) for name, number in others.items()},
    )


def valued(**numbers: str) -> Measured:
    return Measured(**{name: Decimal(number) for name, number in numbers.items()})


# Full points; half of the way (.65 from .55 to .75, .6 from .4 to .8); three quarters (.8 from .65 to .85); none.
VECTOR = {
    "flu_vaccination": of(850, 1000),
    "smoking_advice": of(95, 100),
    "blood_pressure": of(65, 100),
    "care_plan": of(60, 100),
    "experience": of(400, 500),
    "emergency_admissions": of(6000, 50000),
    "staff_turnover": of(20, 100),
}


def scheme(name: str) -> PerformanceScheme:
    return read_contract(name).one(PerformanceScheme)


def mcp(changed: dict[str, Measured] | None = None, value: str = "60000000") -> Performance:
    return performance(
        scheme("mcp-performance"), {**VECTOR, **(changed or {})}, {"contract_value": Decimal(value)}, DAY
    )


def test_scores_of_1_a_half_three_quarters_and_nothing_earn_4_2_of_6_million():
    found = mcp()
    assert [found.domains[name].score.amount for name in ("prevention", "care", "experience", "demand")] == [
        Decimal(1), Decimal("0.5"), Decimal("0.75"), Decimal(0),
    ]  # fmt: skip
    assert found.payment.pool.amount == 6_000_000
    assert found.payment.earned.amount == 4_200_000
    assert [line.amount for line in found.payment.by_domain.values()] == [2_400_000, 900_000, 900_000, 0]


def test_seven_tenths_of_the_pool_are_paid_on_account_in_instalments_that_add_up():
    found = mcp(value="60000001.30").payment
    # A tenth is 6,000,000.13, seven tenths of that 4,200,000.091.
    assert (found.pool.amount, found.interim.amount) == (Decimal("6000000.13"), Decimal("4200000.09"))
    assert len(found.instalments) == 12
    assert {line.amount for line in found.instalments[:11]} == {Decimal("350000.01")}
    assert sum(line.amount for line in found.instalments) == found.interim.amount
    assert found.true_up.amount == found.earned.amount - found.interim.amount


def test_who_earned_less_than_was_paid_on_account_pays_back():
    # Prevention at nothing leaves .3 of the pool: 1.8m earned of 4.2m paid.
    found = mcp({"flu_vaccination": of(600, 1000), "smoking_advice": of(40, 100)}).payment
    assert (found.earned.amount, found.true_up.amount) == (1_800_000, -2_400_000)


def test_whole_bands_of_points_are_rounded_down():
    # .795 of smokers is .7375 of the way from .5 to .9, 2.95 of 4 points: two whole ones.
    found = mcp({"smoking_advice": of(795, 1000)})
    assert found.measures["smoking_advice"].points.amount == 2


@pytest.mark.parametrize(("left", "points"), [(16, 0), (15, 1), (13, 1), (12, 2), (10, 3), (0, 3)])
def test_steps_pay_the_furthest_step_reached_where_less_is_better(left, points):
    assert mcp({"staff_turnover": of(left, 100)}).measures["staff_turnover"].points.amount == points


def test_a_rate_is_by_a_thousand_and_less_earns_more():
    # 4,625 of 50,000 are 92.5 by 1,000, half of the way from 100 to 85.
    found = mcp({"emergency_admissions": of(4625, 50000)}).measures["emergency_admissions"]
    assert (found.value.amount, found.points.amount) == (Decimal("92.5"), Decimal("3.5"))


def test_a_small_number_is_left_out_and_the_others_of_its_domain_count_for_more():
    found = mcp({"care_plan": of(29, 29)})
    assert found.measures["care_plan"].state == "left_out"
    assert found.measures["care_plan"].why == "fewer than 30 in the denominator"
    assert found.domains["care"].score.amount == Decimal("0.5")
    assert found.payment.earned.amount == 4_200_000


def test_a_domain_that_is_missing_gives_its_weight_to_the_others():
    found = mcp({"care_plan": Measured(), "blood_pressure": Measured()})
    # Without care (.3), the rest earn (.4 + .15 + 0) ÷ .7 of 6m.
    assert found.domains["care"].score is None
    assert found.payment.earned.amount == Decimal("4714285.71")


def test_a_survey_with_few_answers_is_protected_at_its_last_value():
    found = mcp({"experience": of(10, 50, last="0.80")})
    assert found.measures["experience"].state == "protected"
    assert found.payment.earned.amount == 4_200_000


def test_protection_without_a_last_value_asks_for_it():
    with pytest.raises(InputError, match="Give it as 'last'"):
        mcp({"experience": Measured(where="year.csv row 7")})


def test_too_few_domains_earn_nothing_and_say_so():
    nothing = dict.fromkeys(set(VECTOR) - {"flu_vaccination", "experience"}, Measured())
    one = {**nothing, "experience": Measured(), "flu_vaccination": of(1, 1)}
    with pytest.raises(InputError):
        mcp(one)
    kept = {**nothing, "flu_vaccination": of(1, 1), "experience": of(400, 500)}
    found = mcp(kept)
    assert found.total.why == "1 of 4 domains have a score"
    assert (found.payment.earned.amount, found.payment.true_up.amount) == (0, -4_200_000)


def test_points_worked_out_elsewhere_count_as_they_are_and_never_past_the_most():
    assert mcp({"care_plan": valued(points="2.5")}).payment.earned.amount == 4_200_000
    with pytest.raises(InputError, match="more than the 5 points"):
        mcp({"care_plan": valued(points="6")})


def changed(contract: str, **parts: Any) -> PerformanceScheme:
    """A scheme of the library with parts of it written otherwise; a term as its bare number or table."""
    held = scheme(contract).model_dump(mode="json", exclude_none=True)
    for key, value in parts.items():
        above, _, last = key.rpartition("__")
        at = held
        for name in above.split("__") if above else ():
            at = at[name]
        at[last] = value
    clause, faults = read_clause(held, "changed")
    assert not faults
    assert isinstance(clause, PerformanceScheme)
    return clause


def term(value: Any, unit: str = "share") -> dict[str, Any]:
    source = {"title": "test"}
    return {
        "label": "term",
        "meaning": "m",
        "unit": unit,
        "values": {date(2024, 4, 1): {"value": value, "status": "given", "source": source}},
    }


def test_missing_counts_nothing_where_the_scheme_says_so():
    held = changed("mcp-performance", missing="zero")
    found = performance(held, {**VECTOR, "care_plan": Measured()}, {"contract_value": Decimal(60_000_000)}, DAY)
    # 2.5 of 10 points instead of 5: .3 × .25 × 6m = .45m less than .9m.
    assert found.measures["care_plan"].state == "zero"
    assert found.payment.earned.amount == 3_750_000


@pytest.mark.parametrize(
    ("exchange", "earned"),
    [
        # .7 lies .4 of the way from .5 to 1.
        ({"rule": "linear", "floor": "a", "target": "b"}, 2_400_000),
        # The step at .6 pays half, that at .8 is not reached.
        ({"rule": "stepped", "steps": "c"}, 3_000_000),
    ],
)
def test_a_total_is_exchanged_for_money_as_the_clause_says(exchange, earned):
    terms = {"a": term("0.5"), "b": term("1"), "c": term([["0.6", "0.5"], ["0.8", "1"]])}
    parts = {f"terms__{name}": held for name, held in terms.items()}
    held = changed("mcp-performance", pay__exchange=exchange, **parts)
    found = performance(held, VECTOR, {"contract_value": Decimal(60_000_000)}, DAY)
    assert found.payment.earned.amount == earned


def test_a_slope_pays_a_pool_out_in_whole_among_all_who_were_scored():
    pools = {"a": Decimal(100), "b": Decimal(300), "not scored": Decimal(50)}
    totals = {"a": Decimal(80), "b": Decimal(20)}
    # At a slope of one, 80 + 60 of 400 are paid.
    slope = neutral_slope(pools, totals, Decimal(100)).amount
    assert slope == pytest.approx(Decimal(400) / Decimal(140))
    assert sum(pools[name] * totals[name] / 100 * slope for name in totals) == pytest.approx(Decimal(400))


def qof(held: dict[str, Measured], practice: str = "10185", held_scheme: Any = None, **inputs: str) -> Performance:
    given = {"list": Decimal(practice), **{name: Decimal(number) for name, number in inputs.items()}}
    return performance(held_scheme or scheme("qof"), held, given, DAY)


def test_35_of_100_at_target_are_22_points_and_4960_pounds_78_at_average_list_and_prevalence():
    found = qof({"chol004": of(35, 100, prevalence="0.04", national_prevalence="0.04")})
    assert found.measures["chol004"].points.amount == 22
    assert found.payment.earned.amount == Decimal("4960.78")


def test_those_left_out_are_not_in_the_denominator():
    found = qof({"chol004": of(35, 120, excluded="20", prevalence="0.04", national_prevalence="0.04")})
    assert found.measures["chol004"].points.amount == 22


def test_twice_the_prevalence_pays_twice_and_may_pass_the_points_there_are():
    found = qof({"chol004": of(90, 100, prevalence="0.08", national_prevalence="0.04")})
    assert found.measures["chol004"].points.amount == 88


def test_a_list_of_12650_against_8096_pays_100000_pounds_of_points_as_156250():
    held = changed("qof", terms__national_list=term("8096", "people"), terms__value_of_point=term("2272.727272", "GBP"))
    found = qof({"chol004": of(50, 100, prevalence="0.04", national_prevalence="0.04")}, "12650", held)
    # 44 points at 2,272.727272 are 99,999.999968.
    assert found.payment.earned.amount == Decimal("156250.00")


def test_prevalence_that_is_missing_is_asked_for():
    with pytest.raises(InputError, match="Give 'prevalence' and 'national_prevalence'"):
        qof({"chol004": of(35, 100)})


def test_four_fifths_of_last_years_pay_are_on_account():
    found = qof({"chol004": of(35, 100, prevalence="1", national_prevalence="1")}, last_year="10000").payment
    assert (found.interim.amount, found.true_up.amount) == (8000, Decimal("-3039.22"))


def test_the_mean_of_two_sites_is_by_infections_predicted_in_whole_points():
    hvbp = scheme("hvbp")
    # 10 points of 3 predicted, 0 points of 1: 7.5 by weight, 8 in whole points.
    held = {"hai_3": of(0, 3), "hai_4": of(2, 1)}
    assert performance(hvbp, held, {}, DAY).measures["surgical_sites"].points.amount == 8


@pytest.mark.parametrize(
    ("measured", "said"),
    [
        (of(11, 10), "more in its numerator than in its denominator"),
        (of(-1, 10), "numerator is below nothing"),
        (of(0, 10, excluded="11"), "leaves out more than are in its denominator"),
        (valued(value="35"), "value is no proportion. Write it between 0 and 1: 0.35."),
        (valued(numerator="3"), "one of numerator and denominator"),
        (valued(value="0.3", numerator="3"), "a value and a numerator too"),
    ],
)
def test_a_number_that_cannot_be_is_told(measured, said):
    with pytest.raises(InputError, match=said):
        mcp({"care_plan": measured})


def test_an_unknown_measure_and_a_missing_input_are_told():
    with pytest.raises(InputError, match="'flu' is no measure"):
        mcp({"flu": of(1, 2)})
    with pytest.raises(InputError, match="input 'contract_value'"):
        performance(scheme("mcp-performance"), VECTOR, {}, DAY)
