"""Is every abbreviation that a reader meets explained?"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from commonweal.cli.group import commonweal
from commonweal.core.parameters import library
from commonweal.core.tables import definitions

ROOT = Path(__file__).resolve().parents[2]
CAPITALS = re.compile(r"\b[A-Z]{2,6}\b")
# Words that stand in capitals for another reason: parts of published headings, what a command line asks for, and what
# the cells of national flows say.
NOT_ABBREVIATIONS = {
    *("DID", "NOT", "ATTEND", "DNA", "SEEN", "KNOWN", "STATED", "NA", "MALE", "FEMALE"),
    "NAME",
    "DIR",
    "FOLDER",
    "WHERE",
    "FILE",
    "CODE",
    "PRACTICE",
    "OPTION",
    "DATE",
    "MONTH",
    "YEAR",
    "ALL",
    "LAT",
    "LON",
}
# Abbreviations of the field that names in the code may be made of.
CONTRACTS = {"apms", "cquin", "des", "gms", "ips", "isap", "mpig", "pms", "qof", "tupe", "wpb"}
BODIES = {"ccg", "icb", "iho", "lad", "lmc", "mcp", "mdt", "mnp", "ods", "pcn", "snp"}
IN_NAMES = CONTRACTS | BODIES | {"gbp", "hrg", "imd"}


def _explained() -> set[str]:
    text = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
    return set(re.findall(r"^\| ([A-Z]{2,6}) \|", text, re.MULTILINE))


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for held in value.values():
            yield from _leaves(held)
    elif isinstance(value, list):
        for held in value:
            yield from _leaves(held)
    else:
        yield str(value)


def _command_texts(command: click.Command) -> Iterator[str]:
    yield command.help or ""
    for held in command.params:
        yield getattr(held, "help", "") or ""
    if isinstance(command, click.Group):
        for below in command.commands.values():
            yield from _command_texts(below)


def _texts() -> Iterator[str]:
    """What parameters, tables and commands say to a reader."""
    for parameter in library().values():
        yield from (parameter.label, parameter.meaning, parameter.unit)
        for held in parameter.values:
            yield from (held.source.title, held.source.where, held.how, held.note, *_leaves(held.value))
    for table in definitions().values():
        yield from (table.grain, table.source)
        for column in table:
            yield from (column.unit, column.meaning, column.null_means)
    yield from _command_texts(commonweal)


def test_every_abbreviation_in_parameters_tables_and_commands_is_in_the_glossary():
    met = {word for text in _texts() for word in CAPITALS.findall(text)}
    assert met - NOT_ABBREVIATIONS - _explained() == set()


def test_every_abbreviation_in_a_name_of_the_code_is_in_the_glossary():
    words = set()
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = (getattr(node, field, None) for field in ("id", "name", "attr", "arg"))
            words |= {part for name in names if isinstance(name, str) for part in name.lower().split("_")}
    used = {word.removesuffix("s") if word.removesuffix("s") in IN_NAMES else word for word in words} & IN_NAMES
    assert "pcn" in used, "no name was read"
    assert {word.upper() for word in used} - _explained() == set()


def test_the_glossary_is_in_order_and_says_each_thing_once():
    text = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| ([A-Z]{2,6}) \|", text, re.MULTILINE)
    assert listed == sorted(set(listed))
