"""How heavy is a person's multimorbidity, and which Core Segment does it put them in?"""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir

from commonweal.core.errors import ParameterProblem
from commonweal.core.parameters import Parameters
from commonweal.core.periods import months_later
from commonweal.need.conditions_held import condition_rows, with_meaning

POINTS = "decimal(9, 2)"
WEIGHTS = ("general", "mortality")
UPPER, LOWER = "upper", "lower"
LONG_AGO = date(1800, 1, 1)


def cambridge_score(held: ir.Table, parameters: Parameters, *, on: date, weights: str = "general") -> ir.Table:
    """The Cambridge Multimorbidity Score of each person with one of its 20 conditions.

    Takes    held: person, condition, last_start, as conditions_held() returns. weights: general or mortality.
    Returns  person, score (points, two decimals); one row per person with any of the conditions; others score 0. Each
             condition counts once. Cancer counts for five years from its latest start, the others for ever.
    Raises   ParameterProblem for other weights.
    Source   Payne and others, Canadian Medical Association Journal 2020;192:E107.
    """
    if weights not in WEIGHTS:
        raise ParameterProblem(f"There are no '{weights}' weights.", mend=f"Name one of {', '.join(WEIGHTS)}.")
    rows = [
        (row["condition"], row[weights], months_later(on, -int(row["look_back"])) if row["look_back"] else LONG_AGO)
        for row in parameters["cambridge_conditions"].on(on).value
    ]
    weighed = ibis.memtable(rows, schema={"cms": "string", "points": "string", "since": "date"})
    weighed = weighed.mutate(points=weighed.points.cast(POINTS))
    meanings = {row["code"]: row["cms"] for row in condition_rows(parameters, on=on)}
    named = with_meaning(held, meanings, name="cms").inner_join(weighed, "cms")
    counted = named.filter(named.last_start >= named.since).select("person", "cms", "points").distinct()
    return counted.aggregate(score=counted.points.sum().cast(POINTS), by="person")


def core_segment(score: ir.DecimalValue, parameters: Parameters, *, on: date) -> ir.StringValue:
    """The Core Segment, CS1 to CS5, of a Cambridge Multimorbidity Score with general weights.

    Takes    parameters: `core_segment_boundary` says on which side a score falls that equals a cut.
    Source   Wood and others, International Journal of Healthcare Management 2023;17:715.
    """
    side = parameters["core_segment_boundary"].on(on).value
    if side not in (UPPER, LOWER):
        raise ParameterProblem(f"'{side}' is no side of a cut.", mend=f"Write {UPPER} or {LOWER}.")
    first, *later = parameters["core_segments"].on(on).value
    cuts = [(ibis.literal(row["from"]).cast(POINTS), row["segment"]) for row in reversed(later)]
    return ibis.cases(
        *((score >= cut if side == UPPER else score > cut, segment) for cut, segment in cuts), else_=first["segment"]
    )
