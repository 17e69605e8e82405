"""Which groups are worth adding to a plan, and what can no group beat, without listing every group there is?

Given a price for covering each unit, the reduced cost of a group is what it costs less the prices of its
units. For one hub at a time, groups are grown from the hub and a branch is left as soon as no group on it can
come under a threshold: the bound is that of a knapsack of units around the hub in which neighbourhood is
ignored, so it holds whatever the graph looks like.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commonweal.place.formation_task import Task
from commonweal.place.grouping import Group

# Rounding in HiGHS leaves prices good to about this (metres per patient).
PRICE_ERROR = 1e-7


@dataclass(frozen=True, slots=True)
class Priced:
    """Groups found around one hub; the least reduced cost any group there can have; whether the search ended."""

    groups: list[tuple[float, Group]]
    least: float
    complete: bool


class Pricer:
    """Prices groups hub by hub for one task."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.sizes = np.array(task.sizes, dtype=float)
        count = len(task.units)
        # Metres per patient that each unit adds when it goes to each hub practice.
        columns = [task.travel[:, list(unit.practices)].sum(axis=1) for unit in task.units]
        self.to_hub = np.column_stack(columns) * task.scale
        self.piece = np.zeros(count)
        people = [sum(task.people[i] for i in own) for own in task.networks.values()]
        for unit, networks in enumerate(task.unit_networks):
            for network in networks:
                own = sum(
                    task.people[i]
                    for i in task.units[unit].practices
                    if task.practices[i].network == list(task.networks)[network]
                )
                # A piece costs in full; its share by people is the most that can be charged to a unit safely.
                self.piece[unit] += task.network_cost[network] * own / max(1, people[network])
        self.reach = [self._reach(unit) for unit in range(count)]

    def _reach(self, start: int) -> list[int]:
        """Units that some connected group within the largest size can share with `start`."""
        task = self.task
        best = {start: task.sizes[start]}
        waiting = [start]
        while waiting:
            waiting.sort(key=lambda unit: (-best[unit], unit))
            unit = waiting.pop()
            ways = task.neighbours[unit] & ~task.conflicts[start]
            while ways:
                bit = ways & -ways
                ways ^= bit
                other = bit.bit_length() - 1
                size = best[unit] + task.sizes[other]
                if size <= task.largest and size < best.get(other, task.largest + 1):
                    best[other] = size
                    if other not in waiting:
                        waiting.append(other)
        return sorted(best)

    def around(
        self,
        hub: int,
        prices: NDArray[np.float64],
        threshold: float,
        *,
        most_groups: int,
        most_steps: int,
    ) -> Priced:
        """Groups with hub practice `hub` whose reduced cost is at most `threshold`.

        Takes    hub: position of a practice; prices, one a unit; limits on groups kept and steps taken.
        Returns  Priced. When complete, no group with that hub has a reduced cost below `least`.
        Raises   nothing.
        """
        task = self.task
        home = task.unit_of[hub]
        items = np.array(self.reach[home])
        worth = self.to_hub[hub, items] + self.piece[items] - prices[items]
        bound, weighed = self._knapsack(worth, self.sizes[items], items == home)
        if bound > threshold:
            return Priced([], min(bound, threshold), True)
        needed = (bound + np.maximum(weighed, 0) <= threshold) | (items == home)
        order = np.argsort(np.where(items == home, -np.inf, weighed), kind="stable")
        order = order[needed[order]]
        return _grown(
            task,
            [int(unit) for unit in items[order]],
            worth[order].tolist(),
            weighed[order].tolist(),
            bound,
            threshold,
            most_groups,
            most_steps,
        )

    def compact(self, hub: int, *, wanted: int, most_steps: int) -> list[Group]:
        """Some of the groups that lie closest around one hub practice, at least `wanted` where there are as many."""
        free = np.zeros(len(self.task.units))
        home = self.task.unit_of[hub]
        items = np.array(self.reach[home])
        worth = self.to_hub[hub, items] + self.piece[items]
        least, _ = self._knapsack(worth, self.sizes[items], items == home)
        found = Priced([], least, True)
        for factor in (1.1, 1.5, 2.0, 3.0, 5.0):
            threshold = factor * max(least, 0.0) + PRICE_ERROR
            found = self.around(hub, free, threshold, most_groups=5 * wanted, most_steps=most_steps)
            if len(found.groups) >= wanted or not found.complete:
                break
        return [group for _, group in sorted(found.groups)[: 2 * wanted]]

    def _knapsack(self, worth, sizes, home) -> tuple[float, NDArray[np.float64]]:
        """Least total worth of units around a hub by size alone, and each unit's worth at the best price of size."""
        low, high = float(self.task.smallest), float(self.task.largest)
        with np.errstate(divide="ignore", invalid="ignore"):
            rates = -worth / sizes
        rates = np.append(rates[np.isfinite(rates)], 0.0)
        weighed = worth[None, :] + rates[:, None] * sizes[None, :]
        total = np.where(home[None, :], weighed, np.minimum(weighed, 0)).sum(axis=1)
        total -= rates * np.where(rates >= 0, high, low)
        best = int(total.argmax())
        return float(total[best]), weighed[best]


def _grown(
    task: Task,
    units: list[int],
    worth: list[float],
    weighed: list[float],
    bound: float,
    threshold: float,
    most_groups: int,
    most_steps: int,
) -> Priced:
    """Connected groups from the first of `units`, leaving a branch when its bound passes the threshold."""
    place = {unit: position for position, unit in enumerate(units)}
    neighbours = [_local(task.neighbours[unit], place) for unit in units]
    barred = [_local(task.conflicts[unit], place) if task.conflicts[unit] else 0 for unit in units]
    sizes = [task.sizes[unit] for unit in units]
    found: list[tuple[float, int]] = []
    least = threshold
    steps = 0
    stack = [(1, sizes[0], worth[0], bound, neighbours[0], neighbours[0] | 1, barred[0])]
    while stack:
        members, people, value, lower, frontier, closed, never = stack.pop()
        if people >= task.smallest and value <= threshold:
            found.append((value, members))
            least = min(least, value)
        steps += 1
        if steps > most_steps or len(found) >= most_groups:
            return Priced(_groups(found, units), bound, False)
        while frontier and lower <= threshold:
            bit = frontier & -frontier
            frontier ^= bit
            unit = bit.bit_length() - 1
            gain = weighed[unit]
            grown = people + sizes[unit]
            if grown <= task.largest and not never & bit:
                with_unit = lower + gain if gain > 0 else lower
                if with_unit <= threshold:
                    new = neighbours[unit] & ~closed
                    stack.append(
                        (
                            members | bit,
                            grown,
                            value + worth[unit],
                            with_unit,
                            frontier | new,
                            closed | new,
                            never | barred[unit],
                        )
                    )
            if gain < 0:
                lower -= gain
    return Priced(_groups(found, units), least, True)


def _local(mask: int, place: dict[int, int]) -> int:
    local = 0
    while mask:
        bit = mask & -mask
        mask ^= bit
        position = place.get(bit.bit_length() - 1)
        if position is not None:
            local |= 1 << position
    return local


def _groups(found: Sequence[tuple[float, int]], units: Sequence[int]) -> list[tuple[float, Group]]:
    return [
        (value, tuple(sorted(unit for position, unit in enumerate(units) if members >> position & 1)))
        for value, members in found
    ]
