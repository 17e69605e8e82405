"""Do made-up people come as near to the published figures as they should, and are the published figures right?"""

from __future__ import annotations

import csv
import shutil
from collections import defaultdict
from datetime import date
from decimal import Decimal

import pytest

from commonweal.core.engine import duckdb_engine
from commonweal.core.parameters import library
from commonweal.people.synthesis import calibration as parts
from commonweal.people.synthesis.calibration import CalibrationRow, calibration
from commonweal.people.synthesis.calibration_records import calibration_record, calibration_rows
from commonweal.people.synthesis.record import synthesise_record
from commonweal.place.folder import read_place
from commonweal.place.inputs import place_inputs

ON = date(2026, 4, 1)
AGES = ("0-4", "5-14", "15-24", "25-44", "45-64", "65-74", "75-84", "85 and over")
CURVES = (
    "Emergency admissions",
    "Other admissions",
    "Outpatient attendances",
    "GP contacts",
    "NHS cost, against all ages",
)


@pytest.fixture(scope="module")
def whole(bare, tmp_path_factory):
    """The demonstration place's whole population, held against what is published."""
    path = shutil.copytree(bare, tmp_path_factory.mktemp("whole") / "place")
    record = synthesise_record(place_inputs(read_place(path)))
    return calibration(record, library(), duckdb_engine())


def figure(found, part: str, measure: str, group: str) -> float:
    (row,) = (row for row in found.part(part) if (row.measure, row.group) == (measure, group))
    return float(row.measured)


@pytest.mark.slow
@pytest.mark.parametrize("curve", CURVES)
@pytest.mark.parametrize("ages", AGES)
def test_a_curve_by_age_is_within_a_tenth_of_englands(whole, curve, ages):
    (row,) = (row for row in whole.part(parts.CURVES) if (row.measure, row.group) == (curve, ages))
    assert float(row.measured) == pytest.approx(float(row.published), rel=0.10)


@pytest.mark.slow
def test_the_most_deprived_fifth_has_twice_the_emergencies_of_the_least(whole):
    label = "Emergency admissions, standardised for age and sex"
    assert figure(whole, parts.GRADIENT, label, "first against last fifth") == pytest.approx(2.0, abs=0.2)


@pytest.mark.slow
@pytest.mark.parametrize("higher", [2, 3, 4, 5])
def test_each_segment_costs_about_twice_the_one_below(whole, higher):
    step = figure(whole, parts.STEPS, "NHS cost a head", f"CS{higher} against CS{higher - 1}")
    assert 1.8 <= step <= 2.5


@pytest.mark.slow
@pytest.mark.parametrize(("segment", "share"), [(1, 0.529), (2, 0.263), (3, 0.121), (4, 0.059), (5, 0.028)])
def test_segments_are_as_large_as_published(whole, segment, share):
    label = "Share of adults, ages and deprivation as in England"
    assert figure(whole, parts.SHARES, label, f"CS{segment}") == pytest.approx(share, abs=0.02)


@pytest.mark.slow
def test_the_costliest_twentieth_has_half_of_the_cost(whole):
    assert 0.45 <= figure(whole, parts.TOP, "Share of all cost", "costliest 5 %") <= 0.55


@pytest.mark.slow
def test_a_plain_model_finds_a_signal_that_is_real_and_not_too_easy(whole):
    label = "Plain logistic model, emergency admission in 12 months"
    assert 0.76 <= figure(whole, parts.RISK, label, "AUROC") <= 0.82


def test_a_record_of_two_years_is_held_against_all_but_risk(small):
    _, record = small
    found = calibration(record, library(), duckdb_engine())
    assert {row.part for row in found.rows} == set(parts.PARTS) - {parts.RISK}
    assert calibration_record(found)["targets"] == len(found.with_target)
    assert len(calibration_rows(found)) == len(found.rows)
    assert set(found.misses) == {row for row in found.with_target if not row.met}


def row(measured: str, low: str | None, high: str | None) -> CalibrationRow:
    lowest, highest = (None if value is None else Decimal(value) for value in (low, high))
    return CalibrationRow("a", "b", "c", Decimal(measured), Decimal("2"), lowest, highest, "d")


def test_a_target_is_met_on_its_bounds_missed_beyond_and_not_there_without_them():
    assert row("1.8", "1.8", "2.5").met is True
    assert row("1.7999", "1.8", "2.5").met is False
    assert row("3", None, None).met is None
    assert row("1.8", "1.8", "2.5").ratio == Decimal("0.9")


@pytest.mark.published
def test_englands_rates_are_those_of_the_published_file(published_data):
    added: dict[tuple[int, str, int], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    columns = {"emergency": "emerg_n", "elective": "elect_n", "outpatient": "op_n", "gp": "gp_visits_2011"}
    with (published_data / "calibration" / "england_2011_age_sex_imd.csv").open(newline="") as opened:
        for held in csv.DictReader(opened):
            cell = (min(int(float(held["age"])) // 5 * 5, 85), held["sex"], int(held["imd_quintile"]))
            people = float(held["population"])
            added[cell]["people"] += people
            added[cell]["cost"] += people * float(held["nhs_cost_pp_2014"])
            for name, column in columns.items():
                added[cell][name] += float(held[column])
    rows = library()["england_by_age_sex_deprivation"].on(ON).value
    assert len(rows) == len(added) == 180
    for said in rows:
        there = added[int(said["age_from"]), said["sex"], int(said["quintile"])]
        for name in (*columns, "cost"):
            tolerance = 0.005 if name == "cost" else 0.00005
            assert float(said[name]) == pytest.approx(there[name] / there["people"], abs=tolerance * 1.01)


@pytest.mark.published
def test_the_segments_are_those_of_the_published_files(published_data):
    with (published_data / "calibration" / "bnssg_dpm_outcomes.csv").open(newline="") as opened:
        outcomes = list(csv.DictReader(opened))[:5]
    said = library()["segment_outcomes"].on(ON).value
    for name, column in {"gp": "act_primary_care_contact", "cost": "Cost July2021-June2022"}.items():
        assert [float(value) for value in said[name]] == pytest.approx([float(r[column]) for r in outcomes], rel=1e-3)
    with (published_data / "calibration" / "bnssg_dpm_inner_transition_matrix.csv").open(newline="") as opened:
        moves = [[float(value) for value in held[1:]] for held in list(csv.reader(opened))[1:]]
    for mine, theirs in zip(library()["segment_moves"].on(ON).value, moves, strict=True):
        assert [float(value) for value in mine] == pytest.approx(theirs, abs=0.00005)
