"""The demonstration place, made once, and the command as a user runs it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from commonweal.demonstration import make_demonstration


class Ran:
    """What a command did: its exit code, what it printed, and what it said beside."""

    def __init__(self, done: subprocess.CompletedProcess[str]) -> None:
        self.code, self.out, self.err = done.returncode, done.stdout, done.stderr

    def json(self) -> Any:
        """What it printed, read as JSON."""
        assert self.code == 0, self.err
        return json.loads(self.out)


@pytest.fixture(scope="session")
def run() -> Callable[..., Ran]:
    """Run `commonweal` with arguments in a process of its own."""

    def command(*arguments: object) -> Ran:
        words = [sys.executable, "-c", "from commonweal.cli import main; main()", *map(str, arguments)]
        return Ran(subprocess.run(words, capture_output=True, text=True, timeout=300, check=False))

    return command


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration place; not to be changed."""
    return make_demonstration(tmp_path_factory.mktemp("places") / "wherrydale").path


@pytest.fixture
def place(made: Path, tmp_path: Path) -> Path:
    """A copy of the demonstration place to change."""
    return Path(shutil.copytree(made, tmp_path / "place"))
