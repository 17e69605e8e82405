"""The command that says why any amount is what it is: `contract why`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path

import click

from commonweal.cli.contract_inputs import input_numbers
from commonweal.cli.money_commands import depth_option
from commonweal.cli.output import format_option, progress, show
from commonweal.cli.saving import checked_file, save, save_option
from commonweal.contract.clauses.reading import read_contract
from commonweal.contract.explained.amount_ids import (
    Amounts,
    amount_of,
    budget_amounts,
    settlement_amounts,
    statement_amounts,
)
from commonweal.contract.explained.records import why_record, why_rows
from commonweal.contract.settlement.clause import GainLossShare
from commonweal.contract.settlement.settling import settled
from commonweal.contract.year.amounts import YearAmount, year_amounts
from commonweal.core.amounts import Line
from commonweal.core.errors import InputError
from commonweal.core.periods import financial_year_of, month
from commonweal.opened import OpenPlace, open_place
from commonweal.place.folder import PLACE_FILE
from commonweal.web.pages.explained import Shown, why_document

MONTH = re.compile(r"\d{4}-\d\d/")
FORMS = (
    "budget/2026-27/cost-of-care/prescribing",
    "statement/2026-05/paid/prescribing/A81001",
    "settlement/2026-27/gain_share/payment",
    "payments/2026-27/2026-06/paid/community/A81001/whole-population-budget/community-trust",
)


@click.command("why")
@click.argument("where", metavar="DIR")
@click.argument("amount_id", metavar="AMOUNT-ID")
@click.option("--inputs", "file", type=click.Path(path_type=Path), help="For a settlement: YAML, a number an input.")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="For a settlement: the day whose terms hold.")
@depth_option
@save_option
@format_option
def contract_why_command(
    where: str,
    amount_id: str,
    file: Path | None,
    day: datetime | None,
    depth: int | None,
    saved: Path | None,
    form: str,
) -> None:
    """Why an amount is what it is: its working, down to the numbers somebody gave, with sources and status.

    DIR is a place, for amounts of its budget and statements; or a folder of clauses or a contract of the library, with
    --inputs and --on, for those of a settlement. CSV and JSON print the id of each amount: budget/2026-27/cost-of-care,
    statement/2026-05/paid/prescribing/A81001, settlement/2026-27/gain_share/counted. Parts of an id may be left out
    where the rest fits one amount only; for an id that is none, the nearest are named.
    """
    checked_file(saved)
    # The rows of a statement print their ids without saying that they are of a statement.
    wanted = f"statement/{amount_id}" if MONTH.match(amount_id) else amount_id.strip().strip("/")
    with progress() as step:
        step("Working out the amounts", 0.3)
        amounts, names, title = _amounts(where, wanted, file, day)
        found_id, line = amount_of(amounts, wanted)
    show(
        form,
        document=lambda: why_document(found_id, line, Shown(depth, names, terminal=True), title),
        data=lambda: why_record(found_id, line, depth),
        rows=lambda: why_rows(line, depth),
    )
    save(saved, lambda: why_document(found_id, line, Shown(depth, names), title))


def _amounts(
    where: str, amount_id: str, file: Path | None, day: datetime | None
) -> tuple[Amounts, Mapping[str, str], str]:
    """The amounts among which the id is looked up, names of practices, and the title of where they are from."""
    subject, _, rest = amount_id.partition("/")
    when = rest.partition("/")[0]
    is_place = (Path(where) / PLACE_FILE).is_file()
    if file is not None or not is_place or subject.casefold() == "settlement":
        contract = str(Path(where) / "contract") if is_place else where
        return _of_settlements(contract, file, day), {}, ""
    if subject.casefold() not in OF_A_PLACE:
        raise InputError(f"'{amount_id}' is the id of no amount.", mend=f"Ids look like {', '.join(FORMS)}.")
    opened, amounts = OF_A_PLACE[subject.casefold()](where, when)
    return amounts, opened.care.names, opened.place.name


def _of_settlements(contract: str, file: Path | None, day: datetime | None) -> Amounts:
    held = read_contract(contract)
    if file is None or day is None:
        raise InputError("A settlement needs inputs and a day.", mend="Give --inputs FILE and --on DAY.")
    inputs = input_numbers(file)
    clauses = held.of_kind(GainLossShare)
    amounts: dict[str, Callable[[], Line]] = {}
    told: list[InputError] = []
    for clause in clauses:
        try:
            amounts |= settlement_amounts(settled(clause, inputs, day.date()))
        except InputError as problem:
            # Inputs are those of one share: others of the contract, with inputs of their own, are passed over.
            told.append(problem)
    if told and len(told) == len(clauses):
        raise told[0]
    if not clauses:
        raise InputError("has no gain and loss share to settle.", where=contract, mend="Name a contract that has one.")
    return amounts


def _of_budget(where: str, when: str) -> tuple[OpenPlace, Amounts]:
    opened = open_place(where, year=when or None)
    options = opened.options()
    return opened, budget_amounts(opened.care, options, {held.name: opened.quarters(held) for held in options})


def _of_statement(where: str, when: str) -> tuple[OpenPlace, Amounts]:
    if not when:
        raise InputError("A statement's amount needs its month.", mend=f"As in {FORMS[1]}.")
    wanted = month(when)
    opened = open_place(where, year=financial_year_of(wanted.start).label)
    return opened, statement_amounts(opened.statements(wanted)[-1])


def _of_payments(where: str, when: str) -> tuple[OpenPlace, Amounts]:
    opened = open_place(where, year=when or None)
    year = opened.payments.year()
    return opened, {amount_id: partial(_line, held) for amount_id, held in year_amounts(year).items()}


def _line(held: YearAmount) -> Line:
    return held.line


OF_A_PLACE: Mapping[str, Callable[[str, str], tuple[OpenPlace, Amounts]]] = {
    "budget": _of_budget,
    "statement": _of_statement,
    "payments": _of_payments,
}
