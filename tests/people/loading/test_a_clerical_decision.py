"""Is what a person decides in the review file what the next loading does?"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pyarrow.parquet as pq
import pytest

from commonweal.people.linkage.review_file import COLUMNS, review_file

pytestmark = pytest.mark.slow

NORA = "9000000009"
PEOPLE = f"""nhs_number,first_name,surname,date_of_birth,sex,postcode,practice_code
{NORA},Nora,Pemingford,1949-02-11,F,XE2 5HN,X90001
9000000017,Nora,Garside,1949-02-11,F,XE9 1LL,X90001
"""
CARE = f"""nhs_number,source_id,pod_l1,arr_date,practice_code,cost1
{NORA},1,111,2023-02-03,X90001,10
"""
# All of it is Nora's but the given name: a twin, or a name that she goes by. Only a person can tell.
SOCIAL = """nhs_number,LA_Person_Unique_Identifier,First_Name,Surname,Date_of_Birth,Gender,Postcode,LA_Name,\
GP_Practice_Code,Event_Type,Event_Start_Date,Event_End_Date,Planned_Units_Per_Week
,L1,Zara,Pemingford,1949-02-11,F,XE2 5HN,Wherry,X90001,Assessment,2023-02-01,2023-02-01,
,L1,Zara,Pemingford,1949-02-11,F,XE2 5HN,Wherry,X90001,Review,2023-03-01,2023-03-01,
"""
FILES = MappingProxyType({"people": PEOPLE, "care": CARE, "social": SOCIAL})


def decide(place: Path, decision: str) -> None:
    path = review_file(place)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["decision"] for row in rows] == [""], "one pair is open"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows([{**rows[0], "decision": decision}])


def decisions(place: Path) -> list[str]:
    with review_file(place).open(encoding="utf-8-sig", newline="") as file:
        return [row["decision"] for row in csv.DictReader(file)]


def of_social_care(load: Any) -> set[int]:
    return {row["person"] for row in load.rows("activity") if row["pod_l1"] == "social_care"}


@pytest.fixture
def first(loading: Callable[..., Any], tmp_path: Path) -> Any:
    """A first loading, which leaves one pair open."""
    return loading(tmp_path, dict(FILES))


def test_until_somebody_decides_the_record_without_a_number_is_of_a_person_of_its_own(first):
    assert first.told("person-by-own-key") == {("social.csv", "nhs_number"): ([2, 3], 0)}
    assert of_social_care(first) & {first.person(NORA)} == set()
    assert len(of_social_care(first)) == 1
    assert decisions(first.place.path) == [""]


def test_an_open_pair_stays_open_when_the_same_is_loaded_again(first, loading, tmp_path):
    # The record is by now somebody of the place, under a key of its own; it is not to be linked to itself.
    again = loading(tmp_path, dict(FILES))
    assert again.told("person-linked") == {}
    assert of_social_care(again) == of_social_care(first)
    assert decisions(first.place.path) == [""]


def test_a_pair_that_was_accepted_is_that_persons_at_the_next_loading(first, loading, tmp_path):
    decide(first.place.path, "accepted")
    for _ in range(2):
        again = loading(tmp_path, dict(FILES))
        assert again.told("person-linked") == {("social.csv", "nhs_number"): ([2, 3], 0)}
        assert again.told("person-by-own-key") == {}
        assert of_social_care(again) == {again.person(NORA)}
        assert len(again.rows("activity")) == 3
        assert decisions(first.place.path) == ["accepted"]
        # She stays who the list says she is, not who the record linked to her says.
        people = pq.read_table(again.place.path / "identity" / "people.parquet").to_pylist()
        (nora,) = (row for row in people if row["person"] == again.person(NORA))
        assert (nora["given_name"], nora["nhs_number"], nora["postcode"]) == ("Nora", NORA, "XE2 5HN")


def test_a_pair_that_was_refused_is_not_linked_and_not_asked_again(first, loading, tmp_path):
    decide(first.place.path, "rejected")
    again = loading(tmp_path, dict(FILES))
    assert again.told("person-linked") == {}
    assert again.told("person-by-own-key") == {("social.csv", "nhs_number"): ([2, 3], 0)}
    assert of_social_care(again) == of_social_care(first)
    assert decisions(first.place.path) == ["rejected"]


def test_events_of_a_later_file_alone_go_to_whom_was_accepted(first, loading, tmp_path):
    decide(first.place.path, "accepted")
    loading(tmp_path, dict(FILES))
    later = SOCIAL.splitlines()[0] + "\n" + SOCIAL.splitlines()[1].replace("2023-02-01", "2023-05-01") + "\n"
    again = loading(tmp_path, {"later": later})
    assert of_social_care(again) == {again.person(NORA)}
    assert len(again.rows("activity")) == 4
