"""Can a place's year of payments be run from the command line?"""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

MANUAL = Path(__file__).resolve().parents[2] / "docs" / "reference" / "json.md"


@pytest.fixture(scope="module")
def ran(run: Callable[..., Any], made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration place with April and May closed, then a practice that had joined in May and a dispute."""
    place = tmp_path_factory.mktemp("year") / "wherrydale"
    shutil.copytree(made, place)
    for month, day in (("2026-04", "2026-05-05"), ("2026-05", "2026-06-05")):
        assert run("contract", "close", place, "--month", month, "--on", day).code == 0
    told = ("--known-on", "2026-06-10", "--source", "minutes")
    joins = ("participation", "--of", "X90013", "--value", "partial", "--from", "2026-05-16")
    assert run("contract", "fact", place, *joins, *told).code == 0
    dispute = ("dispute", "--of", "payments/2026-27/2026-06/paid/community/X90003", "--value", "volumes")
    assert run("contract", "fact", place, *dispute, *told).code == 0
    return place


def rows_of(ran: Any) -> list[dict[str, str]]:
    assert ran.code == 0, ran.err
    return list(csv.DictReader(io.StringIO(ran.out)))


def test_the_year_at_a_glance_balances_in_every_format(run: Callable[..., Any], ran: Path) -> None:
    rows = rows_of(run("contract", "year", ran, "--format", "csv"))
    held = run("contract", "year", ran, "--format", "json").json()
    assert [row["statement"] for row in rows] == [row["statement"] for row in held["statements"]]
    for row in rows:
        paid, kept, owed = (Decimal(row[name]) for name in ("paid", "held", "owed"))
        assert Decimal(row["received"]) == paid + kept + owed
    assert [row["state"] for row in rows[:3]] == ["closed", "closed", "open"]
    assert Decimal(rows[2]["adjustments"]) > 0 == Decimal(rows[3]["adjustments"])
    text = run("contract", "year", ran).out
    assert "What each fact changes of earlier months" in text
    assert "F001" in text


def test_every_amount_has_an_id_of_its_own_and_why_explains_it(run: Callable[..., Any], ran: Path) -> None:
    amounts = rows_of(run("contract", "year", ran, "--rows", "amounts", "--format", "csv"))
    ids = [row["amount_id"] for row in amounts]
    assert len(ids) == len(set(ids))
    adjusted = rows_of(run("contract", "year", ran, "--rows", "adjustments", "--format", "csv"))
    assert {row["adjusts"] for row in adjusted} == {"F001"}
    wanted = next(row for row in adjusted if row["practice_code"] == "X90013" and row["direction"] == "received")
    told = run("contract", "why", ran, wanted["amount_id"], "--depth", "1")
    assert told.code == 0, told.err
    assert "fact F001" in told.out


def test_the_same_place_gives_the_same_bytes(run: Callable[..., Any], ran: Path) -> None:
    first, again = (run("contract", "year", ran, "--rows", "amounts", "--format", "csv").out for _ in range(2))
    assert first == again


def test_as_known_on_a_day_before_the_facts_there_is_nothing_to_adjust(run: Callable[..., Any], ran: Path) -> None:
    held = run("contract", "year", ran, "--as-known-on", "2026-06-05", "--format", "json").json()
    assert held["adjustments"] == held["facts"] == []


def test_every_key_is_in_the_manual(run: Callable[..., Any], ran: Path) -> None:
    documented = set(re.findall(r"`([a-z_]+)`", MANUAL.read_text(encoding="utf-8")))
    held = run("contract", "year", ran, "--format", "json").json()
    found = {*held, *(key for name in ("statements", "adjustments", "facts", "disputes") for key in held[name][0])}
    assert found <= documented, sorted(found - documented)


def test_the_journal_and_the_page_are_written_where_asked(run: Callable[..., Any], ran: Path, tmp_path: Path) -> None:
    journal, page = tmp_path / "year.beancount", tmp_path / "year.html"
    made = run("contract", "year", ran, "--journal", journal, "--save", page)
    assert made.code == 0, made.err
    assert "for 2026-05, 2026-06" in journal.read_text(encoding="utf-8")
    assert "Adjustments by practice" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("close", "--month", "2026-07", "--on", "2026-08-05"), 5, "2026-06 is open still"),
        (("close", "--month", "July", "--on", "2026-08-05"), 3, "is not a month"),
        (("close", "--month", "2026-05", "--on", "2026-08-05"), 3, "closed already"),
        (("year", "--year", "2026"), 3, "is not a financial year"),
        (("year", "--journal", "/nowhere/at/all"), 3, "cannot be written"),
        (("fact", "list_count", "--of", "X1", "--value", "5", "--source", "x"), 3, "When did it become known"),
        (("fact", "list_count", "--of", "X1", "--value", "5", "--known-on", "2026-06-20"), 3, "says not who says so"),
        (("fact", "list_count", "--of", "X1", "--known-on", "2026-06-20", "--source", "x"), 3, "no practice"),
    ],
)
def test_what_cannot_be_done_is_told(run: Callable[..., Any], ran: Path, words: tuple[str, ...], code: int, told: str):
    made = run("contract", words[0], ran, *words[1:])
    assert made.code == code
    assert told in made.err


def test_a_closed_month_that_was_changed_by_hand_is_told(run: Callable[..., Any], ran: Path, tmp_path: Path) -> None:
    place = tmp_path / "copy"
    shutil.copytree(ran, place)
    file = place / "payments" / "2026-27" / "2026-04.json"
    file.write_text(file.read_text(encoding="utf-8").replace('"amount": "1', '"amount": "2', 1), encoding="utf-8")
    made = run("contract", "year", place)
    assert made.code == 3
    assert "does not agree with its digest" in made.err
