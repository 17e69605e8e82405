"""What do the parameters, tables, checks, commands, functions and exit codes say of themselves?

Writes docs/reference from the code: run `make docs`. A test fails when what stands there is out of date.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

import click

import commonweal as api
from commonweal.cli.group import commonweal
from commonweal.core.errors import KINDS
from commonweal.core.parameters import DatedValue, Parameter, read_parameters
from commonweal.core.tables import ColumnDefinition, TableDefinition, definitions
from commonweal.people.loading.rules import RULES as LOADING_RULES
from commonweal.place.checks.run import RULES

REFERENCE = Path(__file__).resolve().parent / "reference"
WRITTEN = "<!-- Written from the code by docs/generate_reference.py: run `make docs`. -->"
OTHER_EXIT_CODES = {
    0: ("done", "What was asked for is done."),
    1: ("unforeseen", "Something that should not happen; `COMMONWEAL_DEBUG=1` shows where."),
    2: ("wrong option", "An option or argument is not one the command has; its help says which are."),
    130: ("interrupted", "Stopped from the keyboard; the last good store stands."),
}


def pages() -> dict[str, str]:
    """Every page of the reference by file name."""
    return {
        "parameters.md": _page("Parameters", _parameters()),
        "tables.md": _page("Tables", _tables()),
        "checks.md": _page("Checks", _checks()),
        "commands.md": _page("Commands", _commands()),
        "python.md": _page("Python", _python()),
        "exit-codes.md": _page("Exit codes", _exit_codes()),
    }


def write_reference() -> None:
    """Write every page; others in the folder are written by hand and left alone."""
    REFERENCE.mkdir(exist_ok=True)
    for name, text in pages().items():
        (REFERENCE / name).write_text(text, encoding="utf-8")


def _page(title: str, blocks: Iterable[str]) -> str:
    return "\n\n".join([f"# {title}", WRITTEN, *(block for block in blocks if block)]) + "\n"


def _row(cells: Iterable[object]) -> str:
    return "| " + " | ".join(" ".join(str(cell).split()).replace("|", "\\|") for cell in cells) + " |"


def _table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    return "\n".join([_row(headings), "|" + "---|" * len(headings), *(_row(row) for row in rows)])


def _opening_comment(text: str) -> str:
    """The comment a YAML file opens with, as one paragraph."""
    lines = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.removeprefix("#").strip())
    return " ".join(lines)


def _in_package(folder: str) -> dict[str, str]:
    held = sorted((files("commonweal") / folder).iterdir(), key=lambda entry: entry.name)
    return {entry.name: entry.read_text(encoding="utf-8") for entry in held if entry.name.endswith(".yaml")}


def _parameters() -> Iterator[str]:
    yield (
        "Every number of policy, with what it means, its unit, and each value with the day it holds from, its status "
        "and its source. `published`: the source says it. `derived`: worked out from what sources say, and it says "
        "how. `illustrative`: nobody has published it; it is there to be replaced. A place replaces any of them with a "
        "file of the same form in its `contract/` folder ([how](../how-to/override-a-parameter.md))."
    )
    for name, text in _in_package("parameters").items():
        yield f"## {name}"
        yield _opening_comment(text)
        for parameter in read_parameters(text, name).values():
            yield from _parameter(parameter)


def _parameter(parameter: Parameter) -> Iterator[str]:
    yield f"### {parameter.label}"
    yield f"`{parameter.name}`, {parameter.unit}. {parameter.meaning}"
    if any(_is_large(held.value) for held in parameter.values):
        for held in parameter.values:
            yield f"From {held.start}, {held.status}: {_cited(held)}"
            yield _large(held.value)
    else:
        rows = [(held.start, _small(held.value), held.status, _cited(held)) for held in parameter.values]
        yield _table(("from", "value", "status", "source"), rows)


def _cited(held: DatedValue) -> str:
    source = f"[{held.source}]({held.source.url})" if held.source.url else str(held.source)
    return ". ".join(part.rstrip(".") for part in (source, held.how.strip(), held.note.strip()) if part) + "."


def _is_large(value: Any) -> bool:
    return isinstance(value, Mapping) or (isinstance(value, list) and any(isinstance(part, Mapping) for part in value))


def _small(value: Any) -> str:
    return ", ".join(map(_small, value)) if isinstance(value, list) else str(value)


def _large(value: Any) -> str:
    if isinstance(value, Mapping):
        return _table(("name", "value"), [(key, _nested(held)) for key, held in value.items()])
    headings = list(dict.fromkeys(key for row in value for key in row))
    return _table(headings, [[_nested(row.get(key, "")) for key in headings] for row in value])


def _nested(value: Any) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_nested(held)}" for key, held in value.items())
    return ", ".join(map(_nested, value)) if isinstance(value, list) else str(value)


def _tables() -> Iterator[str]:
    yield (
        "Every column of every table: what a published file must hold, what a place keeps, and what a build publishes. "
        "Key columns are in bold."
    )
    held = definitions()
    for name, text in _in_package("tables").items():
        yield f"## {name}"
        yield _opening_comment(text)
        for table in (table for table in held.values() if f"\n{table.name}:" in f"\n{text}"):
            yield from _columns(table)


def _columns(table: TableDefinition) -> Iterator[str]:
    yield f"### {table.name}"
    yield f"Grain: {table.grain}." + (f" Source: {table.source.rstrip('.')}." if table.source else "")
    rows = [
        (
            f"**{column.name}**" if column.key else column.name,
            column.type,
            column.unit,
            _meaning(column),
            column.null_means,
        )
        for column in table
    ]
    yield _table(("column", "type", "unit", "meaning", "null means"), rows)


def _meaning(column: ColumnDefinition) -> str:
    published = " or ".join(f"`{heading}`" for heading in column.published_as)
    return f"{column.meaning} Published as {published}." if published else column.meaning


def _checks() -> Iterator[str]:
    yield (
        "What `commonweal check` looks for. Each finding names the file, the row as a spreadsheet counts it, the "
        "column, the rule below, and the mend."
    )
    yield _table(("rule", "what it finds"), [(f"`{rule}`", meaning) for rule, meaning in RULES.items()])
    yield "## commonweal people load"
    yield "What loading a record looks for, and what becomes of the row."
    rows = [(f"`{name}`", rule.severity, rule.meaning, rule.outcome) for name, rule in LOADING_RULES.items()]
    yield _table(("rule", "kind", "what it finds", "the row is"), rows)


def _commands() -> Iterator[str]:
    yield "Every command, as its `--help` says it."
    yield from _command(commonweal, click.Context(commonweal, info_name="commonweal", **commonweal.context_settings))


def _command(command: click.Command, context: click.Context) -> Iterator[str]:
    yield f"## {context.command_path}"
    context.terminal_width = context.max_content_width = 110
    yield f"```text\n{command.get_help(context)}\n```"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            if below is not None and not below.hidden:
                yield from _command(below, click.Context(below, parent=context, info_name=name))


def _python() -> Iterator[str]:
    yield "What `import commonweal` offers: the same functions that the commands call."
    yield f"```text\n{inspect.getdoc(api)}\n```"
    for name in api.__all__:
        held = getattr(api, name)
        yield f"## {name}"
        if inspect.isclass(held):
            yield f"```text\n{inspect.getdoc(held) or ''}\n```"
            members = list(_members(held))
            yield _table(("of it", "gives"), members) if members else ""
        else:
            yield f"```python\n{name}{_signature(held)}\n```"
            yield f"```text\n{inspect.getdoc(held) or ''}\n```"


def _members(held: type) -> Iterator[tuple[str, str]]:
    """What a class offers beyond its fields, with the first sentence of each."""
    for name, member in vars(held).items():
        if name.startswith("_") or not (inspect.isfunction(member) or isinstance(member, property | cached_property)):
            continue
        shown = f"`{name}{_signature(member)}`" if inspect.isfunction(member) else f"`{name}`"
        yield shown.replace("(self, ", "(").replace("(self)", "()"), (inspect.getdoc(member) or "").partition("\n\n")[0]


def _signature(held: Any) -> str:
    # A default that is a function prints its address, which no two runs share.
    return re.sub(r"<function .*? at 0x[0-9a-f]+>", "...", str(inspect.signature(held)).replace("'", ""))


def _exit_codes() -> Iterator[str]:
    yield "How a command ends, for scripts."
    kinds = {kind.exit_code: (kind.kind, inspect.getdoc(kind) or "") for kind in KINDS}
    rows = sorted({**OTHER_EXIT_CODES, **kinds}.items())
    yield _table(("code", "kind", "meaning"), [(code, kind, meaning) for code, (kind, meaning) in rows])


if __name__ == "__main__":
    write_reference()
