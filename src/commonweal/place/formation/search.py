"""Which plan of neighbourhoods is best, how far from best could it be, and which plans come next?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from time import monotonic

import numpy as np

from commonweal.place.formation.grouping import Group, Groups, connected_groups
from commonweal.place.formation.local_plans import Redrawn, improved, mended, next_redrawings, reworked
from commonweal.place.formation.partition import Count, Partition, Partitioner, Side, Unsettled, exactly, pieces
from commonweal.place.formation.task import FormationError, Task, outside_band
from commonweal.place.formation.wide_search import OUTSIDE_KM, wide_plan

Progress = Callable[[str, float], None]

REDRAWN_ONLY = (
    "The next-best plans redraw two or three neighbourhoods; a plan that redraws more at once may lie between."
)


@dataclass(frozen=True, slots=True)
class Effort:
    """How far the search may go before it changes method. None of it alters which plan is best.

    most_groups, most_steps: the enumeration's budget. most_units: places larger than this go straight to the
    method for large places. seconds: for the plan. mending_seconds: for bringing groups within the bounds.
    redrawing_seconds: for redrawing parts of a plan that is not proven. alternative_seconds: for all the
    alternatives. A search that runs out of time may end elsewhere on another machine; a proven plan is the
    same everywhere.
    """

    most_groups: int = 60_000
    most_steps: int = 600_000
    most_units: int = 75
    seconds: float = 40.0
    mending_seconds: float = 20.0
    redrawing_seconds: float = 10.0
    alternative_seconds: float = 20.0


@dataclass(frozen=True, slots=True)
class Found:
    """Plans in order of cost (the first is the plan), each a tuple of groups, with what is known about them."""

    plans: tuple[tuple[Group, ...], ...]
    costs: tuple[float, ...]
    bound: float | None
    proven: bool
    method: str
    notes: tuple[str, ...] = ()


def searched(task: Task, *, alternatives: int, count: Count, effort: Effort, progress: Progress) -> Found:
    """The best plan for a task, within the bounds if that can be, else the nearest to them.

    Takes    task; alternatives wanted; count: number of groups; effort; progress.
    Returns  Found.
    Raises   FormationError when the number of neighbourhoods asked for cannot be had.
    """
    if len(task.units) <= effort.most_units:
        progress("finding every connected group", 0.1)
        for slack in _slacks(task):
            groups = _listed(task, slack, effort)
            if not groups.complete:
                break
            try:
                found = _within(task, groups.members, slack, alternatives, count, effort, progress)
            except Unsettled:
                break
            if found is not None:
                return found
            if count != "any" and count != "most" and slack >= task.smallest:
                raise FormationError(
                    f"The place cannot be divided into exactly {count} connected neighbourhoods. "
                    "Ask for another number, or for any."
                )
    return _wide(task, alternatives, count, effort, progress)


def _listed(task: Task, slack: int, effort: Effort) -> Groups:
    return connected_groups(
        task.neighbours,
        task.sizes,
        task.smallest - slack,
        task.largest + slack,
        conflicts=task.conflicts,
        most_groups=effort.most_groups,
        most_steps=effort.most_steps,
    )


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


def _within(task, members, slack, alternatives, count, effort, progress) -> Found | None:
    """The best plan whose groups are each at most `slack` people outside the band; None when there is none."""
    if not members:
        return None
    outside = np.array([outside_band(task, group) for group in members], dtype=float)
    units, seconds = len(task.units), effort.seconds
    sides: list[Side] = [] if isinstance(count, str) else [exactly(len(members), count)]
    least, fewest_sure, most_sure = 0, True, True
    if slack:
        progress("finding the fewest people outside the bounds", 0.3)
        first = Partitioner(units, members, outside, sides, seconds=seconds).best()
        if first is None or round(first.cost) > slack:
            return None
        least, fewest_sure = round(first.cost), first.proven
        sides.append(Side(outside, -np.inf, least + 0.5))
    if count == "most":
        first = Partitioner(units, members, -np.ones(len(members)), sides, seconds=seconds).best()
        if first is None:
            return None
        most_sure = first.proven
        sides.append(exactly(len(members), len(first.chosen)))
    progress("choosing the best plan", 0.5)
    listed, costs = len(members), task.costs(members)
    if not sides:
        members, costs = _with_last_resorts(task, members, costs)
    tight = [*sides, *pieces(task, members, slack)]
    problem = Partitioner(units, members, costs, tight, seconds=seconds)
    plan = problem.best(None if sides else problem.dived())
    if plan is None:
        return None
    if max(plan.chosen) >= listed:
        if plan.proven:
            return None
        raise Unsettled
    progress("finding the next best plans", 0.7)
    problem.deadline = monotonic() + effort.alternative_seconds
    others = problem.next_best(plan, alternatives) if plan.proven else []
    others = [choice for choice in others if max(choice.chosen) < listed]
    plans = [tuple(members[i] for i in choice.chosen) for choice in (plan, *others)]
    costs = [choice.cost - task.unsplit_cost for choice in (plan, *others)]
    notes = []
    if len(others) < alternatives and not sides:
        redrawn = next_redrawings(task, plans[0], alternatives, problem.deadline)
        if len(redrawn) > len(others):
            plans[1:] = [_redrawn(plans[0], option) for option in redrawn]
            costs[1:] = [costs[0] + option[0] for option in redrawn]
            notes.append(REDRAWN_ONLY)
    return Found(
        plans=tuple(plans),
        costs=tuple(costs),
        bound=plan.bound - task.unsplit_cost,
        proven=plan.proven and fewest_sure and most_sure,
        method=_exact_words(task, listed, plan, least),
        notes=(*_few_alternatives(len(plans) - 1, alternatives), *notes),
    )


def _with_last_resorts(task, members, costs):
    """The groups, and after them every small unit by itself at a price that no plan pays if it can be helped.

    With these there is always a plan to start from, which a search among tens of thousands of groups may
    otherwise take very long to find.
    """
    alone = [(unit,) for unit, size in enumerate(task.sizes) if size < task.smallest]
    if not alone:
        return members, costs
    short = np.array([outside_band(task, group) for group in alone], dtype=float)
    dear = task.costs(alone) + short * OUTSIDE_KM * task.scale + costs.max(initial=0.0)
    return [*members, *alone], np.append(costs, dear)


def _exact_words(task: Task, listed: int, plan: Partition, least: int) -> str:
    words = (
        f"Every connected group of practices within the bounds was listed ({listed:,} groups"
        + (", some outside the bounds because nothing fits within them" if least else "")
        + ") and the best choice among them found by exact set partitioning (HiGHS): "
    )
    if plan.proven:
        return words + "no better plan exists."
    return words + f"the plan could be at most {plan.gap:.1%} shorter."


def _few_alternatives(found: int, wanted: int) -> list[str]:
    if found >= wanted:
        return []
    if not found:
        return ["No other plan was found that meets the same conditions."]
    return [f"{found} next-best plans were found; {wanted} were asked for."]


def _redrawn(plan: tuple[Group, ...], option: Redrawn) -> tuple[Group, ...]:
    _, given_up, taken = option
    return tuple(sorted((set(plan) - set(given_up)) | set(taken)))


def _wide(task, alternatives, count, effort, progress) -> Found:
    """A plan for a place with too many groups to list."""
    if count != "any":
        raise FormationError(
            "This place has too many possible groups to fix the number of neighbourhoods. "
            "Ask for any number, keep PCNs whole, or form it in parts."
        )
    start: tuple[Group, ...] = ()
    seconds, floor = effort.seconds, -np.inf
    if task.split_km:
        # Where PCNs are charged for, plans within the bounds are harder to come by: find one regardless of PCNs.
        plain = replace(task, split_km=0.0)
        seconds /= 2
        first = wide_plan(plain, seconds=seconds, progress=progress)
        # Distance regardless of PCNs, and the splits no plan can avoid, are less than any plan costs.
        forced = sum((n - 1) * task.network_cost[network] for network, n in task.least_pieces().items())
        floor = first.bound + forced
        start = mended(plain, [first.groups[i] for i in first.plan.chosen], monotonic() + effort.mending_seconds)
    wide = wide_plan(task, seconds=seconds, progress=progress, start=start)
    groups = tuple(wide.groups[i] for i in wide.plan.chosen)
    if not wide.proven:
        progress("redrawing borders", 0.8)
        groups = mended(task, groups, monotonic() + effort.mending_seconds)
        groups = reworked(task, groups, monotonic() + effort.redrawing_seconds)
        groups = improved(task, groups, monotonic() + effort.redrawing_seconds / 2)
    within = all(outside_band(task, group) == 0 for group in groups)
    progress("finding the next best plans", 0.9)
    cost = float(task.costs(groups).sum()) - task.unsplit_cost
    others: list[Redrawn] = []
    if within and alternatives:
        deadline = monotonic() + effort.redrawing_seconds
        others = next_redrawings(task, groups, alternatives, deadline)
    bound = min(cost, max(floor, wide.bound - task.unsplit_cost)) if within else None
    bound = None if bound is None or bound < 0 else bound
    words = (
        "Groups were priced hub by hub (column generation, HiGHS) until none could lower the linear bound, which "
        f"holds for every possible group; the plan was chosen from {wide.listed:,} groups and borders between two "
        "and three neighbourhoods redrawn where that helps: "
    )
    if not within:
        words += "some neighbourhoods are outside the bounds, and no bound is claimed."
    elif wide.proven:
        words += "no better plan exists."
    elif bound is None:
        words += "how far it is from the best is not known."
    else:
        words += f"the plan could be at most {(cost - bound) / cost if cost > 0 else 0:.1%} shorter."
    notes = _few_alternatives(len(others), alternatives)
    if others:
        notes.append(REDRAWN_ONLY)
    return Found(
        plans=(groups, *(_redrawn(groups, option) for option in others)),
        costs=(cost, *(cost + more for more, _, _ in others)),
        bound=bound,
        proven=within and wide.proven,
        method=words,
        notes=tuple(notes),
    )
