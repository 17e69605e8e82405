"""Which practice takes part in the MCP, how, and from when to when?

Participation belongs to a practice and a period. It is a history of events that is only ever added to; states are
worked out from it:

    independent -> virtual | partial | full (own contract suspended) -> notice -> reactivated

A history is lawful or it does not exist: every function that adds an event replays the practice's whole history, so
the answer does not depend on the order in which lawful events were recorded. Decisions that the sources leave open:
a practice in the virtual or partial option moves or leaves freely, because its own contract was never suspended;
the full option is left only by the way back; a notice lapses when the practice does not reactivate on its day; after
reactivating, a practice may take part again, but the way back is then used up.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from commonweal.core.errors import InputError
from commonweal.core.parameters import Parameters, library
from commonweal.place.participation.events import (
    OPTIONS,
    Event,
    History,
    Option,
    StateName,
    known,
    standings,
)
from commonweal.place.participation.way_back import Window, windows

OPTION_OF: dict[StateName, Option] = {"virtual": "virtual", "partial": "partial", "full": "full", "notice": "full"}


@dataclass(frozen=True, slots=True)
class Spell:
    """A practice in one state: `start` is its first day, `end` the first day after; None while open."""

    practice_code: str
    state: StateName
    option: Option | None
    start: date
    end: date | None

    def __contains__(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)


@dataclass(frozen=True, slots=True)
class WayBack:
    """The way back as one practice has it on a day.

    joined              the day it joined in full
    reactivations_left  0 when the way back is used up
    windows             the next days on which its contract can be live again, with the last day for notice
    notice_for          the window for which notice stands, if it does
    """

    practice_code: str
    joined: date
    reactivations_left: int
    windows: tuple[Window, ...]
    notice_for: date | None


def participate(
    history: History,
    practice_code: str,
    option: Option,
    start: date,
    *,
    parameters: Parameters | None = None,
    recorded: date | None = None,
    note: str = "",
) -> History:
    """The history with a practice taking part in an option from a day on.

    Raises   InputError for an unknown practice or option; ParticipationBreach naming the rule and the earliest
             lawful date.
    Source   MCP framework: participation is voluntary, a practice at a time, and may be mixed inside one MCP.
    """
    if option not in OPTIONS:
        raise InputError(f"'{option}' is not a contract option.", mend=f"Choose one of {', '.join(OPTIONS)}.")
    event = Event(practice_code, "participates", start, option, recorded=recorded, note=note)
    return recorded_with(history, event, parameters)


def leave(
    history: History,
    practice_code: str,
    start: date,
    *,
    parameters: Parameters | None = None,
    recorded: date | None = None,
    note: str = "",
) -> History:
    """The history with a practice out of the MCP from a day on; from the virtual and partial options only."""
    event = Event(practice_code, "leaves", start, recorded=recorded, note=note)
    return recorded_with(history, event, parameters)


def give_notice(
    history: History,
    practice_code: str,
    notice_on: date,
    reactivate_on: date,
    partners_agree: bool,
    *,
    parameters: Parameters | None = None,
    recorded: date | None = None,
    note: str = "",
) -> History:
    """The history with a practice's notice that it takes its suspended contract back on a later day.

    Raises   ParticipationBreach for a day that is no window, notice too short, partners who do not all agree, a
             way back that is used up, a practice that is not in the full option, or notice that already stands.
    Source   parameters/participation.yaml.
    """
    event = Event(practice_code, "notice", notice_on, None, reactivate_on, partners_agree, recorded, note)
    return recorded_with(history, event, parameters)


def reactivate(
    history: History,
    practice_code: str,
    start: date,
    *,
    parameters: Parameters | None = None,
    recorded: date | None = None,
    note: str = "",
) -> History:
    """The history with a practice's own contract live again from a day on, for which notice stands.

    Raises   ParticipationBreach when no notice stands for that day.
    """
    event = Event(practice_code, "reactivates", start, recorded=recorded, note=note)
    return recorded_with(history, event, parameters)


def recorded_with(history: History, event: Event, parameters: Parameters | None = None) -> History:
    """The history with one more event, replayed to see that all of it is lawful.

    Raises   InputError for a practice that is not of the place; ParticipationBreach for an unlawful history.
    """
    known(history, event.practice_code)
    after = replace(history, events=(*history.events, event))
    standings(after, event.practice_code, parameters or library())
    return after


def spells(history: History, practice_code: str, *, parameters: Parameters | None = None) -> tuple[Spell, ...]:
    """A practice's states in order of time, without gaps from its first event on; none when it has no events.

    Raises   InputError for an unknown practice.
    """
    known(history, practice_code)
    held = standings(history, practice_code, parameters or library())
    found: list[Spell] = []
    for number, standing in enumerate(held):
        end = held[number + 1].since if number + 1 < len(held) else None
        if end == standing.since:
            continue
        # A notice whose day has passed without reactivation has lapsed: the practice is simply full again.
        if standing.state == "notice" and standing.notice_for and (end is None or end > standing.notice_for):
            found.append(Spell(practice_code, "notice", "full", standing.since, standing.notice_for))
            found.append(Spell(practice_code, "full", "full", standing.notice_for, end))
        else:
            found.append(Spell(practice_code, standing.state, OPTION_OF.get(standing.state), standing.since, end))
    return tuple(found)


def participation_on(history: History, practice_code: str, day: date, *, parameters: Parameters | None = None) -> Spell:
    """The state a practice is in on a day; independent, from the beginning of time, before its first event."""
    found = spells(history, practice_code, parameters=parameters)
    for spell in found:
        if day in spell:
            return spell
    return Spell(practice_code, "independent", None, date.min, found[0].start if found else None)


def options_on(history: History, day: date, *, parameters: Parameters | None = None) -> dict[str, Option]:
    """The option of every practice that takes part on a day, by practice code; practices that stay out are absent."""
    found = {
        code: participation_on(history, code, day, parameters=parameters).option for code in history.practice_codes
    }
    return {code: option for code, option in found.items() if option is not None}


def way_back(
    history: History, practice_code: str, on: date, *, number: int = 5, parameters: Parameters | None = None
) -> WayBack | None:
    """The way back of a practice that is in the full option on a day; None when its contract is not suspended."""
    held = parameters or library()
    past = replace(history, events=tuple(event for event in history.events if event.start <= on))
    found = standings(past, known(history, practice_code), held)
    standing = found[-1].lapsed(on) if found else None
    if standing is None or standing.joined is None or standing.terms is None:
        return None
    left = max(0, standing.terms.reactivations_most.value - standing.reactivations)
    ahead = windows(standing.joined, standing.terms, after=on, number=number) if left else ()
    return WayBack(practice_code, standing.joined, left, ahead, standing.notice_for)


def history_rows(history: History) -> list[dict[str, str]]:
    """The events as flat rows, in the order recorded, for a table, CSV or JSON."""
    return [
        {
            "practice_code": event.practice_code,
            "event": event.event,
            "option": event.option or "",
            "from": event.start.isoformat(),
            "reactivates_on": event.reactivates_on.isoformat() if event.reactivates_on else "",
            "partners_agree": ("yes" if event.partners_agree else "no") if event.event == "notice" else "",
            "recorded": event.recorded.isoformat() if event.recorded else "",
            "note": event.note,
        }
        for event in history.events
    ]


def lawful(history: History, *, parameters: Parameters | None = None) -> History:
    """The same history, every practice's events replayed.

    Raises   InputError or ParticipationBreach for the first event, by practice and date, that may not stand.
    """
    for code in sorted({event.practice_code for event in history.events}):
        known(history, code)
        standings(history, code, parameters or library())
    return history
