"""The commands for the whole way through: `build`, `report`, `serve`, `demo`."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from commonweal.budget.records import money
from commonweal.build import Built, build_place
from commonweal.cli.money_commands import year_option
from commonweal.cli.output import format_option, progress, say, show
from commonweal.cli.place_commands import place_argument
from commonweal.core.engine import ENGINES
from commonweal.core.errors import NotAPlace
from commonweal.core.findings import counts
from commonweal.core.periods import month
from commonweal.demonstration import make_demonstration
from commonweal.web.document import Block, Column, Document, Meta, Paragraph, Table
from commonweal.web.pages.headlines import headline_blocks
from commonweal.web.report import write_report
from commonweal.web.serve import serve

engine_option = click.option(
    "--engine",
    type=click.Choice(ENGINES),
    default="duckdb",
    show_default=True,
    help="What the record of the place's people is worked out on.",
)
master_option = click.option(
    "--master", default="local[2]", show_default=True, help="Where Spark runs, as in spark://host:7077."
)
month_option = click.option("--month", "month_text", help="Month of the statement; the contract's first otherwise.")


@click.command("build")
@place_argument
@year_option
@month_option
@engine_option
@master_option
@format_option
def build_command(
    place_folder: Path, year: str | None, month_text: str | None, engine: str, master: str, form: str
) -> None:
    """Build a place, the whole way through, and publish a new store; the last good one stays if it stops."""
    show_built(_built(place_folder, year, month_text, engine, master), form)


def show_built(built: Built, form: str) -> None:
    """Print a build's headline tables and how long each step took."""
    show(
        form,
        document=lambda: built_document(built),
        data=lambda: built_record(built),
        rows=lambda: [{"step": name, "seconds": round(taken, 3)} for name, taken in built.seconds.items()],
    )


def built_document(built: Built) -> Document:
    """The headline tables, and the build's steps."""
    rows = tuple((name, Decimal(f"{taken:.2f}")) for name, taken in built.seconds.items())
    total = ("All", sum((row[1] for row in rows), Decimal(0)))
    blocks: tuple[Block, ...] = (
        *headline_blocks(built),
        Table("Steps", (Column("Step"), Column("Seconds", "number", places=2)), rows, total),
        Paragraph(f"The store is {built.store.path}"),
    )
    return Document(f"{built.opened.place.name} is built", blocks, meta=Meta(built.opened.place.name))


def built_record(built: Built) -> Mapping[str, Any]:
    """A build as data."""
    return {
        "place": built.opened.place.name,
        "store": str(built.store.path),
        "manifest": dict(built.store.manifest),
        "findings": counts(built.opened.findings),
        "cost_of_care": money(built.opened.care.total),
        "in_budget": {held.name: money(held.whole.in_budget) for held in built.options},
        "seconds": {name: round(taken, 3) for name, taken in built.seconds.items()},
    }


@click.command("report")
@place_argument
@year_option
@month_option
@engine_option
@master_option
def report_command(place_folder: Path, year: str | None, month_text: str | None, engine: str, master: str) -> None:
    """Write a place's report: HTML that opens offline, PDF and XLSX, with a page for each practice manager."""
    built = _built(place_folder, year, month_text, engine, master)
    for path in write_report(built):
        click.echo(path)


@click.command("serve")
@place_argument
@click.option("--port", type=click.IntRange(0, 65535), default=0, show_default=True, help="0 takes any free port.")
def serve_command(place_folder: Path, port: int) -> None:
    """Serve a place's report at an address on this machine, until interrupted."""
    folder = place_folder / "out" / "report"
    if not (folder / "index.html").is_file():
        raise NotAPlace("There is no report yet.", where=str(folder), mend=f"Run: commonweal report {place_folder}")
    serve(folder, port=port, announce=lambda address: say(f"The report is at {address} (Ctrl-C to stop)"))


@click.command("demo")
@click.argument("place_folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--seed", type=int, default=2026, show_default=True, help="Another seed makes other practices.")
@click.option("--people/--no-people", default=True, show_default=True, help="Also make up a record of its people.")
@click.option("--build/--no-build", "whole", default=False, help="Also build it and write its report.")
def demo_command(place_folder: Path, seed: int, people: bool, whole: bool) -> None:
    """Make the synthetic demonstration place alone: 14 practices and about 120,000 people who do not exist."""
    with progress() as step:
        step("Inventing a place", 0.2)
        place = make_demonstration(place_folder, seed=seed, people=people, progress=step)
    say(f"{place.name} is made in {place.path}: {len(place.practice_codes)} practices.")
    if whole:
        built = _built(place_folder, None, None)
        show_built(built, "text")
        for path in write_report(built)[:3]:
            say(f"Written: {path}")


def _built(
    place_folder: Path, year: str | None, month_text: str | None, engine: str = "duckdb", master: str = "local[2]"
) -> Built:
    wanted = month(month_text) if month_text else None
    with progress() as step:
        return build_place(place_folder, year=year, month=wanted, engine=engine, master=master, progress=step)
