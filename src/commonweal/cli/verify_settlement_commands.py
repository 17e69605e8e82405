"""The command that settles a published file again: `verify settlements`."""

from __future__ import annotations

from pathlib import Path

import click

from commonweal.cli.output import format_option, progress, say, show
from commonweal.contract.settlement.settlement_verification import (
    CONTRACTS,
    settlement_verification_record,
    settlement_verification_rows,
    verify_settlements,
)
from commonweal.core.errors import DoesNotMatch, InputError
from commonweal.web.pages.settlement import settlement_verification_document


@click.command("settlements")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--contract", type=click.Choice(CONTRACTS), default="mssp", show_default=True, help="Settled by which.")
@click.option("--strict", is_flag=True, help="Exit with the code of verification unless all match.")
@format_option
def verify_settlements_command(file: Path, contract: str, strict: bool, form: str) -> None:
    """Shared savings of a public programme: each row settled by the clause of its track."""
    if not file.is_file():
        raise InputError("There is no such file.", where=str(file), mend="Name a published file.")
    with progress() as step:
        step("Settling", 0.3)
        found = verify_settlements(file, contract)
    show(
        form,
        document=lambda: settlement_verification_document(found),
        data=lambda: settlement_verification_record(found),
        rows=lambda: settlement_verification_rows(found),
    )
    if form != "text":
        say(f"matched {found.matched} of {found.of}")
    if strict and found.matched < found.of:
        raise DoesNotMatch(f"{found.of - found.matched} of {found.of} do not match.", where=found.file)
