"""Does the command start without importing what nobody asked for, and still list everything there is?"""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import click
import pytest

import commonweal as api
from commonweal.cli.group import commonweal
from commonweal.cli.listed_group import Listed, ListedGroup

HEAVY = ("scipy", "sklearn", "lightgbm", "ibis", "duckdb", "reportlab", "commonweal.build", "commonweal.opened")
SHOW_IMPORTED = f"import sys; print([name for name in {HEAVY!r} if name in sys.modules])"


def listed_groups(group: click.Command, path: str) -> list[tuple[str, ListedGroup]]:
    """Every group that lists its commands by name, with its path."""
    below = [held for name in getattr(group, "commands", ()) for held in listed_groups(group.commands[name], name)]
    return [(path, group), *below] if isinstance(group, ListedGroup) else below


GROUPS = [pytest.param(group, id=path) for path, group in listed_groups(commonweal, "commonweal")]


def printed(program: str) -> str:
    """What a program prints in a process of its own."""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return done.stdout


def test_the_groups_that_list_by_name_are_found():
    assert len(GROUPS) >= 5


@pytest.mark.parametrize("group", GROUPS)
def test_help_says_of_each_command_what_the_command_says_itself(group):
    fresh = Listed(*group.commands._where.items())
    for name, command in group.commands.items():
        assert command.name == name
        assert fresh.listed(name).get_short_help_str(1000) == command.get_short_help_str(1000)


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["contract", "--help"], ["nonsense"]], ids=" ".join)
def test_help_imports_nothing_heavy(words):
    program = (
        "from commonweal.cli.group import commonweal\n"
        f"try:\n    commonweal({words!r})\nexcept SystemExit:\n    pass\n"
        f"{SHOW_IMPORTED}"
    )
    assert printed(program).splitlines()[-1] == "[]"


def test_a_command_that_is_asked_for_is_imported_and_no_other():
    program = (
        "from commonweal.cli.group import commonweal\n"
        "try:\n    commonweal(['contract', 'list', '--format', 'csv'])\nexcept SystemExit:\n    pass\n"
        "import sys; print([n for n in ('lightgbm', 'commonweal.cli.contract_risk_commands') if n in sys.modules])"
    )
    assert printed(program).splitlines()[-1] == "[]"


def test_a_name_that_is_no_command_is_told(run):
    done = run("contract", "nonsense")
    assert done.code == 2
    assert "No such command 'nonsense'" in done.err


def test_importing_commonweal_imports_nothing_heavy():
    assert printed(f"import commonweal; {SHOW_IMPORTED}").strip() == "[]"


def test_every_public_name_is_found_where_it_lives_and_type_checkers_are_told_the_same():
    tree = ast.parse(Path(api.__file__).read_text(encoding="utf-8"))
    told = {
        alias.name: node.module
        for branch in tree.body
        if isinstance(branch, ast.If)
        for node in ast.walk(branch)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    lives = {name: module for module, names in api.HOMES.items() for name in names}
    assert told == lives
    assert sorted(lives) == api.__all__ == dir(api)
    for name in api.__all__:
        assert getattr(api, name) is not None


def test_a_name_that_is_not_public_is_no_attribute():
    with pytest.raises(AttributeError, match="has no attribute 'nonsense'"):
        _ = api.nonsense


def test_a_command_may_be_added_and_taken_away_as_from_any_mapping():
    held = Listed(("list", "contract_clause_commands:contract_list_command"))
    held["more"] = click.Command("more", help="More of it.")
    assert list(held) == ["list", "more"]
    assert held.listed("more").get_short_help_str() == "More of it."
    del held["more"]
    assert len(held) == 1
    assert "more" not in held
