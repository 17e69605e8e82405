"""Does the tutorial on corridors run, as it stands, and print what it shows?"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from commonweal.cli.group import commonweal

TUTORIAL = Path(__file__).resolve().parents[2] / "docs" / "tutorials" / "negotiate-a-corridor.md"
# Blocks are either run (console) or compared with what was printed since the block before (text).
BLOCK = re.compile(r"^```(console|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMANDS = 6


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _ran(command: str) -> str:
    program, *words = shlex.split(command)
    assert program == "commonweal"
    done = CliRunner().invoke(commonweal, words, catch_exceptions=False)
    assert done.exit_code == 0, f"{command}\n{done.output[-2000:]}"
    return _squeezed(done.output)


def test_the_tutorial_runs_and_prints_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    printed, commands = "", 0
    for kind, block in BLOCK.findall(TUTORIAL.read_text(encoding="utf-8")):
        if kind == "console":
            printed = " ".join(_ran(command) for command in block.splitlines())
            commands += len(block.splitlines())
        else:
            missing = [line for line in block.splitlines() if _squeezed(line) not in printed]
            assert not missing, f"not printed: {missing}\n{printed}"
    assert commands == COMMANDS
