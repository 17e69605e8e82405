"""A made-up record of a few hundred people, and the population at a glance that it makes, for tests of its page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import ibis
import pyarrow.parquet as pq

from commonweal.core.engine import duckdb_engine
from commonweal.core.parameters import library
from commonweal.core.tables import arrow_table
from commonweal.need.at_a_glance import PopulationAtAGlance, population_at_a_glance
from commonweal.need.person_need import person_need
from commonweal.people.record import ACTIVITY, TABLES, publish_record

START, END = date(2023, 4, 1), date(2026, 4, 1)
HOMES = {"N1 Wherry [Staithe]": ("X90001", "X90002"), "N2 Withy & Meadows": ("X90003",)}
PEOPLE = 600
CONDITIONS = (("ht", 4), ("depression", 6), ("diabetes_2", 9), ("hf", 25), ("copd", 31), ("dementia", 40))

Row = Mapping[str, Any]


def record_rows(practices: Sequence[str], people: int = PEOPLE) -> dict[str, list[Row]]:
    """The record's tables as plain rows; ages, places, conditions and care go round in turns, so nothing is drawn."""
    numbers = range(1, people + 1)
    return {
        "persons": [
            {"person": n, "sex": "MF"[n % 2], "birth_month": date(2025 - n * 7 % 97, n % 12 + 1, 1)} for n in numbers
        ],
        "registrations": [
            {"person": n, "practice_code": practices[n % len(practices)], "start": date(2015, 1, 1)} for n in numbers
        ],
        "attributes": [
            {"person": n, "attribute_period": START, "imd_decile": n % 10 + 1, "nh_rh": n % 100 == 0} for n in numbers
        ],
        "conditions": [
            {"person": n, "condition": code, "start": date(2020, 1, 1)}
            for n in numbers
            for code, every in CONDITIONS
            if n % every == 0
        ],
        "activity": sorted(_activity(people), key=lambda row: (row["person"], row["arr_date"])),
    }


def _activity(people: int) -> Iterator[Row]:
    for n in range(1, people + 1):
        for visit in range(n % 5 + 1):
            day = date(2025, 4, 1) + timedelta((n * 11 + visit * 71) % 365)
            yield {"person": n, "source_name": "synthetic", "pod_l1": "primary_care_contact", "pod_l2a": "gp"} | {
                "arr_date": day,
                "cost_pence": 4_500,
            }
        # The more deprived, the more often admitted.
        if n % (6 + n % 10) == 0:
            admission = {"pod_l1": "secondary", "pod_l2a": "ip", "pod_l2b": "emergency", "admimeth": "21"}
            day = date(2025, 6, 1) + timedelta(n % 300)
            yield {"person": n, "source_name": "synthetic", "arr_date": day, "cost_pence": 310_000, **admission}


def put_record(place: Path, practices: Sequence[str], *, synthetic: bool = True) -> None:
    """Publish the record into a place."""

    def write(folder: Path) -> None:
        for name, rows in record_rows(practices).items():
            path = folder / ACTIVITY / "part-00000.parquet" if name == ACTIVITY else folder / f"{name}.parquet"
            pq.write_table(arrow_table(name, rows), path)

    publish_record(place, "handmade", write, start=START, end=END, synthetic=synthetic, facts={})


def glance(*, synthetic: bool = True, people: int = PEOPLE, **changed: Sequence[Row]) -> PopulationAtAGlance:
    """The population at a glance of the record's people.

    Takes    changed: rows of a table in place of the record's own.
    """
    practices = [code for codes in HOMES.values() for code in codes]
    rows = record_rows(practices, people) | changed
    engine = duckdb_engine()
    tables = {name: ibis.memtable(arrow_table(name, rows[name])) for name in TABLES}
    need = person_need(tables, on=END, parameters=library())
    held = engine.to_pyarrow(need)
    return population_at_a_glance(
        tables,
        ibis.memtable(held),
        on=END,
        neighbourhoods=HOMES,
        parameters=library(),
        synthetic=synthetic,
        record=(START, END),
    )
