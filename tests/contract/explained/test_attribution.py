"""Is a change's part the average over all orders, exactly, and does what is told sum to the whole?"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import permutations

import pytest

from commonweal.contract.explained.attribution import additions, in_pence, usual_way

PAID = {
    frozenset(): "0",
    frozenset({0}): "10",
    frozenset({1}): "20",
    frozenset({2}): "0",
    frozenset({0, 1}): "50",
    frozenset({0, 2}): "40",
    frozenset({1, 2}): "20",
    frozenset({0, 1, 2}): "100",
}


def paid(made: frozenset[int]) -> Decimal:
    return Decimal(PAID[made])


def test_three_changes_each_add_the_mean_of_their_six_orders():
    def of(position: int) -> Fraction:
        moved = []
        for order in permutations(range(3)):
            before = frozenset(order[: order.index(position)])
            moved.append(paid(before | {position}) - paid(before))
        return Fraction(sum(moved)) / 6

    found = additions(3, paid, "average")
    # Of the first: 10, 10, 30, 80, 40, 80 in the six orders: 250 / 6.
    assert found[0] == Fraction(250, 6)
    assert found == [of(0), of(1), of(2)]
    assert sum(found) == 100


def test_in_order_each_adds_to_those_before_it():
    assert additions(3, paid, "order") == [10, 40, 50]


def test_a_change_that_changes_nothing_adds_nothing():
    assert additions(2, lambda made: Decimal(7) if 0 in made else Decimal(1), "average") == [6, 0]


def test_the_last_takes_the_pence_that_rounding_leaves():
    third = Fraction(100, 3)
    assert in_pence([third, third, third], Decimal(100)) == [Decimal("33.33"), Decimal("33.33"), Decimal("33.34")]


@pytest.mark.parametrize(("changes", "way"), [(0, "average"), (8, "average"), (9, "order")])
def test_the_average_is_taken_while_its_sets_are_few(changes, way):
    assert usual_way(changes) == way
