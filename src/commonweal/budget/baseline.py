"""What was spent on each service line for each practice's people in the last full year?

Lines known practice by practice are taken as paid. The others take the place's own ledger where it speaks of them,
by share of the weighted list, and otherwise the national cost per head times the practice's weighted population.
What does not recur is shown and taken out; full-year effects, agreed pressures and corrections are added.

Source   MCP contract, whole population budget: steps 3 and 4.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from commonweal.budget.clauses import block_share
from commonweal.budget.growth import price_ratio
from commonweal.budget.inputs import BudgetInputs, LocalSpend
from commonweal.budget.service_lines import PaymentLineUse, ServiceLine, payment_line_uses
from commonweal.core.amounts import Line, Source, given, given_column, less, one_plus, times, total
from commonweal.core.parameters import Parameters
from commonweal.core.periods import financial_year_of

SPENT = ("recurrent", "non_recurrent")
ADDED = {
    "full_year_effect": "full-year effect",
    "agreed_pressure": "agreed pressure",
    "data_correction": "data correction",
}


def baselines(inputs: BudgetInputs, lines: Sequence[ServiceLine], parameters: Parameters) -> Mapping[str, Line]:
    """The baseline of each service line: a column of pounds by practice, not yet rounded."""
    uses = payment_line_uses(parameters, on=inputs.baseline_year.start)
    return {line.code: _baseline(line, inputs, uses, parameters) for line in lines}


def need_population(line: ServiceLine, inputs: BudgetInputs, parameters: Parameters) -> Line:
    """The weighted population that a block line is paid for: registered people, and an estimate of the unregistered."""
    weighted = given_column(
        f"weighted population, {line.target_basis.replace('_', ' ')}",
        _by_practice(inputs, inputs.need[line.target_basis]),
        unit="weighted people",
        status="published",
        source=Source(inputs.need_source),
    )
    return _served(weighted, inputs, parameters)


def target_population(line: ServiceLine, inputs: BudgetInputs, parameters: Parameters) -> Line:
    """The weighted population that sets a block line's target: the place's own weights where it uses them, else the
    published ones."""
    own = inputs.target_need.get(line.target_basis)
    if own is None:
        return need_population(line, inputs, parameters)
    weighted = given_column(
        f"weighted population by the place's record, {line.target_basis.replace('_', ' ')}",
        _by_practice(inputs, own.people),
        unit="weighted people",
        status=own.status,
        source=own.source,
        working="the place's published weighted people, shared by what care of its practices' people costs",
    )
    return _served(weighted, inputs, parameters)


def _served(weighted: Line, inputs: BudgetInputs, parameters: Parameters) -> Line:
    unregistered = parameters["unregistered_share"].line_during(inputs.baseline_year)
    return times("weighted population served", weighted, one_plus("1 + unregistered", unregistered))


def national_cost(line: ServiceLine, inputs: BudgetInputs, parameters: Parameters) -> Line:
    """A block line's national cost per head in the prices of the baseline year."""
    parameter = parameters[line.code]
    held = parameter.on(inputs.baseline_year.start)
    price_year = financial_year_of(held.start)
    cost = parameter.line(
        on=inputs.baseline_year.start, name=f"national cost per head of {_in_words(line)}, {price_year.label} prices"
    )
    if price_year == inputs.baseline_year:
        return cost
    return times(
        f"national cost per head of {_in_words(line)}, {inputs.baseline_year.label} prices",
        cost,
        price_ratio(parameters, start=price_year, to=inputs.baseline_year),
    )


def _baseline(
    line: ServiceLine, inputs: BudgetInputs, uses: Mapping[str, PaymentLineUse], parameters: Parameters
) -> Line:
    local = [row for row in inputs.local_spend if row.service_line == line.code]
    spent: list[Line] = []
    leaving: list[Line] = []
    if line.baseline == "attributable":
        paid, not_recurring = _payments(line, inputs, uses)
        spent, leaving = [*paid, *not_recurring], [*not_recurring]
    elif not any(row.recurrence in SPENT for row in local):
        cost, population = national_cost(line, inputs, parameters), need_population(line, inputs, parameters)
        spent = [times("national cost of this population", population, cost, unit="GBP")]
    own = _local_columns(line, inputs, local)
    spent += [own[kind] for kind in SPENT if kind in own]
    leaving += [own[kind] for kind in SPENT[1:] if kind in own]
    whole = total("spend", *spent) if spent else _nothing(inputs, "spend")
    kept = less("recurrent spend", whole, total("non-recurrent", *leaving)) if leaving else whole
    added = [own[kind] for kind in ADDED if kind in own]
    name = f"baseline {inputs.baseline_year.label}"
    return total(name, kept, *added) if added else kept.renamed(name)


def _payments(
    line: ServiceLine, inputs: BudgetInputs, uses: Mapping[str, PaymentLineUse]
) -> tuple[list[Line], list[Line]]:
    recurring: list[Line] = []
    others: list[Line] = []
    source = Source(inputs.payments_source, inputs.baseline_year.label)
    for code, use in uses.items():
        if use.service_line == line.code and code in inputs.payments:
            values = _by_practice(inputs, inputs.payments[code])
            column = given_column(use.label, values, status="published", source=source)
            (recurring if use.recurrent and line.recurrent else others).append(column)
    return recurring, others


def _local_columns(line: ServiceLine, inputs: BudgetInputs, rows: Sequence[LocalSpend]) -> dict[str, Line]:
    """The place's own ledger for a line, by recurrence: columns of pounds by practice."""
    found: dict[str, Line] = {}
    for kind in (*SPENT, *ADDED):
        parts = [_local_column(line, inputs, row) for row in rows if row.recurrence == kind]
        if parts:
            found[kind] = total(ADDED.get(kind, f"{kind.replace('_', '-')} spend of the place's ledger"), *parts)
    return found


def _local_column(line: ServiceLine, inputs: BudgetInputs, row: LocalSpend) -> Line:
    source = Source("the place's ledger", row.source)
    if row.practice_code:
        values = {code: row.amount if code == row.practice_code else Decimal(0) for code in inputs.practices}
        return given_column(f"{line.label}, {row.practice_code}", values, source=source)
    spend = given(f"{line.label}, whole {row.population}", row.amount, source=source)
    people = _shared_by(line, inputs)
    column = given_column("weighted list", _by_practice(inputs, people), unit="weighted people", status="published")
    if row.population == "commissioner" and line.target_basis in inputs.commissioner_need:
        whole = inputs.commissioner_need[line.target_basis]
    else:
        whole = sum(people.values(), Decimal(0))
    everyone = given(f"weighted list, whole {row.population}", whole, unit="weighted people", status="published")
    return block_share(f"{line.label}, share of the {row.population}", spend, column, everyone)


def _in_words(line: ServiceLine) -> str:
    return line.label[:1].lower() + line.label[1:]


def _shared_by(line: ServiceLine, inputs: BudgetInputs) -> Mapping[str, Decimal]:
    people = inputs.need.get(line.target_basis, inputs.weighted)
    return {code: people[code] for code in inputs.practices}


def _by_practice(inputs: BudgetInputs, values: Mapping[str, Decimal]) -> dict[str, Decimal]:
    return {code: values.get(code, Decimal(0)) for code in inputs.practices}


def _nothing(inputs: BudgetInputs, name: str) -> Line:
    zero = {code: Decimal(0) for code in inputs.practices}
    return given_column(name, zero, status="published", source=Source(inputs.payments_source, "no such payment"))
