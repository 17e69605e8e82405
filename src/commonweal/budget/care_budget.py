"""What should the care of this place's population cost in a year, by service line and practice?

From each line's baseline and target the years are walked one by one: growth, the practice's own list, transition to
the target, and the pace-of-change limit. The year asked for is then put in whole pence, once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from commonweal.budget.baseline import baselines
from commonweal.budget.clauses import held_to_pace, in_transition, rolled_forward
from commonweal.budget.growth import growth_into, years_between
from commonweal.budget.inputs import BudgetInputs
from commonweal.budget.service_lines import ServiceLine, service_lines
from commonweal.budget.target import target
from commonweal.core.amounts import (
    Line,
    Source,
    given_column,
    over,
    pennies,
    quoted,
    summed,
    times,
    total,
)
from commonweal.core.errors import InputError
from commonweal.core.parameters import Parameters
from commonweal.core.periods import Period


@dataclass(frozen=True, slots=True)
class LineBudget:
    """One service line's budget: columns of pounds by practice.

    baseline   last full year's recurrent spend, unrounded
    historic   the baseline rolled forward to the year, unrounded
    target     the need-weighted share in the year's terms, unrounded
    funded     the year's budget in whole pence
    """

    service_line: ServiceLine
    baseline: Line
    historic: Line
    target: Line
    funded: Line


@dataclass(frozen=True, slots=True)
class CareBudget:
    """The cost of a place's care in a year, whoever pays for it and under whatever contract."""

    year: Period
    baseline_year: Period
    practices: tuple[str, ...]
    names: Mapping[str, str]
    neighbourhoods: Mapping[str, tuple[str, ...]]
    lines: tuple[LineBudget, ...]

    def line(self, code: str) -> LineBudget:
        """One service line's budget.

        Raises   KeyError for a code that is no service line.
        """
        for held in self.lines:
            if held.service_line.code == code:
                return held
        raise KeyError(code)

    @property
    def total(self) -> Line:
        """Everything: the sum of the service lines, each the sum of its practices."""
        parts = [self.of_service_line(held.service_line.code) for held in self.lines]
        return total(f"cost of care {self.year.label}", *parts)

    def of_service_line(self, code: str) -> Line:
        """One service line: the sum of its practices."""
        held = self.line(code)
        return summed(held.service_line.label, held.funded)

    def of_practice(self, code: str) -> Line:
        """One practice's population: the sum of its service lines."""
        parts = [held.funded.at(code).renamed(held.service_line.label) for held in self.lines]
        return total(f"{code} {self.names.get(code, '')}".strip(), *parts)

    def of_neighbourhood(self, code: str) -> Line:
        """One neighbourhood: the sum of its practices."""
        return total(code, *(self.of_practice(practice) for practice in self.neighbourhoods[code]))


def care_budget(inputs: BudgetInputs, year: Period, parameters: Parameters) -> CareBudget:
    """The budget of a place for a financial year.

    Raises   InputError when the year is not after the baseline year, or there is no practice.
    """
    if year.start <= inputs.baseline_year.start:
        raise InputError(
            f"{year.label} is not after the baseline year {inputs.baseline_year.label}.",
            mend="Ask for a later year, or add earlier payments.",
        )
    if not inputs.practices:
        raise InputError("The place has no practices.", mend="Choose at least one practice.")
    lines = service_lines(parameters, on=year.start)
    spent = baselines(inputs, lines, parameters)
    growth = {step.label: growth_into(step, parameters) for step in years_between(inputs.baseline_year, year)}
    lists = list_growth(inputs, year)
    return CareBudget(
        year=year,
        baseline_year=inputs.baseline_year,
        practices=inputs.practices,
        names=inputs.names,
        neighbourhoods=inputs.neighbourhoods,
        lines=tuple(_line_budget(line, spent[line.code], inputs, year, growth, lists, parameters) for line in lines),
    )


def reference_list_date(inputs: BudgetInputs, year: Period) -> date | None:
    """The day whose lists the year's budget stands on: the latest counted after the baseline year began and not
    after the year did; None where no list was counted between."""
    found = [day for day in inputs.list_counts if inputs.baseline_year.start < day <= year.start]
    return max(found, default=None)


def list_growth(inputs: BudgetInputs, year: Period) -> Line:
    """Each practice's list at the reference date ÷ its list in the baseline year; 1 where it was not counted."""
    day = reference_list_date(inputs, year)
    counted = inputs.list_counts[day] if day else {}
    comparable = {code: counted.get(code, Decimal(0)) > 0 < inputs.registered.get(code, 0) for code in inputs.practices}
    then = {code: inputs.registered[code] if comparable[code] else Decimal(1) for code in inputs.practices}
    now = {code: counted[code] if comparable[code] else Decimal(1) for code in inputs.practices}
    return over(
        "list growth since the baseline year",
        given_column(
            f"registered list, {day or 'not counted'}",
            now,
            unit="people",
            status="published",
            source=Source("NHS England, Patients Registered at a GP Practice", "1 where it was not counted"),
        ),
        given_column(
            f"registered list, {inputs.baseline_year.label}",
            then,
            unit="people",
            status="published",
            source=Source(inputs.payments_source, "1 where it is not compared"),
        ),
    )


def _line_budget(
    line: ServiceLine,
    baseline: Line,
    inputs: BudgetInputs,
    year: Period,
    growth: Mapping[str, Line],
    lists: Line,
    parameters: Parameters,
) -> LineBudget:
    wanted = target(line, baseline, inputs, parameters)
    historic = times(f"historic {inputs.baseline_year.label}, today's list", baseline, lists)
    wanted = times(f"target {inputs.baseline_year.label}, today's list", wanted, lists)
    funded = historic
    before = summed(f"{line.label}, whole place, {inputs.baseline_year.label}", historic)
    for step in years_between(inputs.baseline_year, year):
        factor = growth[step.label]
        historic = rolled_forward(historic, factor, name=f"historic {step.label}")
        wanted = rolled_forward(wanted, factor, name=f"target {step.label}")
        weight = parameters["transition_weight"].line_during(step)
        funded = _at_pace(in_transition(historic, wanted, weight), before, line, step, parameters)
        before = summed(f"{line.label}, whole place, {step.label}", funded)
    return LineBudget(line, baseline, historic, wanted, pennies(f"{line.label} {year.label}", funded))


def _at_pace(blended: Line, before: Line, line: ServiceLine, step: Period, parameters: Parameters) -> Line:
    """The blended column, all of it moved by the one factor that holds the line's whole to the pace of change.

    The limit holds for each service line of the place, and therefore for any sum of them.
    """
    whole = summed(f"{line.label}, whole place, in transition {step.label}", blended)
    if whole.amount <= 0 or before.amount <= 0:
        return blended
    limit = parameters["pace_of_change_limit"].line_during(step)
    held = held_to_pace(quoted(whole), quoted(before, f"budget of the year before {step.label}"), limit)
    return times(f"budget {step.label}, before rounding", blended, over("pace factor", held, quoted(whole)))


def regrouped(budget: CareBudget, groups: Mapping[str, Sequence[str]]) -> dict[str, Line]:
    """The year's budget of any grouping of the practices, each the sum of its practices."""
    return {name: total(name, *(budget.of_practice(code) for code in codes)) for name, codes in groups.items() if codes}
