"""What kind of need does a person have: one of the Bridges to Health groups, or another grouping of a place's own?"""

from __future__ import annotations

from datetime import date

from commonweal.core.errors import ParameterProblem
from commonweal.core.parameters import Parameters
from commonweal.need.precedence import Rule, rule

GROUPINGS = ("bridges_to_health", "suffolk_and_north_east_essex")


def need_group_rule(parameters: Parameters, *, on: date) -> Rule:
    """The rule of the grouping in use: a person belongs to the first group that applies, to the last where none does.

    Raises   ParameterProblem when the grouping in use is not one, or a row gives a group that there is not, or stands
             after one of a later group.
    Source   parameters/need_groups.yaml: Lynn 2007, or Suffolk and North East Essex Integrated Care System.
    """
    in_use = str(parameters["need_groups_in_use"].on(on).value)
    if in_use not in GROUPINGS:
        raise ParameterProblem(f"There is no grouping '{in_use}'.", mend=f"Name one of {', '.join(GROUPINGS)}.")
    groups = {row["group"]: row["label"] for row in parameters[in_use].on(on).value}
    return rule(f"{in_use}_rules", groups, parameters, on=on)
