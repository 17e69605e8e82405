"""Is a place a folder that says everything, is checked key by key, and is never half made?"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from commonweal.core.errors import CommonwealError, InputError, NotAPlace
from commonweal.place import folder as folders
from commonweal.place.folder import NeighbourhoodRecord, Place, read_place, save_neighbourhoods
from commonweal.place.inputs import place_inputs

from .conftest import make_place


def edited(place: Place, path: Path, old: str, new: str) -> Path:
    """A copy of a place whose place.yaml says something else."""
    path.mkdir()
    text = (place.path / "place.yaml").read_text(encoding="utf-8")
    assert old in text
    (path / "place.yaml").write_text(text.replace(old, new), encoding="utf-8")
    return path


def test_a_place_reads_back_as_it_was_made(made_up_place: Place) -> None:
    read = read_place(made_up_place.path)
    assert read.name == "Wherrydale"
    assert (read.commissioner_code, read.commissioner_name) == ("QZZ", "NHS Merrowmark ICB")
    assert len(read.practice_codes) == 14
    assert read.rule == {"lad": ["Wherrydale"]}
    assert read.contract_start == date(2026, 4, 1)
    assert (read.payments_year, read.allow_years_apart) == ("2022-23", False)
    assert read.formation == {"keep_pcn": "ignore", "must_be_together": (), "never_together": ()}


def test_published_files_are_kept_byte_for_byte_and_others_left(files: Path, tmp_path: Path) -> None:
    (files / "holiday.csv").write_text("a,b\n1,2\n")
    place = make_place(tmp_path / "place", files)
    kept = {path.name: path.read_bytes() for path in place.lists.iterdir()}
    assert kept == {path.name: path.read_bytes() for path in files.iterdir() if path.name != "holiday.csv"}


def test_the_same_place_is_written_in_the_same_bytes(made_up_files: Path, made_up_place: Place, tmp_path: Path) -> None:
    again = make_place(tmp_path / "again", made_up_files)
    assert (again.path / "place.yaml").read_bytes() == (made_up_place.path / "place.yaml").read_bytes()


def test_a_folder_that_holds_something_is_left_as_it_is(made_up_files: Path, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(NotAPlace, match="holds something already"):
        make_place(tmp_path, made_up_files)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_place_is_never_overwritten(made_up_files: Path, made_up_place: Place) -> None:
    before = (made_up_place.path / "place.yaml").read_bytes()
    with pytest.raises(NotAPlace, match="a place already"):
        make_place(made_up_place.path, made_up_files)
    assert (made_up_place.path / "place.yaml").read_bytes() == before


def test_an_empty_folder_may_become_a_place(made_up_files: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert make_place(tmp_path / "empty", made_up_files).name == "Wherrydale"


def test_a_place_that_cannot_be_written_leaves_nothing(
    made_up_files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(folders.shutil, "copyfile", full)
    with pytest.raises((OSError, CommonwealError)):
        make_place(tmp_path / "place", made_up_files)
    assert list(tmp_path.iterdir()) == []


def test_no_folder_and_another_folder_are_no_places(tmp_path: Path) -> None:
    with pytest.raises(NotAPlace, match="no such folder"):
        read_place(tmp_path / "nowhere")
    with pytest.raises(NotAPlace, match="not a place"):
        read_place(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('name: "Wherrydale"', "", "name is missing"),
        ("contract_start: 2026-04-01", "contract_start: soon", "contract_start is not a day"),
        ("  codes:\n", "  others:\n", "practices.codes is missing"),
        ("    - X90002", "    - X90001", "practices.codes names X90001 twice"),
        ("keep_pcn: ignore", "keep_pcn: perhaps", "formation.keep_pcn is not one of always, prefer, ignore"),
        ("never_together: []", "never_together: [[X90001, Z00000]]", "names Z00000, not of this place"),
        ("never_together: []", "never_together: [X90001]", "not a list of pairs"),
        ("allow_years_apart: false", "allow_years_apart: maybe", "allow_years_apart is not true or false"),
        ("practices:", "practices: [", "is not YAML"),
    ],
)
def test_what_place_yaml_cannot_say_is_named_by_key(
    made_up_place: Place, tmp_path: Path, old: str, new: str, said: str
) -> None:
    path = edited(made_up_place, tmp_path / "place", old, new)
    with pytest.raises(NotAPlace) as refused:
        read_place(path)
    assert said in str(refused.value)
    assert "place.yaml" in refused.value.where
    assert refused.value.mend


def three(place: Place) -> list[NeighbourhoodRecord]:
    codes = place.practice_codes
    return [
        NeighbourhoodRecord("N1", "North", codes[:5]),
        NeighbourhoodRecord("N2", "Middle: East", codes[5:9]),
        NeighbourhoodRecord("N3", "South", codes[9:]),
    ]


def test_neighbourhoods_read_back_as_they_were_saved(made_up_files: Path, tmp_path: Path) -> None:
    place = make_place(tmp_path / "place", made_up_files)
    saved = save_neighbourhoods(place, three(place), names={place.practice_codes[0]: "First Surgery"})
    assert read_place(place.path).neighbourhoods == saved.neighbourhoods
    assert list(saved.neighbourhoods.values()) == three(place)


def test_neighbourhoods_that_do_not_partition_the_place_are_not_saved(made_up_files: Path, tmp_path: Path) -> None:
    place = make_place(tmp_path / "place", made_up_files)
    good = save_neighbourhoods(place, three(place))
    first, *others = three(place)
    twice = NeighbourhoodRecord("N4", "Again", first.practice_codes[:1])
    for wrong, said in (([first], "in no neighbourhood"), ([first, *others, twice], "is in N1 as well")):
        with pytest.raises(NotAPlace, match=said):
            save_neighbourhoods(place, wrong)
        assert read_place(place.path).neighbourhoods == good.neighbourhoods
    assert not list(place.path.glob(".neighbourhoods*"))


def test_a_practice_that_no_file_holds_is_refused_by_name(made_up_place: Place, tmp_path: Path) -> None:
    path = edited(made_up_place, tmp_path / "place", "    - X90014", "    - X90014\n    - Q12345")
    (path / "lists").symlink_to(made_up_place.lists)
    with pytest.raises(InputError, match="Q12345") as refused:
        place_inputs(read_place(path))
    assert "practices.codes" in refused.value.where
