"""Does a history of participation survive its file?"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from commonweal.core.errors import InputError, RuleBreach
from commonweal.place.participation.events import History
from commonweal.place.participation.file import history_text, read_history, save_history
from commonweal.place.participation.states import (
    give_notice,
    history_rows,
    participate,
)

CODES = ("A10001", "A10002", "A10003")

CODES = ("A10001", "A10002", "A10003")
JOINED = date(2026, 4, 1)


@pytest.fixture
def nobody() -> History:
    return History(CODES, contract_start=JOINED)


@pytest.fixture
def full(nobody: History) -> History:
    return participate(nobody, "A10001", "full", JOINED)


def test_a_history_comes_back_from_its_file_as_it_was(full: History, tmp_path: Path) -> None:
    history = give_notice(full, "A10001", date(2026, 6, 1), date(2028, 4, 1), True, note='agreed, "all" three')
    save_history(tmp_path, history)
    assert read_history(tmp_path, CODES, contract_start=JOINED) == history
    assert list(tmp_path.iterdir()) == [tmp_path / "participation.csv"]


def test_a_place_without_a_file_has_an_empty_history(tmp_path: Path) -> None:
    assert read_history(tmp_path, CODES).events == ()


def test_a_history_is_only_added_to(full: History, nobody: History, tmp_path: Path) -> None:
    save_history(tmp_path, full)
    before = (tmp_path / "participation.csv").read_bytes()
    with pytest.raises(InputError, match="changed since"):
        save_history(tmp_path, participate(nobody, "A10002", "partial", JOINED))
    assert (tmp_path / "participation.csv").read_bytes() == before
    save_history(tmp_path, participate(full, "A10002", "partial", JOINED))
    assert (tmp_path / "participation.csv").read_bytes().startswith(before)


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("2026-04-01", "1 April", "row 2, column 'from'"),
        ("participates", "joins", "row 2, column 'event'"),
        ("full", "wholly", "row 2, column 'option'"),
        ("A10001", "Z99999", "participation"),
        ("event", "happening", "column 'event'"),
    ],
)
def test_a_value_that_cannot_be_read_is_named_by_row_and_column(
    full: History, tmp_path: Path, old: str, new: str, where: str
) -> None:
    text = history_text(full).replace(old, new, 1)
    (tmp_path / "participation.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=where):
        read_history(tmp_path, CODES, contract_start=JOINED)


def test_a_file_made_unlawful_by_hand_is_refused(full: History, tmp_path: Path) -> None:
    text = history_text(full) + "A10001,leaves,,2027-04-01,,,,\n"
    (tmp_path / "participation.csv").write_text(text, encoding="utf-8")
    with pytest.raises(RuleBreach):
        read_history(tmp_path, CODES, contract_start=JOINED)


def test_rows_have_the_documented_columns(full: History) -> None:
    assert list(history_rows(full)[0]) == history_text(full).splitlines()[0].split(",")
