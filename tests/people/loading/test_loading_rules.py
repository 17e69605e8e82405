"""Does each rule of loading find the row it is about, say which it is, and leave it where it belongs?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

import nhs_number
import pytest

from commonweal.people.loading.rules import RULES

pytestmark = pytest.mark.slow

ANN, BOB, CAT, DEE, EVE = "9000000009", "9000000017", "9000000025", "9000000033", "9000000041"
FAY, GUS = "9000000068", "9000000076"
# Each file's rows are counted as a spreadsheet does: its first row of people is row 2.
PEOPLE = f"""nhs_number,first_name,surname,date_of_birth,sex,date_of_death,ethnicity,practice_code
{ANN},Ann,Oak,1950-05-17,F,,A,X90001
{BOB},Bob,Elm,1980-06-17,Z,,A,X90002
{CAT},Cat,Yew,1894-12-31,F,,A,X90001
{DEE},Dee,Fir,2060-01-01,F,,A,X90001
{EVE},Eve,Ash,1990-01-01,F,1985-02-03,A,X90001
{FAY},Fay,Bay,1990-01-01,F,,A,X90003
90000000AB,Odd,Number,1990-01-01,F,,A,X90001
{GUS},Gus,Box,1970-02-02,M,sometime,A,X90002
"""
REGISTRATIONS = f"""nhs_number,practice_code,start,end
{ANN},X90001,2020-01-01,
{BOB},X90001,2020-01-01,2023-06-01
{BOB},X90002,2023-05-01,
{GUS},X90002,2023-03-01,no day
{CAT},x90001,2020-01-01,
{DEE},practice,2020-01-01,
{DEE},X90003,2020-01-01,
{EVE},X90001,2020-01-01,2021-01-01
{EVE},X90002,2020-01-01,2021-01-01
{FAY},X90001,2022-01-01,2022-01-01
{ANN},X90001,2020-01-01,
"""
ACTIVITY = f"""nhs_number,source_id,pod_l1,pod_l2a,arr_date,dep_date,attend_code,prov_code,practice_code,cost1
{ANN},1,111,,2023-02-03,,5,RVJ,,1
{ANN},2,111,,2022-12-31,,5,RVJ,,2
{ANN},3,111,,2024-01-01,,5,RVJ,,3
{ANN},4,111,,2023-02-06,later,5,RVJ,,4
{ANN},5,111,,2023-02-07,,8,RVJ,,5
{ANN},6,111,,2023-02-08,,Did not attend,RVJ,,6
{ANN},7,111,,2023-02-09,,5,rvj,,7
{ANN},8,111,,2023-02-10,,5,R-V?,,8
{GUS},9,111,,2023-02-11,,5,RVJ,,9
123,10,111,,2023-02-12,,5,RVJ,,10
{ANN},11,111,,soon,,5,RVJ,,11
"""
SOCIAL = f"""nhs_number,Event_ID,Event_Type,Event_Start_Date,Event_End_Date,Service_Type,Unit_Cost,Cost_Frequency,\
Planned_Units_Per_Week,date_of_birth,date_of_death
{ANN},a,Service,2023-01-02,2023-01-08,Home support,70,Weekly,,,
{ANN},b,Party,2023-01-02,2023-01-08,Home support,70,Weekly,,,
{ANN},c,Service,2023-02-01,2023-02-07,Home support,70,per moon,,,
{ANN},d,Service,2023-03-01,2023-03-07,Home support,20,Hourly,,,
{GUS},e,Service,2023-04-01,2023-04-07,Home support,70,Weekly,,1970-02-02,1960-01-01
"""
ADMITTED = f"""nhs_number,epikey,admidate,disdate,admimeth,tretspef,startage,mydob,procode3
{ANN},1,2023-05-01,2023-05-02,21,30A,73,1890-01-01,RVJ
{ANN},2,2023-05-11,2023-05-12,21,300,130,2023-06-01,RVJ
{ANN},3,2023-05-21,2023-05-22,??,300,7001,1950-05-17,RVJ
"""
ATTRIBUTES = f"""nhs_number,attribute_period,practice_code,age,smoking,birth_date,lsoa
{ANN},2023-02-01,X90001,121,sometimes,1950-05-17,e01000001
{ANN},2023-03-01,X90001,72,ex,2023-05-17,here
{FAY},2023-02-01,X90003,40,ex,1983-01-01,E01000001
"""
FILES = MappingProxyType({
    "people": PEOPLE, "registrations": REGISTRATIONS, "activity": ACTIVITY, "social": SOCIAL, "admitted": ADMITTED,
    "attributes": ATTRIBUTES,
})  # fmt: skip
CARE_ALONE = f"""nhs_number,source_id,pod_l1,arr_date,practice_code,cost1
{ANN},1,111,2023-02-03,X90001,1
{BOB},2,999,2023-02-04,X90002,2
"""
# Two submissions of one provider's February and one of another's; the second submission lacks a contact.
SENT_AGAIN = f"""nhs_number,CareContactID,UniqueSubmissionID,Contact_Date,OrgID_Provider,practice_code,cost
{ANN},k1,101,2023-02-03,RVJ,X90001,10
{ANN},k2,101,2023-02-28,RVJ,X90001,20
{ANN},k1,102,2023-02-03,RVJ,X90001,11
{ANN},k3,101,2023-02-03,RVX,X90001,40
{ANN},k4,101,2023-03-01,RVJ,X90001,80
"""
LISTED = f"""nhs_number,first_name,surname,date_of_birth,sex,postcode,practice_code
{ANN},Nora,Pemingford,1949-02-11,F,XE2 5HN,X90001
"""
UNNUMBERED = """nhs_number,LA_Person_Unique_Identifier,First_Name,Surname,Date_of_Birth,Gender,Postcode,LA_Name,\
Event_Type,Event_Start_Date,Event_End_Date,Planned_Units_Per_Week
,L1,Nora,Pemingford,1949-02-11,F,XE2 5HN,Wherry,Assessment,2023-02-01,2023-02-01,
"""
# Rules whose rows are in test_loading_record.py.
ELSEWHERE = frozenset({
    "after-death", "before-birth", "cost-negative", "diagnosis-malformed", "duplicate",
    "end-before-start", "ethnicity-unknown", "hrg-malformed", "nhs-number-check-digit", "nhs-number-missing",
    "nhs-number-of-nobody", "not-registered", "number-unreadable", "person-by-own-key", "pod-level-unknown",
    "pod-unknown", "soon-after-death", "two-spellings",
})  # fmt: skip


@pytest.fixture(scope="module")
def whole(loading: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Any:
    """People, registrations, months and care of the year 2023, each with rows that are wrong."""
    assert all(nhs_number.is_valid(number) for number in (ANN, BOB, CAT, DEE, EVE, FAY, GUS))
    folder = tmp_path_factory.mktemp("whole")
    return loading(folder, dict(FILES), start=date(2023, 1, 1), end=date(2024, 1, 1))


@pytest.fixture(scope="module")
def care_alone(loading: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Care without any registrations to hold it against."""
    return loading(tmp_path_factory.mktemp("care"), {"care": CARE_ALONE})


@pytest.fixture(scope="module")
def sent_again(loading: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Community contacts of which a month was sent twice."""
    return loading(tmp_path_factory.mktemp("again"), {"community": SENT_AGAIN})


@pytest.fixture(scope="module")
def linked(loading: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Any:
    """An event without an NHS number, of somebody whose name is known."""
    return loading(tmp_path_factory.mktemp("linked"), {"people": LISTED, "social": UNNUMBERED})


@pytest.mark.parametrize(
    ("rule", "where"),
    [
        ("nhs-number-malformed", {("people.csv", "nhs_number"): ([8], 1), ("activity.csv", "nhs_number"): ([11], 1)}),
        (
            "date-unreadable",
            {
                ("people.csv", "date_of_death"): ([9], 0),
                ("registrations.csv", "end"): ([5], 0),
                ("activity.csv", "dep_date"): ([5], 0),
            },
        ),
        ("date-missing", {("activity.csv", "arr_date"): ([12], 1)}),
        ("outside-period", {("activity.csv", "arr_date"): ([3, 4], 2)}),
        (
            "code-in-small-letters",
            {
                ("registrations.csv", "practice_code"): ([6, 7], 1),
                ("activity.csv", "prov_code"): ([8], 0),
                ("attributes.csv", "lsoa"): ([2, 3], 0),
            },
        ),
        (
            "code-malformed",
            {
                ("registrations.csv", "practice_code"): ([7], 1),
                ("activity.csv", "prov_code"): ([9], 0),
                ("admitted.csv", "tretspef"): ([2], 0),
                ("admitted.csv", "admimeth"): ([4], 0),
                ("attributes.csv", "lsoa"): ([3], 0),
            },
        ),
        ("sex-unknown", {("people.csv", "sex"): ([3], 0)}),
        (
            "age-impossible",
            {
                ("people.csv", "date_of_birth"): ([4, 5], 0),
                ("admitted.csv", "mydob"): ([2, 3], 0),
                ("admitted.csv", "startage"): ([3], 0),
                ("attributes.csv", "birth_date"): ([3], 0),
                ("attributes.csv", "age"): ([2], 0),
            },
        ),
        ("text-unknown", {("social.csv", "Event_Type"): ([3], 1), ("attributes.csv", "smoking"): ([2], 0)}),
        ("cost-frequency-unknown", {("social.csv", "Cost_Frequency"): ([4, 5], 0)}),
        ("attendance-unknown", {("activity.csv", "attend_code"): ([6], 0)}),
        ("not-seen", {("activity.csv", "attend_code"): ([7], 1)}),
        (
            "practice-not-of-place",
            {
                ("people.csv", "practice_code"): ([7], 1),
                ("registrations.csv", "practice_code"): ([8], 1),
                ("attributes.csv", "practice_code"): ([4], 1),
            },
        ),
        ("not-registered-that-day", {("activity.csv", ""): ([10], 0)}),
        ("registrations-overlap", {("registrations.csv", ""): ([3], 0)}),
        ("registrations-same-day", {("registrations.csv", ""): ([9], 1)}),
        ("registration-of-no-day", {("registrations.csv", "end"): ([11], 1)}),
        ("duplicate", {("registrations.csv", ""): ([2], 1)}),
        (
            "death-before-birth",
            {("people.csv", "date_of_death"): ([6], 0), ("social.csv", "date_of_death"): ([6], 0)},
        ),
        ("no-registrations", {}),
    ],
)
def test_a_rule_names_its_rows_in_their_file_and_column(whole, rule, where):
    assert whole.told(rule) == where


def test_every_row_is_kept_or_lies_in_the_identity_folder_with_the_rule_it_broke(whole):
    assert [(f.name, f.rows, f.kept, f.aside) for f in whole.loaded.files] == [
        ("people.csv", 8, 6, 2),
        ("registrations.csv", 11, 6, 5),
        ("activity.csv", 11, 6, 5),
        ("social.csv", 5, 4, 1),
        ("admitted.csv", 3, 3, 0),
        ("attributes.csv", 3, 2, 1),
    ]
    assert {name: whole.aside(f"{name}.csv") for name in FILES} == {
        "people": {7: "practice-not-of-place", 8: "nhs-number-malformed"},
        "registrations": {
            2: "duplicate", 7: "code-malformed", 8: "practice-not-of-place", 9: "registrations-same-day",
            11: "registration-of-no-day",
        },
        "activity": {
            3: "outside-period", 4: "outside-period", 7: "not-seen", 11: "nhs-number-malformed",
            12: "date-missing",
        },
        "social": {3: "text-unknown"},
        "admitted": {},
        "attributes": {4: "practice-not-of-place"},
    }  # fmt: skip
    assert all(whole.place.path / "identity" in path.parents for path in whole.loaded.set_aside)


def test_the_rows_of_care_that_are_kept_are_all_in_the_record(whole):
    # Six of the system-wide dataset, four services of one month each, and three stays.
    held = [row["source_name"] for row in whole.rows("activity")]
    assert {name: held.count(name) for name in set(held)} == {"swd": 6, "asc_cld": 4, "sus_apc": 3}


def test_what_cannot_be_is_blank_in_the_record_and_all_else_of_the_row_stands(whole):
    people = {number: whole.rows("persons", number)[0] for number in (ANN, BOB, CAT, DEE, EVE, GUS)}
    assert {number: row["birth_month"] for number, row in people.items()} == {
        ANN: date(1950, 5, 1), BOB: date(1980, 6, 1), CAT: None, DEE: None, EVE: None, GUS: date(1970, 2, 1),
    }  # fmt: skip
    assert {row["death_date"] for row in people.values()} == {None}
    assert (people[BOB]["sex"], people[CAT]["sex"], people[GUS]["sex"]) == (None, "F", "M")
    care = {row["cost_pence"]: row for row in whole.rows("activity") if row["source_name"] == "swd"}
    assert sorted(care) == [100, 400, 500, 700, 800, 900]
    assert (care[400]["dep_date"], care[500]["attend_code"]) == (None, None)
    assert (care[700]["prov_code"], care[800]["prov_code"]) == ("RVJ", None)


def test_a_service_that_does_not_say_what_its_unit_cost_is_for_has_no_cost(whole):
    held = {row["arr_date"]: row["cost_pence"] for row in whole.rows("activity", ANN) if row["pod_l1"] == "social_care"}
    # A week at 70 pounds; the other two say `per moon`, and hours without how many.
    assert held == {date(2023, 1, 2): 7_000, date(2023, 2, 1): None, date(2023, 3, 1): None}


def test_a_registration_is_cut_short_by_the_next_and_of_two_on_one_day_the_later_code_stays(whole):
    def spells(number: str) -> list[tuple[Any, ...]]:
        return [(row["practice_code"], row["start"], row["end"]) for row in whole.rows("registrations", number)]

    assert spells(BOB) == [("X90001", date(2020, 1, 1), date(2023, 5, 1)), ("X90002", date(2023, 5, 1), None)]
    assert spells(EVE) == [("X90002", date(2020, 1, 1), date(2021, 1, 1))]
    assert spells(ANN) == spells(CAT) == [("X90001", date(2020, 1, 1), None)]
    assert spells(GUS) == [("X90002", date(2023, 3, 1), None)]
    assert (spells(DEE), spells(FAY)) == ([], [])


def test_care_that_nothing_can_be_held_against_is_kept_and_said(care_alone):
    assert care_alone.told("no-registrations") == {("care.csv", ""): ([2, 3], 0)}
    assert [row["cost_pence"] for number in (ANN, BOB) for row in care_alone.rows("activity", number)] == [100, 200]
    assert care_alone.loaded.set_aside == ()


def test_the_latest_submission_of_a_provider_and_month_counts_whole(sent_again):
    assert sent_again.told("month-sent-again") == {("community.csv", ""): ([2, 3], 2)}
    assert sent_again.told("duplicate") == {}
    assert sent_again.aside("community.csv") == {2: "month-sent-again", 3: "month-sent-again"}
    # Of February the one contact of the second submission; another provider's, and March, stand as first sent.
    held = [(row["prov_code"], row["arr_date"], row["cost_pence"]) for row in sent_again.rows("activity")]
    assert sorted(held) == [
        ("RVJ", date(2023, 2, 3), 1_100), ("RVJ", date(2023, 3, 1), 8_000), ("RVX", date(2023, 2, 3), 4_000),
    ]  # fmt: skip


def test_an_event_without_a_number_is_linked_by_name_and_said(linked):
    assert linked.told("person-linked") == {("social.csv", "nhs_number"): ([2], 0)}
    assert linked.told("person-by-own-key") == {}
    assert [row["person"] for row in linked.rows("activity")] == [linked.person(ANN)]


def test_every_rule_is_tested_here_or_with_the_record(whole, care_alone, sent_again, linked):
    here = {one.rule for load in (whole, care_alone, sent_again, linked) for one in load.loaded.counts}
    assert here | ELSEWHERE == set(RULES)
    beside = (Path(__file__).parents[1] / "test_loading_record.py").read_text(encoding="utf-8")
    assert {rule for rule in ELSEWHERE - here if f'("{rule}", {{"' not in beside} == set()


@pytest.mark.parametrize(("born", "found"), [("2024-12-31", 0), ("2025-01-03", 1)])
def test_a_birth_can_be_up_to_a_year_and_a_day_after_the_end_that_is_asked_for(loading, tmp_path, born, found):
    # 366 days after 1 January 2024 is 1 January 2025.
    people = f"nhs_number,date_of_birth,practice_code\n{ANN},{born},X90001\n"
    load = loading(tmp_path, {"people": people}, start=date(2023, 1, 1), end=date(2024, 1, 1))
    assert load.told("age-impossible") == ({("people.csv", "date_of_birth"): ([2], 0)} if found else {})
    month = None if found else date(2024, 12, 1)
    assert [row["birth_month"] for row in load.rows("persons")] == [month]
