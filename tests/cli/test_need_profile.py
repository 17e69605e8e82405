"""What do `need profile` and `verify comorbidity` print?"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from commonweal.core.tables import arrow_table, definitions
from commonweal.people.record import TABLES, publish_record

START, END = date(2023, 4, 1), date(2026, 4, 1)
MANUAL = Path(__file__).resolve().parents[2] / "docs" / "reference" / "json.md"
# Pseudonyms that would be noticed anywhere.
FIRST = 770_000_001


def people(practices: tuple[str, ...]) -> dict[str, pa.Table]:
    """Forty people of the first practice and three of the second; every fourth of them in a care home."""
    homes = {FIRST + number: practices[0] if number < 40 else practices[1] for number in range(43)}
    rows: Mapping[str, list[dict[str, Any]]] = {
        "persons": [{"person": person, "sex": "F", "birth_month": date(1946, 4, 1)} for person in homes],
        "registrations": [
            {"person": person, "practice_code": code, "start": date(2020, 1, 1)} for person, code in homes.items()
        ],
        "attributes": [
            {"person": person, "attribute_period": date(2024, 1, 1), "nh_rh": person % 4 == 0} for person in homes
        ],
        "conditions": [{"person": person, "condition": "copd", "start": date(2021, 1, 1)} for person in homes],
        "activity": [],
    }
    return {name: arrow_table(name, rows[name]) for name in TABLES}


@pytest.fixture
def with_people(place: Path) -> Path:
    """The demonstration place with a small record."""
    text = (place / "place.yaml").read_text(encoding="utf-8")
    practices = tuple(dict.fromkeys(re.findall(r"X9\d{4}", text)))
    tables = people(practices)

    def write(folder: Path) -> None:
        for name, table in tables.items():
            path = folder / "activity" / "part-00000.parquet" if name == "activity" else folder / f"{name}.parquet"
            pq.write_table(table, path)

    publish_record(place, "small", write, start=START, end=END, synthetic=True, facts={})
    return place


def test_a_profile_prints_levels_segments_and_groups_and_hides_few_people(with_people: Path, run: Callable[..., Any]):
    ran = run("need", "profile", with_people)
    assert ran.code == 0, ran.err
    for words in ("Levels of need", "Core Segments", "Lives in a care home", "By practice", "1 to 7"):
        assert words in ran.out
    assert str(FIRST)[:8] not in ran.out + ran.err


def test_json_and_csv_hold_the_rows_of_the_table_under_documented_keys(with_people: Path, run: Callable[..., Any]):
    held = run("need", "profile", with_people, "--format", "json").json()
    rows = {(row["area"], row["practice_code"], row["grouping"], row["group"]): row for row in held["groups"]}
    first = min(row["practice_code"] for row in held["groups"] if row["practice_code"])
    # Ten of forty in a care home, thirty with COPD alone: Core Segment 3.
    assert rows["practice", first, "level", "4"]["people"] == 10
    assert rows["practice", first, "level", "3"]["people"] == 30
    assert rows["practice", first, "level", "3"]["mean_age"] == "80"
    documented = set(re.findall(r"`([a-z_]+)`", MANUAL.read_text(encoding="utf-8")))
    keys = {*held, *held["groups"][0], *held["level_reasons"][0], *held["typical_shares"][0]}
    assert keys | set(held["against_the_source"][0]) <= documented
    printed = list(csv.DictReader(io.StringIO(run("need", "profile", with_people, "--format", "csv").out)))
    assert list(printed[0]) == [column.name for column in definitions()["need_profile"]]
    assert len(printed) == len(held["groups"])


@pytest.mark.parametrize("day", ["2023-04-01", "2026-04-02"])
def test_a_day_that_the_record_says_nothing_of_is_refused(day: str, with_people: Path, run: Callable[..., Any]):
    ran = run("need", "profile", with_people, "--on", day)
    assert ran.code == 3
    assert "2023-04-01" in ran.err


def test_a_day_before_anybody_was_ill_is_another_profile(with_people: Path, run: Callable[..., Any]):
    held = run("need", "profile", with_people, "--on", "2024-01-01", "--format", "json").json()
    levels = {
        row["group"]: row["people"] for row in held["groups"] if (row["area"], row["grouping"]) == ("place", "level")
    }
    assert levels["4"] == 0


def test_a_place_without_a_record_says_how_to_make_one(place: Path, run: Callable[..., Any]):
    ran = run("need", "profile", place)
    assert ran.code == 4
    assert "commonweal people" in ran.err


def test_verify_comorbidity_prints_matched_n_of_m_and_the_rows(tmp_path: Path, run: Callable[..., Any]):
    path = tmp_path / "scores.csv"
    path.write_text("id,code,hfrs,charlson_1987\n9000000009,I50.0,0,1\n9000000017,f00,7.1,2\n", encoding="utf-8")
    ran = run("verify", "comorbidity", path)
    assert ran.code == 0, ran.err
    assert "matched 3 of 4" in ran.out
    assert "row 3" in ran.out
    assert "90000000" not in ran.out + ran.err
    assert run("verify", "comorbidity", path, "--strict").code == 9
    held = run("verify", "comorbidity", path, "--format", "json").json()
    assert (held["matched"], held["of"], held["rows"][0]["practice_code"]) == (3, 4, "row 3")
    assert run("verify", "comorbidity", tmp_path / "none.csv").code == 3
