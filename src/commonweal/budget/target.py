"""What is the need-weighted share of each practice's people?

Source   MCP contract, whole population budget: step 6.
"""

from __future__ import annotations

from decimal import Decimal

from commonweal.budget.baseline import national_cost, target_population
from commonweal.budget.inputs import BudgetInputs
from commonweal.budget.service_lines import ServiceLine, payment_line_uses
from commonweal.core.amounts import Line, Source, given, given_column, over, times
from commonweal.core.parameters import Parameters

HISTORIC = "historic"
CARR_HILL = "carr_hill"


def target(line: ServiceLine, baseline: Line, inputs: BudgetInputs, parameters: Parameters) -> Line:
    """The need-weighted target of a service line in the baseline year: a column of pounds by practice.

    Takes    line: its target_basis says which weighted population; `historic` keeps the baseline as the target.
    """
    name = f"target {inputs.baseline_year.label}"
    if line.target_basis == HISTORIC:
        return baseline.renamed(name)
    if line.target_basis == CARR_HILL:
        return times(name, _weighted_list(inputs), _national_rate(line, inputs, parameters), unit="GBP")
    cost = national_cost(line, inputs, parameters)
    return times(name, target_population(line, inputs, parameters), cost, unit="GBP")


def _weighted_list(inputs: BudgetInputs) -> Line:
    return given_column(
        "weighted list",
        {code: inputs.weighted.get(code, Decimal(0)) for code in inputs.practices},
        unit="weighted people",
        status="published",
        source=Source(inputs.payments_source, f"weighted patients, {inputs.baseline_year.label}"),
    )


def _national_rate(line: ServiceLine, inputs: BudgetInputs, parameters: Parameters) -> Line:
    uses = payment_line_uses(parameters, on=inputs.baseline_year.start)
    source = Source(inputs.payments_source, f"all practices, {inputs.baseline_year.label}")
    codes = [code for code, use in uses.items() if use.service_line == line.code and use.recurrent]
    paid = sum((inputs.national_payments.get(code, Decimal(0)) for code in codes), Decimal(0))
    return over(
        "national payment per weighted person",
        given(f"{line.label}, all practices", paid, status="published", source=source),
        given("weighted list, all practices", inputs.national_weighted, unit="weighted people", status="published"),
        unit="GBP per weighted person",
    )
