"""How do the steps that touch every person grow with the people, and what would they take at 5 and at 63 million?

Each step runs in a process of its own on made-up places of growing size, in the same run: making the people up, working
out what each needs, adding up cost by month, practice, service line and segment. Seconds grow in proportion to people
once there are enough of them; what is beyond the sizes measured is the line through them, and says so.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from commonweal.core.engine import record_engine
from commonweal.core.parameters import library
from commonweal.demonstration import make_demonstration
from commonweal.need.kept import kept_person_need
from commonweal.people.care_cost import monthly_cost
from commonweal.people.record import read_record
from commonweal.people.synthesis.record import synthesise_record
from commonweal.place.folder import read_place
from commonweal.place.inputs import place_inputs

SIZES = (125_000, 250_000, 500_000, 1_000_000)
BEYOND = (5_000_000, 63_000_000)
STEPS = ("make up the people", "what each needs", "cost by month")


def step(name: str, place: Path, people: int) -> None:
    """One step, in this process; prints processor seconds, wall seconds and peak memory in GB."""
    started, before = time.perf_counter(), sum(os.times()[:4])
    if name == STEPS[0]:
        synthesise_record(place_inputs(read_place(place)), people=people)
    else:
        record, engine = read_record(place), record_engine()
        need = kept_person_need(place, record, engine, on=record.end, parameters=library())
        if name == STEPS[2]:
            activity = record.tables(engine)["activity"]
            monthly_cost(activity, need, start=record.start, end=record.end, parameters=library()).to_pyarrow()
    peak = next(line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line)
    print(sum(os.times()[:4]) - before, time.perf_counter() - started, int(peak) / 1e6)


def measured(name: str, place: Path, people: int) -> tuple[float, float, float]:
    """The same in a process of its own."""
    words = [sys.executable, __file__, "--step", name, "--place", str(place), "--people", str(people)]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    cpu, wall, memory = map(float, done.stdout.split()[-3:])
    return cpu, wall, memory


def main(sizes: tuple[int, ...]) -> None:
    """Measure every step at every size, and draw the line on."""
    found: dict[str, list[tuple[float, float, float]]] = {name: [] for name in STEPS}
    print(f"{'people':>12} {'step':<22} {'CPU s':>8} {'wall s':>8} {'GB':>6}")
    with tempfile.TemporaryDirectory(prefix="commonweal-scale-") as folder:
        for people in sizes:
            place = make_demonstration(Path(folder) / str(people), people=False).path
            for name in STEPS:
                found[name].append(measured(name, place, people))
                cpu, wall, memory = found[name][-1]
                print(f"{people:>12,} {name:<22} {cpu:8.1f} {wall:8.1f} {memory:6.2f}", flush=True)
    print("\nBeyond what was measured: the least-squares line of processor seconds on people")
    for name in STEPS:
        slope, fixed = np.polyfit(sizes, [cpu for cpu, _, _ in found[name]], 1)
        said = ", ".join(f"{people / 1e6:.0f} million: {fixed + slope * people:,.0f} s" for people in BEYOND)
        print(f"  {name:<22} {fixed:5.1f} s + {slope * 1e6:6.1f} s a million people; {said}")


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="How many people, size by size.")
    asked.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    asked.add_argument("--place", type=Path, help=argparse.SUPPRESS)
    asked.add_argument("--people", type=int, help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.step:
        step(given.step, given.place, given.people)
    else:
        main(tuple(given.sizes))
