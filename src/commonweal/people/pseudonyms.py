"""Under what number does the record know a person, and who could turn it back?

A pseudonym is a keyed hash (BLAKE2b, 63 bits) of an NHS number. The key lies in the place's `identity` folder, or
wherever its keeper puts it, never in a record or a store; without it nobody can work a pseudonym out or turn one back.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from commonweal.core.errors import InputError

IDENTITY = "identity"
KEY_FILE = "pseudonym.key"
KEY_BYTES = 32
IGNORED = "*\n"


def identity_folder(place: Path) -> Path:
    """The folder of a place that holds what identifies people; made when it is not there, for its owner's eyes alone.

    It keeps itself out of version control.
    """
    folder = place / IDENTITY
    if not folder.is_dir():
        folder.mkdir(parents=True, mode=0o700)
        (folder / ".gitignore").write_text(IGNORED, encoding="utf-8")
    return folder


def place_key(place: Path, *, key_file: Path | None = None, new: bytes | None = None) -> bytes:
    """The key of a place's pseudonyms, made at random the first time unless another is handed in.

    Takes    key_file: where the key is kept; the place's identity folder when not given; new: the key to write where
             there is none, for people who are made up and must come out the same each time.
    Raises   InputError for a file that holds no key.
    """
    path = key_file or identity_folder(place) / KEY_FILE
    if not path.exists():
        _write_key(path, new or secrets.token_bytes(KEY_BYTES))
    text = path.read_text(encoding="ascii", errors="replace").strip()
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise InputError(
            "The file holds no key.",
            where=str(path),
            mend=f"A key is {2 * KEY_BYTES} hexadecimal digits. Without the old key no record can be added to.",
        )
    return key


def _write_key(path: Path, key: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(opened, "w", encoding="ascii") as file:
        file.write(key.hex() + "\n")


def pseudonym(number: str, key: bytes) -> int:
    """The pseudonym of one NHS number, or of another key that names one person."""
    digest = hashlib.blake2b(number.encode(), digest_size=8, key=key).digest()
    return int.from_bytes(digest, "big") >> 1


def pseudonyms(numbers: Iterable[str], key: bytes) -> NDArray[np.int64]:
    """The pseudonyms of many, in their order."""
    keyed = hashlib.blake2b(digest_size=8, key=key)

    def one(number: str) -> int:
        held = keyed.copy()
        held.update(number.encode())
        return int.from_bytes(held.digest(), "big") >> 1

    return np.fromiter((one(number) for number in numbers), dtype=np.int64)
