"""How does an amount explain itself?

A `Line` is a named amount with its working and its parts, down to numbers that somebody supplied or signed. The
functions here are the only makers of lines. Each works on three kinds of value, so that a clause written once
serves every use:

    one exact decimal                  what a statement pays
    a column of exact decimals         the same for each practice at once (an object array, with `keys`)
    an array of floats                 the same over simulated futures

Every kind goes through the same arithmetic; the exact kinds lose nothing until `to_penny`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any, Literal

import numpy as np

from commonweal.core.money import (
    EXACT,
    PENNY,
    decimal_of,
    instalment,
    rounded_together,
    shared_out,
    to_the_penny,
)
from commonweal.core.values import Value, added, alike, larger, smaller, zero_like

Status = Literal["given", "published", "derived", "illustrative"]

POUNDS = "GBP"

# Floats that stand for an exact half penny must round as the decimal does. How far off they are grows with the amount:
# a few of the smallest steps that a float can take; and what is left of millions taken from millions keeps the error of
# the millions, a few millionths of a penny.
TIE_IN_PENCE = 1e-5
TIE_OF_AMOUNT = 2e-15


@dataclass(frozen=True, slots=True)
class Source:
    """Where a number comes from: a title, the place in it, and its address where it has one."""

    title: str
    where: str = ""
    url: str = ""

    def __str__(self) -> str:
        return ", ".join(part for part in (self.title, self.where) if part)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Line:
    """A named amount, how it was worked out, and what it was worked out from.

    value     a decimal, a column of decimals (one a key), or an array of floats (one a future)
    working   the rule in words: names of the parts, never their values, which the parts show themselves
    keys      what each entry of a column belongs to, a practice code for instance; None otherwise
    status    of a supplied number: given (by the place), published, derived or illustrative; None when worked out
    folded    True where explanations stop, because the line is explained in full under another amount
    formula   the working as a spreadsheet says it, {0} the first part; no braces, a function of all; empty: none does
    """

    name: str
    value: Value
    working: str = ""
    parts: tuple[Line, ...] = ()
    unit: str = POUNDS
    keys: tuple[str, ...] | None = None
    status: Status | None = None
    source: Source | None = None
    folded: bool = False
    formula: str = ""

    def __repr__(self) -> str:
        # The whole tree may be a million lines long.
        shown = f"{len(self.keys)} keys" if self.keys is not None else self.value
        return f"<Line {self.name!r} {shown} {self.unit}>"

    @property
    def amount(self) -> Decimal:
        """The value, where there is just one and it is exact.

        Raises   TypeError for a column or an array: pick a key with `at` first.
        """
        if isinstance(self.value, Decimal):
            return self.value
        raise TypeError(f"'{self.name}' has {self.value.shape} values; pick one with at(key)")

    def at(self, key: str) -> Line:
        """The same line for one key: parts that are columns are cut to that key, others stay whole.

        Raises   KeyError when the column has no such key.
        """
        if self.keys is None:
            return self
        if key not in self.keys:
            raise KeyError(f"'{self.name}' has no entry for {key}")
        return self._entry(self.keys.index(key), {})

    def _entry(self, position: int, cut: dict[int, Line]) -> Line:
        # Columns that meet in one line have the same keys, so one position serves the whole tree below it. A part
        # that several lines share is cut once, and stays shared.
        if self.keys is None or isinstance(self.value, Decimal):
            return self
        if id(self) not in cut:
            parts = tuple(part._entry(position, cut) for part in self.parts)
            cut[id(self)] = replace(self, value=self.value[position], keys=None, parts=parts)
        return cut[id(self)]

    def by_key(self) -> dict[str, Decimal]:
        """A column's entries by key."""
        if self.keys is None or isinstance(self.value, Decimal):
            raise TypeError(f"'{self.name}' is not a column")
        return dict(zip(self.keys, self.value.tolist(), strict=True))

    def children(self) -> Iterator[Line]:
        """The parts as a reader sees them: a column under a single amount is shown as one line a key."""
        for part in () if self.folded else self.parts:
            if part.keys is not None and self.keys is None:
                yield from (replace(part._entry(i, {}), name=key) for i, key in enumerate(part.keys))
            else:
                yield part

    def walk(self) -> Iterator[Line]:
        """This line and every line it stands on, columns uncut, each object once."""
        seen: set[int] = set()
        waiting = [self]
        while waiting:
            line = waiting.pop()
            if id(line) not in seen:
                seen.add(id(line))
                yield line
                waiting.extend(line.parts)

    def supplied(self, status: Status | None = None) -> list[Line]:
        """The supplied numbers this amount depends on, by name; those of one status when asked."""
        found = [x for x in self.walk() if x.status is not None and (status is None or x.status == status)]
        return sorted(found, key=lambda line: line.name)

    def renamed(self, name: str) -> Line:
        """The same line under another name."""
        return replace(self, name=name)


def given(
    name: str,
    value: Any,
    *,
    unit: str = POUNDS,
    status: Status = "given",
    source: Source | None = None,
    working: str = "",
) -> Line:
    """A number that somebody supplied: text, integer or decimal for an exact one; an array of floats for futures."""
    held = value if isinstance(value, np.ndarray) else decimal_of(value)
    return Line(name, held, working=working, unit=unit, status=status, source=source)


def given_column(
    name: str,
    values: Mapping[str, Any],
    *,
    unit: str = POUNDS,
    status: Status = "given",
    source: Source | None = None,
    working: str = "",
) -> Line:
    """Supplied numbers, one a key, in the order handed in."""
    column = np.empty(len(values), dtype=object)
    column[:] = [decimal_of(value) for value in values.values()]
    return Line(name, column, working, (), unit, tuple(values), status, source)


def quoted(line: Line, where: str = "") -> Line:
    """The same line for use in another amount's explanation, which stops there instead of telling it all again."""
    return replace(line, folded=True, working=f"{line.working} (see {where})" if where else line.working)


def total(name: str, *lines: Line, working: str = "") -> Line:
    """The lines added up.

    Raises   ValueError when there are none, or their units differ.
    """
    if not lines:
        raise ValueError(f"'{name}' adds up nothing")
    units = {line.unit for line in lines}
    if len(units) > 1:
        raise ValueError(f"'{name}' adds up different units: {sorted(units)}")
    with localcontext(EXACT):
        value = lines[0].value
        for line in lines[1:]:
            value = added(value, line.value)
    return Line(
        name, value, working or "sum of its parts", lines, lines[0].unit, shared_keys(name, *lines), formula="SUM"
    )


def summed(name: str, column: Line, working: str = "") -> Line:
    """One amount: a column added up over its keys."""
    if column.keys is None or isinstance(column.value, Decimal):
        raise TypeError(f"'{column.name}' is not a column")
    with localcontext(EXACT):
        value = sum(column.value.tolist(), Decimal(0))
    return Line(name, value, working or f"sum of {column.name}", (column,), column.unit, formula="SUM")


def less(name: str, first: Line, second: Line, working: str = "") -> Line:
    """The first less the second."""
    with localcontext(EXACT):
        value = added(first.value, second.value, sign=-1)
    text = working or f"{first.name} − {second.name}"
    return Line(name, value, text, (first, second), first.unit, shared_keys(name, first, second), formula="{0}-{1}")


def times(name: str, line: Line, factor: Line, working: str = "", *, unit: str = "") -> Line:
    """A line times a factor; the unit is the line's own unless another is named."""
    a, b = alike(line.value, factor.value)
    with localcontext(EXACT):
        value = a * b
    text = working or f"{line.name} × {factor.name}"
    return Line(
        name, value, text, (line, factor), unit or line.unit, shared_keys(name, line, factor), formula="{0}*{1}"
    )


def over(name: str, line: Line, divisor: Line, working: str = "", *, unit: str = "ratio") -> Line:
    """A line divided by another.

    Raises   ZeroDivisionError naming both when the divisor is zero for any key.
    """
    a, b = alike(line.value, divisor.value)
    if np.any(np.asarray(b) == 0):
        raise ZeroDivisionError(f"'{name}': {divisor.name} is zero")
    with localcontext(EXACT):
        value = a / b
    text = working or f"{line.name} ÷ {divisor.name}"
    return Line(name, value, text, (line, divisor), unit, shared_keys(name, line, divisor), formula="{0}/{1}")


def one_plus(name: str, rate: Line, working: str = "") -> Line:
    """A growth factor from a growth rate: 1 + rate."""
    with localcontext(EXACT):
        text = working or f"1 + {rate.name}"
        return Line(name, 1 + rate.value, text, (rate,), "ratio", rate.keys, formula="1+{0}")


def one_less(name: str, rate: Line, working: str = "") -> Line:
    """What is left after a share is taken: 1 − rate."""
    with localcontext(EXACT):
        text = working or f"1 − {rate.name}"
        return Line(name, 1 - rate.value, text, (rate,), "ratio", rate.keys, formula="1-{0}")


def blend(name: str, first: Line, second: Line, weight: Line, working: str = "") -> Line:
    """(1 − weight) of the first and weight of the second."""
    text = working or f"(1 − {weight.name}) × {first.name} + {weight.name} × {second.name}"
    a, b, w = alike(first.value, second.value, weight.value)
    with localcontext(EXACT):
        value = (1 - w) * a + w * b
    parts, formula = (first, second, weight), "(1-{2})*{0}+{2}*{1}"
    return Line(name, value, text, parts, first.unit, shared_keys(name, *parts), formula=formula)


def within(name: str, line: Line, limit: Line, working: str = "") -> Line:
    """The line, held between the limit below zero and the limit above it."""
    return held_between(name, line, -1, limit, limit, working or f"{line.name}, at most {limit.name} either way")


def clamped(name: str, line: Line, low: Line, high: Line, working: str = "") -> Line:
    """The line, held between a low and a high line."""
    return held_between(name, line, 1, low, high, working or f"{line.name}, between {low.name} and {high.name}")


def held_between(name: str, line: Line, sign_of_low: int, low: Line, high: Line, working: str) -> Line:
    """The line, no less than `sign_of_low` × low and no more than high."""
    a, lo, hi = alike(line.value, low.value, high.value)
    with localcontext(EXACT):
        value = smaller(larger(a, sign_of_low * lo), hi)
    parts = (line, high) if low is high else (line, low, high)
    sign, last = "-" if sign_of_low < 0 else "", len(parts) - 1
    formula = f"MIN(MAX({{0}},{sign}{{1}}),{{{last}}})"
    return Line(name, value, working, parts, line.unit, shared_keys(name, *parts), formula=formula)


def beyond(name: str, line: Line, threshold: Line, working: str = "") -> Line:
    """The deductible convention: only what lies beyond the threshold, either way."""
    a, t = alike(line.value, threshold.value)
    with localcontext(EXACT):
        past_above, past_below = larger(a - t, zero_like(a)), larger(-a - t, zero_like(a))
        value = past_above - past_below
    text, formula = working or f"the part of {line.name} beyond {threshold.name}", "MAX({0}-{1},0)-MAX(-{0}-{1},0)"
    return Line(name, value, text, (line, threshold), line.unit, shared_keys(name, line, threshold), formula=formula)


def past(name: str, line: Line, threshold: Line, working: str = "") -> Line:
    """The trigger convention: the whole amount once it is past the threshold, either way; otherwise nothing."""
    a, t = alike(line.value, threshold.value)
    if isinstance(a, Decimal):
        value: Value = a if abs(a) > t else Decimal(0)
    else:
        value = np.where(np.abs(a) > t, a, zero_like(a))
    text = working or f"{line.name} in whole when it is past {threshold.name}, otherwise nothing"
    parts, formula = (line, threshold), "IF(ABS({0})>{1},{0},0)"
    return Line(name, value, text, parts, line.unit, shared_keys(name, *parts), formula=formula)


def to_penny(name: str, line: Line, working: str = "") -> Line:
    """The line rounded to the penny, half away from zero."""
    with localcontext(EXACT):
        if isinstance(line.value, Decimal):
            value: Value = to_the_penny(line.value)
        elif line.value.dtype == object:
            value = np.empty_like(line.value)
            value[...] = [pounds.quantize(PENNY, rounding=ROUND_HALF_UP) for pounds in line.value.ravel()]
        else:
            value = _whole_pence(line.value)
    text = working or f"{line.name}, to the penny"
    return Line(name, value, text, (line,), line.unit, line.keys, formula="ROUND({0},2)")


def pennies(name: str, column: Line, working: str = "") -> Line:
    """A column in whole pence that sums to the exact sum rounded to the penny.

    Raises   TypeError for anything but an exact column.
    """
    if column.keys is None or isinstance(column.value, Decimal):
        raise TypeError(f"'{column.name}' is not a column")
    value = np.empty_like(column.value)
    value[:] = rounded_together(column.value.tolist())
    text = working or f"{column.name}, in whole pence that still add up"
    return Line(name, value, text, (column,), column.unit, column.keys)


def split(name: str, amount: Line, weights: Line, working: str = "") -> Line:
    """An amount in whole pence shared over the keys of a column of weights; the shares sum to the amount.

    Raises   TypeError for futures: sharing pence out is for payments, which are exact.
    """
    if weights.keys is None or isinstance(weights.value, Decimal):
        raise TypeError(f"'{weights.name}' is not a column of weights")
    column = np.empty(len(weights.keys), dtype=object)
    column[:] = shared_out(amount.amount, weights.value.tolist())
    text = working or f"{amount.name} shared by {weights.name}, in whole pence"
    return Line(name, column, text, (amount, weights), amount.unit, weights.keys)


def instalment_of(name: str, amount: Line, *, number: int, of: int) -> Line:
    """One of several equal instalments, to the penny, the last taking the rounding."""
    text = f"instalment {number} of {of} of {amount.name}"
    if isinstance(amount.value, Decimal):
        value: Value = instalment(amount.value, number=number, of=of)
    elif amount.value.dtype == object:
        value = np.empty_like(amount.value)
        value[...] = [instalment(pounds, number=number, of=of) for pounds in amount.value.ravel()]
    else:
        usual = _whole_pence(amount.value / of)
        value = usual if number < of else amount.value - usual * (of - 1)
    return Line(name, value, text, (amount,), amount.unit, amount.keys)


def _whole_pence(pounds: Any) -> Any:
    pence = np.abs(pounds) * 100
    return np.copysign(np.floor(pence + 0.5 + np.maximum(TIE_IN_PENCE, pence * TIE_OF_AMOUNT)), pounds) / 100


def shared_keys(name: str, *lines: Line) -> tuple[str, ...] | None:
    """The keys of the columns among lines that meet in one; None where none is a column.

    Raises   ValueError where two columns have different keys.
    """
    found = {line.keys for line in lines if line.keys is not None}
    if len(found) > 1:
        raise ValueError(f"'{name}' joins columns with different keys")
    return found.pop() if found else None
