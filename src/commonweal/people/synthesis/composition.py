"""How many people of each age and sex, and of each tenth of deprivation, has each practice?

Whatever the place's files publish of a practice is met; what they do not is as in England.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from commonweal.people.synthesis.assumptions import AGES, DECILES, MALE, SEXES, Assumptions, Floats
from commonweal.place.population import PracticePopulation

ROUNDS = 300
CLOSE = 1e-9


def practice_sizes(practices: Sequence[PracticePopulation], people: int | None) -> NDArray[np.int64]:
    """People of each practice: as published, or as many as asked for in the same proportions."""
    listed = np.array([practice.people for practice in practices], dtype=float)
    if people is None:
        return listed.astype(np.int64)
    return np.asarray(whole_numbers(listed[None, :] / listed.sum() * people)[0])


def age_sex_shares(practice: PracticePopulation, assumptions: Assumptions) -> Floats:
    """Share of a practice's people by single year of age and sex."""
    shares = assumptions.age_sex_shares.copy()
    wanted: list[tuple[NDArray[np.bool_], float]] = []
    for age, share in sorted(practice.aged_at_least.items()):
        wanted.append((np.broadcast_to((age <= AGES)[:, None], shares.shape), float(share)))
    if practice.aged_30_to_74 is not None:
        middle = (AGES >= 30) & (AGES < 75)
        wanted.append((np.broadcast_to(middle[:, None], shares.shape), float(practice.aged_30_to_74)))
    if practice.male_share is not None:
        men = np.broadcast_to(np.arange(SEXES) == MALE, shares.shape)
        wanted.append((men, float(practice.male_share)))
    for _ in range(ROUNDS):
        furthest = 0.0
        for inside, part in wanted:
            held = shares[inside].sum()
            furthest = max(furthest, abs(held - part))
            if 0 < held < 1:
                shares = np.where(inside, shares * (part / held), shares * ((1 - part) / (1 - held)))
        if furthest < CLOSE:
            break
    return np.asarray(shares / shares.sum())


def whole_numbers(expected: Floats) -> NDArray[np.int64]:
    """Whole numbers nearest to the expected ones of each row that add up to its sum, largest remainders first."""
    floor = np.floor(expected + CLOSE)
    missing = np.rint(expected.sum(axis=1) - floor.sum(axis=1)).astype(np.int64)
    order = np.argsort(floor - expected, axis=1, kind="stable")
    rank = np.empty_like(order)
    np.put_along_axis(rank, order, np.broadcast_to(np.arange(expected.shape[1]), order.shape), axis=1)
    return np.asarray(floor + (rank < missing[:, None]), dtype=np.int64)


def decile_shares(practice: PracticePopulation, assumptions: Assumptions) -> Floats:
    """Share of a practice's people by tenth of deprivation, most deprived first; the mean of their scores is its own.

    A tenth for each where no score is published.
    """
    if practice.deprivation_score is None:
        return np.full(DECILES, 1 / DECILES)
    scores = assumptions.floats("synthesis_deprivation", "scores")
    spread = assumptions.number("synthesis_deprivation", "spread")

    def around(middle: float) -> Floats:
        weights = np.exp(-((np.arange(1, DECILES + 1) - middle) ** 2) / (2 * spread**2))
        return np.asarray(weights / weights.sum())

    wanted = min(max(float(practice.deprivation_score), scores[-1] + 1), scores[0] - 1)
    low, high = -60.0, 70.0
    for _ in range(80):
        middle = (low + high) / 2
        # The further down the tenths the middle lies, the lower the score.
        low, high = (middle, high) if around(middle) @ scores > wanted else (low, middle)
    return around((low + high) / 2)
