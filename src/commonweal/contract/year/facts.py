"""What became known in a year, when, and what does each fact say?

`facts.csv` in the place folder: one row per fact, only ever added to. A fact is corrected by another that names it, and
taken back by a withdrawal; so what all of them say together does not depend on the order in which they arrived.
"""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

from commonweal.core.errors import InputError
from commonweal.core.tables import definitions

FILE = "facts.csv"
TABLE = "payment_facts"
KINDS = (
    "list_count",
    "participation",
    "scope",
    "performance_score",
    "settlement_input",
    "dispute",
    "dispute_resolved",
    "withdrawal",
)
# Results of a year: they hold from a day in it, whenever they become known.
OF_A_YEAR = ("performance_score", "settlement_input")
FACT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
# The word under which changes of files and terms are adjusted.
RESERVED = "inputs"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that became known; the columns are those of tables/year.yaml."""

    fact_id: str
    known_on: date
    effective_from: date
    kind: str
    subject: str
    value: str
    source: str
    effective_to: date | None = None
    corrects: str = ""

    def as_row(self) -> dict[str, str]:
        """The fact as a row of facts.csv."""
        return {
            "fact_id": self.fact_id,
            "known_on": self.known_on.isoformat(),
            "effective_from": self.effective_from.isoformat(),
            "effective_to": self.effective_to.isoformat() if self.effective_to else "",
            "kind": self.kind,
            "subject": self.subject,
            "value": self.value,
            "corrects": self.corrects,
            "source": self.source,
        }


def read_facts(path: Path) -> tuple[Fact, ...]:
    """The facts of a file in order of id; none where there is no file.

    Raises   InputError naming row and column of a value that cannot be read, or an id that occurs twice.
    """
    if not path.is_file():
        return ()
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("is not UTF-8 text.", where=str(path), mend="Save it as CSV, UTF-8.") from None
    rows = csv.DictReader(io.StringIO(text, newline=""))
    missing = [name for name in _columns() if name not in (rows.fieldnames or ())]
    if missing:
        raise InputError(f"lacks the column '{missing[0]}'.", where=str(path), mend="Restore the heading row.")
    return in_order(fact_of(row, f"{path}, row {number}") for number, row in enumerate(rows, start=2))


def in_order(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """Facts by id.

    Raises   InputError for an id that occurs twice.
    """
    found = sorted(facts, key=lambda fact: fact.fact_id)
    for first, second in pairwise(found):
        if first.fact_id == second.fact_id:
            raise InputError(f"'{first.fact_id}' is the id of two facts.", where=FILE, mend="Give each its own.")
    return tuple(found)


def fact_of(row: Mapping[str, str | None], where: str) -> Fact:
    """The fact of one row.

    Raises   InputError naming the column of a value that cannot be read.
    """
    held = {name: str(row.get(name) or "").strip() for name in _columns()}
    if not FACT_ID.fullmatch(held["fact_id"]) or held["fact_id"] == RESERVED:
        mend = "Use letters, digits and hyphens, as F001."
        raise InputError(f"'{held['fact_id']}' is no id of a fact.", where=f"{where}, column 'fact_id'", mend=mend)
    if held["kind"] not in KINDS:
        raise InputError(
            f"'{held['kind']}' is no kind of fact.", where=f"{where}, column 'kind'", mend=f"Use {', '.join(KINDS)}."
        )
    if not held["source"]:
        raise InputError("says not who says so.", where=f"{where}, column 'source'", mend="Name the source.")
    known, start = (_day(held[name], f"{where}, column '{name}'") for name in ("known_on", "effective_from"))
    end = _day(held["effective_to"], f"{where}, column 'effective_to'") if held["effective_to"] else None
    if end is not None and end <= start:
        mend = "Give the first day after."
        raise InputError(f"ends on {end}, not after {start}.", where=f"{where}, column 'effective_to'", mend=mend)
    return Fact(
        held["fact_id"],
        known,
        start,
        held["kind"],
        held["subject"],
        held["value"],
        held["source"],
        end,
        held["corrects"],
    )


def facts_text(facts: Sequence[Fact]) -> str:
    """Facts as the text of facts.csv, in the order handed in."""
    written = io.StringIO(newline="")
    writer = csv.DictWriter(written, fieldnames=_columns(), lineterminator="\n")
    writer.writeheader()
    writer.writerows(fact.as_row() for fact in facts)
    return written.getvalue()


def add_fact(path: Path, fact: Fact) -> None:
    """Write a fact after those that the file holds, whole or not at all.

    Raises   InputError for an id that is there already.
    """
    before = path.read_text(encoding="utf-8-sig") if path.is_file() else facts_text(())
    in_order((*read_facts(path), fact))
    row = facts_text((fact,)).partition("\n")[2]
    heading = next(csv.reader(io.StringIO(before, newline="")))
    if heading != _columns():
        line = io.StringIO(newline="")
        csv.DictWriter(line, fieldnames=heading, lineterminator="\n", restval="").writerow(fact.as_row())
        row = line.getvalue()
    text = before if before.endswith("\n") else before + "\n"
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_text(text + row, encoding="utf-8", newline="")
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def next_id(facts: Sequence[Fact]) -> str:
    """The next free id of the form F001."""
    numbers = [int(found[1]) for fact in facts if (found := re.fullmatch(r"F(\d+)", fact.fact_id))]
    return f"F{max(numbers, default=0) + 1:03d}"


def standing(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """The facts that stand, by id: those that no other corrects or withdraws, and no withdrawals.

    Returns  the same whatever order the facts arrived in.
    """
    held = sorted(facts, key=lambda fact: fact.fact_id)
    by_id = {fact.fact_id: fact for fact in held}
    replaced = _replaced(by_id)
    return tuple(fact for fact in held if fact.kind != "withdrawal" and fact.fact_id not in replaced)


def _replaced(by_id: Mapping[str, Fact]) -> set[str]:
    """Ids that are corrected or withdrawn by a fact that is not itself withdrawn."""
    withdrawn = {fact.subject for fact in by_id.values() if fact.kind == "withdrawal"}
    return withdrawn | {fact.corrects for fact in by_id.values() if fact.corrects and fact.fact_id not in withdrawn}


def _columns() -> list[str]:
    return [column.name for column in definitions()[TABLE]]


def _day(text: str, where: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"'{text}' is not a date.", where=where, mend="Write the day as 2026-04-01.") from None
