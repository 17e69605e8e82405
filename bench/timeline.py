"""How fast is one person's timeline read from a record of 25 million rows of activity?

Prints the median of wall and CPU milliseconds over many people, beside pandas reading the same four tables with filters
in the same run (rows only: it orders and tells nothing). The record is made up of random rows, in order of person, in
parts of a million rows and the row groups that records are written in, and kept in the folder named.

    python bench/timeline.py [FOLDER [PEOPLE]]
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from commonweal.core.tables import definitions
from commonweal.people.record import ROWS_TOGETHER, Record
from commonweal.people.timeline import read_timeline

PEOPLE, ROWS_EACH, PART = 1_000_000, 25, 40_000
ASKED, ASKED_OF_PANDAS = 300, 30
PODS = np.array(
    [
        ("primary_care_contact", "gp", ""),
        ("primary_care_prescription", "", ""),
        ("secondary", "op", "first"),
        ("secondary", "ip", "emergency"),
        ("community", "", ""),
    ]
)
POD_SHARES = (0.45, 0.35, 0.1, 0.03, 0.07)
BARS = {"milliseconds": 20}


def make(folder: Path, people: int) -> None:
    """Write a record of random rows."""
    (folder / "activity").mkdir(parents=True)
    draw = np.random.default_rng(1)
    persons = np.sort(draw.choice(1 << 62, size=people, replace=False))
    for number, first in enumerate(range(0, people, PART)):
        _write(
            folder / "activity" / f"part-{number:05d}.parquet",
            "activity",
            _activity(draw, persons[first : first + PART]),
        )
    _write(
        folder / "registrations.parquet",
        "registrations",
        {
            "person": persons,
            "practice_code": _one_of(draw, people, "X90001 X90002"),
            "start": _days(draw, people) - 4_000,
        },
    )
    three, four = np.repeat(persons, 3), np.repeat(persons, 4)
    _write(
        folder / "conditions.parquet",
        "conditions",
        {
            "person": three,
            "condition": _one_of(draw, len(three), "af copd ht ckd"),
            "start": _days(draw, len(three)),
        },
    )
    months = np.array(["2020-01-01", "2020-09-01", "2021-05-01", "2022-02-01"], dtype="datetime64[D]")
    _write(
        folder / "attributes.parquet",
        "attributes",
        {
            "person": four,
            "attribute_period": np.tile(months, people),
            "imd_decile": draw.integers(1, 11, len(four)),
            "housebound": draw.random(len(four)) < 0.05,
            "smoking": _one_of(draw, len(four), "never ex current"),
            "polypharmacy_repeat": draw.integers(0, 9, len(four)),
        },
    )


def _activity(draw: np.random.Generator, persons: np.ndarray) -> dict:
    rows = len(persons) * ROWS_EACH
    pod = draw.choice(len(PODS), rows, p=POD_SHARES)
    days = np.sort(_days(draw, rows).reshape(-1, ROWS_EACH), axis=1).reshape(-1)
    hospital, admission = (pod == 2) | (pod == 3), pod == 3
    return {
        "person": np.repeat(persons, ROWS_EACH),
        "source_name": np.full(rows, "synthetic"),
        "pod_l1": PODS[pod, 0],
        "pod_l2a": pa.array(PODS[pod, 1].astype(object), mask=PODS[pod, 1] == ""),
        "pod_l2b": pa.array(PODS[pod, 2].astype(object), mask=PODS[pod, 2] == ""),
        "arr_date": days,
        "dep_date": pa.array(days + draw.integers(0, 9, rows), mask=~admission),
        "spec_l1a": pa.array(draw.integers(100, 500, rows).astype(str).astype(object), mask=~hospital),
        "spec_l2a": pa.array(_one_of(draw, rows, "DZ11A EB07B WF01A").astype(object), mask=~hospital),
        "admimeth": pa.array(np.full(rows, "21", dtype=object), mask=~admission),
        "diag_codes": pa.array(_one_of(draw, rows, "J440,I10 I500 E119,I10").astype(object), mask=~admission),
        "prov_code": _one_of(draw, rows, "RX1 RX2 RX3"),
        "items": pa.array(draw.integers(1, 12, rows), mask=pod != 1),
        "cost_pence": draw.integers(500, 500_000, rows),
    }


def _days(draw: np.random.Generator, rows: int) -> np.ndarray:
    return draw.integers(18_262, 19_358, rows).astype("datetime64[D]")


def _one_of(draw: np.random.Generator, rows: int, words: str) -> np.ndarray:
    return np.array(words.split())[draw.integers(0, len(words.split()), rows)]


def _write(path: Path, name: str, columns: dict) -> None:
    rows = len(columns["person"])
    schema = definitions()[name].schema.to_pyarrow()
    held = [pa.array(columns[f.name]).cast(f.type) if f.name in columns else pa.nulls(rows, f.type) for f in schema]
    pq.write_table(pa.Table.from_arrays(held, schema=schema), path, row_group_size=ROWS_TOGETHER, compression="zstd")


def pandas_rows(folder: Path, person: int) -> int:
    """The rows of one person by pandas, table by table."""
    names = ("activity", "registrations.parquet", "conditions.parquet", "attributes.parquet")
    return sum(len(pd.read_parquet(folder / name, filters=[("person", "==", person)])) for name in names)


def timed(read: Callable[[int], int], people: list[int]) -> tuple[float, float, int]:
    """Median wall and CPU milliseconds of a reading, and the rows of all."""
    wall, cpu, rows = [], [], 0
    for person in people:
        began, used = time.perf_counter(), time.process_time()
        rows += read(person)
        wall.append(1_000 * (time.perf_counter() - began))
        cpu.append(1_000 * (time.process_time() - used))
    return statistics.median(wall), statistics.median(cpu), rows


def main(folder: Path, people: int) -> None:
    """Make the record where it is not there, and print both ways beside each other."""
    if not (folder / "attributes.parquet").is_file():
        make(folder, people)
    record = Record(folder, {})
    everybody = pq.read_table(folder / "registrations.parquet", columns=["person"])["person"].to_numpy()
    asked = np.random.default_rng(2).choice(everybody, ASKED, replace=False).tolist()
    rows = sum(pq.read_metadata(part).num_rows for part in (folder / "activity").glob("*.parquet"))
    read_timeline(record, asked[0])
    own = timed(lambda person: read_timeline(record, person).num_rows, asked)
    other = timed(lambda person: pandas_rows(folder, person), asked[:ASKED_OF_PANDAS])
    print(f"One person's timeline among {rows:,} rows of activity; medians")
    print(f"  Commonweal  {own[0]:7.1f} ms wall {own[1]:7.1f} ms CPU   over {len(asked)} people")
    print(f"  pandas      {other[0]:7.1f} ms wall {other[1]:7.1f} ms CPU   over {ASKED_OF_PANDAS} people, rows only")
    print(f"  ratio {own[0] / other[0]:.2f} wall, {own[1] / other[1]:.2f} CPU", end="; ")
    print(f"bar {BARS['milliseconds']} ms: {'met' if own[0] < BARS['milliseconds'] else 'MISSED'}")
    same = timed(lambda person: read_timeline(record, person).num_rows, asked[:ASKED_OF_PANDAS])[2]
    print(f"  both found {same:,} rows" if same == other[2] else f"  ROWS DIFFER: {same:,} and {other[2]:,}")


if __name__ == "__main__":
    asked_people = int(sys.argv[2]) if len(sys.argv) > 2 else PEOPLE
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]), asked_people)
    else:
        with tempfile.TemporaryDirectory() as named:
            main(Path(named) / "record", asked_people)
