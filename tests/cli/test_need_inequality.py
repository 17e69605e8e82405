"""Does `need inequality` compare groups of a place's record, and hide what it must?"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from commonweal.core.tables import arrow_table
from commonweal.people.record import publish_record

START, END = date(2025, 4, 1), date(2026, 4, 1)
# Women of 40, all year at one practice: a hundred in each decile, of whom so many were admitted once.
PEOPLE_A_DECILE = 100
ADMITTED = (20, 20, 18, 17, 15, 15, 13, 12, 10, 10)
DEATHS = {10: 3}


def rows() -> dict[str, list[dict[str, Any]]]:
    """The record's rows."""
    persons, registrations, attributes, activity = [], [], [], []
    for decile, admitted in enumerate(ADMITTED, 1):
        for i in range(PEOPLE_A_DECILE):
            person = decile * 1000 + i
            died = date(2026, 3, 31) if i < DEATHS.get(decile, 0) else None
            persons.append({"person": person, "sex": "F", "birth_month": date(1985, 1, 1), "death_date": died})
            registrations.append({"person": person, "practice_code": "X90001", "start": date(2020, 1, 1), "end": None})
            attributes.append({"person": person, "attribute_period": date(2020, 1, 1), "imd_decile": decile})
            if i < admitted:
                pods = {"pod_l1": "secondary", "pod_l2a": "ip", "pod_l2b": "emergency", "admimeth": "21"}
                held = {"person": person, "source_name": "swd", "source_id": person, "arr_date": date(2025, 6, 1)}
                activity.append({**held, **pods, "cost_pence": 100_000})
    return {"persons": persons, "registrations": registrations, "attributes": attributes, "activity": activity}


def write(folder: Path, held: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """The record's tables as files."""
    for name in ("persons", "registrations", "attributes", "conditions"):
        pq.write_table(arrow_table(name, held.get(name, [])), folder / f"{name}.parquet")
    pq.write_table(arrow_table("activity", held["activity"]), folder / "activity" / "part-00000.parquet")


@pytest.fixture(scope="module")
def recorded(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place with a record; not to be changed."""
    folder = tmp_path_factory.mktemp("recorded") / "place"
    folder.mkdir()
    (folder / "place.yaml").write_bytes((made / "place.yaml").read_bytes())
    held = rows()
    publish_record(folder, "hand", lambda to: write(to, held), start=START, end=END, synthetic=True, facts={})
    return folder


def test_rates_and_gradient_are_those_on_paper(run, recorded):
    found = run("need", "inequality", recorded, "--format", "json").json()
    assert [group["crude"] for group in found["groups"]] == ["200", "175", "150", "125", "100"]
    assert [group["standardised"] for group in found["groups"]] == ["200", "175", "150", "125", "100"]
    assert [group["people"] for group in found["groups"]] == [200] * 5
    assert found["gradient"]["value"] == "2.00"
    assert found["slope_index"]["value"] == "-125"
    assert (found["start"], found["end"]) == ("2025-04-01", "2026-04-01")
    assert found["totals"]["events"] == {"value": 150, "within": 10}


def test_few_deaths_are_hidden_in_every_form(run, recorded):
    words = ("need", "inequality", recorded, "--measure", "deaths")
    last = run(*words, "--format", "json").json()["groups"][-1]
    assert (last["events"], last["crude"], last["standardised"]) == (None, None, None)
    assert "1 to 7" in run(*words).out
    (row,) = [row for row in csv.DictReader(io.StringIO(run(*words, "--format", "csv").out)) if row["group"] == "5"]
    assert (row["people"], row["events"], row["crude"]) == ("200", "", "")


def test_text_says_what_was_compared_and_that_people_are_made_up(run, recorded):
    text = run("need", "inequality", recorded, "--by", "core20").out
    assert "Emergency admissions by most deprived fifth of England or not (Core20)" in text
    # 40 of 200 against 110 of 800.
    assert "1.45 times" in text
    assert "made up" in text


def test_shares_and_cost_are_compared_too(run, recorded):
    cost = run("need", "inequality", recorded, "--measure", "cost", "--format", "json").json()
    # Forty admissions of GBP 1,000 over two hundred person-years.
    assert cost["groups"][0]["crude"] == "200"
    need = run("need", "inequality", recorded, "--measure", "highest_need", "--format", "json").json()
    assert [group["events"] for group in need["groups"]] == [0] * 5


@pytest.mark.parametrize("by", ["decile", "ethnicity", "sex", "age", "practice"])
def test_every_grouping_prints(run, recorded, by: str):
    found = run("need", "inequality", recorded, "--by", by, "--format", "json").json()
    assert found["totals"]["people"]["value"] == 1000


def test_every_key_is_in_the_manual(run, recorded):
    manual = Path(__file__).resolve().parents[2] / "docs" / "reference" / "json.md"
    documented = set(re.findall(r"`([a-z_0-9]+)`", manual.read_text(encoding="utf-8")))
    found = run("need", "inequality", recorded, "--format", "json").json()
    keys = set(found) | set(found["groups"][0]) | set(found["gradient"]) | set(found["totals"]) | {"within"}
    assert keys <= documented, sorted(keys - documented)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--measure", "happiness"), 3, "no measure"),
        (("--by", "height"), 2, "height"),
        (("--by", "neighbourhood"), 3, "commonweal form"),
        (("--from", "2020-01-01"), 3, "The record holds"),
        (("--from", "2026-01-01", "--to", "2026-01-01"), 3, "no day"),
        (("--to", "soon"), 2, "not a day"),
    ],
)
def test_what_cannot_be_compared_says_why(run, recorded, words: tuple[str, ...], code: int, said: str):
    ran = run("need", "inequality", recorded, *words)
    assert ran.code == code
    assert said in ran.err


def test_a_place_without_a_record_says_how_to_get_one(run, place):
    ran = run("need", "inequality", place)
    assert ran.code == 4
    assert "people" in ran.err


def test_a_file_of_rates_is_verified(run, tmp_path):
    path = tmp_path / "rates.csv"
    path.write_text("count,population,rate\n1,2,0.5\n1,4,0.21\n", encoding="utf-8")
    assert run("verify", "inequality", path, "--format", "json").json()["matched"] == 1
    assert "matched 1 of 2" in run("verify", "inequality", path).out
    assert run("verify", "inequality", path, "--strict").code == 9
    assert run("verify", "inequality", tmp_path / "none.csv").code == 3
