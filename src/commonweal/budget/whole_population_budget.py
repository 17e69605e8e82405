"""Which part of the cost of care is in the MCP's whole population budget, by year and by quarter?

Source   MCP contract, whole population budget: steps 2, 4 and 7.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from commonweal.budget.care_budget import CareBudget, reference_list_date
from commonweal.budget.clauses import Convention, counted_change, list_change, quarter_sum
from commonweal.budget.inputs import BudgetInputs
from commonweal.core.amounts import Line, Source, given, given_column, less, over, pennies, summed, times, total
from commonweal.core.parameters import Parameters
from commonweal.core.periods import Period, quarters


@dataclass(frozen=True, slots=True)
class WholePopulationBudget:
    """A year's budget under a scope: columns of whole pence by practice, for each service line.

    in_budget        paid to the MCP in twelfths
    performance_pay  in scope, but paid for results instead
    outside          not in scope: stays with the practices or in other contracts
    The three sum to the cost of care, to the penny, for every practice and service line.
    """

    year: Period
    practices: tuple[str, ...]
    in_budget: Mapping[str, Line]
    performance_pay: Mapping[str, Line]
    outside: Mapping[str, Line]

    @property
    def total(self) -> Line:
        """The whole population budget of the year."""
        return total(
            f"whole population budget {self.year.label}", *(summed(x.name, x) for x in self.in_budget.values())
        )

    def of_practice(self, code: str) -> Line:
        """One practice's part of the whole population budget."""
        return total(code, *(line.at(code) for line in self.in_budget.values()))


@dataclass(frozen=True, slots=True)
class QuarterBudget:
    """One quarter's sum under one convention, and the list it stands on.

    counted_on   the day the lists were counted; None where no count was handed in and the reference list stands
    """

    quarter: Period
    convention: Convention
    counted_on: str | None
    change: Line
    amount: Line


def whole_population_budget(care: CareBudget, scope_shares: Mapping[str, Line]) -> WholePopulationBudget:
    """The part of the cost of care that is in scope.

    Takes    scope_shares: by service line, a column of shares by practice, 0 for a practice that stays out.
    Raises   KeyError when a service line has no shares.
    """
    in_budget: dict[str, Line] = {}
    performance_pay: dict[str, Line] = {}
    outside: dict[str, Line] = {}
    for held in care.lines:
        code, label = held.service_line.code, held.service_line.label
        in_scope = pennies(f"{label} in scope", times(f"{label} × scope", held.funded, scope_shares[code]))
        outside[code] = less(f"{label} outside", held.funded, in_scope)
        nothing = _nothing(f"{label}: none", care.practices)
        moves = held.service_line.moves_to_performance_pay
        in_budget[code] = (nothing if moves else in_scope).renamed(label)
        performance_pay[code] = (in_scope if moves else nothing).renamed(f"{label}, paid for results")
    return WholePopulationBudget(care.year, care.practices, in_budget, performance_pay, outside)


def quarter_budgets(
    budget: WholePopulationBudget, inputs: BudgetInputs, parameters: Parameters, convention: Convention
) -> tuple[QuarterBudget, ...]:
    """The four quarters' sums as the weighted list of the practices in the budget moves.

    A practice's weighted list moves with its registered list: weight per head is held at the reference date's. The
    list of a quarter is the latest counted after the reference date and not after the quarter's first day.
    """
    tolerance = parameters["list_change_tolerance"].line_during(budget.year)
    reference = reference_list_date(inputs, budget.year)
    found = []
    for number, quarter in enumerate(quarters(budget.year), start=1):
        counted_on = max(
            (day for day in inputs.list_counts if reference is not None and reference < day <= quarter.start),
            default=None,
        )
        change = _change(budget, inputs, reference, counted_on)
        amount = quarter_sum(budget.total, counted_change(change, tolerance, convention), number=number)
        day = counted_on or reference
        found.append(QuarterBudget(quarter, convention, str(day) if day else None, change, amount))
    return tuple(found)


def _change(
    budget: WholePopulationBudget, inputs: BudgetInputs, reference: date | None, counted_on: date | None
) -> Line:
    if reference is None or counted_on is None:
        return given("list change", "0", unit="ratio", working="no list was counted: the reference list stands")
    then, now = inputs.list_counts[reference], inputs.list_counts[counted_on]
    paid_for = _practices_in(budget)
    compared = [code for code in paid_for if then.get(code, Decimal(0)) > 0 and now.get(code, Decimal(0)) > 0]
    one = dict.fromkeys(paid_for, Decimal(1))
    before = given_column(
        f"weighted list, {reference}",
        {code: inputs.weighted.get(code, Decimal(0)) for code in paid_for},
        unit="weighted people",
        status="published",
        source=Source(inputs.payments_source, f"weighted patients, {inputs.baseline_year.label}"),
    )
    moved = over(
        "registered list, now ÷ reference",
        _counted(counted_on, {**one, **{code: now[code] for code in compared}}),
        _counted(reference, {**one, **{code: then[code] for code in compared}}),
    )
    after = times(f"weighted list, {counted_on}", before, moved)
    return list_change(summed(after.name, after), summed(before.name, before))


def _counted(day: date, people: Mapping[str, Decimal]) -> Line:
    source = Source("NHS England, Patients Registered at a GP Practice", "1 where a practice was not counted twice")
    return given_column(f"registered list, {day}", people, unit="people", status="published", source=source)


def _practices_in(budget: WholePopulationBudget) -> tuple[str, ...]:
    """The practices with anything in the budget; all of them where none has, so that a change can still be shown."""
    columns = [line.by_key() for line in budget.in_budget.values()]
    found = tuple(code for code in budget.practices if any(column[code] != 0 for column in columns))
    return found or budget.practices


def _nothing(name: str, practices: tuple[str, ...]) -> Line:
    return given_column(name, dict.fromkeys(practices, Decimal(0)), working="nothing of this line")
