"""The commands about risk and whom to see: `need risk`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from commonweal.cli.output import format_option, progress, say, show
from commonweal.cli.place_commands import Day, place_argument
from commonweal.core.parameters import library
from commonweal.need.risk.estimation import CHOICES
from commonweal.need.risk.publishing import publish_risk
from commonweal.need.risk.records import risk_rows
from commonweal.place.folder import read_place
from commonweal.web.pages.risk import risk_document

on_option = click.option(
    "--on",
    "on",
    type=Day(),
    help="The day people are given a risk, the first of a month; the record's end otherwise.",
)


@click.command("risk")
@place_argument
@on_option
@click.option(
    "--model",
    type=click.Choice(CHOICES),
    default="logistic",
    show_default=True,
    help="What to fit; of both, LightGBM gives the risks only where it ranks clearly better.",
)
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Of whatever is drawn.")
@format_option
def need_risk_command(place_folder: Path, on: date | None, model: str, seed: int, form: str) -> None:
    """Estimate each person's risk of an emergency admission in the next 12 months.

    The model learns two years before the day, is tested a year before it, and is used on it; nothing later than each
    day is known to it. Risks, models and their cards go to the place's out folder, by pseudonym. A risk helps a team
    choose whom to see; it is never a reason to refuse anybody care.
    """
    place = read_place(place_folder)
    with progress() as step:
        published = publish_risk(
            place.path,
            on=on,
            model=model,
            seed=seed,
            parameters=library().overridden_by(place.contract),
            progress=step,
        )
    cards = [str(path) for path in published.cards]
    show(
        form,
        document=lambda: risk_document(place.name, published.record, cards),
        data=lambda: {"place": place.name, "folder": str(published.path), "cards": cards, **published.record},
        rows=lambda: risk_rows(published.record),
    )
    say(f"Risks and model cards are in {published.path}")
