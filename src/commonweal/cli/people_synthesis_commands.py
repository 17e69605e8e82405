"""The commands that make up a place's people and measure them: `people synthesise`, `people calibrate`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from commonweal.cli.output import format_option, progress, say, show
from commonweal.cli.place_commands import Day, place_argument
from commonweal.core.engine import record_engine
from commonweal.core.parameters import library
from commonweal.people.record import Record, read_record
from commonweal.people.synthesis.calibration import Calibration, calibration
from commonweal.people.synthesis.calibration_records import calibration_record, calibration_rows
from commonweal.people.synthesis.record import DEFAULT_SEED, DEFAULT_YEARS, MOST_YEARS, synthesise_record
from commonweal.place.folder import Place, read_place
from commonweal.place.inputs import place_inputs
from commonweal.web.pages.calibration import calibration_document


@click.command("synthesise")
@place_argument
@click.option("--people", type=click.IntRange(min=1), help="How many are on the lists in all; as published otherwise.")
@click.option(
    "--years", type=click.IntRange(1, MOST_YEARS), default=DEFAULT_YEARS, show_default=True, help="Whole years of care."
)
@click.option("--seed", type=click.IntRange(min=0), default=DEFAULT_SEED, show_default=True, help="Other people each.")
@click.option("--end", type=Day(), help="First day after the years; the start of the contract otherwise.")
@click.option(
    "--key",
    "key_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File of the key of the pseudonyms; in the place's identity folder otherwise.",
)
@click.option("--without-report", is_flag=True, help="Do not hold them against published figures.")
@format_option
def synthesise_command(
    place_folder: Path,
    people: int | None,
    years: int,
    seed: int,
    end: date | None,
    key_file: Path | None,
    without_report: bool,
    form: str,
) -> None:
    """Make up the place's people: who they are, what is wrong with them, and their care and its cost over some years.

    They are on the lists of the place's own practices, with the ages, sexes and deprivation that its files publish. The
    record goes to DIR/records, who the people are to DIR/identity/people.parquet. The same place, seed and key give the
    same people. What is printed holds them against published figures, with the misses.
    """
    place = read_place(place_folder)
    inputs = place_inputs(place)
    with progress() as step:
        record = synthesise_record(
            inputs, people=people, years=years, seed=seed, end=end, key_file=key_file, progress=step
        )
    rows = record.manifest["rows"]
    say(f"{rows['persons']:,} people and {rows['activity']:,} rows of activity are in {record.path}.")
    if not without_report:
        _show(place, _measured(place, record), form)


@click.command("calibrate")
@place_argument
@format_option
def calibrate_command(place_folder: Path, form: str) -> None:
    """Hold the people of the place's record against published figures, with the misses."""
    place = read_place(place_folder)
    _show(place, _measured(place, read_record(place.path)), form)


def _measured(place: Place, record: Record) -> Calibration:
    parameters = library().overridden_by(place.contract)
    with progress() as step:
        return calibration(record, parameters, record_engine(), progress=step)


def _show(place: Place, found: Calibration, form: str) -> None:
    show(
        form,
        document=lambda: calibration_document(found, place=place.name),
        data=lambda: {"place": place.name, **calibration_record(found)},
        rows=lambda: calibration_rows(found),
    )
