"""Does a file of diagnoses agree with the frailty and comorbidity scores it gives?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis.backends import BaseBackend

from commonweal.core.engine import duckdb_engine
from commonweal.core.errors import InputError
from commonweal.core.parameters import Parameters, library
from commonweal.need.comorbidity import comorbidity
from commonweal.need.comorbidity_codes import comorbidity_score
from commonweal.need.comorbidity_file import Diagnosed, read_diagnosed_people
from commonweal.need.hospital_frailty import EACH_ADMISSION, ONCE, hospital_frailty_by_rule
from commonweal.place.verification import Verification, VerificationCheck, VerificationRow

HOSPITAL_FRAILTY = {"hfrs": ONCE, "hfrs_each_admission": EACH_ADMISSION}
MEANINGS = {
    "hfrs": "Hospital Frailty Risk Score, each code once a person.",
    "hfrs_each_admission": "Hospital Frailty Risk Score, each code once in each admission.",
}


def verify_comorbidity(path: Path, *, engine: BaseBackend | None = None) -> Verification:
    """Hospital frailty, Charlson and Elixhauser scores of a file recomputed from its ICD-10 codes.

    Takes    path: a CSV file in the form of `comorbidity_file`.
    Returns  each expected score against the one recomputed; rows that differ by the first row of the person, never by
             the id. All codes of a person count, whatever their date.
    Raises   InputError when the file is not of that form, naming row and column, or expects nothing.
    """
    parameters = library()
    read = read_diagnosed_people(path, score_names(parameters))
    people = read.people
    asked = {name for person in people for name in person.expected}
    if not asked:
        raise InputError("expects nothing, so nothing can be compared.", where=path.name, mend="Fill in a score.")
    used, recorded = engine or duckdb_engine(), _diagnoses(people)
    checks, rows = [], []
    for name in (name for name in score_names(parameters) if name in asked):
        found = dict(_scores(used, _score(recorded, name, parameters)))
        check, wrong = _compared(name, people, found, parameters)
        checks.append(check)
        rows += wrong
    figures = {"people": Decimal(len(people)), "codes": Decimal(recorded.num_rows)}
    if read.not_codes:
        figures["codes that are not ICD-10, which count for nothing"] = Decimal(read.not_codes)
    return Verification(path.name, "Comorbidity", "", tuple(checks), tuple(rows), figures)


def score_names(parameters: Parameters) -> tuple[str, ...]:
    """The scores that can be recomputed, as columns name them."""
    return (*HOSPITAL_FRAILTY, *(row["code"] for row in parameters["comorbidity_scores"].on(date.max).value))


def _diagnoses(people: tuple[Diagnosed, ...]) -> pa.Table:
    rows = [(number, code, admission) for number, person in enumerate(people) for code, admission in person.codes]
    person, code, admission = zip(*rows, strict=True) if rows else ((), (), ())
    return pa.table(
        {
            "person": pa.array(person, pa.int64()),
            "code": pa.array(code, pa.string()),
            "arr_date": pa.array(admission, pa.string()),
        }
    )


def _score(recorded: pa.Table, name: str, parameters: Parameters) -> ir.Table:
    diagnoses = ibis.memtable(recorded)
    if name in HOSPITAL_FRAILTY:
        return hospital_frailty_by_rule(diagnoses, HOSPITAL_FRAILTY[name])
    return comorbidity(diagnoses, comorbidity_score(name, parameters, on=date.max))


def _scores(engine: BaseBackend, scores: ir.Table) -> Iterator[tuple[int, Decimal]]:
    for row in engine.to_pyarrow(scores).to_pylist():
        yield row["person"], Decimal(row["score"])


def _compared(
    name: str, people: tuple[Diagnosed, ...], found: dict[int, Decimal], parameters: Parameters
) -> tuple[VerificationCheck, list[VerificationRow]]:
    tolerance = parameters["comorbidity_agreement"].on(date.max).number()
    compared = [
        (person, person.expected[name], found.get(number, Decimal(0)))
        for number, person in enumerate(people)
        if name in person.expected
    ]
    rows = [
        VerificationRow(f"row {person.row}", name, expected, ours, ours - expected)
        for person, expected, ours in compared
        if abs(ours - expected) > tolerance
    ]
    labels = {row["code"]: f"{row['label']}." for row in parameters["comorbidity_scores"].on(date.max).value}
    meaning = MEANINGS.get(name) or labels[name]
    return VerificationCheck(name, len(compared) - len(rows), len(compared), f"{tolerance} points", meaning), rows
