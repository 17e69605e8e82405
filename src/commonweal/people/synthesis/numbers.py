"""Which NHS number does a made-up person have?

Numbers from 9000000000 to 9999999999 have never been issued. A made-up person's number is one of them, with a right
check digit, and no two people have the same.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FIRST = 900_000_000
MANY = 100_000_000
# Prime to MANY, so that multiplying by it goes through all of them once.
STRIDE = 61_803_399
OFFSET = 31_415_927
WEIGHTS = np.arange(10, 1, -1)
MODULUS = 11


def nhs_numbers(people: int) -> NDArray[np.int64]:
    """As many different valid NHS numbers of the range never issued; the first ones are the same for more people.

    Raises   ValueError for more people than there are numbers.
    """
    if people > MANY:
        raise ValueError(f"There are not {people:,} synthetic NHS numbers.")
    found = np.empty(0, dtype=np.int64)
    tried = 0
    while len(found) < people and tried < MANY:
        more = min(MANY - tried, (people - len(found)) * 12 // 10 + 16)
        nine = FIRST + (np.arange(tried, tried + more, dtype=np.int64) * STRIDE + OFFSET) % MANY
        digit = check_digits(nine)
        found = np.concatenate([found, (nine * 10 + digit)[digit < 10]])
        tried += more
    if len(found) < people:
        raise ValueError(f"There are not {people:,} synthetic NHS numbers.")
    return found[:people]


def check_digits(nine: NDArray[np.int64]) -> NDArray[np.int64]:
    """The check digits of numbers of nine digits; 10 where there is none.

    Source   NHS Data Dictionary, NHS number: modulus 11, weights 10 to 2.
    """
    added = np.zeros(len(nine), dtype=np.int64)
    rest = nine.copy()
    for weight in WEIGHTS[::-1]:
        rest, digit = np.divmod(rest, 10)
        added += digit * weight
    return (MODULUS - added % MODULUS) % MODULUS
