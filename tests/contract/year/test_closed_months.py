"""Do closed months stay as they were kept, and can facts and calendars that are wrong be told?"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml

from commonweal.contract.clauses.reading import read_clause
from commonweal.contract.year.calendar import Calendar, calendar_terms
from commonweal.contract.year.closing import closed_of, closed_text, read_closed
from commonweal.contract.year.due import Setting
from commonweal.contract.year.facts import Fact, add_fact, read_facts, standing
from commonweal.contract.year.place_year import PlaceYear
from commonweal.core.errors import CommonwealError, InputError, RuleBreach
from commonweal.core.periods import month
from commonweal.place.participation.way_back import ParticipationBreach

from .conftest import YEAR, closed_up_to, fact, setting_of, with_values

JOINS = fact(1, "participation", "A2", "partial", "2026-05-11", "2026-08-01")


@pytest.fixture
def setting() -> Setting:
    return setting_of({"A1": "full"})


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((folder / "payments").rglob("*.json"))}


def test_a_closed_month_keeps_its_bytes_whatever_becomes_known_later(tmp_path: Path, setting: Setting) -> None:
    PlaceYear(tmp_path, setting).close("2026-04", date(2026, 5, 5))
    PlaceYear(tmp_path, setting).close("2026-05", date(2026, 6, 5))
    before = bytes_of(tmp_path)
    place = PlaceYear(tmp_path, setting)
    paid = place.year().named("2026-05").statement.balance.received.amount  # type: ignore[union-attr]
    place.add(JOINS)
    year = PlaceYear(tmp_path, setting).year()
    assert year.named("2026-05").statement.balance.received.amount == paid  # type: ignore[union-attr]
    assert year.first_open is not None
    assert year.first_open.name == "2026-06"
    assert year.first_open.adjusted.amount > 0
    PlaceYear(tmp_path, setting).close("2026-06", date(2026, 9, 1))
    assert {name: held for name, held in bytes_of(tmp_path).items() if name in before} == before


def test_the_same_closing_gives_the_same_bytes(tmp_path: Path, setting: Setting) -> None:
    for folder in (tmp_path / "one", tmp_path / "two"):
        folder.mkdir()
        PlaceYear(folder, setting).close("2026-04", date(2026, 5, 5))
    assert bytes_of(tmp_path / "one") == bytes_of(tmp_path / "two")


def test_a_closed_statement_reads_back_as_it_was_kept(setting: Setting) -> None:
    (held,) = closed_up_to(setting, (), "2026-04")
    assert closed_of(closed_text(held), "here") == held


def _another_amount(text: str) -> str:
    content = json.loads(text)
    content["rows"][0]["amount"] = "0.01"
    return json.dumps(content, indent=1, sort_keys=True) + "\n"


@pytest.mark.parametrize(
    "change",
    [
        _another_amount,
        lambda text: text.replace("2026-05-05", "2026-05-06"),
        lambda text: text + "\n",
        lambda text: "{}",
        lambda text: "not json",
        lambda text: "",
        lambda text: "[]",
    ],
)
def test_a_changed_file_is_told_and_never_used(tmp_path: Path, setting: Setting, change: Callable[[str], str]) -> None:
    path = PlaceYear(tmp_path, setting).close("2026-04", date(2026, 5, 5))
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8", newline="")
    with pytest.raises(InputError, match="nothing was paid on it"):
        PlaceYear(tmp_path, setting)


def test_a_month_written_anew_with_its_digest_breaks_the_chain(tmp_path: Path, setting: Setting) -> None:
    first = PlaceYear(tmp_path, setting).close("2026-04", date(2026, 5, 5))
    PlaceYear(tmp_path, setting).close("2026-05", date(2026, 6, 5))
    held = closed_of(first.read_text(encoding="utf-8"), "here")
    first.write_text(closed_text(replace(held, closed_on=date(2026, 5, 6))), encoding="utf-8", newline="")
    with pytest.raises(InputError, match="does not follow"):
        PlaceYear(tmp_path, setting)


def test_a_closed_month_that_is_missing_between_others_is_told(tmp_path: Path, setting: Setting) -> None:
    first = PlaceYear(tmp_path, setting).close("2026-04", date(2026, 5, 5))
    PlaceYear(tmp_path, setting).close("2026-05", date(2026, 6, 5))
    first.unlink()
    with pytest.raises(InputError, match=r"2026-04\.json: is missing"):
        read_closed(tmp_path, YEAR.label, ["2026-04", "2026-05"])


def test_months_are_closed_in_order_not_early_and_once(tmp_path: Path, setting: Setting) -> None:
    place = PlaceYear(tmp_path, setting)
    with pytest.raises(RuleBreach, match="2026-04 is open still"):
        place.close("2026-05", date(2026, 6, 5))
    with pytest.raises(RuleBreach, match="closes it from 2026-05-05"):
        place.close("2026-04", date(2026, 5, 4))
    with pytest.raises(InputError, match="no statement"):
        place.close("2027-04", date(2027, 5, 5))
    place.close("2026-04", date(2026, 6, 20))
    with pytest.raises(InputError, match="closed already"):
        PlaceYear(tmp_path, setting).close("2026-04", date(2026, 6, 21))
    with pytest.raises(RuleBreach, match="was closed on 2026-06-20"):
        PlaceYear(tmp_path, setting).close("2026-05", date(2026, 6, 10))


def test_a_fact_changed_after_a_month_was_closed_on_it_is_told(tmp_path: Path, setting: Setting) -> None:
    add_fact(tmp_path / "facts.csv", JOINS)
    place = PlaceYear(tmp_path, setting)
    place.close("2026-04", date(2026, 8, 5))
    file = tmp_path / "facts.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("partial", "full"), encoding="utf-8")
    with pytest.raises(InputError, match="fact F001 was changed or removed since 2026-04 was closed"):
        PlaceYear(tmp_path, setting)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (fact(1, "list_count", "B9", "9", "2026-07-01", "2026-08-01"), "'B9' is no practice"),
        (fact(1, "list_count", "A1", "-9", "2026-07-01", "2026-08-01"), "no count of people"),
        (fact(1, "participation", "A2", "some", "2026-07-01", "2026-08-01"), "no option"),
        (fact(1, "scope", "partial/dentistry", "0.5", "2026-07-01", "2026-08-01"), "none of the lines"),
        (fact(1, "scope", "virtual/community", "0.5", "2026-07-01", "2026-08-01"), "no cell of the scope"),
        (fact(1, "scope", "partial/community", "1.5", "2026-07-01", "2026-08-01"), "no share"),
        (fact(1, "scope", "partial/community", "NaN", "2026-07-01", "2026-08-01"), "no share"),
        (fact(1, "performance_score", "community", "0.5", "2026-07-01", "2026-08-01"), "none of the lines"),
        (fact(1, "settlement_input", "actual", "5", "2026-07-01", "2026-08-01"), "no input of a settlement"),
        (fact(1, "dispute", "2026-06", "volumes", "2026-07-01", "2026-08-01"), "no amount of a month"),
        (fact(1, "dispute", "payments/2026-27/2026-06/held", "x", "2026-07-01", "2026-08-01"), "neither paid nor owed"),
        (fact(1, "dispute_resolved", "F009", "due", "2026-07-01", "2026-08-01"), "no dispute"),
        (fact(1, "withdrawal", "F009", "", "2026-07-01", "2026-08-01"), "no fact that can be withdrawn"),
        (fact(1, "list_count", "A1", "9", "2026-07-01", "2026-08-01", corrects="F001"), "no other fact"),
        (fact(1, "list_count", "A1", "9", "2026-07-01", "2026-08-01", effective_to=date(2027, 1, 1)), "has an end"),
    ],
)
def test_a_fact_that_cannot_stand_is_told_and_not_written(
    tmp_path: Path, setting: Setting, wrong: Fact, told: str
) -> None:
    with pytest.raises(InputError, match=told):
        PlaceYear(tmp_path, setting).add(wrong)
    assert not (tmp_path / "facts.csv").exists()


def test_two_facts_that_say_the_same_thing_need_one_to_correct_the_other(tmp_path: Path, setting: Setting) -> None:
    place = PlaceYear(tmp_path, setting)
    place.add(fact(1, "list_count", "A1", "9100", "2026-07-01", "2026-08-01"))
    other = fact(2, "list_count", "A1", "9200", "2026-07-01", "2026-09-01")
    with pytest.raises(InputError, match="says what F001 says"):
        PlaceYear(tmp_path, setting).add(other)
    PlaceYear(tmp_path, setting).add(replace(other, corrects="F001"))
    assert [held.fact_id for held in standing(read_facts(tmp_path / "facts.csv"))] == ["F002"]


def test_a_correction_that_is_withdrawn_gives_the_first_fact_back() -> None:
    first = fact(1, "list_count", "A1", "9100", "2026-07-01", "2026-08-01")
    second = fact(2, "list_count", "A1", "9200", "2026-07-01", "2026-09-01", corrects="F001")
    back = fact(3, "withdrawal", "F002", "", "2026-09-02", "2026-09-02")
    assert standing((first, second)) == (second,)
    assert standing((back, second, first)) == (first,)


def test_leaving_the_full_option_breaks_the_rule_of_the_way_back(tmp_path: Path, setting: Setting) -> None:
    with pytest.raises(ParticipationBreach, match="full since 2026-04-01"):
        PlaceYear(tmp_path, setting).add(fact(1, "participation", "A1", "out", "2026-07-01", "2026-06-01"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("nothing", "lacks the column 'fact_id'"),
        (",2026-08-01,2026-07-01,,list_count,A1,9,,x", "no id of a fact"),
        ("F1,1 August,2026-07-01,,list_count,A1,9,,x", "row 2, column 'known_on': '1 August' is not a date"),
        ("F1,2026-08-01,2026-07-01,2026-06-01,scope,a/b,1,,x", "ends on 2026-06-01"),
        ("F1,2026-08-01,2026-07-01,,census,A1,9,,x", "'census' is no kind of fact"),
        ("F1,2026-08-01,2026-07-01,,list_count,A1,9,,", "says not who says so"),
        ("F1,2026-08-01,2026-07-01,,list_count,A1,9,,x\nF1,2026-08-01,2026-07-01,,list_count,A2,9,,x", "two facts"),
    ],
)
def test_a_file_of_facts_that_cannot_be_read_says_where(tmp_path: Path, text: str, told: str) -> None:
    heading = "fact_id,known_on,effective_from,effective_to,kind,subject,value,corrects,source\n"
    file = tmp_path / "facts.csv"
    file.write_text(text if text == "nothing" else heading + text, encoding="utf-8")
    with pytest.raises(InputError, match=told):
        read_facts(file)


CALENDAR = """
clause: calendar
name: calendar
label: Calendar
closing_day: closing
terms:
  closing:
    label: Closing day
    meaning: Day of the next month.
    unit: day
    values:
      2026-04-01: {value: "10", status: given, source: {title: The contract}}
      2026-07-01: {value: "12", status: given, source: {title: The contract}}
"""


def test_a_contracts_calendar_stands_in_front_of_the_librarys_and_is_dated() -> None:
    clause, faults = read_clause(yaml.safe_load(CALENDAR), "calendar.yaml")
    assert not faults
    assert isinstance(clause, Calendar)
    library = with_values()
    terms = calendar_terms(type(library)({**{name: library[name] for name in library}, **clause.replaces}))
    assert terms.closing_date(month("2026-06")) == date(2026, 7, 10)
    assert terms.closing_date(month("2026-07")) == date(2026, 8, 12)
    assert terms.settlement_date(YEAR) == date(2027, 9, 30)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("closing_day: closing", "closing_day: other", "is no term of this clause"),
        ('"10"', '"31"', "is no day that every month has"),
        ("closing_day: closing", "payment_months: closing", "is no list of numbers"),
        ("closing_day: closing", "part_month: closing", "is not one of the words allowed"),
        ("closing_day: closing", "settlement_day: closing", "is no month and day"),
    ],
)
def test_a_calendar_that_makes_no_sense_is_told(before: str, after: str, told: str) -> None:
    clause, faults = read_clause(yaml.safe_load(CALENDAR.replace(before, after)), "calendar.yaml")
    assert clause is None
    assert told in " ".join(faults)


@pytest.mark.parametrize("value", [["1", "13"], ["1", "1"], [], "1", ["x"]])
def test_payment_months_that_are_no_months_are_told(value: object) -> None:
    setting = setting_of({"A1": "full"}, calendar_payment_months=value)
    with pytest.raises(CommonwealError, match="calendar_payment_months"):
        PlaceYear(Path("nowhere"), setting)
