"""How near do a record's people come to what is published, figure by figure, and where do they miss?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
from ibis.backends import BaseBackend

from commonweal.core.parameters import Parameters
from commonweal.people.record import Record
from commonweal.people.synthesis.assumptions import Assumptions
from commonweal.people.synthesis.calibration_years import RecordYears
from commonweal.people.synthesis.risk_check import discrimination

PLACES = Decimal("0.0001")
PEOPLE_TRIED = 200_000
ENGLAND, SEGMENTS = "England, age x sex x deprivation", "Bristol and around, five segments"
CURVES, GRADIENT, SHARES, STEPS = "Age curves", "Deprivation gradient", "Segments", "Steps between segments"
TOP, MOVES, DEATHS, RISK, LEVELS = "Concentration of cost", "Moves between segments", "Deaths", "Risk", "Levels"
PARTS = (CURVES, GRADIENT, SHARES, STEPS, TOP, RISK, LEVELS, MOVES, DEATHS)
STEP_MEASURES = ("gp", "items", "community", "mental_health", "ae", "outpatient", "call_111", "call_999")


@dataclass(frozen=True, slots=True)
class CalibrationRow:
    """One figure of a record beside the published one.

    published         None where nothing is published for it
    lowest, highest   the range in which it should lie; None where no target is set
    """

    part: str
    measure: str
    group: str
    measured: Decimal
    published: Decimal | None
    lowest: Decimal | None
    highest: Decimal | None
    source: str

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None where there is none."""
        if self.lowest is None or self.highest is None:
            return None
        return self.lowest <= self.measured <= self.highest

    @property
    def ratio(self) -> Decimal | None:
        """The figure against the published one."""
        return (self.measured / self.published).quantize(PLACES) if self.published else None


@dataclass(frozen=True, slots=True)
class Calibration:
    """All figures of a record beside the published ones."""

    rows: tuple[CalibrationRow, ...]
    people: int
    start: date
    end: date
    synthetic: bool

    @property
    def with_target(self) -> tuple[CalibrationRow, ...]:
        """Figures with a target."""
        return tuple(row for row in self.rows if row.met is not None)

    @property
    def met(self) -> int:
        """How many of them meet it."""
        return sum(bool(row.met) for row in self.with_target)

    @property
    def misses(self) -> tuple[CalibrationRow, ...]:
        """Figures that miss their target."""
        return tuple(row for row in self.rows if row.met is False)

    def part(self, name: str) -> tuple[CalibrationRow, ...]:
        """The figures of one part."""
        return tuple(row for row in self.rows if row.part == name)


def calibration(
    record: Record,
    parameters: Parameters,
    engine: BaseBackend,
    *,
    progress: Callable[[str, float], None] | None = None,
) -> Calibration:
    """A record measured against the published figures.

    Curves and gradient are of all its years, the rest of the last. Ages and deprivation of the place are allowed for: a
    curve is compared with England's rates for people of the same age, sex and deprivation.
    """
    step = progress or (lambda said, share: None)
    assumptions = Assumptions(parameters, record.end)
    step("Adding up care", 0.2)
    years = RecordYears(record, assumptions, engine)
    rows = [*_curves(years), *_gradient(years)]
    step("Segments and cost", 0.5)
    rows += [*_shares(years), *_steps(years), *_top(years), *_levels(years), *_moves(years), *_deaths(years)]
    step("Trying a risk model", 0.7)
    rows += _risk(record, assumptions, years)
    order = {name: place for place, name in enumerate(PARTS)}
    found = tuple(sorted(rows, key=lambda row: order[row.part]))
    return Calibration(found, years.people, record.start, record.end, record.synthetic)


def _exact(value: Any) -> Decimal:
    return Decimal(str(round(float(value), 6))).quantize(PLACES)


def _row(
    part: str,
    measure: str,
    group: str,
    measured: float,
    published: float | None,
    source: str,
    low: float | None = None,
    high: float | None = None,
) -> CalibrationRow:
    wanted, lowest, highest = (None if value is None else _exact(value) for value in (published, low, high))
    return CalibrationRow(part, measure, group, _exact(measured), wanted, lowest, highest, source)


def _range(years: RecordYears, name: str) -> tuple[float, float]:
    low, high = years.assumptions.floats("synthesis_targets", name)
    return float(low), float(high)


def _curves(years: RecordYears) -> list[CalibrationRow]:
    within = years.assumptions.number("synthesis_targets", "age_curve")
    found = []
    for measure, label in (
        ("emergency", "Emergency admissions"),
        ("elective", "Other admissions"),
        ("outpatient", "Outpatient attendances"),
        ("gp", "GP contacts"),
        ("cost", "NHS cost, against all ages"),
    ):
        got, wanted = years.by_band(measure)
        for band, name in enumerate(years.band_names):
            if years.years_by_band[band]:
                low, high = wanted[band] * (1 - within), wanted[band] * (1 + within)
                found.append(_row(CURVES, label, name, got[band], wanted[band], ENGLAND, low, high))
    return found


def _gradient(years: RecordYears) -> list[CalibrationRow]:
    mine, england = years.standardised_by_fifth()
    label = "Emergency admissions, standardised for age and sex"
    found = [
        _row(GRADIENT, label, f"fifth {fifth + 1}", mine[fifth], england[fifth], ENGLAND) for fifth in range(len(mine))
    ]
    low, high = _range(years, "gradient")
    ratio, published = mine[0] / mine[-1] if mine[-1] else 0.0, england[0] / england[-1]
    return [*found, _row(GRADIENT, label, "first against last fifth", ratio, published, ENGLAND, low, high)]


def _shares(years: RecordYears) -> list[CalibrationRow]:
    within = years.assumptions.number("synthesis_targets", "segment_share")
    published = years.published_segments("people")
    published = published / published.sum()
    found = []
    for place, share in enumerate(years.segment_shares(as_england=True)):
        wanted = published[place]
        label = "Share of adults, ages and deprivation as in England"
        found.append(_row(SHARES, label, f"CS{place + 1}", share, wanted, SEGMENTS, wanted - within, wanted + within))
    for place, share in enumerate(years.segment_shares(as_england=False)):
        found.append(
            _row(SHARES, "Share of adults, as the place is", f"CS{place + 1}", share, published[place], SEGMENTS)
        )
    return found


def _steps(years: RecordYears) -> list[CalibrationRow]:
    low, high = _range(years, "segment_step")
    found = []
    for measure in ("cost", *STEP_MEASURES):
        mine, published = years.by_segment(measure), years.published_segments(measure)
        for place in range(1, len(mine)):
            group = f"CS{place + 1} against CS{place}"
            step = mine[place] / mine[place - 1] if mine[place - 1] else 0.0
            target = (low, high) if measure == "cost" else (None, None)
            label = "NHS cost a head" if measure == "cost" else STEP_LABELS[measure]
            found.append(_row(STEPS, label, group, step, published[place] / published[place - 1], SEGMENTS, *target))
    return found


STEP_LABELS = {
    "gp": "Primary care contacts a head",
    "items": "Prescription items a head",
    "community": "Community contacts a head",
    "mental_health": "Mental health contacts a head",
    "ae": "A&E attendances a head",
    "outpatient": "Outpatient attendances a head",
    "call_111": "NHS 111 calls a head",
    "call_999": "Ambulance calls a head",
}


def _top(years: RecordYears) -> list[CalibrationRow]:
    five, one = _range(years, "top_5_percent"), _range(years, "top_1_percent")
    label, source = "Share of all cost", "Health Foundation 2019; Institute for Fiscal Studies W15/21"
    shares = years.costliest("cost_pence")
    without = years.costliest("nhs_cost_pence")
    return [
        _row(TOP, label, "costliest 1 %", shares[0.01], None, source, *one),
        _row(TOP, label, "costliest 5 %", shares[0.05], 0.5, source, *five),
        _row(TOP, label, "costliest 10 %", shares[0.1], None, source),
        _row(TOP, "Share of NHS cost", "costliest 1 %", without[0.01], None, source),
        _row(TOP, "Share of NHS cost", "costliest 5 %", without[0.05], 0.5, source),
    ]


def _levels(years: RecordYears) -> list[CalibrationRow]:
    found = []
    for measure, label in (("emergency", "Emergency admissions a head"), ("gp", "GP contacts a head")):
        mine, england = years.all_ages(measure)
        found.append(_row(LEVELS, label, "all ages", mine, england, ENGLAND))
    mine, england = years.all_ages("cost")
    found.append(_row(LEVELS, "NHS cost a head, GBP", "all ages", mine, england, f"{ENGLAND}, prices of 2014-15"))
    uprated = england * years.price_change
    found.append(_row(LEVELS, "NHS cost a head, GBP", "all ages", mine, uprated, f"{ENGLAND}, at prices of 2023-24"))
    for measure in ("cost", *STEP_MEASURES):
        label = "NHS cost a head, GBP" if measure == "cost" else STEP_LABELS[measure]
        mine, published = years.adults(measure)
        found.append(_row(LEVELS, label, "adults", mine, published, SEGMENTS))
    return found


def _moves(years: RecordYears) -> list[CalibrationRow]:
    mine = years.moves()
    if mine is None:
        return []
    published = np.array([[float(v) for v in row] for row in years.assumptions.value("segment_moves")])
    return [
        _row(MOVES, f"From CS{place + 1}", f"to CS{to + 1}", mine[place, to], published[place, to], SEGMENTS)
        for place in range(len(mine))
        for to in range(len(mine))
    ]


def _deaths(years: RecordYears) -> list[CalibrationRow]:
    mine = years.deaths()
    published = [float(value) for value in years.assumptions.value("segment_deaths")]
    return [
        _row(DEATHS, "Share of deaths", f"CS{place + 1}", mine[place], published[place], SEGMENTS)
        for place in range(len(mine))
    ]


def _risk(record: Record, assumptions: Assumptions, years: RecordYears) -> list[CalibrationRow]:
    found = discrimination(
        years.tables, start=record.start, end=record.end, codes=assumptions.condition_codes, most=PEOPLE_TRIED
    )
    if found is None:
        return []
    label, source = "Plain logistic model, emergency admission in 12 months", "SPARRA v3 and v4; QAdmissions"
    return [
        _row(RISK, label, "AUROC", found.auroc, 0.788, source, *_range(years, "auroc")),
        _row(RISK, label, "admitted in the year", found.event, 0.0888, source),
        _row(RISK, label, "admitted, of the riskiest 5 %", found.hit, 0.50, source),
    ]
