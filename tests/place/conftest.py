"""The made-up country's files, and how a test changes them."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from commonweal.core.engine import duckdb_engine
from commonweal.place.demonstration import write_demonstration_files
from commonweal.place.folder import Place, new_place
from commonweal.place.published.reading import Published, published_paths, read_published
from commonweal.place.selection import Selection

Rows = list[list[str]]
Change = Callable[[Rows], None]


@pytest.fixture(scope="session")
def made_up_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of the made-up country's files, not to be changed."""
    folder = tmp_path_factory.mktemp("made_up")
    write_demonstration_files(folder)
    return folder


@pytest.fixture(scope="session")
def made_up(made_up_files: Path) -> Published:
    """The made-up country's files read."""
    return read_published(duckdb_engine(), published_paths(made_up_files))


@pytest.fixture
def files(made_up_files: Path, tmp_path: Path) -> Path:
    """A copy of the files that a test may change."""
    folder = tmp_path / "files"
    shutil.copytree(made_up_files, folder)
    return folder


@pytest.fixture(scope="session")
def made_up_place(made_up_files: Path, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The demonstration district as a place, not to be changed."""
    return make_place(tmp_path_factory.mktemp("place") / "wherrydale", made_up_files)


def make_place(path: Path, files: Path, **selection: tuple[str, ...]) -> Place:
    """A place made from a folder of files; the demonstration district when no selection is given."""
    chosen = Selection(**(selection or {"lad": ("Wherrydale",)}))
    return new_place(path, name="Wherrydale", practices_from=files, selection=chosen, contract_start=date(2026, 4, 1))


def rewrite(path: Path, change: Change) -> None:
    """Change a CSV file's rows, headings first, in place."""
    with path.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.reader(opened))
    change(rows)
    with path.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened, lineterminator="\n").writerows(rows)


def setting(row: int, heading: str, text: str) -> Change:
    """The change that puts a text into a cell; rows as a spreadsheet counts them."""

    def change(rows: Rows) -> None:
        rows[row - 1][rows[0].index(heading)] = text

    return change


def without_column(heading: str) -> Change:
    """The change that takes a column out."""

    def change(rows: Rows) -> None:
        position = rows[0].index(heading)
        for row in rows:
            del row[position]

    return change
