"""Is every key that a command prints as JSON in the manual?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

MANUAL = Path(__file__).resolve().parents[2] / "docs" / "reference" / "json.md"

# Keys of these hold names (practices, steps, tables, figures), not terms.
HOLD_NAMES = {"practices_taking_part", "seconds", "figures", "table"}
COMMANDS = (
    ("check",),
    ("form", "--dry-run"),
    ("budget", "--explain"),
    ("options",),
    ("options", "--practice", "X90001"),
    ("participate",),
    ("statement", "--month", "2026-05"),
    ("contract year",),
    ("contract fact",),
    ("contract assure",),
    ("build",),
)


def keys(held: object) -> Iterator[str]:
    if isinstance(held, dict):
        for key, value in held.items():
            yield key
            if key == "rows" and isinstance(value, dict):
                continue
            if key not in HOLD_NAMES:
                yield from keys(value)
    elif isinstance(held, list):
        for value in held:
            yield from keys(value)


def documented() -> set[str]:
    return set(re.findall(r"`([a-z_]+)`", MANUAL.read_text(encoding="utf-8")))


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_key_is_in_the_manual(run, place, words):
    command, *options = words
    found = set(keys(run(*command.split(), place, *options, "--format", "json").json()))
    assert found <= documented(), sorted(found - documented())


def test_every_key_of_a_verification_is_in_the_manual(run, made):
    path = next((made / "lists").glob("gp_payments_2022-23*"))
    found = set(keys(run("verify", "practice-payments", path, "--format", "json").json()))
    assert found <= documented(), sorted(found - documented())


def test_every_key_of_a_new_place_is_in_the_manual(run, made, tmp_path):
    words = ("--name", "New", "--practices-from", made / "lists", "--lad", "Wherrydale", "--format", "json")
    found = set(keys(run("new", tmp_path / "new", *words).json()))
    assert found <= documented(), sorted(found - documented())
