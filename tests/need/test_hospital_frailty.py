"""Is the Hospital Frailty Risk Score what its authors published, whichever way repeated codes are read?"""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import ibis
import numpy as np
import polars as pl
import pycomorb
import pytest

from commonweal.core.errors import ParameterProblem
from commonweal.core.parameters import library
from commonweal.need.comorbidity_codes import hospital_frailty_weights
from commonweal.need.hospital_frailty import hospital_frailty, hospital_frailty_band

ON = date(2025, 4, 1)


def test_each_code_counts_once_by_its_first_three_characters(small: SimpleNamespace):
    # F00 7.1, G81 4.4, R29 3.6; A00 is no sign of frailty.
    recorded = small.diagnosed({1: ["F00", "F009", "G819", "R296", "A00"], 2: ["G81"], 3: ["A00"]})
    scores = small.by_person(hospital_frailty(recorded, library(), on=ON), "score")
    assert scores == {1: Decimal("15.1"), 2: Decimal("4.4")}


def test_a_code_may_count_once_in_each_admission_instead(small: SimpleNamespace):
    first = small.diagnosed({1: ["G81", "G819", "R54"]}, date(2025, 1, 1))
    second = small.diagnosed({1: ["G81"]}, date(2025, 2, 1))
    parameters = small.with_value("hospital_frailty_repeats", "each_admission")
    recorded = first.union(second)
    assert small.by_person(hospital_frailty(recorded, library(), on=ON), "score") == {1: Decimal("6.6")}
    assert small.by_person(hospital_frailty(recorded, parameters, on=ON), "score") == {1: Decimal("11.0")}


def test_another_repeat_rule_is_refused_with_the_two_that_there_are(small: SimpleNamespace):
    parameters = small.with_value("hospital_frailty_repeats", "twice")
    with pytest.raises(ParameterProblem, match="once or each_admission"):
        hospital_frailty(small.diagnosed({1: ["G81"]}), parameters, on=ON)


@pytest.mark.parametrize(
    ("score", "band"), [("0", "low"), ("4.9", "low"), ("5", "intermediate"), ("15", "intermediate"), ("15.1", "high")]
)
def test_the_bands_are_below_5_to_15_and_above(score: str, band: str, small: SimpleNamespace):
    table = ibis.memtable({"points": [score]})
    held = table.select(band=hospital_frailty_band(table.points.cast("decimal(9, 1)"), library(), on=ON))
    assert small.rows_of(held) == [{"band": band}]


def test_thousands_of_random_people_score_as_in_pycomorb(small: SimpleNamespace):
    chance = np.random.default_rng(109)
    codes = sorted(
        [*hospital_frailty_weights(), *(f"{code}{digit}" for code in hospital_frailty_weights() for digit in "09")]
    )
    codes += [f"{letter}{number:02d}" for letter in "ACHJ" for number in range(30)]
    held = {person: [codes[at] for at in chance.integers(len(codes), size=person % 15 + 1)] for person in range(5000)}
    frame = pl.DataFrame(
        [(person, code) for person, mine in held.items() for code in mine], schema=["id", "code"], orient="row"
    )
    theirs = pycomorb.comorbidity("hfrs", frame)
    expected = {
        person: Decimal(f"{score:.1f}") for person, score in zip(theirs["id"], theirs["HFRS Score"], strict=True)
    }
    ours = small.by_person(hospital_frailty(small.diagnosed(held), library(), on=ON), "score")
    assert {person: ours.get(person, Decimal("0.0")) for person in expected} == expected
    assert max(expected.values()) > 20


@pytest.mark.published
def test_the_weights_are_the_109_published_ones(published_data: Path):
    with (published_data / "need" / "hfrs_109.csv").open(encoding="utf-8-sig", newline="") as opened:
        published = {row["icd10_3char"]: Decimal(row["weight"]) for row in csv.DictReader(opened)}
    assert hospital_frailty_weights() == published
    assert (len(published), sum(published.values())) == (109, Decimal("173.2"))
