"""What do published files say of each practice's people, and what when they say nothing?"""

from __future__ import annotations

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from commonweal.place.folder import new_place
from commonweal.place.inputs import place_inputs
from commonweal.place.population import PracticePopulation, practice_populations
from commonweal.place.selection import Selection

from .conftest import make_place, rewrite, setting

DEMOGRAPHICS, BANDS = "practice_demographics_2026-04.csv", "practice_age_bands_2026-04.csv"
SCORES = "practice_deprivation.csv"


def population(files: Path, start: date = date(2026, 4, 1)) -> PracticePopulation:
    """What is known of the first practice of a place made from the files."""
    chosen = Selection(practice=("X90001", "X90002"))
    place = new_place(files / "place", name="Two", practices_from=files, selection=chosen, contract_start=start)
    return practice_populations(place_inputs(place))[0]


def counted(files: Path, name: str, **cells: str) -> None:
    for heading, text in cells.items():
        rewrite(files / name, setting(2, heading, text))


def test_shares_are_of_the_list_they_were_counted_with(files: Path) -> None:
    cells = {"Total": "400", "Percent_male": "0.45", "16+": "320", "18+": "300", "65+": "100", "30_74": "150"}
    counted(files, DEMOGRAPHICS, **cells)
    held = population(files)
    assert held.male_share == Decimal("0.45")
    assert {age: held.aged_at_least[age] for age in (16, 18, 65)} == {
        16: Decimal("0.8"),
        18: Decimal("0.75"),
        65: Decimal("0.25"),
    }
    assert held.aged_30_to_74 == Decimal("0.375")


@pytest.mark.parametrize(("start", "month"), [(date(2026, 4, 1), "2026-04"), (date(2026, 9, 30), "2026-07")])
def test_people_are_the_latest_count_not_after_the_contract_start(files: Path, start: date, month: str) -> None:
    rewrite(files / f"gp-reg-pat-prac-all-{month}.csv", setting(2, "NUMBER_OF_PATIENTS", "4321"))
    assert population(files, start).people == 4321


def test_without_a_count_people_are_those_of_the_need_weighted_populations(files: Path) -> None:
    for path in files.glob("gp-reg-pat-prac-all-*.csv"):
        path.unlink()
    rewrite(files / "need_weighted_populations.csv", setting(2, "Patients", "5678"))
    assert population(files).people == 5678


def test_ages_come_from_the_bands_where_the_fuller_file_is_missing(files: Path) -> None:
    (files / DEMOGRAPHICS).unlink()
    counted(files, BANDS, **{"TOTAL": "1000", "65OV": "123"})
    held = population(files)
    assert (held.male_share, held.aged_at_least[65]) == (None, Decimal("0.123"))


def test_a_part_larger_than_its_list_is_as_good_as_not_published(files: Path) -> None:
    (files / DEMOGRAPHICS).unlink()
    counted(files, BANDS, **{"TOTAL": "1000", "65OV": "1001"})
    assert 65 not in population(files).aged_at_least


def test_an_empty_list_has_no_shares(files: Path) -> None:
    (files / DEMOGRAPHICS).unlink()
    counted(files, BANDS, TOTAL="0")
    held = population(files)
    assert (held.aged_at_least, held.aged_30_to_74) == ({}, None)


def test_deprivation_is_of_the_latest_year(files: Path) -> None:
    rewrite(files / SCORES, setting(2, "Value", "11"))
    rewrite(files / SCORES, setting(3, "Value", "12.5"))
    assert population(files).deprivation_score == Decimal("12.5")


def test_of_two_months_the_later_counts(files: Path) -> None:
    shutil.copyfile(files / BANDS, files / "ages_2025-04.csv")
    rewrite(files / "ages_2025-04.csv", setting(2, "65OV", "1"))
    (files / DEMOGRAPHICS).unlink()
    counted(files, BANDS, **{"TOTAL": "1000", "65OV": "123"})
    assert population(files).aged_at_least[65] == Decimal("0.123")


def test_a_place_without_these_files_is_read_as_before_and_nothing_is_known(files: Path, tmp_path: Path) -> None:
    for name in (DEMOGRAPHICS, BANDS, SCORES):
        (files / name).unlink()
    inputs = place_inputs(make_place(tmp_path / "place", files))
    held = practice_populations(inputs)
    assert [p.practice_code for p in held] == list(inputs.codes)
    assert {(p.male_share, p.aged_30_to_74, p.deprivation_score, *p.aged_at_least) for p in held} == {
        (None, None, None)
    }
    assert sum(p.people for p in held) == sum(inputs.list_counts[date(2026, 4, 1)].values())


def test_the_files_come_along_into_a_new_place(files: Path, tmp_path: Path) -> None:
    place = make_place(tmp_path / "place", files)
    for name in (DEMOGRAPHICS, BANDS, SCORES):
        assert (place.lists / name).read_bytes() == (files / name).read_bytes()
