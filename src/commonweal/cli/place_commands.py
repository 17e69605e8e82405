"""The commands that choose, check and form a place: `new`, `check`, `form`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from commonweal.cli.output import format_option, progress, say, show
from commonweal.core.errors import InputError, NoAnswer, TooManyFindings
from commonweal.core.findings import Finding, counts
from commonweal.core.parameters import library
from commonweal.place.checks.run import check
from commonweal.place.folder import Place, new_place, read_place
from commonweal.place.formation.file import keep_formation
from commonweal.place.formation.forming import PlaceFormation, form_place
from commonweal.place.formation.records import formation_record, formation_rows
from commonweal.place.inputs import place_inputs
from commonweal.place.selection import Selection
from commonweal.web.document import Document, Meta, Paragraph, SummaryList
from commonweal.web.pages.findings import findings_document
from commonweal.web.pages.neighbourhood_map import map_svg_text
from commonweal.web.pages.neighbourhoods import neighbourhoods_document

DEFAULT_CONTRACT_START = "2026-04-01"
FINDINGS_SHOWN_OF_A_RULE = 10

place_argument = click.argument("place_folder", metavar="DIR", type=click.Path(path_type=Path))


class Day(click.ParamType):
    """A day written 2026-04-01."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"'{value}' is not a day; write it as 2026-04-01.", param, ctx)


class Near(click.ParamType):
    """A point written LAT,LON."""

    name = "lat,lon"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[float, float]:
        if isinstance(value, tuple):
            return value
        try:
            latitude, longitude = (float(part) for part in str(value).split(","))
        except ValueError:
            self.fail(f"'{value}' is not a point; write it as 52.51,-2.08.", param, ctx)
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
            self.fail(f"'{value}' is not on the globe; write latitude first, as in 52.51,-2.08.", param, ctx)
        return latitude, longitude


class Pair(click.ParamType):
    """Two practices written A81001,A81002."""

    name = "code,code"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        if isinstance(value, tuple):
            return value
        parts = [part.strip().upper() for part in str(value).split(",")]
        if len(parts) != 2 or not all(parts):
            self.fail(f"'{value}' is not a pair of practices; write it as A81001,A81002.", param, ctx)
        return parts[0], parts[1]


@click.command("new")
@click.argument("place_folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--name", required=True, help="What the place is called.")
@click.option(
    "--practices-from",
    required=True,
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    help="Folder of files as published: CSV, gzipped or zipped, under any names.",
)
@click.option("--lad", multiple=True, help="Local authority district, code or name; may repeat.")
@click.option("--icb", multiple=True, help="Integrated care board, code or name; may repeat.")
@click.option("--sub-icb", multiple=True, help="Sub-location of a board, code or name; may repeat.")
@click.option("--pcn", multiple=True, help="Primary care network, code or name; may repeat.")
@click.option("--practice", multiple=True, help="Practice code; may repeat.")
@click.option("--near", type=Near(), help="A point, as LAT,LON; with --people.")
@click.option("--people", type=click.IntRange(min=1), help="With --near: how many registered people to reach.")
@click.option("--payments-year", default="", help="Baseline year, where payments of several years are given.")
@click.option("--allow-years-apart", is_flag=True, help="Accept payments and need-weighted lists of different years.")
@click.option(
    "--contract-start", type=Day(), default=DEFAULT_CONTRACT_START, show_default=True, help="First day of the contract."
)
@format_option
def new_command(
    place_folder: Path,
    name: str,
    practices_from: Path,
    lad: tuple[str, ...],
    icb: tuple[str, ...],
    sub_icb: tuple[str, ...],
    pcn: tuple[str, ...],
    practice: tuple[str, ...],
    near: tuple[float, float] | None,
    people: int | None,
    payments_year: str,
    allow_years_apart: bool,
    contract_start: date,
    form: str,
) -> None:
    """Make a place's folder from files as published.

    Options of the same kind and of different kinds add up: `--lad Fylde --lad Blackpool` takes both districts.
    """
    if (near is None) != (people is None):
        raise InputError("--near and --people go together.", mend="Give both, or neither.")
    selection = Selection(lad, icb, sub_icb, pcn, practice, near, people or 0)
    with progress() as step:
        step("Reading published files", 0.1)
        place = new_place(
            place_folder,
            name=name,
            practices_from=practices_from,
            selection=selection,
            contract_start=contract_start,
            payments_year=payments_year,
            allow_years_apart=allow_years_apart,
        )
    show(
        form,
        document=lambda: _made(place),
        data=lambda: place_record(place),
        rows=lambda: [{"practice_code": code} for code in place.practice_codes],
    )


def place_record(place: Place) -> dict[str, object]:
    """A place as data."""
    return {
        "folder": str(place.path),
        "name": place.name,
        "commissioner_code": place.commissioner_code,
        "commissioner_name": place.commissioner_name,
        "baseline_year": place.payments_year,
        "contract_start": place.contract_start.isoformat(),
        "practice_codes": list(place.practice_codes),
        "findings": [finding.as_row() for finding in place.findings],
    }


def _made(place: Place) -> Document:
    facts = SummaryList(
        (
            ("Practices", len(place.practice_codes)),
            ("Commissioner", f"{place.commissioner_code} {place.commissioner_name}"),
            ("Baseline year", place.payments_year),
            ("Contract starts", place.contract_start),
        ),
        kind="number",
    )
    after = Paragraph(f"Next: commonweal check {place.path}, then commonweal build {place.path}")
    blocks = (facts, *(Paragraph(f"{f.severity}: {f.message}") for f in place.findings), after)
    return Document(f"{place.name} is made in {place.path}", blocks, meta=Meta(place.name))


@click.command("check")
@place_argument
@click.option("--all", "everything", is_flag=True, help="Show every finding, not only the first of each rule.")
@click.option("--strict", is_flag=True, help="Exit with the code of findings when any is an error.")
@format_option
@click.pass_context
def check_command(context: click.Context, place_folder: Path, everything: bool, strict: bool, form: str) -> None:
    """Check a place's input files: what is wrong, where, and how it is mended."""
    with progress() as step:
        step("Reading and checking", 0.1)
        place = read_place(place_folder)
        findings = check(place_inputs(place))
    show_findings(place, findings, form, everything=everything)
    if strict and counts(findings)["error"]:
        context.exit(TooManyFindings.exit_code)


def show_findings(place: Place, findings: Sequence[Finding], form: str, *, everything: bool) -> None:
    """Print findings in the form asked for."""
    most = None if everything else FINDINGS_SHOWN_OF_A_RULE
    show(
        form,
        document=lambda: findings_document(place.name, findings, most=most),
        data=lambda: {
            "place": place.name,
            "counts": counts(findings),
            "findings": [finding.as_row() for finding in findings],
        },
        rows=lambda: [finding.as_row() for finding in findings],
    )


@click.command("form")
@place_argument
@click.option("--smallest", type=click.IntRange(min=1), help="Fewest people in a neighbourhood; a parameter otherwise.")
@click.option("--largest", type=click.IntRange(min=1), help="Most people in a neighbourhood; a parameter otherwise.")
@click.option(
    "--keep-pcn",
    type=click.Choice(("always", "prefer", "ignore")),
    help="Keep primary care networks whole; otherwise as place.yaml says, which is to ignore them unless changed.",
)
@click.option("--together", type=Pair(), multiple=True, help="Two practices that must be together; may repeat.")
@click.option("--apart", type=Pair(), multiple=True, help="Two practices that must never be together; may repeat.")
@click.option("--alternatives", type=click.IntRange(0, 50), default=10, show_default=True, help="Next-best plans.")
@click.option("--map", "map_file", type=click.Path(path_type=Path), help="Also draw the map, as SVG, into this file.")
@click.option("--dry-run", is_flag=True, help="Show the plan without writing neighbourhoods.yaml.")
@click.option("--strict", is_flag=True, help="When the bounds cannot be met, write nothing and exit as infeasible.")
@format_option
def form_command(
    place_folder: Path,
    smallest: int | None,
    largest: int | None,
    keep_pcn: str | None,
    together: tuple[tuple[str, str], ...],
    apart: tuple[tuple[str, str], ...],
    alternatives: int,
    map_file: Path | None,
    dry_run: bool,
    strict: bool,
    form: str,
) -> None:
    """Form neighbourhoods: connected, as compact as can be, within the bounds, never splitting a practice."""
    with progress() as step:
        place = read_place(place_folder)
        formed = form_place(
            place_inputs(place),
            library().overridden_by(place.contract),
            smallest=smallest,
            largest=largest,
            keep_pcn=keep_pcn,
            together=together,
            apart=apart,
            alternatives=alternatives,
            save=False,
            progress=step,
        )
    unmet = formed.formation.status == "relaxed"
    if not dry_run and not (unmet and strict):
        formed = keep_formation(formed)
    if map_file:
        map_file.write_text(map_svg_text(formed), encoding="utf-8")
        say(f"The map is in {map_file}.")
    show(
        form,
        document=lambda: formation_document(formed),
        data=lambda: {"place": formed.place.name, **formation_record(formed.formation, formed.names)},
        rows=lambda: formation_rows(formed.formation, formed.names),
    )
    if unmet:
        told = NoAnswer("The bounds cannot be met; the nearest plan is shown.", mend="See its notes.")
        if strict:
            raise told
        say(str(told))


def formation_document(formed: PlaceFormation) -> Document:
    """The plan as a document."""
    return neighbourhoods_document(
        formed.place.name,
        formed.formation,
        formed.names,
        national=formed.national,
        smallest_mcp=formed.smallest_mcp,
    )
