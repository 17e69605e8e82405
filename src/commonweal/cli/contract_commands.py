"""The commands of the contract: `options`, `participate`, `statement`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import click

from commonweal.cli.money_commands import depth_option, year_option
from commonweal.cli.output import format_option, progress, say, show
from commonweal.cli.place_commands import Day, place_argument
from commonweal.contract.journal import journal
from commonweal.contract.practice_page import practice_page_rows
from commonweal.contract.records import (
    options_record,
    options_rows,
    practice_page_record,
    statement_csv_rows,
    statement_record,
    with_money,
)
from commonweal.contract.statement_rows import explanation
from commonweal.core.amounts import Line
from commonweal.core.csv_text import csv_text
from commonweal.core.errors import InputError
from commonweal.core.explanation import explained, explanation_tree
from commonweal.core.periods import financial_year_of, month
from commonweal.opened import OpenPlace, open_place
from commonweal.place.participation.events import OPTIONS, History
from commonweal.place.participation.file import save_history
from commonweal.place.participation.states import (
    give_notice,
    history_rows,
    leave,
    participate,
    participation_on,
    reactivate,
    way_back,
)
from commonweal.web.pages.budget import explanation_document
from commonweal.web.pages.options import options_document
from commonweal.web.pages.participation import participation_document
from commonweal.web.pages.practice import practice_document
from commonweal.web.pages.statement import statement_document
from commonweal.web.pdf import write_pdf
from commonweal.web.workbook import write_workbook

# Deep enough to see each party and practice; the budget's own explanation goes the rest of the way.
WORKBOOK_LEVELS = 3


@click.command("options")
@place_argument
@year_option
@click.option("--practice", "practice_code", help="A practice manager's page for one practice.")
@click.option("--on", type=Day(), help="The day whose scope and participation count; the contract's first otherwise.")
@format_option
def options_command(
    place_folder: Path, year: str | None, practice_code: str | None, on: date | None, form: str
) -> None:
    """Show virtual, partial and full side by side: what is in the budget, what stays, per practice and in all."""
    with progress() as step:
        step("Reading the published files", 0.1)
        opened = open_place(place_folder, year=year)
        page = opened.practice_page(practice_code, on=on) if practice_code else None
        step("Setting out the options", 0.7)
        held = None if page else opened.options(on)
    if page is not None:
        show(
            form,
            document=lambda: practice_document(opened.place.name, page),
            data=lambda: {"place": opened.place.name, **practice_page_record(page)},
            rows=lambda: with_money(practice_page_rows(page)),
        )
    elif held is not None:
        show(
            form,
            document=lambda: options_document(opened.place.name, held),
            data=lambda: {"place": opened.place.name, **options_record(held)},
            rows=lambda: options_rows(held),
        )


@click.command("participate")
@place_argument
@click.argument("practice_code", metavar="[PRACTICE]", required=False)
@click.argument("option", metavar="[OPTION]", required=False, type=click.Choice((*OPTIONS, "out")))
@click.option("--from", "start", type=Day(), help="First day in the option; the first of a month.")
@click.option("--notice", type=Day(), help="The day on which the practice gives notice, in the full option.")
@click.option("--reactivate", "reactivate_on", type=Day(), help="The day its own contract is live again.")
@click.option("--partners-agree/--partners-differ", default=None, help="With --notice: do all original partners agree?")
@click.option("--recorded", type=Day(), help="The day this is written down, for the record.")
@click.option("--note", default="", help="Anything worth keeping about it.")
@format_option
def participate_command(
    place_folder: Path,
    practice_code: str | None,
    option: str | None,
    start: date | None,
    notice: date | None,
    reactivate_on: date | None,
    partners_agree: bool | None,
    recorded: date | None,
    note: str,
    form: str,
) -> None:
    """Record that a practice takes part, gives notice or takes its contract back; without one, show the history.

    \b
    commonweal participate DIR A81001 full --from 2026-04-01
    commonweal participate DIR A81001 --notice 2027-03-01 --reactivate 2028-04-01 --partners-agree
    commonweal participate DIR A81001 --reactivate 2028-04-01

    What is recorded is only ever added to. A breach of a rule names the rule and the earliest lawful date.
    """
    opened = open_place(place_folder)
    history = opened.history
    if practice_code is not None and (option or start or notice or reactivate_on):
        code = practice_code.strip().upper()
        after = _recorded(opened, history, code, option, start, notice, reactivate_on, partners_agree, recorded, note)
        opened.refuse_unoffered(after)
        save_history(opened.place.path, after)
        history = after
        day = start or notice or reactivate_on or opened.place.contract_start
        state = participation_on(history, code, day, parameters=opened.parameters).state
        say(f"Recorded. On {day} {code} is: {state}.")
    elif option or start or notice or reactivate_on:
        raise InputError("Which practice?", mend="Name it after the folder, as in: participate DIR A81001 full ...")
    elif practice_code is not None:
        _known(opened, practice_code.strip().upper())
    chosen = None if practice_code is None else practice_code.strip().upper()
    rows = [row for row in history_rows(history) if chosen in (None, row["practice_code"])]
    back = way_back(history, chosen, _latest(history, chosen), parameters=opened.parameters) if chosen else None
    show(
        form,
        document=lambda: participation_document(opened.place.name, opened.inputs.names, rows, back),
        data=lambda: {"place": opened.place.name, "events": rows},
        rows=lambda: rows,
    )


def _recorded(
    opened: OpenPlace,
    history: History,
    code: str,
    option: str | None,
    start: date | None,
    notice: date | None,
    reactivate_on: date | None,
    partners_agree: bool | None,
    recorded: date | None,
    note: str,
) -> History:
    kept: dict[str, Any] = {"parameters": opened.parameters, "recorded": recorded, "note": note}
    if option is not None:
        if start is None or notice or reactivate_on:
            raise InputError("An option needs --from, and nothing else.", mend="As in: A81001 full --from 2026-04-01")
        if option == "out":
            return leave(history, code, start, **kept)
        return participate(history, code, option, start, **kept)  # type: ignore[arg-type]
    if start is not None:
        raise InputError("--from goes with an option.", mend=f"Name one of {', '.join((*OPTIONS, 'out'))}.")
    if notice is not None:
        if reactivate_on is None or partners_agree is None:
            mend = "As in: --notice 2027-03-01 --reactivate 2028-04-01 --partners-agree"
            raise InputError("Notice says for which day, and whether all partners agree.", mend=mend)
        return give_notice(history, code, notice, reactivate_on, partners_agree, **kept)
    if reactivate_on is None:
        raise InputError("Nothing to record.", mend="Give an option with --from, --notice, or --reactivate.")
    return reactivate(history, code, reactivate_on, **kept)


def _known(opened: OpenPlace, code: str) -> None:
    if code not in opened.place.practice_codes:
        raise InputError(f"{code} is no practice of {opened.place.name}.", mend="Its practices are in place.yaml.")


def _latest(history: History, code: str) -> date:
    return max((event.start for event in history.events if event.practice_code == code), default=date.min)


@click.command("statement")
@place_argument
@click.option("--month", "month_text", required=True, help="The month of service, as 2026-04.")
@click.option("--explain", is_flag=True, help="Explain every sum.")
@click.option("--why", "row_id", help="Explain one row, by its explanation_id.")
@depth_option
@click.option("--out", type=click.Path(path_type=Path), help="Folder to write CSV, XLSX, PDF and journal into.")
@format_option
def statement_command(
    place_folder: Path,
    month_text: str,
    explain: bool,
    row_id: str | None,
    depth: int | None,
    out: Path | None,
    form: str,
) -> None:
    """Make a month's statement: received, paid on, held and owed; it balances to the penny.

    Also writes it as CSV, XLSX, PDF and a plain-text double-entry journal into the place's out/statements, or --out.
    """
    wanted = month(month_text)
    with progress() as step:
        step("Reading the published files", 0.1)
        opened = open_place(place_folder, year=financial_year_of(wanted.start).label)
        step("Making the statement", 0.7)
        made = opened.statements(wanted)
        if row_id is not None:
            show_why(opened, explanation(made[-1], row_id), depth, form)
            return
        step("Writing files", 0.9)
        document = statement_document(opened.place.name, made[-1], explain=explain, depth=depth)
        written = write_statement_files(out or opened.place.out / "statements", opened, made)
    show(
        form,
        document=lambda: document,
        data=lambda: {"place": opened.place.name, **statement_record(made[-1])},
        rows=lambda: statement_csv_rows(made[-1]),
    )
    say("Written: " + ", ".join(str(path) for path in written))


def show_why(opened: OpenPlace, line: Line, depth: int | None, form: str) -> None:
    """Explain one row of a statement."""
    show(
        form,
        document=lambda: explanation_document(opened.place.name, opened.care, [line], depth=depth),
        data=lambda: {"place": opened.place.name, "explanations": [explanation_tree(line, depth=depth)]},
        rows=lambda: [asdict(row) for row in explained(line, depth=depth)],
    )


def write_statement_files(folder: Path, opened: OpenPlace, statements: Sequence[Any]) -> list[Path]:
    """Write a month's statement as CSV, XLSX, PDF and journal; the journal holds the year's months up to it."""
    last = statements[-1]
    folder.mkdir(parents=True, exist_ok=True)
    stem = folder / f"statement-{last.month.label}"
    document = statement_document(opened.place.name, last)
    explained = statement_document(opened.place.name, last, explain=True, depth=WORKBOOK_LEVELS)
    text = journal(statements, opened.parameters, title=opened.place.name)
    return [
        write_csv(stem.with_suffix(".csv"), statement_csv_rows(last)),
        write_workbook(stem.with_suffix(".xlsx"), explained),
        write_pdf(stem.with_suffix(".pdf"), document),
        write_text(folder / f"journal-{last.month.label}.beancount", text),
    ]


def write_text(path: Path, text: str) -> Path:
    """Write text with Unix line ends."""
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def write_csv(path: Path, rows: Sequence[dict[str, Any]]) -> Path:
    """Write rows as CSV."""
    return write_text(path, csv_text(rows))
