"""How much of each kind of care did each person have before a day, window by window?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir

from commonweal.core.parameters import Parameters
from commonweal.core.periods import months_later

ANY = "*"


@dataclass(frozen=True, slots=True)
class Window:
    """A look-back window: its first day; it ends the day before the index date."""

    code: str
    label: str
    start: date


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of care that is counted, by rows, days in hospital or items; rows by month once their month has ended."""

    code: str
    one: str
    many: str
    pod: tuple[str, str, str]
    counts: str
    by_month: bool


def history_windows(parameters: Parameters, *, on: date, since: date | None = None) -> tuple[Window, ...]:
    """The look-back windows before a day, shortest first.

    Takes    since: the first day that is held; windows that reach back over it are left out.
    """
    rows = parameters["risk_history_windows"].on(on).value
    windows = (Window(row["code"], row["label"], _first_day(row, on)) for row in rows)
    kept = (window for window in windows if since is None or window.start >= since)
    return tuple(sorted(kept, key=lambda window: window.start, reverse=True))


def _first_day(row: Mapping[str, str], on: date) -> date:
    return months_later(on, -int(row["months"])) if row["months"] else on - timedelta(days=int(row["days"]))


def history_kinds(parameters: Parameters, *, on: date) -> tuple[Kind, ...]:
    """The kinds of care that are counted."""
    return tuple(
        Kind(
            row["code"],
            row["one"],
            row["many"],
            (row["pod_l1"], row["pod_l2a"], row["pod_l2b"]),
            row["counts"],
            row["by_month"],
        )
        for row in parameters["risk_history"].on(on).value
    )


def history(activity: ir.Table, *, on: date, parameters: Parameters, since: date | None = None) -> ir.Table:
    """What each person had before a day, by kind of care and look-back window.

    Takes    activity: of the record. since: the first day that activity is held for; windows that reach back over it
             are left out.
    Returns  person; for each kind and window `kind_window`: rows, days in hospital or items; for each window
             `cost_window` (pence, of care that had ended); `in_hospital`, 1 for who was in as an emergency at the start
             of the day. One row per person with any activity in the longest window; one pass over activity.
    Source   Days in hospital are cut off at the day: how long a stay went on after it is not known on it.
    """
    windows = history_windows(parameters, on=on, since=since)
    if not windows:
        raise ValueError("no look-back window lies within the days held")
    first_of_month = on.replace(day=1)
    end = activity.dep_date.fill_null(activity.arr_date)
    looked_at = activity.filter((activity.arr_date >= windows[-1].start) & (activity.arr_date < on))
    day = ibis.literal(on)
    held = looked_at.mutate(
        within=_within(looked_at.arr_date, windows),
        whole_month=looked_at.arr_date < ibis.literal(first_of_month),
        days=ibis.least(end, day).delta(looked_at.arr_date, unit="day").cast("int32"),
        count=looked_at.items.fill_null(1).cast("int32"),
        ended=end < day,
    )
    return held.group_by("person").aggregate(**dict(_sums(held, windows, history_kinds(parameters, on=on), on)))


def _within(arrived: ir.DateColumn, windows: tuple[Window, ...]) -> ir.IntegerColumn:
    """The place, among the windows, of the shortest that holds the day."""
    cases = [(arrived >= ibis.literal(window.start), ibis.literal(place)) for place, window in enumerate(windows)]
    return ibis.cases(*cases, else_=len(windows)).cast("int8")


def _sums(
    held: ir.Table, windows: tuple[Window, ...], kinds: tuple[Kind, ...], on: date
) -> Iterator[tuple[str, ir.Scalar]]:
    is_kind = {kind.code: is_of(held, kind.pod) for kind in kinds}
    for kind in kinds:
        mine = is_kind[kind.code] & held.whole_month if kind.by_month else is_kind[kind.code]
        what = {"days": held.days, "items": held["count"]}.get(kind.counts)
        for place, window in enumerate(windows):
            where = mine & (held.within <= place)
            counted = held.count(where=where) if what is None else what.sum(where=where).fill_null(0)
            yield f"{kind.code}_{window.code}", counted.cast("int32")
    for place, window in enumerate(windows):
        where = (held.within <= place) & held.ended
        yield f"cost_{window.code}", held.cost_pence.sum(where=where).fill_null(0).cast("int64")
    inside = is_emergency(held) & (held.dep_date >= ibis.literal(on))
    yield "in_hospital", inside.any().fill_null(False).cast("int8")


def is_of(activity: ir.Table, pod: tuple[str, str, str]) -> ir.BooleanColumn:
    """Whether a row of activity is of a point of delivery; a star stands for any second or third level."""
    levels = zip(("pod_l1", "pod_l2a", "pod_l2b"), pod, strict=True)
    wanted = [activity[name] == code for name, code in levels if code != ANY]
    found = wanted[0]
    for one in wanted[1:]:
        found = found & one
    return found.fill_null(False)


def is_emergency(activity: ir.Table) -> ir.BooleanColumn:
    """Whether a row of activity is an emergency admission to an acute hospital."""
    return is_of(activity, ("secondary", "ip", "emergency"))
