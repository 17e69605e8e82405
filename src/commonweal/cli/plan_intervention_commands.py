"""The commands about interventions: `plan list`, `plan show`, `plan new`, `plan check`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from commonweal.cli.output import format_option, say, show
from commonweal.core.errors import InputError
from commonweal.core.parameters import library
from commonweal.place.folder import read_place
from commonweal.plan.interventions.folders import begin_intervention
from commonweal.plan.interventions.reading import interventions_of_place, library_interventions
from commonweal.plan.interventions.records import (
    intervention_record,
    intervention_rows,
    interventions_record,
    interventions_rows,
)
from commonweal.web.pages.interventions import intervention_document, interventions_document

place_option = click.option(
    "--place", "place", type=click.Path(path_type=Path), help="A place, whose own interventions go in front."
)
day_option = click.option(
    "--on", "day", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The day whose terms hold, as 2026-04-01."
)


@click.command("list")
@format_option
def plan_list_command(form: str) -> None:
    """The interventions that ship with Commonweal, and how good the evidence is for each."""
    held = library_interventions(library())
    show(
        form,
        document=lambda: interventions_document(held),
        data=lambda: interventions_record(held),
        rows=lambda: interventions_rows(held),
    )


@click.command("show")
@click.argument("name", metavar="INTERVENTION")
@place_option
@day_option
@format_option
def plan_show_command(name: str, place: Path | None, day: datetime, form: str) -> None:
    """One intervention whole: for whom, what it changes, costs and moves, and what it will be tested on."""
    held = interventions_of_place(read_place(place).path, library()) if place else library_interventions(library())
    if name not in held:
        raise InputError("is no intervention.", where=name, mend=f"There are {', '.join(sorted(held))}.")
    found = held[name]
    show(
        form,
        document=lambda: intervention_document(found, day.date()),
        data=lambda: intervention_record(found, day.date()),
        rows=lambda: intervention_rows(found, day.date()),
    )


@click.command("new")
@click.argument("place", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("base", metavar="INTERVENTION")
@click.option("--name", default="", help="Another name for it, in small letters.")
def plan_new_command(place: Path, base: str, name: str) -> None:
    """Take an intervention of the library into a place's `plan` folder, to be edited."""
    click.echo(begin_intervention(read_place(place).path, base, name))
    say(f"Next: edit it, then commonweal plan check {place}")


@click.command("check")
@click.argument("place", metavar="DIR", type=click.Path(path_type=Path))
@format_option
def plan_check_command(place: Path, form: str) -> None:
    """Read a place's interventions and say everything that is wrong with them; all there are when nothing is."""
    held = interventions_of_place(read_place(place).path, library())
    show(
        form,
        document=lambda: interventions_document(held),
        data=lambda: interventions_record(held),
        rows=lambda: interventions_rows(held),
    )
