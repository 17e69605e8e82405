"""Does a law fitted to a belief say what was believed, skewed beliefs among them?"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from commonweal.core.errors import InputError
from commonweal.core.parameters import library
from commonweal.plan.beliefs.belief import MOST_SKEW, Belief, Certain, Law, fitted
from commonweal.plan.beliefs.elicitation import avoidable_activity

ON = date(2026, 4, 1)
ELICITED = {code: held.belief for code, held in avoidable_activity(library(), ON).items() if held.belief}
MANY = (np.arange(2_000_000) + 0.5) / 2_000_000


def test_there_are_92_named_kinds_of_today_and_78_beliefs():
    held = avoidable_activity(library(), ON)
    assert sum(not code.startswith("EARLIER") for code in held) == 92
    assert len(ELICITED) == 78


@pytest.mark.parametrize("code", ELICITED)
def test_each_elicited_belief_keeps_its_three_points_within_a_hundredth(code: str):
    belief = ELICITED[code]
    law = fitted(belief)
    low, high = law.quantile(np.array([0.1, 0.9]))
    # The mean by the middle of two million equal slices of probability, apart from the quadrature that fitted it.
    mean = float(law.quantile(MANY[::10]).mean())
    assert low == pytest.approx(belief.percentile_10, rel=0.01)
    assert mean == pytest.approx(belief.middle, rel=0.01)
    assert high == pytest.approx(belief.percentile_90, rel=0.01)


@pytest.mark.parametrize("code", ELICITED)
def test_what_is_less_likely_to_be_passed_is_never_less(code: str):
    drawn = fitted(ELICITED[code]).quantile(MANY[::1000])
    assert (np.diff(drawn) > 0).all()
    assert drawn[0] >= 0
    assert drawn[-1] <= 1


@pytest.mark.published
def test_the_beliefs_are_those_published(published_data: Path):
    with (published_data / "plan" / "national_elicitation.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    published = sorted(
        tuple(round(1 - float(row[point]) / 100, 8) for point in ("percentile10", "mean", "percentile90"))
        for row in rows
    )
    ours = sorted((held.percentile_10, held.middle, held.percentile_90) for held in ELICITED.values())
    assert np.allclose(ours, published, atol=1e-8)


def test_a_symmetric_belief_has_its_median_in_the_middle():
    law = fitted(Belief(0.3, 0.5, 0.7))
    assert isinstance(law, Law)
    assert float(law.quantile(np.array([0.5]))[0]) == pytest.approx(0.5)
    assert law.skew == pytest.approx(0, abs=1e-9)


def test_a_median_may_be_given_in_place_of_a_mean():
    law = fitted(Belief(-0.1, 0.0, 0.4, lower=-1.0, upper=1.0, central="median"))
    assert law.quantile(np.array([0.1, 0.5, 0.9])) == pytest.approx([-0.1, 0.0, 0.4])


def test_a_belief_without_doubt_is_one_number():
    law = fitted(Belief(0.0, 0.0, 0.0))
    assert isinstance(law, Certain)
    assert (law.quantile(np.array([0.1, 0.9])) == 0).all()


def _wrong() -> Iterator[tuple[Belief, str]]:
    yield Belief(0.7, 0.5, 0.3), "above its ninetieth"
    yield Belief(0.1, 0.5, 1.3), "not all between"
    yield Belief(0.1, float("nan"), 0.3), "no number"
    yield Belief(0.1, 0.2, 0.3, lower=1.0, upper=0.0), "no room"
    yield Belief(0.2, 0.3, 0.2), "though both percentiles"
    yield Belief(0.1, 0.9, 0.2), "too far to one side"
    yield Belief(0.1, 0.101, 0.9, central="median"), "too far to one side"


@pytest.mark.parametrize(("belief", "told"), list(_wrong()))
def test_a_belief_that_cannot_be_is_told(belief: Belief, told: str):
    with pytest.raises(InputError, match=told):
        fitted(belief)


@given(st.floats(0.02, 0.9), st.floats(0.02, 0.9), st.floats(0.4, 0.6))
def test_whatever_law_is_fitted_rises_all_the_way(first: float, second: float, share: float):
    low, high = sorted((first, second))
    assume(high - low > 0.02)
    law = fitted(Belief(low, low + share * (high - low), high))
    assert isinstance(law, Law)
    assert abs(law.skew) <= MOST_SKEW * law.scale
    assert (np.diff(law.quantile(MANY[::5000])) >= 0).all()
    assert law.mean == pytest.approx(low + share * (high - low), abs=1e-9)
