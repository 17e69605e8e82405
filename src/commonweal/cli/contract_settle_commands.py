"""The command that works out what a gain and loss share pays: `contract settle`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from commonweal.cli.contract_settle_inputs import asked_settlement
from commonweal.cli.money_commands import depth_option
from commonweal.cli.output import format_option, progress, show
from commonweal.cli.saving import checked_file, save, save_option
from commonweal.contract.settlement.records import settlement_record, settlement_rows
from commonweal.web.pages.explained import settlement_explained_document
from commonweal.web.pages.settlement import settlement_document


@click.command("settle")
@click.argument("where", metavar="WHERE")
@click.option("--inputs", "file", type=click.Path(path_type=Path), help="YAML: a number for each input.")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day whose terms hold, as 2026-04-01.")
@click.option("--year", help="The financial year, as 2025-26: the terms of its first day.")
@click.option("--contract", default="", help="For a place: a folder of clauses or a contract of the library.")
@click.option("--clause", "name", default="", help="Which gain and loss share, where the contract has several.")
@click.option("--people", type=click.IntRange(min=1), help="People on the list, for what chance alone gives.")
@click.option("--explain", is_flag=True, help="Every amount on the way with its id, and what the payment stands on.")
@depth_option
@save_option
@format_option
def contract_settle_command(
    where: str,
    file: Path | None,
    day: datetime | None,
    year: str | None,
    contract: str,
    name: str,
    people: int | None,
    explain: bool,
    depth: int | None,
    saved: Path | None,
    form: str,
) -> None:
    """Work out what a contract's gain and loss share pays for a year, and why.

    WHERE is a folder of clauses, the name of a contract of the library, or a place. A place's contract is that of its
    folder contract/; its baseline, budget and weighted lists are its own, and what was spent is in
    contract/outturn.csv or its record. Numbers of --inputs stand in front. Earlier years, where results are pooled or
    carried, are in the same file under their names, as 2024-25.

    \b
    commonweal contract settle mcp-gain-share --inputs year.yaml --on 2026-04-01
    commonweal contract settle DIR --year 2026-27 --inputs quality.yaml

    Above zero the provider is paid, below it pays. Beside it stands what chance alone gives at this list size.

    With --save the explanation is written as a page that unfolds, a spreadsheet of live formulas, or a PDF.
    """
    checked_file(saved)
    with progress() as step:
        step("Settling", 0.2)
        found = asked_settlement(
            where, clause=name, contract=contract, file=file, on=day.date() if day else None, year=year, people=people
        )
    show(
        form,
        document=lambda: (
            settlement_explained_document(found.settlement, found.clause.label, depth, found)
            if explain
            else settlement_document(found)
        ),
        data=lambda: settlement_record(found.settlement, found),
        rows=lambda: settlement_rows(found.settlement, found),
    )
    save(saved, lambda: settlement_explained_document(found.settlement, found.clause.label, depth, found))
