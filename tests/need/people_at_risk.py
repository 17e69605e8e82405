"""A small made-up record in which some people are more often ill than others, for tests of risk and case finding."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from commonweal.core.periods import months_later
from commonweal.core.tables import definitions
from commonweal.people.record import Record, publish_record

START, END = date(2023, 4, 1), date(2026, 4, 1)
DAYS = (END - START).days
CONDITIONS = ("hf", "copd", "dementia", "diabetes_2", "ht", "falls", "palliative", "alcohol")
Rows = dict[str, list[Any]]


def make_record(place: Path, practices: tuple[str, ...], *, people: int, seed: int = 7) -> Record:
    """A record of made-up people over three years, published in a place's folder."""
    tables = record_tables(practices, people=people, seed=seed)

    def write(folder: Path) -> None:
        for name, table in tables.items():
            path = folder / "activity" / "part-00000.parquet" if name == "activity" else folder / f"{name}.parquet"
            pq.write_table(table, path)

    return publish_record(place, f"made-up-{people}-{seed}", write, start=START, end=END, synthetic=True, facts={})


def record_tables(practices: tuple[str, ...], *, people: int, seed: int) -> dict[str, pa.Table]:
    """The record's tables. How ill somebody is, which nobody sees, drives conditions, care and admissions alike."""
    chance = np.random.default_rng(seed)
    person = chance.choice(2**62, people, replace=False)
    age = np.clip(chance.gamma(3.0, 14.0, people).astype(int), 0, 101)
    illness = -2.4 + 0.025 * age + chance.normal(0.0, 0.9, people)
    decile = chance.integers(1, 11, people)
    return {
        "persons": _typed("persons", _persons(person, age, chance)),
        "registrations": _typed("registrations", _registrations(person, practices, chance)),
        "attributes": _typed("attributes", _attributes(person, age, illness, decile, chance)),
        "conditions": _typed("conditions", _conditions(person, illness, chance)),
        "activity": _typed("activity", _activity(person, illness + 0.06 * (5 - decile), chance)),
    }


def _persons(person: np.ndarray, age: np.ndarray, chance: np.random.Generator) -> Rows:
    born = [date(START.year - int(years), int(chance.integers(1, 13)), 1) for years in age]
    dead = chance.random(len(person)) < 0.02 * (age > 70)
    died = [START + timedelta(int(chance.integers(800, DAYS))) if gone else None for gone in dead]
    letters = [str(code) for code in chance.choice(list("AAAAAAAACHMNZ"), len(person))]
    sex = [str(code) for code in chance.choice(["F", "M"], len(person))]
    return {"person": list(person), "sex": sex, "birth_month": born, "death_date": died, "ethnicity": letters}


def _registrations(person: np.ndarray, practices: tuple[str, ...], chance: np.random.Generator) -> Rows:
    leaves = chance.random(len(person)) < 0.05
    ends = [START + timedelta(int(chance.integers(400, DAYS))) if gone else None for gone in leaves]
    codes = [practices[int(place)] for place in chance.integers(0, len(practices), len(person))]
    return {"person": list(person), "practice_code": codes, "start": [date(2015, 1, 1)] * len(person), "end": ends}


def _attributes(
    person: np.ndarray, age: np.ndarray, illness: np.ndarray, decile: np.ndarray, chance: np.random.Generator
) -> Rows:
    n = len(person)
    medicines = chance.poisson(np.exp(illness * 0.8))
    return {
        "person": list(person),
        "attribute_period": [START] * n,
        "imd_decile": list(decile),
        "nh_rh": list((age > 80) & (chance.random(n) < 0.15)),
        "eol_plan": list((illness > 1.5) & (chance.random(n) < 0.2)),
        "smoking": [str(word) for word in chance.choice(["never", "ex", "current"], n)],
        "polypharmacy_repeat": list(medicines),
        "opted_out": list(chance.random(n) < 0.03),
    }


def _conditions(person: np.ndarray, illness: np.ndarray, chance: np.random.Generator) -> Rows:
    held = chance.random((len(person), len(CONDITIONS))) < 1.0 / (1.0 + np.exp(2.4 - 1.2 * illness))[:, None]
    rows, places = np.nonzero(held)
    codes = [CONDITIONS[place] for place in places]
    return {"person": list(person[rows]), "condition": codes, "start": [date(2020, 1, 1)] * len(codes)}


def _activity(person: np.ndarray, illness: np.ndarray, chance: np.random.Generator) -> Rows:
    columns: Rows = {name: [] for name in ("person", "pod_l1", "pod_l2a", "pod_l2b", "arr_date", "dep_date", "items")}
    kinds = (
        (("secondary", "ip", "emergency"), -0.6, 1.0, 9),
        (("secondary", "ae", None), -0.9, 0.7, 0),
        (("secondary", "op", "follow_up"), 0.6, 0.5, 0),
        (("primary_care_contact", "gp", None), 2.2, 0.4, 0),
        (("community", None, None), -0.8, 1.0, 0),
    )
    for pod, level, slope, longest in kinds:
        times = chance.poisson(np.exp(level + slope * illness))
        who = np.repeat(person, times)
        came = chance.integers(0, DAYS, len(who))
        stayed = chance.integers(0, longest + 1, len(who))
        columns["person"] += list(who)
        for name, code in zip(("pod_l1", "pod_l2a", "pod_l2b"), pod, strict=True):
            columns[name] += [code] * len(who)
        columns["arr_date"] += [START + timedelta(int(day)) for day in came]
        columns["dep_date"] += [START + timedelta(int(day + stay)) for day, stay in zip(came, stayed, strict=True)]
        columns["items"] += [None] * len(who)
    for month in range(36):
        takes = person[illness > 0.3]
        columns["person"] += list(takes)
        columns["pod_l1"] += ["primary_care_prescription"] * len(takes)
        columns["pod_l2a"] += [None] * len(takes)
        columns["pod_l2b"] += [None] * len(takes)
        columns["arr_date"] += [months_later(START, month)] * len(takes)
        columns["dep_date"] += [None] * len(takes)
        columns["items"] += list(1 + chance.poisson(3.0, len(takes)))
    rows = len(columns["person"])
    return columns | {"source_name": ["synthetic"] * rows, "source_id": list(range(rows)), "cost_pence": [4_000] * rows}


def _typed(name: str, columns: Rows) -> pa.Table:
    fields = definitions()[name].schema.to_pyarrow()
    rows = len(next(iter(columns.values())))
    arrays = [pa.array(columns.get(field.name, [None] * rows), type=field.type) for field in fields]
    return pa.Table.from_arrays(arrays, schema=fields)
