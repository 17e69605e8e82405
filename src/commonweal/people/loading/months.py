"""What do months of attributes say: who was registered when, what changed, and when was a condition flagged?

The system-wide dataset repeats everything every month. The record keeps spells, and the months in which something
changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import ibis
import ibis.expr.types as ir

from commonweal.core.tables import definitions
from commonweal.people.loading.spells import joined_spells

ATTRIBUTES = tuple(name for name in definitions()["attributes"].schema if name not in ("person", "attribute_period"))
_ = ibis._


def month_covered(months: ir.Table) -> ir.Table:
    """Of which days a load speaks, person by person.

    Takes    months: person, attribute_period.
    Returns  person, first (the first day of the first month), after (the first day after the last month).
    """
    held = months.group_by("person").aggregate(first=_.attribute_period.min(), last=_.attribute_period.max())
    return held.select("person", "first", after=_month_after(held.last))


def _month_after(month: ir.DateValue) -> ir.DateValue:
    return (month + ibis.interval(months=1)).cast("date")


def last_months(months: ir.Table) -> ir.Table:
    """The last month that each practice sent.

    Returns  practice_code, last; one row per practice.
    """
    return (
        months.filter(months.practice_code.notnull()).group_by("practice_code").aggregate(last=_.attribute_period.max())
    )


def registered_months(months: ir.Table, last: ir.Table) -> ir.Table:
    """Spells of registration from the months in which people were on a practice's list.

    Takes    months: person, attribute_period, practice_code; at most one row per person and month; last: as
             last_months().
    Returns  person, practice_code, start, end. A month that is missing between two ends a spell; a spell that runs to
             the last month its practice sent is open.
    Raises   nothing.
    Source   system-wide dataset: a row is valid for its month.
    """
    held = months.filter(months.practice_code.notnull())
    spells = held.select("person", "practice_code", start="attribute_period", end=_month_after(held.attribute_period))
    joined = joined_spells(spells, of="practice_code")
    both = joined.inner_join(last, "practice_code")
    open_ = both.end >= _month_after(both["last"])
    return both.select("person", "practice_code", "start", end=open_.ifelse(ibis.null("date"), both.end))


def changed_attributes(months: ir.Table) -> ir.Table:
    """The months in which something changed.

    Takes    months: table `attributes`, one row per person and month.
    Returns  the same columns; a person's first month, and each in which any attribute differs from the month before.
    Raises   nothing. Becoming not known is a change too.
    """
    order = ibis.window(group_by="person", order_by="attribute_period")
    before = {f"before_{name}": months[name].lag().over(order) for name in ATTRIBUTES}
    held = months.mutate(**before, earlier=months.attribute_period.lag().over(order))
    same = held.earlier.notnull()
    for name in ATTRIBUTES:
        same &= held[name].identical_to(held[f"before_{name}"])
    return held.filter(~same).select("person", "attribute_period", *ATTRIBUTES)


def attributes_with_new(old: ir.Table, new: ir.Table, covered: ir.Table, *, known_to: date | None) -> ir.Table:
    """The record's attributes with those of a load in front for the months that it covers.

    Takes    old, new: table `attributes`; covered: as month_covered(); known_to: the first day after those of which the
             record spoke, None for no record.
    Returns  table `attributes`: months in which something changed. Where the record knows of later months, what it said
             last holds again after what the load covers.
    Raises   nothing.
    """
    new = new.select("person", "attribute_period", *ATTRIBUTES)
    old = old.select("person", "attribute_period", *ATTRIBUTES)
    both = old.left_join(covered, "person").select(old, covered.first, covered.after)
    outside = both.filter(
        both.first.isnull() | (both.attribute_period < both.first) | (both.attribute_period >= both.after)
    )
    parts = [outside.select(old.columns), new]
    if known_to is not None:
        earlier = both.filter((both.attribute_period <= both.after) & (both.after < ibis.literal(known_to)))
        latest = ibis.window(group_by="person", order_by=ibis.desc("attribute_period"))
        ranked = earlier.mutate(place=ibis.row_number().over(latest))
        # A row of the month after is the record's own and stands already.
        again = ranked.filter((ranked.place == 0) & (ranked.attribute_period < ranked.after))
        parts.append(again.mutate(attribute_period=again.after).select(old.columns))
    return changed_attributes(ibis.union(*parts))


def flagged_spells(months: ir.Table, *, conditions: Sequence[str]) -> ir.Table:
    """Spells of conditions from flags by month.

    Takes    months: person, attribute_period and a boolean column per condition, at most one row per person and
             month; null counts as not flagged.
    Returns  person, condition, start (the first month flagged), end (the first month no longer flagged, null where it
             was to the last). A month that is missing is taken to say what the one before said.
    Raises   nothing.
    """
    order = ibis.window(group_by="person", order_by="attribute_period")
    flags = months.select("person", "attribute_period", **{c: months[c].fill_null(False) for c in conditions})
    turned = {}
    for name in conditions:
        before = ibis.coalesce(flags[name].lag().over(order), False)
        turned[f"turned_{name}"] = (flags[name] != before).ifelse(flags[name], ibis.null("boolean"))
    held = flags.select("person", "attribute_period", **turned)
    some = ibis.or_(*(held[name].notnull() for name in turned))
    # Few months turn anything; only those are laid out condition by condition.
    long = held.filter(some).pivot_longer(
        list(turned),
        names_to="condition",
        values_to="raised",
        names_transform=lambda name: name.removeprefix("turned_"),
    )
    long = long.filter(long.raised.notnull())
    each = ibis.window(group_by=["person", "condition"], order_by="attribute_period")
    ended = long.mutate(end=long.attribute_period.lead().over(each))
    return ended.filter(ended.raised).select("person", "condition", start="attribute_period", end="end")
