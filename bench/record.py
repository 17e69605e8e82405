"""How fast, and in how much memory, is a record of 25 million rows of activity added up?

Three questions: cost by month, practice, service line and Core Segment; a budget shared out to practices by need, exact
to the penny; what each person had in the last 30 days, three months and year, by kind of care. Each is answered by
Commonweal's table functions, by SQL written by hand, in pandas and in Polars, each in a process of its own in the same
run, from the same Parquet files; the answers are compared and must be equal. Prints CPU and wall seconds, peak memory
and the ratios.

    python bench/record.py [--rows 25000000] [--people 1000000] [--folder FOLDER]
"""

from __future__ import annotations

import argparse
import importlib
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROWS, PEOPLE, PRACTICES, PART, SEED = 25_000_000, 1_000_000, 100, 20, 2026
WAYS = {"Commonweal": "commonweal_way", "SQL by hand": "sql_way", "pandas": "pandas_way", "Polars": "polars_way"}
QUESTIONS = {
    "monthly": "cost by month, practice, service line and segment",
    "budget": "budget shared out by need, to the penny",
    "history": "history of each person",
}
KEYS = {"monthly": ("month", "practice_code", "service_line", "core_segment"), "budget": ("practice_code", "component")}
# Rows in a hundred and the usual cost in pounds, by point of delivery; the others have the rest.
USUAL = {
    ("primary_care_prescription", "", ""): (34, 28),
    ("primary_care_contact", "gp", ""): (22, 48),
    ("primary_care_contact", "other_staff", ""): (16, 21),
    ("secondary", "op", "follow_up"): (8, 165),
    ("community", "", ""): (7, 84),
    ("secondary", "op", "first"): (4, 235),
}


def make(folder: Path, rows: int, people: int) -> None:
    """Write a record in the form of tables/people.yaml, in order of person and day, in parts of a twentieth."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    person, practice = _write_people(folder, people)
    (folder / "activity").mkdir()
    rng = np.random.default_rng(SEED)
    for part in range(PART):
        mine = np.arange(part * people // PART, (part + 1) * people // PART)
        count = (part + 1) * rows // PART - part * rows // PART
        # A few have much: the square of a share piles rows up on part of the people.
        who = mine[(rng.random(count) ** 1.5 * len(mine)).astype(np.int64)]
        order = np.lexsort((day := rng.integers(0, 1096, count), who))
        held = _activity(rng, person[who[order]], practice[who[order]], day[order])
        pq.write_table(pa.table(held), folder / "activity" / f"part-{part:05d}.parquet", compression="zstd")


def _write_people(folder: Path, people: int):
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq
    from ways.asked import LAST_YEAR, START

    rng = np.random.default_rng(SEED + 1)
    person = np.sort(rng.choice(2**62, people, replace=False))
    practice = rng.integers(0, PRACTICES, people)
    code = pa.array([f"X{number:05d}" for number in range(PRACTICES)]).take(pa.array(practice))
    day = np.datetime64(LAST_YEAR)
    death = pa.array(day + rng.integers(0, 365, people), mask=rng.random(people) > 0.01)
    left = pa.array(day + rng.integers(1, 365, people), mask=rng.random(people) > 0.05)
    start = pa.array(np.full(people, np.datetime64(START)))
    age = rng.integers(0, 100, people)
    need = {
        "person": person,
        "practice_code": code,
        "age": age.astype("int16"),
        "sex": pa.array(["F", "M"]).take(pa.array(rng.integers(0, 2, people))),
        "imd_decile": rng.integers(1, 11, people).astype("int8"),
        "core_segment": pa.array([f"CS{n}" for n in range(1, 6)]).take(
            pa.array(np.minimum((rng.random(people) * (1 + age / 25)).astype("int64"), 4))
        ),
        "care_home": rng.random(people) < np.where(age > 80, 0.1, 0.001),
    }
    pq.write_table(pa.table(need), folder / "person_need.parquet")
    pq.write_table(pa.table({"person": person, "death_date": death}), folder / "persons.parquet")
    spells = {"person": person, "practice_code": code, "start": start, "end": left}
    pq.write_table(pa.table(spells), folder / "registrations.parquet")
    return person, practice


def _activity(rng, person, practice, day):
    """Rows of activity as Arrow columns of the defined types."""
    import numpy as np
    import pyarrow as pa
    from ways.asked import LEVELS, POINTS, START

    from commonweal.core.tables import definitions

    count = len(person)
    keys = [tuple(row[level] for level in LEVELS) for row in POINTS]
    left = (100 - sum(share for share, _ in USUAL.values())) / (len(keys) - len(USUAL))
    shares = np.array([USUAL[key][0] if key in USUAL else left for key in keys]) / 100
    point = rng.choice(len(keys), count, p=shares)
    usual = np.array([USUAL[key][1] if key in USUAL else 400 for key in keys])[point]
    stay = np.array([key[1] == "ip" for key in keys])[point]
    by_item = np.array([key[0] in ("primary_care_prescription", "social_care") for key in keys])[point]
    arrived = np.datetime64(START) + day
    cost = (usual * 100 * rng.gamma(2.0, 0.5, count)).astype("int64")
    held = {
        "person": pa.array(person),
        "source_name": pa.array(["synthetic"]).take(pa.array(np.zeros(count, dtype="int8"))),
        "source_id": pa.nulls(count, pa.int64()),
        "arr_date": pa.array(arrived),
        "dep_date": pa.array(arrived + rng.geometric(0.2, count), mask=~stay),
        "practice_code": pa.array([f"X{number:05d}" for number in range(PRACTICES)]).take(pa.array(practice)),
        "diag_codes": pa.array(["I50,E119", "J449,I10"]).take(pa.array(rng.integers(0, 2, count), mask=~stay)),
        "items": pa.array(rng.integers(1, 9, count).astype("int32"), mask=~by_item),
        "cost_pence": pa.array(cost, mask=rng.random(count) < 0.01),
    }
    for place, level in enumerate(LEVELS):
        held[level] = pa.array([key[place] or None for key in keys], pa.string()).take(pa.array(point))
    schema = definitions()["activity"].schema.to_pyarrow()
    return {field.name: held.get(field.name, pa.nulls(count, field.type)).cast(field.type) for field in schema}


def answer(way: str, question: str, folder: Path) -> None:
    """Answer one question in this process, write the answer, and print what it took."""
    import pyarrow.parquet as pq

    asked = getattr(importlib.import_module(f"ways.{WAYS[way]}"), question)
    wall, cpu = time.perf_counter(), time.process_time()
    found = asked(folder)
    took = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall, "gigabytes": _peak()}
    pq.write_table(found, folder / f"answer {WAYS[way]} {question}.parquet")
    print(json.dumps(took))


def _peak() -> float:
    # The kernel's own count of this process; ru_maxrss starts from the parent's peak.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1e6


def same(question: str, folder: Path) -> int:
    """How many rows the four answers have, once they are found to be equal.

    Raises   SystemExit when one of them is not.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    def answered(module: str) -> pa.Table:
        held = pq.read_table(folder / f"answer {module} {question}.parquet")
        plain = {
            name: held[name].cast(pa.int64() if pa.types.is_integer(held[name].type) else _plain(held[name].type))
            for name in sorted(held.column_names)
        }
        return pa.table(plain).sort_by([(name, "ascending") for name in KEYS.get(question, ("person",))])

    first, *others = WAYS.values()
    own = answered(first)
    for module in others:
        theirs = answered(module)
        if not theirs.cast(own.schema).equals(own):
            raise SystemExit(f"{question}: the answers of {first} and {module} are not equal")
    return own.num_rows


def _plain(kind):
    import pyarrow as pa

    return pa.date32() if pa.types.is_temporal(kind) else pa.string()


def main(rows: int, people: int, folder: Path) -> None:
    """Make the record, ask every way in turn and print them beside each other."""
    run = [sys.executable, __file__]
    started = time.perf_counter()
    subprocess.run([*run, "make", str(folder), str(rows), str(people)], check=True)
    print(f"{rows:,} rows of activity of {people:,} people, written in {time.perf_counter() - started:.0f} s")
    for question, words in QUESTIONS.items():
        took = {}
        for way in WAYS:
            said = subprocess.run(
                [*run, "answer", str(folder), way, question], capture_output=True, text=True, check=False
            )
            if said.returncode:
                raise SystemExit(f"{way}, {question}: {said.stderr}")
            took[way] = json.loads(said.stdout)
        print(f"{words} ({same(question, folder):,} rows, the same all four ways)")
        own = took["Commonweal"]
        for way, row in took.items():
            print(
                f"  {way:<12}{row['cpu']:7.1f} s CPU {row['wall']:7.1f} s {row['gigabytes']:6.2f} GB   "
                f"Commonweal takes {own['cpu'] / row['cpu']:5.2f} of its CPU, {own['wall'] / row['wall']:5.2f} of its "
                f"time, {own['gigabytes'] / row['gigabytes']:5.2f} of its memory"
            )


if __name__ == "__main__":
    if sys.argv[1:2] == ["make"]:
        make(Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
    elif sys.argv[1:2] == ["answer"]:
        answer(sys.argv[3], sys.argv[4], Path(sys.argv[2]))
    else:
        words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
        words.add_argument("--rows", type=int, default=ROWS)
        words.add_argument("--people", type=int, help="a twenty-fifth of the rows when not given")
        words.add_argument(
            "--folder", type=Path, help="an empty folder to work in, which is kept; a temporary one else"
        )
        given = words.parse_args()
        people = given.people or max(given.rows // 25, 1000)
        if given.folder:
            main(given.rows, people, given.folder)
        else:
            with tempfile.TemporaryDirectory() as named:
                main(given.rows, people, Path(named))
