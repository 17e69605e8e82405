"""What is a practice paid today, and where does each line go under each option?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from commonweal.contract.scope import Scope
from commonweal.core.amounts import Line, Source, Status, given, less, total
from commonweal.core.errors import ParameterProblem
from commonweal.core.explanation import plain_text
from commonweal.core.parameters import DatedValue, Parameters
from commonweal.core.periods import Period
from commonweal.place.inputs import Inputs
from commonweal.place.participation.events import OPTIONS, Option

DEDUCTIONS = "deductions"
# What a sentence of practice_manager.yaml says about the share of the line that is in the MCP's budget.
IN_SCOPE_MEANT = {
    "stays_with_practice": Decimal(0),
    "paid_to_network": Decimal(0),
    "moves_to_mcp_paid_under_integration_agreement": Decimal(1),
    "moves_to_performance_pay": Decimal(1),
    "inside_mcp_budget": Decimal(1),
}


@dataclass(frozen=True, slots=True)
class PublishedIncome:
    """A practice's published payments of one year.

    lines   pounds by payment line; deductions are negative
    totals  pounds by published total, the ones that the year publishes
    """

    year: Period
    lines: Mapping[str, Decimal]
    totals: Mapping[str, Decimal]
    source: str = "NHS Payments to General Practice"


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a line goes under one option: a stable key, what it means, and a sentence for this line."""

    option: Option
    goes_to: str
    meaning: str
    sentence: str
    status: Status
    source: Source


@dataclass(frozen=True, slots=True)
class IncomeLine:
    """One published payment line of a practice.

    group    the set of lines that a published total adds: in_total, pcn, covid or deductions
    paid_to  who receives it: the practice, its network, or nobody, where it is taken from the practice
    """

    payment_line: str
    label: str
    service_line: str
    group: str
    paid_to: str
    amount: Line
    destinations: Mapping[Option, Destination]


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """A published total beside the lines that it adds; the difference is 0 where they agree."""

    payment_total: str
    label: str
    published: Line
    added: Line
    difference: Line


def published_income(inputs: Inputs) -> dict[str, PublishedIncome]:
    """The published payments of every practice of a place in the baseline year, by practice code.

    Returns  a practice that was paid nothing has no lines and no totals.
    """
    table = inputs.published.tables["payment_totals"]
    year = inputs.baseline_year
    ours = table.filter(table.practice_code.isin(inputs.codes) & (table.financial_year == year.label))
    totals: dict[str, dict[str, Decimal]] = {code: {} for code in inputs.codes}
    for row in ours.to_pyarrow().to_pylist():
        if row["amount"] is not None:
            totals[row["practice_code"]][row["payment_total"]] = row["amount"]
    return {code: PublishedIncome(year, inputs.payments[code], totals[code]) for code in inputs.codes}


def income_lines(
    practice_code: str, income: PublishedIncome, parameters: Parameters, scope: Scope, on: date
) -> tuple[IncomeLine, ...]:
    """Every published line of a practice, in the order of the publication's own list.

    Raises   ParameterProblem for a line that payment_lines.yaml does not know, or that has no destination.
    """
    known = {row["code"]: row for row in parameters["payment_lines"].on(on).value}
    unknown = sorted(set(income.lines) - set(known))
    if unknown:
        raise ParameterProblem(
            f"There is no payment line {unknown[0]}.", where=parameters["payment_lines"].file, mend="Add it."
        )
    goes = _destinations(parameters, on)
    found = []
    for code, row in known.items():
        if code in income.lines:
            service_line = row["service_line"] or DEDUCTIONS
            ends = {option: _end(goes, option, code, service_line, scope, practice_code) for option in OPTIONS}
            amount = _published(row["label"], income.lines[code], income, row["names"][0])
            found.append(IncomeLine(code, row["label"], service_line, row["group"], row["paid_to"], amount, ends))
    return tuple(found)


def reconciliations(
    income: PublishedIncome, lines: Iterable[IncomeLine], parameters: Parameters, on: date
) -> tuple[Reconciliation, ...]:
    """Each published total beside the sum of the lines that it adds."""
    held = list(lines)
    found = []
    for row in parameters["payment_totals"].on(on).value:
        if row["code"] in income.totals:
            published = _published(row["label"], income.totals[row["code"]], income, row["names"][0])
            added = sum_of(f"{row['label']}: lines added", [x.amount for x in held if x.group in row["adds"]])
            difference = less("published − lines", published, added)
            found.append(Reconciliation(row["code"], row["label"], published, added, difference))
    return tuple(found)


def sum_of(name: str, amounts: list[Line]) -> Line:
    """Amounts added up; an explained nothing where there are none."""
    return total(name, *amounts) if amounts else given(name, "0", working="no such line")


def _published(name: str, amount: Decimal, income: PublishedIncome, heading: str) -> Line:
    return given(name, amount, status="published", source=Source(f"{income.source}, {income.year.label}", heading))


def _destinations(parameters: Parameters, on: date) -> dict[tuple[Option, str], Destination]:
    """Where lines go, by option and service line, or payment line where one goes another way than its service line."""
    meanings = parameters["destinations"].on(on).value
    found = {}
    for name in ("income_lines", "payment_line_exceptions", DEDUCTIONS):
        held = parameters[name].on(on)
        for row in held.value:
            key = (row["option"], row.get("payment_line") or row.get("service_line") or DEDUCTIONS)
            found[key] = _destination(row, held, meanings)
    return found


def _destination(row: Mapping[str, Any], held: DatedValue, meanings: Mapping[str, str]) -> Destination:
    cited = row.get("source")
    source = Source(cited["title"], cited.get("where", ""), cited.get("url", "")) if cited else held.source
    status: Status = row.get("status", held.status)
    meaning = str(meanings[row["goes_to"]]).strip()
    return Destination(row["option"], row["goes_to"], meaning, str(row["sentence"]).strip(), status, source)


def _end(
    goes: Mapping[tuple[Option, str], Destination],
    option: Option,
    payment_line: str,
    service_line: str,
    scope: Scope,
    practice_code: str,
) -> Destination:
    """The sentence for a line, unless the scope in force says something else about it; then what the scope says."""
    usual = goes.get((option, _exception(payment_line, service_line, goes, option)))
    if usual is None:
        raise ParameterProblem(
            f"Nothing says where {service_line} goes under {option}.", where="income_lines", mend="Add the row."
        )
    if service_line == DEDUCTIONS:
        return usual
    row = scope.row(option, service_line, practice_code)
    if row.share_in_scope == IN_SCOPE_MEANT.get(usual.goes_to, row.share_in_scope):
        return usual
    return Destination(
        option,
        "as_the_scope_says",
        "Goes as the scope of this place says.",
        f"The scope of this place puts {plain_text(row.share_in_scope * 100)} % of this line in the MCP's budget.",
        row.status,
        row.source,
    )


def _exception(
    payment_line: str, service_line: str, goes: Mapping[tuple[Option, str], Destination], option: Option
) -> str:
    # A service line may bear the name of a payment line of its own (qof, premises); both then say the same.
    return payment_line if (option, payment_line) in goes else service_line
