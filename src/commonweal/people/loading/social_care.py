"""What does a service of social care cost, and how many days of it lie in each month?"""

from __future__ import annotations

from datetime import date, timedelta

import ibis
import ibis.expr.types as ir

from commonweal.core.parameters import Parameters
from commonweal.core.periods import months_later

PER_UNIT, ONCE = "per_unit", "once"
DAYS_OF_A_WEEK = 7


def service_months(
    events: ir.Table, *, first: date, last: date, parameters: Parameters, on: date = date.max
) -> ir.Table:
    """Services of social care as one row for each month in which they ran; other events as they are.

    Takes    events: drafts with event_type, arr_date, dep_date (the last day; null while the service goes on), cost
             of a unit, cost_frequency, weekly_units; first, last: the days between which months are made.
    Returns  the drafts: of a service arr_date and dep_date within the month, items (days), cost_pence (unit cost times
             what of it falls into the days, null where its frequency is not known) and source_id with the month.
    Raises   nothing.
    Source   Adult social care client-level data: an event is a service with a start, an end, a unit cost and its
             frequency.
    """
    service = (events.event_type == "service").fill_null(False)
    others = events.filter(~service).mutate(items=ibis.null("int32"))
    running = events.filter(service)
    joined = running.cross_join(_months(first, last))
    end = ibis.coalesce(joined.dep_date, ibis.literal(last))
    joined = joined.filter((joined.arr_date <= joined.month_end) & (end >= joined.month_start))
    from_ = ibis.greatest(joined.arr_date, joined.month_start)
    to = ibis.least(ibis.coalesce(joined.dep_date, ibis.literal(last)), joined.month_end)
    within = joined.mutate(began=joined.arr_date, arr_date=from_, dep_date=to)
    days = within.dep_date.delta(within.arr_date, unit="day") + 1
    within = within.mutate(items=days.cast("int32"), reported=within.arr_date)
    label = within.source_id + " " + within.month_start.cast("string")
    within = within.mutate(cost_pence=_pence(within, parameters, on), source_id=label)
    return within.select(others.columns).union(others)


def _months(first: date, last: date) -> ir.Table:
    rows, start = [], first.replace(day=1)
    while start <= last:
        after = months_later(start, 1)
        rows.append((start, after - timedelta(days=1)))
        start = after
    return ibis.memtable(rows, schema={"month_start": "date", "month_end": "date"})


def _pence(table: ir.Table, parameters: Parameters, on: date) -> ir.IntegerValue:
    cost, days = table.cost.cast("float64"), table["items"].cast("float64")
    units = table.weekly_units.cast("float64")
    written = table.cost_frequency.strip().lower()
    none = ibis.null("float64")
    fits = []
    for row in parameters["cost_frequencies"].on(on).value:
        if row["days"] == PER_UNIT:
            share = units * days / DAYS_OF_A_WEEK
        elif row["days"] == ONCE:
            share = (table.arr_date == table.began).ifelse(1.0, 0.0)
        else:
            share = days / float(row["days"])
        fits.append((written == row["written"], share))
    pounds = cost * ibis.cases(*fits, else_=none)
    return (cost >= 0).ifelse((pounds * 100).round().cast("int64"), ibis.null("int64"))


def frequency_unknown(events: ir.Table, *, parameters: Parameters, on: date = date.max) -> ir.BooleanValue:
    """Whether a service has a unit cost and does not say what it is for."""
    rows = parameters["cost_frequencies"].on(on).value
    written = ibis.coalesce(events.cost_frequency, "").strip().lower()
    known = written.isin([row["written"] for row in rows])
    per_unit = written.isin([row["written"] for row in rows if row["days"] == PER_UNIT])
    service = (events.event_type == "service").fill_null(False)
    return service & events.cost.notnull() & (~known | (per_unit & events.weekly_units.isnull()))
