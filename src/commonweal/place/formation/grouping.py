"""Which groups of neighbouring practices could be a neighbourhood, and how far would patients travel?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Group = tuple[int, ...]

# Rows costed at a time; keeps the working arrays of the largest places under about 100 MB.
COSTED_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class Unit:
    """Practices that are placed as one: a single practice, a kept PCN, or a must-be-together bundle."""

    practices: tuple[int, ...]
    people: int


@dataclass(frozen=True, slots=True)
class Groups:
    """Groups found, each a sorted tuple of unit positions; complete is False when the search was cut short."""

    members: list[Group]
    complete: bool


def bundled(count: int, pairs: Iterable[tuple[int, int]], people: Sequence[int]) -> tuple[list[Unit], list[int]]:
    """Practices merged into units.

    Takes    count: number of practices; pairs: positions of practices that must stay together; people: list sizes.
    Returns  units in order of their first practice, and for each practice the position of its unit.
    Raises   nothing.
    """
    parent = list(range(count))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for a, b in pairs:
        low, high = sorted((root(a), root(b)))
        parent[high] = low
    members: dict[int, list[int]] = {}
    for i in range(count):
        members.setdefault(root(i), []).append(i)
    units = [Unit(tuple(own), sum(people[i] for i in own)) for _, own in sorted(members.items())]
    unit_of = [0] * count
    for position, unit in enumerate(units):
        for i in unit.practices:
            unit_of[i] = position
    return units, unit_of


def neighbour_masks(count: int, pairs: Iterable[tuple[int, int]]) -> list[int]:
    """For each of `count` units its neighbours, as the set bits of one whole number."""
    masks = [0] * count
    for a, b in pairs:
        if a != b:
            masks[a] |= 1 << b
            masks[b] |= 1 << a
    return masks


def connected_groups(
    neighbours: Sequence[int],
    sizes: Sequence[int],
    smallest: int,
    largest: int,
    *,
    conflicts: Sequence[int] | None = None,
    most_groups: int | None = None,
    most_steps: int | None = None,
) -> Groups:
    """Every connected group whose people add up to between `smallest` and `largest`.

    Takes    neighbours: bit mask per unit; sizes: people per unit; conflicts: bit mask per unit of units it may
             never share a group with; most_groups, most_steps: where to give up.
    Returns  each group once, as a sorted tuple; complete is False when a limit was met.
    Raises   nothing.
    Source   grows each group from its lowest unit and only through neighbours that are new to the group, so
             no group is met twice (Wernicke 2006, enumeration of connected subgraphs).
    """
    found: list[Group] = []
    barred = conflicts if conflicts is not None else [0] * len(sizes)
    steps = 0
    limit_groups = most_groups if most_groups is not None else float("inf")
    limit_steps = most_steps if most_steps is not None else float("inf")
    for start, size in enumerate(sizes):
        if size > largest:
            continue
        lower = (2 << start) - 1
        stack = [((start,), size, neighbours[start] & ~lower, neighbours[start] | lower, barred[start])]
        while stack:
            members, people, frontier, closed, never = stack.pop()
            if people >= smallest:
                found.append(members)
            steps += 1
            while frontier:
                bit = frontier & -frontier
                frontier ^= bit
                unit = bit.bit_length() - 1
                grown = people + sizes[unit]
                if grown > largest or never & bit:
                    continue
                new = neighbours[unit] & ~closed
                stack.append(((*members, unit), grown, frontier | new, closed | new, never | barred[unit]))
            if len(found) > limit_groups or steps > limit_steps:
                return Groups(_in_order(found), False)
    return Groups(_in_order(found), True)


def _in_order(found: list[Group]) -> list[Group]:
    return sorted(tuple(sorted(members)) for members in found)


def person_km(distance: NDArray[np.float64], people: Sequence[int]) -> NDArray[np.float64]:
    """Person-km if the patients of each practice (column) went to each hub (row)."""
    return distance * np.asarray(people, dtype=float)[None, :]


def group_person_km(groups: Sequence[Group], units: Sequence[Unit], travel: NDArray[np.float64]) -> NDArray[np.float64]:
    """Person-km of each group to its best hub, a practice of the group.

    Takes    groups of unit positions; units; travel: person-km, hub by practice (see `person_km`).
    Returns  one figure a group.
    Raises   nothing.
    """
    cost = np.zeros(len(groups))
    by_size: dict[int, list[int]] = {}
    practices = [tuple(i for u in group for i in units[u].practices) for group in groups]
    for number, own in enumerate(practices):
        by_size.setdefault(len(own), []).append(number)
    for size, numbers in by_size.items():
        step = max(1, COSTED_AT_ONCE * 36 // (size * size))
        for begin in range(0, len(numbers), step):
            rows = numbers[begin : begin + step]
            own = np.array([practices[number] for number in rows])
            cost[rows] = travel[own[:, :, None], own[:, None, :]].sum(axis=2).min(axis=1)
    return cost


def best_hub(practices: Sequence[int], travel: NDArray[np.float64], people: Sequence[int]) -> int:
    """The practice all patients of a group reach with the fewest person-km; of equals the largest, then the first."""
    own = list(practices)
    totals = travel[np.ix_(own, own)].sum(axis=1)
    least = totals.min()
    level = [i for i, total in zip(own, totals, strict=True) if total <= least + 1e-9 * max(1.0, least)]
    return min(level, key=lambda i: (-people[i], i))
