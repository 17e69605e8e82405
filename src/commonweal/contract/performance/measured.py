"""What was measured, and which value of it counts?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np

from commonweal.contract.performance.clause import Measure, PerformanceScheme
from commonweal.core.amounts import Line, given, less, over, times
from commonweal.core.errors import InputError

PEOPLE = "people"


@dataclass(frozen=True, slots=True)
class Measured:
    """What came of one measure: exact numbers, or arrays of floats with one a future.

    value, or numerator and denominator (less excluded)   the result
    baseline             the same measure in the baseline period, for improvement
    last                 its last value, where the scheme protects at it
    points               points worked out by somebody else, instead of a value
    prevalence, national_prevalence   of the condition the measure is about
    where                file and row, for errors
    """

    value: Any = None
    numerator: Any = None
    denominator: Any = None
    excluded: Any = None
    baseline: Any = None
    last: Any = None
    points: Any = None
    prevalence: Any = None
    national_prevalence: Any = None
    where: str = ""

    def numbers(self) -> Iterator[tuple[str, Any]]:
        """What was handed in, by name."""
        for field in fields(self):
            if field.name != "where" and getattr(self, field.name) is not None:
                yield field.name, getattr(self, field.name)


NUMBERS = tuple(field.name for field in fields(Measured) if field.name != "where")


@dataclass(frozen=True, slots=True)
class Counted:
    """The value of a measure that counts, or why none does; its denominator where there is one."""

    value: Line | None
    denominator: Line | None
    why_not: str = ""


def counted(scheme: PerformanceScheme, name: str, held: Measured, on: date) -> Counted:
    """The value by which a measure is scored.

    Raises   InputError for a number that cannot be one of the measure, naming where it stands.
    """
    measure = scheme.measures[name]
    _check(measure, name, held)
    denominator = _denominator(measure, held)
    least = scheme.number(measure.minimum_count, on, name) if measure.minimum_count else None
    if denominator is not None and _below(denominator, least, held.where):
        floor = f"fewer than {least.amount}" if least is not None else "nobody"
        return Counted(None, denominator, f"{floor} in the denominator")
    if held.value is not None:
        return Counted(_given(measure.label, held.value, unit_of(measure)), denominator)
    if held.numerator is None or denominator is None:
        return Counted(None, denominator, "not measured")
    numerator = _given(measure.numerator or "numerator", held.numerator, PEOPLE)
    value = over(measure.label, numerator, denominator, unit=unit_of(measure))
    if measure.per:
        value = times(measure.label, value, scheme.number(measure.per, on, name))
    return Counted(value, denominator)


def _denominator(measure: Measure, held: Measured) -> Line | None:
    if held.denominator is None:
        return None
    called = measure.denominator or "denominator"
    whole = _given(called, held.denominator, PEOPLE)
    if held.excluded is None:
        return whole
    return less(f"{called}, less those left out", whole, _given("left out", held.excluded, PEOPLE))


def _below(denominator: Line, least: Line | None, where: str) -> bool:
    number: Any = Decimal(0) if least is None else least.amount
    if isinstance(denominator.value, Decimal):
        return denominator.value <= 0 or denominator.value < number
    below = (denominator.value <= 0) | (denominator.value < np.asarray(number, dtype=denominator.value.dtype))
    if below.any() and not below.all():
        raise InputError(
            "is large enough in some futures and too small in others.",
            where=f"{where} {denominator.name}".strip(),
            mend="Hand in futures of the value, and one denominator.",
        )
    return bool(below.all())


def _check(measure: Measure, name: str, held: Measured) -> None:
    where = held.where or f"measure '{name}'"
    for column, number in held.numbers():
        if column in ("numerator", "denominator", "excluded", "points", "prevalence") and np.any(number < 0):
            raise InputError(f"{column} is below nothing.", where=where, mend="Mend the number.")
    if held.value is not None and held.numerator is not None:
        raise InputError("has a value and a numerator too.", where=where, mend="Give one of them.")
    if (held.numerator is None) != (held.denominator is None) and held.value is None:
        raise InputError("has one of numerator and denominator.", where=where, mend="Give both, or a value.")
    if held.excluded is not None and (held.denominator is None or np.any(held.excluded > held.denominator)):
        message = "leaves out more than are in its denominator."
        raise InputError(message, where=where, mend="Mend excluded, or the denominator.")
    if measure.kind != "proportion":
        return
    for column in ("value", "baseline", "last"):
        number = getattr(held, column)
        if number is not None and (np.any(number < 0) or np.any(number > 1)):
            raise InputError(f"{column} is no proportion.", where=where, mend="Write it between 0 and 1: 0.35.")
    if held.numerator is not None and held.denominator is not None:
        left = held.denominator - (0 if held.excluded is None else held.excluded)
        if np.any(held.numerator > left):
            message = "has more in its numerator than in its denominator."
            raise InputError(message, where=where, mend="Mend the number.")


def unit_of(measure: Measure) -> str:
    """The unit of a measure's value."""
    return "share" if measure.kind == "proportion" else measure.kind


def _given(name: str, number: Any, unit: str) -> Line:
    return given(name, number, unit=unit)
