"""What does joining mean for one practice?

Every income line of today and where it goes under each option; who employs the staff; pension access; the document
that binds practice and MCP; what happens to the list; and the way back with its dates. Each sentence says who says
so and how sure that is, so a practice manager can tell a published rule from an example.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from commonweal.contract.practice_income import (
    Destination,
    IncomeLine,
    PublishedIncome,
    Reconciliation,
    income_lines,
    reconciliations,
    sum_of,
)
from commonweal.contract.scope import scope_on
from commonweal.core.amounts import Line, Source, Status
from commonweal.core.parameters import Parameters
from commonweal.core.periods import months_later
from commonweal.place.participation.events import OPTIONS, History, Option
from commonweal.place.participation.states import participation_on, way_back
from commonweal.place.participation.way_back import Rule, Window, terms_on, windows

WINDOWS_SHOWN = 5
STAFF_TOPICS = {
    "employer": "Employer",
    "staff": "Staff",
    "transfer": "Transfer of staff",
    "pension": "Pension access",
    "link_document": "What you sign",
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """One thing to know, who says so, and how sure it is."""

    topic: str
    text: str
    status: Status
    source: Source

    @property
    def illustrative(self) -> bool:
        """Whether it is an example of Commonweal's rather than a published rule."""
        return self.status == "illustrative"


@dataclass(frozen=True, slots=True)
class WayBackDates:
    """The way back with its dates.

    joined    the day that windows are counted from
    supposed  True where the practice has not joined in full: the dates are those it would have
    """

    joined: date
    supposed: bool
    reactivations_left: int
    notice_for: date | None
    windows: tuple[Window, ...]
    rules: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class PracticePage:
    """All of it for one practice.

    state             the practice's state on the day asked about
    lines             every published payment line
    reconciliations   published totals beside the lines they add
    staff             by option: employer, staff, transfer, pension access, what is signed
    pension_access    by kind of employing body
    way_back          by option, how a practice returns; way_back_dates: for the full option
    """

    practice_code: str
    practice_name: str
    on: date
    state: str
    since: date | None
    year: str
    lines: tuple[IncomeLine, ...]
    reconciliations: tuple[Reconciliation, ...]
    staff: Mapping[Option, tuple[Sentence, ...]]
    pension_access: tuple[Sentence, ...]
    way_back: Mapping[Option, Sentence]
    way_back_dates: WayBackDates

    def total_of(self, groups: Collection[str] = ("in_total",)) -> Line:
        """The lines of some groups added up; the published total by default."""
        return sum_of("total", [line.amount for line in self.lines if line.group in groups])

    def going_to(self, option: Option, groups: Collection[str] = ("in_total",)) -> dict[str, Line]:
        """Under one option, what goes to each destination; together the total of the groups."""
        found: dict[str, list[Line]] = {}
        for line in self.lines:
            if line.group in groups:
                found.setdefault(line.destinations[option].goes_to, []).append(line.amount)
        return {goes_to: sum_of(goes_to, amounts) for goes_to, amounts in found.items()}


def practice_page(
    practice_code: str,
    practice_name: str,
    income: PublishedIncome,
    history: History,
    parameters: Parameters,
    *,
    on: date,
    joins_on: date | None = None,
) -> PracticePage:
    """The page of one practice on a day.

    Takes    joins_on: for a practice that is not in the full option, the day from which its way back is worked out;
             the first of the month on or after `on`, or the start of the contract, whichever is later, otherwise.
    Raises   InputError for an unknown practice; ParameterProblem for a payment line that nothing is said about.
    """
    scope = scope_on(parameters, on)
    lines = income_lines(practice_code, income, parameters, scope, on)
    state = participation_on(history, practice_code, on, parameters=parameters)
    return PracticePage(
        practice_code=practice_code,
        practice_name=practice_name,
        on=on,
        state=state.state,
        since=None if state.start == date.min else state.start,
        year=income.year.label,
        lines=lines,
        reconciliations=reconciliations(income, lines, parameters, on),
        staff=_staff(parameters, on),
        pension_access=_pension_access(parameters, on),
        way_back=_ways_back(parameters, on),
        way_back_dates=_dates(practice_code, history, parameters, on, joins_on),
    )


def practice_page_rows(page: PracticePage) -> list[dict[str, object]]:
    """One row per payment line, with its destination under each option; amounts are exact decimals."""
    return [
        {
            "practice_code": page.practice_code,
            "financial_year": page.year,
            "payment_line": line.payment_line,
            "label": line.label,
            "service_line": line.service_line,
            "group": line.group,
            "paid_to": line.paid_to,
            "amount": line.amount.amount,
            **{f"{option}_goes_to": line.destinations[option].goes_to for option in OPTIONS},
        }
        for line in page.lines
    ]


def destinations_used(page: PracticePage) -> dict[str, Destination]:
    """The destinations that appear on a page, by key, each once, for a legend."""
    return {end.goes_to: end for line in page.lines for end in line.destinations.values()}


def _staff(parameters: Parameters, on: date) -> dict[Option, tuple[Sentence, ...]]:
    held = parameters["staff_and_pension"].on(on)
    return {
        row["option"]: tuple(
            _sentence(topic, row[key], row.get("status", held.status), held.source)
            for key, topic in STAFF_TOPICS.items()
        )
        for row in held.value
    }


def _pension_access(parameters: Parameters, on: date) -> tuple[Sentence, ...]:
    held = parameters["pension_access"].on(on)
    return tuple(_sentence(body.replace("_", " "), text, held.status, held.source) for body, text in held.value.items())


def _ways_back(parameters: Parameters, on: date) -> dict[Option, Sentence]:
    held = parameters["way_back"].on(on)
    return {
        row["option"]: _sentence("The way back", row["sentence"], row.get("status", held.status), held.source)
        for row in held.value
    }


def _dates(code: str, history: History, parameters: Parameters, on: date, joins_on: date | None) -> WayBackDates:
    held = way_back(history, code, on, number=WINDOWS_SHOWN, parameters=parameters)
    if held is not None:
        rules = _rules(parameters, held.joined)
        return WayBackDates(held.joined, False, held.reactivations_left, held.notice_for, held.windows, rules)
    joined = joins_on or _first_possible(history, on)
    terms = terms_on(parameters, joined)
    past = [event for event in history.events if event.practice_code == code and event.start <= on]
    used = sum(event.event == "reactivates" for event in past)
    left = max(0, terms.reactivations_most.value - used)
    ahead = windows(joined, terms, after=joined, number=WINDOWS_SHOWN) if left else ()
    return WayBackDates(joined, True, left, None, ahead, _rules(parameters, joined))


def _first_possible(history: History, on: date) -> date:
    day = max(on, history.contract_start or on)
    return day if day.day == 1 else months_later(day.replace(day=1), 1)


def _rules(parameters: Parameters, joined: date) -> tuple[Sentence, ...]:
    """The terms of the way back in words, with the values that bind a practice which joins on a day."""
    terms = terms_on(parameters, joined)
    follows = terms.list_follows_months
    until = months_later(joined, follows.value)
    told = [
        (
            terms.window_months,
            f"A contract can be live again every {terms.window_months.value} months from {_day(joined)}.",
        ),
        (terms.notice_months, f"Give notice at least {terms.notice_months.value} months before."),
        (terms.reactivations_most, f"A contract can be taken back {_times(terms.reactivations_most.value)} at most."),
        (follows, f"Live again by {_day(until)}: your list goes back with you unless a patient asks otherwise."),
        (follows, "Live again later: your list stays with the MCP unless a patient asks to follow you."),
        (follows, "Either way the commissioner writes to every patient."),
    ]
    if terms.all_partners.value:
        told.append((terms.all_partners, "Every partner who held the suspended contract must agree."))
    return tuple(_told(rule, text) for rule, text in told)


def _told(rule: Rule, text: str) -> Sentence:
    return Sentence(rule.label, text, rule.status, rule.source)


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def _sentence(topic: str, text: Any, status: Status, source: Source) -> Sentence:
    return Sentence(topic, " ".join(str(text).split()), status, source)
