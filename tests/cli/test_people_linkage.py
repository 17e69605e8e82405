"""Does `people linkage` measure what it says, in every form, and take bad input with one clear message?"""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from commonweal.people.linkage.invented import invented_identity

MANUAL = Path(__file__).resolve().parents[2] / "docs" / "reference" / "json.md"


@pytest.fixture
def listed(place) -> Path:
    """The place's list of its people by name; so few that nothing has to be learnt."""
    path = place / "identity" / "people.parquet"
    path.parent.mkdir(exist_ok=True)
    pq.write_table(invented_identity(400, seed=5), path)
    return path


def one_clear_message(done, code: int, *words: str) -> None:
    assert done.code == code, done.err
    assert len(done.err.strip().splitlines()) == 1, done.err
    assert "Traceback" not in done.err
    for word in words:
        assert word in done.err


def keys(held: object) -> set[str]:
    if isinstance(held, dict):
        return set(held) | {key for value in held.values() for key in keys(value)}
    return {key for value in held for key in keys(value)} if isinstance(held, list) else set()


def test_json_holds_precision_and_recall_by_weight_and_fault_under_documented_keys(run, place, listed):
    found = run("people", "linkage", place, "--records", 200, "--format", "json").json()
    whole = next(row for row in found["rows"] if row["fault"] == "all" and row["link_weight"] == "10")
    assert whole["records"] == 200
    assert Decimal(whole["precision"]) == round(Decimal(whole["linked_rightly"]) / whole["linked"], 6)
    assert {row["link_weight"] for row in found["rows"]} == {"2", "6", "10", "14", "18"}
    assert not found["invented"]
    documented = set(re.findall(r"`([a-z_]+)`", MANUAL.read_text(encoding="utf-8")))
    assert keys(found) <= documented


def test_csv_has_a_row_for_every_weight_and_fault(run, place, listed):
    rows = list(csv.DictReader(io.StringIO(run("people", "linkage", place, "--records", 200, "--format", "csv").out)))
    assert len(rows) == 5 * len({row["fault"] for row in rows})


def test_text_names_nobody_and_says_that_the_faults_are_made_up(run, place, listed):
    done = run("people", "linkage", place, "--records", 200)
    assert "Precision" in done.out
    assert "made up" in done.out
    table = pq.read_table(listed)
    for name in ("nhs_number", "postcode", "family_name"):
        assert not [value for value in table[name].to_pylist() if value in done.out]


def test_the_same_seed_prints_the_same_and_another_does_not(run, place, listed):
    words = ("people", "linkage", place, "--records", 200, "--format", "csv")
    assert run(*words).out == run(*words, "--seed", 1).out
    assert run(*words).out != run(*words, "--seed", 2).out


def test_a_place_without_a_list_is_measured_on_a_made_up_one_and_says_so(run, place):
    found = run("people", "linkage", place, "--records", 300, "--format", "json")
    assert found.json()["invented"]
    assert "made up" in found.err


def test_a_threshold_set_by_the_place_is_the_one_in_use(run, place, listed):
    (place / "contract").mkdir(exist_ok=True)
    text = """
linkage_link_weight:
  label: Match weight that links
  meaning: Agreed by the partners.
  unit: bits
  values: {2014-04-01: {value: "12", status: given, source: {title: Data sharing agreement}}}
"""
    (place / "contract" / "linkage.yaml").write_text(text, encoding="utf-8")
    found = run("people", "linkage", place, "--records", 200, "--format", "json").json()
    assert found["thresholds"]["link"] == "12"
    assert "12" in {row["link_weight"] for row in found["rows"]}


def test_a_file_that_is_not_there_or_not_parquet(run, place, tmp_path):
    one_clear_message(run("people", "linkage", place, "--identity", tmp_path / "none.parquet"), 3, "none.parquet")
    (tmp_path / "bad.parquet").write_text("given_name\nAnn\n", encoding="utf-8")
    one_clear_message(run("people", "linkage", place, "--identity", tmp_path / "bad.parquet"), 3, "not a Parquet file")


def test_a_missing_column(run, place, listed):
    pq.write_table(pq.read_table(listed).drop_columns(["birth_date", "sex"]), listed)
    one_clear_message(run("people", "linkage", place), 3, "people.parquet", "birth_date, sex")


def test_a_column_of_another_type_is_named_without_what_it_holds(run, place, listed):
    table = pq.read_table(listed)
    names = table["given_name"].combine_chunks()
    pq.write_table(table.set_column(0, "person", names), listed)
    done = run("people", "linkage", place)
    one_clear_message(done, 3, "person", "int64")
    assert not [name for name in set(names.to_pylist()) if name in done.err]


def test_letters_in_dates_are_a_finding_and_the_others_are_read(run, place, listed):
    table = pq.read_table(listed)
    dates = [day.isoformat() for day in table["birth_date"].to_pylist()]
    dates[4] = "19S0-01-01"
    pq.write_table(table.set_column(4, "birth_date", pa.array(dates)), listed)
    found = run("people", "linkage", place, "--records", 400, "--format", "json").json()
    (finding,) = found["findings"]
    assert (finding["row"], finding["column"]) == (6, "birth_date")
    assert found["records"] == 399


def test_too_few_people(run, place, listed):
    pq.write_table(pq.read_table(listed).slice(0, 3), listed)
    one_clear_message(run("people", "linkage", place), 3, "3 people")


@pytest.mark.parametrize("option", [("--records", "0"), ("--seed", "-1"), ("--records", "many")])
def test_an_option_out_of_range(run, place, option):
    assert run("people", "linkage", place, *option).code == 2


def test_a_folder_that_is_not_a_place(run, tmp_path):
    one_clear_message(run("people", "linkage", tmp_path), 4, "place.yaml")
