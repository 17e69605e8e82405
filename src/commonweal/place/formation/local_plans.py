"""What does redrawing the border between two or three neighbouring groups gain or cost?"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from time import monotonic

import numpy as np

from commonweal.place.formation.grouping import Group, connected_groups
from commonweal.place.formation.next_best import cheapest_covers
from commonweal.place.formation.partition import Partitioner, Unsettled
from commonweal.place.formation.task import Task, outside_band, part_of
from commonweal.place.formation.wide_search import wide_plan

# A redrawing of more units or groups than this is left out: it would take longer than it is likely to gain.
MOST_UNITS = 24
MOST_GROUPS = 4_000
COVER_WORK = 1e7
TURNS = 4

# A window is solved exactly around one group: wide enough to matter, small enough for a second or two.
WINDOW_UNITS = 46
MENDING_UNITS = (40, 60, 100, 140)
MENDING_SECONDS = 8.0
WINDOW_GROUPS = 40_000
WINDOW_SECONDS = 4.0

Redrawn = tuple[float, tuple[Group, ...], tuple[Group, ...]]


def improved(task: Task, plan: Sequence[Group], deadline: float) -> tuple[Group, ...]:
    """The plan after every redrawing of two or three neighbouring groups that shortens it.

    Takes    task; a plan within the bounds; deadline on the monotonic clock.
    Returns  a plan no dearer than the one given.
    Raises   nothing.
    """
    now = set(plan)
    settled: set[frozenset[Group]] = set()
    for _ in range(TURNS):
        changed = False
        for own in _neighbouring(task, sorted(now)):
            if monotonic() > deadline:
                return tuple(sorted(now))
            if own in settled or not own <= now:
                continue
            settled.add(own)
            options = redrawings(task, own, 1, room=0.0)
            if options and options[0][0] < -1e-6:
                now = (now - own) | set(options[0][2])
                changed = True
        if not changed:
            break
    return tuple(sorted(now))


def reworked(task: Task, plan: Sequence[Group], deadline: float) -> tuple[Group, ...]:
    """The plan after the surroundings of each group have been solved again.

    Takes    task; a plan; deadline on the monotonic clock.
    Returns  a plan with no more people outside the bounds, and no dearer if equally many.
    Raises   nothing.
    """
    now = set(plan)
    for centre in sorted(plan):
        if monotonic() > deadline:
            break
        if centre in now:
            own = _window(task, sorted(now), centre, WINDOW_UNITS)
            better = _solved(task, own)
            if better is not None:
                now = (now - set(own)) | set(better)
    return tuple(sorted(now))


def mended(task: Task, plan: Sequence[Group], deadline: float) -> tuple[Group, ...]:
    """The plan after the surroundings of groups outside the bounds have been formed anew, narrow ones first.

    Takes    task; a plan, perhaps with groups outside the bounds; deadline on the monotonic clock.
    Returns  a plan with no more people outside the bounds.
    Raises   nothing.
    """
    now = set(plan)
    for most in MENDING_UNITS:
        for centre in sorted(plan, key=lambda group: (-outside_band(task, group), group)):
            if monotonic() > deadline:
                return tuple(sorted(now))
            if centre in now and outside_band(task, centre):
                own = _window(task, sorted(now), centre, most)
                better = _mended(task, own)
                now = now if better is None else (now - set(own)) | set(better)
    return tuple(sorted(now))


def _mended(task: Task, own: Sequence[Group]) -> list[Group] | None:
    """Some groups formed anew as a place of their own, if that leaves fewer people outside the bounds."""
    units = sorted(unit for group in own for unit in group)
    part = part_of(task, units)
    found = wide_plan(part, seconds=MENDING_SECONDS, progress=lambda step, share: None)
    better = [tuple(units[unit] for unit in found.groups[i]) for i in found.plan.chosen]
    before = sum(outside_band(task, group) for group in own)
    return better if sum(outside_band(task, group) for group in better) < before else None


def _window(task: Task, plan: Sequence[Group], centre: Group, most: int) -> list[Group]:
    """The groups around one, nearest first, as many as keep the units below `most`."""
    points = task.points

    def middle(group: Group) -> np.ndarray:
        return points[list(task.practices_of(group))].mean(axis=0)

    home = middle(centre)
    ordered = sorted(plan, key=lambda group: (round(float(np.linalg.norm(middle(group) - home)), 6), group))
    own: list[Group] = []
    units = 0
    for group in ordered:
        units += len(group)
        if own and units > most:
            break
        own.append(group)
    return own


def _solved(task: Task, own: Sequence[Group]) -> list[Group] | None:
    """The best way within the bounds to divide the units of some groups, if better than now."""
    units = sorted(unit for group in own for unit in group)
    members = _groups_among(task, units, WINDOW_GROUPS)
    if not members:
        return None
    place = {unit: position for position, unit in enumerate(units)}
    local = [tuple(place[unit] for unit in group) for group in members]
    try:
        best = Partitioner(len(units), local, task.costs(members), seconds=WINDOW_SECONDS).best()
    except Unsettled:
        return None
    if best is None:
        return None
    outside = any(outside_band(task, group) for group in own)
    if not outside and best.cost > float(task.costs(own).sum()) - 1e-6:
        return None
    return [members[number] for number in best.chosen]


def _groups_among(task: Task, units: Sequence[int], most: int) -> list[Group]:
    """Every connected group within the bounds among some units; none when there are more than `most`."""
    place = {unit: position for position, unit in enumerate(units)}
    groups = connected_groups(
        [_local(task.neighbours[unit], place) for unit in units],
        [task.sizes[unit] for unit in units],
        task.smallest,
        task.largest,
        conflicts=[_local(task.conflicts[unit], place) for unit in units],
        most_groups=most,
        most_steps=10 * most,
    )
    if not groups.complete:
        return []
    return [tuple(units[position] for position in group) for group in groups.members]


def next_redrawings(task: Task, plan: Sequence[Group], number: int, deadline: float) -> list[Redrawn]:
    """The cheapest other plans that redraw two or three neighbouring groups, and what each costs more.

    Takes    task; plan; number wanted; deadline on the monotonic clock.
    Returns  difference in metres per patient, groups given up, groups taken instead; cheapest first.
    Raises   nothing.
    """
    best: dict[tuple[Group, ...], Redrawn] = {}
    for own in _neighbouring(task, sorted(plan)):
        if monotonic() > deadline:
            break
        ranked = sorted(best.values())
        room = ranked[number - 1][0] if len(ranked) >= number else np.inf
        for option in redrawings(task, own, number + 1, room=room):
            kept = set(option[1]) & set(option[2])
            out = tuple(group for group in option[1] if group not in kept)
            taken = tuple(group for group in option[2] if group not in kept)
            if taken:
                best[taken] = (option[0], out, taken)
    return sorted(best.values())[:number]


def redrawings(task: Task, own: frozenset[Group], number: int, *, room: float) -> list[Redrawn]:
    """Other ways to divide the units of some groups, none dearer than now by more than `room`."""
    units = sorted(unit for group in own for unit in group)
    if len(units) > MOST_UNITS:
        return []
    members = _groups_among(task, units, MOST_GROUPS)
    if not members:
        return []
    costs = task.costs(members)
    place = {unit: position for position, unit in enumerate(units)}
    cover = np.zeros((len(members), len(units)), dtype=bool)
    for row, group in enumerate(members):
        cover[row, [place[unit] for unit in group]] = True
    now = float(task.costs(sorted(own)).sum())
    most = now + room if np.isfinite(room) else 1.5 * now + 1.0
    covers = cheapest_covers(cover, costs, room=most, number=number, most_work=COVER_WORK)
    before = tuple(sorted(own))
    made = []
    for cost, chosen in covers.found:
        after = tuple(sorted(members[column] for column in chosen))
        if after != before:
            made.append((cost - now, before, after))
    return made


def _local(mask: int, place: dict[int, int]) -> int:
    return sum(1 << position for unit, position in place.items() if mask >> unit & 1)


def _neighbouring(task: Task, plan: Sequence[Group]) -> list[frozenset[Group]]:
    """Pairs of touching groups, then threes of which one touches both others."""
    masks = [sum(1 << unit for unit in group) for group in plan]
    around = []
    for group in plan:
        reach = 0
        for unit in group:
            reach |= task.neighbours[unit]
        around.append(reach)
    touching: list[set[int]] = [set() for _ in plan]
    for a, b in combinations(range(len(plan)), 2):
        if around[a] & masks[b]:
            touching[a].add(b)
            touching[b].add(a)
    pairs = {frozenset((a, b)) for a in range(len(plan)) for b in touching[a]}
    threes = {frozenset((a, b, c)) for a in range(len(plan)) for b, c in combinations(sorted(touching[a]), 2)}
    ordered = sorted(map(sorted, pairs)) + sorted(map(sorted, threes))
    return [frozenset(plan[number] for number in own) for own in ordered]
