"""Where do two contracts, or two years of one, pay differently, and by what?

Both shares are settled; then the difference of their payments is told by what differs: inputs, terms and operations,
each with what it adds. What they add sums to the difference, to the penny.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cache
from typing import Any

from commonweal.contract.explained.attribution import (
    MOST_ASKED_FOR,
    Way,
    additions,
    decimal_of_fraction,
    in_pence,
    usual_way,
)
from commonweal.contract.explained.changes import Change, Changes, Side
from commonweal.contract.settlement.settling import Settlement
from commonweal.core.errors import CommonwealError, InputError
from commonweal.core.money import EXACT, to_the_penny


@dataclass(frozen=True, slots=True)
class Addition:
    """What one change adds to the payment, to the penny; in the last, `rounding` is what rounding the others left."""

    change: Change
    amount: Decimal
    rounding: Decimal


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two shares settled, and what makes the difference of their payments.

    way   how a change's addition is found: the average over all orders, or in the order stated
    """

    first: Side
    second: Side
    paid_first: Settlement
    paid_second: Settlement
    additions: tuple[Addition, ...]
    way: Way

    @property
    def before(self) -> Decimal:
        """What the first pays, to the penny."""
        return to_the_penny(self.paid_first.payment.amount)

    @property
    def after(self) -> Decimal:
        """What the second pays, to the penny."""
        return to_the_penny(self.paid_second.payment.amount)

    @property
    def difference(self) -> Decimal:
        """The second less the first; the additions sum to it."""
        with localcontext(EXACT):
            return self.after - self.before

    def running(self) -> tuple[Decimal, ...]:
        """What is paid once each addition is made after those above it; the last is what the second pays."""
        found, reached = [], self.before
        with localcontext(EXACT):
            for held in self.additions:
                reached += held.amount
                found.append(reached)
        return tuple(found)


def comparison(first: Side, second: Side, way: Way | None = None) -> Comparison:
    """What makes the difference between what two gain and loss shares pay.

    Takes    way: the average over all orders where the changes are few, in order otherwise, when None.
    Raises   InputError for an input that is missing, unknown or no number; for payments in different units; and for
             an average over more changes than can be asked for.
    """
    first, second = _with_own_inputs(first, second)
    paid = first.settled(), second.settled()
    if paid[0].payment.unit != paid[1].payment.unit:
        units = " and ".join(found.payment.unit for found in paid)
        raise InputError(
            f"pay in {units}.", where=f"{first.name}, {second.name}", mend="Compare contracts in one currency."
        )
    try:
        held, exact, used = _added(Changes(first, second), way)
    except (CommonwealError, ZeroDivisionError):
        # Operations of one may need what only the other was given: then they go together.
        held, exact, used = _added(Changes(first, second, whole=True), way)
    made = Comparison(first, second, *paid, (), used)
    rounded = in_pence(exact, made.difference)
    if not rounded and made.difference:
        raise CommonwealError("pay differently and nothing differs.", where=first.name, mend="Report this.")
    with localcontext(EXACT):
        told = tuple(
            Addition(change, amount, amount - to_the_penny(decimal_of_fraction(whole)))
            for change, amount, whole in zip(held.held, rounded, exact, strict=True)
        )
    return replace(made, additions=told)


def _added(changes: Changes, way: Way | None) -> tuple[Changes, list[Fraction], Way]:
    count = len(changes.held)
    used = way or usual_way(count)
    if used == "average" and count > MOST_ASKED_FOR:
        raise InputError(
            f"An average over all orders of {count} changes is too many.", mend=f"At most {MOST_ASKED_FOR}; take order."
        )

    @cache
    def amount(made: frozenset[int]) -> Decimal:
        return changes.mixed(made).settled().payment.amount

    return changes, additions(count, amount, used), used


def _with_own_inputs(first: Side, second: Side) -> tuple[Side, Side]:
    """Each with the inputs that its clause knows; what neither knows stays, to be told."""
    known = set(first.clause.inputs) | set(second.clause.inputs)

    def own(side: Side) -> Side:
        def of(inputs: Mapping[str, Any]) -> dict[str, Any]:
            return {n: v for n, v in inputs.items() if n in side.clause.inputs or n not in known}

        return replace(side, inputs=of(side.inputs), earlier={day: of(held) for day, held in side.earlier.items()})

    return own(first), own(second)
