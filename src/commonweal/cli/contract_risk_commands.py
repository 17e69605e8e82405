"""The commands of risk-bearing and form: `contract risk`, `contract forms`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from commonweal.cli.contract_corridor_commands import Share
from commonweal.cli.contract_inputs import input_numbers
from commonweal.cli.output import format_option, progress, show
from commonweal.cli.place_commands import Day, place_argument
from commonweal.cli.saving import checked_file, save, save_option
from commonweal.contract.clauses.reading import read_contract
from commonweal.contract.risk.assessment import ContractRisk
from commonweal.contract.risk.forms import form_facts
from commonweal.contract.risk.place_risk import FUTURES, SEED, YEARS, PlaceRisk, RiskQuestion, place_risk
from commonweal.contract.risk.records import (
    curve_rows,
    form_rows,
    forms_record,
    risk_record,
    risk_rows,
    stress_record,
    stress_rows,
)
from commonweal.contract.risk.stress import ALL, TESTS, stress, stress_names
from commonweal.contract.settlement.clause import GainLossShare
from commonweal.core.parameters import library
from commonweal.opened import open_place
from commonweal.web.pages.risk_bearing import forms_document, risk_document, stress_document

DEFAULT_CONTRACT = "mcp-gain-share"

SIMULATED: Sequence[Callable[[Any], Any]] = (
    click.option("--futures", type=click.IntRange(1), default=FUTURES, show_default=True, help="How many to simulate."),
    click.option("--years", type=click.IntRange(1, 30), default=YEARS, show_default=True, help="Of the contract."),
    click.option("--seed", type=click.IntRange(0), default=SEED, show_default=True, help="The same gives the same."),
    click.option(
        "--contract",
        "contract_name",
        help="A folder of clauses or a contract of the library; the place's own otherwise, or mcp-gain-share.",
    ),
    click.option("--clause", "clause_name", default="", help="Which gain and loss share, where there are several."),
    click.option("--inputs", "file", type=click.Path(path_type=Path), help="YAML: inputs that are not simulated."),
    click.option("--on", "day", type=Day(), help="First day of the contract; the place's otherwise."),
    click.option("--line", "lines", multiple=True, help="A service line whose spend counts; may be given again."),
    click.option("--confidence", type=Share(), help="Share of futures in which capital lasts; 99.5% otherwise."),
    click.option(
        "--sigma", type=click.FloatRange(0, min_open=True), help="Coefficient of variation of a person's cost."
    ),
    click.option("--tau", type=Share(), help="Structural spread; 2.9% otherwise."),
    click.option(
        "--performance", type=Share(), help="Performance pay at stake, as a share of the plan; none otherwise."
    ),
)


def simulated(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a simulation."""
    for option in reversed(SIMULATED):
        command = option(command)
    return command


@click.command("risk")
@place_argument
@simulated
@click.option(
    "--stress", "test", type=click.Choice((*TESTS, ALL)), help="A stress test in place of the futures, or all."
)
@click.option("--curves", is_flag=True, help="With --format csv: one row a point of a curve, not a party or practice.")
@click.option(
    "--practice", default="", help="With --stress: the practice that leaves; that of the most spend otherwise."
)
@save_option
@format_option
def contract_risk_command(
    place_folder: Path, test: str | None, curves: bool, practice: str, saved: Path | None, form: str, **asked: Any
) -> None:
    """Say who bears a contract's risk: losses by party, the capital for them, and what would change it.

    \b
    commonweal contract risk DIR
    commonweal contract risk DIR --futures 20000 --years 3 --tau 0
    commonweal contract risk DIR --stress all

    The contract's own gain and loss share is settled in every future. Variation between people is taken from the
    place's own record where it has one.
    """
    if practice and test is None:
        raise click.UsageError("--practice goes with --stress.")
    if curves and (form != "csv" or test is not None):
        raise click.UsageError("--curves goes with --format csv, and not with --stress.")
    checked_file(saved)
    held = _held(place_folder, **asked)
    if test is not None:
        _stress(held, test, practice.strip().upper(), saved, form)
        return
    found = _risk(held, **asked)
    name = held.facts.inputs.place.name
    save(saved, lambda: risk_document(name, found))
    show(
        form,
        document=lambda: risk_document(name, found),
        data=lambda: {"place": name, "contract": held.contract.name, **risk_record(found)},
        rows=lambda: curve_rows(found) if curves else risk_rows(found),
    )


def _stress(held: PlaceRisk, test: str, practice: str, saved: Path | None, form: str) -> None:
    names = stress_names(held.pool) if test == ALL else (test,)
    found = [stress(name, held.terms, held.pool, held.facts.parameters, practice=practice) for name in names]
    place = held.facts.inputs.place.name
    save(saved, lambda: stress_document(place, found))
    show(
        form,
        document=lambda: stress_document(place, found),
        data=lambda: {"place": place, "contract": held.contract.name, **stress_record(found)},
        rows=lambda: stress_rows(found),
    )


@click.command("forms")
@click.argument("place_folder", metavar="[DIR]", type=click.Path(path_type=Path), required=False)
@simulated
@save_option
@format_option
def contract_forms_command(place_folder: Path | None, saved: Path | None, form: str, **asked: Any) -> None:
    """Compare the forms that may hold a contract; with a place, beside the capital that its contract needs.

    Limited company, limited liability partnership, community interest company, GP super-practice, federation, NHS
    trust, alliance: what capital each can hold, who stands behind it, pensions, VAT, and what the public can see.
    """
    checked_file(saved)
    found, name, parameters = None, "", library()
    # Forms have no years of their own: without a day or a place the latest facts are told.
    day = asked["day"] or date.max
    if place_folder is not None:
        held = _held(place_folder, **asked)
        found, name, day = _risk(held, **asked), held.facts.inputs.place.name, held.terms.days[0]
        parameters = held.facts.parameters
    facts = form_facts(parameters, day)
    capital = None if found is None else found.provider.capital
    save(saved, lambda: forms_document(facts, found, name))
    show(
        form,
        document=lambda: forms_document(facts, found, name),
        data=lambda: {**({"place": name} if name else {}), **forms_record(facts, capital)},
        rows=lambda: form_rows(facts),
    )


def _held(
    place_folder: Path,
    *,
    contract_name: str | None,
    clause_name: str,
    file: Path | None,
    day: date | None,
    years: int,
    lines: Sequence[str],
    performance: float | None,
    **_: Any,
) -> PlaceRisk:
    with progress() as step:
        step("Reading the place", 0.2)
        opened = open_place(place_folder)
        own = opened.contract if contract_name is None else None
        contract = own if own is not None and own.of_kind(GainLossShare) else None
        contract = contract or read_contract(contract_name or DEFAULT_CONTRACT)
        asked = RiskQuestion(
            day or opened.place.contract_start,
            years,
            clause_name,
            lines,
            input_numbers(file) if file else {},
            Decimal(str(performance or 0)),
        )
        step("Adding up the budget", 0.6)
        return place_risk(contract, opened.facts, asked)


def _risk(
    held: PlaceRisk,
    *,
    futures: int,
    seed: int,
    confidence: float | None,
    sigma: float | None,
    tau: float | None,
    **_: Any,
) -> ContractRisk:
    with progress() as step:
        step("Settling futures", 0.5)
        return held.simulated(futures=futures, seed=seed, confidence=confidence, sigma=sigma, tau=tau)
