"""How are a few rows loaded into a place of two practices, and what was told of them?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from commonweal.core.parameters import library
from commonweal.people.loading.load import load_record
from commonweal.people.loading.loaded import Loaded
from commonweal.people.pseudonyms import place_key, pseudonym
from commonweal.people.record import read_record
from commonweal.place.folder import Place


@dataclass(frozen=True)
class Load:
    """A loading and the place it was made in."""

    place: Place
    loaded: Loaded

    def told(self, rule: str) -> dict[tuple[str, str], tuple[list[int], int]]:
        """The rows named and the number set aside of a rule, by file and column."""
        return {(one.file, one.column): (list(one.first), one.aside) for one in self.loaded.counts if one.rule == rule}

    def rows(self, table: str, number: str = "") -> list[dict[str, Any]]:
        """Rows of a table of the record, all or one person's."""
        record = read_record(self.place.path)
        where = record.path / "activity" if table == "activity" else record.path / f"{table}.parquet"
        held = pq.read_table(where).to_pylist()
        return [row for row in held if row["person"] == self.person(number)] if number else held

    def aside(self, file: str) -> dict[int, str]:
        """The rule by which each row of a file is set aside, from what lies in the identity folder."""
        paths = [path for path in self.loaded.set_aside if path.name.rpartition("-")[0] == file.removesuffix(".csv")]
        rows = [row for path in paths for row in pq.read_table(path).to_pylist()]
        return {row["set_aside_row"]: row["set_aside_rule"] for row in rows}

    def person(self, number: str) -> int:
        """The pseudonym of an NHS number."""
        return pseudonym(number, place_key(self.place.path))


@pytest.fixture(scope="session")
def place_at() -> Callable[[Path], Place]:
    """A function that makes a place of the practices X90001 and X90002 in a folder."""

    def make(folder: Path) -> Place:
        folder.mkdir(parents=True, exist_ok=True)
        return Place(folder, "Here", "Q", "Board", {}, ("X90001", "X90002"), date(2023, 4, 1), {}, "", False)

    return make


@pytest.fixture(scope="session")
def loading(place_at: Callable[[Path], Place]) -> Callable[..., Load]:
    """A function that loads texts of CSV files, by name, into the place of a folder; errors are tolerated."""

    def load(folder: Path, texts: dict[str, str], **options: Any) -> Load:
        files = folder / "files"
        files.mkdir(parents=True, exist_ok=True)
        paths = []
        for name, text in texts.items():
            paths.append(files / f"{name}.csv")
            paths[-1].write_text(text, encoding="utf-8")
        place = place_at(folder / "place")
        return Load(place, load_record(place, paths, parameters=library(), **{"tolerate": 1_000, **options}))

    return load
