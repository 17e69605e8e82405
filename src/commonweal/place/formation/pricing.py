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

from commonweal.place.formation.grouping import Group
from commonweal.place.formation.task import Task

# Rounding in HiGHS leaves prices good to about this (metres per patient).
PRICE_ERROR = 1e-7


@dataclass(frozen=True, slots=True)
class Priced:
    """Groups found around one hub; the least reduced cost any group there can have; whether the search ended."""

    groups: list[tuple[float, Group]]
    least: float
    complete: bool


@dataclass(frozen=True, slots=True)
class Prices:
    """A price for covering each unit; what a piece of each PCN is still charged; what every plan is charged."""

    units: NDArray[np.float64]
    charges: NDArray[np.float64]
    constant: float

    @property
    def total(self) -> float:
        """What every plan costs at these prices, before reduced costs."""
        return float(self.units.sum()) + self.constant


class Pricer:
    """Prices groups hub by hub for one task."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.sizes = np.array(task.sizes, dtype=float)
        count = len(task.units)
        # Metres per patient that each unit adds when it goes to each hub practice.
        columns = [task.travel[:, list(unit.practices)].sum(axis=1) for unit in task.units]
        self.to_hub = np.column_stack(columns) * task.scale
        self.parts = [task.unit_parts(unit) for unit in range(count)]
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

    def around(self, hub: int, prices: Prices, threshold: float, *, most_groups: int, most_steps: int) -> Priced:
        """Groups with hub practice `hub` whose reduced cost is at most `threshold`.

        Takes    hub: position of a practice; prices; limits on groups kept and steps taken.
        Returns  Priced. When complete, no group with that hub has a reduced cost below `least`.
        Raises   nothing.
        """
        home = self.task.unit_of[hub]
        items = np.array(self.reach[home])
        worth = self._worth(hub, items, prices)
        bound, weighed = self._knapsack(worth, self.sizes[items], items == home)
        if bound > threshold:
            return Priced([], threshold, True)
        needed = (bound + np.maximum(weighed, 0) <= threshold) | (items == home)
        order = np.argsort(np.where(items == home, -np.inf, weighed), kind="stable")
        order = order[needed[order]]
        around = _Surroundings(self, items[order].tolist(), worth[order], weighed[order], prices)
        return around.grown(bound, threshold, most_groups, most_steps)

    def _worth(self, hub: int, items: NDArray[np.intp], prices: Prices) -> NDArray[np.float64]:
        """What each unit adds at this hub: travel and its share of the charge for its PCN, less its price.

        A piece of a PCN is charged in full however small; a share by people is the most that can be put on each
        unit so that no group is charged too much. The search adds what is missing as units drop out.
        """
        charged = [sum(share * prices.charges[network] for network, share in self.parts[u]) for u in items]
        return self.to_hub[hub, items] + np.array(charged) - prices.units[items]

    def compact(self, hub: int, *, wanted: int, most_steps: int) -> list[Group]:
        """Some of the groups that lie closest around one hub practice, at least `wanted` where there are as many."""
        free = Prices(np.zeros(len(self.task.units)), np.zeros(len(self.task.networks)), 0.0)
        home = self.task.unit_of[hub]
        items = np.array(self.reach[home])
        least, _ = self._knapsack(self._worth(hub, items, free), self.sizes[items], items == home)
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


class _Surroundings:
    """The units around one hub, numbered from the hub outwards by worth, ready for the search."""

    def __init__(self, pricer: Pricer, units: list[int], worth, weighed, prices: Prices) -> None:
        task = pricer.task
        place = {unit: position for position, unit in enumerate(units)}
        self.task, self.units = task, units
        self.worth: list[float] = worth.tolist()
        self.weighed: list[float] = weighed.tolist()
        self.neighbours = [_local(task.neighbours[unit], place) for unit in units]
        self.barred = [_local(task.conflicts[unit], place) if task.conflicts[unit] else 0 for unit in units]
        self.sizes = [task.sizes[unit] for unit in units]
        charges = prices.charges
        self.shares = [
            [(network, share * charges[network]) for network, share in pricer.parts[unit] if charges[network] > 0]
            for unit in units
        ]
        # What is missing of each PCN's charge from the start: the shares of units out of reach.
        self.missing: dict[int, float] = {}
        self.members: dict[int, list[tuple[int, float]]] = {}
        for position, shares in enumerate(self.shares):
            for network, share in shares:
                self.missing[network] = self.missing.get(network, float(charges[network])) - share
                self.members.setdefault(network, []).append((1 << position, share))

    def _opened(self, unit: int, touched: int, gone: int) -> tuple[float, int]:
        """What taking a unit adds for pieces of PCNs not yet in the group, and the PCNs then in it."""
        added = 0.0
        for network, _ in self.shares[unit]:
            if not touched >> network & 1:
                touched |= 1 << network
                added += self.missing[network]
                added += sum(share for bit, share in self.members[network] if gone & bit)
        return added, touched

    def _left_out(self, members: int, touched: int) -> float:
        """The shares of the group's PCNs that its own units do not carry."""
        left = 0.0
        for network, own in self.members.items():
            if touched >> network & 1:
                left += self.missing[network] + sum(share for bit, share in own if not members & bit)
        return left

    def grown(self, bound: float, threshold: float, most_groups: int, most_steps: int) -> Priced:
        """Connected groups from the hub, leaving a branch when its bound passes the threshold."""
        neighbours, barred, sizes, worth, weighed = (
            self.neighbours,
            self.barred,
            self.sizes,
            self.worth,
            self.weighed,
        )
        smallest, largest = self.task.smallest, self.task.largest
        found: list[tuple[float, int]] = []
        least, steps = threshold, 0
        added, touched = self._opened(0, 0, 0)
        stack = [(1, sizes[0], worth[0], bound + added, neighbours[0], neighbours[0] | 1, barred[0], touched, 0)]
        while stack:
            members, people, value, lower, frontier, closed, never, touched, gone = stack.pop()
            if people >= smallest and value <= threshold:
                exact = value + self._left_out(members, touched) if touched else value
                if exact <= threshold:
                    found.append((exact, members))
                    least = min(least, exact)
            steps += 1
            if steps > most_steps or len(found) >= most_groups:
                return Priced(self._groups(found), min(bound, threshold), False)
            while frontier and lower <= threshold:
                bit = frontier & -frontier
                frontier ^= bit
                unit = bit.bit_length() - 1
                gain, size = weighed[unit], people + sizes[unit]
                if size <= largest and not never & bit:
                    added, held = self._opened(unit, touched, gone) if self.shares[unit] else (0.0, touched)
                    below = lower + added + (gain if gain > 0 else 0.0)
                    if below <= threshold:
                        new = neighbours[unit] & ~closed
                        ban = never | barred[unit]
                        grown = value + worth[unit]
                        stack.append((members | bit, size, grown, below, frontier | new, closed | new, ban, held, gone))
                gone |= bit
                if gain < 0:
                    lower -= gain
                for network, share in self.shares[unit]:
                    if touched >> network & 1:
                        lower += share
        return Priced(self._groups(found), least, True)

    def _groups(self, found: Sequence[tuple[float, int]]) -> list[tuple[float, Group]]:
        units = self.units
        return [
            (value, tuple(sorted(unit for position, unit in enumerate(units) if members >> position & 1)))
            for value, members in found
        ]


def _local(mask: int, place: dict[int, int]) -> int:
    local = 0
    while mask:
        bit = mask & -mask
        mask ^= bit
        position = place.get(bit.bit_length() - 1)
        if position is not None:
            local |= 1 << position
    return local
