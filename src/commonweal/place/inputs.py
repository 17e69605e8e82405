"""What does a place's budget start from?

The published files of a place, its own practices in them, the nation and the commissioner they are compared with,
and the place's ledger, each read once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis.backends import BaseBackend

from commonweal.core.engine import duckdb_engine
from commonweal.core.errors import InputError
from commonweal.core.findings import Finding
from commonweal.core.parameters import Parameters, library
from commonweal.core.periods import Period, financial_year
from commonweal.place.folder import NEEDED, PLACE_FILE, Place, years_written
from commonweal.place.ledger import LEDGER_FILE, Ledger, read_ledger
from commonweal.place.practice_totals import (
    COMPONENTS,
    list_size_by_day,
    national_payment_totals,
    need_totals,
    payment_totals_of,
    payments_by_practice_and_line,
    people_paid_for,
    with_blanks_filled,
)
from commonweal.place.published.forms import PAYMENTS
from commonweal.place.published.kept import read_and_keep
from commonweal.place.published.reading import FORM_NAMES, Published


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over many practices: all in the files, or all of the commissioner's.

    payments            GBP by payment line, baseline year
    registered_people   people in the payments file, the year's average
    weighted_people     the same, weighted by the Carr-Hill formula
    listed_people       people in the need-weighted file
    projected_people    people it expects
    need                need-weighted people by component, blanks and zeros filled
    practices           how many practices the payments file holds of them
    """

    payments: Mapping[str, Decimal]
    registered_people: Decimal
    weighted_people: Decimal
    listed_people: int
    projected_people: Decimal
    need: Mapping[str, Decimal]
    practices: int


@dataclass(frozen=True)
class Inputs:
    """A place with everything that is published about it.

    Each mapping by practice holds every practice of the place: one that a file lacks counts as nothing there, and
    `absent` names it.
    """

    place: Place
    published: Published
    engine: BaseBackend
    parameters: Parameters

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the place's practices, in order."""
        return self.place.practice_codes

    @property
    def baseline_year(self) -> Period:
        """Financial year of the payments that are the baseline."""
        return financial_year(self.published.baseline_year)

    @cached_property
    def practices(self) -> pa.Table:
        """The place's practices, one row each in order of code; columns as in tables/place.yaml."""
        table = self.published.tables["practices"]
        return self.ours(table).order_by("practice_code").to_pyarrow()

    @cached_property
    def practice_rows(self) -> Mapping[str, Mapping[str, Any]]:
        """The same as plain rows by practice code."""
        return {row["practice_code"]: row for row in self.practices.to_pylist()}

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Practice names by code; the code where no file names the practice."""
        return {code: row["practice_name"] or code for code, row in self.practice_rows.items()}

    @cached_property
    def payments(self) -> Mapping[str, Mapping[str, Decimal]]:
        """What each practice was paid in the baseline year, by payment line (GBP)."""
        table = payments_by_practice_and_line(
            self.published.tables["payment_lines"], self.code_table, year=self.published.baseline_year
        )
        found: dict[str, dict[str, Decimal]] = {code: {} for code in self.codes}
        for row in table.to_pyarrow().to_pylist():
            found[row["practice_code"]][row["payment_line"]] = row["amount"]
        return found

    @cached_property
    def paid_practices(self) -> Mapping[str, Mapping[str, Any]]:
        """Rows of payment_practices of the baseline year by practice code; practices not paid are not in it."""
        year = self.published.baseline_year
        return {row["practice_code"]: row for row in self.paid_in_all_years if row["financial_year"] == year}

    @cached_property
    def paid_in_all_years(self) -> tuple[Mapping[str, Any], ...]:
        """Rows of payment_practices of every year given, by year and practice code."""
        table = self.published.tables[PAYMENTS]
        ordered = self.ours(table).order_by("financial_year", "practice_code")
        return tuple(ordered.to_pyarrow().to_pylist())

    @property
    def weighted_people(self) -> Mapping[str, Decimal]:
        """People weighted by the Carr-Hill formula, by practice: the baseline year's average."""
        return self._paid("weighted_people")

    @property
    def registered_people(self) -> Mapping[str, Decimal]:
        """Registered people by practice: the baseline year's average."""
        return self._paid("registered_people")

    def _paid(self, column: str) -> dict[str, Decimal]:
        held = self.paid_practices
        return {code: (held[code][column] if code in held else None) or Decimal(0) for code in self.codes}

    @cached_property
    def _need(self) -> Mapping[str, Mapping[str, Any]]:
        table = self.published.tables["need_populations"]
        filled = with_blanks_filled(self.ours(table), when_blank=self._when_blank)
        return {row["practice_code"]: row for row in filled.to_pyarrow().to_pylist()}

    @property
    def _when_blank(self) -> str:
        return str(self.parameters["need_population_when_blank"].during(self.baseline_year).value)

    @property
    def listed_people(self) -> Mapping[str, int]:
        """Registered people by practice when the need-weighted populations were made."""
        return {code: (self._need[code]["registered_people"] if code in self._need else 0) or 0 for code in self.codes}

    @property
    def projected_people(self) -> Mapping[str, Decimal]:
        """People expected in the year of the need-weighted populations, by practice."""
        held = self._need
        return {c: (held[c]["projected_people"] if c in held else None) or Decimal(0) for c in self.codes}

    @cached_property
    def need_populations(self) -> Mapping[str, Mapping[str, Decimal]]:
        """Need-weighted people by practice and component; a blank or zero counts as the parameter says."""
        nothing = dict.fromkeys(COMPONENTS, Decimal(0))
        return {
            code: {name: self._need[code][name] for name in COMPONENTS} if code in self._need else dict(nothing)
            for code in self.codes
        }

    @cached_property
    def list_counts(self) -> Mapping[date, Mapping[str, int]]:
        """Registered people by day of count and practice, days in order; practices not counted then are not in it."""
        found: dict[date, dict[str, int]] = {}
        table = list_size_by_day(self.published.tables["list_counts"], practices=self.code_table)
        for row in table.to_pyarrow().to_pylist():
            if row["people"] is not None:
                found.setdefault(row["extract_date"], {})[row["practice_code"]] = row["people"]
        return found

    @property
    def closed(self) -> Mapping[str, date]:
        """Practices of the place known to have closed, with their last day."""
        return {code: row["closed"] for code, row in self.practice_rows.items() if row["closed"] is not None}

    @property
    def absent(self) -> Mapping[str, tuple[str, ...]]:
        """Practices of the place that a needed form does not hold, by form."""
        held = {"need_populations": self._need, PAYMENTS: self.paid_practices}
        return {form: tuple(c for c in self.codes if c not in rows) for form, rows in held.items()}

    @cached_property
    def national(self) -> Totals:
        """Sums over all practices in the files."""
        tables, year = self.published.tables, self.published.baseline_year
        return _totals(
            national_payment_totals(tables["payment_lines"], year=year),
            people_paid_for(tables[PAYMENTS], year=year),
            need_totals(tables["need_populations"], when_blank=self._when_blank),
        )

    @cached_property
    def commissioner(self) -> Totals:
        """Sums over all practices of the place's commissioner."""
        tables, year = self.published.tables, self.published.baseline_year
        everyone = tables["practices"]
        theirs = everyone.filter(everyone.icb_code == self.place.commissioner_code).select("practice_code")
        return _totals(
            payment_totals_of(tables["payment_lines"], theirs, year=year),
            people_paid_for(tables[PAYMENTS].semi_join(theirs, "practice_code"), year=year),
            need_totals(tables["need_populations"].semi_join(theirs, "practice_code"), when_blank=self._when_blank),
        )

    @cached_property
    def ledger(self) -> Ledger:
        """The place's own ledger; empty when it keeps none."""
        path = self.place.path / LEDGER_FILE
        return read_ledger(self.engine, path, practices=self.codes, parameters=self.parameters)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything found while the published files and the ledger were read."""
        return (*self.published.findings, *self.ledger.findings)

    @cached_property
    def code_table(self) -> ir.Table:
        """The place's practice codes as a table, one row each."""
        return ibis.memtable(pa.table({"practice_code": pa.array(self.codes, pa.string())}))

    def ours(self, table: ir.Table) -> ir.Table:
        """The rows of a table with practice_code that are on practices of the place."""
        return table.semi_join(self.code_table, "practice_code")


def _totals(payments: ir.Table, people: ir.Table, need: ir.Table) -> Totals:
    paid = {row["payment_line"]: row["amount"] for row in payments.to_pyarrow().to_pylist()}
    (lists,) = people.to_pyarrow().to_pylist()
    (needs,) = need.to_pyarrow().to_pylist()
    none = Decimal(0)
    return Totals(
        payments=paid,
        registered_people=lists["registered_people"] or none,
        weighted_people=lists["weighted_people"] or none,
        listed_people=needs["listed_people"] or 0,
        projected_people=needs["projected_people"] or none,
        need={name: needs[name] or none for name in COMPONENTS},
        practices=lists["practices"],
    )


def place_inputs(
    place: Place,
    engine: BaseBackend | None = None,
    *,
    published: Published | None = None,
    parameters: Parameters | None = None,
) -> Inputs:
    """A place's inputs.

    Takes    engine: a new DuckDB when not given. published: files read already, when many places share them; they
             are not read again. parameters: the library's, with the place's own in front, when not given.
    Raises   InputError when a needed file is missing, files do not belong together, or the place names a practice
             that no file holds.
    """
    if published is None:
        engine = engine or duckdb_engine()
        published = read_and_keep(
            engine,
            place.lists,
            place.out,
            payments_year=place.payments_year,
            years=years_written(place.lists),
            allow_years_apart=place.allow_years_apart,
        )
    missing = [FORM_NAMES[form] for form in NEEDED if published.file_of(form) is None]
    if missing:
        mend = "Copy the published file into lists/."
        raise InputError(f"No file is recognised as {' or as '.join(missing)}.", where=str(place.lists), mend=mend)
    terms = parameters or library().overridden_by(place.contract)
    inputs = Inputs(place, published, published.engine, terms)
    unknown = sorted(set(place.practice_codes) - set(inputs.practice_rows))
    if unknown:
        raise InputError(
            f"No published file holds {', '.join(unknown)}.",
            where=f"{place.path / PLACE_FILE}: practices.codes",
            mend="Correct the code, or take it out.",
        )
    return inputs
