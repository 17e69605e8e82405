"""The demonstration place, opened with whatever is written into a copy of its folder."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from commonweal.core.findings import Finding
from commonweal.demonstration import make_demonstration
from commonweal.opened import OpenPlace
from commonweal.place.checks.run import check
from commonweal.place.folder import read_place
from commonweal.place.inputs import Inputs, place_inputs

HEADING = "question,rating,owner,date,evidence,note"


@pytest.fixture(scope="session")
def read(tmp_path_factory: pytest.TempPathFactory) -> Inputs:
    """The demonstration place's files, read once."""
    place = make_demonstration(tmp_path_factory.mktemp("places") / "wherrydale", people=False)
    return place_inputs(place)


@pytest.fixture(scope="session")
def checked(read: Inputs) -> tuple[Finding, ...]:
    """What the checks found in them, which is the same whatever the contract says."""
    return tuple(check(read))


@pytest.fixture
def folder(read: Inputs, tmp_path: Path) -> Path:
    """A copy of the place's folder to write into, without the contract that comes with the demonstration."""
    copied = Path(shutil.copytree(read.place.path, tmp_path / "place"))
    shutil.rmtree(copied / "contract", ignore_errors=True)
    (copied / "contract").mkdir()
    return copied


@pytest.fixture
def opened(read: Inputs, checked: tuple[Finding, ...], folder: Path) -> Callable[[], OpenPlace]:
    """Opens the folder as it is now."""

    def now() -> OpenPlace:
        held = OpenPlace(read_place(folder), inputs=read)
        held.findings = checked
        return held

    return now


@pytest.fixture
def answer(folder: Path) -> Callable[..., Path]:
    """Writes rows of answers under the heading."""

    def write(*rows: str, heading: str = HEADING) -> Path:
        path = folder / "contract" / "assurance.csv"
        path.write_text("\n".join((heading, *rows)) + "\n", encoding="utf-8")
        return path

    return write
