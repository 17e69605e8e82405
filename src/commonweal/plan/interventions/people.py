"""Whom is an intervention for?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import reduce

import ibis
import ibis.expr.types as ir

from commonweal.core.errors import InterventionProblem
from commonweal.plan.interventions.intervention import Intervention
from commonweal.plan.interventions.parts import Condition, IsAtRisk, IsFrom, IsOneOf, IsSo


def people_it_is_for(
    need: ir.Table,
    intervention: Intervention,
    *,
    on: date,
    risk: ir.Table | None = None,
    neighbourhoods: Mapping[str, Sequence[str]] | None = None,
) -> ir.Table:
    """The people for whom an intervention is.

    Takes    need: person_need; on: the day whose terms hold; risk: the table of that name, asked for where the
             intervention is for those at highest risk; neighbourhoods: practice codes by code of neighbourhood.
    Returns  person, practice_code; one row per person of whom every condition holds. Of whom something is not known, it
             does not hold. Those who opted out of uses beyond direct care have no risk, so no rule on risk finds them.
    Raises   InterventionProblem when risk or neighbourhoods are asked for and not there.
    """
    held = [_condition(need, intervention, part, on, risk, neighbourhoods) for part in intervention.for_whom]
    every = reduce(lambda a, b: a & b, held, ibis.literal(True))
    return need.filter(every).select("person", "practice_code")


def _condition(
    need: ir.Table,
    intervention: Intervention,
    part: Condition,
    on: date,
    risk: ir.Table | None,
    neighbourhoods: Mapping[str, Sequence[str]] | None,
) -> ir.BooleanValue:
    if isinstance(part, IsOneOf):
        return need[part.has].cast("string").isin(part.one_of).fill_null(False)
    if isinstance(part, IsSo):
        return (need[part.has] == (part.so == "yes")).fill_null(False)
    if isinstance(part, IsFrom):
        return _between(need, intervention, part, on)
    if isinstance(part, IsAtRisk):
        if risk is None:
            raise InterventionProblem(
                "is for people at highest risk, and there is no table of risk.",
                where=intervention.name,
                mend="Work it out with: commonweal need risk DIR",
            )
        share = float(intervention.parameters[part.highest].on(on).number())
        # A share of those who have a risk; the rank is 1 for the highest.
        highest = risk.mutate(people=risk.count()).filter(lambda t: t["rank"] <= t["people"] * share)
        return need.person.isin(highest.person)
    places = neighbourhoods or {}
    unknown = sorted(set(part.one_of) - set(places))
    if unknown:
        raise InterventionProblem(
            f"is for {', '.join(unknown)}, which is no neighbourhood of the place.",
            where=intervention.name,
            mend=f"Neighbourhoods are {', '.join(sorted(places)) or 'not formed yet'}.",
        )
    return need.practice_code.isin([code for name in part.one_of for code in places[name]])


def _between(need: ir.Table, intervention: Intervention, part: IsFrom, on: date) -> ir.BooleanValue:
    value = need[part.has].cast("float64")
    held = ibis.literal(True)
    if part.at_least:
        held &= value >= float(intervention.parameters[part.at_least].on(on).number())
    if part.below:
        held &= value < float(intervention.parameters[part.below].on(on).number())
    return held.fill_null(False)
