"""Does `people load` do what its manual says, refuse what it cannot use, and exit with the code of its kind?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from commonweal.people.record import read_record

# Synthetic numbers; the third has a wrong check digit.
GOOD, OTHER, WRONG = "9000000009", "9000000017", "9000000018"
HEADINGS = "nhs_number,practice_code,start,end\n"
LIST = f"{HEADINGS}{GOOD},X90001,2023-01-01,\n{OTHER},X90002,2023-02-01,\n"
MANUAL = Path(__file__).resolve().parents[2] / "docs" / "reference" / "json.md"


def written(folder: Path, text: str, name: str = "list.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def loaded(run, place, tmp_path):
    """A place with a record of two people, and what the command said."""
    ran = run("people", "load", place, written(tmp_path, LIST), "--format", "json")
    assert ran.code == 0, ran.err
    return ran


def kept(place: Path) -> dict[str, bytes]:
    """Every byte of the record and of the identity folder."""
    files = [path for folder in ("records", "identity") for path in (place / folder).rglob("*") if path.is_file()]
    return {str(path.relative_to(place)): path.read_bytes() for path in files}


def test_a_list_becomes_a_record_and_every_key_is_in_the_manual(loaded, place):
    said = json.loads(loaded.out)
    assert said["published"] is True
    assert (said["holds"]["persons"], said["holds"]["registrations"]) == (2, 2)
    assert said["files"] == [
        {
            "file": "list.csv",
            "shape": "registrations",
            "rows": 2,
            "kept": 2,
            "mended": 0,
            "aside": 0,
            "columns_not_read": 0,
        }
    ]
    section = MANUAL.read_text(encoding="utf-8").split("## people load\n")[1].split("\n## ")[0]
    for key in (*said, *said["holds"], *said["files"][0]):
        assert f"`{key}`" in section, key
    assert not read_record(place).synthetic


def test_the_text_says_what_was_read_and_names_nobody(run, place, tmp_path):
    ran = run("people", "load", place, written(tmp_path, f"{LIST}{WRONG},X90001,2023-01-01,\n"), "--tolerate", "1")
    assert ran.code == 0, ran.err
    assert "check digit" in ran.out
    assert not [number for number in (GOOD, OTHER, WRONG) if number in ran.out + ran.err]


def a_record_stays(run, place, path, *options, code: int, says: str):
    before = kept(place)
    ran = run("people", "load", place, path, *options)
    assert ran.code == code, ran.err
    assert says in " ".join(ran.err.split())
    assert "Traceback" not in ran.out + ran.err
    assert not [number for number in (GOOD, OTHER, WRONG) if number in ran.out + ran.err]
    assert kept(place) == before


@pytest.mark.parametrize(
    ("name", "text", "code", "says"),
    [
        ("lacking.csv", f"nhs_number,practice_code,start\n{GOOD},X90001,2023-01-01\n", 3, "'end'"),
        ("other.csv", "colour,taste\nred,sweet\n", 3, "no known shape"),
        ("empty.csv", "", 3, "The file is empty."),
        ("list.xlsx", LIST, 3, "neither Parquet nor CSV"),
        ("list.parquet", LIST, 3, "not Parquet"),
        ("list.csv.gz", LIST, 3, "cannot be read"),
        ("wrong.csv", f"{HEADINGS}{WRONG},X90001,2023-01-01,\n", 6, "nhs-number-check-digit 1"),
        ("day.csv", f"{HEADINGS}{GOOD},X90001,2023-01-0x,\n", 6, "date-missing 1"),
    ],
)
def test_a_bad_file_is_one_message_and_the_record_stays(run, loaded, place, tmp_path, name, text, code, says):
    a_record_stays(run, place, written(tmp_path, text, name), "--tolerate", "0", code=code, says=says)


def test_a_folder_is_no_file(run, loaded, place, tmp_path):
    a_record_stays(run, place, tmp_path, code=3, says="no such file")


def test_a_key_that_is_none_is_refused_and_never_repeated(run, loaded, place, tmp_path):
    key = written(tmp_path, f"{GOOD}\n", "other.key")
    a_record_stays(run, place, tmp_path / "list.csv", "--key", key, code=3, says="holds no key")


def test_a_mapping_that_is_none_is_refused(run, loaded, place, tmp_path):
    mapping = written(tmp_path, "files: [", "mapping.yaml")
    a_record_stays(run, place, tmp_path / "list.csv", "--mapping", mapping, code=3, says="not YAML")


def test_a_period_without_days_is_refused(run, loaded, place, tmp_path):
    days = ("--from", "2024-01-01", "--to", "2024-01-01")
    a_record_stays(run, place, tmp_path / "list.csv", *days, code=3, says="no days")


def test_the_same_list_again_changes_nobody(run, loaded, place, tmp_path):
    before = json.loads(loaded.out)["holds"]
    again = run("people", "load", place, tmp_path / "list.csv", "--format", "json").json()
    assert again["holds"] == before
