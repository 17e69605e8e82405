"""Does bad input get one clear message, and is nothing that was there before lost?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from commonweal.core.errors import CommonwealError, InputError, NotAPlace
from commonweal.place.folder import new_place, read_place
from commonweal.place.inputs import place_inputs
from commonweal.place.selection import Selection

from .conftest import make_place, rewrite, setting, without_column

NEED, PAID, EARLIER = "need_weighted_populations.csv", "gp_payments_2022-23.csv", "gp_payments_2021-22.csv"
DISTRICT = Selection(lad=("Wherrydale",))


def new(path: Path, files: Path, selection: Selection = DISTRICT, **options: object) -> CommonwealError:
    """The complaint of making a place; nothing of it may be left behind."""
    beside = set(path.parent.iterdir())
    with pytest.raises(CommonwealError) as refused:
        new_place(
            path,
            name="Here",
            practices_from=files,
            selection=selection,
            contract_start=date(2026, 4, 1),
            **options,  # type: ignore[arg-type]
        )
    assert set(path.parent.iterdir()) == beside
    assert "\n" not in str(refused.value)
    assert refused.value.mend
    return refused.value


@pytest.mark.parametrize(
    ("name", "heading", "form"),
    [
        (NEED, "Final WP", "need-weighted populations"),
        (NEED, "pop 2022/23", "need-weighted populations"),
        (PAID, "Contract Type", "NHS Payments to General Practice"),
        (PAID, "Total QOF Payments", "NHS Payments to General Practice"),
        ("practice_locations.csv", "lat", "practice locations"),
        ("practice_membership.csv", "PCN_ODS_CODE", "practice membership"),
        ("gp-reg-pat-prac-all-2026-04.csv", "NUMBER_OF_PATIENTS", "Patients Registered at a GP Practice"),
    ],
)
def test_a_missing_column_is_named_with_the_form_it_belongs_to(
    files: Path, tmp_path: Path, name: str, heading: str, form: str
) -> None:
    rewrite(files / name, without_column(heading))
    refused = new(tmp_path / "place", files)
    assert isinstance(refused, InputError)
    assert refused.where == name
    assert form in refused.message
    assert f"'{heading}'" in refused.message


def test_a_letter_in_a_number_stops_nothing_and_is_found(files: Path, tmp_path: Path) -> None:
    rewrite(files / PAID, setting(2, "Global Sum", "5OO.00"))
    inputs = place_inputs(make_place(tmp_path / "place", files))
    (finding,) = [f for f in inputs.findings if f.rule == "number-malformed"]
    assert (finding.file, finding.row, finding.column) == (PAID, 2, "Global Sum")
    assert "global_sum" not in inputs.payments["X90001"]


def test_a_negative_list_stops_nothing_and_is_found(files: Path, tmp_path: Path) -> None:
    rewrite(files / NEED, setting(2, "Patients", "-9220"))
    inputs = place_inputs(make_place(tmp_path / "place", files, practice=("X90002",)))
    (finding,) = [f for f in inputs.findings if f.rule == "number-negative"]
    assert (finding.file, finding.row, finding.column) == (NEED, 2, "Patients")


def test_an_unknown_practice_code_is_refused(files: Path, tmp_path: Path) -> None:
    assert "no practice 'Y00000'" in new(tmp_path / "place", files, Selection(practice=("Y00000",))).message


def test_an_empty_selection_is_refused(files: Path, tmp_path: Path) -> None:
    assert "selection is empty" in new(tmp_path / "place", files, Selection()).message


def test_two_files_of_different_years_are_refused_unless_allowed(files: Path, tmp_path: Path) -> None:
    (files / PAID).unlink()
    refused = new(tmp_path / "place", files)
    assert "two files of different years" in refused.message
    assert "2021-22" in refused.message
    assert "2022-23" in refused.message
    place = new_place(
        tmp_path / "place",
        name="Here",
        practices_from=files,
        selection=DISTRICT,
        contract_start=date(2026, 4, 1),
        allow_years_apart=True,
    )
    assert [f.severity for f in place_inputs(place).findings if f.rule == "years-apart"] == ["warning"]


@pytest.mark.parametrize("name", [NEED, PAID, "practice_locations.csv", "gp-reg-pat-prac-all-2026-04.csv"])
def test_two_files_of_one_form_and_year_are_refused(files: Path, tmp_path: Path, name: str) -> None:
    (files / f"copy_of_{name}").write_bytes((files / name).read_bytes())
    refused = new(tmp_path / "place", files)
    assert "two files of" in refused.message
    assert name in refused.message


def test_a_year_that_nothing_says_is_asked_for(files: Path, tmp_path: Path) -> None:
    (files / PAID).rename(files / "payments.csv")
    rewrite(files / "payments.csv", without_column("PCN Enhanced Access"))
    refused = new(tmp_path / "place", files)
    assert "years.yaml" in refused.mend
    (files / "years.yaml").write_text("payments.csv: 2022-23\n")
    place = make_place(tmp_path / "place", files)
    assert place_inputs(read_place(place.path)).baseline_year.label == "2022-23"


def test_a_year_without_payments_is_refused(files: Path, tmp_path: Path) -> None:
    assert "no payments of 2019-20" in new(tmp_path / "place", files, payments_year="2019-20").message


def test_a_folder_without_the_needed_forms_is_refused(files: Path, tmp_path: Path) -> None:
    (files / NEED).unlink()
    assert "need-weighted populations" in new(tmp_path / "place", files).message
    assert "no such folder" in new(tmp_path / "place", tmp_path / "nowhere").message


@pytest.mark.parametrize("spoil", [lambda _: b"PK not a zip", lambda _: b"\x1f\x8b broken"], ids=["zip", "gz"])
def test_a_file_that_cannot_be_unpacked_is_named(files: Path, tmp_path: Path, spoil: Callable[[bytes], bytes]) -> None:
    for name in ("lists.zip", "lists.csv.gz"):
        (files / name).write_bytes(spoil(b""))
        assert "cannot be unpacked" in new(tmp_path / "place", files).message
        (files / name).unlink()


def test_a_folder_that_is_not_a_place_is_refused(files: Path) -> None:
    with pytest.raises(NotAPlace, match="not a place"):
        read_place(files)


def test_spoilt_lists_leave_the_place_and_what_was_built_alone(files: Path, tmp_path: Path) -> None:
    place = make_place(tmp_path / "place", files)
    place.out.mkdir()
    (place.out / "current").write_text("store-1\n")
    rewrite(place.lists / NEED, without_column("Final WP"))
    before = {path: path.read_bytes() for path in place.path.rglob("*") if path.is_file()}
    with pytest.raises(InputError, match="lacks the column 'Final WP'"):
        place_inputs(read_place(place.path))
    assert {path: path.read_bytes() for path in place.path.rglob("*") if path.is_file()} == before
