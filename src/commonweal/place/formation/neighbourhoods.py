"""Which neighbourhoods should the practices of a place form?

One function, `form_neighbourhoods`, and the records it hands on. Neighbourhoods are connected, never split a
practice, lie between the two bounds the caller gives, and are as compact as can be: patients' list-weighted
distance to their neighbourhood's hub is the least there is, or the report says by how much it could be less.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.optimize import linear_sum_assignment

from commonweal.place.formation.adjacency import LinkKind
from commonweal.place.formation.grouping import Group, best_hub
from commonweal.place.formation.limits import band_notes, request_notes
from commonweal.place.formation.partition import Count
from commonweal.place.formation.search import Effort, Found, searched
from commonweal.place.formation.task import FormationError, KeepPCN, PracticePoint, Task, prepared

__all__ = [
    "Alternative",
    "Effort",
    "Formation",
    "FormationError",
    "InBand",
    "Move",
    "Neighbour",
    "Neighbourhood",
    "PracticePoint",
    "form_neighbourhoods",
]

Status = Literal["proven optimum", "gap", "relaxed"]


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """One neighbourhood: its practices, people, hub, and how far its patients are from the hub.

    outside_people is 0 within the bounds, positive for people above the largest size, negative for people missing.
    """

    code: str
    name: str
    practice_codes: tuple[str, ...]
    people: int
    hub_code: str
    mean_km: float
    outside_people: int


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Two practices the graph joins, with km between them and why they are joined."""

    first_code: str
    second_code: str
    km: float
    kind: LinkKind


@dataclass(frozen=True, slots=True)
class Move:
    """A practice that another plan places elsewhere; to_code is 'new' for a neighbourhood the plan has not got."""

    practice_code: str
    from_code: str
    to_code: str


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another plan: what it costs more (km per patient of the place), its neighbourhoods, who moves."""

    more_km_per_patient: float
    neighbourhoods: int
    practice_codes: tuple[tuple[str, ...], ...]
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class InBand:
    """How many of a set of groups are below, within and above the bounds."""

    below: int
    within: int
    above: int

    @property
    def share(self) -> float:
        """Share of the groups that are within the bounds; 0 when there are no groups."""
        total = self.below + self.within + self.above
        return self.within / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Formation:
    """The plan and what is known about it.

    status          'proven optimum': no plan within the bounds is better; 'gap': within the bounds, perhaps not
                    the best; 'relaxed': at least one neighbourhood had to be outside the bounds.
    proven          True when no better plan exists (in a relaxed plan: none with fewer people outside the
                    bounds, and none as good at a shorter distance).
    km_per_patient  distance to the hub, list-weighted, straight line.
    cost_km         what was minimised: km_per_patient plus the charge for PCNs split.
    bound_km, gap   no plan costs less than bound_km; gap is the share of cost_km that could at most be saved.
                    None when no such statement can be made.
    in_band, pcn_in_band   neighbourhoods, and the place's own PCNs as they stand, against the bounds.
    """

    neighbourhoods: tuple[Neighbourhood, ...]
    graph: tuple[Neighbour, ...]
    status: Status
    proven: bool
    km_per_patient: float
    cost_km: float
    bound_km: float | None
    gap: float | None
    method: str
    alternatives: tuple[Alternative, ...]
    pcns_split: tuple[str, ...]
    in_band: InBand
    pcn_in_band: InBand
    people_outside: int
    smallest: int
    largest: int
    notes: tuple[str, ...]

    def neighbourhood_of(self) -> dict[str, str]:
        """Code of the neighbourhood of each practice, by practice code."""
        return {code: group.code for group in self.neighbourhoods for code in group.practice_codes}


def form_neighbourhoods(
    practices: Sequence[PracticePoint],
    *,
    smallest: int,
    largest: int,
    keep_pcn: KeepPCN,
    together: Sequence[tuple[str, str]] = (),
    apart: Sequence[tuple[str, str]] = (),
    alternatives: int = 10,
    progress: Callable[[str, float], None] | None = None,
    count: Count = "any",
    split_km: float = 1.0,
    longest_link_km: float | None = None,
    effort: Effort | None = None,
) -> Formation:
    """Neighbourhoods of `smallest` to `largest` registered people, connected and as compact as can be.

    Takes    practices: one point each, any order.
             smallest, largest: people in a neighbourhood, both bounds included.
             keep_pcn: 'always' never splits a PCN; 'prefer' charges each further piece of a PCN `split_km`
             for every patient of that PCN; 'ignore' does neither.
             together, apart: pairs of practice codes that must, or must never, share a neighbourhood.
             alternatives: how many next-best plans to look for.
             progress: called with a step and the share done (0 to 1).
             count: 'any' number of neighbourhoods, as many as there can be ('most'), or exactly this many.
             longest_link_km: neighbours further apart than this are not used to connect a neighbourhood,
             except to join a part of the place that would be cut off.
             effort: budgets of the search.
    Returns  a Formation. When nothing fits within the bounds it is the nearest plan that exists: fewest people
             outside them, then least distance; `status` is 'relaxed' and the notes say who is outside and why.
    Raises   FormationError when the request contradicts itself: pairs both together and apart, unknown or
             doubled codes, an empty list, bounds that leave no size, a count of neighbourhoods that cannot be.
    Source   Garfinkel and Nemhauser 1970: enumerate the permissible districts, then choose among them.
    """
    report = _onward(progress)
    report("finding neighbours", 0.0)
    task = prepared(
        practices,
        smallest=smallest,
        largest=largest,
        keep_pcn=keep_pcn,
        together=together,
        apart=apart,
        split_km=split_km,
        longest_link_km=longest_link_km,
    )
    found = searched(task, alternatives=alternatives, count=count, effort=effort or Effort(), progress=report)
    formation = formation_found(task, found, keep_pcn)
    report("neighbourhoods formed", 1.0)
    return formation


def _onward(progress: Callable[[str, float], None] | None) -> Callable[[str, float], None]:
    """Progress that never goes back, though the search may go through the same step twice."""
    furthest = 0.0

    def report(step: str, share: float) -> None:
        nonlocal furthest
        furthest = max(furthest, share)
        if progress is not None:
            progress(step, furthest)

    return report


def formation_found(task: Task, found: Found, keep_pcn: KeepPCN) -> Formation:
    """What was found for a task, as a plan with its neighbourhoods named, measured and compared."""
    plan = _north_first(task, found.plans[0])
    groups = _neighbourhoods(task, plan)
    outside = sum(abs(group.outside_people) for group in groups)
    cost = found.costs[0] / 1000
    bound = None if found.bound is None else max(0.0, min(found.bound / 1000, cost))
    weighted = sum(group.mean_km * group.people for group in groups)
    status: Status = "relaxed" if outside else "proven optimum" if found.proven else "gap"
    split = _pcns_split(task, plan)
    codes = [practice.code for practice in task.practices]
    return Formation(
        neighbourhoods=groups,
        graph=tuple(Neighbour(codes[n.first], codes[n.second], n.km, n.kind) for n in task.links),
        status=status,
        proven=found.proven,
        km_per_patient=weighted / task.total if task.total else 0.0,
        cost_km=cost,
        bound_km=bound,
        gap=None if bound is None else (cost - bound) / cost if cost > 1e-12 else 0.0,
        method=found.method,
        alternatives=_alternatives(task, plan, found),
        pcns_split=split,
        in_band=_in_band(task, [group.people for group in groups]),
        pcn_in_band=_in_band(task, [sum(task.people[i] for i in own) for own in task.networks.values()]),
        people_outside=outside,
        smallest=task.smallest,
        largest=task.largest,
        notes=(*request_notes(task, keep_pcn), *band_notes(task, groups, found.proven), *found.notes),
    )


def _north_first(task: Task, plan: Sequence[Group]) -> list[tuple[int, ...]]:
    """Groups as practices, in the order they are numbered: hubs from north to south."""
    own = [task.practices_of(group) for group in plan]

    def place(practices: tuple[int, ...]) -> tuple[float, str]:
        hub = task.practices[best_hub(practices, task.travel, task.people)]
        return -hub.latitude, hub.code

    return sorted(own, key=place)


def _neighbourhoods(task: Task, plan: Sequence[tuple[int, ...]]) -> tuple[Neighbourhood, ...]:
    hubs = [best_hub(own, task.travel, task.people) for own in plan]
    names = [_name(task, own, hub) for own, hub in zip(plan, hubs, strict=True)]
    seen = Counter(names)
    made = []
    for number, (own, hub, name) in enumerate(zip(plan, hubs, names, strict=True), start=1):
        people = sum(task.people[i] for i in own)
        short, over = max(0, task.smallest - people), max(0, people - task.largest)
        travel = float(task.travel[hub, list(own)].sum())
        made.append(
            Neighbourhood(
                code=f"N{number}",
                name=f"{name} ({task.practices[hub].code})" if seen[name] > 1 else name,
                practice_codes=tuple(task.practices[i].code for i in own),
                people=people,
                hub_code=task.practices[hub].code,
                mean_km=travel / people if people else 0.0,
                outside_people=over - short,
            )
        )
    return tuple(made)


def _name(task: Task, own: tuple[int, ...], hub: int) -> str:
    """The PCN's name when the group is exactly one PCN, else the name of the hub practice."""
    network = task.practices[hub].network
    if network is not None and task.networks[network] == own and task.practices[hub].pcn_name:
        return str(task.practices[hub].pcn_name).strip()
    return task.practices[hub].name.strip() or task.practices[hub].code


def _pcns_split(task: Task, plan: Sequence[tuple[int, ...]]) -> tuple[str, ...]:
    group_of = {i: number for number, own in enumerate(plan) for i in own}
    return tuple(code for code, own in task.networks.items() if len({group_of[i] for i in own}) > 1)


def _in_band(task: Task, sizes: Sequence[int]) -> InBand:
    below = sum(size < task.smallest for size in sizes)
    above = sum(size > task.largest for size in sizes)
    return InBand(below, len(sizes) - below - above, above)


def _alternatives(task: Task, plan: Sequence[tuple[int, ...]], found: Found) -> tuple[Alternative, ...]:
    made = []
    for other, cost in zip(found.plans[1:], found.costs[1:], strict=True):
        groups = sorted(task.practices_of(group) for group in other)
        made.append(
            Alternative(
                more_km_per_patient=max(0.0, (cost - found.costs[0]) / 1000),
                neighbourhoods=len(groups),
                practice_codes=tuple(tuple(task.practices[i].code for i in own) for own in groups),
                moves=_moves(task, plan, groups),
            )
        )
    return tuple(made)


def _moves(task: Task, plan, other) -> tuple[Move, ...]:
    """Practices placed elsewhere, once the two plans' groups are matched to share as many people as can be."""
    shared = np.array([[sum(task.people[i] + 1 for i in set(a) & set(b)) for b in other] for a in plan])
    rows, columns = linear_sum_assignment(shared, maximize=True)
    code = {int(b): f"N{int(a) + 1}" for a, b in zip(rows, columns, strict=True) if shared[a, b] > 0}
    now = {i: f"N{number}" for number, own in enumerate(plan, start=1) for i in own}
    then = {i: code.get(number, "new") for number, own in enumerate(other) for i in own}
    return tuple(Move(practice.code, now[i], then[i]) for i, practice in enumerate(task.practices) if now[i] != then[i])
