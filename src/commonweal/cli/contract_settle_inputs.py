"""Which inputs does `contract settle` have for a place, a year and a file, and where is each from?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from commonweal.cli.contract_inputs import inputs_by_year
from commonweal.contract.chance.beside import ListOfPeople
from commonweal.contract.chance.negotiation import attachment_pence
from commonweal.contract.chance.person_costs import PersonCosts, person_costs
from commonweal.contract.clauses.reading import read_contract
from commonweal.contract.settlement.clause import GainLossShare
from commonweal.contract.settlement.outturn import FILE, outturn
from commonweal.contract.settlement.place_inputs import KnownInputs, place_inputs_of
from commonweal.contract.settlement.record_spend import recorded_spend
from commonweal.core.amounts import Line, Source, given
from commonweal.core.engine import record_engine
from commonweal.core.errors import InputError
from commonweal.core.parameters import Parameters, library
from commonweal.core.periods import financial_year, financial_year_of
from commonweal.opened import OpenPlace, open_place
from commonweal.people.record import has_record
from commonweal.place.folder import PLACE_FILE
from commonweal.place.formation.forming import practice_people
from commonweal.place.participation.states import options_on


@dataclass(frozen=True, slots=True)
class SettleInputs:
    """A clause, its inputs, what each is from in words, and what is known of the people they are of."""

    clause: GainLossShare
    inputs: Mapping[str, Any]
    origins: Mapping[str, str]
    parameters: Parameters
    on: date
    earlier: Mapping[date, Mapping[str, Any]] = field(default_factory=dict)
    people: ListOfPeople | None = None
    costs: PersonCosts | None = None
    weighted: Mapping[str, Decimal] = field(default_factory=dict)


def settle_inputs(
    where: str, *, clause: str, contract: str, file: Path | None, on: date | None, year: str | None, people: int | None
) -> SettleInputs:
    """What is settled: a contract by a file of inputs, or a place by itself, with a file's numbers in front.

    Raises   InputError when neither a day nor a year is given, or both are.
    """
    if (on is None) == (year is None):
        raise InputError("A day or a year is needed.", where="--on, --year", mend="Give one, as --year 2025-26.")
    given_people = None if people is None else ListOfPeople(people, "as given by --people")
    numbers, before = _from_file(file) if file else ({}, {})
    day = on or financial_year(str(year)).start
    earlier = {financial_year(label).start: held for label, held in before.items()}
    from_file = dict.fromkeys(numbers, f"{file.name}" if file else "")
    if not (Path(where) / PLACE_FILE).is_file():
        if file is None:
            raise InputError("has no inputs of its own.", where=where, mend="Give --inputs FILE, or name a place.")
        held = read_contract(contract or where).one(GainLossShare, clause)
        return SettleInputs(held, numbers, from_file, library(), day, earlier, given_people)
    opened = open_place(where, year=year or financial_year_of(day).label)
    agreed = read_contract(contract) if contract else opened.contract
    if agreed is None:
        mend = f"Begin one: commonweal contract new {where}/contract --from mcp-gain-share. Or name --contract."
        raise InputError("The place has no contract of clauses.", where=f"{where}/contract", mend=mend)
    held = agreed.one(GainLossShare, clause)
    known, practices = _known(opened, held, day)
    _refuse_unknown(held, known, numbers)
    counted = practice_people(opened.inputs)
    listed = ListOfPeople(sum(counted[code] for code in practices), f"lists of {len(practices)} practices")
    return SettleInputs(
        held,
        {**known.lines, **numbers},
        {**known.origins, **from_file},
        opened.parameters,
        day,
        earlier,
        given_people or listed,
        _costs(opened, day),
        known.weighted,
    )


def _from_file(file: Path) -> tuple[dict[str, Line], dict[str, dict[str, Line]]]:
    now, before = inputs_by_year(file)

    def lines(held: Mapping[str, Decimal], label: str = "") -> dict[str, Line]:
        where = ", ".join(part for part in (label, "as given") if part)
        return {name: given(name, value, source=Source(file.name, where)) for name, value in held.items()}

    return lines(now), {label: lines(held, label) for label, held in before.items()}


def _known(opened: OpenPlace, clause: GainLossShare, day: date) -> tuple[KnownInputs, tuple[str, ...]]:
    part = options_on(opened.history, day, parameters=opened.parameters)
    practices = tuple(sorted(part)) or opened.budget_inputs.practices
    year = opened.year
    lines = [held.service_line.code for held in opened.care.lines]
    spent = outturn(
        opened.place.contract / FILE,
        year,
        service_lines=lines,
        practices=practices,
        places=opened.budget_inputs.practices,
    )
    spent_from = f"contract/{FILE}, {year.label}"
    if not spent and has_record(opened.place.path):
        spent_from = f"cost of the place's own record, {year.label}"
        spent = recorded_spend(opened.record, record_engine(), year, practices=practices, parameters=opened.parameters)
    return place_inputs_of(clause, opened.care, opened.budget_inputs, practices, spent, spent_from), practices


def _refuse_unknown(clause: GainLossShare, known: KnownInputs, numbers: Mapping[str, Any]) -> None:
    for name, held in clause.inputs.items():
        if name in known.lines or name in numbers or held.optional:
            continue
        why = known.unknown.get(name, "a place does not know it. Give it by --inputs.")
        problem, _, mend = why.partition(". ")
        raise InputError(f"input '{name}' ({held.label}) is missing: {problem}.", where=clause.name, mend=mend)


def _costs(opened: OpenPlace, on: date) -> PersonCosts | None:
    if not has_record(opened.place.path):
        return None
    try:
        points = attachment_pence(opened.parameters, on=on)
        return person_costs(opened.record, record_engine(), points)
    except InputError:
        # A record without a year of costs says nothing of how costs vary; the parameter stands in.
        return None
