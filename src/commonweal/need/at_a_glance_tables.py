"""Who are the people of a place, what do they need and what does their care cost, counted up?

Counts here are exact. They stay inside: what is shown goes through `disclosure` first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

import ibis
import ibis.expr.types as ir

from commonweal.core.parameters import Parameters
from commonweal.core.periods import months_later
from commonweal.core.tables import conformed
from commonweal.need.conditions_held import condition_rows, conditions_held, with_meaning

EMERGENCY = "2"
MONTHS_OF_ACTIVITY = 12
MOST_DEPRIVED = 1
MILLION = 1_000_000


def with_neighbourhood(need: ir.Table, neighbourhoods: Mapping[str, Sequence[str]]) -> ir.Table:
    """The people registered with the practices of a place's neighbourhoods.

    Takes    need: the table `person_need`. neighbourhoods: practice codes by neighbourhood.
    Returns  the columns of `need` and neighbourhood; people of other practices are left out.
    """
    rows = sorted((code, name) for name, codes in neighbourhoods.items() for code in codes)
    homes = ibis.memtable(rows, schema={"practice_code": "string", "neighbourhood": "string"})
    joined = need.inner_join(homes, "practice_code")
    return joined.select(*need.columns, "neighbourhood")


def year_of_care(activity: ir.Table, people: ir.Table, *, on: date) -> ir.Table:
    """What the care of some people cost in the twelve months before a day, and how often they were admitted unplanned.

    Takes    activity: one row per piece of care. people: a table with person, one row each.
    Returns  person, cost_pence (pence; care without a cost counts as nothing), emergency_admissions (admissions); one
             row per person of `people`, zeros for who had no care.
    Source   NHS Data Dictionary, admission method: a code that begins with 2 is an emergency.
    """
    start = months_later(on, -MONTHS_OF_ACTIVITY)
    held = activity.filter(activity.arr_date >= ibis.literal(start), activity.arr_date < ibis.literal(on))
    emergency = held.admimeth.startswith(EMERGENCY).fill_null(False)
    added = held.mutate(emergency=emergency.cast("int64")).aggregate(
        cost=lambda t: t.cost_pence.sum().cast("int64"),
        admissions=lambda t: t.emergency.sum().cast("int64"),
        by="person",
    )
    joined = people.select("person").left_join(added, "person")
    return joined.select(
        "person", cost_pence=joined.cost.fill_null(0), emergency_admissions=joined.admissions.fill_null(0)
    )


def glance_people(people: ir.Table, care: ir.Table, parameters: Parameters, *, on: date) -> ir.Table:
    """People and the cost of their care by neighbourhood, sex, age band, level of need and Core Segment.

    Takes    people: as `with_neighbourhood` returns. care: as `year_of_care` returns.
    Returns  the table `glance_people` of tables/at_a_glance.yaml.
    """
    joined = people.inner_join(care, "person")
    banded = joined.mutate(age_from=age_band(joined.age, parameters, on=on))
    counted = banded.aggregate(
        people=banded.count(),
        cost_pence=banded.cost_pence.sum().cast("int64"),
        by=["neighbourhood", "sex", "age_from", "level", "core_segment"],
    )
    return conformed(counted, "glance_people")


def glance_headlines(people: ir.Table, parameters: Parameters, *, on: date) -> ir.Table:
    """People by neighbourhood, and how many are older, in care homes, most deprived, with several conditions.

    Takes    people: as `with_neighbourhood` returns.
    Returns  the table `glance_headlines` of tables/at_a_glance.yaml.
    """
    older = int(parameters["glance_older_people_from"].on(on).number())
    several = int(parameters["glance_several_conditions_from"].on(on).number())
    fifth = deprivation_fifth(people.imd_decile)
    counted = people.aggregate(
        people=people.count(),
        older=_how_many(people.age >= older),
        in_care_homes=_how_many(people.care_home),
        most_deprived=_how_many(fifth == MOST_DEPRIVED),
        deprivation_known=_how_many(people.imd_decile.notnull()),
        several_conditions=_how_many(people.long_term_conditions >= several),
        by="neighbourhood",
    )
    return conformed(counted, "glance_headlines")


def glance_conditions(conditions: ir.Table, people: ir.Table, parameters: Parameters, *, on: date) -> ir.Table:
    """How many people have each long-term condition on a day.

    Takes    conditions: one row per person and spell of a condition. people: as `with_neighbourhood` returns.
    Returns  the table `glance_conditions` of tables/at_a_glance.yaml; one row per condition that anyone has. Codes
             that count as one condition count once.
    """
    meanings = {
        row["code"]: row.get("counts_as") or row["code"]
        for row in condition_rows(parameters, on=on)
        if row["long_term"]
    }
    held = with_meaning(conditions_held(conditions, parameters, on=on), meanings, name="counted_as")
    ours = held.semi_join(people, "person").select("person", condition=held.counted_as).distinct()
    counted = ours.aggregate(people=ours.count(), by="condition")
    return conformed(counted, "glance_conditions")


def glance_cost_curve(care: ir.Table, shares: Sequence[str]) -> ir.Table:
    """What the care of the costliest people cost, for several shares of people.

    Takes    care: as `year_of_care` returns. shares: decimals in text, above 0 and not above 1, the last one 1.
    Returns  the table `glance_cost_curve` of tables/at_a_glance.yaml; one row per share that adds anyone to the one
             before it. People of equal cost come in order of pseudonym, which changes no sum.
    """
    ranked = care.mutate(
        before=ibis.row_number().over(order_by=[ibis.desc("cost_pence"), ibis.asc("person")]),
        everyone=care.person.count().over(ibis.window()),
    )
    # A person is in a share when fewer than it come before: that rounds it up to a whole person.
    inside = [
        (ranked.before * MILLION < int(Decimal(share) * MILLION) * ranked.everyone, place)
        for place, share in enumerate(shares)
    ]
    added = ranked.mutate(place=ibis.cases(*inside, else_=len(shares) - 1)).aggregate(
        more=lambda t: t.count(),
        cost=lambda t: t.cost_pence.sum().cast("int64"),
        everyone=lambda t: t.everyone.max(),
        by="place",
    )
    so_far = ibis.window(order_by="place", preceding=None, following=0)
    summed = added.mutate(people=added.more.sum().over(so_far), cost_pence=added.cost.sum().over(so_far))
    named = ibis.memtable(list(enumerate(shares)), schema={"place": "int64", "share": "string"})
    whole = care.aggregate(whole_cost_pence=care.cost_pence.sum().cast("int64"))
    placed = summed.mutate(place=summed.place.cast("int64"))
    return conformed(placed.inner_join(named, "place").cross_join(whole), "glance_cost_curve")


def glance_admissions(people: ir.Table, care: ir.Table, parameters: Parameters, *, on: date) -> ir.Table:
    """Emergency admissions by fifth of deprivation, sex and age, of people of whom all three are known.

    Takes    people: as `with_neighbourhood` returns. care: as `year_of_care` returns.
    Returns  the table `glance_admissions` of tables/at_a_glance.yaml.
    """
    joined = people.inner_join(care, "person")
    known = joined.filter(joined.imd_decile.notnull(), joined.sex.notnull(), joined.age.notnull())
    placed = known.mutate(fifth=deprivation_fifth(known.imd_decile), age_from=age_band(known.age, parameters, on=on))
    counted = placed.aggregate(
        people=placed.count(),
        admissions=placed.emergency_admissions.sum().cast("int64"),
        by=["fifth", "sex", "age_from"],
    )
    return conformed(counted, "glance_admissions")


def deprivation_fifth(decile: ir.IntegerValue) -> ir.IntegerValue:
    """The fifth that a decile of deprivation lies in; 1 is the most deprived, as decile 1 is."""
    return ((decile + 1) // 2).cast("int8")


def age_band(age: ir.IntegerValue, parameters: Parameters, *, on: date) -> ir.IntegerValue:
    """The first year of the age band that an age lies in; null where the age is not known."""
    bands = [int(first) for first in parameters["glance_age_bands"].on(on).value]
    found = ibis.cases(*((age >= first, ibis.literal(first, "int16")) for first in reversed(bands)))
    return found.cast("int16")


def _how_many(condition: ir.BooleanValue) -> ir.IntegerScalar:
    return condition.fill_null(False).cast("int64").sum().cast("int64")
