"""What can be worked out from one place, and from what?

The report, the commands and Python programs all ask here, so that they print the same figures. Everything is worked
out when it is first asked for, and once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Literal

import ibis.expr.types as ir

from commonweal.budget.care_budget import CareBudget, care_budget
from commonweal.budget.clauses import CONVENTIONS
from commonweal.budget.from_place import budget_inputs, by_line
from commonweal.budget.inputs import BudgetInputs, TargetNeed
from commonweal.budget.person_based import PersonWeights
from commonweal.budget.person_based_record import person_weights
from commonweal.budget.whole_population_budget import QuarterBudget, quarter_budgets
from commonweal.contract.agreed.in_force import contract_of_place, parameters_in_force, refuse_strangers
from commonweal.contract.agreed.options_clause import OptionsClause
from commonweal.contract.clauses.reading import Contract
from commonweal.contract.options import OptionBudget, Options, options
from commonweal.contract.practice_income import PublishedIncome, published_income
from commonweal.contract.practice_page import PracticePage, practice_page
from commonweal.contract.settlement.clause import GainLossShare
from commonweal.contract.settlement.place_settlement import PlaceFacts
from commonweal.contract.statement import Statement, year_statements
from commonweal.contract.year.calendar import calendar_terms
from commonweal.contract.year.due import Setting
from commonweal.contract.year.place_year import PlaceYear
from commonweal.core.amounts import Source, Status
from commonweal.core.engine import record_engine
from commonweal.core.errors import InputError
from commonweal.core.findings import Finding
from commonweal.core.parameters import Parameters, library
from commonweal.core.periods import Period, financial_year, financial_year_of
from commonweal.need.kept import kept_person_need
from commonweal.people.record import Record, read_record
from commonweal.place.checks.run import check
from commonweal.place.folder import Place, read_place
from commonweal.place.formation.file import formation_of_place
from commonweal.place.formation.forming import PlaceFormation, form_place
from commonweal.place.inputs import Inputs, place_inputs
from commonweal.place.participation.events import History
from commonweal.place.participation.file import read_history
from commonweal.place.participation.states import options_on

Progress = Callable[[str, float], None]
NeedWeights = Literal["published", "person"]


PAYER_TYPES = ("ICB", "NHS England", "local authority")


class OpenPlace:
    """A place and everything that follows from it for one financial year.

    Takes    place: as read from its folder; year: the financial year the contract starts in when not given;
             inputs: published files read already, when many places share them; need_weights: what sets the targets of
             block lines, `published` weighted people or those that the place's own record gives (`person`).
    """

    def __init__(
        self,
        place: Place,
        *,
        year: Period | None = None,
        inputs: Inputs | None = None,
        need_weights: NeedWeights = "published",
    ) -> None:
        self.place = place
        self.need_weights = need_weights
        self.parameters: Parameters = parameters_in_force(place.contract, library(), self.contract)
        self.year = year or financial_year_of(place.contract_start)
        self._inputs = inputs

    @cached_property
    def contract(self) -> Contract | None:
        """The clauses that the place's contract folder holds, with those they are based on; None where it has none.

        Raises   ClauseProblem telling every fault found.
        """
        found = contract_of_place(self.place.contract)
        if found:
            refuse_strangers(found, self.place.practice_codes)
        return found

    @cached_property
    def inputs(self) -> Inputs:
        """The published files and the place's ledger, read."""
        return self._inputs or place_inputs(self.place, parameters=self.parameters)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What the checks on the inputs found."""
        return tuple(check(self.inputs))

    def formed(self, *, progress: Progress | None = None) -> PlaceFormation:
        """The place's neighbourhoods: those it keeps, or new ones, which are then written into its folder."""
        kept = formation_of_place(self.inputs, self.parameters)
        formed = kept or form_place(self.inputs, self.parameters, progress=progress)
        self.place = formed.place
        self.__dict__.pop("budget_inputs", None)
        return formed

    @cached_property
    def budget_inputs(self) -> BudgetInputs:
        """What the budget is worked out from."""
        kept = {code: held.practice_codes for code, held in self.place.neighbourhoods.items()}
        found = budget_inputs(self.inputs, neighbourhoods=kept)
        return found if self.need_weights == "published" else replace(found, target_need=self._target_need)

    @cached_property
    def record(self) -> Record:
        """The linked record of the place's people.

        Raises   NotAPlace when it has none.
        """
        return read_record(self.place.path)

    @cached_property
    def person_weights(self) -> PersonWeights:
        """How needy each practice's people are by the place's own record, beside the published weights.

        Raises   NotAPlace when the place has no record; InputError when the record is too short or has no cost.
        """
        engine = record_engine()

        def need_on(day: date) -> ir.Table:
            return kept_person_need(self.place.path, self.record, engine, on=day, parameters=self.parameters)

        return person_weights(
            self.record,
            engine,
            need_on,
            published=by_line(self.inputs.need_populations),
            listed={code: Decimal(people) for code, people in self.inputs.listed_people.items()},
            parameters=self.parameters,
        )

    @property
    def _target_need(self) -> dict[str, TargetNeed]:
        weights = self.person_weights
        status: Status = "illustrative" if weights.synthetic else "derived"
        made_up = ", of people who are made up" if weights.synthetic else ""
        source = Source(f"the place's own record{made_up}", f"{weights.record}, cost of {weights.learned_from.label}")
        held = weights.weighted_people()
        return {component: TargetNeed(people, status, source) for component, people in held.items()}

    @cached_property
    def care(self) -> CareBudget:
        """What the care of the place's population should cost in the year."""
        return care_budget(self.budget_inputs, self.year, self.parameters)

    @cached_property
    def history(self) -> History:
        """Which practice takes part, how, and from when.

        Raises   ParticipationBreach when a practice takes an option that the contract does not offer it.
        """
        found = read_history(
            self.place.path,
            self.place.practice_codes,
            contract_start=self.place.contract_start,
            parameters=self.parameters,
        )
        self.refuse_unoffered(found)
        return found

    @property
    def facts(self) -> PlaceFacts:
        """What the place has for a settlement or its risk."""
        return PlaceFacts(self.inputs, self.care, self.budget_inputs, self.history, self.parameters)

    def refuse_unoffered(self, history: History) -> None:
        """Nothing, where the contract offers each practice what it takes; everything is offered without a contract.

        Raises   ParticipationBreach naming the practice, the clause and the first day the option is offered.
        """
        if self.contract:
            for clause in self.contract.of_kind(OptionsClause):
                clause.refuse_unoffered(history)

    def options(self, on: date | None = None) -> Options:
        """The three options side by side, and what is agreed on a day; the year's first day when none is given.

        A contract that starts inside the year is shown on its first day.
        """
        day = on or max(self.year.start, min(self.place.contract_start, self.year.end))
        return options(
            self.care, self.parameters, day, agreed=options_on(self.history, day, parameters=self.parameters)
        )

    def quarters(self, option: OptionBudget) -> tuple[QuarterBudget, ...]:
        """The year's quarters under an option, under both list-change conventions."""
        return tuple(
            quarter
            for convention in CONVENTIONS
            for quarter in quarter_budgets(option.budget, self.budget_inputs, self.parameters, convention)
        )

    def statements(self, month: Period) -> tuple[Statement, ...]:
        """The statements of the year up to a month, in order; each settles what earlier ones owe.

        Those closed are as they were kept, and facts that became known are in the others.

        Raises   InputError for a month outside the year, before the contract starts or without a statement of its own.
        """
        plain = year_statements(
            self.care, self.budget_inputs, self.history, self.parameters, payers=self.payers, up_to=month
        )
        return self.payments.year().up_to(month) if self.payments.differs else plain

    @cached_property
    def payments(self) -> PlaceYear:
        """The year of payments: its facts and closed months, read from the folder and checked."""
        setting = Setting(
            self.year,
            self.budget_inputs,
            self.history,
            self.parameters,
            calendar_terms(self.parameters),
            self.payers,
            shares=self.contract.of_kind(GainLossShare) if self.contract else (),
        )
        return PlaceYear(self.place.path, setting)

    @property
    def payers(self) -> Mapping[str, str]:
        """Who pays, by type of commissioner."""
        board = self.place.commissioner_name or self.place.commissioner_code
        return {"ICB": board, "NHS England": "NHS England", "local authority": "Local authorities"}

    def practice_page(self, code: str, *, on: date | None = None) -> PracticePage:
        """What joining means for one practice.

        Raises   InputError when the place has no such practice.
        """
        wanted = code.strip().upper()
        if wanted not in self.place.practice_codes:
            raise InputError(f"{wanted} is no practice of {self.place.name}.", mend="Its practices are in place.yaml.")
        day = on or max(self.year.start, self.place.contract_start)
        return practice_page(
            wanted, self.inputs.names[wanted], self._income[wanted], self.history, self.parameters, on=day
        )

    @cached_property
    def _income(self) -> Mapping[str, PublishedIncome]:
        return published_income(self.inputs)


def open_place(folder: str | Path, *, year: str | None = None, need_weights: NeedWeights = "published") -> OpenPlace:
    """The place in a folder, ready to be asked.

    Takes    year: a financial year such as 2026-27; the one the contract starts in when not given; need_weights: what
             sets the targets of block lines, as for OpenPlace.
    Raises   NotAPlace when the folder is not a place.
    """
    return OpenPlace(read_place(Path(folder)), year=financial_year(year) if year else None, need_weights=need_weights)
