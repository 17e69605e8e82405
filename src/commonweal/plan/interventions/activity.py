"""Which kinds of activity does a plan change, and which contacts of the record are they?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from commonweal.core.errors import ParameterProblem
from commonweal.core.parameters import Parameters

PARAMETER = "planned_activity"


@dataclass(frozen=True, slots=True)
class PlannedActivity:
    """A kind of activity: what one of it is, on which service line it is paid, and its points of delivery."""

    code: str
    label: str
    unit: str
    service_line: str
    points_of_delivery: tuple[tuple[str, str, str], ...]


def planned_activity(parameters: Parameters) -> Mapping[str, PlannedActivity]:
    """The kinds of activity by code, as they are in the last dated value.

    Raises   ParameterProblem when a row lacks a part.
    Source   parameters/planned_activity.yaml.
    """
    parameter = parameters[PARAMETER]
    return {str(row["code"]): _activity(row, parameter.file) for row in parameter.values[-1].value}


def _activity(row: Mapping[str, Any], file: str) -> PlannedActivity:
    missing = [part for part in ("label", "unit", "service_line", "points_of_delivery") if part not in row]
    if missing:
        raise ParameterProblem(f"{row['code']} lacks {', '.join(missing)}.", where=file, mend="Give every part.")
    points = tuple((str(a), str(b), str(c)) for a, b, c in row["points_of_delivery"])
    return PlannedActivity(str(row["code"]), str(row["label"]), str(row["unit"]), str(row["service_line"]), points)
