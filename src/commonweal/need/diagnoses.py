"""Which diagnoses were recorded, for whom and when?"""

from __future__ import annotations

from datetime import date
from functools import reduce
from operator import or_

import ibis
import ibis.expr.types as ir

from commonweal.core.parameters import Parameters
from commonweal.core.periods import months_later


def diagnoses(activity: ir.Table, *, start: date, end: date) -> ir.Table:
    """Diagnoses of care that began and was over in a window.

    Takes    activity: its diag_codes are ICD-10 codes with commas between, the primary one first.
             start: first day; end: first day after.
    Returns  person, code (ICD-10, capitals, without dots), arr_date; one row per code written. Care that began before
             the window, or was not over when it ended, has none: its codes are not known until it is over.
    """
    last = ibis.coalesce(activity.dep_date, activity.arr_date)
    held = activity.filter(
        activity.diag_codes.notnull(), activity.arr_date >= ibis.literal(start), last < ibis.literal(end)
    )
    codes = clean_codes(held.diag_codes).split(",")
    # Unnested as a column, not as a table: DuckDB joins the latter back, which takes ten times as long.
    unnested = held.select("person", "arr_date", code=codes.unnest())
    return unnested.filter(unnested.code != "").select("person", "code", "arr_date")


def clean_codes(codes: ir.StringValue) -> ir.StringValue:
    """ICD-10 codes as the scores match them: capitals, no dots, no spaces."""
    return codes.upper().replace(".", "").replace(" ", "")


def admitted_care(activity: ir.Table, parameters: Parameters, *, on: date) -> ir.Table:
    """The rows of activity that are stays in hospital.

    Takes    parameters: `admitted_care` says which points of delivery those are.
    Returns  activity, fewer rows.
    """
    kinds = [
        (activity.pod_l1 == row["pod_l1"]) & (activity.pod_l2a == row["pod_l2a"])
        for row in parameters["admitted_care"].on(on).value
    ]
    return activity.filter(reduce(or_, kinds))


def diagnoses_before(activity: ir.Table, parameters: Parameters, *, on: date, look_back: str) -> ir.Table:
    """Diagnoses of stays in hospital in the look-back before a day.

    Takes    look_back: the name of a parameter in months.
    Returns  person, code, arr_date, as diagnoses() does; nothing of the day itself or later.
    """
    months = int(parameters[look_back].on(on).number())
    stays = admitted_care(activity, parameters, on=on)
    return diagnoses(stays, start=months_later(on, -months), end=on)
