"""The command that loads files into the record: `people load`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from commonweal.cli.output import format_option, progress, say, show
from commonweal.cli.place_commands import Day, place_argument
from commonweal.core.parameters import library
from commonweal.people.loading.load import load_record
from commonweal.people.loading.loaded import Loaded, loaded_record, loaded_rows
from commonweal.place.folder import read_place
from commonweal.web.pages.loading import loading_document


@click.command("load")
@place_argument
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--mapping", type=click.Path(path_type=Path), help="A file that gives the columns of others their names.")
@click.option(
    "--key",
    "key_file",
    type=click.Path(path_type=Path),
    help="The key of pseudonyms, if not in the place's identity folder.",
)
@click.option("--from", "start", type=Day(), help="First day that activity is taken of.")
@click.option("--to", "end", type=Day(), help="First day after those that activity is taken of.")
@click.option(
    "--tolerate", type=click.IntRange(min=0), help="How many rows in error are accepted; a share of the rows otherwise."
)
@format_option
def people_load_command(
    place_folder: Path,
    files: tuple[Path, ...],
    mapping: Path | None,
    key_file: Path | None,
    start: date | None,
    end: date | None,
    tolerate: int | None,
    form: str,
) -> None:
    """Load files about people, Parquet or CSV, into a place's record, and publish it anew.

    Each file is recognised by its columns: the system-wide dataset, hospital, community, mental health and social care
    flows, lists of people and registrations. What the record held stays, but for months that are sent again. Who the
    people are goes to the identity folder alone; rows that cannot be used are set aside there, never lost.
    """
    place = read_place(place_folder)
    said: list[Loaded] = []
    try:
        with progress() as step:
            load_record(
                place,
                files,
                parameters=library().overridden_by(place.contract),
                mapping=mapping,
                key_file=key_file,
                start=start,
                end=end,
                tolerate=tolerate,
                report=said.append,
                progress=step,
            )
    finally:
        for loaded in said:
            _show(place.name, loaded, form)


def _show(name: str, loaded: Loaded, form: str) -> None:
    show(
        form,
        document=lambda: loading_document(name, loaded),
        data=lambda: loaded_record(loaded),
        rows=lambda: loaded_rows(loaded),
    )
    if loaded.record is not None:
        say(f"The record is {loaded.record.path}")
