"""How much does a year's cost vary between a place's own people, and what would stop-loss take out of that?

Costs come from the record in whole pence; what is made of them here (a mean, a coefficient of variation, a share) is
a statistic in floats. Only sums over all people leave the record.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import ibis
import ibis.expr.types as ir
from ibis.backends import BaseBackend

from commonweal.core.errors import InputError
from commonweal.core.periods import months_later
from commonweal.core.tables import conformed
from commonweal.need.registered_people import registered_people
from commonweal.people.care_cost import care_between
from commonweal.people.record import Record

YEAR = 12


@dataclass(frozen=True, slots=True)
class StopLoss:
    """What is left of the variation when a person's cost above a point is somebody else's.

    attachment_pence   the point
    people_above       how many cost more
    ceded              share of all cost that lies above
    retained           coefficient of variation of what is left
    """

    attachment_pence: int
    people_above: int
    ceded: float
    retained: float


@dataclass(frozen=True, slots=True)
class PersonCosts:
    """How a year's cost varies between the people of a record.

    variation   coefficient of variation of a person's year: sigma
    synthetic   whether the people are made up
    """

    people: int
    mean_pence: float
    variation: float
    without_cost: int
    stop_loss: tuple[StopLoss, ...]
    start: date
    end: date
    synthetic: bool


def person_cost(activity: ir.Table, registrations: ir.Table, persons: ir.Table, *, start: date, end: date) -> ir.Table:
    """What a year's care cost, for everybody registered on its first day, with those who cost nothing.

    Takes    start, end: the first day, and the first day after. Care without a cost counts as nothing.
    Returns  the table `person_cost` of tables/chance.yaml: one row per person registered on the first day.
    """
    people = registered_people(registrations, persons, on=start).select("person")
    held = care_between(activity, start=start, end=end)
    costs = held.aggregate(cost_pence=held.cost_pence.fill_null(0).sum().cast("int64"), by="person")
    joined = people.left_join(costs, "person").select(people.person, costs.cost_pence.fill_null(0).name("cost_pence"))
    return conformed(joined, "person_cost")


def cost_variation(costs: ir.Table) -> ir.Table:
    """How a year's cost varies between people.

    Takes    costs: a table with cost_pence, one row per person.
    Returns  the table `cost_variation` of tables/chance.yaml: one row.
    """
    pence = costs.cost_pence.cast("float64")
    found = costs.aggregate(
        people=costs.count(),
        without_cost=(costs.cost_pence <= 0).cast("int64").sum(),
        mean_pence=pence.mean(),
        variation=pence.std(how="pop") / pence.mean().nullif(0),
    )
    return conformed(found, "cost_variation")


def cost_truncated(costs: ir.Table, attachments: Sequence[int]) -> ir.Table:
    """What stop-loss at each attachment point would take over, and how much variation is left.

    Takes    costs: a table with cost_pence, one row per person; attachments: points in pence.
    Returns  the table `cost_truncated` of tables/chance.yaml: one row per attachment point.
    """
    rows = [{"attachment_pence": point} for point in attachments]
    points = ibis.memtable(rows, schema={"attachment_pence": "int64"})
    crossed = costs.select("cost_pence").cross_join(points)
    kept = ibis.least(crossed.cost_pence, crossed.attachment_pence).cast("float64")
    found = (
        crossed.mutate(kept=kept)
        .group_by("attachment_pence")
        .aggregate(
            people_above=lambda t: (t.cost_pence > t.attachment_pence).cast("int64").sum(),
            ceded=lambda t: 1 - t.kept.sum() / t.cost_pence.sum().cast("float64").nullif(0),
            retained=lambda t: t.kept.std(how="pop") / t.kept.mean().nullif(0),
        )
    )
    return conformed(found, "cost_truncated")


def person_costs(record: Record, engine: BaseBackend, attachments: Sequence[int]) -> PersonCosts:
    """How the cost of a record's last year varies between its people.

    Raises   InputError when the record is shorter than a year, or holds nobody or no cost in it.
    """
    start = months_later(record.end, -YEAR)
    if record.start > start:
        raise InputError(
            "The record holds less than a year.", where=str(record.path), mend="Load a year, or give --sigma."
        )
    held = record.tables(engine)
    costs = person_cost(held["activity"], held["registrations"], held["persons"], start=start, end=record.end)
    found = cost_variation(costs).to_pyarrow().to_pylist()[0]
    if not found["people"] or not found["variation"]:
        raise InputError(
            "The record holds no cost of its people's care.",
            where=str(record.path),
            mend="Load costs, or give --sigma.",
        )
    rows = cost_truncated(costs, attachments).order_by("attachment_pence").to_pyarrow().to_pylist()
    return PersonCosts(
        people=found["people"],
        mean_pence=found["mean_pence"],
        variation=found["variation"],
        without_cost=found["without_cost"],
        stop_loss=tuple(StopLoss(**row) for row in rows),
        start=start,
        end=record.end,
        synthetic=record.synthetic,
    )
