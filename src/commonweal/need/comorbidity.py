"""How heavy is the comorbidity that a person's hospital diagnoses show, by any weighting?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import reduce
from operator import add

import ibis
import ibis.expr.types as ir

from commonweal.core.parameters import Parameters
from commonweal.need.comorbidity_codes import Score, comorbidity_score

WHOLE = "int32"


def comorbidity(diagnoses: ir.Table, score: Score) -> ir.Table:
    """A comorbidity score of each person with a diagnosis.

    Takes    diagnoses: person, code; a code that is written again changes nothing.
    Returns  person, score (points, may be negative unless the score has a floor); one row per person with any
             diagnosis. A person whose diagnoses weigh nothing has 0.
    Raises   nothing.
    """
    people = diagnoses.select("person").distinct()
    held = categories_held(diagnoses, score)
    weighed = held.aggregate(score=_points(held, score), by="person")
    joined = people.left_join(weighed, "person")
    return joined.select(people.person, score=weighed.score.fill_null(0).cast(WHOLE))


def charlson(diagnoses: ir.Table, parameters: Parameters, *, on: date, weighting: str = "charlson_1987") -> ir.Table:
    """The Charlson comorbidity index of each person with a diagnosis, without points for age.

    Takes    diagnoses: person, code, of the look-back `charlson_look_back` (24 months; the hospital mortality
             indicator counts one admission alone). weighting: a code of the parameter `comorbidity_scores`.
    Returns  person, score (points); one row per person with any diagnosis. Each category counts once, however often
             it is written; the milder form of diabetes, liver disease and cancer counts for nothing beside the severe
             one; only the weighting of the hospital mortality indicator is floored, at 0.
    Source   Charlson 1987; Quan 2005 (codes) and 2011 (weights); NHS England, SHMI specification 1.60 (own codes).
    """
    return comorbidity(diagnoses, comorbidity_score(weighting, parameters, on=on))


def elixhauser(
    diagnoses: ir.Table, parameters: Parameters, *, on: date, weighting: str = "elixhauser_van_walraven"
) -> ir.Table:
    """The Elixhauser comorbidity index of each person with a diagnosis, as one number.

    Takes    diagnoses: person, code, of the look-back `elixhauser_look_back` (24 months).
             weighting: a code of the parameter `comorbidity_scores`.
    Returns  person, score (points, may be negative); one row per person with any diagnosis. Each category counts once;
             the milder form of diabetes, hypertension and cancer counts for nothing beside the severe one.
    Source   Elixhauser 1998; Quan 2005 (codes); van Walraven 2009 and Sharma 2021 (weights).
    """
    return comorbidity(diagnoses, comorbidity_score(weighting, parameters, on=on))


def categories_held(diagnoses: ir.Table, score: Score) -> ir.Table:
    """Which categories of a score each person has.

    Takes    diagnoses: person, code.
    Returns  person, category, weight (points); one row per person and category of the weighting.
    """
    weighed = [category for category in score.categories if category.weight is not None]
    listed = ibis.memtable(
        [(p, c.name, int(c.weight or 0)) for c in weighed for p in c.prefixes],
        schema={"prefix": "string", "category": "string", "weight": WHOLE},
    )
    # Codes are matched once each, not once a diagnosis: there are some thousands of them at most.
    codes = diagnoses.select("code").distinct()
    lengths = sorted({len(prefix) for category in weighed for prefix in category.prefixes})
    matched = [_matched(codes, listed, length) for length in lengths]
    by_code = reduce(lambda one, other: one.union(other), matched)
    return diagnoses.select("person", "code").inner_join(by_code, "code").drop("code").distinct()


def _matched(codes: ir.Table, listed: ir.Table, length: int) -> ir.Table:
    cut = codes.mutate(prefix=codes.code.left(length))
    return cut.inner_join(listed.filter(listed.prefix.length() == length), "prefix").drop("prefix")


def _points(held: ir.Table, score: Score) -> ir.IntegerValue:
    total = held.weight.sum()
    doubled = [
        ((held.category == severe).any() & (held.category == milder).any()).ifelse(int(score.weight(milder)), 0)
        for severe, milder in score.milder
        if score.weight(milder)
    ]
    points = total - reduce(add, doubled) if doubled else total
    return points if score.floor is None else ibis.greatest(points, int(score.floor))


def exact(number: Decimal | str, places: int) -> ir.DecimalValue:
    """A number as an exact decimal literal."""
    return ibis.literal(str(number)).cast(f"decimal(18, {places})")
