"""Why can a place not be formed within its bounds, and what else should a reader of the plan know?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from commonweal.place.formation.task import KeepPCN, Task


class Sized(Protocol):
    """What is needed of a neighbourhood here."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def people(self) -> int: ...
    @property
    def outside_people(self) -> int: ...


def request_notes(task: Task, keep_pcn: KeepPCN) -> list[str]:
    """What the request itself brings with it, plan or no plan.

    Takes    task; keep_pcn as asked.
    Returns  sentences: parts cut off, bundles joined over a distance, practices in no PCN.
    Raises   nothing.
    """
    notes = []
    codes = [practice.code for practice in task.practices]
    for cluster in task.cut_off:
        notes.append(
            f"{_listed([codes[i] for i in cluster])} {_is(cluster)} cut off from the other practices; joined to "
            "the place by the shortest link there is."
        )
    for link in task.links:
        if link.kind == "agreed":
            notes.append(
                f"{codes[link.first]} and {codes[link.second]} are not neighbours ({link.km:.1f} km apart); "
                "joined because they are to be kept together."
            )
    loose = [practice.code for practice in task.practices if practice.network is None]
    if loose and keep_pcn != "ignore" and task.networks:
        notes.append(f"{_listed(loose)} {_is(loose)} in no PCN and placed freely.")
    return notes


def band_notes(task: Task, groups: Sequence[Sized], proven: bool) -> list[str]:
    """Why the bounds could not be met, and which neighbourhoods are outside them by how many people.

    Takes    task; the neighbourhoods formed; proven: whether it is known that no plan comes nearer the bounds.
    Returns  sentences, empty when every neighbourhood is within the bounds.
    Raises   nothing.
    """
    outside = sum(abs(group.outside_people) for group in groups)
    if not outside:
        return []
    notes = [*_too_large(task), *_not_divisible(task), *_hemmed_in(task)]
    bounds = f"between {task.smallest:,} and {task.largest:,} people"
    unavoidable = sum(max(0, unit.people - task.largest) for unit in task.units)
    if not proven and outside > unavoidable:
        notes.append(f"Not every neighbourhood is {bounds}; that no plan comes nearer is not proven.")
    elif not notes:
        notes.append(f"No way of grouping neighbouring practices puts every neighbourhood {bounds}.")
    for group in groups:
        if group.outside_people > 0:
            notes.append(f"{group.code} {group.name}: {group.people:,} people, {group.outside_people:,} over.")
        elif group.outside_people < 0:
            notes.append(f"{group.code} {group.name}: {group.people:,} people, {-group.outside_people:,} short.")
    return notes


def _too_large(task: Task) -> list[str]:
    notes = []
    for unit in task.units:
        if unit.people <= task.largest:
            continue
        own = [task.practices[i] for i in unit.practices]
        networks = {practice.network for practice in own}
        over = unit.people - task.largest
        if len(own) == 1:
            what = f"Practice {own[0].code} {own[0].name}"
        elif len(networks) == 1 and None not in networks:
            what = f"PCN {own[0].network}, kept whole,"
        else:
            what = f"The bundle {_listed([practice.code for practice in own])}"
        notes.append(f"{what} has {unit.people:,} people, {over:,} above the largest size by itself.")
    return notes


def _not_divisible(task: Task) -> list[str]:
    """The whole place fits no number of groups, however its practices are spread."""
    rest = sum(unit.people for unit in task.units if unit.people <= task.largest)
    if not rest:
        return []
    fewer = rest // task.largest
    if any(n * task.smallest <= rest <= n * task.largest for n in range(1, rest // task.smallest + 1)):
        return []
    words = []
    if fewer:
        words.append(f"{fewer} would be {rest - fewer * task.largest:,} over")
    words.append(f"{fewer + 1} would be {(fewer + 1) * task.smallest - rest:,} short")
    return [
        f"{rest:,} people cannot be divided into neighbourhoods of {task.smallest:,} to {task.largest:,}: "
        + ", ".join(words)
        + "."
    ]


def _hemmed_in(task: Task) -> list[str]:
    """Units that cannot reach the smallest size because every way out is barred or leads to a full unit."""
    notes = []
    for start, unit in enumerate(task.units):
        if task.sizes[start] >= task.smallest:
            continue
        reached, frontier = 1 << start, [start]
        while frontier:
            ways = task.neighbours[frontier.pop()] & ~reached & ~task.conflicts[start]
            for other in range(len(task.units)):
                if ways >> other & 1 and task.sizes[start] + task.sizes[other] <= task.largest:
                    reached |= 1 << other
                    frontier.append(other)
        within = sum(task.sizes[other] for other in range(len(task.units)) if reached >> other & 1)
        if within < task.smallest:
            codes = [task.practices[i].code for i in unit.practices]
            notes.append(
                f"{_listed(codes)} can reach no more than {within:,} people through neighbours that still fit "
                f"within {task.largest:,}."
            )
    return notes


def _listed(codes: Sequence[str], most: int = 6) -> str:
    shown = list(codes[:most])
    if len(codes) > most:
        shown.append(f"{len(codes) - most} more")
    return shown[0] if len(shown) == 1 else ", ".join(shown[:-1]) + " and " + shown[-1]


def _is(things: Sequence[object]) -> str:
    return "is" if len(things) == 1 else "are"
