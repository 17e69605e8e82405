"""What do the published files say about England's practices?

Files are recognised by their columns, read together, and handed on as tables by name. Which financial year is the
baseline, and whether the files belong together, is decided here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import ibis
import ibis.expr.types as ir
from ibis.backends import BaseBackend

from commonweal.core.errors import InputError
from commonweal.core.findings import Finding, in_order
from commonweal.core.periods import financial_year
from commonweal.core.tables import conformed, definitions
from commonweal.place.published.file import FAMILIES, FileTables, PublishedFile, file_tables
from commonweal.place.published.forms import (
    COUNTED_IN_A_MONTH,
    FORM_NAMES,
    PAYMENTS,
    Recognised,
    month_in_name,
    recognised,
    year_in_name,
)
from commonweal.place.published.text import READABLE, PublishedText, published_texts

TABLES = (*FORM_NAMES, *FAMILIES)


@dataclass(frozen=True, slots=True)
class Published:
    """Published files read: which they are, what was found in them, and their tables on the engine.

    tables          by name as in tables/*.yaml; all practices in the files; empty where no file holds the table
    baseline_year   financial year of the latest payments, or the one asked for; empty without payments
    need_year       financial year that the need-weighted populations are for; empty without them
    """

    engine: BaseBackend
    files: tuple[PublishedFile, ...]
    findings: tuple[Finding, ...]
    tables: Mapping[str, ir.Table]
    baseline_year: str
    need_year: str

    def file_of(self, form: str, year: str = "") -> PublishedFile | None:
        """The file of a form, for a year where there are several; None when there is none."""
        return next((f for f in self.files if f.form == form and (not year or year in f.years)), None)


def published_paths(folder: Path) -> list[Path]:
    """Files in a folder that may be published ones, by name; hidden ones left out."""
    if not folder.is_dir():
        raise InputError("There is no such folder.", where=str(folder), mend="Name a folder of published files.")
    return sorted(p for p in folder.iterdir() if p.is_file() and _may_be_published(p.name))


def _may_be_published(name: str) -> bool:
    return name.lower().endswith(READABLE) and not name.startswith(".")


def read_published(
    engine: BaseBackend,
    paths: Iterable[Path],
    *,
    payments_year: str = "",
    years: Mapping[str, str] | None = None,
    allow_years_apart: bool = False,
) -> Published:
    """Published files read and put together.

    Takes    paths: CSV, gzipped CSV or zip files, in any order and under any names; those of other kinds are noted.
             payments_year: the baseline year where payments of several years are given; the latest otherwise.
             years: financial year by file name, for payments whose name and columns do not say it.
             allow_years_apart: accept payments and need-weighted populations of different years.
    Raises   InputError for a form that lacks a column, a year that cannot be told, two files of the same form and
             year, or payments and need-weighted populations of different years.
    """
    findings: list[Finding] = []
    read: list[FileTables] = []
    for path in sorted(paths, key=lambda p: p.name):
        for text in published_texts(path):
            form = recognised(text.headings, name=text.name)
            if form is None:
                findings.append(_unrecognised(text.name))
                continue
            year, found = _year_of(text, form, years or {})
            findings += found
            read.append(file_tables(engine, text, form, year))
    _refuse_two_of_a_kind(read)
    baseline_year = _baseline_year(read, payments_year)
    need, found = _need_file(read, baseline_year, allow_years_apart)
    findings += found
    used = [r for r in read if r.file.form != "need_populations" or r is need]
    tables = {name: _united(engine, name, used) for name in TABLES}
    tables["practices"] = _practices(engine, tables, baseline_year)
    findings += [finding for r in used for finding in r.findings] + _earlier_years(used, baseline_year)
    files = tuple(r.file for r in used)
    need_year = need.file.years[0] if need else ""
    return Published(engine, files, tuple(in_order(findings)), tables, baseline_year, need_year)


def _unrecognised(name: str) -> Finding:
    message = "The columns are those of no published form that is known; the file is not read."
    return Finding("note", "file-unrecognised", name, None, "", message, "Nothing, if it was not meant to be read.")


def _year_of(text: PublishedText, form: Recognised, years: Mapping[str, str]) -> tuple[str, list[Finding]]:
    """The financial year of a file: as told, else as its name says, else as its columns suggest.

    Of lists by age it is the month of the count, as the name says it.
    """
    if form.form in COUNTED_IN_A_MONTH:
        return month_in_name(text.name), []
    if form.form != PAYMENTS:
        return form.year, []
    told = years.get(text.path.name) or years.get(text.name)
    named = year_in_name(text.name)
    year = financial_year(told).label if told else named or form.year
    if not year:
        raise InputError(
            "The financial year of these payments is not in the file's columns or name.",
            where=text.name,
            mend=f"Rename the file to end in the year, as in payments_2022-23.csv, or write '{text.path.name}: 2022-23'"
            " in lists/years.yaml.",
        )
    said = [("name", named), ("columns", form.year)]
    found = [_year_disagrees(text.name, year, who, other) for who, other in said if other and other != year]
    return year, found


def _year_disagrees(file: str, year: str, who: str, other: str) -> Finding:
    message = f"The file is read as payments of {year}, but its {who} {'say' if who == 'columns' else 'says'} {other}."
    mend = "If it is wrong, rename the file, or write its year in lists/years.yaml."
    return Finding("warning", "year-disagrees", file, None, "", message, mend)


def _refuse_two_of_a_kind(read: Sequence[FileTables]) -> None:
    held: dict[tuple[str, str], list[str]] = defaultdict(list)
    for tables in read:
        for year in tables.file.years or ("",):
            held[tables.file.form, year].append(tables.file.name)
    for (form, year), names in held.items():
        if len(names) > 1:
            of_year = f" for {year}" if year else ""
            raise InputError(
                f"There are two files of {FORM_NAMES[form]}{of_year}: {' and '.join(names)}.",
                where=names[1],
                mend="Remove one of them.",
            )


def _baseline_year(read: Sequence[FileTables], asked: str) -> str:
    held = sorted(r.file.years[0] for r in read if r.file.form == PAYMENTS)
    if not asked:
        return held[-1] if held else ""
    year = financial_year(asked).label
    if year not in held:
        raise InputError(
            f"There are no payments of {year}; there are those of {', '.join(held) or 'no year'}.",
            mend="Ask for one of these years, or add the file.",
        )
    return year


def _need_file(
    read: Sequence[FileTables], baseline_year: str, allow_years_apart: bool
) -> tuple[FileTables | None, list[Finding]]:
    """The need-weighted populations of the baseline year; where years may lie apart, the latest ones."""
    held = sorted((r for r in read if r.file.form == "need_populations"), key=lambda r: r.file.years)
    if not held:
        return None, []
    same = [r for r in held if baseline_year in r.file.years]
    chosen = same[0] if same else held[-1]
    found = [_not_used(r, chosen) for r in held if r is not chosen]
    if baseline_year and not same:
        payments = next(r for r in read if r.file.form == PAYMENTS and baseline_year in r.file.years)
        apart = (
            f"Payments of {baseline_year} ({payments.file.name}) and need-weighted populations of "
            f"{chosen.file.years[0]} ({chosen.file.name}) are two files of different years."
        )
        if not allow_years_apart:
            mend = "Give files of one year, or say that the years may lie apart (--allow-years-apart)."
            raise InputError(apart, where=chosen.file.name, mend=mend)
        mend = "Nothing, if it is meant."
        found.append(Finding("warning", "years-apart", chosen.file.name, None, "", apart, mend))
    return chosen, found


def _not_used(other: FileTables, chosen: FileTables) -> Finding:
    message = f"Need-weighted populations of {chosen.file.years[0]} are used ({chosen.file.name}), not these."
    return Finding("note", "file-not-used", other.file.name, None, "", message, "Nothing, if it is meant.")


def _earlier_years(read: Sequence[FileTables], baseline_year: str) -> list[Finding]:
    message = f"The baseline is {baseline_year}; payments of {{}} are kept to see how lists moved."
    return [
        Finding("note", "not-the-baseline-year", r.file.name, None, "", message.format(r.file.years[0]), "Nothing.")
        for r in read
        if r.file.form == PAYMENTS and r.file.years[0] != baseline_year
    ]


def _united(engine: BaseBackend, name: str, read: Sequence[FileTables]) -> ir.Table:
    """All files' rows of a table in the files' order; an empty table where none holds it."""
    held = [r.tables[name] for r in read if name in r.tables]
    if len(held) == 1:
        return held[0]
    if held:
        return ibis.union(*held)
    return engine.create_table(ibis.util.gen_name(name), schema=definitions()[name].schema, temp=True)


def _practices(engine: BaseBackend, tables: Mapping[str, ir.Table], baseline_year: str) -> ir.Table:
    """One row per practice: each fact from the first file that says so (tables/place.yaml: practices)."""
    need, locations = tables["need_populations"], tables["locations"]
    paid = tables[PAYMENTS].filter(tables[PAYMENTS].financial_year == baseline_year)
    members = _latest_memberships(tables["memberships"])
    codes = ibis.union(*(t.select("practice_code") for t in (need, paid, tables["list_counts"])), distinct=True)
    joined = codes
    for name, table in (("need", need), ("paid", paid), ("member", members), ("place", locations)):
        renamed = table.rename(lambda column, name=name: f"{name}_{column}")
        joined = joined.left_join(renamed, joined.practice_code == renamed[f"{name}_practice_code"])
    sources = dict.fromkeys(definitions()["practices"].schema, ("need", "paid", "member", "place"))
    sources |= {"opened": ("place", "paid"), "closed": ("place", "paid"), "registered_people": ("need",)}
    facts = {
        column: ibis.coalesce(*(joined[f"{s}_{column}"] for s in order if f"{s}_{column}" in joined.columns))
        for column, order in sources.items()
        if column != "practice_code"
    }
    # A network's name belongs to its code: both come from the file that names the code.
    chosen = conformed(joined.select("practice_code", **facts).order_by("practice_code"), "practices")
    return engine.create_table(ibis.util.gen_name("practices"), chosen, temp=True)


def _latest_memberships(memberships: ir.Table) -> ir.Table:
    ranked = memberships.mutate(
        age=ibis.row_number().over(group_by=memberships.practice_code, order_by=memberships.year.desc())
    )
    return ranked.filter(ranked.age == 0).drop("age")
