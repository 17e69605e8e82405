"""The commands that recompute published files: `verify practice-payments`, `verify inequality` and their like."""

from __future__ import annotations

from pathlib import Path

import click

from commonweal.cli.contract_score_commands import verify_performance_pay_command
from commonweal.cli.output import format_option, progress, say, show
from commonweal.cli.verify_settlement_commands import verify_settlements_command
from commonweal.core.errors import DoesNotMatch, InputError
from commonweal.need.comorbidity_verification import verify_comorbidity
from commonweal.need.inequality_verification import verify_inequality
from commonweal.place.verification import Verification, verify_practice_payments, verify_weighted_populations
from commonweal.place.verification_records import verification_record, verification_rows
from commonweal.web.pages.verification import verification_document

ROWS_SHOWN = 20
file_argument = click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
strict_option = click.option("--strict", is_flag=True, help="Exit with the code of verification unless all match.")


@click.group("verify")
def verify_group() -> None:
    """Recompute a published file: `matched N of M`, and the rows that do not match."""


@verify_group.command("practice-payments")
@file_argument
@click.option("--year", default="", help="The file's financial year, where neither its name nor its columns say it.")
@strict_option
@format_option
def verify_payments_command(file: Path, year: str, strict: bool, form: str) -> None:
    """NHS Payments to General Practice: line sums, averages per head, normalisation of the weighted list."""
    _there(file)
    with progress() as step:
        step("Recomputing", 0.3)
        found = verify_practice_payments(file, year=year)
    _show(found, strict, form)


@verify_group.command("weighted-populations")
@file_argument
@strict_option
@format_option
def verify_populations_command(file: Path, strict: bool, form: str) -> None:
    """Need-weighted populations: what they re-add to, and the mix of needs in the final one."""
    _there(file)
    with progress() as step:
        step("Recomputing", 0.3)
        found = verify_weighted_populations(file)
    _show(found, strict, form)


@verify_group.command("inequality")
@file_argument
@strict_option
@format_option
def verify_inequality_command(file: Path, strict: bool, form: str) -> None:
    """Rates by quantile or age band: slope and relative index of inequality, standardised and crude rates, proportions.

    A CSV file with area, quantile, population and value with lower and upper (or count), standard for standardised
    rates, and what is expected: sii, rii, dsr, rate or proportion, each also with _lower and _upper.
    """
    _there(file)
    with progress() as step:
        step("Recomputing", 0.3)
        found = verify_inequality(file)
    _show(found, strict, form)


@verify_group.command("comorbidity")
@file_argument
@strict_option
@format_option
def verify_comorbidity_command(file: Path, strict: bool, form: str) -> None:
    """Hospital frailty, Charlson and Elixhauser scores, from ICD-10 codes.

    A CSV file with id, code (one row a code, or several codes with commas between; or diag_01, diag_02 ...) and what is
    expected: hfrs, hfrs_each_admission (with a column admission), charlson_1987, charlson_quan2011,
    charlson_schneeweiss, charlson_rcs, charlson_shmi, elixhauser_van_walraven, elixhauser_swiss. All codes of a person
    count. Rows that do not match are named by their number in the file, never by the id.
    """
    _there(file)
    with progress() as step:
        step("Recomputing", 0.3)
        found = verify_comorbidity(file)
    _show(found, strict, form)


verify_group.add_command(verify_settlements_command)
verify_group.add_command(verify_performance_pay_command)


def _there(file: Path) -> None:
    if not file.is_file():
        raise InputError("There is no such file.", where=str(file), mend="Name a published file.")


def _show(found: Verification, strict: bool, form: str) -> None:
    show(
        form,
        document=lambda: verification_document(found, most=ROWS_SHOWN),
        data=lambda: verification_record(found),
        rows=lambda: verification_rows(found),
    )
    if form != "text":
        say(f"matched {found.matched} of {found.of}")
    if strict and found.matched < found.of:
        raise DoesNotMatch(f"{found.of - found.matched} of {found.of} do not match.", where=found.file)
