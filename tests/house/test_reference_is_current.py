"""Does the reference say what the code says, and say it of everything?"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import click
import pytest

from commonweal.cli.group import commonweal
from commonweal.core.parameters import library
from commonweal.core.tables import definitions
from commonweal.place.checks.run import RULES

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "docs" / "reference"
KEBAB = re.compile(r'"([a-z]+(?:-[a-z]+)+)"')


def _generator() -> ModuleType:
    found = importlib.util.spec_from_file_location("generate_reference", ROOT / "docs" / "generate_reference.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def _commands(command: click.Command, path: tuple[str, ...]) -> Iterator[tuple[str, click.Command]]:
    yield " ".join(path), command
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            yield from _commands(below, (*path, name))


EVERY_COMMAND = [pytest.param(name, held, id=name) for name, held in _commands(commonweal, ("commonweal",))]


def test_the_reference_is_what_the_code_would_write():
    made = _generator().pages()
    written = {path.name: path.read_text(encoding="utf-8") for path in REFERENCE.glob("*.md")}
    claimed = {name for name, text in written.items() if _generator().WRITTEN in text}
    assert claimed == set(made)
    stale = [name for name, text in made.items() if written[name] != text]
    assert not stale, f"out of date: {', '.join(stale)}; run: make docs"


@pytest.mark.parametrize(("name", "command"), EVERY_COMMAND)
def test_a_command_is_documented_and_so_is_each_of_its_options(name: str, command: click.Command):
    assert f"\n## {name}\n" in (REFERENCE / "commands.md").read_text(encoding="utf-8")
    assert command.help, "no help"
    silent = [
        option.opts[0]
        for option in command.params
        if isinstance(option, click.Option) and not (option.help or "").strip()
    ]
    assert not silent, f"options without help: {', '.join(silent)}"


def test_every_parameter_is_documented():
    text = (REFERENCE / "parameters.md").read_text(encoding="utf-8")
    assert not [name for name in library() if f"\n`{name}`, " not in text]


@pytest.mark.parametrize("name", sorted(definitions()))
def test_every_column_of_a_table_is_documented(name: str):
    table = definitions()[name]
    text = (REFERENCE / "tables.md").read_text(encoding="utf-8")
    assert f"\n### {name}\n" in text
    assert table.grain.startswith("one row per"), f"{name} does not say its grain"
    assert not [column.name for column in table if not column.meaning.strip()]
    section = text.partition(f"\n### {name}\n")[2].partition("\n### ")[0]
    assert not [column.name for column in table if f"| {column.name} |" not in section.replace("**", "")]


@pytest.mark.parametrize("name", sorted(definitions()))
def test_a_column_of_numbers_has_a_unit(name: str):
    numbers = ("decimal", "int", "float")
    assert not [c.name for c in definitions()[name] if c.type.startswith(numbers) and not c.unit and c.name != "row"]


def test_every_rule_that_a_finding_can_name_is_documented():
    modules = [path.read_text(encoding="utf-8") for path in (ROOT / "src" / "commonweal" / "place").rglob("*.py")]
    findings = [text for text in modules if "Finding(" in text]
    named = {rule for text in findings for rule in KEBAB.findall(text)}
    assert findings
    assert named == set(RULES)
