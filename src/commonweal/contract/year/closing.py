"""What is kept of a closed month, and is it as it was kept?

One file per closed statement in `payments/` of the place folder: every amount, the facts it stood on, and a digest over
both and over the file before it. The bytes are canonical, so the same statement is the same file. A file that was
changed since, or one whose forerunner was, is told and never used.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from commonweal.contract.year.facts import Fact, fact_of
from commonweal.core.errors import InputError

FOLDER = "payments"


@dataclass(frozen=True, slots=True)
class ClosedRow:
    """One amount of a closed statement; the columns are those of tables/year.yaml, year_amount."""

    served: str
    direction: str
    purpose: str
    party: str
    service_line: str
    practice_code: str
    amount: Decimal
    payable_month: str
    adjusts: str
    to_practices: bool
    status: str


@dataclass(frozen=True, slots=True)
class Closed:
    """A closed statement.

    statement  the month, or settlement; served: what it accounts for beside adjustments
    facts      those known when it was closed; options: of the practices that took part
    previous   digest of the statement closed before it in the year; empty for the first
    """

    year: str
    statement: str
    closed_on: date
    served: tuple[str, ...]
    options: Mapping[str, str]
    facts: tuple[Fact, ...]
    rows: tuple[ClosedRow, ...]
    previous: str = ""

    @property
    def digest(self) -> str:
        """The digest over all of it."""
        return _digest(_content(self))


def closed_text(closed: Closed) -> str:
    """The closed statement as the text of its file."""
    content = _content(closed)
    return json.dumps({**content, "digest": _digest(content)}, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def closed_of(text: str, where: str) -> Closed:
    """The closed statement of a file's text.

    Raises   InputError when the text is not what was kept.
    """
    try:
        content = json.loads(text)
        digest = content.pop("digest")
        if _digest(content) != digest:
            raise _tampered(where, "does not agree with its digest")
        found = Closed(
            content["year"],
            content["statement"],
            date.fromisoformat(content["closed_on"]),
            tuple(content["served"]),
            dict(content["options"]),
            tuple(fact_of(row, where) for row in content["facts"]),
            tuple(ClosedRow(**{**row, "amount": Decimal(row["amount"])}) for row in content["rows"]),
            content["previous"],
        )
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError):
        raise _tampered(where, "is not as Commonweal wrote it") from None
    if closed_text(found) != text:
        raise _tampered(where, "is not as Commonweal wrote it")
    return found


def read_closed(place: Path, year: str, statements: Sequence[str]) -> tuple[Closed, ...]:
    """The closed statements of a year, in order.

    Takes    statements: the names of the year's statements in order, each closed only after the one before.
    Raises   InputError for a file that was changed, or one that is missing between others.
    """
    folder = place / FOLDER / year
    names = {path.stem for path in folder.glob("*.json")} if folder.is_dir() else set()
    found: list[Closed] = []
    for name in _in_sequence(statements, names, folder):
        path = folder / f"{name}.json"
        try:
            text = path.read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError):
            raise _tampered(str(path), "cannot be read") from None
        closed = closed_of(text, str(path))
        if (closed.year, closed.statement) != (year, name):
            raise _tampered(str(path), f"is of {closed.statement} of {closed.year}")
        if closed.previous != (found[-1].digest if found else ""):
            raise _tampered(str(path), "does not follow from the statement closed before it, which was changed")
        found.append(closed)
    return tuple(found)


def keep_closed(place: Path, closed: Closed) -> Path:
    """Write a closed statement into the place folder, whole or not at all; never over another.

    Returns  the file's path.
    Raises   InputError when it is closed already.
    """
    folder = place / FOLDER / closed.year
    path = folder / f"{closed.statement}.json"
    folder.mkdir(parents=True, exist_ok=True)
    beside = folder / f".{closed.statement}.{os.getpid()}"
    try:
        with beside.open("wb") as file:
            file.write(closed_text(closed).encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        # A link, unlike a rename, refuses to take the place of a file that somebody else wrote meanwhile.
        os.link(beside, path)
    except FileExistsError:
        raise InputError(f"{closed.statement} is closed already.", where=str(path), mend="It stays as it is.") from None
    finally:
        beside.unlink(missing_ok=True)
    return path


def unchanged_facts(closed: Iterable[Closed], facts: Iterable[Fact]) -> None:
    """Nothing, when every fact that a closed statement stood on is there still, unchanged.

    Raises   InputError naming the fact otherwise.
    """
    there = {fact.fact_id: fact for fact in facts}
    for held in closed:
        for fact in held.facts:
            if there.get(fact.fact_id) != fact:
                raise InputError(
                    f"fact {fact.fact_id} was changed or removed since {held.statement} was closed on it.",
                    where="facts.csv",
                    mend="Restore it, and record a new fact that corrects or withdraws it.",
                )


def _in_sequence(statements: Sequence[str], names: set[str], folder: Path) -> list[str]:
    found = [name for name in statements if name in names]
    if found != list(statements[: len(found)]):
        missing = next(name for name, held in zip(statements, found, strict=False) if name != held)
        raise _tampered(str(folder / f"{missing}.json"), "is missing, though later ones are closed")
    strange = sorted(names - set(statements))
    if strange:
        mend = "Payment months and the contract's start stay as they were when months were closed."
        raise InputError("is no statement of the year.", where=str(folder / f"{strange[0]}.json"), mend=mend)
    return found


def _tampered(where: str, what: str) -> InputError:
    return InputError(f"{what}: nothing was paid on it.", where=where, mend="Restore the file that was kept.")


def _content(closed: Closed) -> dict[str, Any]:
    return {
        "year": closed.year,
        "statement": closed.statement,
        "closed_on": closed.closed_on.isoformat(),
        "served": list(closed.served),
        "options": dict(sorted(closed.options.items())),
        "facts": [fact.as_row() for fact in sorted(closed.facts, key=lambda fact: fact.fact_id)],
        "rows": [_row(row) for row in closed.rows],
        "previous": closed.previous,
    }


def _row(row: ClosedRow) -> dict[str, Any]:
    names = ClosedRow.__dataclass_fields__
    return {name: f"{row.amount:.2f}" if name == "amount" else getattr(row, name) for name in names}


def _digest(content: Mapping[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
