"""What does a gain and loss share pay, and why?

Written once with lines: exact decimals settle a year, arrays of floats settle thousands of futures at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np

from commonweal.contract.settlement import operations as op
from commonweal.contract.settlement.clause import GainLossShare
from commonweal.contract.settlement.parties import among_parties
from commonweal.core.amounts import Line, given, less, one_less, one_plus, over, times, to_penny, total
from commonweal.core.choices import at_least, at_most, beyond_sides, by_sign, chosen, looked_up
from commonweal.core.errors import InputError

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Settlement:
    """A clause settled: the payment with its explanation, every amount on the way, and the share of each party."""

    clause: str
    on: date
    payment: Line
    amounts: Mapping[str, Line]
    shares: Mapping[str, Line]


class _Working:
    """The amounts of one settlement as they are made."""

    def __init__(self, clause: GainLossShare, inputs: Mapping[str, Any], on: date) -> None:
        self.clause, self.on = clause, on
        self.made = _given(clause, inputs)

    def get(self, name: str) -> Line:
        if name not in self.made:
            if name not in self.clause.terms:
                raise InputError(f"'{name}' is needed and was not given.", where=self.clause.name, mend="Give it.")
            self.made[name] = self.clause.parameters[name].line(on=self.on)
        return self.made[name]

    def has(self, name: str) -> bool:
        return name in self.made or name not in self.clause.inputs

    def width(self, name: str | None, by: str | None) -> Line | None:
        if name is None:
            return None
        if not self.clause.is_table(name) or by is None:
            return self.get(name)
        parameter = self.clause.parameters[name]
        return looked_up(parameter.label, self.get(by), self.clause.table(name, self.on), unit=parameter.unit)


def settled(clause: GainLossShare, inputs: Mapping[str, Any], on: date) -> Settlement:
    """A clause applied to what came of a year.

    Takes    inputs: the clause's inputs by name, each a number as text, integer or decimal, or an array of futures.
             on: the day whose terms hold.
    Returns  the payment: to the provider above zero, from it below.
    Raises   InputError for an input that is missing, unknown or no number.
    """
    working = _Working(clause, inputs, on)
    shares: Mapping[str, Line] = {}
    payment = None
    for step in clause.operations:
        label = step.label or step.name.replace("_", " ")
        if isinstance(step, op.Parties):
            payment = working.get(step.of)
            weights = {party: working.get(name) for party, name in step.weights.items()}
            shares = among_parties(payment, step.among, step.parties, weights)
            continue
        payment = working.made[step.name] = MAKERS[type(step)](working, step, label)
    assert payment is not None
    return Settlement(clause.name, on, payment, working.made, shares)


def _given(clause: GainLossShare, inputs: Mapping[str, Any]) -> dict[str, Line]:
    unknown = sorted(set(inputs) - set(clause.inputs))
    if unknown:
        there = ", ".join(clause.inputs)
        raise InputError(f"'{unknown[0]}' is no input.", where=clause.name, mend=f"Inputs are {there}.")
    made = {}
    for name, held in clause.inputs.items():
        value = inputs.get(name)
        if value is None:
            if not held.optional:
                raise InputError(f"input '{name}' ({held.label}) is missing.", where=clause.name, mend="Give it.")
            continue
        try:
            if isinstance(value, bool) or not (isinstance(value, np.ndarray) or Decimal(str(value)).is_finite()):
                raise ArithmeticError
            made[name] = given(
                held.label, value if isinstance(value, np.ndarray) else Decimal(str(value)), unit=held.unit
            )
        except ArithmeticError:
            raise InputError(f"input '{name}': '{value}' is no number.", where=clause.name, mend="Mend it.") from None
    return made


def _expected(w: _Working, step: op.Expected, label: str) -> Line:
    line = w.get(step.baseline)
    if step.uplift:
        uplift = w.get(step.uplift)
        line = times(f"{line.name}, uplifted", line, one_plus(f"1 + {uplift.name}", uplift))
    if step.list_now and step.list_base:
        line = times(label, line, over("list now ÷ list of the baseline", w.get(step.list_now), w.get(step.list_base)))
    return line.renamed(label) if line.working else line


def _adjusted(w: _Working, step: op.Adjusted, label: str) -> Line:
    if not w.has(step.by):
        return w.get(step.of)
    return (less if step.sense == "less" else total)(label, w.get(step.of), w.get(step.by))


def _difference(w: _Working, step: op.Difference, label: str) -> Line:
    return less(label, w.get(step.expected), w.get(step.actual))


def _threshold(w: _Working, name: str | None, by: str | None, base: Line, what: str) -> Line | None:
    rate = w.width(name, by)
    return None if rate is None else times(what, base, rate, unit=base.unit)


def _corridor(w: _Working, step: op.Corridor, label: str) -> Line:
    line, base = w.get(step.of), w.get(step.base)
    gain = _threshold(w, step.gain, step.by, base, "corridor of gains")
    same = step.gain == step.loss
    loss = gain if same else _threshold(w, step.loss, step.by, base, "corridor of losses")
    words = {
        "trigger": "the whole once past its corridor",
        "first_pound": "the whole once at or past its corridor",
        "deductible": "the part beyond its corridor",
    }
    sides = "" if gain and loss else ("; gains only" if gain else "; losses only")
    whole, at = step.convention != "deductible", step.convention == "first_pound"
    said = f"{line.name}: {words[step.convention]}{sides}"
    return beyond_sides(label, line, gain, loss, whole=whole, at=at, working=said)


def _limit(w: _Working, step: op.Limit, label: str) -> Line:
    line = w.get(step.of)
    if not w.has(step.base):
        return line
    base = w.get(step.base)
    cap = _threshold(w, step.cap, step.by, base, "cap")
    collar = _threshold(w, step.collar, step.by, base, "collar")
    if cap is not None:
        line = at_most(label, line, cap)
    if collar is not None:
        line = at_least(label, line, times("collar as a loss", collar, given("a loss", "-1", unit="ratio")))
    return line


def _rate(w: _Working, step: op.Rate, label: str) -> Line:
    rate = w.get(step.maximum)
    if step.quality:
        rate = times(label, rate, w.get(step.quality))
    if step.gate:
        rate = chosen(label, w.get(step.gate), rate, given("nothing", ZERO, unit=rate.unit))
    return rate


def _loss_rate(w: _Working, step: op.LossRate, label: str) -> Line:
    most = w.get(step.most)
    kept = one_less("1 − share", times("share by quality", w.get(step.maximum), w.get(step.quality)))
    rate = at_most(label, at_least("loss rate, at least", kept, w.get(step.least)), most)
    return chosen(label, w.get(step.gate), rate, most) if step.gate else rate


def _share(w: _Working, step: op.Share, label: str) -> Line:
    line = w.get(step.of)
    gain = w.get(step.gain) if step.gain else None
    loss = w.get(step.loss) if step.loss else None
    rate = by_sign("share", line, gain, loss, "the share of a gain or of a loss, by which it is")
    return times(label, line, rate)


def _on_sides(w: _Working, line: Line, changed: Line, sides: op.Sides, label: str) -> Line:
    if sides == "both":
        return changed.renamed(label)
    return by_sign(label, line, changed, line, f"{changed.name} of a gain; a loss as it is")


def _quality(w: _Working, step: op.Quality, label: str) -> Line:
    line, by = w.get(step.of), w.get(step.by)
    if step.form == "gate":
        changed = chosen(f"{line.name}, if {by.name}", by, line, given("nothing", ZERO, unit=line.unit))
    else:
        changed = times(f"{line.name} × quality", line, by)
    return _on_sides(w, line, changed, step.sides, label)


def _top_slice(w: _Working, step: op.TopSlice, label: str) -> Line:
    line, rate = w.get(step.of), w.get(step.rate)
    kept = times(f"{line.name}, after {rate.name}", line, one_less(f"1 − {rate.name}", rate))
    return _on_sides(w, line, kept, step.sides, label)


def _relief(w: _Working, step: op.Relief, label: str) -> Line:
    line = w.get(step.of)
    if not w.has(step.amount):
        return line
    eased = total(f"{line.name}, relieved", line, w.get(step.amount))
    nothing = given("nothing", ZERO, unit=line.unit)
    return by_sign(label, line, line, at_most("loss, at least nothing", eased, nothing), "a loss eased by relief")


def _part_year(w: _Working, step: op.PartYear, label: str) -> Line:
    return times(label, w.get(step.of), w.get(step.part))


def _choose(w: _Working, step: op.Choose, label: str) -> Line:
    return chosen(label, w.get(step.when), w.get(step.then), w.get(step.otherwise))


def _round(w: _Working, step: op.Round, label: str) -> Line:
    return to_penny(label, w.get(step.of))


MAKERS: Mapping[type[op.Operation], Callable[[_Working, Any, str], Line]] = {
    op.Expected: _expected,
    op.Adjusted: _adjusted,
    op.Difference: _difference,
    op.Corridor: _corridor,
    op.Limit: _limit,
    op.Rate: _rate,
    op.LossRate: _loss_rate,
    op.Share: _share,
    op.Quality: _quality,
    op.TopSlice: _top_slice,
    op.Relief: _relief,
    op.PartYear: _part_year,
    op.Choose: _choose,
    op.Round: _round,
}
