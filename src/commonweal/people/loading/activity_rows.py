"""What row of the record's activity does a row of each flow become?

All flows become one shape, the draft: the record's columns, with what is needed to put rows together. A row's own
identifier and its stay's are still text here; in the record they are keyed hashes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

import ibis
import ibis.expr.types as ir

from commonweal.core.parameters import Parameters
from commonweal.people.loading.points import (
    AS_WRITTEN,
    LEVELS,
    admission_kind,
    known_points,
    level_unknown,
    spelt_otherwise,
)
from commonweal.people.loading.shapes import SOURCE_OF_SHAPE

FIRST = ("1", "3")
FOLLOW_UP = ("2", "4")
# Stays are reported when they end; all else on its day.
REPORTED_AT_END = ("sus_apc",)

# What a count in a row of its own says, beside the row it stands in.
COUNTED = ("items", "cost", *LEVELS, "admimeth")

# Column of a draft -> type; those of the shape that a flow lacks are null.
CARRIED: Mapping[str, str] = MappingProxyType(
    {
        "arr_date": "date",
        "dep_date": "date",
        "spec_l1a": "string",
        "spec_l2a": "string",
        "admimeth": "string",
        "attend_code": "string",
        "prov_code": "string",
        "practice_code": "string",
        "diag_codes": "string",
        "items": "int32",
        "cost": "decimal(18, 4)",
        "source_id": "string",
        "stay_id": "string",
        "episode_order": "int16",
        "submission": "string",
    }
)


def drafted(values: ir.Table, shape: str, *, parameters: Parameters, on: date = date.max) -> ir.Table:
    """Rows of a flow of care as drafts of the record's activity.

    Takes    values: as read_values() returns, with whatever else the caller put beside; shape: the flow's, a key of
             SOURCE_OF_SHAPE.
    Returns  every column of `values` under `said_` and its name where a draft has a column of that name, and the
             draft: source_name, the three levels and as they were written, the columns of CARRIED, seen (false where
             nobody was), reported (the day by which a month of the flow is counted), cost_pence; of the system-wide
             dataset also level_lost and spelt, as level_unknown() and spelt_otherwise(). One row per row.
    Raises   KeyError for another shape.
    """
    carried = {
        name: values[name].cast(type_) if name in values.columns else ibis.null(type_)
        for name, type_ in CARRIED.items()
    }
    source = SOURCE_OF_SHAPE[shape]
    points = _POINTS[shape](values, parameters, on)
    none = ibis.null("string")
    levels = {level: points.get(level, none).cast("string") for level in LEVELS}
    table = values.mutate(source_name=ibis.literal(source), **carried, **levels)
    if shape == "activity":
        table = _with_points(table, parameters, on)
    else:
        table = table.mutate(**{AS_WRITTEN + level: table[level] for level in LEVELS})
    return _with_outcome(table, source, parameters, on)


def _with_points(table: ir.Table, parameters: Parameters, on: date) -> ir.Table:
    """Rows with their points of delivery, each spelling looked at once: a flow has few, and millions of rows."""
    table = table.mutate(spelling=_spelling(table))
    spelt = table.select("spelling", *LEVELS).distinct()
    known = known_points(spelt, parameters=parameters, on=on)
    known = known.mutate(level_lost=level_unknown(known), spelt=spelt_otherwise(known))
    return table.drop(*LEVELS).left_join(known, "spelling").drop("spelling", "spelling_right")


def _spelling(table: ir.Table) -> ir.StringValue:
    return ibis.literal("\t").join([ibis.coalesce(table[level], "") for level in LEVELS])


def _with_outcome(table: ir.Table, source: str, parameters: Parameters, on: date) -> ir.Table:
    """Whether somebody was seen, on which day it is reported, and the cost in whole pence."""
    codes = parameters["attendance_codes"].on(on).value
    outcome = table.attend_code.upper().re_replace(r"\.0$", "")
    known = [*codes["seen"], *codes["not_seen"]]
    reported = ibis.coalesce(table.dep_date, table.arr_date) if source in REPORTED_AT_END else table.arr_date
    pence = (table.cost * 100).round().cast("int64")
    return table.mutate(
        seen=~ibis.coalesce(outcome.isin(codes["not_seen"]), False),
        attendance_unknown=outcome.notnull() & ~outcome.isin(known),
        attend_code=outcome.isin(known).ifelse(outcome, ibis.null("string")),
        reported=reported,
        cost_pence=(table.cost >= 0).ifelse(pence, ibis.null("int64")),
    )


def _as_written(values: ir.Table, parameters: Parameters, on: date) -> dict[str, ir.Value]:
    return {level: values[level] for level in LEVELS}


def _admission(values: ir.Table, parameters: Parameters, on: date) -> dict[str, ir.Value]:
    kind = admission_kind(values.admimeth, values.classpat, parameters=parameters, on=on)
    return {"pod_l1": ibis.literal("secondary"), "pod_l2a": ibis.literal("ip"), "pod_l2b": kind}


def _emergency(values: ir.Table, parameters: Parameters, on: date) -> dict[str, ir.Value]:
    return {"pod_l1": ibis.literal("secondary"), "pod_l2a": ibis.literal("ae")}


def _outpatient(values: ir.Table, parameters: Parameters, on: date) -> dict[str, ir.Value]:
    # An attendance that does not say whether it is the first is one more of many.
    kind = values.first_attendance.isin(FIRST).fill_null(False).ifelse("first", "follow_up")
    return {"pod_l1": ibis.literal("secondary"), "pod_l2a": ibis.literal("op"), "pod_l2b": kind}


def _community(values: ir.Table, parameters: Parameters, on: date) -> dict[str, ir.Value]:
    return {"pod_l1": ibis.literal("community")}


def _mental_health(values: ir.Table, parameters: Parameters, on: date) -> dict[str, ir.Value]:
    return {
        "pod_l1": ibis.literal("mental_health"),
        "pod_l2a": ibis.literal("op"),
        "pod_l2b": ibis.literal("other"),
    }


def _mental_health_stay(values: ir.Table, parameters: Parameters, on: date) -> dict[str, ir.Value]:
    return {"pod_l1": ibis.literal("mental_health"), "pod_l2a": ibis.literal("ip")}


def _social_care(values: ir.Table, parameters: Parameters, on: date) -> dict[str, ir.Value]:
    service = ibis.coalesce(values.service, "").lower()
    fits = [
        (service.contains(row["holds"]) if row["holds"] else ibis.literal(True), row["pod_l2a"])
        for row in parameters["social_care_services"].on(on).value
    ]
    kind = ibis.cases(*fits, else_=ibis.null("string"))
    second = (values.event_type == "service").fill_null(False).ifelse(kind, "contact")
    return {"pod_l1": ibis.literal("social_care"), "pod_l2a": second}


_POINTS: Mapping[str, Callable[[ir.Table, Parameters, date], dict[str, ir.Value]]] = MappingProxyType(
    {
        "activity": _as_written,
        "admitted_care": _admission,
        "emergency_care": _emergency,
        "outpatients": _outpatient,
        "community": _community,
        "mental_health": _mental_health,
        "mental_health_stays": _mental_health_stay,
        "social_care": _social_care,
    }
)


def counted_rows(raw: ir.Table, counts: tuple[Mapping[str, str], ...], headings: Mapping[str, str]) -> ir.Table:
    """Counts that stand beside one another as rows under one another, one for each point of delivery with any.

    Takes    raw: `row` and c0, c1, ...; counts: what each count becomes: items and cost are headings; headings:
             heading -> its column of raw.
    Returns  every column of raw, and items, cost, pod_l1, pod_l2a, pod_l2b, admimeth as text. Where neither
             count nor cost is more than nothing there is no row; what is no number stays, to be found.
    """
    parts = []
    for count in counts:
        cells = {
            name: raw[headings[count[name]]].cast("string").strip() if name in count else ibis.null("string")
            for name in ("items", "cost")
        }
        levels = {name: ibis.literal(count.get(name, "")).nullif("") for name in (*LEVELS, "admimeth")}
        part = raw.mutate(**cells, **levels)
        nothing = [ibis.coalesce(part[name].isin(["", "NA", "0", "0.0"]), True) for name in cells]
        parts.append(part.filter(~(nothing[0] & nothing[1])))
    return parts[0] if len(parts) == 1 else ibis.union(*parts)
