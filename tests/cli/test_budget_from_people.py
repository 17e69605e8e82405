"""Can a budget be worked out from the place's own people, compared with the published weights, and refused in words?"""

from __future__ import annotations

import csv
import io
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from commonweal.core.tables import arrow_table
from commonweal.people.record import TABLES, publish_record
from commonweal.place.folder import read_place

START, END = date(2024, 4, 1), date(2026, 4, 1)
MARKED = 7_770_777_077_707_770
Rows = dict[str, list[dict[str, Any]]]


def people_of(codes: tuple[str, ...], *, years: int = 2) -> Rows:
    """Forty people a practice; old ones cost ten times as much, and the first practice has the most old ones."""
    rows: Rows = {name: [] for name in TABLES}
    for place, code in enumerate(codes):
        for number in range(40):
            person = MARKED + place * 100 + number
            old = number < (30 if place == 0 else 10)
            birth = date(1940 if old else 1990, 1, 1)
            rows["persons"].append({"person": person, "sex": "FM"[number % 2], "birth_month": birth})
            rows["registrations"].append({"person": person, "practice_code": code, "start": date(2015, 1, 1)})
            rows["activity"] += [
                {
                    "person": person,
                    "source_name": "synthetic",
                    "pod_l1": "community",
                    "arr_date": date(2026 - year, 2, 1),
                    "practice_code": code,
                    "cost_pence": (100_000 if old else 10_000) + 100 * (number % 7),
                }
                for year in range(years)
            ]
    return rows


def publish(place: Path, rows: Rows, *, synthetic: bool = True, start: date = START) -> None:
    def write(folder: Path) -> None:
        for name, held in rows.items():
            path = folder / "activity" / "part-00000.parquet" if name == "activity" else folder / f"{name}.parquet"
            pq.write_table(arrow_table(name, held), path)

    publish_record(place, "test", write, start=start, end=END, synthetic=synthetic, facts={})


@pytest.fixture(scope="module")
def peopled(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration place with a record of a few people of each practice; not to be changed."""
    place = Path(shutil.copytree(made, tmp_path_factory.mktemp("peopled") / "place"))
    publish(place, people_of(read_place(place).practice_codes))
    return place


def amounts(held: dict[str, Any], key: str) -> dict[str, Decimal]:
    return {row["service_line"]: Decimal(row[key]) for row in held["service_lines"]}


def test_both_weights_of_each_practice_are_shown_with_intervals_and_what_each_explains(run, peopled):
    held = run("budget", peopled, "--compare-weights", "--format", "json").json()
    component = next(row for row in held["components"] if row["component"] == "community")
    first, *others = component["practices"]
    # Forty people: 30 at £1,000 and 10 at £100 to 10 and 30 in every other practice.
    assert Decimal(first["person_index"]) > 2 * Decimal(others[0]["person_index"])
    assert Decimal(first["lower"]) <= Decimal(first["person_index"]) <= Decimal(first["upper"])
    assert {row["weights"] for row in component["explained"]} >= {"age and sex", "published practice weights"}
    assert held["published_formula_explained"] == {
        "people": "0.12",
        "practices": "0.77",
        "practices_that_differ_by_a_tenth": "0.33",
    }


def test_the_rows_of_the_comparison_sum_to_the_published_weighted_people(run, peopled):
    ran = run("budget", peopled, "--compare-weights", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(ran.out)))
    sums = [sum(Decimal(row[name]) for row in rows) for name in ("person_weighted_people", "published_weighted_people")]
    assert ran.code == 0
    assert sums[0] == sums[1] > 0


def test_in_words_it_says_that_the_people_are_made_up_and_how_to_read_it(run, peopled):
    ran = run("budget", peopled, "--compare-weights")
    assert ran.code == 0
    assert "made up" in ran.out
    assert "place's average of 1" in ran.out


def test_a_budget_by_the_own_record_moves_money_between_practices_in_its_lines_alone(run, peopled):
    published = run("budget", peopled, "--format", "json").json()
    person = run("budget", peopled, "--need-weights", "person", "--format", "json").json()
    assert (published["need_weights"], person["need_weights"]) == ("published", "person")
    before, after = amounts(published, "target"), amounts(person, "target")
    moved = {line: abs(after[line] / before[line] - 1) for line in before if after[line] != before[line]}
    # The place's weighted people stay the same; each practice's own list growth then moves the sum a little.
    assert set(moved) == {"community", "adult_social_care"}
    assert max(moved.values()) < Decimal("0.01")
    first = {row["practice_code"]: Decimal(row["cost_of_care"]) for row in person["practices"]}
    was = {row["practice_code"]: Decimal(row["cost_of_care"]) for row in published["practices"]}
    assert max(first, key=lambda code: first[code] - was[code]) == next(iter(first))


def test_a_budget_by_made_up_people_says_so_whichever_way_it_is_printed(run, peopled):
    words = ("budget", peopled, "--need-weights", "person")
    assert "made up" in run(*words).out
    assert "made up" in run(*words, "--practice", "X90001", "--service-line", "community").out
    assert run(*words, "--format", "json").json()["synthetic"] is True
    rows = csv.DictReader(io.StringIO(run(*words, "--format", "csv").out))
    assert {row["status"] for row in rows if row["service_line"] == "community"} == {"illustrative"}


def test_without_the_option_nothing_is_said_of_the_record(run, peopled):
    ran = run("budget", peopled)
    assert ran.code == 0
    assert "made up" not in ran.out
    assert run("budget", peopled, "--format", "json").json()["synthetic"] is None


def test_a_place_without_a_record_is_told_how_to_get_one(run, place):
    ran = run("budget", place, "--need-weights", "person")
    assert ran.code != 0
    assert "no record of its people" in ran.err
    assert "people load" in ran.err


def test_a_record_without_anybody_of_a_practice_is_refused_by_the_practices_name(run, place):
    publish(place, people_of(read_place(place).practice_codes[1:]))
    ran = run("budget", place, "--need-weights", "person")
    assert ran.code != 0
    assert "nobody registered with X90001" in ran.err


def test_a_record_of_less_than_a_year_is_refused(run, place):
    publish(place, people_of(read_place(place).practice_codes), start=date(2025, 6, 1))
    ran = run("budget", place, "--compare-weights")
    assert ran.code != 0
    assert "less than a year" in ran.err


def test_a_record_of_one_year_weighs_but_is_not_tested(run, place):
    publish(place, people_of(read_place(place).practice_codes, years=1), start=date(2025, 4, 1))
    held = run("budget", place, "--compare-weights", "--format", "json").json()
    assert held["tested_on"] is None
    assert all(row["explained"] == [] for row in held["components"])


def test_a_record_without_cost_is_refused(run, place):
    rows = people_of(read_place(place).practice_codes)
    publish(place, {**rows, "activity": [{**row, "cost_pence": None} for row in rows["activity"]]})
    ran = run("budget", place, "--compare-weights")
    assert ran.code != 0
    assert "no cost" in ran.err


def test_a_variable_that_nobody_knows_is_refused_with_those_that_are_known(run, place):
    publish(place, people_of(read_place(place).practice_codes))
    (place / "contract").mkdir(exist_ok=True)
    (place / "contract" / "own.yaml").write_text(
        "person_based_variables: {label: V, meaning: V, unit: names, values: {2014-04-01: "
        "{value: [shoe_size], status: given, source: {title: T}}}}\n",
        encoding="utf-8",
    )
    ran = run("budget", place, "--compare-weights")
    assert ran.code != 0
    assert "shoe_size" in ran.err
    assert "age_sex" in ran.err


def test_a_comparison_is_of_every_practice_and_is_not_narrowed(run, peopled):
    ran = run("budget", peopled, "--compare-weights", "--practice", "X90001")
    assert ran.code != 0
    assert "every practice" in ran.err


def test_no_pseudonym_is_printed(run, peopled):

    printed = [run("budget", peopled, "--compare-weights", "--format", form) for form in ("text", "json", "csv")]
    assert not any(str(MARKED)[:10] in ran.out + ran.err for ran in printed)
