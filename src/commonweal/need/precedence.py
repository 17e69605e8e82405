"""Which row of a rule applies first to each person?

Levels of need and groups by kind of need are rules of the same form: rows in order, of which the first that applies
gives a person's group. A row asks for a fact of the person, for conditions, or for care received.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import and_, or_
from typing import Any

import ibis
import ibis.expr.types as ir

from commonweal.core.errors import ParameterProblem
from commonweal.core.parameters import Parameters
from commonweal.core.periods import months_later
from commonweal.need.conditions_held import condition_rows

URGENT, ADMITTED = "urgent", "admitted"
KEYS = {"group", "label", "fact", "one_of", "at_least", "conditions", "care", "diagnoses", "months"}
AGES = {"from_age", "before_age"}
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rule:
    """Rows in order, and the group of whoever none of them applies to."""

    name: str
    rows: tuple[Row, ...]
    otherwise: str
    otherwise_because: str

    def column(self, number: int) -> str:
        """The name of the column that says whether a row applies."""
        return f"{self.name}_{number}"


def rule(name: str, groups: Mapping[str, str], parameters: Parameters, *, on: date) -> Rule:
    """A rule of the parameters.

    Takes    groups: code and label of every group, the first to apply first; the last is of whoever is in no other.
    Raises   ParameterProblem for a row of no group or out of their order, with keys that no rule has, or that asks for
             nothing or for two things.
    """
    held = parameters[name]
    rows = tuple(held.on(on).value)
    order = list(groups)
    at = 0
    for row in rows:
        if row.get("group") not in order[at:]:
            raise _problem(held.file, name, row, f"is of no group, or out of order ({', '.join(order)})")
        at = order.index(row["group"])
        asked = [key for key in ("fact", "conditions", "care") if key in row]
        if set(row) - KEYS - AGES or not {"group", "label"} <= set(row):
            raise _problem(held.file, name, row, "has keys that no rule has, or lacks a group or a label")
        if len(asked) != 1 and not (not asked and AGES & set(row)):
            raise _problem(held.file, name, row, "asks for none, or more than one, of fact, conditions and care")
    return Rule(name, rows, order[-1], groups[order[-1]])


def _problem(file: str, name: str, row: Row, what: str) -> ParameterProblem:
    mend = "See level_rules in parameters/need_levels.yaml for the form of a row."
    return ParameterProblem(f"The row '{row.get('label', row)}' {what}.", where=f"{file}: {name}", mend=mend)


def with_rows_applied(
    people: ir.Table,
    held: ir.Table,
    activity: ir.Table,
    rules: Sequence[Rule],
    parameters: Parameters,
    *,
    on: date,
) -> ir.Table:
    """People with a column for each row of some rules that says whether it applies.

    Takes    people: one row per person with age and the facts that the rules ask for. held: person, condition.
             activity: of which only what is before the day counts.
    Returns  people and the columns; activity and conditions are read once for all rules.
    """
    rows = [(rule.column(number), row) for rule in rules for number, row in enumerate(rule.rows)]
    by_condition = [(name, row) for name, row in rows if "conditions" in row]
    by_care = [(name, row) for name, row in rows if "care" in row]
    joined = people
    for found in (_by_conditions(held, by_condition, parameters, on), _by_care(activity, by_care, parameters, on)):
        if found is not None:
            joined = joined.left_join(found, "person").drop("person_right")
    applied = {name: _applies(joined, name, row, parameters, on) for name, row in rows}
    return joined.mutate(**applied)


def group_and_reason(applied: ir.Table, rule: Rule) -> tuple[ir.StringValue, ir.StringValue]:
    """The group of each person by a rule, and the label of the row that put them there."""
    columns = [applied[rule.column(number)] for number in range(len(rule.rows))]
    pairs = list(zip(columns, rule.rows, strict=True))
    group = ibis.cases(*((column, str(row["group"])) for column, row in pairs), else_=rule.otherwise)
    because = ibis.cases(*((column, str(row["label"])) for column, row in pairs), else_=rule.otherwise_because)
    return group, because


def _applies(people: ir.Table, name: str, row: Row, parameters: Parameters, on: date) -> ir.BooleanValue:
    wanted = [people[name]] if "conditions" in row or "care" in row else []
    if "fact" in row:
        fact = people[row["fact"]]
        if "one_of" in row:
            wanted.append(fact.isin(list(row["one_of"])))
        else:
            wanted.append(fact >= int(row["at_least"]) if "at_least" in row else fact)
    if "from_age" in row:
        wanted.append(people.age >= int(parameters[row["from_age"]].on(on).number()))
    if "before_age" in row:
        wanted.append(people.age < int(parameters[row["before_age"]].on(on).number()))
    return reduce(and_, wanted).fill_null(False)


def _by_conditions(
    held: ir.Table, rows: Sequence[tuple[str, Row]], parameters: Parameters, on: date
) -> ir.Table | None:
    if not rows:
        return None
    same = {row["code"]: row["counts_as"] for row in condition_rows(parameters, on=on) if row.get("counts_as")}
    asked = held.filter(held.condition.isin(sorted({code for _, row in rows for code in row["conditions"]})))
    counted = asked.mutate(counted_as=asked.condition.substitute(same))

    def enough(row: Row) -> ir.BooleanValue:
        among = counted.condition.isin(list(row["conditions"]))
        least = int(row.get("at_least", "1"))
        return among.any() if least == 1 else counted.counted_as.nunique(where=among) >= least

    return counted.aggregate({name: enough(row) for name, row in rows}, by="person")


def _by_care(activity: ir.Table, rows: Sequence[tuple[str, Row]], parameters: Parameters, on: date) -> ir.Table | None:
    if not rows:
        return None
    asked = activity.mutate(**{name: _is_care(activity, row, parameters, on) for name, row in rows})
    kept = asked.filter(reduce(or_, [asked[name] for name, _ in rows]))
    return kept.aggregate({name: kept[name].any() for name, _ in rows}, by="person")


def _is_care(activity: ir.Table, row: Row, parameters: Parameters, on: date) -> ir.BooleanValue:
    points = row["care"]
    if points == URGENT:
        points = [point for point in parameters["points_of_delivery"].on(on).value if point["urgent"]]
    elif points == ADMITTED:
        points = parameters["admitted_care"].on(on).value
    wanted = [reduce(or_, [_is_point(activity, point) for point in points]), activity.arr_date < ibis.literal(on)]
    if row["months"]:
        wanted.append(activity.arr_date >= ibis.literal(months_later(on, -int(row["months"]))))
    if "diagnoses" in row:
        # The codes of a stay are not known until it is over.
        over = ibis.coalesce(activity.dep_date, activity.arr_date) < ibis.literal(on)
        codes = activity.diag_codes.re_search(f"(^|,)({'|'.join(row['diagnoses'])})")
        wanted += [over, codes.fill_null(False)]
    return reduce(and_, wanted).fill_null(False)


def _is_point(activity: ir.Table, point: Row) -> ir.BooleanValue:
    levels = [level for level in ("pod_l1", "pod_l2a", "pod_l2b") if point.get(level)]
    return reduce(and_, [activity[level] == point[level] for level in levels])
