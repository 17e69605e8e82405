"""Of which service lines is a budget made, and which published payment belongs to which?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from commonweal.core.errors import ParameterProblem
from commonweal.core.parameters import Parameters


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """One row of a budget.

    commissioner_type         who pays for it: ICB, NHS England or local authority
    baseline                  `attributable`: the practices' real payments; `block`: national cost per head, or the
                              place's own ledger, by weighted list
    target_basis              the weighted population that sets its target; `historic` where it keeps its spend
    moves_to_performance_pay  it leaves the budget for performance pay wherever it is in scope
    recurrent                 it comes back each year
    """

    code: str
    label: str
    kind: str
    commissioner_type: str
    baseline: Literal["attributable", "block"]
    target_basis: str
    moves_to_performance_pay: bool
    recurrent: bool
    meaning: str


@dataclass(frozen=True, slots=True)
class PaymentLineUse:
    """Where a published payment line goes in a budget."""

    code: str
    label: str
    service_line: str
    recurrent: bool


def service_lines(parameters: Parameters, *, on: date) -> tuple[ServiceLine, ...]:
    """The service lines in force on a day, in the order they are printed."""
    fields = ServiceLine.__dataclass_fields__
    rows = parameters["service_lines"].on(on).value
    return tuple(ServiceLine(**{key: row[key] for key in fields}) for row in rows)


def payment_line_uses(parameters: Parameters, *, on: date) -> Mapping[str, PaymentLineUse]:
    """Every published payment line that is spend, by code; deductions are not spend and are left out.

    Raises   ParameterProblem when a payment line names a service line that does not exist.
    """
    known = {line.code for line in service_lines(parameters, on=on)}
    found = {}
    for row in parameters["payment_lines"].on(on).value:
        if row["is_deduction"]:
            continue
        if row["service_line"] not in known:
            raise ParameterProblem(
                f"payment line {row['code']} goes to {row['service_line']}, which is no service line.",
                where=parameters["payment_lines"].file,
                mend="Name one of service_lines.yaml.",
            )
        found[row["code"]] = PaymentLineUse(row["code"], row["label"], row["service_line"], row["recurrent"])
    return found
