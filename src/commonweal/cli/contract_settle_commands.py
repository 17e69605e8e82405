"""The command that works out what a gain and loss share pays: `contract settle`."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
import yaml

from commonweal.cli.contract_clause_commands import contract_argument, day_option
from commonweal.cli.output import format_option, show
from commonweal.contract.clauses.reading import read_contract
from commonweal.contract.settlement.clause import GainLossShare
from commonweal.contract.settlement.records import settlement_record, settlement_rows
from commonweal.contract.settlement.settling import settled
from commonweal.core.errors import InputError
from commonweal.web.pages.contract import settlement_document


@click.command("settle")
@contract_argument
@click.option("--inputs", "file", type=click.Path(path_type=Path), required=True, help="YAML: a number for each input.")
@day_option
@click.option("--clause", "name", default="", help="Which gain and loss share, where the contract has several.")
@format_option
def contract_settle_command(contract: str, file: Path, day: datetime, name: str, form: str) -> None:
    """Work out what a contract's gain and loss share pays for a year, and why.

    CONTRACT is a folder of clauses, or the name of a contract of the library. Above zero the provider is paid, below
    it pays.
    """
    clause = read_contract(contract).one(GainLossShare, name)
    found = settled(clause, _numbers(file), day.date())
    show(
        form,
        document=lambda: settlement_document(found, clause.label),
        data=lambda: settlement_record(found),
        rows=lambda: settlement_rows(found),
    )


def _numbers(file: Path) -> dict[str, Any]:
    if not file.is_file():
        raise InputError("There is no such file.", where=str(file), mend="Name a YAML file of inputs.")
    try:
        # As text, so that 0.1 stays what was written.
        held = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    except (yaml.YAMLError, ValueError) as problem:
        raise InputError(f"is not YAML: {' '.join(str(problem).split())}", where=str(file)) from None
    if not isinstance(held, dict) or not all(isinstance(value, str) for value in held.values()):
        raise InputError("holds no inputs.", where=str(file), mend="Write a line for each, as 'actual: 56400000'.")
    return {name: _number(file, name, text) for name, text in held.items() if text.strip()}


def _number(file: Path, name: str, text: str) -> Decimal:
    try:
        return Decimal(text.replace(",", "").replace("_", ""))
    except ArithmeticError:
        raise InputError(f"'{text}' is no number.", where=f"{file}: {name}", mend="Mend it.") from None
