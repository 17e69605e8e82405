"""The commands that work out what a contract pays on and shares: `contract subcontracts`, `contract members`."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

import click

from commonweal.cli.contract_clause_commands import contract_argument, day_option
from commonweal.cli.output import format_option, show
from commonweal.contract.agreed.counts import counts_of, people_of
from commonweal.contract.agreed.member_shares import MemberShares, member_shares
from commonweal.contract.agreed.records import member_rows, members_record, subcontract_rows, subcontracts_record
from commonweal.contract.agreed.subcontract_payments import month_payments
from commonweal.contract.agreed.subcontracts import Subcontracts
from commonweal.contract.clauses.reading import read_contract
from commonweal.core.amounts import given
from commonweal.core.errors import InputError
from commonweal.core.periods import month
from commonweal.web.pages.agreed import members_document, subcontracts_document


@click.command("subcontracts")
@contract_argument
@click.option("--month", "month_text", required=True, help="The month of service, as 2026-04.")
@click.option("--counts", "file", type=click.Path(path_type=Path), help="YAML: what each subcontract is counted by.")
@click.option("--explain", is_flag=True, help="Explain every sum.")
@format_option
def contract_subcontracts_command(contract: str, month_text: str, file: Path | None, explain: bool, form: str) -> None:
    """Work out what each subcontract of a contract pays for a month: block, capitation, cost and volume, item.

    CONTRACT is a folder of clauses, or the name of a contract of the library. The file of counts has, under the name of
    each subcontract, `people`, `count` of the month, or `count` and `before`: the count of the months before it in the
    financial year.
    """
    clause, served = read_contract(contract).one(Subcontracts), month(month_text)
    if not clause.subcontracts:
        mend = "Its statement pays on by shares; see: commonweal statement DIR --month 2026-04"
        raise InputError("agrees no sums, rates or prices.", where=f"{contract}: {clause.name}", mend=mend)
    paid = month_payments(clause, served, counts_of(file) if file else {})
    show(
        form,
        document=lambda: subcontracts_document(clause, served, paid, explain=explain),
        data=lambda: subcontracts_record(clause, served, paid),
        rows=lambda: subcontract_rows(clause, served, paid),
    )


@click.command("members")
@contract_argument
@click.option("--amount", required=True, help="What is shared, in pounds; below zero where members owe it.")
@click.option(
    "--people", "file", type=click.Path(path_type=Path), help="YAML: people by practice, registered or weighted."
)
@day_option
@format_option
def contract_members_command(contract: str, amount: str, file: Path | None, day: datetime, form: str) -> None:
    """Share an amount among the members of a contract, to the penny, as its clause of member shares says.

    CONTRACT is a folder of clauses, or the name of a contract of the library. Where practices share, the file names
    those that take part.
    """
    clause = read_contract(contract).one(MemberShares)
    people = people_of(file) if file else None
    shared = given("amount to be shared", _pounds(amount))
    found = member_shares(clause, shared, day.date(), practices=(people.keys or ()) if people else (), people=people)
    show(
        form,
        document=lambda: members_document(clause, day.date(), found),
        data=lambda: members_record(clause, day.date(), found),
        rows=lambda: member_rows(found),
    )


def _pounds(text: str) -> Decimal:
    try:
        held = Decimal(text.replace(",", "").replace("_", ""))
    except InvalidOperation:
        held = Decimal("nan")
    if not held.is_finite():
        raise InputError(f"'{text}' is no amount.", where="--amount", mend="Write pounds, as 1200000.50.")
    return held
