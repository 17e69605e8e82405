"""Are beliefs drawn by their own name, the same in every plan, and as much together as was said?"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import spearmanr

from commonweal.core.errors import InputError
from commonweal.plan.beliefs.belief import Belief, fitted
from commonweal.plan.beliefs.draws import draws

FUTURES = 40_000
SKEWED = fitted(Belief(0.029, 0.238, 0.564))
EVEN = fitted(Belief(0.3, 0.5, 0.7))


def test_a_belief_turns_out_the_same_whatever_else_is_planned():
    alone = draws({"care homes": SKEWED}, 100, seed=1, correlation=0.3)
    beside = draws({"navigation": EVEN, "care homes": SKEWED}, 100, seed=1, correlation=0.3)
    assert (alone["care homes"] == beside["care homes"]).all()


def test_the_first_futures_are_the_same_however_many_follow():
    few = draws({"care homes": SKEWED}, 10, seed=1)["care homes"]
    assert (draws({"care homes": SKEWED}, 1000, seed=1)["care homes"][:10] == few).all()


def test_another_seed_makes_other_futures():
    one, other = (draws({"care homes": SKEWED}, 10, seed=seed)["care homes"] for seed in (1, 2))
    assert (one != other).any()


@pytest.mark.parametrize("correlation", [0.0, 0.2, 0.6])
def test_beliefs_lean_together_as_much_as_was_said(correlation: float):
    found = draws({"a": SKEWED, "b": EVEN}, FUTURES, seed=7, correlation=correlation)
    # Ranks of a Gaussian copula: 6/pi times the arc sine of half the correlation.
    expected = 6 / np.pi * np.arcsin(correlation / 2)
    assert spearmanr(found["a"], found["b"]).statistic == pytest.approx(expected, abs=0.02)


@pytest.mark.parametrize("correlation", [0.0, 0.6])
def test_leaning_together_leaves_each_law_as_it_is(correlation: float):
    drawn = draws({"a": SKEWED}, FUTURES, seed=7, correlation=correlation)["a"]
    assert np.quantile(drawn, [0.1, 0.9]) == pytest.approx([0.029, 0.564], abs=0.01)
    assert drawn.mean() == pytest.approx(0.238, abs=0.005)


def test_independent_beliefs_understate_what_sixteen_can_do_together():
    laws = {f"programme {i}": EVEN for i in range(16)}
    apart, together = (
        sum(draws(laws, FUTURES, seed=3, correlation=correlation).values()) for correlation in (0.0, 0.4)
    )
    # The spread of a sum of n alike grows by the root of 1 + (n - 1) times their correlation: root 7 here.
    assert np.std(together) / np.std(apart) == pytest.approx(np.sqrt(1 + 15 * 0.4), rel=0.03)


@pytest.mark.parametrize(("correlation", "futures"), [(-0.1, 10), (1.1, 10), (0.2, 0)])
def test_what_cannot_be_drawn_is_told(correlation: float, futures: int):
    with pytest.raises(InputError):
        draws({"a": EVEN}, futures, seed=1, correlation=correlation)
