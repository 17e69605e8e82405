"""What does a file of diagnoses and expected scores say, person by person?

One row per person, or per person and diagnosis:

    id           tells people apart; never printed
    code         an ICD-10 code, with or without its dot, or several with commas, semicolons, bars or spaces between;
                 or columns that begin with code, diag or icd, such as diag_01, diag_02
    admission    tells a person's admissions apart, for hfrs_each_admission
    hfrs, charlson_1987 ...  the score that is expected, on any row of the person; a blank expects nothing

Further columns are left alone.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path

from commonweal.core.errors import InputError

ID, ADMISSION = "id", "admission"
CODES = re.compile(r"(code|diag|icd)[a-z]*[_ ]?(10)?[_ ]?(codes?)?[_ ]?\d*")
LOOKS_LIKE_A_SCORE = re.compile(r"(hfrs|charlson|elixhauser)")
BETWEEN = re.compile(r"[,;|\s]+")
ICD10 = re.compile(r"[A-Z][0-9][0-9A-Z][0-9A-Z]{0,4}")
MARKS = str.maketrans("", "", ".+*-†")


@dataclass(slots=True)
class Diagnosed:
    """One person of the file.

    row        the first row the person stands in, as a spreadsheet counts
    codes      each with the admission it was written in, in capitals and without dots
    expected   scores by name
    """

    row: int
    codes: list[tuple[str, str]] = field(default_factory=list)
    expected: dict[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DiagnosedPeople:
    """The people of a file, in its order, and in how many cells stood something that is no ICD-10 code."""

    people: tuple[Diagnosed, ...]
    not_codes: int


def read_diagnosed_people(path: Path, scores: Sequence[str]) -> DiagnosedPeople:
    """People, diagnoses and expected scores of a CSV file.

    Takes    scores: the names of the columns that may hold expected scores.
    Raises   InputError naming the column or row: no id or code, no score or one that there is not, a row without an
             id, a score that is no number or differs between two rows of a person.
    """
    header, rows = _read(path)
    columns = _columns(header, scores, path.name)
    people: dict[str, Diagnosed] = {}
    not_codes = 0
    for number, row in rows:
        key = _cell(row, columns.id)
        if not key:
            raise _wrong(path, number, header[columns.id], "is blank", "Give every row the id of its person.")
        person = people.setdefault(key, Diagnosed(number))
        admission = _cell(row, columns.admission) if columns.admission is not None else ""
        for at in columns.codes:
            for text in filter(None, BETWEEN.split(_cell(row, at).upper())):
                code = text.translate(MARKS)
                not_codes += not ICD10.fullmatch(code)
                person.codes.append((code, admission))
        for name, at in columns.scores.items():
            _expect(person, name, _cell(row, at), path, number)
    return DiagnosedPeople(tuple(people.values()), not_codes)


@dataclass(frozen=True, slots=True)
class _Columns:
    id: int
    codes: tuple[int, ...]
    admission: int | None
    scores: Mapping[str, int]


def _columns(header: Sequence[str], scores: Sequence[str], file: str) -> _Columns:
    at = {name: number for number, name in enumerate(header)}
    codes = tuple(number for name, number in at.items() if CODES.fullmatch(name))
    strange = [name for name in header if LOOKS_LIKE_A_SCORE.match(name) and name not in scores]
    listed = f"The scores are {', '.join(scores)}."
    if len(at) < len(header):
        twice = sorted({name for name in header if list(header).count(name) > 1})
        raise InputError(f"has two columns '{twice[0]}'.", where=file, mend="Give every column a name of its own.")
    if strange:
        raise InputError(f"has a column '{strange[0]}', which is no score known.", where=file, mend=listed)
    if ID not in at:
        raise InputError("has no column 'id'.", where=file, mend="Name the column that tells people apart 'id'.")
    if not codes:
        mend = "Name the column of ICD-10 codes 'code', or several diag_01, diag_02."
        raise InputError("has no column 'code'.", where=file, mend=mend)
    expected = {name: at[name] for name in scores if name in at}
    if not expected:
        raise InputError("has no column of an expected score.", where=file, mend=listed)
    return _Columns(at[ID], codes, at.get(ADMISSION), expected)


def _read(path: Path) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("is not text in UTF-8.", where=path.name, mend="Save it as CSV UTF-8.") from None
    reader = csv.reader(io.StringIO(text, newline=""))
    header = [name.strip().lower() for name in next(reader, [])]
    if not header:
        raise InputError("is empty.", where=path.name, mend="The first row holds the names of the columns.")
    return header, _rows(reader, len(header), path)


def _rows(reader: Iterable[list[str]], width: int, path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        for number, row in enumerate(reader, start=2):
            if len(row) > width:
                mend = "Put codes with commas between in quotes."
                raise InputError(
                    "has more cells than there are columns.", where=f"{path.name}, row {number}", mend=mend
                )
            if any(cell.strip() for cell in row):
                yield number, row
    except csv.Error as wrong:
        raise InputError(f"is not CSV: {wrong}.", where=path.name, mend="Save it as CSV UTF-8.") from None


def _cell(row: Sequence[str], at: int) -> str:
    return row[at].strip() if at < len(row) else ""


def _expect(person: Diagnosed, name: str, text: str, path: Path, number: int) -> None:
    if not text:
        return
    try:
        score = Decimal(text)
    except InvalidOperation:
        score = Decimal("NaN")
    if not score.is_finite():
        raise _wrong(path, number, name, "is not a number", "Write the score as 12 or 12.3, or leave it blank.")
    if person.expected.setdefault(name, score) != score:
        mend = f"It differs from an earlier row of the same person; the first is row {person.row}."
        raise _wrong(path, number, name, "is a second score", mend)


def _wrong(path: Path, number: int, column: str, what: str, mend: str) -> InputError:
    return InputError(f"{what}.", where=f"{path.name}, row {number}, column '{column}'", mend=mend)
