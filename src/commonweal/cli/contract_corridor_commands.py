"""The command that sets a corridor against chance: `contract corridor`."""

from __future__ import annotations

from pathlib import Path

import click

from commonweal.cli.output import format_option, progress, show
from commonweal.cli.place_commands import place_argument
from commonweal.contract.chance.corridor import Question
from commonweal.contract.chance.negotiation import Supposed, attachment_pence, negotiation
from commonweal.contract.chance.pay_for_chance import SIDES, Side
from commonweal.contract.chance.person_costs import person_costs
from commonweal.contract.chance.records import negotiation_record, negotiation_rows
from commonweal.contract.chance.spread import CONVENTIONS, Convention, Variation
from commonweal.core.engine import record_engine
from commonweal.opened import OpenPlace, open_place
from commonweal.people.record import has_record
from commonweal.place.formation.forming import practice_people
from commonweal.place.participation.states import options_on
from commonweal.web.pages.chance import chance_document


class Share(click.ParamType):
    """A share as people write it: 5%, 2.9 % or 0.05."""

    name = "share"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The share as a number between 0 and 1."""
        if isinstance(value, float):
            return value
        text = str(value).strip()
        try:
            found = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
        except ValueError:
            self.fail(f"'{text}' is not a share. Write 5% or 0.05.", param, ctx)
        if not 0 <= found < 1:
            self.fail(f"'{text}' is not a share between nothing and all. Write 5% or 0.05.", param, ctx)
        return found


@click.command("corridor")
@place_argument
@click.option("--pay-for-chance", "tolerated", type=Share(), help="How often chance alone may pay; 5% otherwise.")
@click.option("--corridor", type=Share(), help="How far a result may lie off unpaid; 2% otherwise.")
@click.option("--years", type=click.IntRange(1, 50), default=1, show_default=True, help="Pooled into one result.")
@click.option("--list-size", type=click.IntRange(min=1), help="People; those of the practices taking part otherwise.")
@click.option("--sigma", type=click.FloatRange(0, min_open=True), help="Coefficient of variation of a person's cost.")
@click.option("--tau", type=Share(), help="Structural spread; nothing and the parameter's are both shown otherwise.")
@click.option("--per-1000", type=click.FloatRange(0, min_open=True), help="Events a year, where they are paid for.")
@click.option("--over-dispersion", type=click.FloatRange(1), help="With --per-1000: variance over that of Poisson.")
@click.option("--side", type=click.Choice(SIDES), default="gain", show_default=True, help="What is paid or charged.")
@click.option(
    "--convention",
    type=click.Choice(CONVENTIONS),
    default="benchmark",
    show_default=True,
    help="Held against a benchmark, or against the same list's own period before.",
)
@format_option
def contract_corridor_command(
    place_folder: Path,
    tolerated: float | None,
    corridor: float | None,
    years: int,
    list_size: int | None,
    sigma: float | None,
    tau: float | None,
    per_1000: float | None,
    over_dispersion: float | None,
    side: Side,
    convention: Convention,
    form: str,
) -> None:
    """Say how often chance alone pays, and which corridor, pooling period or list size keeps that low.

    \b
    commonweal contract corridor DIR --pay-for-chance 5%
    commonweal contract corridor DIR --years 3 --corridor 2% --side either
    commonweal contract corridor DIR --per-1000 95 --convention year-on-year

    Variation between people is taken from the place's own record where it has one.
    """
    if over_dispersion is not None and per_1000 is None:
        raise click.UsageError("--over-dispersion goes with --per-1000.")
    if per_1000 is not None and sigma is not None:
        raise click.UsageError("--sigma is of money and --per-1000 of events: give one.")
    opened = open_place(place_folder)
    day, held = opened.place.contract_start, opened.parameters
    with progress() as step:
        step("Counting people", 0.1)
        people, list_from = (list_size, "as given") if list_size is not None else _people(opened)
        step("Reading the record", 0.4)
        costs = None
        if sigma is None and per_1000 is None and has_record(opened.place.path):
            costs = person_costs(opened.record, record_engine(), attachment_pence(held, on=day))
    asked = Question(
        float(held["chance_pay_for_chance"].on(day).number()) if tolerated is None else tolerated,
        people,
        years,
        float(held["chance_corridor"].on(day).number()) if corridor is None else corridor,
        Variation(float(held["chance_person_variation"].on(day).number())),
        side,
        convention,
    )
    found = negotiation(
        asked, Supposed(sigma, tau, per_1000, over_dispersion, costs), held, on=day, list_from=list_from
    )
    show(
        form,
        document=lambda: chance_document(opened.place.name, found),
        data=lambda: {"place": opened.place.name, **negotiation_record(found)},
        rows=lambda: negotiation_rows(found),
    )


def _people(opened: OpenPlace) -> tuple[int, str]:
    """The place's list by participation, and where it is from in words."""
    day = opened.place.contract_start
    counted = practice_people(opened.inputs)
    part = options_on(opened.history, day, parameters=opened.parameters)
    if not part:
        return sum(counted.values()), "of all practices of the place, as none has said yet that it takes part"
    taking = sum(counted[code] for code in part)
    return taking, f"of the {len(part)} practices that take part on {day}"
