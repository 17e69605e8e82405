"""In what stable shape are ways in and waits handed to other programs?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from commonweal.plan.access.triage import Route, Tried, Workload, share_that_must_end_there, workload
from commonweal.plan.access.waiting import Waiting

PLACES = 4
MINUTES_IN_HOUR = 60


def route_rows(routes: Mapping[str, Route], requests_a_week: float) -> list[dict[str, Any]]:
    """One row per way in: minutes a request, contacts, the change against face to face, and hours a week."""
    return [_route_row(workload(routes, code), routes, requests_a_week) for code in routes]


def triage_record(
    routes: Mapping[str, Route], tried: Mapping[str, tuple[Tried, ...]], requests: float
) -> dict[str, Any]:
    """The ways in as nested data, and what each would be with one number as low or high as was tried."""
    return {
        "requests_a_week": round(requests, PLACES),
        "ways_in": route_rows(routes, requests),
        "tried": [_rounded(asdict(held)) for each in tried.values() for held in each],
    }


def waiting_row(found: Waiting) -> dict[str, Any]:
    """What callers find, as one row."""
    return _rounded(asdict(found))


def _route_row(held: Workload, routes: Mapping[str, Route], requests: float) -> dict[str, Any]:
    row = {
        "way_in": held.route.code,
        "label": held.route.label,
        "minutes_a_request": held.minutes,
        "change": held.change,
        **{f"{kind}_contacts": contacts for kind, contacts in held.contacts.items()},
        "ends_there": held.route.ends_there,
        "must_end_there": share_that_must_end_there(routes, held.route.code),
        "gp_hours_a_week": held.minutes * requests / MINUTES_IN_HOUR,
    }
    return _rounded(row)


def _rounded(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: round(value, PLACES) if isinstance(value, float) else value for key, value in row.items()}
