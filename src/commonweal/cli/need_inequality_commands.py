"""The command about inequality: `need inequality`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from commonweal.cli.output import format_option, progress, show
from commonweal.cli.place_commands import Day, place_argument
from commonweal.core.engine import record_engine
from commonweal.core.parameters import library
from commonweal.need.inequality_of_place import DEFAULT_BY, DEFAULT_MEASURE, place_inequality
from commonweal.need.inequality_people import BY
from commonweal.need.inequality_records import inequality_record, inequality_rows
from commonweal.people.record import read_record
from commonweal.place.folder import read_place
from commonweal.web.pages.inequality import inequality_document


@click.command("inequality")
@place_argument
@click.option(
    "--measure",
    "measure_code",
    default=DEFAULT_MEASURE,
    show_default=True,
    help="What is compared: accident_and_emergency, elective, outpatient, gp_contacts, community, mental_health, "
    "deaths, cost, ongoing_need, highest_need, or another code of the parameter inequality_measures.",
)
@click.option("--by", type=click.Choice(tuple(BY)), default=DEFAULT_BY, show_default=True, help="Between which groups.")
@click.option("--from", "start", type=Day(), help="The first day that counts; twelve months before --to otherwise.")
@click.option("--to", "end", type=Day(), help="The first day that does not count; the record's end otherwise.")
@format_option
def need_inequality_command(
    place_folder: Path, measure_code: str, by: str, start: date | None, end: date | None, form: str
) -> None:
    """Compare care, cost or need between groups: rates with intervals, gradient, slope and relative index.

    Rates are crude, and standardised for age and sex to the European Standard Population. Every number has been through
    the small-number rule; null in JSON is a number that is hidden or not given.
    """
    place = read_place(place_folder)
    record = read_record(place.path)
    with progress() as step:
        step("Counting people, days and events", 0.3)
        found = place_inequality(
            place,
            record,
            record_engine(),
            parameters=library().overridden_by(place.contract),
            measure_code=measure_code,
            by=by,
            start=start,
            end=end,
        )
    show(
        form,
        document=lambda: inequality_document(place.name, found, synthetic=record.synthetic),
        data=lambda: {"place": place.name, **inequality_record(found)},
        rows=lambda: inequality_rows(found),
    )
