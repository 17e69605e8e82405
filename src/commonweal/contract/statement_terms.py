"""On which terms does the MCP hold back, pay on and owe?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from commonweal.budget.service_lines import ServiceLine
from commonweal.core.amounts import Line, Source, given, instalment_of, to_penny
from commonweal.core.errors import ParameterProblem
from commonweal.core.parameters import DatedValue, Parameters
from commonweal.core.periods import Period, financial_year_of, month, months

SATURDAY = 5
YEAR_SUM = "year_sum"


@dataclass(frozen=True, slots=True)
class Subcontract:
    """A share of a service line that is paid on, to whom; `to_practices` where each practice is paid its own.

    month_sum  what is paid on in the month instead, where a sum of the year is agreed; the share is then nothing
    """

    provider: str
    share: Line
    to_practices: bool
    month_sum: Line | None = None


@dataclass(frozen=True, slots=True)
class LineTerms:
    """The terms of one service line.

    subcontracts    in the order paid; together at most the whole line
    wholly_paid_on  whether the shares sum to the whole, so that the last takes the rounding
    arrears_months  months between the month of service and the month of payment
    payer           who pays the MCP for it
    counted_later   the providers who are paid from what is the MCP's own, once what they did is counted
    """

    reserve_share: Line
    interim_share: Line
    subcontracts: tuple[Subcontract, ...]
    wholly_paid_on: bool
    arrears_months: int
    payer: str
    counted_later: tuple[str, ...] = ()


def line_terms(parameters: Parameters, line: ServiceLine, day: date, *, payers: dict[str, str]) -> LineTerms:
    """The terms of one service line on a day.

    Takes    payers: the names of commissioners by type, in front of those of the parameters.
    Raises   ParameterProblem for shares outside 0 to 1 or that sum past 1, or arrears that are no whole months.
    Source   parameters/statement.yaml.
    """
    parameter = parameters["subcontract_shares"]
    held = parameter.on(day)
    practices = set(_of_type(parameters, "paid_to_practices", day, list))
    rows = _of_type(parameters, "subcontract_shares", day, list)
    for row in rows:
        # A sum of the year comes from a clause of the contract, which has read it and says its source.
        stated = isinstance(row, dict) and ("share" in row or isinstance(row.get("source"), Source))
        if not stated or not {"service_line", "provider"} <= set(row):
            raise ParameterProblem(
                f"the row {row!r} lacks a service line, a provider or a share.",
                where=parameter.file,
                mend="Give all three.",
            )
    own = [row for row in rows if row["service_line"] == line.code]
    paid = (
        *(_subcontract(line, row, held, practices, parameter.file) for row in own if "share" in row),
        *(_of_sum(line, row, practices, day) for row in own if YEAR_SUM in row),
    )
    whole = sum((row.share.amount for row in paid), Decimal(0))
    if whole > 1:
        raise ParameterProblem(
            f"pays on {whole} of {line.code}, more than the whole.",
            where=parameter.file,
            mend="The shares of a line sum to at most 1.",
        )
    names = {**_of_type(parameters, "payers", day, dict), **payers}
    return LineTerms(
        reserve_share=_share(parameters, "reserve_share", day),
        interim_share=_share(parameters, "performance_pay_interim_share", day),
        subcontracts=paid,
        wholly_paid_on=whole == 1 and all(row.month_sum is None for row in paid),
        arrears_months=_arrears(parameters, line, day),
        payer=str(names.get(line.commissioner_type, line.commissioner_type)),
        counted_later=tuple(str(row["provider"]) for row in own if not {"share", YEAR_SUM} & set(row)),
    )


def payment_date(parameters: Parameters, month: Period) -> date:
    """The day of a month on which money moves: the payment day, or the last working day before it.

    Bank holidays are not known here: a place whose payment day falls on one states another.
    Raises   ParameterProblem when the month has no such day.
    """
    parameter = parameters["payment_day"]
    number = int(parameter.on(month.start).number())
    day = month.start + timedelta(days=number - 1)
    if number < 1 or day not in month:
        raise ParameterProblem(f"{month.label} has no day {number}.", where=parameter.file, mend="Use 1 to 28.")
    while day.weekday() >= SATURDAY and day - timedelta(days=1) in month:
        day -= timedelta(days=1)
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return day


def _subcontract(
    line: ServiceLine, row: dict[str, Any], held: DatedValue, practices: set[str], file: str
) -> Subcontract:
    provider = str(row["provider"])
    try:
        share = Decimal(str(row["share"]))
    except InvalidOperation:
        share = Decimal(-1)
    if not share.is_finite() or not 0 <= share <= 1:
        raise ParameterProblem(
            f"pays {row['share']} of {line.code} to {provider}.", where=file, mend="Write a share from 0 to 1."
        )
    supplied = given(
        f"share paid on to {provider}",
        share,
        unit=f"share of {line.label}",
        status=row.get("status", held.status),
        source=held.source,
    )
    return Subcontract(provider, supplied, provider in practices)


def _of_sum(line: ServiceLine, row: dict[str, Any], practices: set[str], day: date) -> Subcontract:
    """A sum of the year that a clause of the contract agrees, by its twelfth; its reader has checked the number."""
    provider, nothing = str(row["provider"]), given("no share", "0", unit=f"share of {line.label}")
    year = given(row["label"], row[YEAR_SUM], status=row["status"], source=row["source"])
    number = months(financial_year_of(day)).index(month(f"{day:%Y-%m}")) + 1
    part = instalment_of(f"twelfth to {provider}", to_penny("sum of the year", year), number=number, of=12)
    return Subcontract(provider, nothing, provider in practices, part)


def _of_type(parameters: Parameters, name: str, day: date, kind: type) -> Any:
    parameter = parameters[name]
    value = parameter.on(day).value
    if not isinstance(value, kind):
        words = "list" if kind is list else "mapping"
        raise ParameterProblem(f"is no {words}.", where=f"{parameter.file}: {name}", mend=f"Write a {words}.")
    return value


def _share(parameters: Parameters, name: str, day: date) -> Line:
    line = parameters[name].line(on=day)
    if not 0 <= line.amount <= 1:
        raise ParameterProblem(f"{name} is {line.amount}, outside 0 to 1.", where=parameters[name].file)
    return line


def _arrears(parameters: Parameters, line: ServiceLine, day: date) -> int:
    parameter = parameters["payment_arrears_months"]
    text = str(_of_type(parameters, parameter.name, day, dict).get(line.code, "0"))
    if not text.isdigit():
        raise ParameterProblem(
            f"pays {line.code} '{text}' months in arrears.", where=parameter.file, mend="Write a whole number."
        )
    return int(text)
