"""How is a payment shared among the parties of an alliance?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from commonweal.core.amounts import Line, given, given_column, less, over, split, times, to_penny, total
from commonweal.core.choices import at_least, at_most

ONE = Decimal(1)


def among_parties(payment: Line, among: str, parties: Sequence[str], weights: Mapping[str, Line]) -> dict[str, Line]:
    """A payment by party: whole pence that sum to it where it is exact, unrounded shares of each future otherwise.

    Takes    among: equal, fund, compensate_losers (weights are losses), or in proportion to the weights.
    """
    if isinstance(payment.value, Decimal):
        payment = to_penny(payment.name, payment)
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
    made_good = _shared(first, losses)
    equal = among_parties(rest, "equal", parties, {})
    return {party: total(party, made_good[party], equal[party]) for party in parties}


def _shared(payment: Line, weights: Mapping[str, Line]) -> dict[str, Line]:
    exact = isinstance(payment.value, Decimal) and all(isinstance(w.value, Decimal) for w in weights.values())
    if exact:
        column = given_column("weights", {party: line.amount for party, line in weights.items()}, unit="ratio")
        held = split("shares", payment, column)
        return {party: held.at(party).renamed(party) for party in weights}
    whole = total("weights of all", *weights.values())
    return {party: times(party, payment, over(f"{party}: share", line, whole)) for party, line in weights.items()}
