"""On which dates does a model learn, is it tested and is it used, so that none of them looks ahead?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from commonweal.core.errors import InputError
from commonweal.core.parameters import Parameters
from commonweal.core.periods import months_later


@dataclass(frozen=True, slots=True)
class RiskDates:
    """The index dates of a model: each knows what lies before it and is judged by the months from it on.

    since    the first day that activity is held for
    learn    people of this day teach the model; what became of them ends as the day of the test begins
    test     people of this day test it; the latest day with whole months after it
    apply    people of this day are given a risk
    """

    since: date
    learn: date
    test: date
    apply: date
    months: int

    @property
    def look_back_since(self) -> date:
        """A first day such that every one of the dates can look back equally far."""
        held = (self.learn.year - self.since.year) * 12 + self.learn.month - self.since.month
        whole = held - (self.learn.day < self.since.day)
        return months_later(self.learn, -whole)

    def since_for(self, on: date) -> date:
        """As far back as the first of the dates can look, counted from another of them."""
        held = (self.learn.year - self.look_back_since.year) * 12 + self.learn.month - self.look_back_since.month
        return months_later(on, -held)


def risk_dates(start: date, end: date, parameters: Parameters, *, on: date | None = None) -> RiskDates:
    """The dates of a model from a record.

    Takes    start, end: the days that activity is held for, the last not included; on: the day people are given a risk;
             the record's end, or the first of that month, when not given.
    Raises   InputError for a day that is not the first of a month or lies after the record, and for a record too short.
    """
    apply = on or end.replace(day=1)
    if apply.day != 1:
        raise InputError(
            f"{apply} is not the first day of a month.",
            mend="Some of the record is held by the month; name the first day of one.",
        )
    if apply > end:
        raise InputError(f"{apply} lies after the record, which ends before {end}.", mend=f"Name a day up to {end}.")
    months = int(parameters["risk_outcome_months"].on(apply).number())
    least = int(parameters["risk_least_history_months"].on(apply).number())
    test = months_later(apply, -months)
    learn = months_later(test, -months)
    if months_later(learn, -least) < start:
        raise InputError(
            f"The record begins on {start}: too late for a model on {apply}.",
            mend=f"It needs {2 * months + least} months before the day: {months} each to test and to learn, "
            f"{least} to look back.",
        )
    return RiskDates(start, learn, test, apply, months)
