"""What does a settlement know while it is worked out: its inputs, its terms, and the years before it?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np

from commonweal.contract.settlement.clause import GainLossShare, Input
from commonweal.contract.settlement.operations import Operation, Parties
from commonweal.core.amounts import Line, given, given_column, summed
from commonweal.core.choices import as_it_is, looked_up
from commonweal.core.errors import InputError

ZERO = Decimal(0)
Maker = Callable[["Working", Any, str], Line]


class Working:
    """The amounts of one year's settlement as they are made.

    before   the working of the year before, where its inputs were given
    notes    what was left undone, and why, in words
    """

    def __init__(
        self,
        clause: GainLossShare,
        inputs: Mapping[str, Any],
        on: date,
        makers: Mapping[type[Operation], Maker],
        *,
        before: Working | None = None,
        settles: bool = True,
    ) -> None:
        self.clause, self.on, self.before = clause, on, before
        self.makers = makers
        self.made = given_inputs(clause, inputs, all_of_them=settles)
        self.notes: list[str] = []

    def get(self, name: str) -> Line:
        """An amount: an input, one made before, or a term on the day.

        Raises   InputError where it is an input that was not given.
        """
        if name not in self.made:
            if name not in self.clause.terms:
                raise InputError(f"'{name}' is needed and was not given.", where=self.clause.name, mend="Give it.")
            self.made[name] = self.clause.parameters[name].line(on=self.on)
        return self.made[name]

    def has(self, name: str | None) -> bool:
        """Whether there is an amount: not where it is an optional input that was not given."""
        return name is not None and (name in self.made or name not in self.clause.inputs)

    def width(self, name: str | None, by: str | None) -> Line | None:
        """A term that is a number, or a table looked up by an amount; None where none is named."""
        if name is None:
            return None
        if not self.clause.is_table(name) or by is None:
            return self.get(name)
        parameter = self.clause.parameters[name]
        return looked_up(parameter.label, self.get(by), self.clause.table(name, self.on), unit=parameter.unit)

    def undone(self, label: str, line: Line, missing: str, what: str) -> Line:
        """An amount left as it is because an optional input was not given; that is noted, and said in its working."""
        lacks = self.clause.inputs[missing].label
        self.notes.append(f"{label}: {what}, as '{missing}' ({lacks}) was not given.")
        return as_it_is(label, line, f"{line.name}; {what}, as {lacks} was not given")

    def make(self, step: Operation) -> Line:
        """The amount of an operation, which is known by its name from then on.

        Raises   InputError naming the operation where its amounts cannot be put together.
        """
        label = step.label or step.name.replace("_", " ")
        try:
            line = self.made[step.name] = self.makers[type(step)](self, step, label)
        except (ArithmeticError, ValueError, TypeError) as error:
            told = str(error) or type(error).__name__
            where = f"{self.clause.name}: {step.name}"
            raise InputError(f"cannot be worked out: {told}.", where=where, mend="Mend what it names.") from error
        return line

    def amount(self, name: str) -> Line:
        """An amount, with every operation before it done first; its name says of which day's terms it is."""
        for step in self.clause.operations:
            if name in self.made or isinstance(step, Parties):
                break
            if step.name not in self.made:
                self.make(step)
        line = self.get(name)
        return replace(line, name=f"{line.name}, by the terms of {self.on:%-d %B %Y}")


def given_inputs(clause: GainLossShare, inputs: Mapping[str, Any], *, all_of_them: bool = True) -> dict[str, Line]:
    """The inputs of a clause as lines.

    Takes    inputs: each a number as text, integer or decimal, an array of futures, numbers by practice, or a line.
    Raises   InputError for one that is unknown or no number, or missing where all of them are needed.
    """
    unknown = sorted(set(inputs) - set(clause.inputs))
    if unknown:
        there = ", ".join(clause.inputs)
        raise InputError(f"'{unknown[0]}' is no input.", where=clause.name, mend=f"Inputs are {there}.")
    made = {}
    for name, held in clause.inputs.items():
        value = inputs.get(name)
        if value is not None:
            made[name] = _line(clause, name, held, value)
        elif all_of_them and not held.optional:
            raise InputError(f"input '{name}' ({held.label}) is missing.", where=clause.name, mend="Give it.")
    return made


def _line(clause: GainLossShare, name: str, held: Input, value: Any) -> Line:
    try:
        if isinstance(value, Line):
            return replace(value, name=held.label, unit=held.unit)
        if isinstance(value, Mapping):
            parts = {key: _decimal(part) for key, part in sorted(value.items())}
            return summed(held.label, given_column(f"{held.label} by practice", parts, unit=held.unit))
        if isinstance(value, np.ndarray):
            return given(held.label, value, unit=held.unit)
        return given(held.label, _decimal(value), unit=held.unit)
    except ArithmeticError:
        raise InputError(f"input '{name}': '{value}' is no number.", where=clause.name, mend="Mend it.") from None


def _decimal(value: Any) -> Decimal:
    found = Decimal(str(value))
    if isinstance(value, bool) or not found.is_finite():
        raise ArithmeticError
    return found
