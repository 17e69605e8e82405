"""Do the makers of points give what the rules and the published hospital scores say?"""

from __future__ import annotations

import csv
from decimal import Decimal

import pytest

from commonweal.core.amounts import given, over, times
from commonweal.core.scores import achievement, better_of, consistency, improvement, linear

MOST = given("most points", "10", unit="points")


def _line(name, value):
    return given(name, value, unit="rate")


def _number(text):
    return None if text in ("Not Available", "") else Decimal(text.rstrip("%").split(" ")[0])


@pytest.mark.parametrize(("value", "points"), [("10", "0"), ("20", "0"), ("35", "22"), ("50", "44"), ("90", "44")])
def test_points_rise_in_proportion_between_the_thresholds(value, points):
    earned = linear("CHOL004", _line("v", value), _line("lower", "20"), _line("upper", "50"), _line("points", "44"))
    assert earned.amount == Decimal(points)


def test_twenty_two_points_pay_four_thousand_nine_hundred_and_sixty_pounds_78():
    earned = linear("CHOL004", _line("v", "35"), _line("lower", "20"), _line("upper", "50"), _line("points", "44"))
    assert times("pay", earned, given("value", "225.49"), unit="GBP").amount == Decimal("4960.78")


def test_a_list_of_12650_against_8096_is_a_factor_of_1_5625():
    assert over("list factor", _line("list", "12650"), _line("average", "8096")).amount == Decimal("1.5625")


def test_less_is_better_where_the_target_lies_below_the_floor():
    earned = linear("waits", _line("v", "6"), _line("floor", "10"), _line("target", "2"), _line("points", "8"))
    assert earned.amount == 4


def test_consistency_goes_by_the_lowest_dimension_rounded_down():
    good = (_line("a", "90"), _line("floor", "50"), _line("threshold", "80"))
    poor = (_line("b", "60"), _line("floor", "50"), _line("threshold", "80"))
    assert consistency("c", [good, poor], _line("points", "20")).amount == 6


@pytest.mark.published
@pytest.mark.parametrize(
    ("file", "last"),
    [
        ("hvbp_clinical_outcomes.csv", "Measure Score"),
        ("hvbp_safety.csv", "Measure Score"),
        ("hvbp_person_and_community_engagement.csv", "Dimension Score"),
        ("hvbp_efficiency_and_cost_reduction.csv", "Measure Score"),
    ],
)
def test_every_published_hospital_point_is_reproduced(published_data, file, last):
    wrong, compared = [], {"achievement": 0, "improvement": 0, "measure": 0}
    with (published_data / "performance-pay" / file).open(encoding="utf-8-sig") as rows:
        for row in csv.DictReader(rows):
            for measure in [c.removesuffix(" Performance Rate") for c in row if c.endswith(" Performance Rate")]:
                for kind, ours, published in _compared(row, measure, last):
                    compared[kind] += 1
                    if ours != published:
                        wrong.append((row["Facility ID"], measure, kind, ours, published))
    assert wrong == []
    assert min(compared.values()) > 1_000


def _compared(row, measure, last):
    """Each published point of one measure of one hospital, beside ours; ours is None where the inputs are missing."""
    value, threshold, benchmark, baseline = (
        _number(row[f"{measure} {column}"])
        for column in ("Performance Rate", "Achievement Threshold", "Benchmark", "Baseline Rate")
    )
    known = None not in (value, threshold, benchmark)
    scores = {}
    if known:
        v, t, b = _line("value", value), _line("threshold", threshold), _line("benchmark", benchmark)
        scores["achievement"] = achievement("achievement", v, t, b, MOST)
        if baseline is not None:
            scores["improvement"] = improvement("improvement", v, _line("baseline", baseline), t, b, MOST)
        scores["measure"] = better_of("measure", *scores.values())
    columns = {"achievement": "Achievement Points", "improvement": "Improvement Points", "measure": last}
    for kind, column in columns.items():
        if (published := _number(row[f"{measure} {column}"])) is not None:
            yield kind, scores[kind].amount if kind in scores else None, published


@pytest.mark.published
def test_every_published_consistency_score_is_reproduced(published_data):
    wrong, compared = [], 0
    path = published_data / "performance-pay" / "hvbp_person_and_community_engagement.csv"
    with path.open(encoding="utf-8-sig") as rows:
        for row in csv.DictReader(rows):
            if (published := _number(row["Hcahps Consistency Score"])) is None:
                continue
            dimensions = [
                tuple(
                    _line(f"{name} {column}", _number(row[f"{name} {column}"]))
                    for column in ("Performance Rate", "Floor", "Achievement Threshold")
                )
                for name in (c.removesuffix(" Floor") for c in row if c.endswith(" Floor"))
            ]
            compared += 1
            if (ours := consistency("consistency", dimensions, _line("points", "20")).amount) != published:
                wrong.append((row["Facility ID"], ours, published))
    assert wrong == []
    assert compared > 1_000
