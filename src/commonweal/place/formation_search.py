"""Which plan of neighbourhoods is best, how far from best could it be, and which plans come next?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

import numpy as np

from commonweal.place.formation_task import Task
from commonweal.place.grouping import Group, connected_groups
from commonweal.place.partition import Count, Partition, Partitioner, Side, exactly

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Effort:
    """How far the search may go before it changes method. None of it alters which plan is best.

    most_groups, most_steps: the enumeration's budget; most_units: places larger than this go straight to the
    method for large places; seconds: for the plan; alternative_seconds: for all the alternatives.
    """

    most_groups: int = 150_000
    most_steps: int = 1_500_000
    most_units: int = 150
    seconds: float = 45.0
    alternative_seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class Found:
    """Plans in order of cost (the first is the plan), each a tuple of groups, with what is known about them."""

    plans: tuple[tuple[Group, ...], ...]
    costs: tuple[float, ...]
    bound: float | None
    proven: bool
    outside: int
    looked_at: int
    complete: bool
    method: str
    notes: tuple[str, ...] = ()


def outside_band(task: Task, group: Group) -> int:
    """People by which a group is outside the band, beyond what a unit too large by itself makes unavoidable."""
    size = sum(task.sizes[unit] for unit in group)
    return max(0, task.smallest - size, size - task.largest)


def searched(task: Task, *, alternatives: int, count: Count, effort: Effort, progress: Progress) -> Found:
    """The best plan for a task, within the bounds if that can be, else the nearest to them.

    Takes    task; alternatives wanted; count: number of groups; effort; progress.
    Returns  Found.
    Raises   nothing; a single unit always has an answer.
    """
    if len(task.units) <= effort.most_units:
        for slack in _slacks(task):
            progress("finding every connected group", 0.1)
            found = _within(task, slack, alternatives, count, effort, progress)
            if found is not None:
                return found
            if slack < 0:
                break
    raise NotImplementedError


def _slacks(task: Task):
    """How many people outside the band to allow a group, rising until there is an answer."""
    total = sum(task.sizes)
    slack = min(
        max(0, number * task.smallest - total, total - number * task.largest)
        for number in range(1, max(2, total // task.smallest + 2))
    )
    yield slack
    slack = max(slack, task.smallest // 64, 1)
    while slack < task.smallest:
        yield slack
        slack *= 2
    # With this much slack every unit may stand alone, so there is always an answer.
    yield task.smallest + max(task.sizes)


def _within(task, slack, alternatives, count, effort, progress) -> Found | None:
    """The best plan whose groups are each at most `slack` people outside the band; None when there is none."""
    groups = connected_groups(
        task.neighbours,
        task.sizes,
        task.smallest - slack,
        task.largest + slack,
        conflicts=task.conflicts,
        most_groups=effort.most_groups,
        most_steps=effort.most_steps,
    )
    if not groups.complete:
        return None
    costs = task.costs(groups.members)
    outside = np.array([outside_band(task, group) for group in groups.members], dtype=float)
    sides: list[Side] = []
    least = 0
    if slack:
        progress("finding the fewest people outside the bounds", 0.3)
        first = Partitioner(len(task.units), groups.members, outside, seconds=effort.seconds).best()
        if first is None or round(first.cost) > slack:
            return None
        least = round(first.cost)
        sides.append(Side(outside, -np.inf, least + 0.5))
    if count == "most":
        first = Partitioner(len(task.units), groups.members, -np.ones(len(costs)), sides, seconds=effort.seconds).best()
        if first is None:
            return None
        count = len(first.chosen)
    if count != "any":
        sides.append(exactly(len(costs), count))
    progress("choosing the best plan", 0.5)
    problem = Partitioner(len(task.units), groups.members, costs, sides, seconds=effort.seconds)
    plan = problem.best()
    if plan is None:
        return None
    progress("finding the next best plans", 0.7)
    problem.deadline = monotonic() + effort.alternative_seconds
    plans = [plan, *problem.next_best(plan, alternatives)]
    return _found(task, problem, plans, least, len(costs))


def _found(task, problem, plans: list[Partition], least, looked_at) -> Found:
    return Found(
        plans=tuple(tuple(problem.groups[i] for i in plan.chosen) for plan in plans),
        costs=tuple(plan.cost - task.unsplit_cost for plan in plans),
        bound=plans[0].bound - task.unsplit_cost,
        proven=plans[0].proven,
        outside=least,
        looked_at=looked_at,
        complete=True,
        method="",
    )
