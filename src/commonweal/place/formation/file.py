"""How is a plan of neighbourhoods kept, with its proof and its alternatives, beside the place?"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, fields, replace
from typing import Any

from commonweal.core.parameters import Parameters
from commonweal.place.folder import save_neighbourhoods
from commonweal.place.formation.forming import PlaceFormation, kept_formation, neighbourhood_records, with_context
from commonweal.place.formation.neighbourhoods import Alternative, Formation, InBand, Move, Neighbour, Neighbourhood
from commonweal.place.inputs import Inputs

FORMATION_FILE = "formation.json"


def keep_formation(formed: PlaceFormation) -> PlaceFormation:
    """Make a plan the place's own: neighbourhoods.yaml, and the plan with its proof beside what is built."""
    place = save_neighbourhoods(formed.place, neighbourhood_records(formed.formation), names=formed.names)
    save_formation(formed)
    return replace(formed, place=place)


def save_formation(formed: PlaceFormation) -> None:
    """Write the plan into the place's out folder, in one step."""
    out = formed.place.out
    out.mkdir(parents=True, exist_ok=True)
    waiting = out / f".{FORMATION_FILE}-{os.getpid()}"
    waiting.write_text(json.dumps(asdict(formed.formation), indent=1) + "\n", encoding="utf-8")
    waiting.replace(out / FORMATION_FILE)


def formation_of_place(inputs: Inputs, parameters: Parameters) -> PlaceFormation | None:
    """The plan that the place keeps in neighbourhoods.yaml; None when it has none.

    Returns  the plan as it was formed, with its proof, when the place still keeps just that; otherwise the place's own
             neighbourhoods, measured against the bounds, with nothing proven.
    """
    kept = inputs.place.neighbourhoods
    if not kept:
        return None
    groups = {frozenset(held.practice_codes) for held in kept.values()}
    formation = _read(inputs)
    if formation and {frozenset(n.practice_codes) for n in formation.neighbourhoods} == groups:
        return with_context(inputs, formation, parameters)
    return kept_formation(inputs, parameters)


def _read(inputs: Inputs) -> Formation | None:
    path = inputs.place.out / FORMATION_FILE
    if not path.is_file():
        return None
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        return _formation(held) if set(held) == {field.name for field in fields(Formation)} else None
    except (ValueError, TypeError, KeyError):
        # A file from another version, or spoilt, only loses the proof; the place's neighbourhoods are in its folder.
        return None


def _formation(held: dict[str, Any]) -> Formation:
    made = dict(held)
    made["neighbourhoods"] = tuple(
        Neighbourhood(**{**n, "practice_codes": tuple(n["practice_codes"])}) for n in held["neighbourhoods"]
    )
    made["graph"] = tuple(Neighbour(**n) for n in held["graph"])
    made["alternatives"] = tuple(
        Alternative(
            **{
                **other,
                "practice_codes": tuple(tuple(codes) for codes in other["practice_codes"]),
                "moves": tuple(Move(**move) for move in other["moves"]),
            }
        )
        for other in held["alternatives"]
    )
    made["in_band"], made["pcn_in_band"] = InBand(**held["in_band"]), InBand(**held["pcn_in_band"])
    made["pcns_split"], made["notes"] = tuple(held["pcns_split"]), tuple(held["notes"])
    return Formation(**made)
