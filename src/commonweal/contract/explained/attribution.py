"""What does each of several changes add, so that together they make the whole difference?

Two ways, both exact. In order: each change is made after those before it, and adds what the amount then moves by. The
average: a change adds the mean of what it would in every order (its Shapley value), so no change gains by coming first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import combinations, pairwise
from math import factorial
from typing import Literal

from commonweal.core.money import EXACT, to_the_penny

Way = Literal["average", "order"]

# The average asks for the amount under every set of changes: 2 to the power of their number.
MOST_AVERAGED = 8
MOST_ASKED_FOR = 12


def usual_way(changes: int) -> Way:
    """The average where the sets of changes are few, otherwise in order."""
    return "average" if changes <= MOST_AVERAGED else "order"


def additions(changes: int, amount: Callable[[frozenset[int]], Decimal], way: Way) -> list[Fraction]:
    """What each change adds to the amount, exactly; they sum to the amount with all of them less that with none.

    Takes    amount: the amount with the changes of a set made, by their positions.
    """
    if way == "order":
        steps = [frozenset(range(i)) for i in range(changes + 1)]
        return [Fraction(amount(after)) - Fraction(amount(before)) for before, after in pairwise(steps)]
    return [_average(i, changes, amount) for i in range(changes)]


def _average(position: int, changes: int, amount: Callable[[frozenset[int]], Decimal]) -> Fraction:
    others = [i for i in range(changes) if i != position]
    added = Fraction(0)
    for size in range(changes):
        orders = Fraction(factorial(size) * factorial(changes - size - 1), factorial(changes))
        for made in combinations(others, size):
            before = frozenset(made)
            added += orders * (Fraction(amount(before | {position})) - Fraction(amount(before)))
    return added


def in_pence(exact: Sequence[Fraction], whole: Decimal) -> list[Decimal]:
    """Additions to the penny that sum to the whole; the last takes what rounding leaves."""
    rounded = [to_the_penny(decimal_of_fraction(held)) for held in exact]
    with localcontext(EXACT):
        if rounded:
            rounded[-1] = whole - sum(rounded[:-1], Decimal(0))
    return rounded


def decimal_of_fraction(held: Fraction) -> Decimal:
    """A fraction as a decimal, to the places of exact money."""
    with localcontext(EXACT):
        return Decimal(held.numerator) / Decimal(held.denominator)
