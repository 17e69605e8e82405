"""What has happened to each practice's participation, and is it lawful?

A history is a set of events, replayed a practice at a time in order of date. A replay that meets an event which a
rule forbids stops there with the rule and the earliest lawful date, so no unlawful history can be handed on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from commonweal.core.errors import InputError
from commonweal.core.parameters import Parameters
from commonweal.core.periods import months_later
from commonweal.place.participation.way_back import (
    ParticipationBreach,
    Rule,
    Terms,
    earliest_reactivation,
    is_window,
    terms_on,
)

Option = Literal["virtual", "partial", "full"]
EventKind = Literal["participates", "notice", "reactivates", "leaves"]
StateName = Literal["independent", "virtual", "partial", "full", "notice", "reactivated"]

OPTIONS: tuple[Option, ...] = ("virtual", "partial", "full")
EVENT_KINDS: tuple[EventKind, ...] = ("participates", "notice", "reactivates", "leaves")

# On one day a practice can take its contract back, then take part another way, then give notice; not otherwise.
ORDER_IN_A_DAY = {"reactivates": 0, "participates": 1, "leaves": 1, "notice": 2}

FIRST_OF_MONTH = "Changes start on the first of a month, because the budget is paid in monthly instalments"
NOT_BEFORE_THE_CONTRACT = "Nobody takes part before the contract starts"
ONE_STATE = "A practice is in one state at a time"
WAY_BACK_ONLY = "The full option is left only by taking the suspended contract back"
NOTICE_FIRST = "A suspended contract is taken back on a day for which notice stands"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened, or is agreed to happen, to a practice's participation.

    start           first day of the new state; for a notice, the day it was given
    reactivates_on  for a notice, the window it is given for
    partners_agree  for a notice, whether every partner who held the suspended contract agrees
    recorded        the day it was written down; kept, never computed with
    """

    practice_code: str
    event: EventKind
    start: date
    option: Option | None = None
    reactivates_on: date | None = None
    partners_agree: bool = False
    recorded: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class History:
    """Every event of a place, in the order recorded.

    practice_codes  who may take part; an event of any other practice is refused
    contract_start  the first day anybody may take part; None for no such bound
    """

    practice_codes: tuple[str, ...]
    contract_start: date | None = None
    events: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a practice stands after an event.

    joined  the day it joined in full, and terms the way back that binds it; None while its own contract is live
    """

    practice_code: str
    state: StateName = "independent"
    since: date = date.min
    joined: date | None = None
    terms: Terms | None = None
    notice_for: date | None = None
    reactivations: int = 0

    def lapsed(self, day: date) -> Standing:
        """The same on a later day: a notice whose day has passed without reactivation is spent."""
        if self.state == "notice" and self.notice_for is not None and day > self.notice_for:
            return replace(self, state="full", since=self.notice_for, notice_for=None)
        return self


def known(history: History, practice_code: str) -> str:
    """The practice code, when it belongs to the place.

    Raises   InputError otherwise.
    """
    if practice_code not in history.practice_codes:
        raise InputError(
            f"'{practice_code}' is not a practice of this place.",
            where="participation",
            mend="Use a code listed in place.yaml.",
        )
    return practice_code


def standings(history: History, practice_code: str, parameters: Parameters) -> list[Standing]:
    """Where a practice stands after each of its events, in order of date; empty when it has none.

    Raises   ParticipationBreach at the first event that a rule forbids.
    """
    own = [event for event in history.events if event.practice_code == practice_code]
    own.sort(key=lambda event: (event.start, ORDER_IN_A_DAY[event.event]))
    found: list[Standing] = []
    for number, event in enumerate(own):
        before = found[-1] if found else Standing(practice_code)
        if number and own[number - 1].start == event.start:
            _one_change_a_day(own[number - 1], event)
        found.append(_after(before.lapsed(event.start), event, history, parameters))
    return found


def _after(standing: Standing, event: Event, history: History, parameters: Parameters) -> Standing:
    if event.event == "notice":
        return _after_notice(standing, event)
    if event.event == "reactivates":
        return _after_reactivation(standing, event)
    if event.start.day != 1:
        first = max(_next_first(event.start), _opening(history) or event.start)
        raise _breach(event, "does not start on the first of a month", FIRST_OF_MONTH, first)
    if event.event == "participates" and standing.state == event.option:
        raise _breach(event, f"is {event.option} already, since {standing.since}", ONE_STATE, None)
    if standing.terms is not None:
        _refuse_other_ways_out(standing, event)
    if event.event == "leaves":
        if standing.state in ("independent", "reactivated"):
            raise _breach(event, "takes no part, so it cannot leave", ONE_STATE, None)
        return Standing(event.practice_code, "independent", event.start, reactivations=standing.reactivations)
    return _after_joining(standing, event, history, parameters)


def _after_joining(standing: Standing, event: Event, history: History, parameters: Parameters) -> Standing:
    opening = _opening(history)
    if opening is not None and event.start < opening:
        message = f"takes part before the contract starts on {history.contract_start}"
        raise _breach(event, message, NOT_BEFORE_THE_CONTRACT, opening)
    if event.option is None:
        raise InputError(f"{event.practice_code} takes part in no option.", mend=f"Choose one of {', '.join(OPTIONS)}.")
    full = event.option == "full"
    return Standing(
        event.practice_code,
        event.option,
        event.start,
        joined=event.start if full else None,
        terms=terms_on(parameters, event.start) if full else None,
        reactivations=standing.reactivations,
    )


def _after_notice(standing: Standing, event: Event) -> Standing:
    terms, joined, wanted = standing.terms, standing.joined, event.reactivates_on
    if terms is None or joined is None:
        message = f"is {standing.state}, so no contract of its own is suspended and notice has no object"
        raise _breach(event, message, WAY_BACK_ONLY, None)
    if standing.notice_for is not None:
        raise _breach(event, f"has given notice already, for {standing.notice_for}", ONE_STATE, standing.notice_for)
    if wanted is None:
        raise InputError("A notice names the day of reactivation.", where=event.practice_code, mend="Add the day.")
    if standing.reactivations >= terms.reactivations_most.value:
        raise _term_breach(event, "has used up its way back", terms.reactivations_most, None)
    earliest = earliest_reactivation(joined, event.start, terms)
    if not is_window(joined, wanted, terms):
        message = f"asks for {wanted}, which is no window counted from {joined}"
        raise _term_breach(event, message, terms.window_months, earliest)
    if months_later(event.start, terms.notice_months.value) > wanted:
        message = f"gave notice on {event.start}, less than {terms.notice_months.value} months before {wanted}"
        raise _term_breach(event, message, terms.notice_months, earliest)
    if terms.all_partners.value and not event.partners_agree:
        mend = "Record the notice once every partner who held the suspended contract agrees."
        raise _term_breach(event, "lacks the agreement of every partner", terms.all_partners, earliest, mend)
    return replace(standing, state="notice", since=event.start, notice_for=wanted)


def _after_reactivation(standing: Standing, event: Event) -> Standing:
    if standing.terms is None or standing.joined is None:
        message = f"is {standing.state}, so no contract of its own is suspended"
        raise _breach(event, message, WAY_BACK_ONLY, None)
    if standing.notice_for != event.start:
        stands = f"notice stands for {standing.notice_for}" if standing.notice_for else "no notice stands"
        if standing.notice_for:
            earliest: date | None = standing.notice_for
        elif standing.reactivations >= standing.terms.reactivations_most.value:
            earliest = None
        else:
            earliest = earliest_reactivation(standing.joined, event.start, standing.terms)
        message = f"would take its contract back on {event.start}, but {stands}"
        mend = "" if standing.notice_for else f"The date supposes notice on {event.start}."
        raise _breach(event, message, NOTICE_FIRST, earliest, mend)
    return Standing(event.practice_code, "reactivated", event.start, reactivations=standing.reactivations + 1)


def _refuse_other_ways_out(standing: Standing, event: Event) -> None:
    wanted = "leave" if event.event == "leaves" else f"become {event.option}"
    if standing.notice_for is not None:
        earliest, mend = standing.notice_for, "The date is the one that notice stands for."
    elif standing.terms is None or standing.joined is None:
        return
    elif standing.reactivations >= standing.terms.reactivations_most.value:
        earliest, mend = None, "The way back is used up."
    else:
        earliest = earliest_reactivation(standing.joined, event.start, standing.terms)
        mend = f"The date supposes notice on {event.start} and reactivation first."
    message = f"is full since {standing.joined}, so it cannot {wanted} on {event.start}"
    raise _breach(event, message, WAY_BACK_ONLY, earliest, mend)


def _one_change_a_day(first: Event, second: Event) -> None:
    if ORDER_IN_A_DAY[first.event] == ORDER_IN_A_DAY[second.event]:
        message = f"has two changes on {second.start}: {first.event} and {second.event}"
        earliest = second.start if second.event == "notice" else _next_first(second.start)
        raise _breach(second, message, ONE_STATE, None if second.event == "notice" else earliest)


def _opening(history: History) -> date | None:
    """The first day on which anybody may take part: the contract's start, or the first of the month after it."""
    start = history.contract_start
    return start if start is None or start.day == 1 else _next_first(start)


def _next_first(day: date) -> date:
    return months_later(day.replace(day=1), 1)


def _breach(event: Event, message: str, rule: str, earliest: date | None, mend: str = "") -> ParticipationBreach:
    return ParticipationBreach(
        f"{event.practice_code} {message}.", where="participation", rule=rule, source="", earliest=earliest, mend=mend
    )


def _term_breach(event: Event, message: str, rule: Rule, earliest: date | None, mend: str = "") -> ParticipationBreach:
    return ParticipationBreach(
        f"{event.practice_code} {message}.",
        where="participation",
        rule=rule.label,
        source=str(rule.source),
        earliest=earliest,
        mend=mend,
    )
