"""Are Charlson and Elixhauser what their authors published, and what other programs work out?"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import ibis
import numpy as np
import polars as pl
import pycomorb
import pytest

from commonweal.core.errors import ParameterProblem
from commonweal.core.parameters import library
from commonweal.need.comorbidity import charlson, comorbidity, elixhauser
from commonweal.need.comorbidity_codes import comorbidity_score, index_categories

ON = date(2025, 4, 1)
# As pycomorb names them: index, codes, weights, and the column of the total without points for age.
PEER = {
    "charlson_1987": ("charlson", "quan", "charlson", "Charlson Comorbidity Index"),
    "charlson_quan2011": ("charlson", "quan", "quan", "Charlson Comorbidity Index"),
    "charlson_schneeweiss": ("charlson", "quan", "schneeweiss", "Charlson Comorbidity Index"),
    "charlson_rcs": ("charlson", "rcs", "rcs", "Charlson Comorbidity Index"),
    "charlson_shmi": ("charlson", "uk_shmi", "uk_shmi", "Charlson Comorbidity Index"),
    "elixhauser_van_walraven": ("elixhauser", "quan", "van_walraven", "Elixhauser Comorbidity Index"),
    "elixhauser_swiss": ("elixhauser", "quan", "swiss", "Elixhauser Comorbidity Index"),
}
# Worked by hand from the published weights.
CHARLSON = [
    (["I21", "I50"], {"charlson_1987": 1 + 1, "charlson_quan2011": 0 + 2, "charlson_shmi": 5 + 13}),
    (["E109", "E112"], {"charlson_1987": 2, "charlson_quan2011": 1, "charlson_shmi": 0}),
    (["C50", "C78"], {"charlson_1987": 6, "charlson_quan2011": 6, "charlson_shmi": 14}),
    (["K703", "K721"], {"charlson_1987": 3, "charlson_quan2011": 4, "charlson_shmi": 18}),
    (
        ["F03", "N18", "E112"],
        {"charlson_1987": 1 + 2 + 2, "charlson_quan2011": 2 + 1 + 1, "charlson_shmi": 14 + 10 - 1},
    ),
    (["B20"], {"charlson_1987": 6, "charlson_quan2011": 4, "charlson_shmi": 2}),
    (["I21", "I219", "I210"], {"charlson_1987": 1, "charlson_quan2011": 0, "charlson_shmi": 5}),
]
# The cases that the tests of comorbidipy, another public program, expect.
ELIXHAUSER = [
    (["F11"], -7, -5),
    (["F11", "E66", "F32"], -7 - 4 - 3, -5 - 6 - 3),
    (["I50", "F11"], 7 - 7, 13 - 5),
    (["I50", "F11", "E66"], 7 - 7 - 4, 13 - 5 - 6),
    (["I2782", "I426", "F315"], 4 + 3 + 7 + 0 + 0 - 3, 6 + 3 + 13 - 3 - 4 - 3),
    (["I10", "I110"], 7, 13 - 3),
]


@pytest.mark.parametrize(("codes", "expected"), CHARLSON)
def test_charlson_is_the_sum_of_its_published_weights(
    codes: list[str], expected: Mapping[str, int], small: SimpleNamespace
):
    for weighting, points in expected.items():
        assert small.by_person(
            charlson(small.diagnosed({1: codes}), library(), on=ON, weighting=weighting), "score"
        ) == {1: points}


@pytest.mark.parametrize(("codes", "van_walraven", "swiss"), ELIXHAUSER)
def test_elixhauser_is_the_sum_of_its_published_weights_and_may_be_negative(
    codes: list[str], van_walraven: int, swiss: int, small: SimpleNamespace
):
    recorded = small.diagnosed({1: codes})
    assert small.by_person(elixhauser(recorded, library(), on=ON), "score") == {1: van_walraven}
    assert small.by_person(elixhauser(recorded, library(), on=ON, weighting="elixhauser_swiss"), "score") == {1: swiss}


def test_only_the_hospital_mortality_indicator_is_floored_at_nought(small: SimpleNamespace):
    recorded = small.diagnosed({1: ["E112"]})
    assert small.by_person(charlson(recorded, library(), on=ON, weighting="charlson_shmi"), "score") == {1: 0}
    unfloored = [
        {**row, "floor": ""} if row["code"] == "charlson_shmi" else row
        for row in library()["comorbidity_scores"].on(ON).value
    ]
    parameters = small.with_value("comorbidity_scores", unfloored)
    assert small.by_person(charlson(recorded, parameters, on=ON, weighting="charlson_shmi"), "score") == {1: -1}


def test_the_hospital_mortality_indicator_has_a_code_list_of_its_own(small: SimpleNamespace):
    recorded = small.diagnosed({1: ["I43"], 2: ["I258"]})
    quan = comorbidity(recorded, comorbidity_score("charlson_1987", library(), on=ON))
    shmi = comorbidity(recorded, comorbidity_score("charlson_shmi", library(), on=ON))
    assert small.by_person(quan, "score") == {1: 1}
    assert small.by_person(shmi, "score") == {2: 5}


def test_whoever_has_no_listed_code_has_no_row(small: SimpleNamespace):
    assert small.by_person(charlson(small.diagnosed({1: ["A00"], 2: ["I50"]}), library(), on=ON), "score") == {2: 1}


def test_a_score_that_there_is_not_says_which_there_are():
    with pytest.raises(ParameterProblem, match="charlson_shmi"):
        comorbidity_score("charlson_1894", library(), on=ON)


def people_with_random_codes(people: int, seed: int = 20260401) -> dict[int, list[str]]:
    """People with some of every listed code, made longer or shorter, and codes that nothing lists."""
    chance = np.random.default_rng(seed)
    listed = {prefix for index in ("CHARLSON", "ELIXHAUSER") for prefix in _prefixes(index)}
    known = sorted(listed | {code[:-1] for code in listed} | {f"{code}{chance.integers(10)}" for code in listed})
    codes = [*known, *(f"{letter}{number:02d}" for letter in "AHLQSZ" for number in range(0, 100, 7))]
    return {person: [codes[at] for at in chance.integers(len(codes), size=1 + person % 12)] for person in range(people)}


def _prefixes(index: str) -> set[str]:
    codes = ("quan", "rcs", "uk_shmi") if index == "CHARLSON" else ("quan",)
    weights = "charlson_weights" if index == "CHARLSON" else "swiss_weights"
    return {
        prefix for name in codes for category in index_categories(index, name, weights) for prefix in category.prefixes
    }


@pytest.fixture(scope="module")
def random_people() -> dict[int, list[str]]:
    """Five thousand people, the same on every run."""
    return people_with_random_codes(5000)


@pytest.mark.parametrize("weighting", PEER)
def test_thousands_of_random_people_score_as_in_pycomorb(
    weighting: str, random_people: dict[int, list[str]], small: SimpleNamespace
):
    index, codes, weights, total = PEER[weighting]
    frame = pl.DataFrame(
        [(person, code, 40) for person, held in random_people.items() for code in held],
        schema=["id", "code", "age"],
        orient="row",
    )
    theirs = pycomorb.comorbidity(index, frame, implementation=codes, weights=weights)
    expected = dict(zip(theirs["id"], theirs[total], strict=True))
    recorded = ibis.memtable(frame.rename({"id": "person"}).select("person", "code").to_arrow())
    ours = small.by_person(comorbidity(recorded, comorbidity_score(weighting, library(), on=ON)), "score")
    assert {person: ours.get(person, 0) for person in expected} == expected
    assert len(set(expected.values())) > 5


@pytest.mark.published
@pytest.mark.parametrize(
    ("weighting", "codes_file", "weights_file", "column"),
    [
        ("charlson_1987", "charlson_codes_quan2005.csv", "charlson_weights.csv", "charlson1987"),
        ("charlson_quan2011", "charlson_codes_quan2005.csv", "charlson_weights.csv", "quan2011"),
        ("charlson_schneeweiss", "charlson_codes_quan2005.csv", "charlson_weights.csv", "schneeweiss2003"),
        ("charlson_rcs", "charlson_codes_rcs2010.csv", "charlson_weights.csv", "rcs2010"),
        ("charlson_shmi", "charlson_codes_shmi_v160.csv", "charlson_weights.csv", "uk_shmi_v1.60"),
        ("elixhauser_van_walraven", "elixhauser_codes_quan2005.csv", "elixhauser_weights.csv", "van_walraven"),
        ("elixhauser_swiss", "elixhauser_codes_quan2005.csv", "elixhauser_weights.csv", "swiss"),
    ],
)
def test_codes_and_weights_are_the_published_ones(
    weighting: str, codes_file: str, weights_file: str, column: str, published_data: Path
):
    score = comorbidity_score(weighting, library(), on=ON)
    ours = [sorted(category.prefixes) for category in score.categories]
    published: dict[str, list[str]] = {}
    for row in _csv(published_data / "need" / codes_file):
        published.setdefault(row["category"], []).append(row["icd10_prefix"])
    assert ours == [sorted(prefixes) for prefixes in published.values()]
    weights = {row["category"]: row[column] for row in _csv(published_data / "need" / weights_file)}
    assert {category.name: str(category.weight) for category in score.categories if category.weight is not None} == {
        category.name: weights[category.name] for category in score.categories if weights[category.name]
    }


def _csv(path: Path) -> Sequence[Mapping[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))
