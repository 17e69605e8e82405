"""The command that works out what care should cost: `budget`."""

from __future__ import annotations

from pathlib import Path

import click

from commonweal.budget.person_based_records import person_weights_record, person_weights_rows
from commonweal.budget.records import budget_record, budget_rows
from commonweal.cli.output import format_option, progress, show
from commonweal.cli.place_commands import place_argument
from commonweal.contract.options import LABELS
from commonweal.core.amounts import Line
from commonweal.core.errors import InputError
from commonweal.core.explanation import explanation_tree
from commonweal.opened import NeedWeights, OpenPlace, open_place
from commonweal.web.pages.budget import budget_document, explanation_document
from commonweal.web.pages.person_based import person_weights_document, target_notice

year_option = click.option("--year", help="Financial year, as 2026-27; the one the contract starts in otherwise.")
depth_option = click.option("--depth", type=click.IntRange(min=0), default=None, help="How many levels to explain.")
EXPLAINED_LEVELS = 2


@click.command("budget")
@place_argument
@year_option
@click.option(
    "--option", type=click.Choice(tuple(LABELS)), default="full", show_default=True, help="Whose scope counts."
)
@click.option(
    "--need-weights",
    type=click.Choice(("published", "person")),
    default="published",
    show_default=True,
    help="What sets the targets: published weighted people, or cost on need in the place's own record.",
)
@click.option("--compare-weights", is_flag=True, help="Show both weights of each practice, and what each explains.")
@click.option("--explain", is_flag=True, help="Explain every figure, down to what somebody supplied.")
@click.option("--practice", "practice_code", help="Explain one practice.")
@click.option("--neighbourhood", help="Explain one neighbourhood.")
@click.option("--service-line", help="Explain one service line.")
@depth_option
@format_option
def budget_command(
    place_folder: Path,
    year: str | None,
    option: str,
    need_weights: NeedWeights,
    compare_weights: bool,
    explain: bool,
    practice_code: str | None,
    neighbourhood: str | None,
    service_line: str | None,
    depth: int | None,
    form: str,
) -> None:
    """Work out the whole population budget by service line, practice and neighbourhood.

    Historic baseline, need-weighted target, transition, pace of change; the quarters as lists change, under both
    conventions. With --practice, --neighbourhood or --service-line the explanation is of that part, all the way down;
    otherwise of the whole, two levels deep unless --depth says more.
    """
    narrowed = bool(practice_code or neighbourhood or service_line)
    if compare_weights:
        if narrowed or explain:
            raise click.UsageError(
                "--compare-weights shows every practice; leave out what narrows or explains a budget."
            )
        _show_weights(place_folder, year, form)
        return
    with progress() as step:
        step("Reading the published files", 0.1)
        opened = open_place(place_folder, year=year, need_weights=need_weights)
        step("Working out the budget", 0.6)
        lines = explained_lines(opened, practice_code, neighbourhood, service_line)
        held = getattr(opened.options(), option)
        quarters = opened.quarters(held)
        weights = opened.person_weights if need_weights == "person" else None
    notices = (target_notice(weights),) if weights else ()
    shown = lines if explain or narrowed else []
    levels = depth if depth is not None or narrowed else EXPLAINED_LEVELS
    name = held.label if option == "as_agreed" else f"{held.label}, if every practice took it"
    show(
        form,
        document=lambda: (
            explanation_document(opened.place.name, opened.care, shown, depth=levels, notices=notices)
            if narrowed
            else budget_document(
                opened.place.name,
                opened.care,
                held.budget,
                quarters,
                name,
                explained=shown,
                depth=levels,
                neighbourhood_names={code: kept.name for code, kept in opened.place.neighbourhoods.items()},
                notices=notices,
            )
        ),
        data=lambda: {
            "place": opened.place.name,
            "option": option,
            "need_weights": need_weights,
            "record": weights.record if weights else None,
            "synthetic": weights.synthetic if weights else None,
            **budget_record(opened.care, held.budget, quarters),
            "explanations": [explanation_tree(line, depth=levels) for line in shown],
        },
        rows=lambda: budget_rows(opened.care, held.budget),
    )


def _show_weights(place_folder: Path, year: str | None, form: str) -> None:
    with progress() as step:
        step("Weighing the place's people", 0.2)
        opened = open_place(place_folder, year=year)
        weights = opened.person_weights
    show(
        form,
        document=lambda: person_weights_document(opened.place.name, weights, opened.inputs.names),
        data=lambda: {"place": opened.place.name, **person_weights_record(weights, opened.inputs.names)},
        rows=lambda: person_weights_rows(weights, opened.inputs.names),
    )


def explained_lines(
    opened: OpenPlace, practice_code: str | None, neighbourhood: str | None, service_line: str | None
) -> list[Line]:
    """The amounts to explain: a part when one is named, the whole otherwise.

    Raises   InputError for a practice, neighbourhood or service line that the budget does not have.
    """
    care = opened.care
    if service_line is not None:
        known = [held.service_line.code for held in care.lines]
        if service_line not in known:
            raise InputError(f"'{service_line}' is no service line.", mend=f"Choose one of {', '.join(known)}.")
        column = care.line(service_line).funded
        return [column.at(_practice(opened, practice_code)) if practice_code else care.of_service_line(service_line)]
    if practice_code is not None:
        return [care.of_practice(_practice(opened, practice_code))]
    if neighbourhood is not None:
        code = neighbourhood.strip().upper()
        if code not in care.neighbourhoods:
            known = list(care.neighbourhoods)
            mend = f"Choose one of {', '.join(known)}." if known else f"Run: commonweal form {opened.place.path}"
            raise InputError(f"'{neighbourhood}' is no neighbourhood of {opened.place.name}.", mend=mend)
        return [care.of_neighbourhood(code)]
    return [care.total]


def _practice(opened: OpenPlace, code: str) -> str:
    wanted = code.strip().upper()
    if wanted not in opened.care.practices:
        raise InputError(f"{wanted} is no practice of {opened.place.name}.", mend="Its practices are in place.yaml.")
    return wanted
