"""Do corridor, pooling period and list size answer as published tables and advice do, and agree with each other?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonweal.contract.chance.corridor import (
    Question,
    answers,
    corridor_needed,
    narrower_than_chance,
    people_needed,
    years_needed,
)
from commonweal.contract.chance.negotiation import Supposed, attachment_pence, negotiation
from commonweal.contract.chance.pay_for_chance import pay_for_chance
from commonweal.contract.chance.person_costs import PersonCosts, StopLoss
from commonweal.contract.chance.records import negotiation_record
from commonweal.contract.chance.spread import Variation, spread
from commonweal.core.errors import InputError
from commonweal.core.parameters import library

DAY = date(2026, 4, 1)
MEDICARE = 2.14


def question(**changed) -> Question:
    held = {
        "pay_for_chance": 0.05,
        "people": 100_000,
        "years": 1,
        "corridor": 0.02,
        "variation": Variation(3.67),
        **changed,
    }
    return Question(**held)


# Minimum savings rates of 42 CFR 425.604(b) by list size and the one-sided confidence each stands on.
@pytest.mark.parametrize(
    ("people", "chance", "rate"),
    [
        (500, 0.10, 0.122),
        (1_000, 0.10, 0.087),
        (3_000, 0.10, 0.050),
        (5_000, 0.10, 0.039),
        (20_000, 0.05, 0.025),
        (50_000, 0.01, 0.022),
        (60_000, 0.01, 0.020),
    ],
)
def test_the_minimum_savings_rates_of_medicare_are_corridors_against_chance(people, chance, rate):
    found = corridor_needed(question(people=people, pay_for_chance=chance, variation=Variation(MEDICARE)))
    assert found == pytest.approx(rate, abs=0.0007)


@pytest.mark.parametrize(("chance", "z"), [(0.10, 1.281552), (0.05, 1.644854), (0.01, 2.326348)])
def test_a_corridor_is_the_one_sided_normal_value_times_sigma_over_the_root_of_the_list(chance, z):
    found = corridor_needed(question(people=10_000, pay_for_chance=chance, variation=Variation(MEDICARE)))
    assert found == pytest.approx(z * MEDICARE / 100, rel=1e-5)


def test_either_side_takes_the_two_sided_normal_value():
    assert corridor_needed(question(people=10_000, side="either")) == pytest.approx(1.959964 * 0.0367, rel=1e-5)


def test_a_list_of_10_000_pools_three_years_where_30_000_person_years_are_asked_for():
    # Bachmann and Bevan, BMJ 1996;313:1054. The corridor is what 30,000 person-years need.
    asked = question(people=10_000, corridor=corridor_needed(question(people=30_000)))
    assert years_needed(asked) == 3
    assert people_needed(asked) == 30_000


def test_the_smallest_list_is_worked_out_by_hand():
    # z sigma over the corridor, squared: (1.644854 x 3.67 / 0.02)^2 = 91,101.7...
    by_hand = (Decimal("1.6448536269514722") * Decimal("3.67") / Decimal("0.02")) ** 2
    assert people_needed(question()) == int(by_hand) + 1


def test_structural_spread_that_fills_the_corridor_leaves_no_list_and_no_period():
    asked = question(variation=Variation(3.67, 0.029))
    assert years_needed(asked) is None
    assert people_needed(asked) is None
    told = {answer.asks: answer for answer in answers(asked)}
    # 1.645 x 2.9 % = 4.77 %
    assert "4.77 %" in told["people"].working
    assert told["corridor"].value == pytest.approx(1.644854 * (0.029**2 + 3.67**2 / 100_000) ** 0.5, rel=1e-5)


def test_a_corridor_narrower_than_chance_is_flagged_with_what_it_would_have_to_be():
    # 10,000 people: spread 3.67 %, so that 2 % is left in 29.3 % of years, and 6.04 % is needed.
    said = narrower_than_chance(question(people=10_000))
    assert "29.29 %" in said
    assert "6.04 %" in said
    assert narrower_than_chance(question(people=100_000)) == ""


terms = st.builds(
    Question,
    pay_for_chance=st.floats(0.005, 0.45),
    people=st.integers(500, 1_000_000),
    years=st.integers(1, 10),
    corridor=st.floats(0.005, 0.3),
    variation=st.builds(Variation, st.floats(0.5, 8), st.floats(0, 0.03), st.floats(0, 1)),
    side=st.sampled_from(["gain", "loss", "either"]),
    convention=st.sampled_from(["benchmark", "year-on-year"]),
)


@given(terms)
def test_every_answer_keeps_pay_for_chance_at_what_is_tolerated_and_one_less_would_not(asked):
    def paid(corridor, people, years):
        return pay_for_chance(corridor, spread(asked.variation, people, years, asked.convention), asked.side)

    corridor, years, people = (answer.value for answer in answers(asked))
    # Shares that are beyond all of the budget are still answers in words, and no contract.
    if corridor < 1:
        assert paid(corridor, asked.people, asked.years) == pytest.approx(asked.pay_for_chance, rel=1e-6)
    if years is not None:
        assert paid(asked.corridor, asked.people, years) <= asked.pay_for_chance + 1e-6
        assert years == 1 or paid(asked.corridor, asked.people, years - 1) > asked.pay_for_chance - 1e-6
    if people is not None:
        assert paid(asked.corridor, people, asked.years) <= asked.pay_for_chance + 1e-3
        assert people == 1 or paid(asked.corridor, people - 1, asked.years) > asked.pay_for_chance - 1e-3


@pytest.mark.parametrize(
    "changed",
    [{"pay_for_chance": 0}, {"pay_for_chance": 0.5}, {"people": 0}, {"years": 0}, {"corridor": 0}, {"corridor": 1}],
)
def test_terms_that_make_no_sense_are_refused(changed):
    with pytest.raises(InputError):
        question(**changed)


def test_both_readings_are_given_where_nobody_names_a_structural_spread():
    found = negotiation(question(), Supposed(), library(), on=DAY)
    assert [reading.question.variation.structural for reading in found.readings] == [0.0, 0.029]
    assert any("illustrative" in text for text in found.assumed)


def test_a_structural_spread_that_is_named_is_the_only_reading():
    found = negotiation(question(), Supposed(structural=0.01), library(), on=DAY)
    assert [reading.question.variation.structural for reading in found.readings] == [0.01]


def test_events_are_as_wide_as_their_rate_and_over_dispersion_say():
    found = negotiation(
        question(people=50_000, convention="year-on-year"),
        Supposed(per_thousand=95, over_dispersion=1),
        library(),
        on=DAY,
    )
    assert 1.959964 * found.readings[0].question.sd == pytest.approx(0.040, abs=0.0005)


def test_the_record_s_variation_and_stop_loss_come_before_the_parameter():
    costs = PersonCosts(10_000, 61_523.0, 3.67, 4_900, (StopLoss(1_000_000, 93, 0.118, 2.822),), DAY, DAY, True)
    found = negotiation(question(people=10_000), Supposed(costs=costs), library(), on=DAY)
    # 1.645 x 2.82 % = 4.64 %
    assert found.stop_loss[0][1] == pytest.approx(0.0464, abs=0.0001)
    assert "made up" in found.assumed[0]
    assert negotiation_record(found)["stop_loss"][0]["attachment"] == Decimal("10000.00")


def test_a_count_of_few_people_is_not_printed():
    costs = PersonCosts(10_000, 61_523.0, 3.67, 4_900, (StopLoss(4_000_000, 3, 0.0066, 3.546),), DAY, DAY, True)
    found = negotiation(question(people=10_000), Supposed(costs=costs), library(), on=DAY)
    assert negotiation_record(found)["stop_loss"][0]["people_above"] is None


def test_attachment_points_are_pounds_in_the_parameters_and_pence_in_the_record():
    assert attachment_pence(library(), on=DAY)[0] == 250_000
