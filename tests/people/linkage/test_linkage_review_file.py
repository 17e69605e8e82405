"""Is a clerical review written so that a person can decide, and read back so that the decision stays?"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from commonweal.core.errors import InputError
from commonweal.core.parameters import library
from commonweal.core.tables import arrow_table
from commonweal.people.linkage.linked import Linked
from commonweal.people.linkage.review_file import COLUMNS, link_and_write_review, read_decisions, review_file

NORA = {
    "person": 9_007_199_254_740_993,
    "given_name": "Nora",
    "family_name": "Pemingford",
    "birth_date": date(1949, 2, 11),
    "sex": "F",
    "postcode": "XE2 5HN",
}
# A twin who is not on the list, a record that is plainly hers, and a stranger.
RECORDS = (
    {**NORA, "record_id": "00017", "given_name": "Zara"},
    {**NORA, "record_id": "00018"},
    {"record_id": "00019", "given_name": "=HYPERLINK(1)", "family_name": "Oakick", "birth_date": date(1990, 5, 5)},
)


def link(place: Path, *changed: dict[str, Any]) -> tuple[Linked, tuple]:
    rows = [*RECORDS, *changed]
    names = ("record_id", "given_name", "family_name", "birth_date", "sex", "postcode")
    records = pa.table({name: pa.array([row.get(name) for row in rows]) for name in names})
    listed = arrow_table("identity", [NORA, {**NORA, "person": 8, "family_name": "Garside", "postcode": "XE9 1LL"}])
    return link_and_write_review(place, records, listed, parameters=library())


def rows_of(place: Path) -> list[dict[str, str]]:
    with review_file(place).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def decide(place: Path, decision: str, *, row: int = 0) -> None:
    rows = rows_of(place)
    rows[row]["decision"] = decision
    with review_file(place).open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)


def matched(found: Linked) -> dict[str, tuple[int, str]]:
    return {row["record_id"]: (row["person"], row["how"]) for row in found.matches.to_pylist()}


def test_an_open_pair_is_written_with_both_sides_and_what_each_field_adds(tmp_path):
    link(tmp_path)
    (row,) = rows_of(tmp_path)
    assert (row["record"], row["person"], row["decision"]) == ("r:00017", "p:9007199254740993", "")
    assert row["reason"] == "name_or_birth_date_differs"
    assert (row["given_name_record"], row["given_name_person"]) == ("Zara", "Nora")
    assert (row["birth_date_record"], row["birth_date_person"]) == ("1949-02-11", "1949-02-11")
    assert float(row["given_name_weight"]) < 0 < float(row["birth_date_weight"])


def test_the_file_is_for_its_owner_alone_and_lies_with_what_identifies_people(tmp_path):
    link(tmp_path)
    path = review_file(tmp_path)
    assert path.parent.name == "identity"
    assert path.stat().st_mode & 0o077 == 0
    assert [other.name for other in path.parent.iterdir() if other.suffix == ".new"] == []


def test_an_accepted_pair_is_linked_next_time_and_stays_in_the_file(tmp_path):
    link(tmp_path)
    decide(tmp_path, "Accepted ")
    for _ in range(2):
        found, findings = link(tmp_path)
        assert matched(found)["00017"] == (NORA["person"], "review")
        assert [row["decision"] for row in rows_of(tmp_path)] == ["accepted"]
        assert findings == ()


def test_a_rejected_pair_is_not_asked_again(tmp_path):
    link(tmp_path)
    decide(tmp_path, "rejected")
    for _ in range(2):
        found, _ = link(tmp_path)
        assert "00017" not in matched(found)
        assert "00017" in found.unmatched.to_pylist()
        assert [row["decision"] for row in rows_of(tmp_path)] == ["rejected"]


def test_a_decision_stays_when_its_record_is_not_in_the_next_file_and_new_pairs_come_beside_it(tmp_path):
    link(tmp_path)
    decide(tmp_path, "rejected")
    link(tmp_path, {**NORA, "record_id": "00005", "given_name": "Chloe"})
    assert [(row["record"], row["decision"]) for row in rows_of(tmp_path)] == [("r:00005", ""), ("r:00017", "rejected")]


def test_a_plain_link_can_be_undone_by_a_row_that_rejects_it(tmp_path):
    link(tmp_path)
    with review_file(tmp_path).open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, COLUMNS, restval="").writerow(
            {"record": "r:00018", "person": f"p:{NORA['person']}", "decision": "rejected"}
        )
    found, _ = link(tmp_path)
    assert "00018" not in matched(found)


@pytest.mark.parametrize("said", ["yes", "acepted", "1"])
def test_a_decision_that_cannot_be_understood_is_a_finding_that_names_the_row(tmp_path, said):
    link(tmp_path)
    decide(tmp_path, said)
    found, (finding,) = link(tmp_path)
    assert (finding.severity, finding.file, finding.row, finding.column) == (
        "error",
        "linkage-review.csv",
        2,
        "decision",
    )
    assert "Nora" not in str(finding)
    assert "00017" not in matched(found)
    assert [row["decision"] for row in rows_of(tmp_path)] == [""]


def test_two_people_accepted_for_one_record_contradict_one_another(tmp_path):
    link(tmp_path)
    decide(tmp_path, "accepted")
    with review_file(tmp_path).open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, COLUMNS, restval="").writerow(
            {"record": "r:00017", "person": "p:8", "decision": "accepted"}
        )
    decisions = read_decisions(tmp_path)
    assert decisions.table.num_rows == 0
    assert [(finding.row, finding.rule) for finding in decisions.findings] == [
        (2, "linkage decision"),
        (3, "linkage decision"),
    ]


def test_a_file_saved_with_semicolons_is_read(tmp_path):
    link(tmp_path)
    decide(tmp_path, "rejected")
    rows = rows_of(tmp_path)
    with review_file(tmp_path).open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    assert read_decisions(tmp_path).table.to_pylist() == [
        {"record_id": "00017", "person": NORA["person"], "decision": "rejected"}
    ]


def test_a_file_without_its_columns_is_refused_and_left_as_it_is(tmp_path):
    link(tmp_path)
    path = review_file(tmp_path)
    path.write_text("record,decision\nr:00017,accepted\n", encoding="utf-8")
    with pytest.raises(InputError, match="person"):
        link(tmp_path)
    assert path.read_text(encoding="utf-8").startswith("record,decision")


def test_a_cell_that_begins_like_a_formula_is_written_as_text(tmp_path):
    changed = {**NORA, "record_id": "=1+1", "given_name": "=HYPERLINK(1)"}
    link(tmp_path, changed)
    row = next(row for row in rows_of(tmp_path) if row["record"] == "r:=1+1")
    assert row["given_name_record"] == "'=HYPERLINK(1)"
    decide(tmp_path, "accepted", row=rows_of(tmp_path).index(row))
    assert matched(link(tmp_path, changed)[0])["=1+1"] == (NORA["person"], "review")
