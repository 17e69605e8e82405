"""The command that works out what a gain and loss share pays: `contract settle`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from commonweal.cli.contract_clause_commands import contract_argument, day_option
from commonweal.cli.contract_inputs import input_numbers
from commonweal.cli.money_commands import depth_option
from commonweal.cli.output import format_option, show
from commonweal.cli.saving import checked_file, save, save_option
from commonweal.contract.clauses.reading import read_contract
from commonweal.contract.settlement.clause import GainLossShare
from commonweal.contract.settlement.records import settlement_record, settlement_rows
from commonweal.contract.settlement.settling import settled
from commonweal.web.pages.contract import settlement_document
from commonweal.web.pages.explained import settlement_explained_document


@click.command("settle")
@contract_argument
@click.option("--inputs", "file", type=click.Path(path_type=Path), required=True, help="YAML: a number for each input.")
@day_option
@click.option("--clause", "name", default="", help="Which gain and loss share, where the contract has several.")
@click.option("--explain", is_flag=True, help="Every amount on the way with its id, and what the payment stands on.")
@depth_option
@save_option
@format_option
def contract_settle_command(
    contract: str,
    file: Path,
    day: datetime,
    name: str,
    explain: bool,
    depth: int | None,
    saved: Path | None,
    form: str,
) -> None:
    """Work out what a contract's gain and loss share pays for a year, and why.

    CONTRACT is a folder of clauses, or the name of a contract of the library. Above zero the provider is paid, below
    it pays.

    With --save the explanation is written as a page that unfolds, a spreadsheet of live formulas, or a PDF.
    """
    checked_file(saved)
    clause = read_contract(contract).one(GainLossShare, name)
    found = settled(clause, input_numbers(file), day.date())
    show(
        form,
        document=lambda: (
            settlement_explained_document(found, clause.label, depth)
            if explain
            else settlement_document(found, clause.label)
        ),
        data=lambda: settlement_record(found),
        rows=lambda: settlement_rows(found),
    )
    save(saved, lambda: settlement_explained_document(found, clause.label, depth))
