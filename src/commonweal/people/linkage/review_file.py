"""How does a person decide on the pairs that linkage leaves open, and how is that kept?

`identity/linkage-review.csv` in a place's folder holds one row per pair, both sides beside each other, with a column
`decision` to fill with `accepted` or `rejected`. It is read back before the next linkage; rows that are decided stay.
It identifies people, so it lies with what identifies them and is for its owner's eyes alone.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from commonweal.core.errors import InputError
from commonweal.core.findings import Finding
from commonweal.core.parameters import Parameters
from commonweal.people.linkage.fields import COMPARED
from commonweal.people.linkage.linked import Linked, linked
from commonweal.people.linkage.settled import ACCEPTED, REJECTED
from commonweal.people.pseudonyms import identity_folder

REVIEW_FILE = "linkage-review.csv"
KEY = ("record", "person")
# A spreadsheet would round a pseudonym and drop a nought before a number; with these before them they stay text.
RECORD_MARK, PERSON_MARK = "r:", "p:"
COLUMNS = (
    *KEY,
    "decision",
    "reason",
    "match_weight",
    *(f"{name}_{part}" for name in COMPARED for part in ("record", "person", "weight")),
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Decisions:
    """What was decided before.

    table      record_id, person, decision: as `linked` takes it
    rows       the rows of the file that are decided, as they stand in it
    findings   decisions that cannot be understood, or contradict one another; they count as not made
    """

    table: pa.Table
    rows: tuple[Mapping[str, str], ...]
    findings: tuple[Finding, ...]


def link_and_write_review(
    place: Path, records: pa.Table, identity: pa.Table, *, parameters: Parameters, on: date = date.max
) -> tuple[Linked, tuple[Finding, ...]]:
    """Link a place's records by what was decided before, and write the pairs that are open now.

    Returns  what was linked, and what in the review file could not be understood.
    """
    decisions = read_decisions(place)
    found = linked(records, identity, parameters=parameters, on=on, decisions=decisions.table)
    write_review(place, found, records, identity, decisions=decisions)
    return found, (*found.findings, *decisions.findings)


def review_file(place: Path) -> Path:
    """Where a place's clerical review is."""
    return identity_folder(place) / REVIEW_FILE


def write_review(
    place: Path, found: Linked, records: pa.Table, identity: pa.Table, *, decisions: Decisions | None = None
) -> Path:
    """Write the open pairs for a person to decide, and keep those already decided.

    Returns  the file, replaced in one step.
    """
    kept = decisions.rows if decisions else ()
    decided = {(row["record"], row["person"]) for row in kept}
    open_ = [row for row in _rows(found, records, identity) if (row["record"], row["person"]) not in decided]
    held = io.StringIO(newline="")
    writer = csv.DictWriter(held, fieldnames=COLUMNS, lineterminator="\n", extrasaction="ignore", restval="")
    writer.writeheader()
    writer.writerows(sorted([*kept, *open_], key=_order))
    path = review_file(place)
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8-sig") as file:
        file.write(held.getvalue())
    new.replace(path)
    return path


def _order(row: Mapping[str, str]) -> tuple[str, float, str]:
    try:
        weight = -float(row["match_weight"] or 0)
    except ValueError:
        weight = 0.0
    return row["record"], weight, row["person"]


def _rows(found: Linked, records: pa.Table, identity: pa.Table) -> list[dict[str, str]]:
    review = found.review
    sides = {
        "record": _side(records, "record_id", review["record_id"]),
        "person": _side(identity, "person", review["person"]),
    }
    rows = []
    for number, pair in enumerate(review.to_pylist()):
        row = {
            "record": RECORD_MARK + pair["record_id"],
            "person": f"{PERSON_MARK}{pair['person']}",
            "decision": "",
            "reason": pair["reason"],
            "match_weight": _bits(pair["match_weight"]),
        }
        for name in COMPARED:
            row |= {f"{name}_{side}": _shown(held[number].get(name)) for side, held in sides.items()}
            row[f"{name}_weight"] = _bits(pair[f"weight_{name}"])
        rows.append(row)
    return rows


def _side(table: pa.Table, key: str, wanted: pa.ChunkedArray) -> list[dict[str, object]]:
    names = [name for name in COMPARED if name in table.column_names]
    places = pc.index_in(wanted, value_set=table[key].cast(wanted.type).combine_chunks())
    return list(table.select(names).take(places.combine_chunks()).to_pylist())


def _bits(weight: float | None) -> str:
    return "" if weight is None else f"{weight:.1f}"


def _shown(value: object) -> str:
    text = "" if value is None else str(value)
    # A spreadsheet runs a cell that begins like a formula.
    return f"'{text}" if text.startswith(FORMULA) else text


def read_decisions(place: Path) -> Decisions:
    """What people decided so far; nothing where no review file is.

    Raises   InputError for a file without its columns.
    """
    path = review_file(place)
    if not path.is_file():
        return Decisions(_decision_table([]), (), ())
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    head = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if head.count(";") > head.count(",") else ",")
    missing = [name for name in (*KEY, "decision") if name not in (reader.fieldnames or ())]
    if missing:
        mend = "Put the column back, or move the file away: decisions made in it are then asked for again."
        raise InputError(f"The file has no column {', '.join(missing)}.", where=str(path), mend=mend)
    rows, findings = [], []
    for number, row in enumerate(reader, start=2):
        said = (row["decision"] or "").strip().lower()
        if said and (said not in (ACCEPTED, REJECTED) or not _named(row)):
            mend = f"Write {ACCEPTED} or {REJECTED}, and leave record and person as they were."
            message = "The decision, or whom it is about, cannot be understood; it counts as not made."
            findings.append(Finding("error", "linkage decision", path.name, number, "decision", message, mend))
        elif said:
            rows.append((number, {name: row.get(name) or "" for name in COLUMNS} | {"decision": said}))
    kept, contrary = _without_contradiction(rows, path.name)
    return Decisions(_decision_table(kept), tuple(kept), (*findings, *contrary))


def _named(row: Mapping[str, str]) -> bool:
    record, person = row["record"] or "", row["person"] or ""
    return record.startswith(RECORD_MARK) and person.startswith(PERSON_MARK) and person[2:].isdecimal()


def _without_contradiction(
    rows: Sequence[tuple[int, dict[str, str]]], file: str
) -> tuple[list[dict[str, str]], list[Finding]]:
    """The decisions but those that accept two people for one record, or both accept and reject one pair."""
    people: dict[str, set[str]] = {}
    said: dict[tuple[str, str], set[str]] = {}
    for _, row in rows:
        said.setdefault((row["record"], row["person"]), set()).add(row["decision"])
        if row["decision"] == ACCEPTED:
            people.setdefault(row["record"], set()).add(row["person"])
    kept, findings = {}, []
    for number, row in rows:
        pair = (row["record"], row["person"])
        twice = row["decision"] == ACCEPTED and len(people[row["record"]]) > 1
        if twice or len(said[pair]) > 1:
            message = "Two decisions on one record contradict one another; they count as not made."
            mend = "Accept one person for a record at most."
            findings.append(Finding("error", "linkage decision", file, number, "decision", message, mend))
        else:
            kept[pair] = row
    return list(kept.values()), findings


def _decision_table(rows: Sequence[Mapping[str, str]]) -> pa.Table:
    return pa.table(
        {
            "record_id": pa.array([row["record"].removeprefix(RECORD_MARK) for row in rows], pa.string()),
            "person": pa.array([int(row["person"].removeprefix(PERSON_MARK)) for row in rows], pa.int64()),
            "decision": pa.array([row["decision"] for row in rows], pa.string()),
        }
    )
