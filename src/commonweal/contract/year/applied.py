"""What do lists, participation and scope come to once facts are known?

Each function takes what the place says and lays facts over it. What holds on a day follows from the facts as a set,
never from the order in which they arrived.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

from commonweal.budget.inputs import BudgetInputs
from commonweal.contract.scope import Scope, ScopeRow, scope_on
from commonweal.contract.year.facts import Fact
from commonweal.core.amounts import Source
from commonweal.core.errors import ParameterProblem
from commonweal.core.parameters import Parameters
from commonweal.core.periods import Period, quarters
from commonweal.place.participation.events import OPTIONS, History, Option
from commonweal.place.participation.states import participation_on


@dataclass(frozen=True, slots=True)
class Days:
    """A part of a month in which nothing changes."""

    start: date
    end: date

    @property
    def length(self) -> int:
        """How many days it has."""
        return (self.end - self.start).days


def counted(inputs: BudgetInputs, facts: Iterable[Fact]) -> BudgetInputs:
    """The inputs with the list counts that facts tell.

    A day on which only some practices were counted keeps the latest earlier count of the others.
    """
    told: dict[date, dict[str, Decimal]] = {}
    for fact in facts:
        if fact.kind == "list_count":
            told.setdefault(fact.effective_from, {})[fact.subject] = Decimal(fact.value)
    if not told:
        return inputs
    found: dict[date, dict[str, Decimal]] = {}
    before: dict[str, Decimal] = {}
    for day in sorted({*inputs.list_counts, *told}):
        held = dict(inputs.list_counts[day]) if day in inputs.list_counts else dict(before)
        found[day] = before = {**held, **told.get(day, {})}
    return replace(inputs, list_counts=found)


def in_force(inputs: BudgetInputs, year: Period, quarter: int, listed: Sequence[int]) -> BudgetInputs:
    """The inputs with only those list counts that can move a quarter.

    Takes    quarter: 1 to 4; listed: the quarters whose lists count. A quarter that is not listed stands on the lists
             of the latest listed before it, or on the reference list.
    """
    before = [number for number in listed if number <= quarter]
    until = quarters(year)[max(before) - 1].start if before else year.start
    return replace(inputs, list_counts={day: held for day, held in inputs.list_counts.items() if day <= until})


def parts_of_month(facts: Iterable[Fact], month: Period, part_month: str) -> tuple[Days, ...]:
    """The parts of a month between changes of participation and scope; the month in one where whole months count."""
    days = {month.start}
    if part_month == "days":
        for fact in facts:
            if fact.kind in ("participation", "scope"):
                days.update(day for day in (fact.effective_from, fact.effective_to) if day and day in month)
    ordered = [*sorted(days), month.end]
    return tuple(Days(start, end) for start, end in pairwise(ordered))


def taking_part(history: History, facts: Iterable[Fact], day: date, parameters: Parameters) -> dict[str, Option]:
    """The option of every practice that takes part on a day: of history and facts, the change that began last."""
    found: dict[str, Option] = {}
    said = [fact for fact in facts if fact.kind == "participation" and fact.effective_from <= day]
    for code in history.practice_codes:
        spell = participation_on(history, code, day, parameters=parameters)
        own = [fact for fact in said if fact.subject == code and fact.effective_from >= spell.start]
        option = spell.option
        if own:
            last = max(own, key=lambda fact: fact.effective_from).value
            option = next((held for held in OPTIONS if held == last), None)
        if option is not None:
            found[code] = option
    return found


def scope_with(parameters: Parameters, facts: Iterable[Fact], day: date) -> Scope:
    """The scope in force on a day with the variations that facts tell.

    What a variation moves into the budget, or out of it, leaves the practices their part of the rest.
    """
    scope = scope_on(parameters, day)
    told = [fact for fact in facts if fact.kind == "scope" and fact.effective_from <= day]
    told = [fact for fact in told if fact.effective_to is None or day < fact.effective_to]
    cells = dict(scope.cells)
    # The variation that began last holds; one of a practice holds over one of all practices, which comes before it.
    for fact in sorted(told, key=lambda held: (held.subject.count("/"), held.effective_from, held.fact_id)):
        option, line, practice = (*fact.subject.split("/"), "")[:3]
        taken = next(held for held in OPTIONS if held == option)
        row = _row(scope, taken, line, practice)
        share = Decimal(fact.value)
        cells[(taken, line, practice)] = replace(
            row,
            share_in_scope=share,
            stays_with_practices=row.kept_of_outside * (1 - share),
            pooled_view=row.pooled_view if share < 1 else Decimal(0),
            status="given",
            source=Source(fact.source, f"fact {fact.fact_id}, known {fact.known_on}"),
            practice_code=practice,
        )
    return replace(scope, cells=cells)


def _row(scope: Scope, option: Option, line: str, practice: str) -> ScopeRow:
    try:
        return scope.row(option, line, practice)
    except ParameterProblem:
        nothing = Decimal(0)
        return ScopeRow(option, line, nothing, nothing, nothing, "given", Source("not in the scope"))
