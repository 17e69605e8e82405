"""Who is made up: how many people stay, die and leave in each practice, and under which pseudonym?

Everybody on the lists on the last day is there, exactly as many as the lists say; and beside them those who died or
left the place while the record ran.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commonweal.people.pseudonyms import pseudonyms
from commonweal.people.synthesis.assumptions import DECILES, Assumptions, Floats
from commonweal.people.synthesis.composition import age_sex_shares, decile_shares, practice_sizes, whole_numbers
from commonweal.people.synthesis.numbers import nhs_numbers
from commonweal.people.synthesis.streams import BLOCK, cumulated
from commonweal.place.population import PracticePopulation

STAYS, DIES, LEAVES = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Cohort:
    """Everybody who is made up, in order of pseudonym, and what holds for whole practices.

    practice     position of the practice they are registered with last
    age          age on the last day of the record, or when they die or leave
    ending       STAYS, DIES or LEAVES
    deciles      cumulative shares of deprivation deciles, a row for each ending and practice
    sizes        people on each practice's list on the last day
    """

    pseudonym: NDArray[np.int64]
    number: NDArray[np.int64]
    practice: NDArray[np.int64]
    age: NDArray[np.int64]
    male: NDArray[np.int64]
    ending: NDArray[np.int64]
    deciles: Floats
    sizes: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.pseudonym)

    @property
    def blocks(self) -> int:
        """How many blocks of people there are."""
        return -(-len(self) // BLOCK)


def cohort(
    practices: Sequence[PracticePopulation], assumptions: Assumptions, *, people: int | None, years: int, key: bytes
) -> Cohort:
    """Everybody to be made up in a place's practices.

    Takes    people: on the lists on the last day, in all; as published when None. key: of the pseudonyms.
    """
    sizes = practice_sizes(practices, people)
    shares = np.stack([age_sex_shares(practice, assumptions) for practice in practices])
    deciles = np.stack([decile_shares(practice, assumptions) for practice in practices])
    mortality = np.einsum("asd,pd->pas", assumptions.death_rates, deciles)
    within = assumptions.number("synthesis_moves", "within")
    leaving = assumptions.joining[None, :, None] * (1 - within)
    listed = sizes[:, None, None] * shares
    counts = np.stack([_whole(listed), _whole(listed * mortality * years), _whole(listed * leaving * years)])
    ending, practice, age, male = _slots(counts)
    number = nhs_numbers(len(ending))
    known_as = pseudonyms(map(str, number.tolist()), key)
    order = np.argsort(known_as, kind="stable")
    return Cohort(
        pseudonym=known_as[order],
        number=number[order],
        practice=practice[order],
        age=age[order],
        male=male[order],
        ending=ending[order],
        deciles=_deciles_by_ending(deciles, assumptions),
        sizes=sizes,
    )


def _whole(expected: Floats) -> NDArray[np.int64]:
    return whole_numbers(expected.reshape(len(expected), -1)).reshape(expected.shape)


def _slots(counts: NDArray[np.int64]) -> tuple[NDArray[np.int64], ...]:
    """Ending, practice, age and sex of everybody, from how many there are of each."""
    flat = np.repeat(np.arange(counts.size), counts.ravel())
    return tuple(np.unravel_index(flat, counts.shape))


def _deciles_by_ending(deciles: Floats, assumptions: Assumptions) -> Floats:
    """The dying are more deprived than their practice, as death rates say."""
    ratio = assumptions.death_rates[-1, 0]
    return cumulated(np.concatenate([deciles, deciles * ratio, deciles]).reshape(3 * len(deciles), DECILES))
