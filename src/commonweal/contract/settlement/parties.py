"""How is a payment shared among the parties of an alliance?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np

from commonweal.core.amounts import Line, given, given_column, less, over, split, times, to_penny, total
from commonweal.core.choices import at_least, at_most, chosen
from commonweal.core.errors import InputError

ONE = Decimal(1)


def among_parties(
    payment: Line,
    among: str,
    parties: Sequence[str],
    weights: Mapping[str, Line],
    loss_weights: Mapping[str, Line] | None = None,
) -> dict[str, Line]:
    """A payment by party: whole pence that sum to it where it is exact, unrounded shares of each future otherwise.

    Takes    among: equal, fund, compensate_losers (weights are losses), or in proportion to the weights; a payment
             below zero in proportion to loss_weights, where there are any.
    """
    if isinstance(payment.value, Decimal):
        payment = to_penny(payment.name, payment)
    if loss_weights:
        lost = at_most("loss", payment, given("nothing", 0, unit=payment.unit))
        weights = {party: chosen(f"{party}: weight", lost, loss_weights[party], weights[party]) for party in parties}
    if among in ("equal", "fund"):
        return _shared(payment, {party: given(party, ONE, unit="ratio") for party in parties})
    if among != "compensate_losers":
        return _shared(payment, {party: weights[party] for party in parties})
    losses = {party: weights[party] for party in parties}
    lost = total("losses of all parties", *losses.values())
    nothing = given("nothing", 0, unit=payment.unit)
    if isinstance(lost.value, Decimal) and lost.value <= 0:
        return among_parties(payment, "equal", parties, {})
    if isinstance(lost.value, Decimal):
        lost = to_penny(lost.name, lost)
    first = at_most("paid to those who lost", at_least("gain", payment, nothing), lost)
    rest = less("rest", payment, first)
    made_good = _made_good(first, lost, losses)
    equal = among_parties(rest, "equal", parties, {})
    return {party: total(party, made_good[party], equal[party]) for party in parties}


def _made_good(paid: Line, lost: Line, losses: Mapping[str, Line]) -> dict[str, Line]:
    if isinstance(lost.value, Decimal):
        return _shared(paid, losses)
    # A future in which nobody lost pays nobody for it: one pound stands in for the losses, of which nothing is paid.
    all_lost = replace(lost, value=np.where(lost.value > 0, lost.value, 1))
    return {
        party: times(party, paid, over(f"{party}: share of losses", line, all_lost)) for party, line in losses.items()
    }


def _shared(payment: Line, weights: Mapping[str, Line]) -> dict[str, Line]:
    if any(np.any(np.asarray(line.value) < 0) for line in weights.values()):
        raise InputError("a weight is below zero.", where="parties", mend="Weigh each party by nothing or more.")
    if np.any(np.asarray(sum(line.value for line in weights.values())) == 0):
        raise InputError("the weights of all parties are nothing.", where="parties", mend="Give one party a weight.")
    exact = isinstance(payment.value, Decimal) and all(isinstance(w.value, Decimal) for w in weights.values())
    if exact:
        column = given_column("weights", {party: line.amount for party, line in weights.items()}, unit="ratio")
        held = split("shares", payment, column)
        return {party: held.at(party).renamed(party) for party in weights}
    whole = total("weights of all", *weights.values())
    return {party: times(party, payment, over(f"{party}: share", line, whole)) for party, line in weights.items()}


def by_practice(payment: Line, weights: Mapping[str, Decimal]) -> dict[str, Line]:
    """A payment by practice in whole pence that sum to it, in proportion to weights such as weighted lists.

    Raises   InputError where a weight is below zero or all are nothing.
    """
    lines = {code: given(code, weight, unit="people") for code, weight in sorted(weights.items())}
    return among_parties(payment, "weights", tuple(lines), lines)
