"""What do lists, need and payments add up to, by practice and over many practices?"""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir

COMPONENTS = (
    "general_and_acute",
    "community",
    "mental_health",
    "maternity",
    "health_inequalities",
    "prescribing",
    "final",
)


def list_size_by_practice(list_counts: ir.Table, *, on: date) -> ir.Table:
    """People registered with each practice when lists were counted on one day.

    Takes    list_counts: one row per practice and day of count.
    Returns  practice_code, people (persons); one row per practice counted on that day, none on a day without a count.
    Source   NHS Digital, Patients Registered at a GP Practice.
    """
    counted = list_counts.filter(list_counts.extract_date == ibis.literal(on))
    return counted.group_by("practice_code").aggregate(people=counted.people.sum().cast("int64"))


def list_size_by_day(list_counts: ir.Table, *, practices: ir.Table) -> ir.Table:
    """People registered with each of some practices on each day that lists were counted.

    Takes    practices: a table with practice_code.
    Returns  extract_date, practice_code, people (persons); one row per day and practice, in that order.
    """
    held = list_counts.semi_join(practices, "practice_code")
    return held.select("extract_date", "practice_code", "people").order_by("extract_date", "practice_code")


def payments_by_practice_and_line(payment_lines: ir.Table, practices: ir.Table, *, year: str) -> ir.Table:
    """What each of some practices was paid in a financial year, line by line.

    Takes    payment_lines: one row per practice, financial year and line. practices: a table with practice_code.
             year: as in 2022-23.
    Returns  practice_code, payment_line, amount (GBP); one row per practice and line published, in that order.
    Source   NHS Digital, NHS Payments to General Practice.
    """
    held = payment_lines.filter(payment_lines.financial_year == year).semi_join(practices, "practice_code")
    added = held.group_by("practice_code", "payment_line").aggregate(amount=_money(held.amount.sum()))
    return added.order_by("practice_code", "payment_line")


def national_payment_totals(payment_lines: ir.Table, *, year: str) -> ir.Table:
    """What all practices in the file were paid in a financial year, line by line.

    Returns  payment_line, amount (GBP), practices (how many rows were added up); one row per line, in order of line.
    """
    held = payment_lines.filter(payment_lines.financial_year == year)
    added = held.group_by("payment_line").aggregate(amount=_money(held.amount.sum()), practices=held.count())
    return added.order_by("payment_line")


def payment_totals_of(payment_lines: ir.Table, practices: ir.Table, *, year: str) -> ir.Table:
    """The same for some practices only.

    Takes    practices: a table with practice_code.
    """
    return national_payment_totals(payment_lines.semi_join(practices, "practice_code"), year=year)


def people_paid_for(payment_practices: ir.Table, *, year: str) -> ir.Table:
    """Registered and weighted people over all practices paid in a financial year.

    Returns  one row: registered_people, weighted_people (persons, averages of the year's quarters), practices.
    """
    held = payment_practices.filter(payment_practices.financial_year == year)
    return held.aggregate(
        registered_people=_people(held.registered_people.sum()),
        weighted_people=_people(held.weighted_people.sum()),
        practices=held.count(),
    )


def need_totals(need_populations: ir.Table, *, when_blank: str) -> ir.Table:
    """Projected and need-weighted people over all practices.

    Takes    when_blank: what a blank or zero component counts as.
    Returns  one row: listed_people, projected_people and each component (persons), practices.
    Source   NHS England, allocations place-based tool.
    """
    filled = with_blanks_filled(need_populations, when_blank=when_blank)
    added = {name: _people(filled[name].sum()) for name in ("projected_people", *COMPONENTS)}
    listed = filled.registered_people.sum().cast("int64")
    return filled.aggregate(listed_people=listed, **added, practices=filled.count())


def with_blanks_filled(need_populations: ir.Table, *, when_blank: str) -> ir.Table:
    """Need-weighted populations with a stated number where none, or zero, is published.

    Source   NHS England, allocations place-based tool: it counts a blank and a zero as one.
    """
    stated = ibis.literal(when_blank).cast("decimal(18, 9)")
    filled = {
        name: (need_populations[name].isnull() | (need_populations[name] == 0)).ifelse(stated, need_populations[name])
        for name in COMPONENTS
    }
    return need_populations.mutate(**filled)


def _money(amount: ir.DecimalValue) -> ir.DecimalValue:
    return amount.cast("decimal(38, 2)")


def _people(number: ir.DecimalValue) -> ir.DecimalValue:
    return number.cast("decimal(38, 9)")
