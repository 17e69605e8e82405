"""Is the list large enough that the corridor is wider than chance? Floats: statistics, never an amount paid."""

from __future__ import annotations

from datetime import date

from commonweal.contract.assurance.asked import Asked, Found, counted_day, rated
from commonweal.contract.assurance.found_of_contract import place_contract
from commonweal.contract.chance.corridor import Question, corridor_needed
from commonweal.contract.chance.negotiation import Negotiation, Supposed, negotiation
from commonweal.contract.chance.spread import Variation
from commonweal.contract.settlement.clause import GainLossShare
from commonweal.contract.settlement.operations import Corridor
from commonweal.contract.settlement.place_settlement import PlaceFacts
from commonweal.core.errors import ParameterProblem
from commonweal.place.formation.forming import practice_people
from commonweal.place.participation.states import options_on

CORRIDOR_FILE = "chance.csv"


def beyond_chance(asked: Asked, on: date) -> Found:
    """How often chance alone leaves the corridor, with the people of the practices that take part, in one year.

    The corridor is the contract's where it has one, else the parameter; people vary as in the place's record where it
    has one.
    """
    held = asked.parameters
    tolerated = float(held["chance_pay_for_chance"].on(on).number())
    corridor, said_by = corridor_in_use(asked, on)
    readings = of_chance(asked, on).readings
    people = readings[0].question.people
    within = [reading.question.probability <= tolerated for reading in readings]
    text = f"With {people:,} people and a corridor of {_share(corridor)} ({said_by}), a gain is paid for chance in "
    text += " and ".join(f"{_share(reading.question.probability)} ({reading.name.lower()})" for reading in readings)
    text += f" of years; {_share(tolerated)} is tolerated."
    if not all(within):
        text += f" The corridor would have to be {_share(max(corridor_needed(r.question) for r in readings))}."
    return Found(rated(all(within), any(within)), text, (CORRIDOR_FILE,))


def of_chance(asked: Asked, on: date) -> Negotiation:
    """What chance does to the place's result, as `contract corridor` says it."""
    held = asked.parameters
    tolerated = float(held["chance_pay_for_chance"].on(on).number())
    variation = Variation(float(held["chance_person_variation"].on(on).number()))
    costs = facts(asked).person_costs(on)
    question = Question(tolerated, people_counted(asked, on), 1, corridor_in_use(asked, on)[0], variation)
    return negotiation(question, Supposed(costs=costs), held, on=on)


def facts(asked: Asked) -> PlaceFacts:
    """What the place has for a settlement or its risk."""
    return PlaceFacts(asked.inputs, asked.care, asked.budget_inputs, asked.history, asked.parameters)


def people_counted(asked: Asked, on: date) -> int:
    """The people of the practices that take part; of all practices of the place where none does."""
    counted = practice_people(asked.inputs)
    taking = options_on(asked.history, counted_day(asked, on), parameters=asked.parameters)
    return sum(people for code, people in counted.items() if code in taking or not taking)


def corridor_in_use(asked: Asked, on: date) -> tuple[float, str]:
    """The corridor of the contract's gain and loss share where it is a number, else the parameter's; and its author."""
    contract = place_contract(asked)
    for clause in contract.of_kind(GainLossShare) if contract else ():
        for step in clause.operations:
            name = step.gain if isinstance(step, Corridor) else None
            if name and name in clause.terms and not clause.is_table(name):
                try:
                    return float(clause.parameters[name].on(on).number()), clause.label
                except ParameterProblem:
                    continue
    held = asked.parameters["chance_corridor"].on(on)
    return float(held.number()), f"{held.status} parameter"


def _share(value: float) -> str:
    return f"{100 * value:.1f} %"
