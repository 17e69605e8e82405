"""How does a command print what it found: as text, JSON or CSV?"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from commonweal.core.csv_text import csv_text
from commonweal.web.document import Document
from commonweal.web.terminal import plain_terminal_text, print_document

FORMATS = ("text", "json", "csv")
PIPED_WIDTH = 160

format_option = click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="How to print the result; the keys of JSON and CSV are stable, and money is text with two decimals.",
)


def show(
    form: str,
    *,
    document: Callable[[], Document],
    data: Callable[[], Mapping[str, Any]],
    rows: Callable[[], Sequence[Mapping[str, Any]]],
) -> None:
    """Print a result in the form asked for; only that form is made."""
    if form == "json":
        click.echo(json.dumps(data(), indent=2, ensure_ascii=False, default=str))
    elif form == "csv":
        click.echo(csv_text(rows()), nl=False)
    else:
        console = Console(width=None if sys.stdout.isatty() else PIPED_WIDTH, highlight=False)
        print_document(document(), console)


@contextmanager
def progress(quiet: bool = False) -> Iterator[Callable[[str, float], None]]:
    """A progress line on standard error while something takes longer than a moment; silent when not a terminal.

    Yields   a function to call with what is being done and the share done, 0 to 1.
    """
    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield lambda step, share: None
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("Starting", total=1.0)
        yield lambda step, share: bar.update(task, description=plain_terminal_text(step), completed=share)


def say(text: str) -> None:
    """A sentence for the person at the terminal, on standard error, so that results stay clean."""
    click.echo(plain_terminal_text(text), err=True)
