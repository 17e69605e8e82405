"""Can these facts be true of this place?

Facts are checked together, all that the file holds, before anything is worked out from them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from commonweal.contract.year.disputes import PAYMENTS
from commonweal.contract.year.facts import FILE, Fact, standing
from commonweal.core.errors import InputError
from commonweal.core.parameters import Parameters
from commonweal.core.periods import months_later
from commonweal.place.participation.events import OPTIONS, Event, EventKind, History, Option
from commonweal.place.participation.states import lawful

OUT = "out"
RESOLUTIONS = ("due", "not_due")
WITH_AN_END = ("scope",)
DIRECTION = 3


@dataclass(frozen=True, slots=True)
class Known:
    """What facts may be about: the place's practices, service lines, pool lines and inputs of settlements."""

    practices: Collection[str]
    service_lines: Collection[str]
    pool_lines: Collection[str]
    settlement_inputs: Collection[str]


def checked(facts: tuple[Fact, ...], known: Known, history: History, parameters: Parameters) -> tuple[Fact, ...]:
    """The facts, unless one cannot stand.

    Raises   InputError naming the fact; ParticipationBreach when joining and leaving break a rule of participation.
    """
    by_id = {fact.fact_id: fact for fact in facts}
    for fact in facts:
        if fact.kind == "withdrawal":
            _withdrawal(fact, by_id)
            continue
        if fact.effective_to is not None and fact.kind not in WITH_AN_END:
            raise _wrong(fact, "effective_to", "has an end, but its kind has none.", "Leave effective_to empty.")
        CHECKS[fact.kind](fact, known, by_id)
        if fact.corrects:
            _correction(fact, by_id)
    stand = standing(facts)
    _no_two_alike(stand)
    lawful(with_facts(history, stand), parameters=parameters)
    return facts


def with_facts(history: History, facts: tuple[Fact, ...]) -> History:
    """The history with what facts say of participation; a change inside a month begins, for the rules, at the next."""
    events = []
    for fact in facts:
        if fact.kind == "participation":
            start = fact.effective_from
            first = start if start.day == 1 else months_later(start.replace(day=1), 1)
            option: Option | None = next((held for held in OPTIONS if held == fact.value), None)
            kind: EventKind = "participates" if option else "leaves"
            events.append(Event(fact.subject, kind, first, option, recorded=fact.known_on, note=fact.fact_id))
    return History(history.practice_codes, history.contract_start, (*history.events, *events))


def share(text: str) -> Decimal | None:
    """A share from 0 to 1, or None where the text is none."""
    found = number(text)
    return found if found is not None and 0 <= found <= 1 else None


def number(text: str) -> Decimal | None:
    """A finite decimal, or None where the text is none."""
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _wrong(fact: Fact, column: str, message: str, mend: str) -> InputError:
    return InputError(message, where=f"{FILE}, {fact.fact_id}, column '{column}'", mend=mend)


def _practice(fact: Fact, code: str, known: Known) -> None:
    if code not in known.practices:
        raise _wrong(fact, "subject", f"'{code}' is no practice of this place.", "Its practices are in place.yaml.")


def _line(fact: Fact, code: str, lines: Collection[str]) -> None:
    if code not in lines:
        raise _wrong(fact, "subject", f"'{code}' is none of the lines.", f"There are {', '.join(sorted(lines))}.")


def _list_count(fact: Fact, known: Known, by_id: Mapping[str, Fact]) -> None:
    _practice(fact, fact.subject, known)
    if not fact.value.isdigit() or int(fact.value) == 0:
        raise _wrong(fact, "value", f"'{fact.value}' is no count of people.", "Write a whole number above 0.")


def _participation(fact: Fact, known: Known, by_id: Mapping[str, Fact]) -> None:
    _practice(fact, fact.subject, known)
    if fact.value not in (*OPTIONS, OUT):
        raise _wrong(fact, "value", f"'{fact.value}' is no option.", f"Use {', '.join((*OPTIONS, OUT))}.")


def _scope(fact: Fact, known: Known, by_id: Mapping[str, Fact]) -> None:
    parts = fact.subject.split("/")
    if len(parts) not in (2, 3) or parts[0] not in ("partial", "full"):
        mend = "Write partial/community or full/community/A81001."
        raise _wrong(fact, "subject", f"'{fact.subject}' is no cell of the scope.", mend)
    _line(fact, parts[1], known.service_lines)
    if len(parts) == 3:
        _practice(fact, parts[2], known)
    _share(fact)


def _score(fact: Fact, known: Known, by_id: Mapping[str, Fact]) -> None:
    line, _, practice = fact.subject.partition("/")
    _line(fact, line, known.pool_lines)
    if practice:
        _practice(fact, practice, known)
    _share(fact)


def _share(fact: Fact) -> None:
    if share(fact.value) is None:
        raise _wrong(fact, "value", f"'{fact.value}' is no share.", "Write a number from 0 to 1.")


def _settlement_input(fact: Fact, known: Known, by_id: Mapping[str, Fact]) -> None:
    if fact.subject not in known.settlement_inputs:
        there = ", ".join(sorted(known.settlement_inputs)) or "none: the contract has no gain and loss share"
        raise _wrong(fact, "subject", f"'{fact.subject}' is no input of a settlement.", f"There are {there}.")
    if number(fact.value) is None:
        raise _wrong(fact, "value", f"'{fact.value}' is no number.", "Write it as 56400000.")


def _dispute(fact: Fact, known: Known, by_id: Mapping[str, Fact]) -> None:
    parts = fact.subject.split("/")
    if len(parts) <= DIRECTION or parts[0] != PAYMENTS or "/for-" in fact.subject:
        mend = "Write the beginning of the id of a month's amount, as payments/2026-27/2026-06/paid/community."
        raise _wrong(fact, "subject", f"'{fact.subject}' is no amount of a month of service.", mend)
    if parts[DIRECTION] not in ("paid", "owed"):
        raise _wrong(fact, "subject", "is neither paid nor owed.", "Only what is paid on can be in dispute.")
    if not fact.value:
        raise _wrong(fact, "value", "gives no reason.", "Say what is in dispute.")


def _resolution(fact: Fact, known: Known, by_id: Mapping[str, Fact]) -> None:
    if fact.subject not in by_id or by_id[fact.subject].kind != "dispute":
        raise _wrong(fact, "subject", f"'{fact.subject}' is no dispute.", "Name the fact that raised it.")
    if fact.value not in RESOLUTIONS:
        raise _wrong(fact, "value", f"'{fact.value}' is no resolution.", f"Use {' or '.join(RESOLUTIONS)}.")


def _withdrawal(fact: Fact, by_id: Mapping[str, Fact]) -> None:
    if fact.subject not in by_id or by_id[fact.subject].kind == "withdrawal":
        mend = "Name the fact that is taken back; record a withdrawn fact anew to have it again."
        raise _wrong(fact, "subject", f"'{fact.subject}' is no fact that can be withdrawn.", mend)


def _correction(fact: Fact, by_id: Mapping[str, Fact]) -> None:
    other = by_id.get(fact.corrects)
    if other is None or other.kind != fact.kind or other.fact_id == fact.fact_id:
        message = f"'{fact.corrects}' is no other fact of kind {fact.kind}."
        raise _wrong(fact, "corrects", message, "Name the fact that this one replaces.")
    seen = {fact.fact_id}
    while other is not None:
        if other.fact_id in seen:
            raise _wrong(fact, "corrects", "corrects itself in a circle.", "Name the earlier fact.")
        seen.add(other.fact_id)
        other = by_id.get(other.corrects)


def _no_two_alike(stand: tuple[Fact, ...]) -> None:
    told: dict[tuple[str, ...], str] = {}
    for fact in stand:
        # Disputes may be several; a year's scores and inputs are one each, whenever they hold from.
        day = fact.effective_from.isoformat()
        key = (fact.kind, fact.subject, fact.fact_id if fact.kind == "dispute" else day)
        if key in told:
            message = f"says what {told[key]} says: {fact.kind} of {fact.subject} on {day}."
            raise _wrong(fact, "corrects", message, f"Say that it corrects {told[key]}, or take it out.")
        told[key] = fact.fact_id


CHECKS: Mapping[str, Callable[[Fact, Known, Mapping[str, Fact]], None]] = {
    "list_count": _list_count,
    "participation": _participation,
    "scope": _scope,
    "performance_score": _score,
    "settlement_input": _settlement_input,
    "dispute": _dispute,
    "dispute_resolved": _resolution,
}
