"""How do spells of the record and spells of a new load become one history?

A spell begins on `start` and ends on `end`, the first day it no longer holds, null while it does. What a new load
covers replaces what the record said of the same days; what it does not cover stays.
"""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir

FAR = date(9999, 12, 31)
_ = ibis._


def _far_if_open(end: ir.DateValue) -> ir.DateValue:
    return ibis.coalesce(end, ibis.literal(FAR))


def _open_if_far(end: ir.DateValue) -> ir.DateValue:
    return (end >= ibis.literal(FAR)).ifelse(ibis.null("date"), end)


def joined_spells(spells: ir.Table, *, of: str) -> ir.Table:
    """Spells of the same thing that touch or overlap as one.

    Takes    spells: person, the column `of` (a practice, a condition), start, end.
    Returns  the same columns; one row per person, thing and stretch of days without a gap. Spells of no day are left
             out.
    Raises   nothing.
    """
    held = spells.select("person", of, "start", end=_far_if_open(spells.end))
    held = held.filter(held.start < held.end)
    reached = held.mutate(reached=held.end.max().over(_earlier(of)))
    begins = (reached.reached.isnull() | (reached.start > reached.reached)).cast("int32")
    numbered = reached.mutate(begins=begins)
    numbered = numbered.mutate(island=numbered.begins.sum().over(_up_to_now(of)))
    merged = numbered.group_by("person", of, "island").aggregate(start=numbered.start.min(), far=numbered.end.max())
    return merged.select("person", of, "start", end=_open_if_far(merged.far))


def _earlier(of: str) -> object:
    return ibis.rows_window(preceding=(None, 1), group_by=["person", of], order_by=["start", "end"])


def _up_to_now(of: str) -> object:
    return ibis.rows_window(preceding=None, following=0, group_by=["person", of], order_by=["start", "end"])


def spells_with_new(old: ir.Table, new: ir.Table, covered: ir.Table, *, of: str, known_to: date | None) -> ir.Table:
    """The record's spells with those of a load in front for the days that it covers.

    Takes    old, new: person, the column `of`, start, end; covered: person, first, after: the days, person by person,
             of which the load speaks; known_to: the first day after those of which the record spoke, None for no
             record.
    Returns  the same columns. A spell that the load leaves open ends with what it covers where the record knows of
             later days; the record's later spells then stand.
    Raises   nothing.
    """
    none = ibis.null("date")
    knows_later = (ibis.literal(known_to) > covered.after) if known_to else ibis.literal(False)
    held = covered.mutate(knows_later=knows_later)
    both = old.left_join(held, "person").select(
        old.person, old[of], old.start, held.first, held.after, held.knows_later, far=_far_if_open(old.end)
    )
    columns = ("person", of, "start", "end")
    untouched = both.filter(both.first.isnull()).select("person", of, "start", end=_open_if_far(_.far))
    before = both.filter(both.start < both.first).select("person", of, "start", end=ibis.least(_.far, _.first))
    later = both.filter(both.knows_later & (both.far > both.after))
    later = later.select("person", of, start=ibis.greatest(_.start, _.after), end=_open_if_far(_.far))
    mine = new.left_join(held, "person").select(
        new.person, new[of], new.start, held.after, held.knows_later, end=new.end
    )
    closed = ibis.coalesce(mine.knows_later, False) & mine.end.isnull()
    mine = mine.select("person", of, "start", end=closed.ifelse(mine.after, ibis.coalesce(mine.end, none)))
    parts = [table.select(*columns) for table in (untouched, before, later, mine)]
    return joined_spells(ibis.union(*parts), of=of)


def one_at_a_time(registrations: ir.Table) -> ir.Table:
    """Registrations of which a person has one at a time.

    Takes    registrations: person, practice_code, start, end.
    Returns  the same columns and `overlapped`: whether the spell was cut short where the person's next one begins; and
             `displaced`: whether nothing is left of it, as another begins on its first day. Of two that begin on one
             day the one at the practice whose code comes later stays; the other keeps its days, and must not be used.
    Raises   nothing.
    """
    order = ibis.window(group_by="person", order_by=["start", "practice_code"])
    following = registrations.start.lead().over(order)
    held = registrations.mutate(far=_far_if_open(registrations.end), following=following)
    overlapped = ibis.coalesce(held.following < held.far, False)
    displaced = ibis.coalesce(held.following == held.start, False)
    cut = held.mutate(
        overlapped=overlapped & ~displaced,
        displaced=displaced,
        end=_open_if_far((overlapped & ~displaced).ifelse(held.following, held.far)),
    )
    return cut.select("person", "practice_code", "start", "end", "overlapped", "displaced")
