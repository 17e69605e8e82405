"""Who was registered in a period, for how long, and in which group is each person?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir

from commonweal.core.errors import InputError
from commonweal.core.parameters import Parameters
from commonweal.core.tables import conformed
from commonweal.need.registered_people import age_on, latest_attributes

BY: Mapping[str, str] = {
    "deprivation": "fifth of deprivation",
    "decile": "tenth of deprivation",
    "core20": "most deprived fifth of England or not (Core20)",
    "ethnicity": "ethnic group",
    "sex": "sex",
    "age": "age band",
    "practice": "practice",
    "neighbourhood": "neighbourhood",
}
CORE20, NOT_CORE20 = "core20", "rest"


def inequality_people(tables: Mapping[str, ir.Table], *, start: date, end: date) -> ir.Table:
    """People registered in a period, spell by spell, and what is known of them.

    Takes    tables: persons, registrations and attributes of the record (tables/people.yaml). start, end: the period,
             the last day not included.
    Returns  the table `inequality_people` of tables/inequality.yaml: one row per person and spell with at least one
             day in the period. A spell counts until the person's next one begins, so nobody is counted twice on a
             day, and up to and with the day of death. Deprivation is the latest known by the end of the period.
    Raises   InputError when the period has no day.
    Source   NHS England, Patients Registered at a GP Practice.
    """
    if end <= start:
        raise InputError(f"From {start} to {end} there is no day.", mend="End the period after it starts.")
    first, after = ibis.literal(start), ibis.literal(end)
    spells = _spells(tables["registrations"], tables["persons"])
    died = spells.died & (spells.death_date >= first) & (spells.death_date < after)
    held = spells.mutate(
        start=ibis.greatest(spells.start, first), end=ibis.least(spells.end, after), died=died.fill_null(False)
    )
    held = held.filter(held.start < held.end)
    middle = start + timedelta(days=(end - start).days // 2)
    attributes = latest_attributes(tables["attributes"], on=end).select("person", "imd_decile")
    joined = held.left_join(attributes, "person").drop("person_right")
    found = joined.mutate(
        days=joined.end.delta(joined.start, unit="day").cast("int64"),
        age=ibis.greatest(age_on(joined.birth_month, middle), ibis.literal(0, "int16")),
    )
    # What is greatest of nothing and nought is nought on some engines: an age not known stays so.
    found = found.mutate(age=found.birth_month.isnull().ifelse(ibis.null("int16"), found.age))
    return conformed(found, "inequality_people")


def _spells(registrations: ir.Table, persons: ir.Table) -> ir.Table:
    """Spells with an end each: the next spell, the day after death, or a day beyond all periods."""
    never = ibis.literal(date(9999, 1, 1))
    order = ibis.window(group_by="person", order_by=["start", "practice_code"])
    following = registrations.start.lead().over(order)
    cut = registrations.mutate(next_start=following, end=registrations.end.fill_null(never))
    cut = cut.mutate(until=ibis.least(cut.end, cut.next_start.fill_null(never)))
    who = persons.select("person", "sex", "birth_month", "death_date", "ethnicity")
    joined = cut.left_join(who, "person").drop("person_right")
    # Practices take the dead off their list with the day of death or the day after: either is a death on the list.
    here = (joined.start <= joined.death_date) & (joined.death_date <= joined.end)
    died = (here & (joined.next_start.isnull() | (joined.death_date < joined.next_start))).fill_null(False)
    last = joined.death_date + ibis.interval(days=1)
    alive_until = joined.death_date.isnull().ifelse(never, last.cast("date"))
    ended = ibis.ifelse(died, alive_until, ibis.least(joined.until, alive_until))
    return joined.select(
        "person", "practice_code", "start", "sex", "birth_month", "death_date", "ethnicity", died=died, end=ended
    )


def with_groups(
    people: ir.Table,
    *,
    by: str,
    parameters: Parameters,
    on: date,
    neighbourhoods: Mapping[str, Sequence[str]] | None = None,
) -> ir.Table:
    """People with the group that each belongs to and the age band of the standard population.

    Takes    people: a table with practice_code, sex, age, imd_decile and ethnicity. by: a key of BY. on: the day whose
             parameters count. neighbourhoods: practice codes by neighbourhood.
    Returns  the columns of `people` and group (text, null where not known), standard_age (first year of the band, null
             where the age is not known); one row per row of `people`.
    Raises   InputError for another grouping, or neighbourhoods that there are none of.
    """
    standard = [int(row["from_age"]) for row in parameters["standard_population"].on(on).value]
    group = _group(people, by, parameters, on, neighbourhoods or {})
    return people.mutate(group=group.cast("string"), standard_age=_band(people.age, standard).cast("int16"))


def _group(
    people: ir.Table, by: str, parameters: Parameters, on: date, neighbourhoods: Mapping[str, Sequence[str]]
) -> ir.Value:
    if by == "deprivation":
        return ((people.imd_decile.cast("int32") + 1) / 2).floor().cast("int32")
    if by == "decile":
        return people.imd_decile.cast("int32")
    if by == "core20":
        deciles = [int(decile) for decile in parameters["core20_deciles"].on(on).value]
        core20 = people.imd_decile.isin(deciles).ifelse(CORE20, NOT_CORE20)
        return people.imd_decile.isnull().ifelse(ibis.null("string"), core20)
    if by == "ethnicity":
        rows = parameters["ethnicity_groups"].on(on).value
        pairs = [(category, row["group"]) for row in rows for category in row["categories"]]
        return people.ethnicity.cases(*pairs)
    if by == "age":
        return _band(people.age, [int(row["from_age"]) for row in parameters["inequality_age_bands"].on(on).value])
    if by == "sex":
        return people.sex
    if by == "practice":
        return people.practice_code
    if by == "neighbourhood":
        if not neighbourhoods:
            raise InputError("The place has no neighbourhoods.", mend="Run: commonweal form DIR")
        return people.practice_code.cases(*[(code, name) for name, codes in neighbourhoods.items() for code in codes])
    raise InputError(f"There is no grouping '{by}'.", mend=f"Name one of {', '.join(BY)}.")


def _band(age: ir.IntegerValue, starts: Sequence[int]) -> ir.IntegerValue:
    """The first year of the band that an age lies in."""
    branches = [(age >= first, ibis.literal(first, "int16")) for first in sorted(starts, reverse=True)]
    return ibis.cases(*branches)
