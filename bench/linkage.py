"""How long does linkage take, how much memory, and how good is it, against exact joins on several keys in pandas?

Prints CPU seconds, peak memory, precision and recall of both, each in a process of its own in the same run, on the same
60,000 made-up records with faults and 200,000 made-up people. The other way is what is done without a model: standard
spelling, then four joins on three fields each, taking what fits one person only.

    python bench/linkage.py [PEOPLE RECORDS]
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

PEOPLE, RECORDS, SEED = 200_000, 60_000, 1
KEYS = (
    ("given_name", "family_name", "birth_date"),
    ("family_name", "birth_date", "postcode"),
    ("given_name", "birth_date", "postcode"),
    ("given_name", "family_name", "postcode"),
)


def make(folder: Path, people: int, records: int) -> None:
    """Write records, list and truth as Parquet."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from commonweal.core.parameters import library
    from commonweal.people.linkage.faults import records_with_faults
    from commonweal.people.linkage.invented import invented_identity

    made = records_with_faults(invented_identity(people, seed=SEED), records=records, seed=SEED, parameters=library())
    pq.write_table(made.records, folder / "records.parquet")
    pq.write_table(made.identity, folder / "identity.parquet")
    truth = pa.table({"record_id": made.records["record_id"], "person": made.truth, "fault": made.faults})
    pq.write_table(truth, folder / "truth.parquet")


def ours(folder: Path) -> dict[str, int]:
    """Commonweal's own way."""
    import pyarrow.parquet as pq

    from commonweal.core.parameters import library
    from commonweal.people.linkage.linked import linked

    found = linked(
        pq.read_table(folder / "records.parquet"), pq.read_table(folder / "identity.parquet"), parameters=library()
    )
    matches = found.matches
    return dict(zip(matches["record_id"].to_pylist(), matches["person"].to_pylist(), strict=True))


def exact_joins(folder: Path) -> dict[str, int]:
    """Four exact joins in pandas, one after another; whoever fits two people fits nobody."""
    import pandas as pd

    def read(name: str) -> pd.DataFrame:
        table = pd.read_parquet(folder / f"{name}.parquet")
        for column in ("given_name", "family_name", "postcode"):
            table[column] = table[column].str.upper().str.replace("[^A-Z0-9]", "", regex=True)
        return table

    records, people = read("records"), read("identity")
    found: dict[str, int] = {}
    left = records
    for keys in KEYS:
        known = left.dropna(subset=list(keys))
        joined = known.merge(people[[*keys, "person"]].dropna(), on=list(keys))
        one = joined.drop_duplicates("record_id", keep=False)
        found.update(zip(one["record_id"], one["person"].astype(int), strict=True))
        left = left[~left["record_id"].isin(one["record_id"])]
    return found


SIDES: dict[str, Callable[[Path], dict[str, int]]] = {"Commonweal": ours, "exact joins in pandas": exact_joins}


def one_side(name: str, folder: Path) -> None:
    """Run one side in this process and print what it took and how good it was."""
    import pyarrow.parquet as pq

    found = SIDES[name](folder)
    used = resource.getrusage(resource.RUSAGE_SELF)
    held = {"cpu": used.ru_utime + used.ru_stime, "gigabytes": _peak()}
    truth = pq.read_table(folder / "truth.parquet").to_pylist()
    right = sum(found.get(row["record_id"]) == row["person"] for row in truth if row["person"] is not None)
    listed = sum(row["person"] is not None for row in truth)
    print(json.dumps({**held, "linked": len(found), "precision": right / len(found), "recall": right / listed}))


def _peak() -> float:
    # The kernel's own count of this process; ru_maxrss starts from the parent's peak.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1e6


def main(people: int, records: int) -> None:
    """Make the data, run both sides in turn and print them beside each other."""
    with tempfile.TemporaryDirectory() as named:
        folder = Path(named)
        subprocess.run([sys.executable, __file__, "make", named, str(people), str(records)], check=True)
        print(f"Linkage of {records:,} records with faults to {people:,} people")
        held = {}
        for name in SIDES:
            words = [sys.executable, __file__, "side", str(folder), name]
            held[name] = json.loads(subprocess.run(words, capture_output=True, text=True, check=True).stdout)
    for name, row in held.items():
        print(
            f"  {name:<22}{row['cpu']:7.1f} s CPU {row['gigabytes']:6.2f} GB   linked {row['linked']:,}, "
            f"precision {row['precision']:.4f}, recall {row['recall']:.4f}"
        )
    own, other = held["Commonweal"], held["exact joins in pandas"]
    print(f"  ratio Commonweal / exact joins: CPU {own['cpu'] / other['cpu']:.1f}", end=", ")
    print(f"memory {own['gigabytes'] / other['gigabytes']:.1f}", end=", ")
    print(f"people missed {(1 - own['recall']) / (1 - other['recall']):.2f}", end=", ")
    print(f"wrong links {(1 - own['precision']) / (1 - other['precision']):.2f}")


if __name__ == "__main__":
    if len(sys.argv) > 2 and sys.argv[1] == "make":
        make(Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
    elif len(sys.argv) > 2 and sys.argv[1] == "side":
        one_side(sys.argv[3], Path(sys.argv[2]))
    else:
        given = [int(word) for word in sys.argv[1:3]]
        main(*(given if len(given) == 2 else (PEOPLE, RECORDS)))
