"""How much care do the people of a record get, by age, sex, deprivation and segment, and who gets most of it?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import ibis
import ibis.expr.types as ir

DAYS_A_YEAR = 365.25
OLDEST_BAND = 85
# Measures of care by name: counted contacts, items added up, and cost.
COUNTED = (
    "emergency",
    "elective",
    "outpatient",
    "gp",
    "other_staff",
    "community",
    "mental_health",
    "ae",
    "call_111",
    "call_999",
)
MEASURES = (*COUNTED, "items", "nhs_cost_pence", "cost_pence")


def person_time(
    persons: ir.Table, registrations: ir.Table, attributes: ir.Table, *, start: date, end: date
) -> ir.Table:
    """The people on a place's lists in a time, and how long they were on them.

    Takes    start, end: the first day, and the first day after the last.
    Returns  person, sex, age (whole years half-way through), imd_decile, years (on a list in the time); one row per
             person on a list on any of its days. A day on two lists counts twice.
    """
    since = ibis.greatest(registrations.start, ibis.literal(start))
    until = ibis.least(registrations.end.fill_null(ibis.literal(end)), ibis.literal(end))
    held = registrations.mutate(days=until.delta(since, unit="day"))
    held = held.filter(held.days > 0)
    there = held.group_by("person").aggregate(days=held.days.sum())
    middle = start + (end - start) / 2
    months = (middle.year - persons.birth_month.year()) * 12 + (middle.month - persons.birth_month.month())
    aged = persons.select("person", "sex", age=(months / 12).floor().cast("int32"))
    lived = attributes.filter(attributes.attribute_period < ibis.literal(end))
    latest = lived.group_by("person").aggregate(imd_decile=lived.imd_decile.argmax(lived.attribute_period))
    joined = there.inner_join(aged, "person").left_join(latest, "person")
    years = joined.days.cast("float64") / DAYS_A_YEAR
    return joined.select("person", "sex", "age", "imd_decile", years=years)


def care_by_person(activity: ir.Table, *, start: date, end: date) -> ir.Table:
    """The care of each person in a time.

    Returns  person, then contacts by kind, items, nhs_cost_pence (all but social care) and cost_pence (all); one row
             per person with any. Elective is every admission that is neither an emergency nor in a mental health bed.
    """
    held = activity.filter((activity.arr_date >= ibis.literal(start)) & (activity.arr_date < ibis.literal(end)))
    first, second, third = held.pod_l1, held.pod_l2a.fill_null(""), held.pod_l2b.fill_null("")
    hospital, contact = first == "secondary", first == "primary_care_contact"
    stay, cost = hospital & (second == "ip"), held.cost_pence.fill_null(0)
    which = {
        "emergency": stay & (third == "emergency"),
        "elective": stay & (third != "emergency"),
        "outpatient": hospital & (second == "op"),
        "gp": contact & (second == "gp"),
        "other_staff": contact & (second != "gp"),
        "community": first == "community",
        "mental_health": (first == "mental_health") & (second == "op"),
        "ae": hospital & (second == "ae"),
        "call_111": first == "111",
        "call_999": first == "999",
    }
    counts = {name: test.cast("int64").sum() for name, test in which.items()}
    social = first == "social_care"
    return held.group_by("person").aggregate(
        **counts,
        items=(first == "primary_care_prescription").ifelse(held["items"].fill_null(1), 0).cast("int64").sum(),
        nhs_cost_pence=social.ifelse(0, cost).cast("int64").sum(),
        cost_pence=cost.cast("int64").sum(),
    )


def care_by_age_sex_deprivation(time: ir.Table, care: ir.Table) -> ir.Table:
    """Care by five-year band of age, sex and fifth of deprivation.

    Takes    time: as person_time() returns; care: as care_by_person() returns.
    Returns  age_from, sex, quintile (1 is the most deprived), people, years, then the measures of care; one row per
             band, sex and fifth with anyone. The last band is of 85 and over.
    """
    banded = _banded(time)
    return _added(banded.left_join(care, "person"), ("age_from", "sex", "quintile"))


def segment_on(attributes: ir.Table, *, on: date, cuts: Sequence[float]) -> ir.Table:
    """The segment of each person on a day, by the score that holds then.

    Takes    cuts: the scores at which the second segment and those after it begin.
    Returns  person, segment (1 is the least ill); one row per person with attributes by then.
    """
    held = attributes.filter(attributes.attribute_period <= ibis.literal(on))
    latest = held.group_by("person").aggregate(score=held.cambridge_score.argmax(held.attribute_period))
    score = latest.score.fill_null(0.0)
    # Scores are sums of hundredths: half a hundredth keeps one that lies on a cut on its side of it.
    passed = [(score >= cut - 0.005).cast("int32") for cut in cuts]
    segment = ibis.literal(1)
    for test in passed:
        segment = segment + test
    return latest.select("person", segment=segment.cast("int32"))


def care_by_segment(time: ir.Table, care: ir.Table, segments: ir.Table, *, from_age: int) -> ir.Table:
    """Care by segment among people of an age and over.

    Returns  segment, people, years, then the measures of care; one row per segment with anyone.
    """
    adults = time.filter(time.age >= from_age).inner_join(segments, "person")
    return _added(adults.left_join(care, "person"), ("segment",))


def segment_changes(before: ir.Table, after: ir.Table, staying: ir.Table) -> ir.Table:
    """How many people went from each segment to each.

    Takes    before, after: as segment_on() returns; staying: person, of those who count.
    Returns  segment, later (the segment then), people; one row per pair with anyone.
    """
    pairs = before.semi_join(staying, "person").inner_join(after.rename(later="segment"), "person")
    return pairs.group_by("segment", "later").aggregate(people=pairs.count())


def deaths_by_segment(persons: ir.Table, segments: ir.Table, *, start: date, end: date) -> ir.Table:
    """How many people of each segment died in a time.

    Returns  segment, people; one row per segment with a death.
    """
    died = persons.filter((persons.death_date >= ibis.literal(start)) & (persons.death_date < ibis.literal(end)))
    held = died.inner_join(segments, "person")
    return held.group_by("segment").aggregate(people=held.count())


def costs_of_the_costliest(time: ir.Table, care: ir.Table, *, shares: Sequence[float], cost: str) -> ir.Table:
    """What the costliest people cost, and everybody.

    Takes    shares: of all people, costliest first; cost: which measure of cost.
    Returns  share, people (in it), cost_pence (of theirs), all_cost_pence; one row per share.
    """
    costs = time.left_join(care, "person").select("person", cost=ibis._[cost].fill_null(0))
    order = ibis.window(order_by=[costs.cost.desc(), costs.person])
    ranked = costs.mutate(rank=ibis.row_number().over(order), everybody=costs.count().over(ibis.window()))
    found = []
    for share in shares:
        top = ranked.rank < (ranked.everybody.cast("float64") * share).round().cast("int64")
        added = ranked.aggregate(
            people=top.cast("int64").sum(),
            cost_pence=top.ifelse(ranked.cost, 0).cast("int64").sum(),
            all_cost_pence=ranked.cost.cast("int64").sum(),
        )
        found.append(added.select("people", "cost_pence", "all_cost_pence", share=ibis.literal(float(share))))
    return ibis.union(*found) if len(found) > 1 else found[0]


def _added(held: ir.Table, keys: tuple[str, ...]) -> ir.Table:
    return held.group_by(*keys).aggregate(
        people=held.count(),
        years=held.years.sum(),
        **{name: held[name].fill_null(0).sum().cast("int64") for name in MEASURES},
    )


def staying(persons: ir.Table, registrations: ir.Table, *, start: date, end: date) -> ir.Table:
    """People who are on a list on both of two days.

    Returns  person; one row each.
    """
    on_first = _listed(registrations, start)
    on_last = _listed(registrations, end)
    return persons.select("person").semi_join(on_first, "person").semi_join(on_last, "person")


def _listed(registrations: ir.Table, day: date) -> ir.Table:
    on = ibis.literal(day)
    begun = registrations.filter(registrations.start <= on)
    return begun.filter(begun.end.isnull() | (begun.end > on)).select("person").distinct()


def people_by_segment(time: ir.Table, segments: ir.Table, *, from_age: int) -> ir.Table:
    """How many people of each age, sex and fifth of deprivation are in each segment.

    Returns  age_from, sex, quintile, segment, people; one row per band of five years, sex, fifth and segment with
             anyone.
    """
    banded = _banded(time.filter(time.age >= from_age)).inner_join(segments, "person")
    return banded.group_by("age_from", "sex", "quintile", "segment").aggregate(people=banded.count())


def _banded(time: ir.Table) -> ir.Table:
    known = time.filter(time.imd_decile.notnull() & time.sex.notnull())
    return known.mutate(
        age_from=ibis.least(known.age - known.age % 5, ibis.literal(OLDEST_BAND)).cast("int32"),
        quintile=((known.imd_decile.cast("int32") + 1) / 2).floor().cast("int32"),
    )
