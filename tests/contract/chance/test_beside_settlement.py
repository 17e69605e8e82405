"""Is what chance alone gives beside a settlement what theory says it is?"""

from __future__ import annotations

from datetime import date
from statistics import NormalDist

import pytest

from commonweal.contract.chance.beside import ListOfPeople, chance_beside
from commonweal.contract.chance.person_costs import PersonCosts
from commonweal.contract.clauses.reading import read_contract
from commonweal.contract.settlement.clause import GainLossShare
from commonweal.contract.settlement.settling import settled
from commonweal.core.parameters import library

DAY = date(2026, 4, 1)
SHARE = read_contract("mcp-gain-share").one(GainLossShare)
INPUTS = {"baseline": "60000000", "list_now": "1", "list_base": "1", "actual": "56400000", "quality": "1"}


def beside(people: int | None, costs: PersonCosts | None = None, **inputs: str):
    held = {**INPUTS, **inputs}
    listed = None if people is None else ListOfPeople(people, "as given")
    return chance_beside(SHARE, settled(SHARE, held, DAY), held, library(), people=listed, costs=costs)


def test_the_spread_is_the_variation_between_people_over_the_root_of_the_list():
    alone = beside(100_000).readings[0]
    # 3.67 / sqrt(100,000) = 1.16055 % of 60m.
    assert alone.spread == pytest.approx(0.0116055, abs=1e-7)
    assert alone.result == pytest.approx(696_333, abs=1)


def test_a_deductible_corridor_is_paid_as_often_as_the_normal_leaves_it():
    alone = beside(100_000).readings[0]
    # 2 % is 1.7233 spreads: 4.24 % of results lie beyond it on each side; the count has steps of one in 1,999.
    assert alone.gains == pytest.approx(1 - NormalDist().cdf(0.02 / alone.spread), abs=0.0006)
    assert alone.losses == pytest.approx(alone.gains, abs=1e-9)


def test_payments_by_chance_are_those_of_the_clause():
    alone = beside(100_000).readings[0]
    # At 1.96 spreads 1,364,788 is saved; 1.2m lies inside the corridor; half of the rest is 82,394. Steps are coarse.
    assert alone.high == pytest.approx(82_394, rel=0.03)
    assert alone.low == pytest.approx(-alone.high, rel=1e-6)


def test_a_corridor_narrower_than_chance_is_flagged_in_words():
    assert beside(100_000).readings[0].flag == ""
    flag = beside(30_000).readings[0].flag
    assert "narrower than chance" in flag
    # 1.645 x 3.67 / sqrt(30,000)
    assert "3.49 %" in flag


def test_the_list_is_an_input_of_the_settlement_where_it_is_one():
    assert beside(None, list_now="100000", list_base="100000").people.people == 100_000
    assert beside(None) is None


def test_the_record_says_how_costs_vary_where_there_is_one():
    costs = PersonCosts(10_000, 61_523.0, 2.0, 4_900, (), date(2025, 4, 1), date(2026, 4, 1), True)
    found = beside(10_000, costs)
    assert found.readings[0].spread == pytest.approx(0.02)
    assert "made up" in found.variation_from


def test_medicare_settlements_use_the_variation_of_medicare():
    clause = read_contract("mssp").one(GainLossShare, "track_1")
    held = {
        "benchmark": "100000000",
        "expenditure": "95000000",
        "beneficiaries": "10000",
        "quality": "1",
        "standard_met": "1",
        "alternative_standard": "0",
    }
    day = date(2018, 12, 31)
    found = chance_beside(clause, settled(clause, held, day), held, library())
    # 2.14 / sqrt(10,000); the table's 3.0 % at 10,000 lets 8.0 % of results through by chance.
    assert found.variation == 2.14
    assert found.readings[0].spread == pytest.approx(0.0214)
    assert found.readings[0].gains == pytest.approx(1 - NormalDist().cdf(0.03 / 0.0214), abs=0.0006)
    assert found.readings[0].losses == 0
