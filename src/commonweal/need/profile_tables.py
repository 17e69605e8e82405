"""How many people of each practice have which need, counted, and how do our scores compare with the source's?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import ibis
import ibis.expr.types as ir

from commonweal.core.tables import conformed
from commonweal.need.at_a_glance_tables import year_of_care

SAME_WITHIN = 0.005


def need_profile_counts(need: ir.Table, activity: ir.Table, practices: Sequence[str], *, on: date) -> ir.Table:
    """People, ages and cost by practice, level of need, Core Segment and group.

    Takes    need: the table person_need. activity: of which the twelve months before the day count.
             practices: whose people; those of other practices are left out.
    Returns  the table need_profile_counts of tables/need.yaml; exact counts, which are not to be shown.
    """
    people = of_practices(need, practices)
    costed = people.inner_join(year_of_care(activity, people, on=on), "person")
    counted = costed.aggregate(
        people=costed.count(),
        people_with_age=costed.age.count(),
        age_years=costed.age.sum().fill_null(0),
        cost_pence=costed.cost_pence.sum().cast("int64"),
        by=["practice_code", "level", "core_segment", "bridges_to_health"],
    )
    return conformed(counted, "need_profile_counts")


def level_reasons(need: ir.Table, practices: Sequence[str]) -> ir.Table:
    """People by level of need and the row of the rule that put them there.

    Returns  level, level_because, people; one row per level and reason; exact counts, which are not to be shown.
    """
    people = of_practices(need, practices)
    return people.aggregate(people=people.count(), by=["level", "level_because"])


def against_the_source(need: ir.Table, practices: Sequence[str]) -> ir.Table:
    """How our scores compare with the source's, where it gives its own.

    Returns  score, compared, same, higher, lower (people), one row each for cambridge_score and
             electronic_frailty_category. Scores are the same within half a hundredth; a category that is frailer is
             higher. Exact counts, which are not to be shown.
    """
    people = of_practices(need, practices)
    apart = people.cambridge_score - people.source_cambridge_score
    ranks = [_rank(people[name]) for name in ("electronic_frailty_category", "source_frailty_category")]
    compared = [
        ("cambridge_score", apart > SAME_WITHIN, apart < -SAME_WITHIN, apart.notnull()),
        ("electronic_frailty_category", ranks[0] > ranks[1], ranks[0] < ranks[1], ranks[1].notnull()),
    ]
    rows = []
    for name, higher, lower, both in compared:
        counted = people.aggregate(
            compared=_how_many(both), higher=_how_many(both & higher), lower=_how_many(both & lower)
        )
        same = counted.compared - counted.higher - counted.lower
        rows.append(
            counted.select(
                score=ibis.literal(name), compared="compared", same=same, higher=counted.higher, lower=counted.lower
            )
        )
    return ibis.union(*rows)


def of_practices(need: ir.Table, practices: Sequence[str]) -> ir.Table:
    """The people of some practices."""
    listed = ibis.memtable(sorted((code,) for code in practices), schema={"practice_code": "string"})
    return need.semi_join(listed, "practice_code")


def _rank(category: ir.StringValue) -> ir.IntegerValue:
    ranks = {"fit": 0, "mild": 1, "moderate": 2, "severe": 3}
    return ibis.cases(*((category == name, rank) for name, rank in ranks.items()), else_=ibis.null("int8"))


def _how_many(condition: ir.BooleanValue) -> ir.IntegerScalar:
    return condition.fill_null(False).cast("int64").sum().fill_null(0)
