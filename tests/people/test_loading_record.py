"""Do files of every shape become one record, with each fault found and no row lost?"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

import nhs_number
import pyarrow.parquet as pq
import pytest

from commonweal.core.errors import InputError, TooManyFindings
from commonweal.core.parameters import library
from commonweal.people.loading.load import load_record
from commonweal.people.loading.loaded import Loaded
from commonweal.people.pseudonyms import place_key, pseudonym
from commonweal.people.record import publish_record, read_record
from commonweal.place.folder import Place

pytestmark = pytest.mark.slow

ANN, BOB, CAT, DEE, EVE = "9000000009", "9000000017", "9000000025", "9000000033", "9000000041"
PEOPLE = f"""nhs_number,first_name,surname,date_of_birth,sex,date_of_death,ethnicity,practice_code,postcode
{ANN},Ann,Oak,1950-05-17,F,,A,x90001,AB1 2CD
{BOB},Bob,Elm,17/06/1980,1,2023-06-10,A,X90002,AB1 2CE
{CAT},Cat,Yew,1990-01-31,9,,7,X90002,
9000219621,Nob,Ody,1990-01-01,F,,A,X90001,
9000000018,Bad,Check,1990-01-01,F,,A,X90001,
,No,Number,1990-01-01,F,,A,X90001,
"""
ACTIVITY = f"""nhs_number,source_id,pod_l1,pod_l2a,pod_l2b,arr_date,dep_date,spec_l2a,attend_code,prov_code,\
practice_code,cost1
{ANN},1,Mental Health,op,other,2023-02-03 10:00:00,,,5,rvj,x90001,100.505
{ANN},2,mental_health,op,other,2023-02-04,,,7,RVJ,X90001,100
{ANN},3,secondary,ip,emergency,2023-03-04,2023-03-01,AA22C,,RVJ,X90001,100
{BOB},4,primary_care_contact,gp,,2023-06-20,,,,X90002,X90002,-3
{BOB},5,primary_care_contact,gp,,2023-09-20,,,,X90002,X90002,30
{EVE},6,primary_care_contact,gp,,2023-05-20,,,,X90002,A12345,30
{ANN},7,dentist,,,2023-05-20,,,,X90002,X90001,30
{ANN},1,Mental Health,op,other,2023-02-03,,,5,RVJ,X90001,100.50
{ANN},8,111,,,2023-05-21,,,,RVJ,X90001,3x0
{CAT},9,secondary,op,weird,1989-05-21,ABC,5,,RVJ,X90001,30
"""
ADMITTED = f"""NHS Number,EPIKEY,PROCODE3,EPIORDER,ADMIDATE,DISDATE,ADMIMETH,CLASSPAT,DIAG_4_01,\
DIAG_4_02,SUSHRG,GPPRAC,COST
{ANN},101,RVJ,2,2023-03-30,2023-04-05,21,1,F03X,bad!,EB03C,X90001,500
{ANN},100,RVJ,1,2023-03-30,2023-04-05,21,1,I50.0,E119,EB03C,X90001,2000
{DEE},102,RVJ,1,2023-05-01,2023-05-01,11,2,H259,,BZ34A,X90002,800
{DEE},102,RVJ,1,2023-05-01,2023-05-01,11,2,H259,,BZ34A,X90002,800
"""
SOCIAL = f"""NHS_Number,LA_Person_Unique_Identifier,First_Name,Surname,Date_of_Birth,Postcode,LA_Name,Event_Type,\
Event_Start_Date,Event_End_Date,Service_Type,Unit_Cost,Cost_Frequency_(Unit_Type),Planned_Units_Per_Week
{ANN},L1,,,,,Wherry,Service,2023-01-15,2023-02-10,Home support,20,Hourly,7
,L3,Who,Ever,1970-01-01,,Wherry,Service,2023-02-02,2023-03-09,Long Term Support: Nursing Care,700,Weekly,
"""
FILES = MappingProxyType({"people": PEOPLE, "activity": ACTIVITY, "admitted": ADMITTED, "social": SOCIAL})


def months_of(number: str, practice: str, first: int, last: int, **more: Mapping[int, Any]) -> str:
    """Rows of attributes for some months of 2023: age 72, dementia from March, asthma in April alone."""
    return "".join(
        f"{number},2023-{month:02d}-01,{practice},{72 if month < 5 else 73},Female,"
        f"{int(month >= 3)},{'true' if month == 4 else 'false'},{more.get('bmi', {}).get(month, 27.5)}\n"
        for month in range(first, last + 1)
    )


HEADINGS = "nhs_number,attribute_period,practice_code,age,sex,dementia,asthma,bmi\n"


def a_place(folder: Path) -> Place:
    """A place of two practices, without any files of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    return Place(folder, "Here", "Q", "Board", {}, ("X90001", "X90002"), date(2023, 4, 1), {}, "", False)


def written(folder: Path, **texts: str) -> list[Path]:
    """CSV files of the texts, in their order."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, text in texts.items():
        path = folder / f"{name}.csv"
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    return paths


def load(place: Place, paths: list[Path], **options: Any) -> Loaded:
    return load_record(place, paths, parameters=library(), **{"tolerate": 100, **options})


def rows(place: Place, table: str) -> list[dict[str, Any]]:
    record = read_record(place.path)
    where = record.path / "activity" if table == "activity" else record.path / f"{table}.parquet"
    return pq.read_table(where).to_pylist()


def person(place: Place, number: str) -> int:
    return pseudonym(number, place_key(place.path))


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Place, Loaded]:
    """All shapes at once: five people, whose numbers are in the synthetic range."""
    assert all(nhs_number.is_valid(number) for number in (ANN, BOB, CAT, DEE, EVE))
    folder = tmp_path_factory.mktemp("loaded")
    attributes = (
        HEADINGS + months_of(ANN, "X90001", 1, 6) + months_of(DEE, "x90002", 1, 3) + months_of(BOB, "X90002", 6, 6)
    )
    place = a_place(folder / "place")
    paths = written(folder / "files", attributes=attributes, **FILES)
    return place, load(place, paths)


def found(loaded: Loaded, rule: str) -> dict[str, tuple[int, int]]:
    """Rows and rows set aside of a rule, by file."""
    counted: dict[str, tuple[int, int]] = {}
    for one in loaded.counts:
        if one.rule == rule:
            before = counted.get(one.file, (0, 0))
            counted[one.file] = (before[0] + one.rows, before[1] + one.aside)
    return counted


@pytest.mark.parametrize(
    ("rule", "where"),
    [
        ("nhs-number-of-nobody", {"people.csv": (1, 1)}),
        ("nhs-number-check-digit", {"people.csv": (1, 1)}),
        ("nhs-number-missing", {"people.csv": (1, 1)}),
        ("sex-unknown", {}),
        ("ethnicity-unknown", {"people.csv": (1, 0)}),
        ("two-spellings", {"activity.csv": (2, 0)}),
        ("not-seen", {"activity.csv": (1, 1)}),
        ("end-before-start", {"activity.csv": (1, 1)}),
        ("cost-negative", {"activity.csv": (1, 0)}),
        ("soon-after-death", {"activity.csv": (1, 0)}),
        ("after-death", {"activity.csv": (1, 1)}),
        ("before-birth", {"activity.csv": (1, 1)}),
        ("not-registered", {"activity.csv": (1, 1), "social.csv": (1, 1)}),
        ("pod-unknown", {"activity.csv": (1, 1)}),
        ("pod-level-unknown", {"activity.csv": (1, 0)}),
        ("hrg-malformed", {"activity.csv": (1, 0)}),
        ("number-unreadable", {"activity.csv": (1, 0)}),
        ("duplicate", {"activity.csv": (1, 1), "admitted.csv": (1, 1)}),
        ("diagnosis-malformed", {"admitted.csv": (1, 0)}),
        ("person-by-own-key", {"social.csv": (1, 0)}),
    ],
)
def test_each_fault_is_found_in_its_file_and_counted(loaded, rule, where):
    assert found(loaded[1], rule) == where


def test_a_finding_names_the_row_as_a_spreadsheet_counts_it_and_the_column(loaded):
    one = next(finding for finding in loaded[1].findings if finding.rule == "cost-negative")
    assert (one.file, one.row, one.column) == ("activity.csv", 5, "cost1")


def test_every_row_is_kept_or_set_aside(loaded):
    place, held = loaded
    assert [(f.name, f.rows, f.kept, f.aside) for f in held.files] == [
        ("attributes.csv", 10, 10, 0),
        ("people.csv", 6, 3, 3),
        ("activity.csv", 10, 3, 7),
        ("admitted.csv", 4, 3, 1),
        ("social.csv", 2, 1, 1),
    ]
    aside = Counter()
    for path in held.set_aside:
        aside[path.name.rpartition("-")[0]] += len(set(pq.read_table(path)["set_aside_row"].to_pylist()))
    assert aside == {"people": 3, "activity": 7, "admitted": 1, "social": 1}
    assert all(place.path / "identity" in path.parents for path in held.set_aside)


def test_a_row_set_aside_says_all_that_its_file_said(loaded):
    path = next(path for path in loaded[1].set_aside if path.name.startswith("activity"))
    row = next(row for row in pq.read_table(path).to_pylist() if row["set_aside_rule"] == "pod-unknown")
    assert (row["nhs_number"], row["source_id"], row["pod_l1"], row["set_aside_row"]) == (ANN, "7", "dentist", 8)


def test_episodes_of_one_stay_are_one_row_with_all_diagnoses_in_order_and_the_sum_of_costs(loaded):
    place, _ = loaded
    stay = next(row for row in rows(place, "activity") if row["source_name"] == "sus_apc" and row["admimeth"] == "21")
    assert stay["diag_codes"] == "I500,E119,F03"
    assert stay["cost_pence"] == 250_000
    assert (stay["arr_date"], stay["dep_date"]) == (date(2023, 3, 30), date(2023, 4, 5))
    assert (stay["pod_l1"], stay["pod_l2a"], stay["pod_l2b"]) == ("secondary", "ip", "emergency")


def test_a_planned_admission_of_a_day_is_a_day_case(loaded):
    held = [row["pod_l2b"] for row in rows(loaded[0], "activity") if row["admimeth"] == "11"]
    assert held == ["daycase"]


def test_a_service_is_a_row_for_each_month_and_costs_what_its_days_cost(loaded):
    # 7 hours a week at 20 pounds are 20 pounds a day: 17 days of January, 10 of February.
    care = [row for row in rows(loaded[0], "activity") if row["source_name"] == "asc_cld"]
    assert [(row["arr_date"], row["items"], row["cost_pence"]) for row in care] == [
        (date(2023, 1, 15), 17, 34_000),
        (date(2023, 2, 1), 10, 20_000),
    ]


def test_pounds_become_whole_pence_and_a_cost_that_cannot_be_is_blank(loaded):
    place, _ = loaded
    swd = {(r["pod_l1"], r["arr_date"]): r["cost_pence"] for r in rows(place, "activity") if r["source_name"] == "swd"}
    assert swd == {
        ("mental_health", date(2023, 2, 3)): 10_051,
        ("primary_care_contact", date(2023, 6, 20)): None,
        ("111", date(2023, 5, 21)): None,
    }


def test_months_become_spells_and_only_changes_are_kept(loaded):
    place, _ = loaded
    ann = person(place, ANN)
    assert [(r["practice_code"], r["start"], r["end"]) for r in rows(place, "registrations") if r["person"] == ann] == [
        ("X90001", date(2023, 1, 1), None)
    ]
    conditions = {r["condition"]: (r["start"], r["end"]) for r in rows(place, "conditions") if r["person"] == ann}
    assert conditions == {
        "dementia": (date(2023, 3, 1), None),
        "asthma": (date(2023, 4, 1), date(2023, 5, 1)),
    }
    assert [r["attribute_period"] for r in rows(place, "attributes") if r["person"] == ann] == [date(2023, 1, 1)]


def test_who_leaves_a_list_before_the_practice_stops_sending_is_no_longer_registered(loaded):
    # The practice of Dee sent June, without her.
    place, _ = loaded
    held = [(r["start"], r["end"]) for r in rows(place, "registrations") if r["person"] == person(place, DEE)]
    assert held == [(date(2023, 1, 1), date(2023, 4, 1))]


def test_a_month_of_birth_comes_from_the_date_or_else_from_ages(loaded):
    place, _ = loaded
    born = {row["person"]: row["birth_month"] for row in rows(place, "persons")}
    assert born[person(place, CAT)] == date(1990, 1, 1)
    # 72 in January to March 2023: born from April 1950 to January 1951; the middle is August.
    assert born[person(place, DEE)] == date(1950, 8, 1)


def test_only_people_of_the_place_are_in_the_record(loaded):
    place, _ = loaded
    wanted = {person(place, number) for number in (ANN, BOB, CAT, DEE)}
    assert {row["person"] for row in rows(place, "persons")} == wanted
    people = pq.read_table(place.path / "identity" / "people.parquet").to_pylist()
    assert {row["person"] for row in people} == wanted
    assert next(r for r in people if r["person"] == person(place, ANN))["postcode"] == "AB1 2CD"


def test_activity_is_in_order_of_person_and_day(loaded):
    held = [(row["person"], row["arr_date"]) for row in rows(loaded[0], "activity")]
    assert held == sorted(held)


def test_a_month_sent_again_replaces_what_was_there_and_all_else_stays(loaded, tmp_path):
    before, _ = loaded
    place = a_place(tmp_path / "place")
    shutil.copytree(before.path, place.path, dirs_exist_ok=True)
    again = f"""nhs_number,source_id,pod_l1,arr_date,prov_code,practice_code,cost1
{ANN},77,mental_health,2023-02-20,RVJ,X90001,9
"""
    attributes = HEADINGS + months_of(ANN, "X90001", 7, 8, bmi={8: 31})
    held = load(place, written(tmp_path / "files", again=again, attributes=attributes))
    assert held.replaced == 1
    february = [row for row in rows(place, "activity") if row["source_name"] == "swd" and row["arr_date"].month == 2]
    assert [row["cost_pence"] for row in february] == [900]
    assert len(rows(place, "activity")) == len(rows(before, "activity"))
    ann = person(place, ANN)
    assert [(r["start"], r["end"]) for r in rows(place, "registrations") if r["person"] == ann] == [
        (date(2023, 1, 1), None)
    ]
    assert [(r["attribute_period"], r["bmi"]) for r in rows(place, "attributes") if r["person"] == ann] == [
        (date(2023, 1, 1), 27.5),
        (date(2023, 8, 1), 31.0),
    ]
    asthma = [
        (r["start"], r["end"]) for r in rows(place, "conditions") if (r["person"], r["condition"]) == (ann, "asthma")
    ]
    assert asthma == [(date(2023, 4, 1), date(2023, 5, 1))]


def test_too_many_errors_publish_nothing_and_the_last_record_stays(loaded, tmp_path):
    before, _ = loaded
    place = a_place(tmp_path / "place")
    shutil.copytree(before.path, place.path, dirs_exist_ok=True)
    files = sorted(path.relative_to(place.path) for path in place.path.rglob("*"))
    told: list[Loaded] = []
    with pytest.raises(TooManyFindings, match="nhs-number-missing 2"):
        load(place, written(tmp_path / "files", people=PEOPLE + ",More,Missing,,F,,A,X90001,\n"), tolerate=1,
             report=told.append)  # fmt: skip
    assert read_record(place.path).path.name == read_record(before.path).path.name
    assert sorted(path.relative_to(place.path) for path in place.path.rglob("*")) == files
    assert told[0].record is None
    assert told[0].errors == 3


def test_files_are_not_added_to_people_who_are_made_up(tmp_path):
    place = a_place(tmp_path / "place")

    def write(folder: Path) -> None:
        (folder / "persons.parquet").write_bytes(b"")

    publish_record(place.path, "x", write, start=date(2023, 1, 1), end=date(2024, 1, 1), synthetic=True, facts={})
    with pytest.raises(InputError, match="made up"):
        load(place, written(tmp_path / "files", people=PEOPLE))
