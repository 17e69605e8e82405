"""How many people of which kind has each practice, and what did their care cost?

People are counted up in cells, so that a model of cost on need that knows only which cell a person is in comes out the
same from a few thousand cells as from millions of people.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import ibis
import ibis.expr.types as ir

from commonweal.core.parameters import Parameters
from commonweal.people.care_cost import cost_by_person

VARIABLES = ("age_sex", "deprivation", "core_segment", "care_home")
NOT_KNOWN = "not known"
BY = ("practice_code", *VARIABLES)
PENCE = "decimal(18, 0)"
SUM = "decimal(38, 0)"


def weighed_people(need: ir.Table, parameters: Parameters, *, on: date) -> ir.Table:
    """What the person-based weights know of each person.

    Takes    need: the table `person_need` on the day.
    Returns  person, practice_code; as text age_sex (such as `F 65`, by the first year of the band), deprivation
             (fifth; 1 is the most deprived), core_segment, care_home (yes or no); `not known` where it is not. One row
             per person.
    """
    starts = [int(first) for first in parameters["person_based_age_bands"].on(on).value]
    band = ibis.cases(*((need.age >= first, str(first)) for first in reversed(starts)), else_=NOT_KNOWN)
    fifth = ((need.imd_decile + 1) // 2).cast("int8").cast("string")
    return need.select(
        "person",
        "practice_code",
        age_sex=need.sex.fill_null(NOT_KNOWN) + ibis.literal(" ") + band,
        deprivation=fifth.fill_null(NOT_KNOWN),
        core_segment=need.core_segment.fill_null(NOT_KNOWN),
        care_home=need.care_home.fill_null(False).ifelse("yes", "no"),
    )


def people_cells(people: ir.Table) -> ir.Table:
    """People counted by cell.

    Takes    people: as `weighed_people` returns.
    Returns  practice_code, age_sex, deprivation, core_segment, care_home, people (persons); one row per cell in use.
    """
    return people.group_by(list(BY)).aggregate(people=people.count().cast("int64"))


def days_registered(registrations: ir.Table, persons: ir.Table, *, start: date, end: date) -> ir.Table:
    """How many days of a period each person was registered and alive.

    Takes    registrations: one row per spell. persons: with death_date; the day of death counts.
    Returns  person, days (1 to the length of the period); one row per person with any. Spells that overlap count once
             at most: the sum is held to the days that the person can have had.
    """
    first, after = ibis.literal(start), ibis.literal(end)
    held = registrations.left_join(persons.select("person", "death_date"), "person")
    death = held.death_date.fill_null(after)
    last = ibis.least(held.end.fill_null(after), after, death + ibis.interval(days=1))
    spells = held.select("person", days=last.delta(ibis.greatest(held.start, first), unit="day").cast("int64"))
    inside = spells.filter(spells.days > 0)
    whole = (end - start).days
    added = inside.aggregate(days=inside.days.sum(), by="person")
    return added.select("person", days=ibis.least(added.days, ibis.literal(whole, "int64")).cast("int64"))


def cost_cells(
    tables: Mapping[str, ir.Table],
    need: ir.Table,
    groups: Mapping[str, Sequence[str]],
    *,
    start: date,
    end: date,
    parameters: Parameters,
) -> ir.Table:
    """What a year's care cost, by cell: the sums that a model of cost on need is learned from.

    Takes    tables: persons, registrations, activity of the record. need: the table `person_need` on `start`.
             groups: service lines by need component. start, end: the year's first day, and the first day after.
    Returns  practice_code, the variables, people, days, days_squared, and for each component `cost_` (pence),
             `cost_days_` (pence x days) and `cost_squared_` (pence squared), all exact whole numbers; one row per cell
             of the people registered on `start`. Who moved away or died counts for the days until then.
    """
    people = weighed_people(need, parameters, on=start)
    days = days_registered(tables["registrations"], tables["persons"], start=start, end=end)
    cost = cost_by_person(tables["activity"], groups, start=start, end=end, parameters=parameters)
    joined = people.inner_join(days, "person").left_join(cost, "person")
    exact = {name: joined[name].fill_null(0).cast(PENCE) for name in groups}
    held = joined.select(*BY, "days", **exact)
    sums = {
        "people": held.count().cast("int64"),
        "days": held.days.sum().cast("int64"),
        "days_squared": (held.days * held.days).sum().cast("int64"),
    }
    # A column's name at the time of summing is a component's; the sums take names that cannot be one.
    days_exact = held.days.cast(PENCE)
    for name in groups:
        sums[f"cost_{name}"] = held[name].sum().cast(SUM)
        sums[f"cost_days_{name}"] = (held[name] * days_exact).sum().cast(SUM)
        sums[f"cost_squared_{name}"] = (held[name] * held[name]).sum().cast(SUM)
    return held.group_by(list(BY)).aggregate(**sums)
