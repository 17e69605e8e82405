"""Can risk be estimated and a list be made at the terminal, with nobody's pseudonym in what is printed?"""

from __future__ import annotations

import csv
import io
import re
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from commonweal.people.record import read_record
from commonweal.place.folder import read_place

from ..need.people_at_risk import make_record
from .test_json_is_documented import documented, keys


@pytest.fixture(scope="module")
def held(run, made, tmp_path_factory) -> Path:
    """The demonstration place with neighbourhoods, a record of made-up people, and their risks."""
    path = Path(shutil.copytree(made, tmp_path_factory.mktemp("with_record") / "place"))
    assert run("form", path).code == 0
    make_record(path, read_place(path).practice_codes, people=2000)
    assert run("need", "risk", path).code == 0
    return path


def persons(path: Path) -> set[str]:
    """Everybody's pseudonym."""
    return {str(person) for person in pq.read_table(read_record(path).files("persons"))["person"].to_pylist()}


def test_risk_says_every_key_that_is_in_the_manual_and_no_pseudonym(run, held):
    ran = run("need", "risk", held, "--format", "json")
    assert set(keys(ran.json())) <= documented(), sorted(set(keys(ran.json())) - documented())
    assert persons(held).isdisjoint(re.findall(r"\d+", ran.out + ran.err))
    assert all(Path(card).is_file() for card in ran.json()["cards"])


def test_risk_as_csv_has_one_row_a_group_and_share(run, held):
    rows = list(csv.DictReader(io.StringIO(run("need", "risk", held, "--format", "csv").out)))
    assert [row["share"] for row in rows[:5]] == ["0.005", "0.01", "0.02", "0.05", "0.1"]
    assert {row["by"] for row in rows} == {"everybody", "age", "sex", "deprivation", "ethnicity", "learning"}


def test_a_list_says_every_key_that_is_in_the_manual_and_no_pseudonym(run, held):
    ran = run("need", "cases", held, "--hours", "100", "--format", "json")
    assert set(keys(ran.json())) <= documented(), sorted(set(keys(ran.json())) - documented())
    assert persons(held).isdisjoint(re.findall(r"\d+", ran.out + ran.err))
    (listed,) = Path(ran.json()["folder"]).glob("cases.csv")
    assert persons(held) & set(re.findall(r"\d+", listed.read_text(encoding="utf-8")))


def test_a_list_in_words_says_what_the_hours_reach_and_who_is_set_aside(run, held):
    ran = run("need", "cases", held, "--hours", "100", "--hours-per-person", "5")
    assert ran.code == 0
    for wanted in ("What the hours reach", "Near the end of life", "Opted out", "no early fall in admissions"):
        assert wanted in ran.out


def test_a_list_by_practice_takes_hours_for_each(run, held):
    options = ("--by", "practice", "--hours", "30", "--hours", "x90001=60", "--format", "json")
    teams = run("need", "cases", held, *options).json()["teams"]
    assert {team["team"]: team["hours"] for team in teams if team["team"] in ("X90001", "X90002")} == {
        "X90001": "60.00",
        "X90002": "30.00",
    }


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("risk", "--on", "2026-03-15"), 3, "first day of a month"),
        (("risk", "--on", "2030-01-01"), 3, "after the record"),
        (("risk", "--on", "2024-04-01"), 3, "too late"),
        (("risk", "--model", "oracle"), 2, "oracle"),
        (("cases", "--hours", "many"), 3, "no number of hours"),
        (("cases", "--hours", "nan"), 3, "no number of hours"),
        (("cases", "--hours", "-4"), 3, "no number of hours"),
        (("cases", "--hours", "NOWHERE=4"), 3, "no team NOWHERE"),
        (("cases", "--hours", "4", "--hours", "5"), 3, "given twice"),
        (("cases", "--hours", "4", "--hours-per-person", "0"), 2, "0"),
        (("cases", "--hours", "4", "--caseload", "none.csv"), 3, "no such file"),
        (("cases",), 2, "--hours"),
    ],
)
def test_what_cannot_be_is_refused_and_says_why(run, held, words, code, said):
    command, *options = words
    ran = run("need", command, held, *options)
    assert ran.code == code, ran.err
    assert said in ran.err


@pytest.mark.parametrize("words", [("risk",), ("cases", "--hours", "4")])
def test_a_place_without_a_record_or_risks_is_told_what_to_run_first(run, place, words):
    command, *options = words
    ran = run("need", command, place, *options)
    assert ran.code == 4
    assert "commonweal people" in ran.err
