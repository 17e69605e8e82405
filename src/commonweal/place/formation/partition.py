"""Which choice of groups covers every practice once at the least cost, and how sure is that?

Set partitioning with HiGHS, in four steps: a linear bound; a plan from the groups with the lowest reduced
costs; every group whose reduced cost exceeds the gap between the two dropped, because no better plan can
contain it; the rest solved exactly.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csc_array, csr_array, vstack

from commonweal.place.formation.grouping import Group
from commonweal.place.formation.next_best import cheapest_covers
from commonweal.place.formation.task import Task

# Search settings, not policy: they change how fast an answer is reached and proved, never which one is best.
FIRST_POOL = 1_500
WIDER = 3
NARROWEST = 1e-4
NEARLY_WHOLE = 0.95
MOST_COVERS = 2_000
COVER_WORK = 3e8
# Two plans closer than this (metres per patient) cost the same.
SAME_COST = 1e-6


@dataclass(frozen=True, slots=True)
class Side:
    """A further condition on the chosen groups: low <= sum of weight <= high."""

    weight: NDArray[np.float64]
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Partition:
    """A choice of groups (positions, ascending), its cost, a bound no choice can beat, and whether that is proof."""

    chosen: tuple[int, ...]
    cost: float
    bound: float
    proven: bool

    @property
    def gap(self) -> float:
        """Share of the cost that a better plan could at most save."""
        return max(0.0, self.cost - self.bound) / self.cost if self.cost > 0 else 0.0


@dataclass(frozen=True, slots=True)
class LinearAnswer:
    """Bound, price of each unit, reduced cost of each group, and price of each further condition with a low end."""

    bound: float
    prices: NDArray[np.float64]
    reduced: NDArray[np.float64]
    floors: NDArray[np.float64]


class Unsettled(Exception):
    """Time ran out before it was known whether any choice meets the conditions."""


class Partitioner:
    """Groups, their costs, and the conditions on choosing among them.

    Takes    count: number of units to be covered once each; groups of unit positions; costs, one a group;
             sides: further conditions.
    """

    def __init__(
        self,
        count: int,
        groups: Sequence[Group],
        costs: NDArray[np.float64],
        sides: Sequence[Side] = (),
        *,
        seconds: float = 60.0,
    ) -> None:
        self.count = count
        self.groups = groups
        self.costs = np.asarray(costs, dtype=float)
        self.cover = cover_matrix(count, groups)
        self.sides = list(sides)
        self.deadline = monotonic() + seconds
        self._linear: LinearAnswer | None = None

    def _rows(self, kept: NDArray[np.intp]):
        rows = [self.cover.tocsr()]
        low, high = np.ones(self.count), np.ones(self.count)
        for side in self.sides:
            rows.append(csr_array(side.weight[None, :]))
            low, high = np.append(low, side.low), np.append(high, side.high)
        matrix = vstack(rows, format="csc")
        return matrix[:, kept], low, high

    def linear(self) -> LinearAnswer | None:
        """The linear bound; None when even fractions of groups cannot cover every unit once."""
        if self._linear is None and len(self.groups):
            self._linear = self._solve_linear()
        return self._linear

    def _solve_linear(self) -> LinearAnswer | None:
        above = [(side.weight, side.high) for side in self.sides if np.isfinite(side.high)]
        above += [(-side.weight, -side.low) for side in self.sides if np.isfinite(side.low)]
        a_ub = csr_array(np.array([weight for weight, _ in above])) if above else None
        b_ub = np.array([limit for _, limit in above]) if above else None
        answer = linprog(self.costs, A_ub=a_ub, b_ub=b_ub, A_eq=self.cover, b_eq=np.ones(self.count), method="highs")
        if answer.status != 0:
            return None
        prices = np.asarray(answer.eqlin.marginals)
        reduced = self.costs - self.cover.T @ prices
        bound = float(prices.sum())
        if a_ub is not None:
            extra = np.asarray(answer.ineqlin.marginals)
            reduced = reduced - a_ub.T @ extra
            bound += float(extra @ b_ub)
        # Rounding can leave a reduced cost a hair below zero; charging it to the bound keeps the bound true.
        bound += min(0.0, float(reduced.min())) * self.count
        lows = sum(np.isfinite(side.low) for side in self.sides)
        floors = -np.asarray(answer.ineqlin.marginals)[len(above) - lows :] if lows else np.zeros(0)
        return LinearAnswer(bound, prices, reduced, np.maximum(0.0, floors))

    def best(self, known: Partition | None = None) -> Partition | None:
        """The cheapest choice of groups that meets every condition.

        Takes    known: a choice that meets them, to start from.
        Returns  a Partition; None when there is none.
        Raises   Unsettled when none was found in the time allowed, though there may be one.
        """
        linear = self.linear()
        if linear is None:
            return None
        ranked = linear.reduced.copy()
        if known is not None:  # in every pool, so that no pool is without an answer
            ranked[list(known.chosen)] = -np.inf
        order = np.argsort(ranked, kind="stable")
        pool = min(FIRST_POOL, len(order))
        found: Partition | None = None
        while True:
            kept = np.sort(order[:pool])
            found, lower = self._whole(kept)
            if found is not None or pool == len(order) or monotonic() > self.deadline:
                break
            pool = min(len(order), pool * WIDER)
        if known is not None and (found is None or known.cost < found.cost):
            found = known
        if found is None:
            if lower < float("inf"):
                raise Unsettled
            return None
        return self._close(found, lower, pool, linear, ranked)

    def _close(self, found, lower, pool, linear, ranked) -> Partition:
        """Widen the pool, by steps, to every group that a better choice could contain."""
        order = np.argsort(ranked, kind="stable")
        while pool < len(order) and monotonic() < self.deadline:
            window = found.cost - linear.bound
            needed = int((ranked <= window + SAME_COST).sum())
            if needed <= pool:
                break
            pool = min(needed, pool * WIDER)
            better, lower = self._whole(np.sort(order[:pool]))
            found = better if better is not None and better.cost < found.cost else found
        if pool < len(order) and ranked[order[pool]] <= found.cost - linear.bound + SAME_COST:
            lower = linear.bound
        bound = min(found.cost, max(lower, linear.bound))
        proven = found.cost - bound <= 1e-6 * max(1.0, abs(found.cost))
        return Partition(found.chosen, found.cost, found.cost if proven else bound, proven)

    def _whole(self, kept) -> tuple[Partition | None, float]:
        """HiGHS on the kept groups: the choice found, and a bound on what they can do."""
        matrix, low, high = self._rows(kept)
        with _quiet():
            answer = milp(
                self.costs[kept],
                constraints=LinearConstraint(matrix, low, high),
                integrality=np.ones(len(kept)),
                bounds=Bounds(0, 1),
                options={"mip_rel_gap": 0.0, "time_limit": max(0.5, 0.7 * (self.deadline - monotonic()))},
            )
        if answer.x is None:
            return None, float("inf") if answer.status == 2 else -float("inf")
        chosen = tuple(int(i) for i in kept[answer.x > 0.5])
        lower = float(answer.mip_dual_bound) if answer.mip_dual_bound is not None else -float("inf")
        cost = float(self.costs[list(chosen)].sum())
        return Partition(chosen, cost, lower, answer.status == 0), lower

    def dived(self) -> Partition | None:
        """A choice reached quickly: groups nearly whole in the linear answer are taken, the rest solved again.

        Returns  a Partition without proof; None when the groups taken leave a unit that nothing can cover.
        Source   diving, as in most integer solvers; a plan in hand before the exact search begins.
        """
        left = np.arange(len(self.groups))
        open_units = np.ones(self.count, dtype=bool)
        chosen: list[int] = []
        while open_units.any():
            matrix = self.cover[:, left][open_units, :]
            answer = linprog(
                self.costs[left], A_eq=matrix, b_eq=np.ones(matrix.shape[0]), bounds=(0, 1), method="highs"
            )
            if answer.status != 0:
                return None
            taken = left[answer.x > NEARLY_WHOLE]
            if not len(taken):
                taken = left[[int(answer.x.argmax())]]
            chosen += taken.tolist()
            covered = np.asarray(self.cover[:, taken].sum(axis=1)).ravel() > 0
            open_units &= ~covered
            left = left[np.asarray(covered.astype(float) @ self.cover[:, left]).ravel() == 0]
        own = tuple(sorted(chosen))
        return Partition(own, float(self.costs[list(own)].sum()), -float("inf"), False)

    def next_best(self, plan: Partition, number: int) -> list[Partition]:
        """The next cheapest choices after `plan`, in order of cost.

        Takes    plan: a proven choice; number wanted.
        Returns  at most `number` choices, fewer when there are no more or the search would take too long. Every
                 choice left out costs at least as much as the last one given.
        Raises   nothing.
        """
        linear = self.linear()
        if linear is None or number < 1:
            return []
        spent = max(0.0, plan.cost - linear.bound)
        # No choice at all has reduced costs that add up to more than this.
        widest = float(np.maximum(0.0, linear.reduced).max()) * self.count + spent
        extra, ranked = NARROWEST * max(1.0, abs(plan.cost)), []
        while monotonic() < self.deadline:
            kept = np.flatnonzero(linear.reduced <= spent + extra)
            covers = cheapest_covers(
                self.cover[:, kept].T.toarray() > 0,
                np.maximum(0.0, linear.reduced[kept]),
                room=spent + extra,
                number=MOST_COVERS,
                most_work=COVER_WORK,
            )
            if not covers.complete:
                break
            ranked = self._ranked(plan, [tuple(kept[list(own)].tolist()) for _, own in covers.found])
            # A cover whose further conditions leave slack costs more than its reduced costs say; ranked by true
            # cost, only those within the room searched are sure to be next.
            ranked = [other for other in ranked if other.cost <= plan.cost + extra + SAME_COST]
            if len(ranked) >= number or extra > widest:
                break
            extra *= 2
        return ranked[:number]

    def _ranked(self, plan: Partition, choices: Sequence[tuple[int, ...]]) -> list[Partition]:
        """Choices other than the plan that meet the conditions, in order of cost."""
        made = []
        for chosen in choices:
            own = list(chosen)
            within = all(side.low - 1e-6 <= side.weight[own].sum() <= side.high + 1e-6 for side in self.sides)
            if within and chosen != plan.chosen:
                cost = float(self.costs[own].sum())
                made.append(Partition(chosen, cost, cost, True))
        return sorted(made, key=lambda other: (round(other.cost, 6), other.chosen))


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep HiGHS off standard output, where results are printed.

    Some versions write a line there when a time limit is met, whatever they are told.
    """
    try:
        sys.stdout.flush()
        kept = os.dup(1)
    except (OSError, ValueError):
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


def cover_matrix(count: int, groups: Sequence[Group]) -> csc_array:
    """Units (rows) by groups (columns): one where the group holds the unit."""
    lengths = np.fromiter((len(group) for group in groups), dtype=np.int64, count=len(groups))
    starts = np.concatenate([[0], np.cumsum(lengths)])
    members = np.fromiter((unit for group in groups for unit in group), dtype=np.int64, count=int(starts[-1]))
    return csc_array((np.ones(len(members)), members, starts), shape=(count, len(groups)))


def pieces(task: Task, groups: Sequence[Group], slack: int = 0) -> list[Side]:
    """The conditions that a PCN too large for one group is spread over enough of them.

    Every whole choice meets them anyway; fractions of groups do not, so they tighten the linear bound.
    """
    if not task.split_km:
        return []
    made = []
    for network, number in task.least_pieces(slack).items():
        own = {unit for unit, networks in enumerate(task.unit_networks) if network in networks}
        weight = np.array([0.0 if own.isdisjoint(group) else 1.0 for group in groups])
        made.append(Side(weight, number, np.inf))
    return made


def exactly(groups: int, number: int) -> Side:
    """The condition that exactly `number` of `groups` groups are chosen."""
    return Side(np.ones(groups), number, number)


Count = int | Literal["any", "most"]
