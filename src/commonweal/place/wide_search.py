"""What is the best plan for a place with too many possible groups to list, and how far from best could it be?

Column generation: a linear programme over few groups sets a price on every unit; the pricing search looks for
any group, anywhere, that is cheap at those prices; until there is none. The linear bound then holds for all
groups, listed or not. The plan is chosen from the groups with the lowest reduced costs; when every group
that a better plan could contain can be listed after all, the choice is exact and proven.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from commonweal.place.formation_task import Task, outside_band
from commonweal.place.grouping import Group
from commonweal.place.partition import Partition, Partitioner
from commonweal.place.pricing import PRICE_ERROR, Pricer

# Search settings: they change how long an answer takes and how much of it is proved, not what counts as best.
ROUNDS = 150
COMPACT_PER_HUB = 40
BEST_PER_HUB = 12
STEPS_PER_HUB = 3_000
LAST_STEPS_PER_HUB = 200_000
KEPT_COLUMNS = 20_000
POOL = 6_000
LARGEST_POOL = 10_000
# A person outside the bounds weighs as much as this many km travelled: more than any place is wide, so the
# fewest people outside come first.
OUTSIDE_KM = 200.0


@dataclass
class Columns:
    """Groups in play and their costs."""

    task: Task
    cost: dict[Group, float] = field(default_factory=dict)

    def add(self, groups: set[Group]) -> int:
        """Take in groups; returns how many were new."""
        new = sorted(groups - self.cost.keys())
        if new:
            travel = self.task.costs(new)
            for group, metres in zip(new, travel, strict=True):
                outside = outside_band(self.task, group)
                self.cost[group] = float(metres) + outside * OUTSIDE_KM * self.task.scale
        return len(new)

    def lists(self) -> tuple[list[Group], NDArray[np.float64]]:
        """Groups in order, and their costs."""
        groups = sorted(self.cost)
        return groups, np.array([self.cost[group] for group in groups])


@dataclass(frozen=True, slots=True)
class WidePlan:
    """The plan and the groups considered; bound is None when none can be stated; listed counts groups in play."""

    groups: list[Group]
    costs: NDArray[np.float64]
    plan: Partition
    bound: float | None
    listed: int
    proven: bool


def wide_plan(task: Task, *, seconds: float, progress: Callable[[str, float], None]) -> WidePlan:
    """A plan for a large place.

    Takes    task; seconds after which the search for a better plan stops; progress.
    Returns  WidePlan. Its plan may hold single units outside the band when nothing else was found.
    Raises   nothing.
    Source   Gilmore and Gomory 1961 (column generation); Baldacci, Christofides and Mingozzi 2008 (listing every
             column whose reduced cost is within the gap).
    """
    deadline = monotonic() + seconds
    pricer = Pricer(task)
    columns = Columns(task)
    columns.add({(unit,) for unit in range(len(task.units))})
    for hub in range(len(task.practices)):
        columns.add(set(pricer.compact(hub, wanted=COMPACT_PER_HUB, most_steps=STEPS_PER_HUB)))
    bound, prices = _converged(task, pricer, columns, deadline - 0.6 * seconds, progress)
    progress("choosing the best plan", 0.55)
    window = _pool(task, pricer, columns, prices, bound)
    groups, costs = columns.lists()
    keep = _cheapest(groups, costs, prices, POOL)
    first_deadline = min(deadline, monotonic() + 0.55 * seconds)
    plan = _chosen(task, [groups[i] for i in keep], costs[keep], first_deadline)
    gap = plan[1].cost - bound
    if gap > window and monotonic() < deadline:
        found, complete = _listed(task, pricer, prices, gap + PRICE_ERROR, LARGEST_POOL)
        if complete:
            held = {plan[0][0][i] for i in plan[1].chosen}
            columns.add(found)
            groups, costs = columns.lists()
            near = [
                i for i, group in enumerate(groups) if group in held or _reduced(group, costs[i], prices) <= gap + 1e-6
            ]
            again = _chosen(task, [groups[i] for i in near], costs[near], deadline, held)
            plan = again if again[1].cost <= plan[1].cost else plan
            window = gap if again[1].proven else window
    proven = plan[1].proven and plan[1].cost - bound <= window + PRICE_ERROR
    return WidePlan(*plan[0], plan[1], plan[1].cost if proven else bound, len(columns.cost), proven)


def _converged(task, pricer, columns, deadline, progress) -> tuple[float, NDArray[np.float64]]:
    """Prices at which no group is cheap, and the bound they prove; the best so far when time runs out."""
    best, best_prices = -np.inf, np.zeros(len(task.units))
    steps = STEPS_PER_HUB
    for turn in range(ROUNDS):
        groups, costs = columns.lists()
        answer = Partitioner(len(task.units), groups, costs).linear()
        found, bound, complete = _priced(task, pricer, answer.prices, -PRICE_ERROR, steps)
        if bound > best:
            best, best_prices = bound, answer.prices
        progress("pricing groups", 0.1 + 0.4 * turn / ROUNDS)
        if len(columns.cost) > 2 * KEPT_COLUMNS:
            keep = np.argsort(answer.reduced, kind="stable")[:KEPT_COLUMNS]
            kept = {groups[i]: columns.cost[groups[i]] for i in keep}
            columns.cost = kept | {group: columns.cost[group] for group in groups if len(group) == 1}
        added = columns.add(found)
        if monotonic() > deadline:
            break
        if not added:
            if complete or steps == LAST_STEPS_PER_HUB:
                break
            steps = LAST_STEPS_PER_HUB
    return best, best_prices


def _priced(task, pricer, prices, threshold, steps) -> tuple[set[Group], float, bool]:
    """The cheapest groups around each hub, and what these prices prove of every plan."""
    found: set[Group] = set()
    least = np.zeros(len(task.practices))
    complete = True
    for hub in range(len(task.practices)):
        priced = pricer.around(hub, prices, threshold, most_groups=5_000, most_steps=steps)
        complete &= priced.complete
        least[hub] = min(0.0, priced.least)
        found |= {group for _, group in sorted(priced.groups)[:BEST_PER_HUB]}
    # Groups of a plan have different hubs, and a plan has no more groups than its people can fill.
    most = max(1, sum(task.sizes) // task.smallest)
    return found, float(prices.sum() + np.sort(least)[:most].sum()), complete


def _listed(task, pricer, prices, threshold, most) -> tuple[set[Group], bool]:
    """Every group whose reduced cost is at most the threshold; False when there are more than `most`."""
    found: set[Group] = set()
    for hub in range(len(task.practices)):
        priced = pricer.around(hub, prices, threshold, most_groups=most, most_steps=LAST_STEPS_PER_HUB)
        if not priced.complete:
            return found, False
        found |= {group for _, group in priced.groups}
        if len(found) > most:
            return found, False
    return found, True


def _pool(task, pricer, columns, prices, bound) -> float:
    """Take in all groups under a threshold, as many as the pool should hold; returns the threshold."""
    window, reached = 0.001 * abs(bound), 0.0
    while True:
        found, complete = _listed(task, pricer, prices, window, POOL)
        if not complete:
            columns.add(found)
            return reached
        columns.add(found)
        reached = window
        if len(found) >= POOL // 2 or window > abs(bound):
            return reached
        window *= 1.5


def _reduced(group, cost, prices) -> float:
    return float(cost - prices[list(group)].sum())


def _cheapest(groups, costs, prices, number) -> NDArray[np.intp]:
    reduced = np.array([_reduced(group, cost, prices) for group, cost in zip(groups, costs, strict=True)])
    keep = set(np.argsort(reduced, kind="stable")[:number].tolist())
    keep |= {i for i, group in enumerate(groups) if len(group) == 1}
    return np.array(sorted(keep))


def _chosen(
    task, groups, costs, deadline, held: set[Group] | None = None
) -> tuple[tuple[list[Group], NDArray[np.float64]], Partition]:
    """The best choice among some groups, starting from the groups held (every unit by itself when none are)."""
    problem = Partitioner(len(task.units), groups, costs, seconds=max(1.0, deadline - monotonic()))
    own = tuple(i for i, group in enumerate(groups) if (group in held if held else len(group) == 1))
    start = Partition(own, float(costs[list(own)].sum()), -np.inf, False)
    if held is None:
        start = problem.dived() or start
    return (groups, costs), problem.best(start) or start
