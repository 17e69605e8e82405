"""Which recorded conditions count on a day, and for how much?"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import ibis
import pytest

from commonweal.core.errors import ParameterProblem
from commonweal.core.parameters import library
from commonweal.need.cambridge import cambridge_score, core_segment
from commonweal.need.conditions_held import condition_rows, conditions_held, long_term_conditions

ON = date(2025, 4, 1)
Spell = tuple[str, date, date | None]
LONG_AGO = date(2000, 1, 1)


def held_by(small: SimpleNamespace, *spells: Spell, parameters=None, person: int = 1):
    """The conditions of one person on the day."""
    rows = [{"person": person, "condition": name, "start": start, "end": end} for name, start, end in spells]
    return conditions_held(small.record(conditions=rows)["conditions"], parameters or library(), on=ON)


@pytest.mark.parametrize(
    ("spells", "counts"),
    [
        ([("asthma", LONG_AGO, None)], True),
        ([("asthma", LONG_AGO, date(2010, 1, 1))], False),
        ([("asthma", date(2025, 3, 31), None)], True),
        ([("asthma", ON, None)], False),
        # Resolved and then recorded again: it counts.
        ([("asthma", LONG_AGO, date(2010, 1, 1)), ("asthma", date(2012, 1, 1), None)], True),
        # Resolved on the day itself or later: not known before the day.
        ([("asthma", LONG_AGO, ON)], True),
        # An open spell whose diagnosis is older than the latest resolution does not count.
        ([("asthma", LONG_AGO, None), ("asthma", date(2005, 1, 1), date(2010, 1, 1))], False),
    ],
)
def test_a_condition_counts_only_if_its_diagnosis_is_later_than_any_resolution(
    spells: Sequence[Spell], counts: bool, small: SimpleNamespace
):
    assert bool(small.rows_of(held_by(small, *spells))) == counts


def test_the_other_rule_counts_a_condition_while_any_spell_is_open(small: SimpleNamespace):
    parameters = small.with_value("resolved_rule", "open_spell")
    spells = [("asthma", LONG_AGO, None), ("asthma", date(2005, 1, 1), date(2010, 1, 1))]
    assert small.rows_of(held_by(small, *spells, parameters=parameters))
    assert not small.rows_of(held_by(small, ("asthma", LONG_AGO, date(2010, 1, 1)), parameters=parameters))
    with pytest.raises(ParameterProblem, match="open_spell"):
        held_by(small, parameters=small.with_value("resolved_rule", "never"))


def test_two_codes_of_one_condition_count_once(small: SimpleNamespace):
    names = ("ihd_mi", "ihd_nonmi", "cancer", "cancer_metase", "diabetes_1", "diabetes_2", "ht", "obesity")
    held = held_by(small, *((name, date(2024, 1, 1), None) for name in names))
    # Heart disease, cancer, diabetes and hypertension; obesity is not counted.
    assert small.by_person(long_term_conditions(held, library(), on=ON), "long_term_conditions") == {1: 4}
    # 0.49 + 1.53 + 0.75 + 0.08
    assert small.by_person(cambridge_score(held, library(), on=ON), "score") == {1: Decimal("2.85")}


@pytest.mark.parametrize(
    ("names", "general", "mortality", "segment"),
    [
        (["ht"], "0.08", "-2.09", "CS1"),
        (["hearing_impair"], "0.09", "-3.94", "CS2"),
        (["ht", "asthma"], "0.27", "-4.82", "CS2"),
        (["anxiety", "depression", "asthma"], "0.69", "4.31", "CS3"),
        (["copd"], "1.46", "42.50", "CS3"),
        (["hf", "inflam_arthritic"], "1.61", "43.08", "CS4"),
        (["dementia", "alcohol"], "3.15", "137.14", "CS5"),
        (["gout"], None, None, "CS1"),
    ],
)
def test_the_score_is_the_sum_of_published_weights_and_cut_as_published(
    names: list[str], general: str | None, mortality: str | None, segment: str, small: SimpleNamespace
):
    held = held_by(small, *((name, LONG_AGO, None) for name in names))
    scores = cambridge_score(held, library(), on=ON)
    assert small.by_person(scores, "score") == ({1: Decimal(general)} if general else {})
    mortal = cambridge_score(held, library(), on=ON, weights="mortality")
    assert small.by_person(mortal, "score") == ({1: Decimal(mortality)} if mortality else {})
    assert segment_of(small, general or "0") == segment


def segment_of(small: SimpleNamespace, score: str, parameters=None) -> str:
    """The segment of a score."""
    table = ibis.memtable({"points": [score]})
    points = table.points.cast("decimal(9, 2)")
    (row,) = small.rows_of(table.select(segment=core_segment(points, parameters or library(), on=ON)))
    return str(row["segment"])


@pytest.mark.parametrize(
    ("score", "upper", "lower"),
    [
        ("0.09", "CS2", "CS1"),
        ("0.69", "CS3", "CS2"),
        ("1.59", "CS4", "CS3"),
        ("2.95", "CS5", "CS4"),
        ("2.96", "CS5", "CS5"),
    ],
)
def test_a_score_on_a_cut_falls_on_the_side_that_the_parameter_says(
    score: str, upper: str, lower: str, small: SimpleNamespace
):
    other = small.with_value("core_segment_boundary", "lower")
    assert (segment_of(small, score), segment_of(small, score, other)) == (upper, lower)


@pytest.mark.parametrize(("start", "points"), [(date(2020, 4, 1), "1.53"), (date(2020, 3, 31), None)])
def test_cancer_counts_for_five_years_from_its_latest_start(start: date, points: str | None, small: SimpleNamespace):
    scores = cambridge_score(held_by(small, ("cancer", start, None)), library(), on=ON)
    assert small.by_person(scores, "score") == ({1: Decimal(points)} if points else {})


def test_weights_that_there_are_not_are_refused(small: SimpleNamespace):
    with pytest.raises(ParameterProblem, match="general, mortality"):
        cambridge_score(held_by(small), library(), on=ON, weights="admission")


def test_every_condition_of_the_scores_has_a_code_in_the_record():
    rows = condition_rows(library(), on=ON)
    assert {row["cms"] for row in rows} - {""} == {
        row["condition"] for row in library()["cambridge_conditions"].on(ON).value
    }
    from_attributes = {row["deficit"] for row in library()["electronic_frailty_attributes"].on(ON).value}
    deficits = library()["electronic_frailty_deficits"].on(ON).value
    assert len(set(deficits)) == len(deficits) == 36
    assert {row["efi"] for row in rows} - {""} | from_attributes | {"polypharmacy"} == set(deficits)


@pytest.mark.published
def test_the_weights_and_cuts_are_the_published_ones(published_data: Path):
    ours = {
        row["condition"]: (Decimal(row["general"]), Decimal(row["mortality"]))
        for row in library()["cambridge_conditions"].on(ON).value
    }
    theirs = {
        row["condition"]: (Decimal(row["general_weight"]), Decimal(row["mortality_weight"]))
        for row in _csv(published_data / "need" / "cambridge_multimorbidity_20.csv")
    }
    assert ours == theirs
    cuts = {row["segment"]: Decimal(row["from"]) for row in library()["core_segments"].on(ON).value}
    published = _csv(published_data / "need" / "bnssg_core_segments.csv")
    assert cuts == {row["segment"]: Decimal(row["cms_general_from"]) for row in published}


def _csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))
