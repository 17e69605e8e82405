"""When does money move in a year, and what holds for changes, disputes and results?

A contract says it in a clause of kind `calendar`; where it has none, or names no term for something, the calendar is
that of parameters/year.yaml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from commonweal.contract.clauses.clause import Clause, ClauseFault
from commonweal.core.errors import ParameterProblem
from commonweal.core.parameters import Parameter, Parameters
from commonweal.core.periods import Period

PARTS = (
    "payment_months",
    "list_change_quarters",
    "closing_day",
    "interim_months",
    "settlement_day",
    "part_month",
    "disputed_sums",
    "unearned_performance_pay",
)
WORDS = {
    "part_month": ("days", "months"),
    "disputed_sums": ("paid", "withheld"),
    "unearned_performance_pay": ("returned", "kept"),
}
MOST = {"payment_months": 12, "interim_months": 12, "list_change_quarters": 4}
LAST_CLOSING_DAY = 28


class Calendar(Clause):
    """The calendar of a contract: each field names the term that says when, or how."""

    clause: Literal["calendar"]
    payment_months: str | None = None
    list_change_quarters: str | None = None
    closing_day: str | None = None
    interim_months: str | None = None
    settlement_day: str | None = None
    part_month: str | None = None
    disputed_sums: str | None = None
    unearned_performance_pay: str | None = None

    def faults(self) -> Iterator[ClauseFault]:
        """Fields that name no term, and terms that do not say what the field needs."""
        for part in PARTS:
            name = getattr(self, part)
            if name is None:
                continue
            if name not in self.terms:
                there = ", ".join(self.terms) or "none"
                yield ClauseFault((part,), name, "is no term of this clause.", f"Its terms are {there}.")
                continue
            for day, held in self.terms[name].values.items():
                problem = wrong_value(part, held.value)
                if problem:
                    yield ClauseFault(("terms", name, "values", day.isoformat()), held.value, *problem)

    @property
    def replaces(self) -> Mapping[str, Parameter]:
        """The calendar that stands in front of the library's where the clause governs a place."""
        named = {part: getattr(self, part) for part in PARTS}
        return {f"calendar_{part}": self.parameters[name] for part, name in named.items() if name is not None}


@dataclass(frozen=True, slots=True)
class CalendarTerms:
    """The terms of a calendar through time: each by the clause's own term, otherwise the library's or the place's."""

    parameters: Mapping[str, Parameter]

    def numbers(self, part: str, day: date) -> tuple[int, ...]:
        """Months or quarters, by number."""
        return tuple(int(str(number)) for number in self._value(part, day))

    def word(self, part: str, day: date) -> str:
        """How something is done: one of the words that the part allows."""
        return str(self._value(part, day))

    def closing_date(self, month: Period) -> date:
        """The first day on which a month can be closed."""
        return month.end.replace(day=int(str(self._value("closing_day", month.start))))

    def settlement_date(self, year: Period) -> date:
        """The day on which a financial year is settled: the first such month and day after it."""
        number, day = (int(part) for part in str(self._value("settlement_day", year.start)).split("-"))
        found = date(year.end.year, number, day)
        return found if found >= year.end else date(year.end.year + 1, number, day)

    def _value(self, part: str, day: date) -> Any:
        parameter = self.parameters[part]
        value = parameter.on(day).value
        problem = wrong_value(part, value)
        if problem:
            raise ParameterProblem(
                f"'{value}' {problem[0]}", where=f"{parameter.file}: {parameter.name}", mend=problem[1]
            )
        return value


def calendar_terms(parameters: Parameters) -> CalendarTerms:
    """The calendar in force: that of the parameters, the terms of a contract's calendar in front.

    Source   parameters/year.yaml.
    """
    return CalendarTerms({part: parameters[f"calendar_{part}"] for part in PARTS})


def wrong_value(part: str, value: Any) -> tuple[str, str] | None:
    """What is wrong with the value of one part of a calendar, and the mend; None where nothing is."""
    if part in MOST:
        return _wrong_numbers(value, MOST[part])
    if part in WORDS:
        allowed = " or ".join(WORDS[part])
        return None if value in WORDS[part] else ("is not one of the words allowed.", f"Write {allowed}.")
    if part == "closing_day":
        right = isinstance(value, str) and re.fullmatch(r"[1-9]\d?", value) and int(value) <= LAST_CLOSING_DAY
        return None if right else ("is no day that every month has.", "Write a day from 1 to 28 in quotes.")
    try:
        date.fromisoformat(f"2001-{value}")
    except ValueError:
        return ("is no month and day.", "Write it as '09-30'.")
    return None


def _wrong_numbers(value: Any, most: int) -> tuple[str, str] | None:
    mend = f"Write a list of numbers from 1 to {most}, each once, in quotes."
    if not isinstance(value, list) or not value:
        return "is no list of numbers.", mend
    if not all(isinstance(held, str) and re.fullmatch(r"[1-9]\d?", held) and int(held) <= most for held in value):
        return f"holds something that is no number from 1 to {most}.", mend
    return ("holds a number twice.", mend) if len(set(value)) < len(value) else None
