"""The commands about risk and whom to see: `need risk`, `need cases`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from commonweal.cli.output import format_option, progress, say, show
from commonweal.cli.place_commands import Day, place_argument
from commonweal.core.errors import InputError
from commonweal.core.parameters import library
from commonweal.need.cases.publishing import BY_NEIGHBOURHOOD, BY_PRACTICE, publish_cases
from commonweal.need.risk.estimation import CHOICES
from commonweal.need.risk.publishing import publish_risk
from commonweal.need.risk.records import risk_rows
from commonweal.place.folder import read_place
from commonweal.web.pages.cases import cases_document
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


@click.command("cases")
@place_argument
@click.option(
    "--hours",
    "hours_texts",
    multiple=True,
    required=True,
    metavar="[TEAM=]HOURS",
    help="Hours that every team has, or one team; may be given again.",
)
@click.option("--hours-per-person", type=click.FloatRange(min=0, min_open=True), help="Hours that everybody takes.")
@click.option(
    "--by",
    type=click.Choice((BY_NEIGHBOURHOOD, BY_PRACTICE)),
    default=BY_NEIGHBOURHOOD,
    show_default=True,
    help="Whose teams.",
)
@click.option(
    "--caseload",
    "caseload_file",
    type=click.Path(path_type=Path),
    help="People on a caseload already: a file with a column `person` of pseudonyms.",
)
@format_option
def need_cases_command(
    place_folder: Path,
    hours_texts: tuple[str, ...],
    hours_per_person: float | None,
    by: str,
    caseload_file: Path | None,
    form: str,
) -> None:
    """Find whom each team might see with the hours it has.

    People come in order of risk times the share of it that could be changed, for each hour they take. Those who are
    dying, in hospital, in care homes, cared for already, too young or opted out are set aside and counted by reason.
    The list goes to the place's out folder, by pseudonym; here are counts alone. Run `need risk` first.
    """
    place = read_place(place_folder)
    hours = hours_by_team(hours_texts)
    with progress() as step:
        step("Finding whom to see", 0.3)
        published = publish_cases(
            place,
            hours,
            by=by,
            hours_per_person=hours_per_person,
            caseload_file=caseload_file,
            parameters=library().overridden_by(place.contract),
        )
    folder = str(published.path)
    show(
        form,
        document=lambda: cases_document(place.name, published.record, folder),
        data=lambda: {"place": place.name, "folder": folder, **published.record},
        rows=lambda: published.record["teams"],
    )
    if form != "text":
        say(f"The list is in {folder}")


def hours_by_team(texts: tuple[str, ...]) -> dict[str, float]:
    """Hours by team, the empty name for every team not named.

    Raises   InputError for what is not a number of hours, and for a team named twice.
    """
    found: dict[str, float] = {}
    for text in texts:
        team, _, number = text.rpartition("=")
        name = team.strip().upper()
        try:
            hours = float(number)
        except ValueError:
            hours = float("nan")
        if not 0 <= hours < float("inf"):
            raise InputError(f"'{text}' is no number of hours.", mend="Write it as 120, or TEAM=120.")
        if name in found:
            raise InputError(f"The hours of {name or 'every team'} are given twice.", mend="Give them once.")
        found[name] = hours
    return found
