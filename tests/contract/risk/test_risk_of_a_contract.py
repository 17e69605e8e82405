"""Do simulated futures of a contract agree with closed forms, with each other, and with the clause?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from scipy.stats import norm

from commonweal.contract.chance.spread import Variation
from commonweal.contract.clauses.reading import read_contract
from commonweal.contract.risk.futures import FUTURES_IN_BLOCK, Likely, Uncertainty, futures
from commonweal.contract.risk.measures import distribution
from commonweal.contract.risk.outcomes import outcomes, practices_alone, risk_terms
from commonweal.contract.settlement.clause import GainLossShare
from commonweal.core.errors import ClauseProblem, InputError

# Costs of a person vary by 3.67: 10,000 people by 3.67 %, £367,000 of £10m.
SIGMA = 3.67
PEOPLE_ALONE = Uncertainty(Variation(SIGMA))
NUMBER = 20_000
# Standard error of a standard deviation of so many futures: 1 / root(2 n) = 0.5 %.
NEAR = 0.02


def results(terms, pool, uncertainty=PEOPLE_ALONE, *, number=NUMBER, seed=1, **changed):
    held = futures(pool, uncertainty, years=len(terms.days), number=number, seed=seed)
    return outcomes(terms, pool, held, uncertainty.variation, **changed)


def test_without_a_corridor_the_payment_varies_by_the_share_of_what_chance_gives(share, terms, pool):
    found = results(terms(share()), pool(10_000))["mcp"]
    assert found.std() == pytest.approx(0.5 * 367_000, rel=NEAR)
    assert found.mean() == pytest.approx(0, abs=4 * 0.5 * 367_000 / NUMBER**0.5)


def test_practices_of_different_sizes_vary_together_as_one_list_of_all(share, terms, pool):
    # £1,000 a person everywhere: 3.67 x root(50,000) x £1,000 = £820,637.
    found = results(terms(share(share="1")), pool(5_000, 15_000, 30_000))["mcp"]
    assert found.std() == pytest.approx(820_637, rel=NEAR)


def test_structural_spread_is_shared_and_persists(share, terms, pool):
    # Two years: 2 sigma^2/n + tau^2 (2 + 2 rho), of £10m: root(2 x .0367^2 + .03^2 x 3) = 0.0733796.
    held = Uncertainty(Variation(SIGMA, 0.03, 0.5))
    found = results(terms(share(share="1"), years=2), pool(10_000), held)["mcp"].sum(axis=1)
    assert found.std() == pytest.approx(733_796, rel=NEAR)


def test_persistence_keeps_the_spread_of_each_year(share, terms, pool):
    held = Uncertainty(Variation(1e-9, 0.03, 0.9))
    found = results(terms(share(share="1"), years=4), pool(10_000), held)["mcp"]
    assert found.std(axis=0) == pytest.approx(np.full(4, 300_000), rel=NEAR)


@pytest.mark.parametrize("convention", ["deductible", "trigger"])
def test_a_corridor_pays_for_chance_what_the_normal_formula_says(corridor, terms, pool, convention):
    found = results(terms(corridor(convention=convention, loss=None)), pool(10_000))["mcp"]
    z = 0.02 / 0.0367
    beyond = 0.0367 * norm.pdf(z) - (0.02 * norm.sf(z) if convention == "deductible" else 0)
    assert found.mean() == pytest.approx(0.5 * 10_000_000 * beyond, rel=NEAR)


def test_symmetric_terms_give_losses_as_often_and_as_large_as_gains(corridor, terms, pool):
    found = results(terms(corridor()), pool(4_000, 6_000))["mcp"]
    up, down = distribution(-found), distribution(found)
    assert up.loss_probability == pytest.approx(down.loss_probability, abs=0.015)
    # P(x < -2 %) = Phi(-0.545) = 0.2929.
    assert down.loss_probability == pytest.approx(0.2929, abs=0.015)
    assert up.loss_1_in_20 == pytest.approx(down.loss_1_in_20, rel=0.05)


def test_the_rare_losses_are_those_of_the_normal_curve(share, terms, pool):
    found = distribution(results(terms(share(share="1")), pool(10_000), number=100_000)["mcp"])
    assert found.loss_1_in_20 == pytest.approx(1.644854 * 367_000, rel=0.02)
    assert found.loss_1_in_200 == pytest.approx(2.575829 * 367_000, rel=0.03)


def test_the_results_of_the_parties_sum_to_nothing_in_each_future(corridor, terms, pool):
    held = Uncertainty(Variation(SIGMA, 0.029, 0.68), 0.02, Likely(0.9, 0.05), Likely(0.7, 0.1))
    found = results(terms(corridor(), years=3, performance=Decimal("0.1")), pool(4_000, 6_000), held, number=500)
    assert set(found) == {"mcp", "commissioner", "acute"}
    assert np.abs(sum(found.values())).max() < 1e-6


def test_shares_of_an_alliance_sum_to_nothing_with_the_commissioner(pool):
    contract = read_contract("alliance")
    clause = contract.one(GainLossShare)
    # What is not simulated is given: the budgets by which the parties share.
    given = {name: Decimal(10) for name in clause.inputs if name.startswith("budget_")}
    held = risk_terms(contract, clause, first=date(2026, 4, 1), years=2, given=given)
    found = results(held, pool(4_000, 6_000), number=300)
    assert len(found) > 3
    assert np.abs(sum(found.values())).max() < 1e-6


def test_the_same_seed_gives_the_same_futures_however_many_are_drawn(share, terms, pool):
    held = Uncertainty(Variation(SIGMA, 0.029, 0.68), 0.02, Likely(0.9, 0.05))
    number = FUTURES_IN_BLOCK + 7
    first, again, fewer = (
        results(terms(share(), years=2), pool(4_000, 6_000), held, number=n)["mcp"] for n in (number, number, 40)
    )
    assert np.array_equal(first, again)
    assert np.array_equal(first[:40], fewer)
    other = results(terms(share(), years=2), pool(4_000, 6_000), held, number=number, seed=2)["mcp"]
    assert not np.array_equal(first, other)


def test_practices_alone_are_the_same_futures_as_the_whole(share, terms, pool):
    # With neither corridor nor limit, what each practice alone would have adds up to what the whole has.
    held = Uncertainty(Variation(SIGMA, 0.029, 0.68), 0.02)
    of, lists = terms(share(), years=3), pool(4_000, 6_000, 11_000)
    number = FUTURES_IN_BLOCK + 50
    alone = practices_alone(of, lists, held, years=3, number=number, seed=1)
    whole = results(of, lists, held, number=number)["mcp"]
    assert alone.sum(axis=2) == pytest.approx(whole, abs=1e-4)


def test_more_results_than_can_be_held_are_refused_with_how_many_can(share, terms, pool):
    # 250 million results over 5 years and 2 practices.
    with pytest.raises(InputError, match="25,000,000"):
        practices_alone(terms(share(), 5), pool(10, 20), PEOPLE_ALONE, years=5, number=30_000_000, seed=1)


def test_lists_that_move_change_plan_and_spend_alike(share, terms, pool):
    held = Uncertainty(Variation(1e-9), 0.05)
    found = results(terms(share(), years=3), pool(4_000, 6_000), held, number=500)["mcp"]
    assert np.abs(found).max() < 0.01
    listed = futures(pool(4_000, 6_000), held, years=3, number=NUMBER, seed=1).listed
    assert listed.mean(axis=0) == pytest.approx(np.full(3, 10_000), rel=0.005)


def test_performance_pay_varies_by_its_pool_times_the_spread_of_the_score(share, terms, pool):
    held = Uncertainty(Variation(1e-9), score=Likely(0.7, 0.1))
    of = terms(share(), performance=Decimal("0.10"), planned_score=Decimal("0.7"))
    found = results(of, pool(10_000), held)["mcp"]
    assert found.std() == pytest.approx(0.1 * 0.1 * 10_000_000, rel=NEAR)
    assert found.mean() == pytest.approx(0, abs=4 * 100_000 / NUMBER**0.5)


def test_years_settled_together_pay_the_same_where_nothing_stands_between(share, terms, pool):
    of = terms(share(), years=5)
    apart = results(of, pool(10_000), number=500)["mcp"]
    pooled = results(of, pool(10_000), number=500, pooled=2)["mcp"]
    assert pooled.shape == (500, 3)
    assert pooled.sum(axis=1) == pytest.approx(apart.sum(axis=1), abs=1e-4)


def test_a_clause_that_pools_years_settles_each_with_the_years_before(share, terms, pool):
    step = {"do": "pool", "name": "pooled", "of": "difference", "years": "years"}
    of = terms(share(share="1", more=(step,), last="pooled", years="2"), years=3)
    apart = results(terms(share(share="1"), years=3), pool(10_000), number=50)["mcp"]
    found = results(of, pool(10_000), number=50)["mcp"]
    assert found[:, 0] == pytest.approx(apart[:, 0], abs=1e-4)
    assert found[:, 2] == pytest.approx(apart[:, 1] + apart[:, 2], abs=1e-4)


def test_an_input_that_nobody_simulates_or_gives_is_asked_for():
    contract = read_contract("mssp")
    day = date(2024, 1, 1)
    with pytest.raises(InputError, match="elected"):
        risk_terms(contract, contract.one(GainLossShare, "enhanced"), first=day, years=1)


@pytest.mark.parametrize("name", ["actual", "nosuch"])
def test_an_input_that_is_simulated_or_unknown_is_not_taken(share, terms, name):
    with pytest.raises(InputError, match=name):
        terms(share(), given={name: Decimal(1)})


def test_a_clause_of_activity_is_told_apart_from_one_of_spend(share, terms):
    step = {"do": "price", "name": "priced", "of": "difference", "tariff": "tariff"}
    with pytest.raises(ClauseProblem, match="activity"):
        terms(share(more=(step,), last="priced", tariff="100"))


def test_quality_cannot_vary_more_than_a_share_can():
    with pytest.raises(InputError):
        Likely(0.9, 0.4)
