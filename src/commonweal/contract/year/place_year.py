"""How is a place's year of payments read from its folder, a fact added to it, and a month of it closed?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from commonweal.contract.year.checks import Known, checked
from commonweal.contract.year.closing import keep_closed, read_closed, unchanged_facts
from commonweal.contract.year.due import Dues, Setting
from commonweal.contract.year.facts import FILE, Fact, add_fact, read_facts
from commonweal.contract.year.year import SETTLEMENT, YearOfPayments, closed_statement, stages, year_of_payments
from commonweal.core.errors import InputError, RuleBreach
from commonweal.core.parameters import library
from commonweal.core.periods import month


class PlaceYear:
    """The year of payments of a place, read from its folder and checked.

    Raises   InputError when a fact cannot stand, or a closed month or a fact that it stood on was changed.
    """

    def __init__(self, folder: Path, setting: Setting) -> None:
        self.folder, self.setting = folder, setting
        self.dues = Dues(setting)
        self.facts = self._checked(read_facts(folder / FILE))
        names = [stage.name for stage in stages(setting)]
        self.closed = read_closed(folder, setting.year.label, names)
        unchanged_facts(self.closed, self.facts)

    def year(self, known_on: date | None = None) -> YearOfPayments:
        """The year as it stands on a day; with all that is known when no day is given."""
        return year_of_payments(self.setting, self.facts, self.closed, known_on=known_on, dues=self.dues)

    @property
    def differs(self) -> bool:
        """Whether the year can differ from its plain monthly statements: by facts, closed months or its calendar."""
        own = self.setting.calendar.parameters
        shipped = library()
        return bool(self.facts or self.closed) or any(
            own[part].values != shipped[f"calendar_{part}"].values for part in own
        )

    def add(self, fact: Fact) -> None:
        """Record a fact.

        Raises   InputError when it cannot stand; nothing is written then.
        """
        self._checked((*self.facts, fact))
        add_fact(self.folder / FILE, fact)

    def close(self, name: str, on: date) -> Path:
        """Close a statement of the year with what is known on a day; from then on it never changes.

        Takes    name: a month, as 2026-06, or settlement.
        Returns  the file that is kept of it.
        Raises   InputError for a name that the year does not have or that is closed already; RuleBreach when an earlier
                 one is open, or the day is before the calendar's closing day or before the last closing.
        """
        self._may_close(name, on)
        before = self.closed[-1] if self.closed else None
        return keep_closed(self.folder, closed_statement(self.year(on), name, on, before))

    def _may_close(self, name: str, on: date) -> None:
        names = [stage.name for stage in stages(self.setting)]
        if name not in names:
            there = ", ".join(held for held in names if not held.startswith(f"{SETTLEMENT}-"))
            raise InputError(f"'{name}' is no statement of {self.setting.year.label}.", mend=f"There are {there}.")
        if name in {held.statement for held in self.closed}:
            raise InputError(f"{name} is closed already.", mend="It stays as it is; what is new adjusts the next.")
        before = names[len(self.closed)]
        if name != before:
            raise RuleBreach(f"{before} is open still.", where=name, mend=f"Close {before} first.")
        earliest = self._earliest(name)
        if on < earliest:
            raise RuleBreach(f"{name} cannot be closed on {on}.", mend=f"The calendar closes it from {earliest}.")
        if self.closed and on < self.closed[-1].closed_on:
            last = self.closed[-1]
            raise RuleBreach(f"{last.statement} was closed on {last.closed_on}, after {on}.", mend="Give a later day.")

    def _earliest(self, name: str) -> date:
        calendar, year = self.setting.calendar, self.setting.year
        return calendar.settlement_date(year) if name.startswith(SETTLEMENT) else calendar.closing_date(month(name))

    def _checked(self, facts: Sequence[Fact]) -> tuple[Fact, ...]:
        if not facts:
            return ()
        _, care = self.dues.care(())
        lines = [held.service_line for held in care.lines]
        named = [f"{clause.name}/{name}" for clause in self.setting.shares for name in clause.inputs]
        known = Known(
            practices=self.setting.inputs.practices,
            service_lines=[line.code for line in lines],
            pool_lines=[line.code for line in lines if line.moves_to_performance_pay],
            settlement_inputs=[*named, *(name for clause in self.setting.shares for name in clause.inputs)],
        )
        return checked(tuple(facts), known, self.setting.history, self.setting.parameters)
