"""What did care cost in a year by the place's own record, by service line?"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal

import ibis
import ibis.expr.types as ir
from ibis.backends import BaseBackend

from commonweal.core.amounts import Line, Source, given
from commonweal.core.parameters import Parameters
from commonweal.core.periods import Period
from commonweal.core.tables import conformed
from commonweal.people.care_cost import LEVELS, care_between, with_service_line
from commonweal.people.record import Record


def line_spend(
    activity: ir.Table, *, start: date, end: date, practices: Collection[str], parameters: Parameters
) -> ir.Table:
    """Care that began in a period for the people of some practices, by service line.

    Takes    activity: one row per piece of care. start, end: the first day, and the first day after.
    Returns  the table `line_spend` of tables/settlement.yaml: one row per service line with any care.
    """
    held = care_between(activity, start=start, end=end)
    held = held.filter(held.practice_code.isin(sorted(practices)) if practices else ibis.literal(False))
    summed = held.aggregate(
        pieces=held.count(),
        without_cost=held.cost_pence.isnull().cast("int64").sum().cast("int64"),
        cost_pence=held.cost_pence.fill_null(0).sum().cast("int64"),
        by=list(LEVELS),
    )
    lined = with_service_line(summed, parameters, on=start)
    found = lined.aggregate(
        pieces=lined.pieces.sum().cast("int64"),
        without_cost=lined.without_cost.sum().cast("int64"),
        cost_pence=lined.cost_pence.sum().cast("int64"),
        by="service_line",
    )
    return conformed(found, "line_spend")


def recorded_spend(
    record: Record, engine: BaseBackend, year: Period, *, practices: Collection[str], parameters: Parameters
) -> dict[str, Line]:
    """A year's cost by service line from the record; nothing where it does not hold the whole year.

    Costs of people who are made up are illustrative.
    """
    if record.start > year.start or record.end < year.end:
        return {}
    activity = record.tables(engine)["activity"]
    table = line_spend(activity, start=year.start, end=year.end, practices=practices, parameters=parameters)
    made_up = ", whose people are made up" if record.synthetic else ""
    found = {}
    for row in table.order_by("service_line").to_pyarrow().to_pylist():
        said = f"{year.label}, {row['pieces']:,} pieces of care, {row['without_cost']:,} of them without a cost"
        found[row["service_line"]] = given(
            f"{row['service_line']} {year.label}",
            Decimal(row["cost_pence"]).scaleb(-2),
            status="illustrative" if record.synthetic else "given",
            source=Source(f"the place's own record{made_up}", said),
        )
    return found
