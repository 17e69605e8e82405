"""How does a place get its neighbourhoods?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import cast

from commonweal.core.errors import InputError
from commonweal.core.parameters import Parameters
from commonweal.place.folder import Place, save_neighbourhoods
from commonweal.place.folder_text import NeighbourhoodRecord
from commonweal.place.formation.kept import kept_neighbourhoods
from commonweal.place.formation.neighbourhoods import Formation, FormationError, PracticePoint, form_neighbourhoods
from commonweal.place.formation.task import KeepPCN
from commonweal.place.inputs import Inputs

NO_NETWORK = ("", "U", "UNALLOCATED")


@dataclass(frozen=True, slots=True)
class NationalNetworks:
    """How England's primary care networks stood on a day: shares below, within and above the bounds."""

    on: date
    below: Decimal
    in_band: Decimal
    above: Decimal


@dataclass(frozen=True, slots=True)
class PlaceFormation:
    """A place with its plan of neighbourhoods, and what the plan is compared with.

    points            the practices as they were placed
    national          shares of England's networks below, within and above the bounds, in order of time
    smallest_mcp      people an MCP should at least serve
    """

    place: Place
    formation: Formation
    points: tuple[PracticePoint, ...]
    names: Mapping[str, str]
    national: tuple[NationalNetworks, ...]
    smallest_mcp: int


def form_place(
    inputs: Inputs,
    parameters: Parameters,
    *,
    smallest: int | None = None,
    largest: int | None = None,
    keep_pcn: str | None = None,
    together: Sequence[tuple[str, str]] = (),
    apart: Sequence[tuple[str, str]] = (),
    alternatives: int = 10,
    save: bool = True,
    progress: Callable[[str, float], None] | None = None,
) -> PlaceFormation:
    """Form a place's neighbourhoods and, unless told otherwise, write them into its folder.

    Takes    smallest, largest, keep_pcn: the parameters' and the place's own when not given; together, apart: pairs
             of practices besides those in place.yaml.
    Raises   InputError for practices without a location and for a request that contradicts itself.
    """
    points, wanted = practice_points(inputs), inputs.place.formation
    bounds = band(parameters, inputs.place.contract_start)
    try:
        formation = form_neighbourhoods(
            points,
            smallest=smallest or bounds[0],
            largest=largest or bounds[1],
            keep_pcn=cast(KeepPCN, keep_pcn or wanted["keep_pcn"]),
            together=(*wanted["must_be_together"], *together),
            apart=(*wanted["never_together"], *apart),
            alternatives=alternatives,
            split_km=float(parameters["pcn_split_penalty_km"].on(inputs.place.contract_start).number()),
            progress=progress,
        )
    except FormationError as problem:
        raise InputError(str(problem), where=str(inputs.place.path), mend="Change the pairs or the bounds.") from None
    formed = with_context(inputs, formation, parameters)
    if save:
        place = save_neighbourhoods(inputs.place, neighbourhood_records(formation), names=inputs.names)
        formed = replace(formed, place=place)
    return formed


def kept_formation(inputs: Inputs, parameters: Parameters) -> PlaceFormation:
    """The neighbourhoods that the place keeps, measured; for plans that were changed by hand or made elsewhere."""
    smallest, largest = band(parameters, inputs.place.contract_start)
    groups = [held.practice_codes for held in inputs.place.neighbourhoods.values()]
    formation = kept_neighbourhoods(practice_points(inputs), groups, smallest=smallest, largest=largest)
    named = {held.practice_codes: held for held in inputs.place.neighbourhoods.values()}
    own = tuple(
        replace(n, code=named[key].code, name=named[key].name)
        for n in formation.neighbourhoods
        for key in [tuple(sorted(n.practice_codes))]
    )
    return with_context(inputs, replace(formation, neighbourhoods=own), parameters)


def with_context(inputs: Inputs, formation: Formation, parameters: Parameters) -> PlaceFormation:
    """A plan with the place it is of and what it is compared with."""
    day = inputs.place.contract_start
    # Both are shown: what a published study found, and what later lists give.
    shares = tuple(
        NationalNetworks(held.start, *(Decimal(str(held.value[key])) for key in ("below", "in_band", "above")))
        for held in parameters["national_networks_in_band"].values
        if held.start <= day
    )
    smallest_mcp = int(parameters["mcp_smallest_population"].on(day).number())
    return PlaceFormation(inputs.place, formation, practice_points(inputs), inputs.names, shares, smallest_mcp)


def band(parameters: Parameters, day: date) -> tuple[int, int]:
    """Fewest and most people of a neighbourhood on a day."""
    names = ("neighbourhood_smallest", "neighbourhood_largest")
    smallest, largest = (int(parameters[name].on(day).number()) for name in names)
    return smallest, largest


def neighbourhood_records(formation: Formation) -> list[NeighbourhoodRecord]:
    """The plan as the place's folder keeps it."""
    return [NeighbourhoodRecord(n.code, n.name, tuple(sorted(n.practice_codes))) for n in formation.neighbourhoods]


def practice_points(inputs: Inputs) -> tuple[PracticePoint, ...]:
    """Each practice's people and place, by code. People: the latest count up to the contract's first day, else the
    list in the need-weighted file, else the year's average in the payments.

    Raises   InputError naming the practices that no file gives a location.
    """
    people = practice_people(inputs)
    rows = inputs.practice_rows
    lost = [code for code in inputs.codes if rows[code]["latitude"] is None or rows[code]["longitude"] is None]
    if lost:
        raise InputError(
            f"No file says where {', '.join(lost)} {'is' if len(lost) == 1 else 'are'}.",
            where=str(inputs.place.lists),
            mend="Add the practice locations file, or take the practice out of place.yaml.",
        )
    return tuple(
        PracticePoint(
            code=code,
            name=str(rows[code]["practice_name"] or code),
            people=people[code],
            latitude=float(rows[code]["latitude"]),
            longitude=float(rows[code]["longitude"]),
            pcn_code=_network(rows[code]["pcn_code"]),
            pcn_name=rows[code]["pcn_name"],
        )
        for code in inputs.codes
    )


def practice_people(inputs: Inputs) -> dict[str, int]:
    """Registered people by practice, from the latest source that counts them."""
    counted: dict[str, int] = {}
    for day, counts in inputs.list_counts.items():
        if inputs.baseline_year.start < day <= inputs.place.contract_start:
            counted.update(counts)
    listed, paid = inputs.listed_people, inputs.registered_people
    return {code: counted.get(code) or listed[code] or round(paid[code]) for code in inputs.codes}


def _network(code: str | None) -> str | None:
    return None if code is None or code.strip().upper() in NO_NETWORK else code
