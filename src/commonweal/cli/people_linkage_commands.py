"""The command that holds linkage against the truth: `people linkage`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from commonweal.cli.output import format_option, progress, say, show
from commonweal.cli.place_commands import place_argument
from commonweal.core.parameters import library
from commonweal.people.linkage.invented import invented_identity
from commonweal.people.linkage.listed_people import listed_people, people_file
from commonweal.people.linkage.measured import Measured, measured
from commonweal.people.linkage.records import measured_record, measured_rows
from commonweal.place.folder import Place, read_place
from commonweal.web.pages.linkage import linkage_document

INVENTED_PEOPLE = 20_000


@click.command("linkage")
@place_argument
@click.option("--records", type=click.IntRange(min=1), default=5_000, show_default=True, help="Records to make.")
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Seed of the faults.")
@click.option(
    "--identity",
    "identity_file",
    type=click.Path(path_type=Path),
    help="Parquet file of the people by name; the place's identity/people.parquet otherwise, or a made-up list.",
)
@format_option
def linkage_command(place_folder: Path, records: int, seed: int, identity_file: Path | None, form: str) -> None:
    """Measure how well records without an NHS number are linked to the people on the lists.

    Records with made-up faults (misspelt and exchanged names, short forms, wrong dates, other addresses, twins, people
    who are not on the list) are made of the place's people and linked; precision, recall and the share left for a
    person to decide are reported by fault and at several match weights. Nothing that is printed names anybody.
    """
    place = read_place(place_folder)
    with progress() as step:
        step("Making records and linking them", 0.2)
        found, invented = _measured(place, records, seed, identity_file)
    show(
        form,
        document=lambda: linkage_document(found, place=place.name, invented=invented),
        data=lambda: {"place": place.name, "invented": invented, **measured_record(found)},
        rows=lambda: measured_rows(found),
    )
    if form != "text" and invented:
        say("The place has no list of its people by name, so a small one was made up.")


def _measured(place: Place, records: int, seed: int, identity_file: Path | None) -> tuple[Measured, bool]:
    book = library().overridden_by(place.contract)
    path = identity_file or people_file(place.path)
    if identity_file is None and not path.is_file():
        identity = invented_identity(INVENTED_PEOPLE, seed=seed)
        return measured(identity, records=records, seed=seed, parameters=book), True
    identity, findings = listed_people(path)
    found = measured(identity, records=records, seed=seed, parameters=book)
    return replace(found, findings=(*findings, *found.findings)), False
