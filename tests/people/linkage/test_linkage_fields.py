"""Are names, dates, postcodes and NHS numbers compared as a person would compare them?"""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from commonweal.core.errors import InputError
from commonweal.core.parameters import library
from commonweal.people.linkage.fields import compared_fields


def compared(column: str, *values: Any) -> list[Any]:
    table = pa.table({"record_id": [f"{n:03d}" for n in range(len(values))], column: pa.array(values)})
    return fields(table).table[column].to_pylist()


def fields(table: pa.Table):
    return compared_fields(table, "records", key="record_id", parameters=library(), on=date.max)


def test_names_are_letters_in_capitals_without_accents_spaces_hyphens_or_apostrophes():
    assert compared("family_name", "O'Brien", "Smith-Jones", " de la Cruz ", "Zoë", "Łęcki") == [
        "OBRIEN",
        "SMITHJONES",
        "DELACRUZ",
        "ZOE",
        "ECKI",
    ]


def test_words_that_stand_for_no_name_are_no_name():
    assert compared("given_name", "Unknown", "NOT KNOWN", "Baby", "", None, "Babs") == [
        None,
        None,
        None,
        None,
        None,
        "BABS",
    ]


def test_a_date_is_read_from_a_date_and_from_text_either_way_round():
    assert compared("birth_date", date(1950, 12, 3)) == ["19501203"]
    assert compared("birth_date", "1950-12-03", "03/12/1950", "3.12.1950", "1950-12-03 00:00:00") == ["19501203"] * 4


def test_letters_in_a_date_count_as_missing_and_are_a_finding_without_the_value():
    table = pa.table({"record_id": ["1", "2", "3"], "birth_date": ["1950-12-03", "1950-1O-03", "1950-13-03"]})
    found = fields(table)
    assert found.table["birth_date"].to_pylist() == ["19501203", None, None]
    (finding,) = found.findings
    assert (finding.row, finding.column, finding.message[:2]) == (3, "birth_date", "2 ")
    assert "1O" not in str(finding)


def test_a_date_typed_where_none_is_known_is_no_date_and_no_finding():
    table = pa.table({"record_id": ["1"], "birth_date": [date(1900, 1, 1)]})
    assert fields(table).table["birth_date"].to_pylist() == [None]
    assert fields(table).findings == ()


def test_a_postcode_is_compared_without_its_space_and_pseudo_postcodes_are_none():
    assert compared("postcode", "nr1 2ab", "NR12AB", "ZZ99 3VZ", "NR1", "12345") == [
        "NR12AB",
        "NR12AB",
        None,
        None,
        None,
    ]


def test_sex_is_read_from_letters_words_and_the_national_codes():
    assert compared("sex", "M", "female", "1", "2", "9", "U") == ["M", "F", "M", "F", None, None]


def test_an_nhs_number_needs_its_check_digit():
    # 943 476 5919 is the example of the NHS Data Model and Dictionary; 10 x 9 + 9 x 4 + ... leaves 2, and 11 - 2 is 9.
    assert compared("nhs_number", "943 476 5919", "943-476-5919", "9434765918", "943476591", "0000000000") == [
        "9434765919",
        "9434765919",
        None,
        None,
        None,
    ]


def test_a_short_form_has_the_root_of_its_name():
    table = pa.table({"record_id": ["1", "2", "3"], "given_name": ["Peggy", "Margaret", "Xyz"]})
    assert fields(table).table["given_root"].to_pylist() == ["MARGARET", "MARGARET", "XYZ"]


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"given_name": ["A"]}, "record_id"),
        ({"record_id": ["1"], "colour": ["red"]}, "given_name"),
        ({"record_id": ["1", "1"], "given_name": ["A", "B"]}, "again in 1"),
        ({"record_id": ["1", None], "given_name": ["A", "B"]}, "no row in 1"),
    ],
)
def test_a_table_without_its_columns_or_with_a_key_twice_is_refused(columns, words):
    with pytest.raises(InputError) as raised:
        fields(pa.table(columns))
    assert words in str(raised.value)
    assert raised.value.mend
