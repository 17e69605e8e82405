"""The command that says where two contracts, or two years of one, pay differently: `contract compare`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import get_args

import click

from commonweal.cli.contract_clause_commands import day_option
from commonweal.cli.contract_inputs import inputs_by_year
from commonweal.cli.contract_settle_inputs import asked_settlement
from commonweal.cli.money_commands import depth_option
from commonweal.cli.output import format_option, progress, show
from commonweal.cli.saving import checked_file, save, save_option
from commonweal.contract.clauses.reading import read_contract
from commonweal.contract.explained.attribution import Way
from commonweal.contract.explained.changes import Side
from commonweal.contract.explained.comparison import comparison
from commonweal.contract.explained.records import comparison_record, comparison_rows
from commonweal.contract.settlement.clause import GainLossShare
from commonweal.core.amounts import Line, Source, given
from commonweal.core.errors import InputError
from commonweal.core.periods import financial_year
from commonweal.place.folder import PLACE_FILE
from commonweal.web.pages.explained import comparison_document


@click.command("compare")
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@click.option("--inputs", "file", type=click.Path(path_type=Path), help="YAML: a number for each input.")
@click.option("--inputs-b", "file_b", type=click.Path(path_type=Path), help="The same for B, where it has its own.")
@day_option
@click.option("--on-b", "day_b", type=click.DateTime(["%Y-%m-%d"]), help="The day whose terms hold in B, if another.")
@click.option("--clause", "name", default="", help="Which gain and loss share, where a contract has several.")
@click.option("--clause-b", "name_b", help="The same for B, where it is called otherwise.")
@click.option(
    "--by",
    "way",
    type=click.Choice(get_args(Way)),
    help="How a change's part is found: average over all orders (usual up to 8 changes), or in the order stated.",
)
@click.option("--explain", is_flag=True, help="Also explain both payments.")
@depth_option
@save_option
@format_option
def contract_compare_command(
    first: str,
    second: str,
    file: Path | None,
    file_b: Path | None,
    day: datetime,
    day_b: datetime | None,
    name: str,
    name_b: str | None,
    way: Way | None,
    explain: bool,
    depth: int | None,
    saved: Path | None,
    form: str,
) -> None:
    """Where two contracts pay differently: by which input, term or operation, and how much each adds.

    A and B are folders of clauses, names of contracts of the library, or places with a contract of their own, whose
    inputs are those that `contract settle` finds. Name the same one twice to compare two years
    of it, with --on-b or --inputs-b. What the changes add sums to the difference, to the penny.
    """
    checked_file(saved)
    with progress() as step:
        step("Settling both", 0.3)
        sides = _told_apart(
            _side(first, name, file, day.date()),
            _side(second, name if name_b is None else name_b, file_b or file, (day_b or day).date()),
            (file, file_b or file),
        )
        found = comparison(*sides, way)
    show(
        form,
        document=lambda: comparison_document(found, explain, depth),
        data=lambda: comparison_record(found),
        rows=lambda: comparison_rows(found),
    )
    save(saved, lambda: comparison_document(found, explain=True, depth=depth))


def _side(where: str, clause: str, file: Path | None, day: date) -> Side:
    """One of the two, with the inputs of its file; a place has inputs of its own, and those of its file in front."""
    now, before = inputs_by_year(file) if file else ({}, {})
    earlier = {financial_year(label).start: _lines(held, file, label) for label, held in before.items()}
    if not (Path(where) / PLACE_FILE).is_file():
        if file is None:
            raise InputError("has no inputs of its own.", where=where, mend="Give --inputs FILE, or name a place.")
        held = read_contract(where).one(GainLossShare, clause)
        return Side(where, held, _lines(now, file), day, earlier)
    asked = asked_settlement(where, clause=clause, contract="", file=file, on=day, year=None, people=None)
    made = asked.settlement.amounts
    inputs = {name: made[name] for name in asked.clause.inputs if name in made}
    return Side(where, asked.clause, inputs, day, earlier)


def _lines(held: Mapping[str, Decimal], file: Path | None, label: str = "") -> dict[str, Line]:
    cited = Source(file.name if file else "", ", ".join(part for part in (label, "as given") if part))
    return {name: given(name, value, source=cited) for name, value in held.items()}


def _told_apart(first: Side, second: Side, files: tuple[Path | None, Path | None]) -> tuple[Side, Side]:
    """Both sides, called by their contract and, where that is the same, by what else tells one from the other."""
    if first.name != second.name:
        return first, second
    words = (first.clause.name, second.clause.name)
    if words[0] == words[1]:
        words = (str(first.on), str(second.on))
    if words[0] == words[1]:
        words = (files[0].name if files[0] else "first", files[1].name if files[1] else "second")
    named = [replace(side, name=f"{side.name}, {word}") for side, word in zip((first, second), words, strict=True)]
    return named[0], named[1]
