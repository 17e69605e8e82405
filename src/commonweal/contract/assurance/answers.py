"""What have people answered, and can it be relied on?

`contract/assurance.csv` in the place folder: one row an answer, added to as answers come. The latest on or before a day
is the one that holds, so an earlier register can be made again. Everything wrong is told at once, by row and column.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import cast

from commonweal.contract.assurance.evidence import holds_nhs_number, refusal
from commonweal.contract.assurance.questions import RATINGS, Question, Rating
from commonweal.core.errors import InputError
from commonweal.core.tables import definitions

FILE = "assurance.csv"
EVIDENCE_BETWEEN = ";"
LONGEST_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a person.

    owner     who answers for it: a role or a body
    evidence  files of the place, relative to its folder
    note      the reason, which an answer that overrides the system's finding needs
    """

    question: str
    rating: Rating
    owner: str
    on: date
    evidence: tuple[str, ...]
    note: str


def answers_file(place: Path) -> Path:
    """Where a place keeps its answers."""
    return place / "contract" / FILE


def read_answers(place: Path, questions: tuple[Question, ...]) -> tuple[Answer, ...]:
    """The answers of a place, in the order of the file; none where it has no such file.

    Raises   InputError that tells every fault by row and column: a question, rating or day that is none, no owner,
             evidence that may not be, or two answers to a question on one day.
    """
    path = answers_file(place)
    if not path.is_file():
        return ()
    rows = _rows(path)
    known = {question.code for question in questions}
    found: list[Answer] = []
    faults: list[str] = []
    for number, row in rows:
        wrong = [f"{path}, row {number}, column '{column}': {text}" for column, text in _faults(place, row, known)]
        faults += wrong
        if not wrong:
            answer = _answer(row)
            if any((held.question, held.on) == (answer.question, answer.on) for held in found):
                already = f"{answer.question} is answered on {answer.on} already. Keep one."
                faults.append(f"{path}, row {number}, column 'date': {already}")
            found.append(answer)
    if faults:
        raise InputError("\n".join(faults))
    return tuple(found)


def answers_on(answers: tuple[Answer, ...], day: date) -> Mapping[str, Answer]:
    """The answer that holds on a day, by question: the latest not after it."""
    held: dict[str, Answer] = {}
    for answer in answers:
        before = held.get(answer.question)
        if answer.on <= day and (before is None or answer.on > before.on):
            held[answer.question] = answer
    return held


def _rows(path: Path) -> list[tuple[int, Mapping[str, str]]]:
    columns = [column.name for column in definitions()["assurance_answers"]]
    try:
        text = path.read_text(encoding="utf-8-sig")
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        missing = [name for name in columns if name not in (reader.fieldnames or ())]
        if missing:
            mend = f"The heading row is: {','.join(columns)}"
            raise InputError(f"lacks the column '{missing[0]}'.", where=str(path), mend=mend)
        return [
            (reader.line_num, {name: (row.get(name) or "").strip() for name in columns} | _too_long(row))
            for row in reader
            if any(isinstance(value, list) or (value or "").strip() for value in row.values())
        ]
    except UnicodeDecodeError:
        raise InputError("is not UTF-8 text.", where=str(path), mend="Save it as CSV, UTF-8.") from None
    except csv.Error as error:
        raise InputError(f"is not CSV: {error}.", where=str(path), mend="Mend the quotes.") from None


def _too_long(row: Mapping[str | None, object]) -> dict[str, str]:
    # A note with a comma and no quotes spills into cells without a heading.
    return {"": "spilt"} if None in row else {}


def _faults(place: Path, row: Mapping[str, str], known: set[str]) -> Iterator[tuple[str, str]]:
    if holds_nhs_number("\n".join(row.values()).encode()):
        # Nothing else is said of the row, since a message names what it found.
        yield "note", "the row holds what reads as an NHS number. Answers are about no single person; take it out."
        return
    if "" in row:
        yield "note", "the row has more cells than headings. Put text with a comma in quotes."
    if row["question"] not in known:
        yield "question", f"'{_short(row['question'])}' is no question. Questions are {', '.join(sorted(known))}."
    if row["rating"] not in RATINGS:
        yield "rating", f"'{_short(row['rating'])}' is no rating. Ratings are {', '.join(RATINGS)}."
    if not row["owner"]:
        yield "owner", "is blank. Say which role or body answers for it."
    if _day(row["date"]) is None:
        yield "date", f"'{_short(row['date'])}' is not a day. Write it as 2026-04-01."
    for written in _evidence(row):
        refused = refusal(place, written)
        if refused:
            yield "evidence", f"'{_short(written)}' {refused.message} {refused.mend}"


def _answer(row: Mapping[str, str]) -> Answer:
    day = _day(row["date"])
    assert day is not None
    return Answer(row["question"], cast(Rating, row["rating"]), row["owner"], day, _evidence(row), row["note"])


def _evidence(row: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(part.strip() for part in row["evidence"].split(EVIDENCE_BETWEEN) if part.strip())


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
