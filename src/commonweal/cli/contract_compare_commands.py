"""The command that says where two contracts, or two years of one, pay differently: `contract compare`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import get_args

import click

from commonweal.cli.contract_clause_commands import day_option
from commonweal.cli.contract_inputs import input_numbers
from commonweal.cli.money_commands import depth_option
from commonweal.cli.output import format_option, show
from commonweal.cli.saving import checked_file, save, save_option
from commonweal.contract.clauses.reading import read_contract
from commonweal.contract.explained.attribution import Way
from commonweal.contract.explained.changes import Side
from commonweal.contract.explained.comparison import comparison
from commonweal.contract.explained.records import comparison_record, comparison_rows
from commonweal.contract.settlement.clause import GainLossShare
from commonweal.web.pages.explained import comparison_document


@click.command("compare")
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@click.option("--inputs", "file", type=click.Path(path_type=Path), required=True, help="YAML: a number for each input.")
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
    file: Path,
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

    A and B are folders of clauses, or names of contracts of the library. Name the same one twice to compare two years
    of it, with --on-b or --inputs-b. What the changes add sums to the difference, to the penny.
    """
    checked_file(saved)
    inputs = input_numbers(file)
    inputs_b = input_numbers(file_b) if file_b else inputs
    on, on_b = day.date(), (day_b or day).date()
    clause = read_contract(first).one(GainLossShare, name)
    clause_b = read_contract(second).one(GainLossShare, name if name_b is None else name_b)
    same = first == second and clause.name == clause_b.name
    names = (f"{first}, {on}", f"{second}, {on_b}") if same else (first, second)
    if first == second and not same:
        names = (f"{first}, {clause.name}", f"{second}, {clause_b.name}")
    elif same and on == on_b:
        names = (f"{first}, {file.name}", f"{second}, {(file_b or file).name}")
    found = comparison(Side(names[0], clause, inputs, on), Side(names[1], clause_b, inputs_b, on_b), way)
    show(
        form,
        document=lambda: comparison_document(found, explain, depth),
        data=lambda: comparison_record(found),
        rows=lambda: comparison_rows(found),
    )
    save(saved, lambda: comparison_document(found, explain=True, depth=depth))
