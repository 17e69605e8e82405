"""Are files recognised, cells read and NHS numbers judged as other programs and a reader would?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import ibis
import nhs_number
import pytest

from commonweal.core.errors import InputError
from commonweal.core.parameters import library
from commonweal.people.loading.keys import GOOD, number_state
from commonweal.people.loading.mapping import read_mapping
from commonweal.people.loading.points import admission_kind, known_points, level_unknown, spelt_otherwise
from commonweal.people.loading.shapes import SHAPE_NAMES, recognised
from commonweal.people.loading.values import read_values

P = library()
INVALID = P["invalid_nhs_numbers"].on(date.max).value


def test_the_check_digit_agrees_with_the_nhs_number_package_on_every_number_of_a_range():
    numbers = [f"{n:010d}" for n in range(9_434_765_000, 9_434_767_000)] + [
        f"{n:010d}" for n in range(0, 3_000_000, 997)
    ]
    table = ibis.memtable({"text": numbers})
    state = table.mutate(state=number_state(table.text, invalid=INVALID)).to_pyarrow()["state"].to_pylist()
    ours = [found == GOOD for found in state]
    theirs = [nhs_number.is_valid(number) and number not in INVALID for number in numbers]
    assert ours == theirs
    assert 300 < sum(ours) < len(ours)


@pytest.mark.parametrize(
    ("text", "state"),
    [("9000219621", "marker"), ("90000000", "form"), ("900000000X", "form"), ("9000000018", "check"), (None, None)],
)
def test_what_is_no_nhs_number_says_why(text, state):
    table = ibis.memtable([(text,)], schema={"text": "string"})
    assert table.mutate(s=number_state(table.text, invalid=INVALID)).to_pyarrow()["s"].to_pylist() == [state]


@pytest.mark.parametrize(
    ("headings", "shape"),
    [
        ("NHS_NUMBER,SEX,DATE_OF_BIRTH", "persons"),
        ("nhs_number,practice_code,start_date,end_date", "registrations"),
        ("nhs_number,attribute_period,age", "attributes"),
        ("nhs_number,POD_L1,ARR_DATE,cost1", "activity"),
        ("PSEUDO_HESID,EPIKEY,ADMIDATE,ADMIMETH,DIAG_4_01", "admitted_care"),
        ("NHS Number,ARRIVAL_DATE,DEPARTURE_DATE", "emergency_care"),
        ("nhs_number,apptdate,attended", "outpatients"),
        ("Person_ID,CareContactID,Contact_Date", "community"),
        ("Der_Person_ID,UniqCareContID,CareContDate", "mental_health"),
        ("Der_Person_ID,StartDateHospProvSpell", "mental_health_stays"),
        ("NHS number,Event_Type,Event_Start_Date", "social_care"),
    ],
)
def test_a_file_is_recognised_by_its_columns_whatever_their_case(headings, shape):
    assert recognised(headings.split(","), name="file.csv").shape == shape


def test_every_shape_can_be_recognised():
    assert len(SHAPE_NAMES) == 11


def test_a_damaged_shape_names_the_column_that_it_lacks():
    with pytest.raises(InputError, match="looks like adult social care but lacks the column 'Event_Start_Date'"):
        recognised(["NHS number", "Event_Type", "Event_End_Date"], name="cld.csv")


def read(headings: str, *rows: str) -> list[dict]:
    names = headings.split(",")
    cells = {f"c{n}": [row.split(",")[n] for row in rows] for n in range(len(names))}
    raw = ibis.memtable({"row": list(range(2, len(rows) + 2)), **cells})
    return read_values(raw, recognised(names, name="file.csv"), parameters=P).to_pyarrow().to_pylist()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2021-04-09", date(2021, 4, 9)),
        ("2021-04-09T10:22:00", date(2021, 4, 9)),
        ("09/04/2021", date(2021, 4, 9)),
        ("20210409", date(2021, 4, 9)),
        ("09APR2021", date(2021, 4, 9)),
        ("31/02/2021", None),
        ("yesterday", None),
    ],
)
def test_a_day_is_read_in_the_ways_people_write_it(written, meant):
    (row,) = read("nhs_number,practice_code,start,end", f"9000000009,A12345,{written},")
    assert row["start"] == meant
    assert row["bad_start"] is (meant is None)


@pytest.mark.parametrize(
    ("written", "meant"),
    [("12.50", Decimal("12.5")), ("£12", Decimal(12)), ("1e2", Decimal(100)), ("12.5.1", None), ("0x1F", None)],
)
def test_a_cost_is_a_number_or_nothing(written, meant):
    (row,) = read("nhs_number,pod_l1,arr_date,cost1", f"9000000009,111,2023-01-01,{written}")
    assert row["cost"] == meant
    assert row["bad_cost"] is (meant is None)


def test_a_number_is_tidied_and_a_source_key_is_told_apart_by_its_heading():
    first, second = read(
        "NHS number,PSEUDO_HESID,apptdate,attended", "900 000-0009,,2023-01-01,5", "NULL,77,2023-01-01,5"
    )
    assert (first["number_text"], first["own_text"]) == ("9000000009", None)
    assert (second["number_text"], second["own_text"]) == (None, "pseudo hesid:77")


def test_flags_are_read_however_written_and_any_heading_of_several_raises_one():
    rows = read(
        "nhs_number,attribute_period,practice_code,ht,cancer_lung,cancer_bowel",
        "9000000009,2023-01-01,a12345,TRUE,0,1",
        "9000000009,2023-02-01,A12345,no,,0",
        "9000000009,2023-03-01,A12345,perhaps,,",
    )
    assert [(row["ht"], row["cancer"], row["bad_ht"]) for row in rows] == [
        (True, True, False), (False, False, False), (None, None, True),
    ]  # fmt: skip
    assert [row["small_practice_code"] for row in rows] == [True, False, False]


def test_diagnoses_lose_dots_daggers_and_fillers_and_stay_in_order():
    (row,) = read("nhs_number,admidate,admimeth,diag_4_02,diag_4_01", "9000000009,2023-01-01,21,F03X,I50.0")
    assert row["diag_codes"] == "I500,F03"


def test_points_of_delivery_are_known_by_any_spelling_and_unknown_levels_are_left_out():
    written = [
        ("Mental Health", "op", "IAPT"), ("mental_health", "ip", None), ("secondary", "op", "weird"),
        ("dentist", None, None), ("999", "missing_unknown", None),
    ]  # fmt: skip
    schema = {"pod_l1": "string", "pod_l2a": "string", "pod_l2b": "string"}
    table = known_points(ibis.memtable(written, schema=schema), parameters=P)
    table = table.mutate(lost=level_unknown(table), spelt=spelt_otherwise(table))
    held = table.to_pyarrow().to_pylist()
    assert [(r["pod_l1"], r["pod_l2a"], r["pod_l2b"], bool(r["lost"]), r["spelt"]) for r in held] == [
        ("mental_health", "op", "iapt", False, True),
        ("mental_health", "ip", None, False, False),
        ("secondary", "op", None, True, False),
        (None, None, None, False, False),
        ("999", None, None, False, False),
    ]


def test_an_admission_is_of_the_first_kind_that_fits():
    written = [("21", "1", "emergency"), ("2D", "2", "emergency"), ("31", "5", "maternity"), ("11", "2", "daycase"),
               ("11", "1", "elective"), ("81", None, "elective"), ("82", None, "maternity")]  # fmt: skip
    table = ibis.memtable([row[:2] for row in written], schema={"m": "string", "c": "string"})
    found = table.mutate(kind=admission_kind(table.m, table.c, parameters=P)).to_pyarrow()["kind"].to_pylist()
    assert found == [row[2] for row in written]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("files: 3", "list of files"),
        ("files: [{name: a, read_as: [{shape: cakes}]}]", "It is one of persons"),
        ("files: [{name: a, read_as: [{shape: activity, colums: {}}]}]", "colums"),
        ("files: [{name: a, read_as: [{shape: activity, columns: {cake: b}}]}]", "no such column"),
        ("files: [{name: a, read_as: [{shape: persons, counts: [{items: a}]}]}]", "Counts belong"),
        ("files: [", "not YAML"),
    ],
)
def test_a_mapping_that_cannot_be_says_where(tmp_path, text, said):
    path = tmp_path / "mapping.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=said):
        read_mapping(path)


def test_a_mapping_that_does_not_fit_its_file_names_the_heading(tmp_path):
    path = tmp_path / "mapping.yaml"
    path.write_text(
        "files: [{name: '*.csv', read_as: [{shape: activity, columns: {pod_l1: where}}]}]", encoding="utf-8"
    )
    with pytest.raises(InputError, match="'where', which the file does not have"):
        read_mapping(path).readings(["nhs_number", "arr_date"], name="a.csv")
