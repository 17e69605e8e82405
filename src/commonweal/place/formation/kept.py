"""How do the neighbourhoods that a place keeps measure up, wherever they came from?"""

from __future__ import annotations

from collections.abc import Sequence

from commonweal.place.formation.neighbourhoods import Formation, formation_found
from commonweal.place.formation.search import Found
from commonweal.place.formation.task import PracticePoint, prepared

METHOD = "The place's own neighbourhoods, as its folder keeps them; no other plan was looked for."


def kept_neighbourhoods(
    practices: Sequence[PracticePoint], groups: Sequence[Sequence[str]], *, smallest: int, largest: int
) -> Formation:
    """Neighbourhoods as given, with their hubs, distances and people measured against the bounds.

    Takes    groups: practice codes of each neighbourhood; every practice in exactly one.
    Returns  a formation whose codes are anew from north to south; nothing about it is proven.
    """
    task = prepared(
        practices,
        smallest=smallest,
        largest=largest,
        keep_pcn="ignore",
        together=(),
        apart=(),
        split_km=0.0,
        longest_link_km=None,
    )
    position = {practice.code: i for i, practice in enumerate(task.practices)}
    plan = tuple(tuple(sorted({task.unit_of[position[code]] for code in codes})) for codes in groups)
    cost = float(task.costs(list(plan)).sum())
    found = Found(plans=(plan,), costs=(cost,), bound=None, proven=False, method=METHOD)
    return formation_found(task, found, "ignore")
