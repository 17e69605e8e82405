"""The commands of a year of payments: `contract year`, `contract fact`, `contract close`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from commonweal.cli.money_commands import year_option
from commonweal.cli.output import format_option, progress, say, show
from commonweal.cli.place_commands import Day, place_argument
from commonweal.cli.saving import checked_file, save, save_option
from commonweal.contract.journal import journal
from commonweal.contract.records import with_money
from commonweal.contract.year.facts import KINDS, OF_A_YEAR, Fact, fact_of, next_id
from commonweal.contract.year.records import adjustment_rows, amount_rows, year_record, year_rows
from commonweal.core.errors import InputError
from commonweal.core.periods import financial_year_of, month
from commonweal.opened import OpenPlace, open_place
from commonweal.web.pages.year import facts_document, year_document

ROWS = {"statements": year_rows, "adjustments": adjustment_rows, "amounts": amount_rows}


@click.command("year")
@place_argument
@year_option
@click.option(
    "--as-known-on", "known_on", type=Day(), help="Only what was known and closed by this day; all otherwise."
)
@click.option(
    "--rows",
    "grain",
    type=click.Choice(tuple(ROWS)),
    default="statements",
    show_default=True,
    help="What CSV holds: a row a statement, an adjustment, or an amount with its id.",
)
@click.option("--journal", "journal_file", type=click.Path(path_type=Path), help="Write the double-entry journal here.")
@save_option
@format_option
def contract_year_command(
    place_folder: Path,
    year: str | None,
    known_on: date | None,
    grain: str,
    journal_file: Path | None,
    saved: Path | None,
    form: str,
) -> None:
    """The year of payments: each month, what it adjusts of earlier ones, and the settlement.

    Facts that became known (contract fact) count from the day they hold. A closed month (contract close) stays as it
    was kept; what becomes known later is a dated adjustment in the first open month, with the fact's id.
    """
    checked_file(saved)
    with progress() as step:
        step("Reading the published files", 0.1)
        opened = open_place(place_folder, year=year)
        step("Working out the year", 0.6)
        found = opened.payments.year(known_on)
    show(
        form,
        document=lambda: year_document(opened.place.name, found),
        data=lambda: {"place": opened.place.name, **year_record(found)},
        rows=lambda: with_money(ROWS[grain](found)),
    )
    save(saved, lambda: year_document(opened.place.name, found))
    if journal_file is not None:
        held = [made.statement for made in found.statements]
        _write(journal_file, journal(held, opened.parameters, title=opened.place.name))


@click.command("close")
@place_argument
@click.option("--month", "name", required=True, help="The month to close, as 2026-06, or settlement.")
@click.option("--on", "day", type=Day(), required=True, help="The day of closing; what is known by then counts.")
@year_option
@format_option
def contract_close_command(place_folder: Path, name: str, day: date, year: str | None, form: str) -> None:
    """Close a month, or the settlement: what is paid is kept, with a digest, and never changes again.

    Months are closed in order, from the closing day of the contract's calendar. --year is needed for a settlement.
    """
    wanted = name.strip()
    with progress() as step:
        step("Reading the published files", 0.1)
        opened = open_place(place_folder, year=year or _year_of(wanted))
        step("Closing", 0.7)
        file = opened.payments.close(wanted, day)
    after = _again(opened).payments
    kept = after.closed[-1]
    row = {
        "statement": kept.statement,
        "closed_on": kept.closed_on.isoformat(),
        "digest": kept.digest,
        "file": str(file),
        "amounts": len(kept.rows),
    }
    show(
        form,
        document=lambda: year_document(opened.place.name, after.year(day)),
        data=lambda: {"place": opened.place.name, **row},
        rows=lambda: [row],
    )
    say(f"Closed {kept.statement} on {kept.closed_on}. Kept: {file}, digest {kept.digest[:12]}.")


@click.command("fact")
@place_argument
@click.argument("kind", metavar="[KIND]", required=False, type=click.Choice(KINDS))
@click.option("--of", "subject", default="", help="What it is about: a practice, a line, an amount's id, a fact's id.")
@click.option("--value", default="", help="What it says: people, an option, a share, a number, a reason.")
@click.option("--known-on", type=Day(), help="The day on which it became known.")
@click.option(
    "--from",
    "start",
    type=Day(),
    help="The first day it is about; otherwise the day it became known, for results the first of the year.",
)
@click.option("--to", "end", type=Day(), help="For a variation of scope: the first day after.")
@click.option("--corrects", default="", help="The id of the fact that it replaces.")
@click.option("--source", default="", help="Who says so.")
@click.option("--id", "fact_id", default="", help="Its id; the next free one of the form F001 otherwise.")
@year_option
@format_option
def contract_fact_command(
    place_folder: Path,
    kind: str | None,
    subject: str,
    value: str,
    known_on: date | None,
    start: date | None,
    end: date | None,
    corrects: str,
    source: str,
    fact_id: str,
    year: str | None,
    form: str,
) -> None:
    """Record a fact that became known, after checking it; without a kind, show those recorded.

    \b
    commonweal contract fact DIR list_count --of A81001 --value 9350 --from 2026-07-01 --known-on 2026-09-10
        --source "corrected return"
    commonweal contract fact DIR participation --of A81002 --value partial --from 2026-07-15 ...
    commonweal contract fact DIR scope --of partial/community --value 0.5 --from 2026-10-01 ...
    commonweal contract fact DIR performance_score --of qof/A81001 --value 0.93 ...
    commonweal contract fact DIR settlement_input --of actual --value 56400000 ...
    commonweal contract fact DIR dispute --of payments/2026-27/2026-06/paid/community --value "volumes" ...
    commonweal contract fact DIR dispute_resolved --of F006 --value due ...
    commonweal contract fact DIR withdrawal --of F002 ...

    Facts are kept in facts.csv of the place and only ever added to: a later one corrects or withdraws one by its id.
    """
    with progress() as step:
        step("Reading the published files", 0.1)
        opened = open_place(place_folder, year=year)
        held = opened.payments
    if kind is not None:
        if known_on is None:
            raise InputError("When did it become known?", mend="Give --known-on, as 2026-09-10.")
        first = start or (opened.year.start if kind in OF_A_YEAR else known_on)
        fact = _fact(fact_id or next_id(held.facts), kind, subject, value, known_on, first, end, corrects, source)
        held.add(fact)
        say(f"Recorded {fact.fact_id}.")
        opened = _again(opened)
        held = opened.payments
    rows = [fact.as_row() for fact in held.facts]
    show(
        form,
        document=lambda: facts_document(opened.place.name, held.facts),
        data=lambda: {"place": opened.place.name, "facts": rows},
        rows=lambda: rows,
    )


def _fact(
    fact_id: str,
    kind: str,
    subject: str,
    value: str,
    known_on: date,
    start: date,
    end: date | None,
    corrects: str,
    source: str,
) -> Fact:
    row = {
        "fact_id": fact_id,
        "known_on": known_on.isoformat(),
        "effective_from": start.isoformat(),
        "effective_to": end.isoformat() if end else "",
        "kind": kind,
        "subject": subject.strip(),
        "value": value,
        "corrects": corrects,
        "source": source,
    }
    return fact_of(row, fact_id)


def _again(opened: OpenPlace) -> OpenPlace:
    """The place opened anew, without reading its published files again."""
    return OpenPlace(opened.place, year=opened.year, inputs=opened.inputs)


def _year_of(name: str) -> str | None:
    return None if name.startswith("settlement") else financial_year_of(month(name).start).label


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8", newline="\n")
    except OSError as problem:
        raise InputError(
            f"cannot be written: {problem.strerror}.", where=str(file), mend="Name a file you may write."
        ) from None
    say(f"Written: {file}")
