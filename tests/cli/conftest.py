"""The demonstration place, made once, and the command as a user runs it."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from commonweal.cli import main
from commonweal.demonstration import make_demonstration
from commonweal.place.inputs import place_inputs


class Ran:
    """What a command did: its exit code, what it printed, and what it said beside."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    def json(self) -> Any:
        """What it printed, read as JSON."""
        assert self.code == 0, self.err
        return json.loads(self.out)


def command(*arguments: object) -> Ran:
    """Run `commonweal` with arguments, from its entry point to its exit code, in this process to save its start."""
    out, err, before = io.StringIO(), io.StringIO(), sys.argv
    sys.argv = ["commonweal", *map(str, arguments)]
    code = 0
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            main()
    except SystemExit as ended:
        code = int(ended.code or 0)
    finally:
        sys.argv = before
    return Ran(code, out.getvalue(), err.getvalue())


@pytest.fixture(scope="session")
def run() -> Callable[..., Ran]:
    """The command, to be called with its arguments."""
    return command


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration place, read once; not to be changed."""
    place = make_demonstration(tmp_path_factory.mktemp("places") / "wherrydale", people=False)
    place_inputs(place)
    return place.path


@pytest.fixture
def place(made: Path, tmp_path: Path) -> Path:
    """A copy of the demonstration place to change."""
    return Path(shutil.copytree(made, tmp_path / "place"))
