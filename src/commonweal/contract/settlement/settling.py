"""What does a clause of gain and loss share pay, and why?

The clause is run step by step, each step with an operation; so one exact year, and thousands of futures, are settled by
the same clause.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from commonweal.contract.settlement.clause import GainLossShare
from commonweal.contract.settlement.makers import MAKERS
from commonweal.contract.settlement.operations import Parties
from commonweal.contract.settlement.parties import among_parties
from commonweal.contract.settlement.working import Working
from commonweal.core.amounts import Line
from commonweal.core.errors import InputError


@dataclass(frozen=True, slots=True)
class Settlement:
    """A clause settled.

    payment   with its explanation
    amounts   every amount on the way, by name, inputs first, in the order in which they were made
    shares    by party
    steps     the names of the amounts that operations made, in their order
    notes     what was left undone for want of an optional input, in words
    """

    clause: str
    on: date
    payment: Line
    amounts: Mapping[str, Line]
    shares: Mapping[str, Line]
    steps: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def settled(
    clause: GainLossShare,
    inputs: Mapping[str, Any],
    on: date,
    *,
    earlier: Mapping[date, Mapping[str, Any]] | None = None,
    instead: Mapping[str, Line] | None = None,
) -> Settlement:
    """A clause applied to what came of a year.

    Takes    inputs: the clause's inputs by name, each a number as text, integer or decimal, an array of futures,
             numbers by practice, or a line that explains itself. on: the day whose terms hold.
             earlier: inputs of years before, under a day of each whose terms hold, where results are pooled or carried.
             instead: amounts that stand in for those of the operations that would make them, to ask what if.
    Returns  the payment: to the provider above zero, from it below.
    Raises   InputError for an input that is missing, unknown or no number, or an earlier year that is not earlier.
    """
    working = Working(clause, inputs, on, MAKERS, before=_years_before(clause, on, earlier or {}))
    working.made.update(instead or {})
    shares: Mapping[str, Line] = {}
    payment = None
    steps = []
    for step in clause.operations:
        if isinstance(step, Parties):
            payment = working.get(step.of)
            weights = {party: working.get(name) for party, name in step.weights.items()}
            losses = {party: working.get(name) for party, name in step.loss_weights.items()}
            shares = among_parties(payment, step.among, step.parties, weights, losses)
            continue
        payment = working.made[step.name] if step.name in working.made else working.make(step)
        steps.append(step.name)
    assert payment is not None
    return Settlement(clause.name, on, payment, working.made, shares, tuple(steps), tuple(working.notes))


def _years_before(clause: GainLossShare, on: date, earlier: Mapping[date, Mapping[str, Any]]) -> Working | None:
    before = None
    for day in sorted(earlier):
        if day >= on:
            raise InputError(
                f"{day} is not before {on}.", where=f"{clause.name}: earlier years", mend="Give years before this one."
            )
        before = Working(clause, earlier[day], day, MAKERS, before=before, settles=False)
    return before
