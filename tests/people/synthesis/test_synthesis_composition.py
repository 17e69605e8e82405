"""Are a practice's made-up people as many, as old, of the sex and as deprived as its files say?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from commonweal.core.parameters import library
from commonweal.people.synthesis.assumptions import AGES, MALE, Assumptions
from commonweal.people.synthesis.composition import age_sex_shares, decile_shares, practice_sizes, whole_numbers
from commonweal.place.population import PracticePopulation

ASSUMPTIONS = Assumptions(library(), date(2026, 4, 1))
SCORES = [55, 38, 30, 24.5, 20, 16.5, 13.5, 10.8, 8.2, 4.8]


def practice(**said: object) -> PracticePopulation:
    held = {
        "practice_code": "X90001",
        "people": 1_000,
        "male_share": None,
        "aged_at_least": {},
        "aged_30_to_74": None,
        "deprivation_score": None,
        **said,
    }
    return PracticePopulation(**held)


def test_published_shares_of_age_and_sex_are_met():
    said = {18: Decimal("0.75"), 50: Decimal("0.45"), 65: Decimal("0.27")}
    shares = age_sex_shares(
        practice(male_share=Decimal("0.47"), aged_at_least=said, aged_30_to_74=Decimal("0.55")), ASSUMPTIONS
    )
    assert shares.sum() == pytest.approx(1)
    assert shares[:, MALE].sum() == pytest.approx(0.47)
    for age, share in said.items():
        assert shares[age <= AGES].sum() == pytest.approx(float(share), abs=1e-6)
    assert shares[(AGES >= 30) & (AGES < 75)].sum() == pytest.approx(0.55, abs=1e-6)


def test_a_practice_of_which_nothing_is_published_is_like_england():
    # England 2011: 49.2 % men, 16.7 % aged 65 and over, from the people column of the published table.
    shares = age_sex_shares(practice(), ASSUMPTIONS)
    assert shares[:, MALE].sum() == pytest.approx(0.492, abs=0.002)
    assert shares[AGES >= 65].sum() == pytest.approx(0.0872 + 0.0561 + 0.0234, abs=0.001)


@pytest.mark.parametrize("score", ["8", "21.7", "45"])
def test_the_mean_score_of_a_practices_people_is_its_own(score: str):
    shares = decile_shares(practice(deprivation_score=Decimal(score)), ASSUMPTIONS)
    assert shares.sum() == pytest.approx(1)
    assert shares @ np.array(SCORES) == pytest.approx(float(score), abs=1e-6)


def test_a_practice_without_a_score_has_a_tenth_of_its_people_in_each_decile():
    assert decile_shares(practice(), ASSUMPTIONS).tolist() == [0.1] * 10


def test_people_are_as_many_as_published_or_in_the_same_proportions():
    both = [practice(people=1_000), practice(people=3_000)]
    assert practice_sizes(both, None).tolist() == [1_000, 3_000]
    assert practice_sizes(both, 100).tolist() == [25, 75]


def test_whole_numbers_go_to_the_largest_remainders_and_add_up():
    # 1.5 + 1.3 + 1.2 = 4: three whole ones are given, the fourth goes to .5.
    assert whole_numbers(np.array([[1.5, 1.3, 1.2]])).tolist() == [[2, 1, 1]]
