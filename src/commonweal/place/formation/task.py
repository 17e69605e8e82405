"""What exactly is asked when neighbourhoods are to be formed: which units, neighbours, sizes, costs?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations, pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from commonweal.place.formation.adjacency import Adjacency, Link, distances_km, neighbour_graph, projected_km
from commonweal.place.formation.grouping import Group, Unit, bundled, group_person_km, neighbour_masks, person_km

KeepPCN = Literal["always", "prefer", "ignore"]

# Codes that published files give to practices in no network.
NO_PCN = frozenset({"", "U", "UNALLOCATED"})


class FormationError(ValueError):
    """The request contradicts itself or cannot be read; the message says where and what to change."""


@dataclass(frozen=True, slots=True)
class PracticePoint:
    """One practice as it enters the forming of neighbourhoods: registered people, place, network."""

    code: str
    name: str
    people: int
    latitude: float
    longitude: float
    pcn_code: str | None = None
    pcn_name: str | None = None

    @property
    def network(self) -> str | None:
        """The practice's PCN, or None when it is in none."""
        code = (self.pcn_code or "").strip()
        return None if code.upper() in NO_PCN else code


@dataclass(frozen=True)
class Task:
    """A request made ready for the search; practices are in order of code, so input order cannot matter."""

    practices: tuple[PracticePoint, ...]
    smallest: int
    largest: int
    units: tuple[Unit, ...]
    unit_of: tuple[int, ...]
    links: tuple[Link, ...]
    cut_off: tuple[tuple[int, ...], ...]
    conflicts: tuple[int, ...]
    split_km: float

    @cached_property
    def total(self) -> int:
        """Registered people of the place."""
        return sum(practice.people for practice in self.practices)

    @cached_property
    def people(self) -> tuple[int, ...]:
        """People of each practice."""
        return tuple(practice.people for practice in self.practices)

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """People of each unit, counted no further than the largest size allowed.

        A unit over the limit is over it wherever it goes. Counting it as just full charges every plan the
        same, so the rest of the place can still be formed within the bounds.
        """
        return tuple(min(unit.people, self.largest) for unit in self.units)

    @cached_property
    def neighbours(self) -> tuple[int, ...]:
        """Neighbouring units of each unit, as bit masks."""
        pairs = ((self.unit_of[link.first], self.unit_of[link.second]) for link in self.links)
        return tuple(neighbour_masks(len(self.units), pairs))

    @cached_property
    def points(self) -> NDArray[np.float64]:
        """Practices on a flat map, km."""
        return projected_km([p.latitude for p in self.practices], [p.longitude for p in self.practices])

    @cached_property
    def travel(self) -> NDArray[np.float64]:
        """Person-km, hub (row) by practice (column)."""
        return person_km(distances_km(self.points), self.people)

    @cached_property
    def networks(self) -> dict[str, tuple[int, ...]]:
        """Positions of the practices of each PCN, PCNs in order of code."""
        members: dict[str, list[int]] = {}
        for position, practice in enumerate(self.practices):
            if practice.network is not None:
                members.setdefault(practice.network, []).append(position)
        return {code: tuple(own) for code, own in sorted(members.items())}

    @cached_property
    def scale(self) -> float:
        """Metres per patient for one person-km."""
        return 1000.0 / max(1, self.total)

    @cached_property
    def unit_networks(self) -> tuple[tuple[int, ...], ...]:
        """For each unit, positions (in `networks`) of the PCNs of its practices."""
        number = {code: place for place, code in enumerate(self.networks)}
        found = []
        for unit in self.units:
            codes = {self.practices[i].network for i in unit.practices}
            found.append(tuple(sorted(number[code] for code in codes if code is not None)))
        return tuple(found)

    @cached_property
    def network_cost(self) -> NDArray[np.float64]:
        """What each piece of a PCN costs, in metres per patient of the place; zero unless splits are charged."""
        people = [sum(self.people[i] for i in own) for own in self.networks.values()]
        return np.array(people, dtype=float) * self.split_km * self.scale

    @cached_property
    def unsplit_cost(self) -> float:
        """Cost of the pieces when no PCN is split; the same in every plan, so it is taken off at the end."""
        return float(self.network_cost.sum())

    def costs(self, groups: Sequence[Group]) -> NDArray[np.float64]:
        """Metres per patient of the place that each group adds: travel to its best hub, and pieces of PCNs."""
        cost = group_person_km(groups, self.units, self.travel) * self.scale
        if self.split_km:
            for number, group in enumerate(groups):
                touched = {network for unit in group for network in self.unit_networks[unit]}
                cost[number] += self.network_cost[sorted(touched)].sum()
        return cost

    def unit_parts(self, unit: int) -> list[tuple[int, float]]:
        """The PCNs (positions) of a unit's practices, each with the share of its people that the unit holds."""
        parts = []
        for number, own in enumerate(self.networks.values()):
            if number in self.unit_networks[unit]:
                held = [i for i in own if self.unit_of[i] == unit]
                people = sum(self.people[i] for i in own)
                share = sum(self.people[i] for i in held) / people if people else len(held) / len(own)
                parts.append((number, share))
        return parts

    def least_pieces(self, slack: int = 0) -> dict[int, int]:
        """For each PCN (position) too large for one group, the least number of groups it must be spread over."""
        found = {}
        room = self.largest + slack
        for number, own in enumerate(self.networks.values()):
            held: dict[int, int] = {}
            for i in own:
                held[self.unit_of[i]] = held.get(self.unit_of[i], 0) + self.people[i]
            pieces = -(-sum(min(people, self.largest) for people in held.values()) // room)
            if pieces > 1:
                found[number] = pieces
        return found

    def practices_of(self, group: Group) -> tuple[int, ...]:
        """Practices of a group of units, ascending."""
        return tuple(sorted(i for unit in group for i in self.units[unit].practices))


def part_of(task: Task, units: Sequence[int]) -> Task:
    """The same request for some of the units alone; unit positions in the part follow the order given."""
    positions = sorted(i for unit in units for i in task.units[unit].practices)
    new = {old: position for position, old in enumerate(positions)}
    unit_of = [0] * len(positions)
    for number, unit in enumerate(units):
        for i in task.units[unit].practices:
            unit_of[new[i]] = number
    return replace(
        task,
        practices=tuple(task.practices[i] for i in positions),
        units=tuple(Unit(tuple(new[i] for i in task.units[u].practices), task.units[u].people) for u in units),
        unit_of=tuple(unit_of),
        links=tuple(
            Link(new[link.first], new[link.second], link.km, link.kind)
            for link in task.links
            if link.first in new and link.second in new
        ),
        cut_off=(),
        conflicts=tuple(
            sum(1 << number for number, other in enumerate(units) if task.conflicts[unit] >> other & 1)
            for unit in units
        ),
    )


def outside_band(task: Task, group: Group) -> int:
    """People by which a group is outside the band, beyond what a unit too large by itself makes unavoidable."""
    size = sum(task.sizes[unit] for unit in group)
    return max(0, task.smallest - size, size - task.largest)


def prepared(
    practices: Sequence[PracticePoint],
    *,
    smallest: int,
    largest: int,
    keep_pcn: KeepPCN,
    together: Sequence[tuple[str, str]],
    apart: Sequence[tuple[str, str]],
    split_km: float,
    longest_link_km: float | None,
) -> Task:
    """A checked Task.

    Takes    the arguments of `form_neighbourhoods`.
    Returns  a Task with bundles merged and everything connected.
    Raises   FormationError for an empty or doubled list, bad numbers, unknown codes, contradictory pairs.
    """
    ordered = tuple(sorted(practices, key=lambda practice: practice.code))
    _check(ordered, smallest, largest, keep_pcn, split_km)
    position = {practice.code: i for i, practice in enumerate(ordered)}
    joined = _pairs(together, position, "together")
    parted = _pairs(apart, position, "apart")
    agreed = list(joined)
    if keep_pcn == "always":
        networks: dict[str, list[int]] = {}
        for i, practice in enumerate(ordered):
            if practice.network is not None:
                networks.setdefault(practice.network, []).append(i)
        agreed += [(own[0], other) for own in networks.values() for other in own[1:]]
    units, unit_of = bundled(len(ordered), agreed, [practice.people for practice in ordered])
    for a, b in parted:
        if unit_of[a] == unit_of[b]:
            raise FormationError(
                f"{ordered[a].code} and {ordered[b].code} are to be kept apart, but other conditions (pairs "
                "to be together, or PCNs kept whole) bind them together. Drop one of the two conditions."
            )
    graph = neighbour_graph(
        [p.latitude for p in ordered], [p.longitude for p in ordered], longest_link_km=longest_link_km
    )
    conflicts = neighbour_masks(len(units), [(unit_of[a], unit_of[b]) for a, b in parted])
    return Task(
        practices=ordered,
        smallest=smallest,
        largest=largest,
        units=tuple(units),
        unit_of=tuple(unit_of),
        links=_with_agreed_links(ordered, units, graph),
        cut_off=graph.cut_off,
        conflicts=tuple(conflicts),
        split_km=split_km if keep_pcn == "prefer" else 0.0,
    )


def _check(ordered, smallest, largest, keep_pcn, split_km) -> None:
    if not ordered:
        raise FormationError("There are no practices to form neighbourhoods from. Widen the selection.")
    if not 0 < smallest <= largest:
        raise FormationError(
            f"The bounds {smallest:,} to {largest:,} leave no size for a neighbourhood. "
            "Give a smallest size above zero and a largest size no smaller than it."
        )
    if keep_pcn not in ("always", "prefer", "ignore"):
        raise FormationError(f"keep_pcn is {keep_pcn!r}; it is one of always, prefer, ignore.")
    if split_km < 0:
        raise FormationError(f"The cost of splitting a PCN is {split_km} km; it cannot be below zero.")
    for one, following in pairwise(ordered):
        if one.code == following.code:
            raise FormationError(f"Practice {one.code} is in the list twice. Keep one of the two rows.")
    for practice in ordered:
        if practice.people < 0:
            raise FormationError(f"Practice {practice.code} has {practice.people} people. Correct the list.")
        if not (-90 <= practice.latitude <= 90 and -180 <= practice.longitude <= 180):
            raise FormationError(
                f"Practice {practice.code} has no usable position ({practice.latitude}, "
                f"{practice.longitude}). Give its latitude and longitude in degrees."
            )


def _pairs(pairs, position, word) -> list[tuple[int, int]]:
    found = []
    for a, b in pairs:
        for code in (a, b):
            if code not in position:
                raise FormationError(f"{a} and {b} are to be {word}, but {code} is not among the practices.")
        if a == b and word == "apart":
            raise FormationError(f"{a} is to be kept apart from itself. Correct the pair.")
        found.append((position[a], position[b]))
    return found


def _with_agreed_links(ordered, units, graph: Adjacency) -> tuple[Link, ...]:
    """The graph's links, and for each bundle whose practices are not neighbours the shortest link that joins them."""
    points = projected_km([p.latitude for p in ordered], [p.longitude for p in ordered])
    links = {(link.first, link.second): link for link in graph.links}
    for unit in units:
        if len(unit.practices) == 1:
            continue
        part = {i: i for i in unit.practices}
        for a, b in links:
            if a in part and b in part:
                part = {i: part[a] if label == part[b] else label for i, label in part.items()}
        while len(set(part.values())) > 1:
            options = [
                (float(np.linalg.norm(points[a] - points[b])), a, b)
                for a, b in combinations(unit.practices, 2)
                if part[a] != part[b]
            ]
            km, a, b = min(options)
            links[(a, b)] = Link(a, b, km, "agreed")
            part = {i: part[a] if label == part[b] else label for i, label in part.items()}
    return tuple(links[pair] for pair in sorted(links))
