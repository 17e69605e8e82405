"""How heavy is the comorbidity that a person's hospital diagnoses show, by any weighting?"""

from __future__ import annotations

from datetime import date
from functools import reduce
from operator import add, or_

import ibis
import ibis.expr.types as ir

from commonweal.core.parameters import Parameters
from commonweal.need.comorbidity_codes import Score, comorbidity_score
from commonweal.need.marks import all_marks

WHOLE = "int32"
MARKS = "int64"
MOST_CATEGORIES = 62


def comorbidity(diagnoses: ir.Table, score: Score) -> ir.Table:
    """A comorbidity score of each person with a diagnosis that the score lists.

    Takes    diagnoses: person, code; a code that is written again changes nothing.
    Returns  person, score (points, may be negative unless the score has a floor); one row per person with any code of
             the index, whatever it weighs. Everyone else scores 0.
    Raises   nothing.
    """
    marked = _marked(diagnoses, score)
    held = marked.aggregate(marks=all_marks(marked.marks), by="person")
    return held.select("person", score=_points(held.marks, score).cast(WHOLE))


def charlson(diagnoses: ir.Table, parameters: Parameters, *, on: date, weighting: str = "charlson_1987") -> ir.Table:
    """The Charlson comorbidity index of each person with a diagnosis, without points for age.

    Takes    diagnoses: person, code, of the look-back `charlson_look_back` (24 months; the hospital mortality
             indicator counts one admission alone). weighting: a code of the parameter `comorbidity_scores`.
    Returns  person, score (points); one row per person with any code of the index; everyone else scores 0. Each
             category counts once, however often it is written; the milder form of diabetes, liver disease and cancer
             counts for nothing beside the severe one. Only the hospital mortality indicator's total is floored, at 0.
    Source   Charlson 1987; Quan 2005 (codes) and 2011 (weights); NHS England, SHMI specification 1.60 (own codes).
    """
    return comorbidity(diagnoses, comorbidity_score(weighting, parameters, on=on))


def elixhauser(
    diagnoses: ir.Table, parameters: Parameters, *, on: date, weighting: str = "elixhauser_van_walraven"
) -> ir.Table:
    """The Elixhauser comorbidity index of each person with a diagnosis, as one number.

    Takes    diagnoses: person, code, of the look-back `elixhauser_look_back` (24 months).
             weighting: a code of the parameter `comorbidity_scores`.
    Returns  person, score (points, may be negative); one row per person with any code of the index; everyone else
             scores 0. Each category counts once; the milder form of diabetes, hypertension and cancer counts for
             nothing beside the severe one.
    Source   Elixhauser 1998; Quan 2005 (codes); van Walraven 2009 and Sharma 2021 (weights).
    """
    return comorbidity(diagnoses, comorbidity_score(weighting, parameters, on=on))


def _marked(diagnoses: ir.Table, score: Score) -> ir.Table:
    """Diagnoses with their categories as bits of a number, so that one pass over them finds each person's."""
    listed: dict[int, dict[str, int]] = {}
    assert len(score.categories) <= MOST_CATEGORIES
    for number, category in enumerate(score.categories):
        for prefix in category.prefixes:
            marks = listed.setdefault(len(prefix), {})
            marks[prefix] = marks.get(prefix, 0) | 1 << number
    joined = diagnoses.select("person", "code")
    for length, marks in sorted(listed.items()):
        table = ibis.memtable(sorted(marks.items()), schema={"prefix": "string", f"marks_{length}": MARKS})
        joined = joined.left_join(table, joined.code.left(length) == table.prefix).drop("prefix")
    found = [joined[f"marks_{length}"].fill_null(0) for length in sorted(listed)]
    marked = joined.select("person", marks=reduce(or_, found))
    return marked.filter(marked.marks != 0)


def _points(marks: ir.IntegerValue, score: Score) -> ir.IntegerValue:
    bit = {category.name: 1 << number for number, category in enumerate(score.categories)}
    severe_of = {milder: severe for severe, milder in score.milder}
    points = []
    for category in score.categories:
        if not category.weight:
            continue
        counts = (marks & bit[category.name]) != 0
        if category.name in severe_of:
            counts = counts & ((marks & bit[severe_of[category.name]]) == 0)
        points.append(counts.ifelse(int(category.weight), 0))
    total = reduce(add, points)
    return total if score.floor is None else ibis.greatest(total, int(score.floor))
