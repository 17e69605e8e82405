"""How many people and days are in each group, and how often did something happen to them or what did it cost?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import ibis
import ibis.expr.types as ir

from commonweal.core.errors import InputError
from commonweal.core.parameters import Parameters
from commonweal.core.tables import conformed

STRATUM = ("group", "sex", "standard_age")


@dataclass(frozen=True, slots=True)
class Measure:
    """What is compared between groups: a row of parameters/inequality.yaml, inequality_measures.

    counts   activity (rows of a point of delivery), deaths, cost (of all care) or level (from_level and above)
    per      rates are by as many people or person-years
    """

    code: str
    label: str
    counts: Literal["activity", "deaths", "cost", "level"]
    per: int
    pod_l1: str = ""
    pod_l2a: str = ""
    pod_l2b: tuple[str, ...] = ()
    from_level: int = 0

    @property
    def money(self) -> bool:
        """Whether it is an amount of money."""
        return self.counts == "cost"

    @property
    def share(self) -> bool:
        """Whether it is a share of people on a day rather than a rate over time."""
        return self.counts == "level"


def measures(parameters: Parameters, *, on: date) -> dict[str, Measure]:
    """Everything that can be compared between groups, by code."""
    return {row["code"]: _measure(row) for row in parameters["inequality_measures"].on(on).value}


def measure(code: str, parameters: Parameters, *, on: date) -> Measure:
    """One of them.

    Raises   InputError when there is none of that code.
    """
    held = measures(parameters, on=on)
    if code not in held:
        raise InputError(f"There is no measure '{code}'.", mend=f"Name one of {', '.join(held)}.")
    return held[code]


def _measure(row: Mapping[str, Any]) -> Measure:
    return Measure(
        code=row["code"],
        label=row["label"],
        counts=row["counts"],
        per=int(row["per"]),
        pod_l1=row.get("pod_l1", ""),
        pod_l2a=row.get("pod_l2a", ""),
        pod_l2b=tuple(row.get("pod_l2b", ())),
        from_level=int(row.get("from_level", 0)),
    )


def inequality_counts(people: ir.Table, activity: ir.Table, *, of: Measure) -> ir.Table:
    """People, days and events, or cost, by group, sex and age band.

    Takes    people: the table `inequality_people` with group and standard_age (with_groups); for a level of need, the
             table `person_need` with them. activity: one row per piece of care; counted where the person was registered
             on the day of arrival.
    Returns  the table `inequality_counts` of tables/inequality.yaml; one row per stratum with anybody in it. Days are
             0 for a level of need, which is of a day.
    Raises   nothing.
    """
    if of.share:
        return _levels(people, of.from_level)
    there = people.group_by(*STRATUM).aggregate(
        people=people.person.nunique(), days=people.days.sum(), amount=ibis.literal(0), squares=ibis.literal(0.0)
    )
    if of.counts == "deaths":
        happened = _events(people.filter(people.died))
    elif of.counts == "cost":
        happened = _cost(_care(people, activity))
    else:
        happened = _events(_care(people, activity.filter(_is_of(activity, of))))
    # Strata with a null in their name would find no partner in a join; added up they do.
    both = ibis.union(conformed(there, "inequality_counts"), conformed(happened, "inequality_counts"))
    added = both.group_by(*STRATUM).aggregate(**{name: both[name].sum() for name in _ADDED})
    return conformed(added, "inequality_counts")


_ADDED = ("people", "days", "amount", "squares")


def _is_of(activity: ir.Table, of: Measure) -> ir.BooleanValue:
    is_of = activity.pod_l1 == of.pod_l1
    if of.pod_l2a:
        is_of = is_of & (activity.pod_l2a == of.pod_l2a)
    if of.pod_l2b:
        is_of = is_of & activity.pod_l2b.isin(of.pod_l2b)
    return is_of


def _care(people: ir.Table, activity: ir.Table) -> ir.Table:
    """Care of people on days that they were registered, with their stratum."""
    cared = activity.select("person", "arr_date", "cost_pence")
    matches = [people.person == cared.person, cared.arr_date >= people.start, cared.arr_date < people.end]
    return people.inner_join(cared, matches).select(
        people.person, *(people[name] for name in STRATUM), cared.cost_pence
    )


def _events(happened: ir.Table) -> ir.Table:
    none = {"people": ibis.literal(0), "days": ibis.literal(0), "squares": ibis.literal(0.0)}
    return happened.group_by(*STRATUM).aggregate(amount=happened.count(), **none)


def _cost(care: ir.Table) -> ir.Table:
    by_person = care.group_by("person", *STRATUM).aggregate(pence=care.cost_pence.fill_null(0).sum())
    pounds = by_person.pence.cast("float64") / 100
    return by_person.group_by(*STRATUM).aggregate(
        amount=by_person.pence.sum(),
        squares=(pounds * pounds).sum(),
        people=ibis.literal(0),
        days=ibis.literal(0),
    )


def _levels(need: ir.Table, from_level: int) -> ir.Table:
    at = (need.level >= from_level).cast("int64")
    found = need.group_by(*STRATUM).aggregate(
        people=need.count(), amount=at.sum(), days=ibis.literal(0), squares=ibis.literal(0.0)
    )
    return conformed(found, "inequality_counts")
