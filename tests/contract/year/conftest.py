"""A place small enough to work a year of payments out by hand, and months closed as time goes on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from commonweal.budget.clauses import Convention
from commonweal.budget.inputs import BudgetInputs
from commonweal.contract.settlement.clause import GainLossShare
from commonweal.contract.year.calendar import calendar_terms
from commonweal.contract.year.closing import Closed
from commonweal.contract.year.due import Dues, Setting
from commonweal.contract.year.facts import Fact
from commonweal.contract.year.year import closed_statement, stages, year_of_payments
from commonweal.core.parameters import Parameters, library
from commonweal.core.periods import financial_year, months_later
from commonweal.place.participation.events import History, Option
from commonweal.place.participation.states import participate

from ..conftest import inputs_of

START = date(2026, 4, 1)
YEAR = financial_year("2026-27")
LISTS = {"A1": 9000, "A2": 12000, "A3": 5000}
COUNTS = {
    date(2025, 10, 1): LISTS,
    date(2026, 7, 1): {"A1": 9300, "A2": 12500, "A3": 5000},
}


def with_values(**values: Any) -> Parameters:
    """The library's parameters with other values, dated as theirs."""
    held = library()
    changed = {
        name: replace(held[name], values=tuple(replace(dated, value=value) for dated in held[name].values))
        for name, value in values.items()
    }
    return Parameters({**{name: held[name] for name in held}, **changed})


def setting_of(
    options: Mapping[str, Option],
    *,
    counts: Mapping[date, Mapping[str, int]] | None = None,
    convention: Convention | None = None,
    shares: Sequence[GainLossShare] = (),
    inputs: BudgetInputs | None = None,
    **values: Any,
) -> Setting:
    """A place whose practices take part from the first day of the year, with these values in front of the library's."""
    history = History(tuple(LISTS), contract_start=START)
    for code, option in options.items():
        history = participate(history, code, option, START)
    parameters = with_values(**values)
    return Setting(
        YEAR,
        inputs or inputs_of(LISTS, list_counts=counts or COUNTS),
        history,
        parameters,
        calendar_terms(parameters),
        {"ICB": "the board"},
        convention,
        tuple(shares),
    )


def fact(number: int, kind: str, subject: str, value: str, start: str, known: str, **more: Any) -> Fact:
    """A fact, its days written as text."""
    day = date.fromisoformat
    return Fact(f"F{number:03d}", day(known), day(start), kind, subject, value, "the board's letter", **more)


def closing_day(setting: Setting, name: str) -> date:
    """The first day on which a statement of the year can be closed."""
    held = next(stage for stage in stages(setting) if stage.name == name)
    if name.startswith("settlement"):
        number = int(name.partition("-")[2] or 1) - 1
        return months_later(setting.calendar.settlement_date(setting.year), number)
    return setting.calendar.closing_date(held.month)


def closed_up_to(setting: Setting, facts: Sequence[Fact], last: str, dues: Dues | None = None) -> tuple[Closed, ...]:
    """The statements closed one after another, each on its closing day with what was known then."""
    worked_out = dues or Dues(setting)
    found: list[Closed] = []
    for stage in stages(setting):
        day = closing_day(setting, stage.name)
        year = year_of_payments(setting, facts, found, known_on=day, dues=worked_out)
        if year.named(stage.name) is None:
            break
        found.append(closed_statement(year, stage.name, day, found[-1] if found else None))
        if stage.name == last:
            break
    return tuple(found)


def received(made: Any, **wanted: str) -> Decimal:
    """What a statement received, of one practice or for one month of service where asked."""
    return summed(made, direction="received", **wanted)


def summed(made: Any, **wanted: str) -> Decimal:
    """The amounts of a statement's entries that have these values."""
    found = Decimal(0)
    for held in made.entries:
        entry = held.entry
        has = {
            "direction": entry.direction,
            "purpose": entry.purpose,
            "line": entry.service_line,
            "served": entry.served.label,
            "adjusts": held.adjusts,
            "party": entry.party,
        }
        practice = wanted.get("practice")
        if all(has[name] == value for name, value in wanted.items() if name != "practice"):
            for code, amount in entry.column.by_key().items():
                if practice in (None, code):
                    found += amount
    return found


@pytest.fixture(scope="session")
def make_setting() -> Callable[..., Setting]:
    """The maker of small places."""
    return setting_of
