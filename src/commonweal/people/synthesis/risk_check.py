"""How well does a plain model tell who will be admitted as an emergency in the next twelve months?

The model that everybody tries first: a logistic regression on age, sex, deprivation, conditions and counts of the last
twelve months, learnt on one year and tried on the next. It shows whether made-up people are too easy, or too hard, to
tell apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from commonweal.people.synthesis.calibration_tables import care_by_person, person_time

COUNTS = ("emergency", "ae", "elective", "outpatient", "gp", "items", "call_999", "community", "mental_health")
AGE_STEPS = (5, 15, 25, 45, 55, 65, 75, 80, 85, 90)
STRENGTH, ROUNDS = 1.0, 500


@dataclass(frozen=True, slots=True)
class Discrimination:
    """How well a plain model tells people apart.

    auroc    area under the curve of sensitivity against false alarms, in the year the model was tried on
    event    share of people admitted in it
    hit      share of the riskiest five in a hundred who were admitted
    people   how many it was tried on
    """

    auroc: float
    event: float
    hit: float
    people: int


def history(tables: Mapping[str, ir.Table], *, on: date, after: date, codes: Sequence[str]) -> ir.Table:
    """What is known of each person on a list on a day, from strictly before it, and whether they were admitted after.

    Takes    tables: of the record; on: the day; after: the first day after those in which an admission counts; codes:
             of the conditions to look for.
    Returns  person, age, male, imd_decile, counts of the year before, each condition as 0 or 1, admitted (0 or 1); one
             row per person, in order of person.
    """
    before = on.replace(year=on.year - 1)
    registrations, conditions, activity = tables["registrations"], tables["conditions"], tables["activity"]
    day = ibis.literal(on)
    listed = registrations.filter(
        (registrations.start < day) & (registrations.end.isnull() | (registrations.end > day))
    )
    known = person_time(tables["persons"], registrations, tables["attributes"], start=before, end=on)
    past = care_by_person(activity, start=before, end=on)
    later = activity.filter((activity.arr_date >= day) & (activity.arr_date < ibis.literal(after)))
    emergency = (later.pod_l2a == "ip") & (later.pod_l2b == "emergency") & (later.pod_l1 == "secondary")
    admitted = later.filter(emergency).select("person").distinct().mutate(admitted=ibis.literal(1))
    running = conditions.filter((conditions.start < day) & (conditions.end.isnull() | (conditions.end >= day)))
    having = running.group_by("person").aggregate(
        **{f"has_{code}": (running.condition == code).cast("int32").max() for code in codes}
    )
    joined = known.semi_join(listed, "person").left_join(past, "person").left_join(having, "person")
    joined = joined.left_join(admitted, "person")
    columns: dict[str, Any] = {name: joined[name].fill_null(0) for name in COUNTS}
    columns |= {f"has_{code}": joined[f"has_{code}"].fill_null(0) for code in codes}
    return joined.select(
        "person",
        "age",
        male=(joined.sex == "M").cast("int32"),
        imd_decile=joined.imd_decile.fill_null(5),
        admitted=joined.admitted.fill_null(0),
        **columns,
    ).order_by("person")


def discrimination(
    tables: Mapping[str, ir.Table], *, start: date, end: date, codes: Sequence[str], most: int
) -> Discrimination | None:
    """How well a plain logistic model does on a record; None where the record is too short to learn on one year and try
    on another, or nobody was admitted.

    Takes    most: people to learn on, and to try on.
    """
    last = end.replace(year=end.year - 1)
    first = end.replace(year=end.year - 2)
    if first.replace(year=first.year - 1) < start:
        return None
    learnt = _features(history(tables, on=first, after=last, codes=codes).limit(most), codes)
    tried = _features(history(tables, on=last, after=end, codes=codes).limit(most), codes)
    if min(learnt[1].sum(), tried[1].sum()) == 0:
        return None
    mean, spread = learnt[0].mean(axis=0), learnt[0].std(axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    model = LogisticRegression(C=STRENGTH, max_iter=ROUNDS)
    model.fit((learnt[0] - mean) / spread, learnt[1])
    risk = model.predict_proba((tried[0] - mean) / spread)[:, 1]
    top = np.argsort(-risk, kind="stable")[: max(len(risk) // 20, 1)]
    return Discrimination(
        auroc=float(roc_auc_score(tried[1], risk)),
        event=float(tried[1].mean()),
        hit=float(tried[1][top].mean()),
        people=len(risk),
    )


def _features(known: ir.Table, codes: Sequence[str]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    held = known.to_pyarrow()
    column = {name: np.asarray(held[name]).astype(float) for name in held.column_names if name != "person"}
    age = column["age"]
    parts = [column["male"], column["imd_decile"], age]
    parts += [np.maximum(age - step, 0.0) for step in AGE_STEPS]
    for name in COUNTS:
        parts += [np.log1p(column[name]), np.minimum(column[name], 1.0)]
    parts += [column[f"has_{code}"] for code in codes]
    return np.stack(parts, axis=1), column["admitted"].astype(np.int64)
