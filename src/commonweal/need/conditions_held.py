"""Which recorded conditions does each person have on a day?"""

from __future__ import annotations

from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir

from commonweal.core.errors import ParameterProblem
from commonweal.core.parameters import Parameters

AFTER_RESOLVED, OPEN_SPELL = "diagnosis_after_resolved", "open_spell"


def conditions_held(conditions: ir.Table, parameters: Parameters, *, on: date) -> ir.Table:
    """Conditions that each person has on a day: ever recorded before it, and not resolved.

    Takes    conditions: one row per person and spell of a condition; `end` is the first day on which it counts as
             resolved, null where it does not. parameters: `resolved_rule` says when a resolved condition counts again.
    Returns  person, condition, last_start (the latest day on which it was recorded as new); one row per person and
             condition.
    Raises   ParameterProblem for another rule.
    Source   Suffolk and North East Essex Integrated Care System: a diagnosis counts only if it post-dates any
             resolved code.
    """
    day = ibis.literal(on)
    known = conditions.filter(conditions.start < day)
    resolved = (known.end < day).ifelse(known.end, ibis.null("date"))
    held = known.mutate(resolved=resolved).group_by("person", "condition")
    seen = held.aggregate(
        last_start=lambda t: t.start.max(),
        last_resolved=lambda t: t.resolved.max(),
        open_spells=lambda t: t.resolved.isnull().sum(),
    )
    counts = seen.last_resolved.isnull() | (seen.last_start > seen.last_resolved)
    if _rule(parameters, on) == OPEN_SPELL:
        counts = seen.open_spells > 0
    return seen.filter(counts).select("person", "condition", "last_start")


def _rule(parameters: Parameters, on: date) -> str:
    held = parameters["resolved_rule"]
    rule = str(held.on(on).value)
    if rule not in (AFTER_RESOLVED, OPEN_SPELL):
        where = f"{held.file}: {held.name}"
        raise ParameterProblem(f"'{rule}' is no rule.", where=where, mend=f"Write {AFTER_RESOLVED} or {OPEN_SPELL}.")
    return rule


def long_term_conditions(held: ir.Table, parameters: Parameters, *, on: date) -> ir.Table:
    """How many long-term conditions each person has.

    Takes    held: person, condition, as conditions_held() returns.
    Returns  person, long_term_conditions (conditions); one row per person with any. Codes of one condition, such as
             coronary heart disease with and without infarction, count once.
    """
    counted = {
        row["code"]: row.get("counts_as") or row["code"]
        for row in condition_rows(parameters, on=on)
        if row["long_term"]
    }
    named = with_meaning(held, counted, name="counted_as")
    return named.aggregate(long_term_conditions=named.counted_as.nunique().cast("int16"), by="person")


def with_meaning(held: ir.Table, meanings: dict[str, str], *, name: str) -> ir.Table:
    """The conditions that have a meaning in a score, with it in a column; the others are left out."""
    rows = sorted((code, meaning) for code, meaning in meanings.items() if meaning)
    listed = ibis.memtable(rows, schema={"condition": "string", name: "string"})
    return held.inner_join(listed, "condition")


def condition_rows(parameters: Parameters, *, on: date) -> list[dict[str, Any]]:
    """The rows of parameters/conditions.yaml."""
    return list(parameters["conditions"].on(on).value)
