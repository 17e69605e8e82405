"""How fast is a population made up and written, and how much memory does it take?

A million people and two years of their care, over 25 million rows, are written to Parquet in a process of its own,
beside a named peer: the same kinds of care written plainly, row by row in Python, for a few people, put into Parquet
by pandas. The peer draws each contact with `random`, knows no conditions, calibration or identity, and so does less for
each person. Prints seconds, processor seconds, peak memory and the ratio for each person.

    python bench/synthesis.py [--people N] [--peer-people N]
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

PEOPLE, PEER_PEOPLE, YEARS = 1_000_000, 4_000, 2
ROWS_WANTED, SECONDS_WANTED, GIGABYTES_WANTED = 25_000_000, 30.0, 1.0
START = date(2024, 4, 1)
# Contacts a head and year, kind of care, cost in pence: about what the synthesis gives.
PEER_CARE = (
    ("primary_care_contact", "gp", 3.3, 4800),
    ("primary_care_contact", "other_staff", 2.4, 2100),
    ("primary_care_prescription", None, 4.9, 3100),
    ("community", None, 1.0, 8400),
    ("mental_health", "op", 0.5, 25000),
    ("secondary", "ae", 0.33, 21000),
    ("secondary", "ip", 0.4, 230000),
    ("secondary", "op", 1.9, 18700),
    ("111", None, 0.2, 1100),
    ("999", None, 0.13, 30000),
)


def ours(people: int) -> dict[str, Any]:
    """Commonweal's own way, into a place of the made-up country."""
    from commonweal.demonstration import make_demonstration
    from commonweal.people.synthesis.record import synthesise_record
    from commonweal.place.folder import read_place
    from commonweal.place.inputs import place_inputs

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "place"
        make_demonstration(path, people=False)
        inputs = place_inputs(read_place(path))
        record, measured = _timed(lambda: synthesise_record(inputs, people=people, years=YEARS))
        size = sum(file.stat().st_size for file in record.path.rglob("*.parquet"))
        return {**measured, "people": people, "rows": record.manifest["rows"]["activity"], "megabytes": size / 1e6}


def peer(people: int) -> dict[str, Any]:
    """Row by row in Python, then pandas."""
    import pandas as pd

    def write(path: Path) -> int:
        chance = random.Random(1)
        rows = []
        for person in range(people):
            need = chance.lognormvariate(-0.4, 0.9)
            for first, second, rate, cost in PEER_CARE:
                expected, count = rate * YEARS * need, 0
                waited = chance.expovariate(1.0)
                while waited < expected:
                    count += 1
                    waited += chance.expovariate(1.0)
                for _ in range(count):
                    day = START + timedelta(days=chance.randrange(365 * YEARS))
                    pence = round(cost * chance.lognormvariate(0, 0.35))
                    rows.append(
                        {"person": person, "pod_l1": first, "pod_l2a": second, "arr_date": day, "cost_pence": pence}
                    )
        frame = pd.DataFrame(rows).sort_values(["person", "arr_date"])
        frame.to_parquet(path, compression="zstd")
        return len(frame)

    with tempfile.TemporaryDirectory() as folder:
        count, measured = _timed(lambda: write(Path(folder) / "activity.parquet"))
        return {**measured, "people": people, "rows": count}


def _timed(work: Any) -> tuple[Any, dict[str, float]]:
    wall, spent = time.perf_counter(), time.process_time()
    found = work()
    return found, {
        "seconds": time.perf_counter() - wall,
        "processor_seconds": time.process_time() - spent,
        "gigabytes": _peak(),
    }


def _peak() -> float:
    """Most memory that this process itself ever held, by the kernel's own count where it keeps one."""
    status = Path("/proc/self/status")
    if status.is_file():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def _apart(way: str, people: int) -> dict[str, Any]:
    said = subprocess.run(
        [sys.executable, __file__, "--way", way, "--people", str(people)], check=True, capture_output=True, text=True
    )
    return dict(json.loads(said.stdout))


def main() -> None:
    """Measure both and print them."""
    read = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    read.add_argument("--people", type=int, default=PEOPLE)
    read.add_argument("--peer-people", type=int, default=PEER_PEOPLE)
    read.add_argument("--way", choices=("ours", "peer"))
    asked = read.parse_args()
    if asked.way:
        print(json.dumps((ours if asked.way == "ours" else peer)(asked.people)))
        return
    own, plain = _apart("ours", asked.people), _apart("peer", asked.peer_people)
    for name, held in (("Commonweal", own), ("row by row, pandas", plain)):
        each = held["processor_seconds"] / held["people"] * 1e6
        print(
            f"{name:20} {held['people']:>10,} people {held['rows']:>12,} rows {held['seconds']:8.1f} s "
            f"{held['processor_seconds']:8.1f} s of processors {held['gigabytes']:6.2f} GB {each:8.1f} us a person"
        )
    ratio = (plain["processor_seconds"] / plain["people"]) / (own["processor_seconds"] / own["people"])
    print(f"{ratio:.0f} times as fast for each person; {own['megabytes']:.0f} MB of Parquet")
    wanted = f"{ROWS_WANTED:,} rows, under {SECONDS_WANTED:.0f} s and {GIGABYTES_WANTED:.0f} GB on two cores"
    reached = own["rows"] >= ROWS_WANTED and own["seconds"] < SECONDS_WANTED and own["gigabytes"] < GIGABYTES_WANTED
    print(f"Wanted: {wanted}: {'reached' if reached else 'not reached'} in this run")


if __name__ == "__main__":
    main()
