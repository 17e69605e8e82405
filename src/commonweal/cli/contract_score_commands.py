"""The commands about performance pay: `contract score` and `verify performance-pay`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from commonweal.cli.contract_clause_commands import contract_argument, day_option
from commonweal.cli.output import format_option, progress, say, show
from commonweal.contract.clauses.reading import read_contract
from commonweal.contract.performance.clause import PerformanceScheme
from commonweal.contract.performance.futures import pay_by_chance
from commonweal.contract.performance.inputs import read_measured
from commonweal.contract.performance.performance import performance
from commonweal.contract.performance.performance_verification import CONTRACTS, verify_performance_pay
from commonweal.contract.performance.records import (
    performance_verification_record,
    performance_verification_rows,
    score_rows,
    scores_record,
)
from commonweal.core.errors import ClauseProblem, DoesNotMatch, InputError
from commonweal.web.pages.performance import performance_document, performance_verification_document


@click.command("score")
@contract_argument
@click.option("--inputs", "file", type=click.Path(path_type=Path), required=True, help="CSV: a row for each measure.")
@day_option
@click.option("--clause", "name", default="", help="One scheme; all of the contract otherwise.")
@click.option("--depth", type=click.IntRange(min=0), help="Levels of the explanation to print; all otherwise.")
@format_option
def contract_score_command(contract: str, file: Path, day: datetime, name: str, depth: int | None, form: str) -> None:
    """Score what was measured, and work out what a contract pays for it, on account and at the end of the year.

    \b
    CONTRACT is a folder of clauses, or the name of a contract of the library.
    Columns of the CSV file, of which measure is needed:
      measure                 a measure of the scheme; or one of its inputs, its number under value
      scheme                  where the contract has several and the row is for one of them
      value                   what was measured; or instead of it
      numerator, denominator  counts, and excluded for those left out of the denominator
      baseline                the same before, for improvement
      last                    the last value, where the scheme protects at it
      points                  points worked out by somebody else, instead of a value
      prevalence, national_prevalence

    Beside each score and what is earned stands what chance alone makes of results with such denominators.
    """
    held = read_contract(contract)
    schemes = (held.one(PerformanceScheme, name),) if name else held.of_kind(PerformanceScheme)
    if not schemes:
        raise ClauseProblem(
            "has no scheme of performance pay.", where=contract, mend="Add a clause performance_scheme."
        )
    given = read_measured(file, schemes)
    found = {
        scheme.name: performance(scheme, given[scheme.name].measured, given[scheme.name].inputs, day.date())
        for scheme in schemes
    }
    drawn = {name: pay_by_chance(found[name], given[name].measured, given[name].inputs) for name in found}
    ranges = {name: chance for name, chance in drawn.items() if chance is not None}
    show(
        form,
        document=lambda: performance_document(held.agreement.label, found, ranges, depth=depth),
        data=lambda: scores_record(held.name, found, ranges),
        rows=lambda: score_rows(found, ranges),
    )


@click.command("performance-pay")
@click.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path))
@click.option("--contract", type=click.Choice(CONTRACTS), default="hvbp", show_default=True, help="Scored by which.")
@click.option("--strict", is_flag=True, help="Exit with the code of verification unless all match.")
@format_option
def verify_performance_pay_command(folder: Path, contract: str, strict: bool, form: str) -> None:
    """Scores of a public programme of performance pay: each hospital scored by the contract's clause."""
    if not folder.is_dir():
        raise InputError("There is no such folder.", where=str(folder), mend="Name the folder of published files.")
    with progress() as step:
        step("Scoring", 0.3)
        found = verify_performance_pay(folder, contract)
    show(
        form,
        document=lambda: performance_verification_document(found),
        data=lambda: performance_verification_record(found),
        rows=lambda: performance_verification_rows(found),
    )
    if form != "text":
        say(f"matched {found.matched} of {found.of}")
    if strict and found.matched < found.of:
        raise DoesNotMatch(f"{found.of - found.matched} of {found.of} do not match.", where=found.folder)
