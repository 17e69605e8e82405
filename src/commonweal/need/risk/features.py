"""What was known of each registered person before a day, and who was admitted after it?

Everything in the features lies strictly before the day, so that adding any row dated on it or later changes none.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ibis
import ibis.expr.types as ir

from commonweal.core.parameters import Parameters
from commonweal.core.periods import months_later
from commonweal.need.conditions_held import condition_rows, conditions_held, long_term_conditions
from commonweal.need.electronic_frailty import with_deficits
from commonweal.need.registered_people import latest_attributes, registered_people
from commonweal.need.risk.history import history, history_kinds, history_windows, is_emergency

CONDITION = "condition_"
ATTRIBUTES = (
    "imd_decile",
    "nh_rh",
    "housebound",
    "has_carer",
    "is_carer",
    "homeless",
    "pregnancy",
    "eol_plan",
    "smoking",
    "bmi",
    "polypharmacy_repeat",
    "polypharmacy_acute",
    "efi_category",
)

SUMS = ("in_hospital", "long_term_conditions", "deficits")

Tables = Mapping[str, ir.Table]


def risk_features(tables: Tables, *, on: date, parameters: Parameters, since: date | None = None) -> ir.Table:
    """What was known, before a day, of each person registered on it.

    Takes    tables: those of the record. since: the first day that activity is held for.
    Returns  person, practice_code, age (whole years), sex, ethnicity; the attributes as last known;
             `condition_` and each condition's code (true where it had been recorded and was not resolved);
             long_term_conditions, deficits (counts); `kind_window` (see history). One row per person registered on the
             day and alive at its start; a person with two spells is counted at the later one.
    Source   The analysts of the system-wide dataset: an attribute of a month counts once the month has ended.
    """
    held = conditions_held(tables["conditions"], parameters, on=on)
    flags = condition_flags(held, on=on, parameters=parameters)
    people = registered_people(tables["registrations"], tables["persons"], on=on)
    known = people.select("person").left_join(latest_attributes(tables["attributes"], on=on), "person")
    known = known.drop("person_right")
    parts = (
        attributes_known(tables["attributes"], on=on, parameters=parameters),
        flags,
        long_term_conditions(held, parameters, on=on),
        with_deficits(known, held, parameters, on=on).select("person", "deficits"),
        history(tables["activity"], on=on, parameters=parameters, since=since),
    )
    joined = people
    for place, part in enumerate(parts):
        joined = joined.left_join(part, "person", rname=f"{{name}}_{place}")
    windows = history_windows(parameters, on=on, since=since)
    kinds = [kind.code for kind in history_kinds(parameters, on=on)]
    counts = [f"{kind}_{window.code}" for kind in (*kinds, "cost") for window in windows]
    filled = {**dict.fromkeys(flags.drop("person").columns, False), **dict.fromkeys((*counts, *SUMS), 0)}
    kept = [name for name in (*people.columns, *ATTRIBUTES) if name not in filled]
    return joined.select(*kept, **{name: joined[name].fill_null(value) for name, value in filled.items()})


def attributes_known(attributes: ir.Table, *, on: date, parameters: Parameters) -> ir.Table:
    """Each person's attributes as last known before a day.

    Returns  person and the attributes; one row per person with a row whose month had ended by the day.
    """
    delay = int(parameters["risk_attribute_delay_months"].on(on).number())
    known = attributes.filter(attributes.attribute_period <= ibis.literal(months_later(on, -delay)))
    newest = ibis.row_number().over(group_by="person", order_by=ibis.desc("attribute_period"))
    latest = known.mutate(place=newest).filter(lambda t: t.place == 0)
    return latest.select("person", *ATTRIBUTES)


def opted_out_people(attributes: ir.Table, *, on: date) -> ir.Table:
    """People who, as last said by the end of a day, have opted out of uses beyond direct care.

    Returns  person; one row each. A choice counts from the first day of its month, not a month late.
    """
    said = attributes.filter((attributes.attribute_period <= ibis.literal(on)) & attributes.opted_out.notnull())
    newest = ibis.row_number().over(group_by="person", order_by=ibis.desc("attribute_period"))
    latest = said.mutate(place=newest).filter(lambda t: t.place == 0)
    return latest.filter(latest.opted_out).select("person").distinct()


def condition_flags(held: ir.Table, *, on: date, parameters: Parameters) -> ir.Table:
    """Each person's conditions, one column each.

    Takes    held: person, condition, as conditions_held() returns.
    Returns  person; `condition_` and each code (true or false); one row per person with a condition.
    """
    flags = {
        f"{CONDITION}{row['code']}": (held.condition == row["code"]).any() for row in condition_rows(parameters, on=on)
    }
    return held.group_by("person").aggregate(**flags)


def outcome(tables: Tables, *, on: date, months: int = 12) -> ir.Table:
    """What became of each person registered on a day, in the months from it on.

    Takes    tables: those of the record.
    Returns  person; admitted: whether they had an emergency admission that began in those months; died: whether they
             died in them without one; left: whether they left the lists alive in them. One row per person registered on
             the day and alive at its start.
    """
    day, last = ibis.literal(on), ibis.literal(months_later(on, months))
    activity, registrations = tables["activity"], tables["registrations"]
    people = registered_people(registrations, tables["persons"], on=on).select("person")
    deaths = tables["persons"].select("person", "death_date")
    people = people.left_join(deaths, "person").drop("person_right")
    ahead = activity.filter((activity.arr_date >= day) & (activity.arr_date < last) & is_emergency(activity))
    admitted = ahead.group_by("person").aggregate(admissions=ahead.count())
    at_end = registrations.filter(
        (registrations.start < last) & (registrations.end.isnull() | (registrations.end >= last))
    )
    stayed = at_end.group_by("person").aggregate(spells=at_end.count())
    held = people.left_join(admitted, "person").drop("person_right").left_join(stayed, "person").drop("person_right")
    was_admitted = held.admissions.notnull()
    dead = (held.death_date < last).fill_null(False)
    return held.select("person", admitted=was_admitted, died=dead & ~was_admitted, left=~dead & held.spells.isnull())
