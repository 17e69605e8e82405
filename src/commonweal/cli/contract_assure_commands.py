"""The command of assurance: `contract assure`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from commonweal.cli.output import format_option, progress, say, show
from commonweal.cli.place_commands import Day, place_argument
from commonweal.contract.assurance.pack import pack_files, packed, write_pack
from commonweal.contract.assurance.records import register_record, register_rows
from commonweal.contract.assurance.register import register, year_assured
from commonweal.opened import OpenPlace
from commonweal.place.folder import read_place
from commonweal.web.html import page_html
from commonweal.web.pages.assurance import assurance_document, pack_document


@click.command("assure")
@place_argument
@click.option("--stage", default="", help="One stage: early_engagement, before_procurement, preferred_bidder, go_live.")
@click.option("--on", "day", type=Day(), help="The day of the register; the contract's first day otherwise.")
@click.option(
    "--pack",
    "pack_path",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Also write the evidence as a ZIP file with an index; nothing about single persons may be in it.",
)
@format_option
def contract_assure_command(
    place_folder: Path, stage: str, day: date | None, pack_path: Path | None, form: str
) -> None:
    """Say how ready the contract is for each stage: what the system finds, what people answered, and what is open.

    \b
    commonweal contract assure DIR
    commonweal contract assure DIR --stage before_procurement --pack checkpoint-1.zip

    People answer in contract/assurance.csv of the place: question, rating, owner, date, evidence, note.
    """
    place = read_place(place_folder)
    on = day or place.contract_start
    opened = OpenPlace(place, year=year_assured(place, on))
    with progress() as step:
        step("Asking the place", 0.3)
        found = register(opened, on, stage=stage)
        if pack_path is not None:
            step("Packing the evidence", 0.8)
            files = pack_files(opened, found)
            digest = write_pack(pack_path, packed(files, page_html(pack_document(found, files))))
    if pack_path is not None:
        say(f"{pack_path}: {len(files)} files and an index. SHA-256 {digest}")
    show(
        form,
        document=lambda: assurance_document(found),
        data=lambda: register_record(found),
        rows=lambda: register_rows(found),
    )
