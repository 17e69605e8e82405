"""How does a group list its commands without importing what they need?

A group is given one line a command: its name, and where it is. Help reads what a command does from the source of its
module; the module is imported when the command is asked for. This is the one place where anything is imported by name,
and only modules of `cli`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, MutableMapping
from importlib import import_module
from importlib.resources import files

import click

ROOM = "commonweal.cli"


class Listed(MutableMapping[str, click.Command]):
    """Commands by name, in the order given, each imported when it is first taken.

    Takes    lines: (name, `module:function`) for each command; the module is one of `cli`.
    """

    def __init__(self, *lines: tuple[str, str]) -> None:
        self._where = dict(lines)
        self._held: dict[str, click.Command] = {}

    def __getitem__(self, name: str) -> click.Command:
        if name not in self._held:
            module, _, function = self._where[name].partition(":")
            self._held[name] = getattr(import_module(f"{ROOM}.{module}"), function)
        return self._held[name]

    def __setitem__(self, name: str, command: click.Command) -> None:
        self._where.setdefault(name, "")
        self._held[name] = command

    def __delitem__(self, name: str) -> None:
        del self._where[name]
        self._held.pop(name, None)

    def __iter__(self) -> Iterator[str]:
        return iter(self._where)

    def __len__(self) -> int:
        return len(self._where)

    def __contains__(self, name: object) -> bool:
        # A mapping asks by taking the value, which would import it.
        return name in self._where

    def listed(self, name: str) -> click.Command:
        """A command as help lists it: itself where it is imported, else its name and what its source says it does."""
        if name in self._held:
            return self._held[name]
        module, _, function = self._where[name].partition(":")
        source = files(ROOM).joinpath(f"{module}.py").read_text(encoding="utf-8")
        written = (held for held in ast.parse(source).body if isinstance(held, ast.FunctionDef))
        said = {held.name: ast.get_docstring(held) for held in written}
        return click.Command(name, help=said[function])


class ListedGroup(click.Group):
    """A group whose commands are `Listed`: help shows them in the order given, and imports none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in the order given, which is that in which a place needs them."""
        return list(self.commands)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write each name with what its command does, cut to the width as Click cuts it."""
        commands = self.commands
        assert isinstance(commands, Listed)
        width = formatter.width - 6 - max(len(name) for name in commands)
        rows = [(name, commands.listed(name).get_short_help_str(width)) for name in commands]
        with formatter.section("Commands"):
            formatter.write_dl(rows)
