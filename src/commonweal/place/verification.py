"""Does a published file agree with itself?

Whatever can be recomputed from the file is recomputed: sums of lines, averages per head, the weighted lists'
normalisation, sums of weighted populations and the mix of their components.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
from ibis.backends import BaseBackend

from commonweal.core.engine import duckdb_engine
from commonweal.core.errors import InputError
from commonweal.core.findings import Finding
from commonweal.core.money import EXACT, to_the_penny
from commonweal.core.parameters import library
from commonweal.place.checks.lists import need_sums, totals_recomputed
from commonweal.place.practice_totals import COMPONENTS, people_paid_for
from commonweal.place.published.forms import PAYMENTS
from commonweal.place.published.reading import FORM_NAMES, Published, read_published

MIXED = COMPONENTS[:-1]


@dataclass(frozen=True, slots=True)
class VerificationCheck:
    """One figure recomputed: in how many cases it matched, out of how many, within what, and what that means."""

    name: str
    matched: int
    of: int
    tolerance: str
    meaning: str


@dataclass(frozen=True, slots=True)
class VerificationRow:
    """A case that does not match; the practice is blank where the figure is the whole file's."""

    practice_code: str
    check: str
    published: Decimal
    recomputed: Decimal
    difference: Decimal


@dataclass(frozen=True, slots=True)
class Verification:
    """A published file recomputed.

    figures    what was recovered from the file, by name: the mix of components, the normalisation
    findings   what was found in the file while it was read
    """

    file: str
    form: str
    year: str
    checks: tuple[VerificationCheck, ...]
    rows: tuple[VerificationRow, ...]
    figures: Mapping[str, Decimal]
    findings: tuple[Finding, ...] = ()

    @property
    def matched(self) -> int:
        """Cases that match, over all checks."""
        return sum(check.matched for check in self.checks)

    @property
    def of(self) -> int:
        """Cases compared, over all checks."""
        return sum(check.of for check in self.checks)


Checked = Iterator[tuple[VerificationCheck, list[VerificationRow]]]


def verify_practice_payments(path: Path, *, year: str = "", engine: BaseBackend | None = None) -> Verification:
    """NHS Payments to General Practice recomputed, practice by practice.

    Takes    year: the file's financial year, where neither its name nor its columns say it.
    Returns  sums of lines against every published total, to the penny; averages per registered and per weighted
             person; weighted against registered people of the whole file.
    Raises   InputError when the file is not one.
    """
    published = _read(path, PAYMENTS, year, engine)
    figures: dict[str, Decimal] = {}
    held = [*_line_sums(published), *_averages(published), _normalisation(published, figures)]
    return _verification(published, PAYMENTS, held, figures)


def verify_weighted_populations(path: Path, *, engine: BaseBackend | None = None) -> Verification:
    """Need-weighted populations recomputed.

    Returns  the sum of each weighted population against that of projected people; the mix of components recovered by
             least squares against the mix in the parameters; each practice's overall population against the mix.
    Raises   InputError when the file is not one.
    """
    published = _read(path, "need_populations", "", engine)
    figures: dict[str, Decimal] = {}
    held = [*_component_sums(published), *_component_mix(published, figures)]
    return _verification(published, "need_populations", held, figures)


def _read(path: Path, form: str, year: str, engine: BaseBackend | None) -> Published:
    years = {path.name: year} if year else {}
    published = read_published(engine or duckdb_engine(), [path], years=years, allow_years_apart=True)
    if published.file_of(form) is None:
        held = ", ".join(FORM_NAMES[file.form] for file in published.files)
        raise InputError(
            f"is not {FORM_NAMES[form]}{f' but {held}' if held else ''}.",
            where=path.name,
            mend="Name the published file; it is recognised by its columns.",
        )
    return published


def _verification(
    published: Published,
    form: str,
    held: list[tuple[VerificationCheck, list[VerificationRow]]],
    figures: Mapping[str, Decimal],
) -> Verification:
    file = published.file_of(form)
    assert file is not None
    rows = tuple(row for _, rows in held for row in rows)
    checks = tuple(check for check, _ in held)
    return Verification(file.name, FORM_NAMES[form], file.years[0], checks, rows, figures, published.findings)


def _line_sums(published: Published) -> Checked:
    lines, totals = published.tables["payment_lines"], published.tables["payment_totals"]
    compared = totals_recomputed(lines, totals, library())
    counted = _counts(compared, "payment_total", compared.recomputed == compared.published)
    wrong = compared.filter(compared.recomputed != compared.published).order_by("practice_code")
    rows = wrong.to_pyarrow().to_pylist()
    for total in _rows("payment_totals"):
        if total["code"] not in counted:
            continue
        name = f"sum of lines: {total['label']}"
        mine = [
            _row(row["practice_code"], name, row["published"], row["recomputed"])
            for row in rows
            if row["payment_total"] == total["code"]
        ]
        meaning = f"The lines of {' and '.join(total['adds'])} sum to '{total['names'][0]}'."
        yield VerificationCheck(name, *counted[total["code"]], "to the penny", meaning), mine


def _averages(published: Published) -> Checked:
    tolerance = library()["per_head_tolerance"].on(date.max).number()
    averages, totals, paid = (published.tables[name] for name in ("payment_averages", "payment_totals", PAYMENTS))
    for average in _rows("payment_averages"):
        people = f"{average['people']}_people"
        mine = averages.filter(averages.payment_average == average["name"])
        wanted = totals.filter(totals.payment_total == average["total"])
        joined = mine.inner_join(wanted.select("practice_code", total=wanted.amount), "practice_code")
        joined = joined.inner_join(paid.select("practice_code", people=paid[people]), "practice_code")
        listed = joined.filter(joined.people > 0)
        # Compared multiplied out, in decimals: a division would leave the exact numbers.
        apart = (listed.total - listed.amount * listed.people).abs()
        matches = apart <= listed.people * ibis.literal(str(tolerance)).cast("decimal(18, 6)")
        name = f"average: {average['name'].removeprefix('Average payments ')}"
        counted = _counts(listed, "payment_average", matches)
        if average["name"] not in counted:
            continue
        rows = listed.filter(~matches).order_by("practice_code").to_pyarrow().to_pylist()
        meaning = f"'{average['name']}' is the published total divided by the {average['people']} list."
        check = VerificationCheck(name, *counted[average["name"]], f"GBP {tolerance}", meaning)
        yield check, [_row(r["practice_code"], name, r["amount"], _per_head(r["total"], r["people"])) for r in rows]


def _per_head(pounds: Decimal, people: Decimal) -> Decimal:
    with localcontext(EXACT):
        return to_the_penny(pounds / people)


def _normalisation(
    published: Published, figures: dict[str, Decimal]
) -> tuple[VerificationCheck, list[VerificationRow]]:
    tolerance = library()["normalisation_tolerance"].on(date.max).number()
    (sums,) = people_paid_for(published.tables[PAYMENTS], year=published.baseline_year).to_pyarrow().to_pylist()
    registered, weighted = sums["registered_people"] or Decimal(0), sums["weighted_people"] or Decimal(0)
    name = "normalisation"
    with localcontext(EXACT):
        figures["weighted over registered people"] = weighted / registered if registered else Decimal(0)
        matches = abs(weighted - registered) <= tolerance * registered
    meaning = "Weighted lists sum to the registered lists: weighting shares money out, it adds none."
    rows = [] if matches else [_row("", name, registered, weighted)]
    return VerificationCheck(name, int(matches), 1, f"{tolerance} of the sum", meaning), rows


def _component_sums(published: Published) -> Checked:
    tolerance = library()["weighted_population_tolerance"].on(date.max).number()
    (sums,) = need_sums(published.tables["need_populations"]).to_pyarrow().to_pylist()
    people = sums["projected_people"] or Decimal(0)
    for component in COMPONENTS:
        name = f"sum: {component.replace('_', ' ')}"
        weighted = sums[component] or Decimal(0)
        matches = abs(weighted - people) <= tolerance * people
        meaning = "The weighted population sums to the projected people of the file."
        rows = [] if matches else [_row("", name, people, weighted)]
        yield VerificationCheck(name, int(matches), 1, f"{tolerance} of the sum", meaning), rows


def _component_mix(published: Published, figures: dict[str, Decimal]) -> Checked:
    """The mix by least squares; floats, since it is an estimate and no money hangs on it."""
    table = published.tables["need_populations"].order_by("practice_code").to_pyarrow()
    columns = {name: _floats(table, name) for name in ("projected_people", *COMPONENTS)}
    design = np.column_stack([columns[name] for name in MIXED])
    mix = np.linalg.lstsq(design, columns["final"], rcond=None)[0]
    for name, share in zip(MIXED, mix, strict=True):
        figures[f"mix: {name.replace('_', ' ')}"] = Decimal(f"{share:.4f}")
    yield _mix_agreement(figures)
    yield _mix_by_practice(table["practice_code"].to_pylist(), columns, design @ mix)


def _mix_agreement(figures: Mapping[str, Decimal]) -> tuple[VerificationCheck, list[VerificationRow]]:
    tolerance = library()["component_mix_agreement"].on(date.max).number()
    stated = {name: Decimal(share) for name, share in library()["component_mix"].on(date.max).value.items()}
    found = {name: figures[f"mix: {name.replace('_', ' ')}"] for name in MIXED}
    name = "mix of components"
    rows = [_row("", f"{name}: {c}", stated[c], found[c]) for c in MIXED if abs(found[c] - stated[c]) > tolerance]
    meaning = "The overall population is the mix of its components that the parameters hold."
    return VerificationCheck(name, len(MIXED) - len(rows), len(MIXED), str(tolerance), meaning), rows


def _mix_by_practice(
    codes: list[str], columns: Mapping[str, np.ndarray], mixed: np.ndarray
) -> tuple[VerificationCheck, list[VerificationRow]]:
    tolerance = library()["component_mix_tolerance"].on(date.max).number()
    smallest = library()["component_mix_smallest_list"].on(date.max).number()
    name = "overall from the mix"
    of, rows = 0, []
    for code, people, final, recomputed in zip(
        codes, columns["projected_people"], columns["final"], mixed, strict=True
    ):
        if people < float(smallest):
            continue
        of += 1
        if abs(recomputed - final) > float(tolerance) * final:
            rows.append(_row(code, name, Decimal(f"{final:.2f}"), Decimal(f"{recomputed:.2f}")))
    meaning = f"A practice's overall population is the recovered mix; practices of {smallest:,} people and more."
    return VerificationCheck(name, of - len(rows), of, f"{tolerance} of the population", meaning), rows


def _floats(table: Any, name: str) -> np.ndarray:
    return np.array([float(value or 0) for value in table[name].to_pylist()])


def _counts(table: ir.Table, by: str, matches: ir.BooleanValue) -> dict[str, tuple[int, int]]:
    """How many match and how many there are, by a column."""
    held = table.mutate(matches=matches).group_by(by)
    counted = held.aggregate(matched=lambda t: t.matches.sum(), of=lambda t: t.count())
    return {row[by]: (int(row["matched"] or 0), row["of"]) for row in counted.to_pyarrow().to_pylist()}


def _row(code: str, check: str, published: Decimal, recomputed: Decimal) -> VerificationRow:
    return VerificationRow(code, check, published, recomputed, recomputed - published)


def _rows(parameter: str) -> list[Any]:
    return list(library()[parameter].on(date.max).value)


VERIFICATIONS: Mapping[str, Callable[[Path], Verification]] = {
    "practice-payments": verify_practice_payments,
    "weighted-populations": verify_weighted_populations,
}
