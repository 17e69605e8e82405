"""Which point of delivery does a row of a flow belong to?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir

from commonweal.core.parameters import Parameters

LEVELS = ("pod_l1", "pod_l2a", "pod_l2b")
AS_WRITTEN = "written_"


def known_points(table: ir.Table, *, parameters: Parameters, on: date = date.max) -> ir.Table:
    """Points of delivery as the record names them, from however a source writes them.

    Takes    table: pod_l1, pod_l2a, pod_l2b as text; parameters: points_of_delivery, pod_spellings.
    Returns  the table with the three levels as codes: null where a level is not known below the known ones, and
             written_pod_l1 and so on: what the source wrote, null where it wrote nothing.
    Raises   nothing: `pod_l1` is null where it is not known.
    """
    points = parameters["points_of_delivery"].on(on).value
    spellings = parameters["pod_spellings"].on(on).value
    first, second, third = (_code(table[level], level, spellings) for level in LEVELS)
    pair = ibis.coalesce(first, "") + "|" + ibis.coalesce(second, "")
    triple = pair + "|" + ibis.coalesce(third, "")
    none = ibis.null("string")
    known_pair = pair.isin(sorted({f"{p['pod_l1']}|{p['pod_l2a']}" for p in points}))
    known_triple = triple.isin(sorted({"|".join(p[level] for level in LEVELS) for p in points}))
    return table.mutate(
        **{AS_WRITTEN + level: table[level].strip().nullif("") for level in LEVELS},
        pod_l1=first.isin(sorted({p["pod_l1"] for p in points})).ifelse(first, none),
        pod_l2a=known_pair.ifelse(second, none),
        pod_l2b=known_triple.ifelse(third, none),
    )


def _code(text: ir.StringValue, level: str, spellings: Sequence[Mapping[str, Any]]) -> ir.StringValue:
    small = text.lower().re_replace("[^a-z0-9]+", "_").re_replace("^_+|_+$", "").nullif("")
    read = [
        (small == row["written"], ibis.literal(row["read_as"]).nullif("")) for row in spellings if row["level"] == level
    ]
    return ibis.cases(*read, else_=small)


def level_unknown(table: ir.Table) -> ir.BooleanValue:
    """Whether the source wrote a second or third level that is none the record knows.

    Takes    table: as known_points() returns. Words that stand for not known are not counted.
    """
    lost = [
        table[AS_WRITTEN + level].notnull()
        & table[level].isnull()
        & ~table[AS_WRITTEN + level].lower().re_search("unknown|^other$|^none$")
        for level in LEVELS[1:]
    ]
    return table.pod_l1.notnull() & (lost[0] | lost[1])


def spelt_otherwise(table: ir.Table) -> ir.BooleanValue:
    """Whether a level is known and is not written as the record writes it.

    Takes    table: as known_points() returns.
    """
    return ibis.or_(
        *((table[level].notnull() & (table[AS_WRITTEN + level] != table[level])).fill_null(False) for level in LEVELS)
    )


def admission_kind(
    admimeth: ir.StringValue, classpat: ir.StringValue, *, parameters: Parameters, on: date = date.max
) -> ir.StringValue:
    """The kind of an admission, by its method and the patient's classification.

    Returns  emergency, maternity, daycase or elective: the first row of parameter `admission_kinds` that fits.
    """
    method, patient = ibis.coalesce(admimeth, ""), ibis.coalesce(classpat, "")
    fits = []
    for row in parameters["admission_kinds"].on(on).value:
        fit = method.startswith(row["begins"]) if row["begins"] else ibis.literal(True)
        if row["classpat"]:
            fit = fit & (patient == row["classpat"])
        fits.append((fit, row["pod_l2b"]))
    return ibis.cases(*fits, else_=ibis.null("string"))
