"""How frail do a person's hospital diagnoses show them to be?"""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir

from commonweal.core.errors import ParameterProblem
from commonweal.core.parameters import Parameters
from commonweal.need.comorbidity_codes import hospital_frailty_weights

ONCE, EACH_ADMISSION = "once", "each_admission"
CODE_LENGTH = 3
POINTS = "decimal(9, 1)"


def hospital_frailty(diagnoses: ir.Table, parameters: Parameters, *, on: date) -> ir.Table:
    """The Hospital Frailty Risk Score (HFRS) of each person with a diagnosis.

    Takes    diagnoses: person, code, arr_date, of the look-back `hospital_frailty_look_back` (24 months).
             parameters: `hospital_frailty_repeats` says whether a code counts once a person (once) or once in each
             admission (each_admission; admissions are told apart by their day of arrival).
    Returns  person, score (points, one decimal); one row per person with any of the 109 codes; everyone else scores
             0. Codes are matched on their first three characters.
    Raises   ParameterProblem for another repeat rule.
    Source   Gilbert and others, Lancet 2018;391:1775. Validated for people of 75 and over.
    """
    held = parameters["hospital_frailty_repeats"]
    rule = str(held.on(on).value)
    if rule not in (ONCE, EACH_ADMISSION):
        where = f"{held.file}: {held.name}"
        raise ParameterProblem(f"'{rule}' is no rule.", where=where, mend=f"Write {ONCE} or {EACH_ADMISSION}.")
    return hospital_frailty_by_rule(diagnoses, rule)


def hospital_frailty_by_rule(diagnoses: ir.Table, rule: str) -> ir.Table:
    """The same by a named rule for repeated codes: once or each_admission."""
    listed = sorted(hospital_frailty_weights().items())
    tenths = [(code, number, int(weight * 10)) for number, (code, weight) in enumerate(listed)]
    weights = ibis.memtable(tenths, schema={"listed": "string", "number": "int16", "tenths": "int32"})
    once_in = () if rule == ONCE else ("arr_date",)
    found = diagnoses.inner_join(weights, diagnoses.code.left(CODE_LENGTH) == weights.listed)
    counted = found.select("person", "number", "tenths", *once_in).distinct()
    totals = counted.aggregate(tenths=counted.tenths.sum(), by="person")
    # Whole tenths add up to the same on every engine; floats would not.
    return totals.select("person", score=(totals.tenths.cast("decimal(12, 1)") / ibis.literal(10)).cast(POINTS))


def hospital_frailty_band(score: ir.DecimalValue, parameters: Parameters, *, on: date) -> ir.StringValue:
    """The band of a Hospital Frailty Risk Score: low (below 5), intermediate (5 to 15) or high (above 15)."""
    cuts = parameters["hospital_frailty_bands"].on(on).value
    middle, most = (ibis.literal(cuts[name]).cast(POINTS) for name in ("intermediate_from", "high_above"))
    return ibis.cases((score > most, "high"), (score >= middle, "intermediate"), else_="low")
