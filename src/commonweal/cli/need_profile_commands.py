"""The command about what people need: `need profile`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from commonweal.cli.output import format_option, progress, show
from commonweal.cli.place_commands import Day, place_argument
from commonweal.core.engine import record_engine
from commonweal.core.parameters import library
from commonweal.need.profile import place_need_profile
from commonweal.need.profile_records import profile_record, profile_rows
from commonweal.people.record import read_record
from commonweal.place.folder import read_place
from commonweal.web.pages.need import need_profile_document


@click.command("profile")
@place_argument
@click.option("--on", "on", type=Day(), help="The day whose registered people count; the record's end otherwise.")
@format_option
def need_profile_command(place_folder: Path, on: date | None, form: str) -> None:
    """Levels of need, segments and groups of a place's people, by neighbourhood and practice.

    Each with people, mean age and what a head costs in the twelve months before the day; why people are at their level;
    and how our scores compare with the source's. Small numbers are hidden; null in JSON is one.
    """
    place = read_place(place_folder)
    record = read_record(place.path)
    with progress() as step:
        step("Working out what each person needs", 0.3)
        profile = place_need_profile(
            place, record, record_engine(), parameters=library().overridden_by(place.contract), on=on
        )
    names = {code: held.name for code, held in place.neighbourhoods.items()}
    show(
        form,
        document=lambda: need_profile_document(place.name, profile, names=names),
        data=lambda: {"place": place.name, **profile_record(profile)},
        rows=lambda: profile_rows(profile),
    )
