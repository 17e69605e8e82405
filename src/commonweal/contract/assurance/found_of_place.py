"""What does the system find of the place: its files, its scope, and who takes part?"""

from __future__ import annotations

from datetime import date

from commonweal.contract.agreed.scope_clause import ScopeClause
from commonweal.contract.assurance.asked import Asked, Found, counted, counted_day, rated
from commonweal.contract.assurance.found_of_contract import place_contract
from commonweal.core.findings import counts
from commonweal.core.parameters import Parameter, library
from commonweal.place.participation.states import options_on, participation_on, way_back

FINDINGS_FILE = "findings.csv"
PARTICIPATION_FILE = "participation.csv"
CLAUSES = "contract/"


def published_files(asked: Asked, on: date) -> Found:
    """Whether the checks of the published files pass."""
    found = counts(asked.findings)
    text = f"The checks found {counted(found['error'], 'error')} and {counted(found['warning'], 'warning')}."
    rating = rated(not found["error"] and not found["warning"], not found["error"])
    return Found(rating, text, (FINDINGS_FILE,))


def scope_agreed(asked: Asked, on: date) -> Found:
    """Whether the place has a scope of its own, dated, or stands on the library's default."""
    clauses = place_contract(asked)
    own = clauses.of_kind(ScopeClause) if clauses else ()
    if own:
        named = ", ".join(clause.label for clause in own)
        return Found("green", f"The contract has a clause of scope: {named}.", (CLAUSES,))
    name = str(asked.parameters["scope_in_use"].on(on).value)
    scope = asked.parameters[name]
    held = scope.on(on)
    if _is_own(scope):
        status = "" if held.status != "illustrative" else ", and is still marked illustrative"
        text = f"{scope.label} is the place's own and holds from {held.start}{status}."
        return Found(rated(not status, True), text, (CLAUSES,))
    if _is_own(asked.parameters["scope_in_use"]):
        return Found("amber", f"The place takes {scope.label} of the library whole; no row is its own.", (CLAUSES,))
    text = f"{scope.label} of the library is in use, which nobody agreed; the place has written none of its own."
    return Found("red", text)


def _is_own(parameter: Parameter) -> bool:
    return parameter.name not in library() or parameter != library()[parameter.name]


def participation(asked: Asked, on: date) -> Found:
    """Whether every practice of the place has said if and how it takes part."""
    day = counted_day(asked, on)
    said = {event.practice_code for event in asked.history.events if event.start <= day}
    silent = [code for code in asked.place.practice_codes if code not in said]
    taking = options_on(asked.history, day, parameters=asked.parameters)
    shown = ", ".join(f"{list(taking.values()).count(option)} {option}" for option in sorted(set(taking.values())))
    text = f"{len(said)} of {counted(len(asked.place.practice_codes), 'practice')} have said so by {day}"
    text += f": {shown}." if taking else "; none takes part."
    if silent:
        text += f" Not yet: {', '.join(silent)}."
    return Found(rated(not silent, bool(taking)), text, (PARTICIPATION_FILE,))


def right_to_return(asked: Asked, on: date) -> Found:
    """Whether each practice whose own contract is suspended still has a day to take it back."""
    day = counted_day(asked, on)
    ways = [
        held
        for code in asked.place.practice_codes
        if (held := way_back(asked.history, code, day, number=1, parameters=asked.parameters)) is not None
    ]
    if not ways:
        return Found("green", f"No practice has suspended its own contract on {day}.", (PARTICIPATION_FILE,))
    used_up = [held.practice_code for held in ways if not held.windows]
    windows = sorted((w.reactivate_on, w.last_day_for_notice) for held in ways for w in held.windows)
    text = f"{counted(len(ways), 'practice')} suspended an own contract."
    if windows:
        first, notice = windows[0]
        text += f" The next day to take one back is {first}, with notice by {notice}."
    if used_up:
        text += f" No way back is left to {', '.join(used_up)}."
    return Found(rated(not used_up, True), text, (PARTICIPATION_FILE,))


def full_option(asked: Asked, on: date) -> Found:
    """Whether anything depends on practices in the full option."""
    day = counted_day(asked, on)
    full = [
        code
        for code in asked.place.practice_codes
        if participation_on(asked.history, code, day, parameters=asked.parameters).option == "full"
    ]
    if not full:
        return Found("green", f"No practice takes the full option on {day}.", (PARTICIPATION_FILE,))
    text = f"{counted(len(full), 'practice')} take" + ("s" if len(full) == 1 else "")
    return Found("amber", f"{text} the full option on {day}: {', '.join(full)}.", (PARTICIPATION_FILE, "options.csv"))
