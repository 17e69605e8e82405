"""How much of doctors' time does each way in take, when what does not end there goes on?

A request is met first face to face, by telephone or online. What does not end there goes on by telephone or face to
face; a telephone call that does not end it goes on face to face. Easier access adds requests.

    minutes = (1 + adds) × (first + (1 − ends there) × (by telephone × telephone + (1 − by telephone) × face to face))
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from commonweal.core.errors import ParameterProblem
from commonweal.core.parameters import Parameters

PARAMETER = "triage_routes"
REQUESTS = "requests_per_1000_a_week"
FACE_TO_FACE, TELEPHONE = "face_to_face", "telephone"
FIELDS = ("minutes", "ends_there", "on_by_telephone", "adds")
SHARES = ("ends_there", "on_by_telephone")
LOW, SUPPOSED, HIGH = range(3)


@dataclass(frozen=True, slots=True)
class Route:
    """A way in: the doctor's minutes for the first contact, and what becomes of it."""

    code: str
    label: str
    minutes: float
    ends_there: float
    on_by_telephone: float
    adds: float


@dataclass(frozen=True, slots=True)
class Workload:
    """What one way in takes, for each request as they come in today.

    minutes   of a doctor, everything that follows included
    contacts  contacts a request, by kind: the first, then by telephone and face to face
    change    the minutes, over those of a request met face to face, less one
    """

    route: Route
    minutes: float
    contacts: Mapping[str, float]
    change: float


@dataclass(frozen=True, slots=True)
class Tried:
    """What the change would be with one number at the lowest and the highest that was tried."""

    route: str
    field: str
    low: float
    high: float
    change_at_low: float
    change_at_high: float


def triage_routes(
    parameters: Parameters, on: date, *, at: Mapping[tuple[str, str], int] | None = None
) -> dict[str, Route]:
    """The ways in by code, on a day.

    Takes    at: for a route and a field, 0 for the lowest that was tried and 2 for the highest.
    Raises   ParameterProblem when a row lacks a number, a share is outside 0 to 1, or minutes are below nothing.
    Source   parameters/access.yaml.
    """
    parameter = parameters[PARAMETER]
    found = {}
    for row in parameter.on(on).value:
        code = str(row["code"])
        numbers = {
            field: _number(row, field, (at or {}).get((code, field), SUPPOSED), parameter.file) for field in FIELDS
        }
        found[code] = Route(code, str(row["label"]), **numbers)
    for needed in (FACE_TO_FACE, TELEPHONE):
        if needed not in found:
            raise ParameterProblem(f"has no way in '{needed}'.", where=parameter.file, mend="Add its row.")
    return found


def workload(routes: Mapping[str, Route], code: str) -> Workload:
    """What one way in takes."""
    route, telephone, face = routes[code], routes[TELEPHONE], routes[FACE_TO_FACE]
    on = 1 - route.ends_there
    by_telephone = on * route.on_by_telephone
    then_face = on * (1 - route.on_by_telephone) + by_telephone * (1 - telephone.ends_there)
    first = 1 + route.adds
    contacts = {"first": first, "telephone": first * by_telephone, "face_to_face": first * then_face}
    minutes = first * (route.minutes + by_telephone * telephone.minutes + then_face * face.minutes)
    return Workload(route, minutes, contacts, minutes / face.minutes - 1)


def share_that_must_end_there(routes: Mapping[str, Route], code: str) -> float:
    """The share that must end without another contact for a way in to take no more time than face to face.

    Below 0 where it takes less whatever ends there; above 1 where it takes more even if everything does.
    """
    nothing = workload({**routes, code: replace(routes[code], ends_there=0.0)}, code).minutes
    everything = workload({**routes, code: replace(routes[code], ends_there=1.0)}, code).minutes
    return (nothing - routes[FACE_TO_FACE].minutes) / (nothing - everything)


def one_at_a_time(parameters: Parameters, on: date, code: str) -> tuple[Tried, ...]:
    """The change with each number of a way in at its lowest and highest, the others as supposed; the widest first."""
    found = []
    for field in FIELDS:
        low, high = (triage_routes(parameters, on, at={(code, field): end}) for end in (LOW, HIGH))
        if getattr(low[code], field) == getattr(high[code], field):
            continue
        found.append(
            Tried(
                code,
                field,
                getattr(low[code], field),
                getattr(high[code], field),
                workload(low, code).change,
                workload(high, code).change,
            )
        )
    return tuple(sorted(found, key=lambda held: -abs(held.change_at_high - held.change_at_low)))


def _number(row: Mapping[str, Any], field: str, end: int, file: str) -> float:
    try:
        value = float(row[field][end])
    except (KeyError, IndexError, TypeError, ValueError):
        mend = "Give the lowest, the supposed and the highest."
        raise ParameterProblem(f"{row.get('code')} lacks three numbers of {field}.", where=file, mend=mend) from None
    lowest, highest = (0.0, 1.0) if field in SHARES else (-1.0 if field == "adds" else 0.0, float("inf"))
    if not lowest <= value <= highest:
        raise ParameterProblem(f"{row['code']}: {field} is {value}.", where=file, mend="Write what it can be.")
    return value
