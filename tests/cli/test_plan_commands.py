"""Do the commands about interventions say what there is, and what is wrong?"""

from __future__ import annotations

import csv
import io

import pytest

ON = ("--on", "2026-04-01")


def test_the_list_says_what_each_changes_and_how_good_the_evidence_is(run):
    rows = {row["intervention"]: row for row in csv.DictReader(io.StringIO(run("plan", "list", "--format", "csv").out))}
    assert rows["care_home_support"]["evidence"] == "matched"
    assert rows["social_prescribing"]["regression_to_the_mean"] == "True"


def test_one_intervention_is_shown_whole(run):
    text = run("plan", "show", "care_home_support", *ON).out
    for told in ("Care home: yes", "0.23 (0.042 to 0.42)", "after 18 months", "difference in differences"):
        assert told in text


def test_its_json_has_the_terms_of_the_day(run):
    held = run("plan", "show", "whole_population_mcp", *ON, "--format", "json").json()
    terms = {row["term"]: row for row in held["terms"]}
    assert terms["emergency_admissions_avoided"]["middle"] == "0.031"
    assert held["evidence"]["grade"] == "matched"


def test_a_name_that_is_none_is_told_with_those_there_are(run):
    ended = run("plan", "show", "magic", *ON)
    assert ended.code == 3
    assert "care_home_support" in ended.err


def test_an_intervention_is_taken_edited_and_checked(run, place):
    assert run("plan", "new", place, "care_home_support", "--name", "homes").code == 0
    file = place / "plan" / "homes.yaml"
    assert "homes" in run("plan", "check", place, "--format", "csv").out
    file.write_text(file.read_text(encoding="utf-8").replace('mean: "0.23"', 'mean: "0.90"'), encoding="utf-8")
    ended = run("plan", "check", place)
    assert ended.code == 11
    assert "plan/homes.yaml: terms.emergency_admissions_avoided.values.2014-04-01" in ended.err


@pytest.mark.parametrize("name", ["../homes", "Homes", "1st"])
def test_a_name_is_a_name_and_nothing_else(run, place, name):
    assert run("plan", "new", place, "care_navigation", "--name", name).code == 3
    assert not (place / "plan").exists()


def test_a_file_that_is_there_is_not_written_over(run, place):
    assert run("plan", "new", place, "care_navigation").code == 0
    assert run("plan", "new", place, "care_navigation").code == 3


def test_ways_in_are_held_against_face_to_face(run):
    rows = {
        row["way_in"]: row for row in csv.DictReader(io.StringIO(run("plan", "triage", *ON, "--format", "csv").out))
    }
    assert float(rows["online"]["change"]) == pytest.approx(0.25, abs=0.01)
    # 41 requests a week for each 1,000 of 10,000 people, 9.2 minutes each.
    assert float(rows["face_to_face"]["gp_hours_a_week"]) == pytest.approx(410 * 9.2 / 60, abs=0.01)
    assert "takes 26% more" in run("plan", "triage", *ON).out


def test_how_many_must_answer_is_said(run):
    words = ("--calls", "120", "--minutes", "4", "--target", "2", "--share", "0.95")
    held = run("plan", "answering", *words, "--format", "json").json()
    assert held["in_time"] >= 0.95
    assert f"With {held['staff']} who answer" in run("plan", "answering", *words).out
    assert run("plan", "answering", *words[:-1], "1.5").code == 7
