"""In what stable shape is a plan of neighbourhoods handed to other programs?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from commonweal.place.formation.neighbourhoods import Alternative, Formation

KM_PLACES = 6


def formation_record(formation: Formation, names: Mapping[str, str]) -> dict[str, Any]:
    """The plan as nested data: distances in km a patient, bounds in people."""
    return {
        "status": formation.status,
        "proven": formation.proven,
        "method": formation.method,
        "smallest": formation.smallest,
        "largest": formation.largest,
        "km_per_patient": _km(formation.km_per_patient),
        "cost_km": _km(formation.cost_km),
        "bound_km": _km(formation.bound_km),
        "gap": _km(formation.gap),
        "people_outside_bounds": formation.people_outside,
        "pcns_split": list(formation.pcns_split),
        "notes": list(formation.notes),
        "neighbourhoods": [
            {
                "neighbourhood_code": n.code,
                "neighbourhood_name": n.name,
                "people": n.people,
                "hub_practice_code": n.hub_code,
                "mean_km": _km(n.mean_km),
                "people_outside_bounds": n.outside_people,
                "practices": [{"practice_code": c, "practice_name": names.get(c, "")} for c in n.practice_codes],
            }
            for n in formation.neighbourhoods
        ],
        "next_best": [_alternative(number, other) for number, other in enumerate(formation.alternatives, start=1)],
    }


def formation_rows(formation: Formation, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """One row per practice: its neighbourhood, and whether it is the hub."""
    return [
        {
            "neighbourhood_code": n.code,
            "neighbourhood_name": n.name,
            "practice_code": code,
            "practice_name": names.get(code, ""),
            "hub": "yes" if code == n.hub_code else "no",
            "neighbourhood_people": n.people,
        }
        for n in formation.neighbourhoods
        for code in n.practice_codes
    ]


def _alternative(number: int, other: Alternative) -> dict[str, Any]:
    moves = [{"practice_code": m.practice_code, "from": m.from_code, "to": m.to_code} for m in other.moves]
    return {
        "plan": number,
        "more_km_per_patient": _km(other.more_km_per_patient),
        "neighbourhoods": other.neighbourhoods,
        "moves": moves,
    }


def _km(value: float | None) -> float | None:
    return None if value is None else round(value, KM_PLACES)
