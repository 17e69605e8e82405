"""Can people be made up, and held against published figures, from the command line?"""

from __future__ import annotations

import csv
import io
import shutil

import pytest

from commonweal.core.tables import definitions


@pytest.fixture(scope="module")
def peopled(run, made, tmp_path_factory):
    """A place with a small made-up record, and what the command said."""
    path = shutil.copytree(made, tmp_path_factory.mktemp("people") / "place")
    return path, run("people", "synthesise", path, "--people", "3000", "--years", "2", "--format", "json")


def test_people_are_made_up_and_held_against_published_figures(peopled):
    _, ran = peopled
    found = ran.json()
    assert found["synthetic"] is True
    assert found["met"] <= found["targets"]
    assert "rows of activity" in ran.err


def test_the_record_alone_gives_the_report_again(run, peopled):
    path, ran = peopled
    assert run("people", "calibrate", path, "--format", "json").json() == ran.json()


def test_rows_have_the_columns_of_their_table(run, peopled):
    path, _ = peopled
    rows = list(csv.DictReader(io.StringIO(run("people", "calibrate", path, "--format", "csv").out)))
    assert list(rows[0]) == [column.name for column in definitions()["calibration"]]


def test_the_text_says_how_many_targets_are_met(run, peopled):
    path, _ = peopled
    assert "targets are met" in run("people", "calibrate", path).out


def test_a_place_without_a_record_is_told_how_to_get_one(run, place):
    ran = run("people", "calibrate", place)
    assert ran.code != 0
    assert "commonweal people synthesise" in ran.err


@pytest.mark.parametrize("words", [("--people", "0"), ("--years", "0"), ("--end", "tomorrow"), ("--seed", "-1")])
def test_a_wrong_option_is_refused(run, place, words):
    assert run("people", "synthesise", place, *words).code == 2
