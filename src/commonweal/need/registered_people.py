"""Who is registered on a day, at which practice, and what is known of each person then?"""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir

UNKNOWN_ETHNICITY = "Z"
FLAGS = {
    "care_home": "nh_rh",
    "housebound": "housebound",
    "has_carer": "has_carer",
    "pregnant": "pregnancy",
    "end_of_life_plan": "eol_plan",
    "homeless": "homeless",
    "opted_out": "opted_out",
}


def registered_people(registrations: ir.Table, persons: ir.Table, *, on: date) -> ir.Table:
    """People registered on a day and who they are.

    Takes    registrations: one row per spell; `end` is the first day not registered, null while open.
    Returns  person, practice_code, age (whole years by month of birth, null where not known), sex, ethnicity (Z where
             not stated or not known); one row per person registered on the day and alive as far as is known.
    Raises   nothing. A person with spells at two practices counts at the one that began later, and of two that began
             on one day at the one whose code comes later. Who died before the day is not counted.
    Source   NHS England, Patients Registered at a GP Practice.
    """
    day = ibis.literal(on)
    open_ = registrations.filter(registrations.start <= day, registrations.end.isnull() | (registrations.end > day))
    latest = ibis.window(group_by="person", order_by=[ibis.desc("start"), ibis.desc("practice_code")])
    ranked = open_.mutate(place=ibis.row_number().over(latest))
    held = ranked.filter(ranked.place == 0).select("person", "practice_code")
    joined = held.left_join(persons, "person").select(
        held.person, held.practice_code, persons.sex, persons.birth_month, persons.death_date, persons.ethnicity
    )
    living = joined.filter(joined.death_date.isnull() | (joined.death_date >= day))
    return living.select(
        "person",
        "practice_code",
        age=age_on(living.birth_month, on),
        sex=living.sex,
        ethnicity=living.ethnicity.fill_null(UNKNOWN_ETHNICITY),
    )


def age_on(birth_month: ir.DateValue, on: date) -> ir.IntegerValue:
    """Whole years of age on a day, by the month of birth: a birthday counts from the first day of its month."""
    before_birthday = (birth_month.month() > on.month).cast("int16")
    return (ibis.literal(on.year, "int16") - birth_month.year() - before_birthday).cast("int16")


def latest_attributes(attributes: ir.Table, *, on: date) -> ir.Table:
    """What the latest attributes before a day say of each person.

    Takes    attributes: one row per person and month in which something changed; a row holds until the next one.
    Returns  person, imd_decile, medicines (on repeat prescription), source_cambridge_score, source_frailty_category
             (null where not known), care_home, housebound, has_carer, pregnant, end_of_life_plan, homeless, opted_out
             (false where not known); one row per person with attributes of a month that began before the day.
    """
    known = attributes.filter(attributes.attribute_period < ibis.literal(on))
    newest = known.group_by("person").aggregate(attribute_period=known.attribute_period.max())
    held = known.semi_join(newest, ["person", "attribute_period"])
    return held.select(
        "person",
        imd_decile=held.imd_decile,
        medicines=held.polypharmacy_repeat,
        source_cambridge_score=held.cambridge_score,
        source_frailty_category=held.efi_category,
        **{name: held[column].fill_null(False) for name, column in FLAGS.items()},
    )
