"""What goes into the evidence pack of a checkpoint, and how is it the same bytes each time?

A ZIP file with an index, the register, the documents made from the place, the clauses of its contract and the files
that people named as evidence, each with its SHA-256. Files are sorted, stored as they are and carry one fixed time, so
the same place makes the same pack on any machine.
"""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from commonweal.contract.assurance.answers import EVIDENCE_BETWEEN
from commonweal.contract.assurance.asked import Asked
from commonweal.contract.assurance.documents import documents, rows_text
from commonweal.contract.assurance.evidence import holds_nhs_number, refusal, sha256
from commonweal.contract.assurance.found_of_contract import CLAUSES
from commonweal.contract.assurance.records import register_rows
from commonweal.contract.assurance.register import Register
from commonweal.core.errors import InputError, RuleBreach

INDEX = ("index.html", "index.csv")
REGISTER_FILE = "register.csv"
EVIDENCE = "evidence/"
# ZIP knows no time before this one.
FIXED_TIME = (1980, 1, 1, 0, 0, 0)
UNIX, READABLE = 3, 0o100644


@dataclass(frozen=True, slots=True)
class PackFile:
    """One file of a pack: its path there, what it is, and the questions it is evidence for; none: all of them."""

    file: str
    title: str
    questions: tuple[str, ...]
    content: bytes

    @property
    def digest(self) -> str:
        """The SHA-256 of its bytes."""
        return sha256(self.content)


def pack_files(asked: Asked, held: Register) -> tuple[PackFile, ...]:
    """Everything of a pack but its index, in order of path.

    Raises   RuleBreach naming a file that may not leave the place; the error of a document that cannot be made.
    """
    found = [
        PackFile(REGISTER_FILE, "The register: every question, finding and answer", (), _register(held)),
        *_documents(asked, held),
        *_clauses(asked, held),
        *_evidence(asked, held),
    ]
    return tuple(sorted(found, key=lambda file: file.file))


def _register(held: Register) -> bytes:
    return rows_text("assurance_register", register_rows(held))


def _documents(asked: Asked, held: Register) -> Iterator[PackFile]:
    for name, (title, content) in documents(asked, held.on).items():
        # The history and the findings carry words that people wrote.
        if holds_nhs_number(content) and name.startswith(("participation", "findings")):
            raise _breach(name, "holds what reads as an NHS number.", "Take it out of the place's files.")
        yield PackFile(name, title, _questions(held, name), content)


def _clauses(asked: Asked, held: Register) -> Iterator[PackFile]:
    for path in sorted(asked.place.contract.glob("*.yaml")):
        name = f"{CLAUSES}{path.name}"
        yield PackFile(
            name, "A clause, or dated values, of the contract", _questions(held, CLAUSES), _read(asked, name)
        )


def _evidence(asked: Asked, held: Register) -> Iterator[PackFile]:
    named: dict[str, list[str]] = {}
    for entry in held.entries:
        for path in entry.answer.evidence if entry.answer else ():
            named.setdefault(Path(path).as_posix(), []).append(entry.question.code)
    for path, questions in named.items():
        yield PackFile(f"{EVIDENCE}{path}", "Evidence that an answer names", tuple(questions), _read(asked, path))


def _read(asked: Asked, path: str) -> bytes:
    # Asked again just before it is read: the file may have changed since the answers were.
    refused = refusal(asked.place.path, path)
    if refused:
        raise _breach(path, refused.message, refused.mend)
    return (asked.place.path / path).read_bytes()


def _breach(path: str, message: str, mend: str) -> RuleBreach:
    return RuleBreach(f"{message} Nothing was packed.", where=path, mend=mend)


def _questions(held: Register, name: str) -> tuple[str, ...]:
    return tuple(e.question.code for e in held.entries if e.found is not None and name in e.found.documents)


def index_rows(files: Sequence[PackFile]) -> list[dict[str, Any]]:
    """One row per file of the pack, as tables/assurance.yaml says."""
    return [
        {
            "file": held.file,
            "title": held.title,
            "questions": EVIDENCE_BETWEEN.join(held.questions),
            "bytes": len(held.content),
            "sha256": held.digest,
        }
        for held in files
    ]


def packed(files: Sequence[PackFile], index_html: str) -> bytes:
    """The pack as the bytes of a ZIP file: the index first, then the files in order."""
    index = (index_html.encode(), rows_text("assurance_pack", index_rows(files)))
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as pack:
        for name, content in (*zip(INDEX, index, strict=True), *((held.file, held.content) for held in files)):
            entry = zipfile.ZipInfo(name, FIXED_TIME)
            entry.create_system, entry.external_attr = UNIX, READABLE << 16
            pack.writestr(entry, content)
    return written.getvalue()


def write_pack(path: Path, content: bytes) -> str:
    """Write a pack whole or not at all; one of the same name is replaced.

    Returns  its SHA-256.
    Raises   InputError for a name that is no ZIP file's, or a folder that is not there or cannot be written.
    """
    if path.suffix.lower() != ".zip" or path.is_dir():
        raise InputError("is not the name of a ZIP file.", where=str(path), mend="Name it as in checkpoint-1.zip")
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as error:
        mend = "Name a folder that is there and that you may write."
        raise InputError(f"cannot be written: {error.strerror}.", where=str(path), mend=mend) from None
    finally:
        beside.unlink(missing_ok=True)
    return sha256(content)
