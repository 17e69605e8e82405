"""The commands that read and begin contracts: `contract list`, `contract check`, `contract new`, `contract schema`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from commonweal.cli.output import format_option, say, show
from commonweal.contract.clauses.folders import ANY, begin_contract, schema_texts, write_schemas
from commonweal.contract.clauses.kinds import KINDS
from commonweal.contract.clauses.reading import library_contracts, read_contract
from commonweal.contract.clauses.records import contract_list_rows, contract_record, contract_rows, contracts_record
from commonweal.core.errors import InputError
from commonweal.web.pages.contract import contract_document, contracts_document

contract_argument = click.argument("contract", metavar="CONTRACT")
day_option = click.option(
    "--on", "day", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The day whose terms hold, as 2026-04-01."
)


@click.command("list")
@format_option
def contract_list_command(form: str) -> None:
    """The contracts that ship with Commonweal."""
    found = {name: read_contract(name) for name in library_contracts()}
    show(
        form,
        document=lambda: contracts_document(found),
        data=lambda: contracts_record(found),
        rows=lambda: contract_list_rows(found),
    )


@click.command("check")
@contract_argument
@day_option
@format_option
def contract_check_command(contract: str, day: datetime, form: str) -> None:
    """Read a contract and say everything that is wrong with it; its clauses and terms on a day when nothing is.

    CONTRACT is a folder of clauses, or the name of a contract of the library.
    """
    found = read_contract(contract)
    show(
        form,
        document=lambda: contract_document(found, day.date()),
        data=lambda: contract_record(found, day.date()),
        rows=lambda: contract_rows(found, day.date()),
    )


@click.command("new")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--from", "base", required=True, help="The contract of the library to begin from.")
@click.option("--whole", is_flag=True, help="Also write the clauses that it takes from the contracts below it.")
def contract_new_command(folder: Path, base: str, whole: bool) -> None:
    """Begin a contract: a folder with the clauses of one of the library, to be edited.

    It is based on that contract: a clause that you take away is the library's again. Where DIR is the folder `contract`
    of a place, the place is worked out by it.
    """
    for written in begin_contract(folder, base, whole=whole):
        click.echo(written)
    say(f"Next: edit them, then commonweal contract check {folder} --on DAY")


@click.command("schema")
@click.argument("kind", metavar="[KIND]", required=False, type=click.Choice((*sorted(KINDS), ANY)))
@click.option("--into", type=click.Path(path_type=Path), help="Write every schema into a folder instead.")
def contract_schema_command(kind: str | None, into: Path | None) -> None:
    """The JSON Schema of one kind of clause, by which an editor completes and checks it.

    Without a kind it is the schema of a file of any kind.
    """
    if into is None:
        click.echo(schema_texts()[f"{kind or ANY}.json"], nl=False)
        return
    if kind is not None:
        raise InputError("--into writes every kind.", where=kind, mend="Leave KIND out.")
    for written in write_schemas(into):
        click.echo(written)
