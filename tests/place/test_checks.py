"""Does every rule find what it says, where it says, and nothing else?"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from commonweal.core.findings import Finding, in_order
from commonweal.place.checks.run import RULES, check
from commonweal.place.folder import Place, read_place
from commonweal.place.inputs import Inputs, place_inputs

from .conftest import Change, rewrite, setting

NEED, PAID, EARLIER = "need_weighted_populations.csv", "gp_payments_2022-23.csv", "gp_payments_2021-22.csv"
COUNTED, PLACES, MEMBERS = "gp-reg-pat-prac-all-2027-01.csv", "practice_locations.csv", "practice_membership.csv"
# The one finding of the made-up place that is worth showing.
SHOWN = {("list-moved", "X90003")}


@pytest.fixture
def files(made_up_files: Path, tmp_path: Path) -> Path:
    """A copy of the files that a test may change; of the counts of lists only two, to be quick."""
    left_out = shutil.ignore_patterns("*-2025-04.csv", "*-2026-07.csv", "*-2026-10.csv")
    return Path(shutil.copytree(made_up_files, tmp_path / "files", ignore=left_out))


@pytest.fixture
def place(made_up_place: Place, files: Path, tmp_path: Path) -> Place:
    """The demonstration district with those files as its lists."""
    path = tmp_path / "place"
    path.mkdir()
    shutil.copyfile(made_up_place.path / "place.yaml", path / "place.yaml")
    (path / "lists").symlink_to(files)
    return read_place(path)


def checked(place: Place) -> tuple[Inputs, list[Finding]]:
    inputs = place_inputs(place)
    return inputs, check(inputs)


def last_row_of(code: str, heading: str, text: str) -> Change:
    """The change to the last row on a practice."""

    def change(rows: list[list[str]]) -> None:
        next(row for row in reversed(rows) if code in row)[rows[0].index(heading)] = text

    return change


def dropping(row: int) -> Callable[[list[list[str]]], None]:
    return lambda rows: rows.pop(row - 1)


CASES = [
    ("practice-closed", "X90001", PLACES, setting(2, "closed_date", "20240331")),
    ("not-in-payments-file", "X90001", PAID, dropping(2)),
    ("not-in-locations", "X90001", PLACES, dropping(2)),
    ("not-in-list-count", "X90001", COUNTED, dropping(2)),
    ("list-moved", "X90001", EARLIER, setting(2, "Number of Registered Patients (Last Known Figure)", "20000")),
    ("list-moved", "X90004", COUNTED, setting(5, "NUMBER_OF_PATIENTS", "4000")),
    ("no-list", "X90001", PAID, setting(2, "Number of Weighted Patients (Last Known Figure)", "0")),
    ("total-differs", "X90002", PAID, setting(3, "Total NHS Payments to General Practice", "1.00")),
    ("total-differs", "X90002", PAID, setting(3, "Minor Surgery", "99999.99")),
    ("need-component-blank", "X90001", NEED, setting(2, "Mat WP", "")),
    ("need-component-blank", "X90001", NEED, setting(2, "G&A WP", "0")),
    ("need-sum-differs", "", NEED, setting(2, "Final WP", "99999")),
    ("postcode-outside", "X90001", NEED, setting(2, "Practice_Postcode", "AB1 2CD")),
    ("far-from-others", "X90001", NEED, setting(2, "Latitude", "51.5")),
    ("location-disagrees", "X90001", PLACES, setting(2, "lat", "54.7")),
    ("network-changed", "X90001", MEMBERS, last_row_of("X90001", "PCN_ODS_CODE", "UZ0002")),
    ("several-commissioners", "X90001", NEED, setting(2, "ICS22", "QQQ")),
    ("number-malformed", "X90001", PAID, setting(2, "Global Sum", "12O4.50")),
    ("number-negative", "X90001", COUNTED, setting(2, "NUMBER_OF_PATIENTS", "-5")),
    ("code-duplicated", "X90001", NEED, lambda rows: rows.append(list(rows[1]))),
    ("value-missing", "X90001", PAID, setting(2, "Total QOF Payments", "")),
]


@pytest.mark.parametrize(("rule", "code", "name", "change"), CASES, ids=[f"{c[0]} in {c[2]}" for c in CASES])
def test_a_rule_finds_its_case(files: Path, place: Place, rule: str, code: str, name: str, change: Change) -> None:
    rewrite(files / name, change)
    _, findings = checked(place)
    mine = [f for f in findings if f.rule == rule and f.practice_code == code]
    assert mine, [(f.rule, f.practice_code) for f in findings]
    assert all(f.message and f.mend for f in mine)
    assert {f.rule for f in findings} <= set(RULES)
    others = {(f.rule, f.practice_code) for f in findings if f.severity != "note" and f.practice_code not in ("", code)}
    assert others == SHOWN


def test_a_line_that_breaks_a_total_breaks_every_total_above_it(files: Path, place: Place) -> None:
    rewrite(files / PAID, setting(3, "Covid Immunisation", "1234567.00"))
    _, findings = checked(place)
    broken = {f.column for f in findings if f.rule == "total-differs"}
    assert len(broken) == 3
    assert all("ovid" in column for column in broken)


def test_findings_on_other_places_are_counted_not_listed(files: Path, place: Place) -> None:
    rewrite(files / PAID, setting(40, "Global Sum", "unknown"))
    _, findings = checked(place)
    assert not [f for f in findings if f.rule == "number-malformed"]
    assert [f.severity for f in findings if f.rule == "findings-elsewhere"] == ["note"]


def test_findings_come_worst_first_and_the_same_every_time(files: Path, place: Place) -> None:
    rewrite(files / PAID, setting(2, "Global Sum", "x"))
    inputs, findings = checked(place)
    assert findings == in_order(findings)
    assert findings == check(place_inputs(read_place(inputs.place.path)))


def test_every_rule_has_a_sentence() -> None:
    assert all(sentence.endswith(".") and len(sentence) > 20 for sentence in RULES.values())


def test_a_practice_paid_nothing_counts_as_nothing(files: Path, place: Place) -> None:
    rewrite(files / PAID, dropping(2))
    inputs, _ = checked(place)
    assert inputs.payments["X90001"] == {}
    assert inputs.weighted_people["X90001"] == 0
    assert inputs.absent["payment_practices"] == ("X90001",)


def test_a_ledger_is_read_and_what_it_cannot_say_is_kept_out(place: Place) -> None:
    head = "financial_year,commissioner_code,service_line,practice_code,population,recurrence,amount,source"
    rows = [
        'QZZ,community,X90001,place,recurrent,"1,200.50",Ledger',
        "QZZ,community,,commissioner,non_recurrent,-40,Ledger",
        "QZZ,flying,,place,recurrent,1,",
        "QZZ,community,A12345,place,recurrent,1,",
        "QZZ,community,,everyone,recurrent,1,",
        "QZZ,community,,place,recurrent,12O,",
    ]
    text = "\n".join([head, *(f"2022-23,{row}" for row in rows), "soon,QZZ,community,,place,recurrent,1,"])
    (place.path / "ledger.csv").write_text(text + "\n")
    inputs = place_inputs(place)
    assert [str(entry.amount) for entry in inputs.ledger.entries] == ["1200.50", "-40.00"]
    assert inputs.ledger.entries[1].practice_code == ""
    assert [(f.row, f.rule) for f in inputs.ledger.findings] == [
        (6, "text-malformed"),
        (7, "number-malformed"),
        (4, "ledger-service-line"),
        (5, "ledger-practice"),
        (8, "ledger-year"),
    ]
