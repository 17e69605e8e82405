"""Does the page on performance pay run, as it stands, and print what it shows?"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from commonweal.cli.group import commonweal

PAGE = Path(__file__).resolve().parents[3] / "docs" / "how-to" / "pay-for-performance.md"
# Files are written (after "into `name`:"), console blocks run, text blocks compared with what was printed before.
BLOCK = re.compile(r"(?:into `([\w./]+)`:\n\n)?^```(console|text|csv|yaml)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMANDS = 5
FILES = 4


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _ran(command: str) -> str:
    program, *words = shlex.split(command)
    assert program == "commonweal"
    done = CliRunner().invoke(commonweal, words, catch_exceptions=False)
    assert done.exit_code == 0, f"{command}\n{done.output[-2000:]}"
    return _squeezed(done.output)


def test_the_page_runs_and_prints_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    printed, commands, files = "", 0, 0
    for name, kind, block in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        if kind == "console":
            printed = " ".join(_ran(command) for command in block.splitlines())
            commands += len(block.splitlines())
        elif kind == "text":
            missing = [line for line in block.splitlines() if _squeezed(line) not in printed]
            assert not missing, f"not printed: {missing}\n{printed}"
        else:
            assert name, f"a file without a name:\n{block}"
            (tmp_path / name).write_text(block, encoding="utf-8")
            files += 1
    assert (commands, files) == (COMMANDS, FILES)
