"""What level of need does a person have, and which rows say so?"""

from __future__ import annotations

from datetime import date

from commonweal.core.parameters import Parameters
from commonweal.need.precedence import Rule, rule


def level_rule(parameters: Parameters, *, on: date) -> Rule:
    """The rule of the levels of need: the highest level of which a row applies, the first level where none does.

    Raises   ParameterProblem when a row gives a level that there is not, or stands after one of a lower level.
    Source   parameters/need_levels.yaml.
    """
    levels = {row["level"]: row["label"] for row in parameters["levels_of_need"].on(on).value}
    return rule("level_rules", dict(reversed(levels.items())), parameters, on=on)
