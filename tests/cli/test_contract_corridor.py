"""Does `contract corridor` answer as arithmetic by hand does, and refuse what makes no sense?"""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest

from commonweal.place.folder import read_place
from commonweal.place.formation.forming import practice_people
from commonweal.place.inputs import place_inputs
from commonweal.place.participation.file import read_history
from commonweal.place.participation.states import options_on

COMMAND = ("contract", "corridor")
MANUAL = Path(__file__).resolve().parents[2] / "docs" / "reference" / "json.md"
# 10,000 people whose costs vary by 3.67: a spread of 3.67 %, left beyond 2 % on one side 29.29 times in a hundred.
KNOWN = ("--list-size", 10_000, "--sigma", "3.67", "--tau", "0", "--corridor", "2%")


def test_the_answers_are_those_worked_out_by_hand(run, made):
    held = run(*COMMAND, made, *KNOWN, "--pay-for-chance", "5%", "--format", "json").json()
    (reading,) = held["readings"]
    assert float(reading["pay_for_chance"]) == pytest.approx(0.2929, abs=0.0001)
    assert reading["narrower_than_chance"] is True
    # 1.644854 x 3.67 % = 6.0366 %; (1.644854 x 3.67 / 0.02) squared = 91,101.7 person-years.
    answers = {answer["asks"]: answer["value"] for answer in reading["answers"]}
    assert answers == {"corridor": "0.060366", "years": 10, "people": 91_102}


def test_a_share_may_be_written_three_ways(run, made):
    printed = {run(*COMMAND, made, *KNOWN[:-1], text, "--format", "csv").out for text in ("2%", "2 %", "0.02")}
    assert len(printed) == 1


def test_the_list_is_that_of_the_practices_that_take_part(run, made):
    place = read_place(Path(made))
    counted = practice_people(place_inputs(place))
    history = read_history(place.path, place.practice_codes, contract_start=place.contract_start)
    part = options_on(history, place.contract_start)
    assert 0 < len(part) < len(counted)
    held = run(*COMMAND, made, "--format", "json").json()
    assert held["list_size"] == sum(people for code, people in counted.items() if code in part)
    assert f"{len(part)} practices" in held["assumed"][0]


def test_without_a_record_the_parameter_is_used_and_called_illustrative(run, made):
    held = run(*COMMAND, made, "--format", "json").json()
    assert {reading["variation_between_people"] for reading in held["readings"]} == {"3.670000"}
    assert any("illustrative" in text for text in held["assumed"])
    assert held["stop_loss"] == []


def test_a_place_s_own_parameter_comes_before_the_library_s(run, place):
    (place / "contract").mkdir(exist_ok=True)
    (place / "contract" / "chance.yaml").write_text(
        "chance_person_variation:\n  label: Ours\n  meaning: Ours\n  unit: ratio\n  values:\n    2020-04-01:\n"
        '      value: "2.5"\n      status: given\n      source: {title: Our own accounts}\n',
        encoding="utf-8",
    )
    held = run(*COMMAND, place, "--format", "json").json()
    assert {reading["variation_between_people"] for reading in held["readings"]} == {"2.500000"}


def test_rows_of_csv_are_one_a_reading_and_answer(run, made):
    rows = list(csv.DictReader(io.StringIO(run(*COMMAND, made, "--format", "csv").out)))
    assert [row["asks"] for row in rows] == ["corridor", "years", "people"] * 2


def test_the_text_says_the_answer_first_and_flags_a_narrow_corridor(run, made):
    printed = " ".join(run(*COMMAND, made, *KNOWN).out.split())
    assert "a gain is paid for chance alone in 29.3 % of results. 5.0 % is tolerated." in printed
    assert "narrower than chance" in printed
    assert printed.index("29.3 %") < printed.index("What is assumed")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--pay-for-chance", "50%"), 3),
        (("--pay-for-chance", "0"), 3),
        (("--corridor", "0"), 3),
        (("--sigma", "nan"), 3),
        (("--per-1000", "inf"), 3),
        (("--corridor", "two"), 2),
        (("--tau", "100%"), 2),
        (("--sigma", "0"), 2),
        (("--years", "0"), 2),
        (("--list-size", "0"), 2),
        (("--side", "both"), 2),
        (("--convention", "none"), 2),
        (("--over-dispersion", "2"), 2),
        (("--per-1000", "95", "--over-dispersion", "0.5"), 2),
        (("--per-1000", "95", "--sigma", "2"), 2),
    ],
    ids=lambda held: " ".join(held) if isinstance(held, tuple) else str(held),
)
def test_what_makes_no_sense_is_refused_in_words(run, made, words, code):
    ran = run(*COMMAND, made, *words)
    assert ran.code == code
    assert not ran.out
    assert "Traceback" not in ran.err
    assert re.search(r"\w", ran.err)


def test_a_folder_that_is_no_place_is_refused(run, tmp_path):
    assert run(*COMMAND, tmp_path).code == 4


def keys(held: object) -> set[str]:
    if isinstance(held, dict):
        return set(held).union(*map(keys, held.values()))
    return set().union(*map(keys, held)) if isinstance(held, list) else set()


def test_every_key_is_in_the_manual(run, made):
    found = keys(run(*COMMAND, made, "--format", "json").json())
    # What only a place with a record prints.
    found |= {"attachment", "people_above", "ceded", "retained_variation"}
    documented = set(re.findall(r"`([a-z_]+)`", MANUAL.read_text(encoding="utf-8")))
    assert found <= documented, sorted(found - documented)
