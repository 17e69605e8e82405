"""Which kinds of hospital activity could be avoided, and by how much do experts believe?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from commonweal.core.errors import ParameterProblem
from commonweal.core.parameters import Parameters
from commonweal.plan.beliefs.belief import Belief

PARAMETER = "avoidable_activity"
POINTS = ("percentile_10", "mean", "percentile_90")


@dataclass(frozen=True, slots=True)
class AvoidableActivity:
    """A named kind of activity that could be avoided, moved or shortened.

    kind    `avoidance`, or `efficiency` where the activity stays and takes less
    belief  the share of it that could be avoided or saved by 2039/40; None where experts were not asked
    """

    code: str
    name: str
    setting: str
    kind: str
    belief: Belief | None


def avoidable_activity(parameters: Parameters, on: date) -> Mapping[str, AvoidableActivity]:
    """The named kinds by code, on a day.

    Raises   ParameterProblem when a row lacks a part or has some of the three points only.
    Source   parameters/avoidable_activity.yaml.
    """
    parameter = parameters[PARAMETER]
    rows = parameter.on(on).value
    return {str(row["code"]): _activity(row, parameter.file) for row in rows}


def _activity(row: Mapping[str, Any], file: str) -> AvoidableActivity:
    given = [row.get(point) for point in POINTS]
    if any(point is None for point in given) and any(point is not None for point in given):
        raise ParameterProblem(
            f"{row['code']} has some of {', '.join(POINTS)} only.", where=file, mend="Give all three, or none."
        )
    # Bounds: no less than none of the activity can be avoided, and no more than all of it.
    low, mean, high = (None if point is None else float(str(point)) for point in given)
    belief = None if low is None or mean is None or high is None else Belief(low, mean, high)
    return AvoidableActivity(str(row["code"]), str(row["name"]), str(row["setting"]), str(row["kind"]), belief)
