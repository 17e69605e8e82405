"""How much of each kind of care did each person have before a day, window by window?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import add, or_

import ibis
import ibis.expr.types as ir

from commonweal.core.parameters import Parameters
from commonweal.core.periods import months_later

ANY = "*"
COST = "cost"

Pod = tuple[str, str, str]


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
    pod: Pod
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
    kinds = history_kinds(parameters, on=on)
    pods = list(dict.fromkeys(kind.pod for kind in kinds))
    by_month = {kind.pod for kind in kinds if kind.by_month}
    day = ibis.literal(on)
    held = activity.filter((activity.arr_date >= windows[-1].start) & (activity.arr_date < day))
    if on.day > 1:
        unfinished = held.arr_date >= ibis.literal(on.replace(day=1))
        held = held.filter(~(unfinished & reduce(or_, (is_of(held, pod) for pod in pods if pod in by_month))))
    end = held.dep_date.fill_null(held.arr_date)
    place_of_pod = ibis.cases(*((is_of(held, pod), place) for place, pod in enumerate(pods)), else_=len(pods))
    within = _within(held.arr_date, windows)
    # Added up in two steps, by cell and then by person: sixty conditions on every row of activity would take six times
    # as long as sixty on the few cells that each person has.
    rows = held.select(
        "person",
        cell=(place_of_pod * len(windows) + within).cast("int16"),
        within=within,
        days=ibis.least(end, day).delta(held.arr_date, unit="day").cast("int32"),
        items=held["items"].fill_null(1).cast("int32"),
        cost=(end < day).ifelse(held.cost_pence, 0).fill_null(0).cast("int64"),
        inside=(is_emergency(held) & (held.dep_date >= day)).fill_null(False).cast("int8"),
    )
    cells = rows.group_by("person", "cell", "within").aggregate(
        rows=rows.count().cast("int32"),
        days=rows.days.sum().cast("int32"),
        items=rows["items"].sum().cast("int32"),
        cost=rows.cost.sum().cast("int64"),
        inside=rows.inside.max(),
    )
    return _by_person(cells, windows, kinds, pods)


def _within(arrived: ir.DateColumn, windows: tuple[Window, ...]) -> ir.IntegerColumn:
    """The place, among the windows, of the shortest that holds the day."""
    cases = [(arrived >= ibis.literal(window.start), place) for place, window in enumerate(windows)]
    return ibis.cases(*cases, else_=len(windows)).cast("int8")


def _by_person(cells: ir.Table, windows: tuple[Window, ...], kinds: tuple[Kind, ...], pods: list[Pod]) -> ir.Table:
    """Cells as columns, each window holding the shorter ones."""
    taken = {}
    for kind in kinds:
        for place, window in enumerate(windows):
            mine = cells.cell == pods.index(kind.pod) * len(windows) + place
            # A person has one row of a cell, so the greatest is the only one.
            taken[f"{kind.code}_{window.code}"] = mine.ifelse(cells[kind.counts], 0).max()
    for place, window in enumerate(windows):
        taken[f"{COST}_{window.code}"] = (cells.within == place).ifelse(cells.cost, 0).sum().cast("int64")
    found = cells.group_by("person").aggregate(**taken, in_hospital=cells.inside.max())
    codes = [*(kind.code for kind in kinds), COST]
    held = {
        f"{code}_{window.code}": reduce(add, (found[f"{code}_{shorter.code}"] for shorter in windows[: place + 1]))
        for code in codes
        for place, window in enumerate(windows)
    }
    return found.select("person", *(_small(name, value) for name, value in held.items()), "in_hospital")


def _small(name: str, value: ir.IntegerValue) -> ir.IntegerValue:
    return value.cast("int64" if name.startswith(f"{COST}_") else "int32").name(name)


def is_of(activity: ir.Table, pod: Pod) -> ir.BooleanColumn:
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
