"""A place without people, and small records made up in copies of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from commonweal.demonstration import make_demonstration
from commonweal.people.record import TABLES, Record
from commonweal.people.synthesis.record import synthesise_record
from commonweal.place.folder import read_place
from commonweal.place.inputs import place_inputs

# Three blocks of people, so that there is something to do side by side.
PEOPLE, YEARS = 9_000, 2

Query = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration place without people; not to be changed."""
    place = make_demonstration(tmp_path_factory.mktemp("places") / "wherrydale", people=False)
    place_inputs(place)
    return place.path


@pytest.fixture(scope="session")
def synthesised(bare: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., tuple[Path, Record]]:
    """Makes up people in a copy of the place."""

    def make(**asked: Any) -> tuple[Path, Record]:
        path = Path(shutil.copytree(bare, tmp_path_factory.mktemp("made") / "place"))
        held = {"people": PEOPLE, "years": YEARS, "workers": 1, **asked}
        return path, synthesise_record(place_inputs(read_place(path)), **held)

    return make


@pytest.fixture(scope="session")
def small(synthesised: Callable[..., tuple[Path, Record]]) -> tuple[Path, Record]:
    """A small record and its place; not to be changed."""
    return synthesised()


@pytest.fixture(scope="session")
def ask(small: tuple[Path, Record]) -> Query:
    """Asks the small record, and who its people are, in SQL."""
    path, record = small
    engine = duckdb.connect()
    for table in TABLES:
        engine.execute(f"create view {table} as from '{record.files(table)}'")
    engine.execute(f"create view identity as from '{path / 'identity' / 'people.parquet'}'")
    return lambda words: engine.sql(words).fetchall()
