"""The command that says why any amount is what it is: `contract why`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path

import click

from commonweal.cli.contract_settle_inputs import asked_settlement
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
from commonweal.contract.year.amounts import YearAmount, year_amounts
from commonweal.core.amounts import Line
from commonweal.core.errors import InputError
from commonweal.core.periods import financial_year_of, month
from commonweal.opened import OpenPlace, open_place
from commonweal.place.folder import PLACE_FILE
from commonweal.web.pages.explained import Shown, why_document

YEAR = re.compile(r"\d{4}-\d\d")
MONTH = re.compile(r"\d{4}-\d\d/")
CHANCE = "chance"
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
@click.option(
    "--on",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    help="For a settlement: the day whose terms hold; otherwise the first of the id's year.",
)
@click.option("--clause", default="", help="For a settlement: which share, where the contract has several.")
@depth_option
@save_option
@format_option
def contract_why_command(
    where: str,
    amount_id: str,
    file: Path | None,
    day: datetime | None,
    clause: str,
    depth: int | None,
    saved: Path | None,
    form: str,
) -> None:
    """Why an amount is what it is: its working, down to the numbers somebody gave, with sources and status.

    DIR is a place, for amounts of its budget, statements, year of payments and settlement; or a folder of clauses or a
    contract of the library, with --inputs, for those of a settlement. CSV and JSON print the id of each amount:
    budget/2026-27/cost-of-care, statement/2026-05/paid/prescribing/A81001, settlement/2026-27/gain_share/counted.
    Parts of an id may be left out where the rest fits one amount only; for one that is none, the nearest are named.
    """
    checked_file(saved)
    # The rows of a statement print their ids without saying that they are of a statement.
    wanted = f"statement/{amount_id}" if MONTH.match(amount_id) else amount_id.strip().strip("/")
    with progress() as step:
        step("Working out the amounts", 0.3)
        amounts, names, title = _amounts(where, wanted, clause, file, day)
        found_id, line = amount_of(amounts, wanted)
    show(
        form,
        document=lambda: why_document(found_id, line, Shown(depth, names, terminal=True), title),
        data=lambda: why_record(found_id, line, depth),
        rows=lambda: why_rows(line, depth),
    )
    save(saved, lambda: why_document(found_id, line, Shown(depth, names), title))


def _amounts(
    where: str, amount_id: str, clause: str, file: Path | None, day: datetime | None
) -> tuple[Amounts, Mapping[str, str], str]:
    """The amounts among which the id is looked up, names of practices, and the title of where they are from."""
    subject, _, rest = amount_id.partition("/")
    when = rest.partition("/")[0]
    is_place = (Path(where) / PLACE_FILE).is_file()
    if not is_place or file is not None or subject.casefold() == "settlement":
        return _of_settlement(where, amount_id, clause, file, day), {}, ""
    if subject.casefold() not in OF_A_PLACE:
        raise InputError(f"'{amount_id}' is the id of no amount.", mend=f"Ids look like {', '.join(FORMS)}.")
    opened, amounts = OF_A_PLACE[subject.casefold()](where, when)
    return amounts, opened.care.names, opened.place.name


def _of_settlement(where: str, amount_id: str, clause: str, file: Path | None, day: datetime | None) -> Amounts:
    parts = amount_id.split("/")
    if CHANCE in parts:
        mend = "See it beside the payment: commonweal contract settle."
        raise InputError(f"'{amount_id}' is what chance gives, which no working leads to.", mend=mend)
    year = next((part for part in parts[1:2] if YEAR.fullmatch(part)), None) if day is None else None
    if day is None and year is None:
        raise InputError("A settlement's amount needs its year or a day.", mend=f"As in {FORMS[2]}, or give --on DAY.")
    named = clause or _clause_named(where, parts)
    on = day.date() if day else None
    asked = asked_settlement(where, clause=named, contract="", file=file, on=on, year=year, people=None)
    return settlement_amounts(asked.settlement)


def _clause_named(where: str, parts: list[str]) -> str:
    """The gain and loss share that an id names, where the contract has it; nothing where parts were left out."""
    wanted = [part.casefold().replace("-", "_") for part in parts]
    held = open_place(where).contract if (Path(where) / PLACE_FILE).is_file() else read_contract(where)
    names = [clause.name for clause in held.of_kind(GainLossShare)] if held else []
    return next((name for name in names if name in wanted), "")


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
