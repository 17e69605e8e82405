"""Does `contract assure` print the register, pack the evidence, and say clearly what is wrong?"""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile

import pytest

from commonweal.place.folder import read_place

COMMAND = ("contract", "assure")
STAGES = ["early_engagement", "before_procurement", "preferred_bidder", "go_live"]


def test_text_json_and_csv_tell_the_same_of_every_stage(run, made):
    held = run(*COMMAND, made, "--format", "json").json()
    assert [stage["stage"] for stage in held["stages"]] == STAGES
    assert held["on"] == read_place(made).contract_start.isoformat()
    rows = list(csv.DictReader(io.StringIO(run(*COMMAND, made, "--format", "csv").out)))
    assert [(row["stage"], row["question"], row["rating"]) for row in rows] == [
        (stage["stage"], question["question"], question["rating"])
        for stage in held["stages"]
        for question in stage["questions"]
    ]
    text = run(*COMMAND, made).out
    assert "UnitingCare" in text
    assert "12 of 14 practices" in text


def test_one_stage_is_asked_for_by_its_name_with_a_hyphen_too(run, made):
    held = run(*COMMAND, made, "--stage", "go-live", "--format", "json").json()
    assert [stage["stage"] for stage in held["stages"]] == ["go_live"]


def test_a_pack_is_written_its_digest_said_and_twice_the_same(run, made, tmp_path):
    packs = [tmp_path / "one.zip", tmp_path / "two.zip"]
    done = [run(*COMMAND, made, "--stage", "early_engagement", "--pack", path, "--format", "csv") for path in packs]
    assert [held.code for held in done] == [0, 0]
    first, second = (path.read_bytes() for path in packs)
    assert first == second
    assert hashlib.sha256(first).hexdigest() in done[0].err
    with zipfile.ZipFile(packs[0]) as pack:
        assert pack.testzip() is None
        assert pack.read("register.csv").decode().splitlines()[0].startswith("stage,theme,question")
        assert b"<html" in pack.read("index.html")


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        (("--stage", "signing"), 3, "'signing' is no stage of assurance. Stages are early_engagement"),
        (("--on", "1 April"), 2, "is not a day"),
        (("--on", "2010-04-01"), 8, "has no value on 2010-04-01"),
        (("--pack", "pack.txt"), 3, "is not the name of a ZIP file"),
        (("--format", "xml"), 2, "'xml' is not one of"),
    ],
)
def test_a_wrong_option_is_told(run, made, options, code, message):
    done = run(*COMMAND, made, *options)
    assert done.code == code
    assert message in done.err
    assert done.out == ""


def test_a_folder_that_is_no_place_is_told(run, tmp_path):
    done = run(*COMMAND, tmp_path)
    assert done.code == 4
    assert "place.yaml" in done.err


def test_wrong_answers_stop_the_register_with_their_rows(run, place):
    (place / "contract").mkdir(exist_ok=True)
    (place / "contract" / "assurance.csv").write_text(
        "question,rating,owner,date,evidence,note\ntax,blue,,2026-03-01,identity/people.csv,\n"
    )
    done = run(*COMMAND, place)
    assert done.code == 3
    for column in ("rating", "owner", "evidence"):
        assert f"row 2, column '{column}'" in done.err
