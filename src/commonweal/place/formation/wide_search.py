"""What is the best plan for a place with too many possible groups to list, and how far from best could it be?

Column generation: a linear programme over few groups sets a price on every unit; the pricing search looks for
any group, anywhere, that is cheap at those prices; until there is none. The linear bound then holds for all
groups, listed or not. The plan is chosen from the groups with the lowest reduced costs; when every group
that a better plan could contain can be listed after all, the choice is exact and proven.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from commonweal.place.formation.grouping import Group
from commonweal.place.formation.partition import LinearAnswer, Partition, Partitioner, pieces
from commonweal.place.formation.pricing import PRICE_ERROR, Pricer, Prices
from commonweal.place.formation.task import Task, outside_band

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
    """The groups considered and the plan chosen from them; no plan within the bounds costs less than `bound`."""

    groups: list[Group]
    costs: NDArray[np.float64]
    plan: Partition
    bound: float
    listed: int
    proven: bool


def wide_plan(
    task: Task, *, seconds: float, progress: Callable[[str, float], None], start: Sequence[Group] = ()
) -> WidePlan:
    """A plan for a large place.

    Takes    task; seconds after which the search for a better plan stops; progress; start: a plan to start from.
    Returns  WidePlan. Its plan may hold single units outside the band when nothing else was found.
    Raises   nothing.
    Source   Gilmore and Gomory 1961 (column generation); Baldacci, Christofides and Mingozzi 2008 (listing every
             column whose reduced cost is within the gap).
    """
    deadline = monotonic() + seconds
    pricer = Pricer(task)
    columns = Columns(task)
    columns.add({(unit,) for unit in range(len(task.units))} | set(start))
    for hub in range(len(task.practices)):
        columns.add(set(pricer.compact(hub, wanted=COMPACT_PER_HUB, most_steps=STEPS_PER_HUB)))
    bound, prices = _converged(task, pricer, columns, set(start), deadline - 0.6 * seconds, progress)
    progress("choosing the best plan", 0.55)
    window = _pool(task, pricer, columns, prices, bound)
    groups, costs = columns.lists()
    keep = _cheapest(task, groups, costs, prices, POOL, set(start))
    first_deadline = min(deadline, monotonic() + 0.55 * seconds)
    plan = _chosen(task, [groups[i] for i in keep], costs[keep], first_deadline, set(start))
    gap = plan[1].cost - bound
    if gap > window and monotonic() < deadline:
        found, complete = _listed(task, pricer, prices, gap + PRICE_ERROR, LARGEST_POOL)
        if complete:
            held = {plan[0][0][i] for i in plan[1].chosen}
            columns.add(found)
            groups, costs = columns.lists()
            near = [
                i
                for i, group in enumerate(groups)
                if group in held or _reduced(task, groups[i], costs[i], prices) <= gap + 1e-6
            ]
            again = _chosen(task, [groups[i] for i in near], costs[near], deadline, held)
            plan = again if again[1].cost <= plan[1].cost else plan
            window = gap if again[1].proven else window
    proven = plan[1].proven and plan[1].cost - bound <= window + PRICE_ERROR
    return WidePlan(*plan[0], plan[1], plan[1].cost if proven else bound, len(columns.cost), proven)


def _converged(task, pricer, columns, held, deadline, progress) -> tuple[float, Prices]:
    """Prices at which no group is cheap, and the bound they prove; the best so far when time runs out."""
    best, best_prices = -np.inf, Prices(np.zeros(len(task.units)), task.network_cost, 0.0)
    steps = STEPS_PER_HUB
    for turn in range(ROUNDS):
        groups, costs = columns.lists()
        answer = Partitioner(len(task.units), groups, costs, pieces(task, groups)).linear()
        if answer is None:
            break
        prices = _prices(task, answer)
        found, bound, complete = _priced(task, pricer, prices, -PRICE_ERROR, steps)
        if bound > best:
            best, best_prices = bound, prices
        progress("pricing groups", 0.1 + 0.4 * turn / ROUNDS)
        if len(columns.cost) > 2 * KEPT_COLUMNS:
            keep = np.argsort(answer.reduced, kind="stable")[:KEPT_COLUMNS]
            kept = {groups[i]: columns.cost[groups[i]] for i in keep}
            columns.cost = kept | {group: columns.cost[group] for group in groups if len(group) == 1 or group in held}
        added = columns.add(found)
        if monotonic() > deadline:
            break
        if not added:
            if complete or steps == LAST_STEPS_PER_HUB:
                break
            steps = LAST_STEPS_PER_HUB
    return best, best_prices


def _prices(task: Task, answer: LinearAnswer) -> Prices:
    """The linear answer's prices, with what PCNs must be charged in any case taken out of the charge for each piece."""
    charges, constant = task.network_cost.copy(), 0.0
    if len(answer.floors):
        for (network, number), floor in zip(task.least_pieces().items(), answer.floors, strict=True):
            taken = min(float(floor), float(charges[network]))
            charges[network] -= taken
            constant += taken * number
    return Prices(answer.prices, charges, constant)


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
    return found, prices.total + float(np.sort(least)[:most].sum()), complete


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


def _reduced(task: Task, group: Group, cost: float, prices: Prices) -> float:
    """A group's cost less the prices of its units, and less what is charged in any case for its PCNs."""
    touched = {network for unit in group for network in task.unit_networks[unit]} if task.split_km else ()
    waived = sum(task.network_cost[network] - prices.charges[network] for network in touched)
    return float(cost - waived - prices.units[list(group)].sum())


def _cheapest(task, groups, costs, prices, number, held) -> NDArray[np.intp]:
    reduced = np.array([_reduced(task, group, cost, prices) for group, cost in zip(groups, costs, strict=True)])
    keep = set(np.argsort(reduced, kind="stable")[:number].tolist())
    keep |= {i for i, group in enumerate(groups) if len(group) == 1 or group in held}
    return np.array(sorted(keep))


def _chosen(
    task, groups, costs, deadline, held: set[Group]
) -> tuple[tuple[list[Group], NDArray[np.float64]], Partition]:
    """The best choice among some groups, starting from the plan held (or, when none is, every unit by itself)."""
    seconds = max(1.0, deadline - monotonic())
    problem = Partitioner(len(task.units), groups, costs, pieces(task, groups), seconds=seconds)
    own = tuple(i for i, group in enumerate(groups) if (group in held if held else len(group) == 1))
    start = Partition(own, float(costs[list(own)].sum()), -np.inf, False)
    dived = problem.dived()
    if dived is not None and dived.cost < start.cost:
        start = dived
    return (groups, costs), problem.best(start) or start
