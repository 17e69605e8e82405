"""How does a place settle a clause for a year: with what it knows, by whom, and beside what chance?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from commonweal.budget.care_budget import CareBudget
from commonweal.budget.inputs import BudgetInputs
from commonweal.contract.chance.beside import ChanceBeside, ListOfPeople, chance_beside
from commonweal.contract.chance.negotiation import attachment_pence
from commonweal.contract.chance.person_costs import PersonCosts, person_costs
from commonweal.contract.settlement.clause import GainLossShare
from commonweal.contract.settlement.outturn import FILE, outturn
from commonweal.contract.settlement.parties import by_practice
from commonweal.contract.settlement.place_inputs import KnownInputs, place_inputs_of
from commonweal.contract.settlement.record_spend import recorded_spend
from commonweal.contract.settlement.settling import Settlement, settled
from commonweal.core.amounts import Line
from commonweal.core.engine import record_engine
from commonweal.core.errors import InputError
from commonweal.core.parameters import Parameters
from commonweal.people.record import has_record, read_record
from commonweal.place.formation.forming import practice_people
from commonweal.place.inputs import Inputs
from commonweal.place.participation.events import History
from commonweal.place.participation.states import options_on


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """What a place has for a settlement: its files as read, its budget of the year, and who takes part when."""

    inputs: Inputs
    care: CareBudget
    budget_inputs: BudgetInputs
    history: History
    parameters: Parameters

    def practices(self, on: date) -> tuple[str, ...]:
        """The practices that take part on a day; all of the place where none has said yet that it does."""
        part = options_on(self.history, on, parameters=self.parameters)
        return tuple(sorted(part)) or self.budget_inputs.practices

    def people(self, on: date) -> ListOfPeople:
        """The registered people of those practices."""
        counted, practices = practice_people(self.inputs), self.practices(on)
        return ListOfPeople(sum(counted[code] for code in practices), f"lists of {len(practices)} practices")

    def person_costs(self, on: date) -> PersonCosts | None:
        """How costs vary between the people of its record; None without a record, or one without a year of costs."""
        path = self.inputs.place.path
        if not has_record(path):
            return None
        try:
            return person_costs(read_record(path), record_engine(), attachment_pence(self.parameters, on=on))
        except InputError:
            # The parameter stands in for a record that says nothing of costs.
            return None


@dataclass(frozen=True, slots=True)
class PlaceSettlement:
    """A settlement and what stands beside it.

    origins     what each input is from, in words
    chance      what chance alone gives, where the list is known
    practices   the share of each practice, of a place
    """

    clause: GainLossShare
    settlement: Settlement
    origins: Mapping[str, str]
    chance: ChanceBeside | None
    practices: Mapping[str, Line]


def known_to_place(clause: GainLossShare, facts: PlaceFacts, on: date) -> KnownInputs:
    """The inputs that a place knows by itself; what was spent from its outturn, or else from its record.

    Raises   InputError for an outturn that cannot be read, or lacks a line that the clause names.
    """
    place, year, practices = facts.inputs.place, facts.care.year, facts.practices(on)
    spent = outturn(
        place.contract / FILE,
        year,
        service_lines=[held.service_line.code for held in facts.care.lines],
        practices=practices,
        places=facts.budget_inputs.practices,
    )
    spent_from = f"contract/{FILE}, {year.label}"
    if not spent and has_record(place.path):
        spent_from = f"cost of the place's own record, {year.label}"
        record = read_record(place.path)
        spent = recorded_spend(record, record_engine(), year, practices=practices, parameters=facts.parameters)
    return place_inputs_of(clause, facts.care, facts.budget_inputs, practices, spent, spent_from)


def place_settlement(
    clause: GainLossShare,
    facts: PlaceFacts,
    on: date,
    numbers: Mapping[str, Any],
    *,
    origins: Mapping[str, str] | None = None,
    earlier: Mapping[date, Mapping[str, Any]] | None = None,
    people: ListOfPeople | None = None,
) -> PlaceSettlement:
    """A clause settled by a place: numbers that were given stand in front of those it knows.

    Takes    origins: what each given number is from; earlier: as for `settled`; people: instead of the place's lists.
    Raises   InputError for an input that is neither given nor known, saying why.
    """
    known = known_to_place(clause, facts, on)
    _refuse_unknown(clause, known, numbers)
    inputs = {**known.lines, **numbers}
    found = settled(clause, inputs, on, earlier=earlier)
    chance = chance_beside(
        clause, found, inputs, facts.parameters, people=people or facts.people(on), costs=facts.person_costs(on)
    )
    shares = by_practice(found.payment, known.weighted)
    return PlaceSettlement(clause, found, {**known.origins, **(origins or {})}, chance, shares)


def _refuse_unknown(clause: GainLossShare, known: KnownInputs, numbers: Mapping[str, Any]) -> None:
    for name, held in clause.inputs.items():
        if name in known.lines or name in numbers or held.optional:
            continue
        why = known.unknown.get(name, "a place does not know it. Give it by --inputs.")
        problem, _, mend = why.partition(". ")
        raise InputError(f"input '{name}' ({held.label}) is missing: {problem}.", where=clause.name, mend=mend)
