"""What does redrawing the border between two or three neighbouring groups gain or cost?"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from time import monotonic

import numpy as np

from commonweal.place.formation_task import Task
from commonweal.place.grouping import Group, connected_groups
from commonweal.place.next_best import cheapest_covers

# A redrawing of more units or groups than this is left out: it would take longer than it is likely to gain.
MOST_UNITS = 24
MOST_GROUPS = 4_000
COVER_STEPS = 400
TURNS = 4

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
    place = {unit: position for position, unit in enumerate(units)}
    groups = connected_groups(
        [_local(task.neighbours[unit], place) for unit in units],
        [task.sizes[unit] for unit in units],
        task.smallest,
        task.largest,
        conflicts=[_local(task.conflicts[unit], place) for unit in units],
        most_groups=MOST_GROUPS,
    )
    if not groups.complete:
        return []
    members = [tuple(units[position] for position in group) for group in groups.members]
    costs = task.costs(members)
    cover = np.zeros((len(members), len(units)), dtype=bool)
    for row, group in enumerate(groups.members):
        cover[row, list(group)] = True
    now = float(task.costs(sorted(own)).sum())
    most = now + room if np.isfinite(room) else 1.5 * now + 1.0
    covers = cheapest_covers(cover, costs, room=most, number=number, most_steps=COVER_STEPS)
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
