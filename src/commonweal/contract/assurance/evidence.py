"""Which file of a place may stand as evidence, and leave it in a pack?

What is about single persons never may. Paths stay in the place's folder; folders of people's records, of identities
and of builds are closed; only documents and small tables are let in; a copy of a file from a closed folder is known by
its bytes; and a text, document or workbook that holds a pseudonym of the record, or what reads as an NHS number, is
refused. PDFs and pictures cannot be read here: whoever names one has looked. No message repeats what was found.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from commonweal.people.pseudonyms import IDENTITY
from commonweal.people.record import RECORDS, has_record, read_record

CLOSED = (IDENTITY, RECORDS, "out")
PERSON_LEVEL = (IDENTITY, RECORDS)
WORKBOOKS = (".xlsx", ".ods")
OFFICE = (".docx", ".pptx", ".odt", *WORKBOOKS)
TEXTS = (".csv", ".txt", ".md", ".yaml", ".yml", ".json", ".html", ".eml")
KINDS_OF_FILE = (*TEXTS, *OFFICE, ".pdf", ".png", ".jpg", ".jpeg")
# Ten digits, also as people write them: 3, 3 and 4, with one mark between. Not the decimals of a number.
TEN_DIGITS = re.compile(rb"(?<![0-9])(?<![0-9]\.)[0-9]{3}((?:[ .-]|\xc2\xa0)?)[0-9]{3}\1[0-9]{4}(?![0-9])")
# A pseudonym has 63 bits: nearly all have 16 digits and more, none over 19.
LONG_NUMBER = re.compile(rb"(?<![0-9])[0-9]{10,19}(?![0-9])")
LARGEST_PSEUDONYM = 2**63 - 1
TAGS = re.compile(rb"<[^>]*>")
LENGTH_OF_NHS_NUMBER = 10
MODULUS = 11
UNPACKED_MOST = 200_000_000


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a path may not be evidence, and the mend; no value from inside a file."""

    message: str
    mend: str


def refusal(place: Path, written: str) -> Refusal | None:
    """Why a path, as written by a person, may not be evidence; None where it may.

    Takes    place: the place's folder; written: a path relative to it, with forward slashes.
    """
    return _of_path(place, written) or _of_file(place, place / written)


def _of_path(place: Path, written: str) -> Refusal | None:
    path = PurePosixPath(written)
    if path.is_absolute() or ".." in path.parts or "\\" in written or ":" in written or "\0" in written:
        return Refusal(
            "leads out of the place's folder.", "Put the file into the place's folder and name it from there."
        )
    if not path.parts:
        return Refusal("names no file.", "Name a file of the place.")
    if any(part.startswith(".") for part in path.parts):
        return Refusal("is hidden.", "Name a file that everybody sees.")
    # Some file systems know no capitals.
    if path.parts[0].casefold() in CLOSED:
        what = "is in a folder of persons" if path.parts[0].casefold() in PERSON_LEVEL else "is in the folder of builds"
        return Refusal(f"{what}; nothing from there is evidence.", "Name a document that is about no single person.")
    held = place
    for part in path.parts:
        held = held / part
        if held.is_symlink():
            return Refusal("is or passes a symbolic link.", "Put the file itself into the place's folder.")
    return None


def _of_file(place: Path, path: Path) -> Refusal | None:
    if not path.is_file():
        return Refusal("is not there.", "Put the file into the place's folder, or mend its name.")
    if path.suffix.lower() not in KINDS_OF_FILE:
        kind = path.suffix or "none"
        return Refusal(f"is of a kind ({kind}) that is no evidence.", f"Use {', '.join(KINDS_OF_FILE)}.")
    if _is_copy(place, path):
        return Refusal("is a copy of a file from a folder of persons.", "Take it out of the place, and of the answers.")
    try:
        texts = list(_texts(path.suffix.lower(), path.read_bytes()))
    except _CannotBeRead:
        return Refusal("cannot be read through.", "Save it again: text as UTF-8, or an office file without a password.")
    if any(holds_nhs_number(text) for text in texts):
        mend = "Take out whatever is about single persons; if it is no NHS number, write it with other spacing."
        return Refusal("holds what reads as an NHS number.", mend)
    if _holds_pseudonym(place, texts):
        return Refusal("holds a pseudonym of the record.", "Take out whatever is about single persons.")
    return None


class _CannotBeRead(Exception):
    """A file that says it is a text, document or workbook and is none."""


def _is_copy(place: Path, path: Path) -> bool:
    """Whether the file has the bytes of any file of a folder of persons; sizes are compared first."""
    size = path.stat().st_size
    alike = [
        held
        for folder in PERSON_LEVEL
        for held in sorted((place / folder).rglob("*"))
        if held.is_file() and held.stat().st_size == size
    ]
    return bool(alike) and sha256(path.read_bytes()) in {sha256(held.read_bytes()) for held in alike}


def _texts(suffix: str, content: bytes) -> Iterator[bytes]:
    """What can be read of a file as text; nothing of a PDF or a picture, whose text is packed or drawn."""
    if suffix in TEXTS:
        if b"\0" in content or not _is_utf8(content):
            raise _CannotBeRead
        yield content
    elif suffix in OFFICE:
        # A number is cut by marks inside a document, and never crosses the cells of a workbook.
        between = b"\n" if suffix in WORKBOOKS else b""
        for name, held in _unpacked(content):
            inner = PurePosixPath(name).suffix.lower()
            if inner in (".xml", ".txt", ".csv"):
                yield TAGS.sub(between, held)
            elif inner in OFFICE:
                yield from _texts(inner, held)


def _unpacked(content: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(held.file_size for held in packed.infolist()) > UNPACKED_MOST:
                raise _CannotBeRead
            yield from ((held.filename, packed.read(held)) for held in packed.infolist())
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        raise _CannotBeRead from None


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _holds_pseudonym(place: Path, texts: list[bytes]) -> bool:
    """Whether any long number of the texts is a pseudonym of the place's record, which is read only where one is."""
    found = {int(digits) for text in texts for digits in LONG_NUMBER.findall(text)}
    numbers = sorted(number for number in found if number <= LARGEST_PSEUDONYM)
    if not numbers or not has_record(place):
        return False
    held = pq.read_table(read_record(place).files("persons"), columns=["person"])["person"]
    return bool(pc.any(pc.is_in(held, value_set=pa.array(numbers, held.type))).as_py())


def holds_nhs_number(content: bytes) -> bool:
    """Whether any ten digits of a text read as an NHS number."""
    return any(_is_nhs_number(found.group()) for found in TEN_DIGITS.finditer(content))


def _is_nhs_number(written: bytes) -> bool:
    """Whether ten digits carry the check digit of an NHS number.

    Source   NHS Data Model and Dictionary, NHS NUMBER: weights 10 to 2, modulus 11.
    """
    digits = [int(chr(byte)) for byte in written if chr(byte).isdigit()]
    weighted = sum(digit * weight for digit, weight in zip(digits, range(LENGTH_OF_NHS_NUMBER, 1, -1), strict=False))
    return (MODULUS - weighted % MODULUS) % MODULUS == digits[-1] and len(set(digits)) > 1


def sha256(content: bytes) -> str:
    """The SHA-256 of bytes, as hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()
