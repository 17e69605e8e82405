"""What do the years of a record add up to, in the groups that published figures are for?"""

from __future__ import annotations

import itertools
from datetime import date
from functools import cached_property
from typing import Any

import ibis.expr.types as ir
import numpy as np
from ibis.backends import BaseBackend

from commonweal.people.record import Record
from commonweal.people.synthesis.assumptions import (
    CELLS,
    ENGLAND_BANDS,
    QUINTILES,
    SEXES,
    Assumptions,
    Floats,
    cell_of,
)
from commonweal.people.synthesis.calibration_tables import (
    care_by_age_sex_deprivation,
    care_by_person,
    care_by_segment,
    costs_of_the_costliest,
    deaths_by_segment,
    people_by_segment,
    person_time,
    segment_changes,
    segment_on,
    staying,
)
from commonweal.people.synthesis.rates import ADULT, SEGMENTS

PENCE = 100
TOP_SHARES = (0.01, 0.05, 0.1)
ENGLAND_COLUMN = {"cost": "cost"}
# Of the five years of the band from 15, those of people of 17 and over.
ADULT_PART_OF_BAND = 3 / 5
PRICES_FROM, PRICES_TO = date(2014, 4, 1), date(2023, 4, 1)


class RecordYears:
    """The whole years of a record, added up once each."""

    def __init__(self, record: Record, assumptions: Assumptions, engine: BaseBackend) -> None:
        self.record, self.assumptions = record, assumptions
        self.tables = record.tables(engine)
        self.end = record.end
        self.start = record.end.replace(year=record.end.year - 1)
        self._time = self._in(self.start, self.end)[0]
        self._care = self._in(self.start, self.end)[1]

    def _in(self, start: date, end: date) -> tuple[ir.Table, ir.Table]:
        held = self.tables
        time = person_time(held["persons"], held["registrations"], held["attributes"], start=start, end=end)
        return time, care_by_person(held["activity"], start=start, end=end)

    @cached_property
    def _cells(self) -> dict[str, Floats]:
        """Care by England's cells, over all whole years."""
        found: dict[str, Floats] = {}
        end = self.end
        while (start := end.replace(year=end.year - 1)) >= self.record.start:
            table = care_by_age_sex_deprivation(*self._in(start, end)).to_pyarrow()
            held = {name: np.asarray(table[name]) for name in table.column_names}
            male = (held["sex"] == "M").astype(int)
            cell = cell_of(held["age_from"].astype(int), male, 2 * held["quintile"].astype(int))
            for name in held:
                if name not in ("sex", "age_from", "quintile"):
                    added = np.bincount(cell, weights=held[name].astype(float), minlength=CELLS)
                    found[name] = found.get(name, np.zeros(CELLS)) + added
            end = start
        return {**found, "cost": found["nhs_cost_pence"] / PENCE}

    @cached_property
    def _band_of_cell(self) -> Any:
        return self.assumptions.band(np.arange(CELLS) // (SEXES * QUINTILES) * 5)

    def _in_bands(self, values: Floats) -> Floats:
        return np.bincount(self._band_of_cell, weights=values, minlength=len(self.band_names)).astype(float)

    @property
    def people(self) -> int:
        """People on a list in the last year."""
        return int(self._time.count().to_pyarrow().as_py())

    @cached_property
    def band_names(self) -> tuple[str, ...]:
        """Names of the published bands of age."""
        first = self.assumptions.care_ages
        closed = [f"{low}-{high - 1}" for low, high in itertools.pairwise(first)]
        return (*closed, f"{first[-1]} and over")

    @cached_property
    def years_by_band(self) -> Floats:
        """Years that people were on lists, by band of age."""
        return self._in_bands(self._cells["years"])

    def by_band(self, measure: str) -> tuple[Floats, Floats]:
        """Care a head by band, and England's for people of the same age, sex and deprivation.

        Cost is against that of all ages: prices and what is counted differ, and only the shape can be compared.
        """
        years = np.maximum(self.years_by_band, 1e-9)
        got = self._in_bands(self._cells[measure]) / years
        wanted = self._in_bands(self.assumptions.england[measure] * self._cells["years"]) / years
        if measure == "cost":
            mine, england = self.all_ages("cost")
            return got / mine, wanted / england
        return got, wanted

    def all_ages(self, measure: str) -> tuple[float, float]:
        """Care a head at all ages, and England's for people like these."""
        years = self._cells["years"].sum()
        wanted = (self.assumptions.england[measure] * self._cells["years"]).sum()
        return float(self._cells[measure].sum() / years), float(wanted / years)

    def standardised_by_fifth(self) -> tuple[Floats, Floats]:
        """Emergency admissions a head by fifth, for people of England's ages and sexes: the record's, and England's."""
        shape = (ENGLAND_BANDS, SEXES, QUINTILES)
        weights = self.assumptions.england["people"].reshape(shape).sum(axis=2, keepdims=True)
        years = self._cells["years"].reshape(shape)
        rate = np.divide(self._cells["emergency"].reshape(shape), years, out=np.zeros(shape), where=years > 0)
        england = self.assumptions.england["emergency"].reshape(shape)
        return tuple((each * weights).sum(axis=(0, 1)) / weights.sum() for each in (rate, england))

    # Segments

    @cached_property
    def _segments(self) -> ir.Table:
        return segment_on(self.tables["attributes"], on=self.start, cuts=self.assumptions.cuts.tolist())

    @cached_property
    def _by_segment(self) -> dict[str, Floats]:
        table = care_by_segment(self._time, self._care, self._segments, from_age=ADULT).to_pyarrow()
        place = np.asarray(table["segment"]).astype(int) - 1
        found: dict[str, Any] = {}
        for name in table.column_names:
            found[name] = np.bincount(place, weights=np.asarray(table[name]).astype(float), minlength=SEGMENTS)
        return {**found, "cost": found["nhs_cost_pence"] / PENCE, "gp": found["gp"] + found["other_staff"]}

    def by_segment(self, measure: str) -> Floats:
        """Care a head and year by segment, among adults; gp is every contact of general practice."""
        return self._by_segment[measure] / np.maximum(self._by_segment["years"], 1e-9)

    def published_segments(self, measure: str) -> Floats:
        """The published figures of five segments."""
        return self.assumptions.floats("segment_outcomes", measure)

    def adults(self, measure: str) -> tuple[float, float]:
        """Care a head and year of adults, and the published figure."""
        people = self.published_segments("people")
        published = (self.published_segments(measure) * people).sum() / people.sum()
        return float(self._by_segment[measure].sum() / self._by_segment["years"].sum()), float(published)

    def segment_shares(self, *, as_england: bool) -> Floats:
        """Share of adults in each segment, as they are or with England's ages, sexes and deprivation."""
        if not as_england:
            return np.asarray(self._by_segment["people"] / self._by_segment["people"].sum())
        table = people_by_segment(self._time, self._segments, from_age=ADULT).to_pyarrow()
        held = {name: np.asarray(table[name]) for name in table.column_names}
        cell = cell_of(held["age_from"].astype(int), (held["sex"] == "M").astype(int), 2 * held["quintile"].astype(int))
        counted = np.zeros((CELLS, SEGMENTS))
        np.add.at(counted, (cell, held["segment"].astype(int) - 1), held["people"].astype(float))
        first = np.arange(CELLS) // (SEXES * QUINTILES) * 5
        weight = self.assumptions.england["people"] * np.where(first == 15, ADULT_PART_OF_BAND, 1.0)
        there = counted.sum(axis=1)
        known = there > 0
        shares = counted[known] / there[known, None] * weight[known, None]
        return np.asarray(shares.sum(axis=0) / weight[known].sum())

    def moves(self) -> Floats | None:
        """Share of people of each segment in each a year later, to the last year's start; None in a record of one."""
        before = self.start.replace(year=self.start.year - 1)
        if before < self.record.start:
            return None
        there = staying(self.tables["persons"], self.tables["registrations"], start=before, end=self.start)
        earlier = segment_on(self.tables["attributes"], on=before, cuts=self.assumptions.cuts.tolist())
        adults = self._in(before, self.start)[0]
        there = there.semi_join(adults.filter(adults.age >= ADULT), "person")
        table = segment_changes(earlier, self._segments, there).to_pyarrow()
        counted = np.zeros((SEGMENTS, SEGMENTS))
        place = [np.asarray(table[name]).astype(int) - 1 for name in ("segment", "later")]
        np.add.at(counted, tuple(place), np.asarray(table["people"]).astype(float))
        return np.asarray(counted / np.maximum(counted.sum(axis=1, keepdims=True), 1.0))

    def deaths(self) -> Floats:
        """Share of the last year's deaths by segment at its beginning."""
        table = deaths_by_segment(self.tables["persons"], self._segments, start=self.start, end=self.end).to_pyarrow()
        place, people = (np.asarray(table[name]).astype(int) for name in ("segment", "people"))
        counted = np.bincount(place - 1, weights=people.astype(float), minlength=SEGMENTS)
        return np.asarray(counted / max(counted.sum(), 1.0))

    def costliest(self, cost: str) -> dict[float, float]:
        """Share of a cost that the costliest people have, by how many of them."""
        table = costs_of_the_costliest(self._time, self._care, shares=TOP_SHARES, cost=cost).to_pyarrow().to_pylist()
        return {row["share"]: row["cost_pence"] / max(row["all_cost_pence"], 1) for row in table}

    @property
    def price_change(self) -> float:
        """Prices of 2023-24 against those of 2014-15."""
        deflator = self.assumptions.parameters["gdp_deflator"]
        return float(deflator.on(PRICES_TO).number() / deflator.on(PRICES_FROM).number())
