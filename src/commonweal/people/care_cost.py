"""What did care cost, by service line, month, practice and person?

Costs are whole pence, added up exactly. A row without a cost counts as a row and costs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import ibis
import ibis.expr.types as ir

from commonweal.core.parameters import Parameters
from commonweal.core.tables import conformed

LEVELS = ("pod_l1", "pod_l2a", "pod_l2b")
NO_LINE = ""


def service_line_points(parameters: Parameters, *, on: date) -> ir.Table:
    """Which service line each point of delivery belongs to.

    Returns  pod_l1, pod_l2a, pod_l2b (empty text where there is none), service_line (empty text where no service line
             holds the care); one row per point of delivery.
    Source   parameters/points_of_delivery.yaml.
    """
    rows = [
        {key: row[key] for key in (*LEVELS, "service_line")} for row in parameters["points_of_delivery"].on(on).value
    ]
    return ibis.memtable(rows, schema=dict.fromkeys((*LEVELS, "service_line"), "string"))


def with_service_line(activity: ir.Table, parameters: Parameters, *, on: date) -> ir.Table:
    """Activity, or sums of it by point of delivery, with the service line that each row belongs to.

    Takes    activity: a table with pod_l1, pod_l2a, pod_l2b. parameters: points of delivery, as they hold on the day.
    Returns  the same columns and service_line; empty text for care that no service line holds, and for a point of
             delivery that is not known.
    """
    points = service_line_points(parameters, on=on).rename({f"point_{level}": level for level in LEVELS})
    same = [activity[level].fill_null("") == points[f"point_{level}"] for level in LEVELS]
    joined = activity.left_join(points, same)
    return joined.select(*activity.columns, service_line=joined.service_line.fill_null(NO_LINE))


def care_between(activity: ir.Table, *, start: date, end: date) -> ir.Table:
    """Activity that began in a period.

    Takes    start, end: the first day, and the first day after.
    """
    return activity.filter(activity.arr_date >= ibis.literal(start), activity.arr_date < ibis.literal(end))


def monthly_cost(activity: ir.Table, need: ir.Table, *, start: date, end: date, parameters: Parameters) -> ir.Table:
    """Care by month, practice, service line and Core Segment.

    Takes    activity: one row per piece of care. need: a table with person and core_segment. start, end: the first day
             of care that counts, and the first day after.
    Returns  the table `monthly_cost` of tables/care_cost.yaml: one row per month, practice on the day, service line and
             segment with any care. The segment is null for people who are not in `need`.
    """
    segments = need.select("person", "core_segment")
    held = care_between(activity, start=start, end=end)
    joined = held.left_join(segments, "person")
    # Summed up by point of delivery first: the service line is then looked up for thousands of rows, not millions.
    summed = joined.mutate(month=joined.arr_date.truncate("M").cast("date")).aggregate(
        pieces=lambda t: t.count(),
        items=lambda t: t["items"].fill_null(1).cast("int64").sum().cast("int64"),
        cost_pence=lambda t: t.cost_pence.sum().cast("int64"),
        by=["month", "practice_code", *LEVELS, "core_segment"],
    )
    lined = with_service_line(summed, parameters, on=start)
    found = lined.aggregate(
        pieces=lined.pieces.sum().cast("int64"),
        items=lined["items"].sum().cast("int64"),
        cost_pence=lined.cost_pence.fill_null(0).sum().cast("int64"),
        by=["month", "practice_code", "service_line", "core_segment"],
    )
    return conformed(found, "monthly_cost")


def cost_by_person(
    activity: ir.Table, groups: Mapping[str, Sequence[str]], *, start: date, end: date, parameters: Parameters
) -> ir.Table:
    """What each person's care cost in a period, in one column for each group of service lines.

    Takes    groups: service lines by name of the group, which names its column. start, end: the first day of care that
             counts, and the first day after.
    Returns  person, and a column of pence (int64) for each group; one row per person with any care in the period.
    """
    # Straight to the person: by point of delivery there are nearly as many groups as rows.
    lined = with_service_line(care_between(activity, start=start, end=end), parameters, on=start)
    columns = {
        name: lined.service_line.isin(list(lines)).ifelse(lined.cost_pence, 0).fill_null(0).sum().cast("int64")
        for name, lines in groups.items()
    }
    return lined.aggregate(**columns, by="person")
