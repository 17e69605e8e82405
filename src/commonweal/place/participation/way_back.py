"""When may a practice that joined in full take its own contract back?

Full integration suspends a practice's GMS or PMS contract. The way back opens on windows counted from the day the
practice joined, needs notice, can be taken a stated number of times, and only if the partners agree. Every number
is a parameter; the terms that bind a practice are those in force on the day it joined.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from commonweal.core.amounts import Source, Status
from commonweal.core.errors import RuleBreach
from commonweal.core.parameters import Parameter, Parameters
from commonweal.core.periods import months_later

ListGoesTo = Literal["practice", "MCP"]


class ParticipationBreach(RuleBreach):
    """A participation rule forbids what was asked.

    rule      the rule's label; source: who says so
    earliest  the first day on which the same would be lawful; None when no day is
    """

    def __init__(
        self, message: str, *, where: str, rule: str, source: str, earliest: date | None, mend: str = ""
    ) -> None:
        self.rule, self.source, self.earliest = rule, source, earliest
        when = f"Earliest lawful date: {earliest}." if earliest else "There is no lawful date."
        cited = f"Rule: {rule} ({source})." if source else f"Rule: {rule}."
        super().__init__(message, where=where, mend=" ".join(text for text in (cited, when, mend) if text))


@dataclass(frozen=True, slots=True)
class Rule:
    """One term of the way back: its value, its label and who says so."""

    value: int
    label: str
    source: Source
    status: Status


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of the way back that bind a practice."""

    window_months: Rule
    notice_months: Rule
    reactivations_most: Rule
    list_follows_months: Rule
    all_partners: Rule


@dataclass(frozen=True, slots=True)
class Window:
    """One day on which a suspended contract can be live again."""

    reactivate_on: date
    last_day_for_notice: date
    list_goes_to: ListGoesTo


def terms_on(parameters: Parameters, day: date) -> Terms:
    """The terms of the way back in force on a day.

    Raises   ParameterProblem when a term has no value on that day or is not a whole number.
    Source   parameters/participation.yaml.
    """
    return Terms(
        window_months=_rule(parameters["reactivation_window_months"], day),
        notice_months=_rule(parameters["reactivation_notice_months"], day),
        reactivations_most=_rule(parameters["reactivations_most"], day),
        list_follows_months=_rule(parameters["list_follows_gp_within_months"], day),
        all_partners=_rule(parameters["all_partners_agree"], day),
    )


def _rule(parameter: Parameter, day: date) -> Rule:
    held = parameter.on(day)
    yes_or_no = {"yes": 1, "no": 0, True: 1, False: 0}
    value = yes_or_no[held.value] if held.value in yes_or_no else int(held.number())
    return Rule(value, parameter.label, held.source, held.status)


def earliest_window(joined: date, not_before: date, terms: Terms) -> date:
    """The first window on or after a day, for a practice that joined in full on `joined`."""
    step = terms.window_months.value
    ahead = (not_before.year - joined.year) * 12 + not_before.month - joined.month
    number = max(1, ahead // step)
    while months_later(joined, number * step) < not_before:
        number += 1
    return months_later(joined, number * step)


def is_window(joined: date, day: date, terms: Terms) -> bool:
    """Whether a day is one of the reactivation windows."""
    return day > joined and earliest_window(joined, day, terms) == day


def last_day_for_notice(reactivate_on: date, terms: Terms) -> date:
    """The last day on which notice for a reactivation can be given."""
    months = terms.notice_months.value
    day = months_later(reactivate_on, -months)
    # A short month can end before the same day of the month: step on while the notice is still long enough.
    while months_later(day + timedelta(days=1), months) <= reactivate_on:
        day += timedelta(days=1)
    return day


def earliest_reactivation(joined: date, notice_on: date, terms: Terms) -> date:
    """The first window that notice given on a day can reach."""
    return earliest_window(joined, months_later(notice_on, terms.notice_months.value), terms)


def list_goes_to(joined: date, reactivate_on: date, terms: Terms) -> ListGoesTo:
    """Where patients stay registered by default when the contract is live again, unless they ask otherwise."""
    limit = months_later(joined, terms.list_follows_months.value)
    return "practice" if reactivate_on <= limit else "MCP"


def windows(joined: date, terms: Terms, *, after: date, number: int) -> tuple[Window, ...]:
    """The next windows after a day, in order.

    Takes    joined: the day the practice joined in full; number: how many to give.
    """
    found, not_before = [], after + timedelta(days=1)
    for _ in range(number):
        day = earliest_window(joined, not_before, terms)
        found.append(Window(day, last_day_for_notice(day, terms), list_goes_to(joined, day, terms)))
        not_before = day + timedelta(days=1)
    return tuple(found)
