"""Which births, deaths and ages does a row state that can be, and which cannot?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir

from commonweal.core.parameters import Parameters

EARLIEST_BIRTH = date(1895, 1, 1)
OLDEST = 120
# HES gives ages under a year as 7001 to 7007.
UNDER_ONE = 7001
DIED = "4"
DAYS = ("arr_date", "attribute_period", "start")


def latest_birth(
    tables: Sequence[ir.Table], *, end: date | None, record_end: date | None, parameters: Parameters, on: date
) -> date | None:
    """The last day on which somebody a load names can have been born.

    Takes    tables: files as values; end: the period asked for, the last day not included; record_end: the end of the
             record that is added to.
    Returns  some time after the end asked for, or else after the last day that files or record speak of; None when
             nothing says any day.
    """
    days = [record_end, end or _latest_day(tables)]
    known = [day for day in days if day is not None]
    if not known:
        return None
    later = int(parameters["loading_days_born_later"].on(on).number())
    return max(known) + timedelta(days=min(later, (date.max - max(known)).days))


def _latest_day(tables: Sequence[ir.Table]) -> date | None:
    days = [
        table.aggregate(day=table[name].max()).to_pyarrow()["day"][0].as_py()
        for table in tables
        for name in DAYS
        if name in table.columns
    ]
    return max((day for day in days if day is not None), default=None)


def birth_impossible(rows: ir.Table, *, latest: date | None) -> ir.BooleanValue:
    """Whether a row states a birth before anybody alive was born, after the row's own month, or after `latest`.

    Takes    rows: with birth_date, and the row's own day in attribute_period or arr_date where it has one.
    Returns  null where no birth is stated.
    """
    birth = rows.birth_date
    wrong = birth < ibis.literal(EARLIEST_BIRTH)
    if latest is not None:
        wrong |= birth > ibis.literal(latest)
    own = own_day(rows)
    if own is not None:
        # The day of a birth is often not that of the first care: a month is as near as one can say.
        wrong |= (birth.truncate("M") > own.truncate("M")).fill_null(False)
    return wrong


def own_day(rows: ir.Table) -> ir.DateValue | None:
    """The day that a row is about; None for rows of people."""
    return next((rows[name] for name in ("attribute_period", "arr_date") if name in rows.columns), None)


def stated_birth(rows: ir.Table, *, latest: date | None) -> ir.DateValue:
    """The birth that a row states, null where it cannot be."""
    if "birth_date" not in rows.columns:
        return ibis.null("date")
    return birth_impossible(rows, latest=latest).ifelse(ibis.null("date"), rows.birth_date)


def stated_death(rows: ir.Table) -> ir.DateValue:
    """The death that a row states, or the day of leaving hospital dead."""
    none = ibis.null("date")
    death = rows.death_date if "death_date" in rows.columns else none
    if "dismeth" in rows.columns:
        death = ibis.coalesce(death, (rows.dismeth == DIED).ifelse(rows.dep_date, none))
    return death


def death_before_birth(rows: ir.Table, *, latest: date | None) -> ir.BooleanValue:
    """Whether a row states a death before a birth that can be."""
    return (stated_death(rows) < stated_birth(rows, latest=latest)).fill_null(False)


def age_impossible(age: ir.IntegerValue) -> ir.BooleanValue:
    """Whether an age is of nobody: beyond the oldest, and no code of HES for under a year."""
    return (age > OLDEST) & (age < UNDER_ONE)


def years_old(age: ir.IntegerValue) -> ir.IntegerValue:
    """Whole years of age; null for what is none."""
    return (age >= UNDER_ONE).ifelse(ibis.literal(0, "int32"), (age <= OLDEST).ifelse(age, ibis.null("int32")))
