"""Does what identifies made-up people stay apart from their record?"""

from __future__ import annotations

import pytest

from commonweal.core.tables import definitions
from commonweal.people.record import TABLES

IDENTIFYING = ("nhs_number", "given_name", "family_name", "birth_date", "address", "postcode")


@pytest.mark.parametrize("table", TABLES)
def test_no_table_of_the_record_has_a_column_that_names_anybody(ask, table):
    columns = {row[0] for row in ask(f"describe {table}")}
    assert not columns & set(IDENTIFYING)


@pytest.mark.parametrize("column", IDENTIFYING)
def test_no_text_or_number_of_the_record_is_one_that_identifies(ask, column):
    for table in TABLES:
        for held in definitions()[table]:
            if held.type in ("string", "int64"):
                words = f"select count(*) from {table} where cast({held.name} as varchar) in "
                assert ask(words + f"(select cast({column} as varchar) from identity)") == [(0,)], (table, held.name)


def test_everybody_of_the_record_is_known_in_the_identity_file_and_nobody_else(ask):
    assert ask(
        "select count(*) from persons full join identity using (person) where persons.sex is null or nhs_number is null"
    ) == [(0,)]
    assert ask("select count(*) from persons") == ask("select count(*) from identity")


def test_the_month_of_birth_and_the_sex_are_those_of_the_identity_file(ask):
    words = """select count(*) from persons p join identity i using (person)
        where p.birth_month <> date_trunc('month', i.birth_date) or p.sex <> i.sex"""
    assert ask(words) == [(0,)]


def test_people_on_a_list_have_its_practice_and_others_none(ask):
    words = """select count(*) from identity i left join registrations r
        on r.person = i.person and r."end" is null where r.practice_code is distinct from i.practice_code"""
    assert ask(words) == [(0,)]


def test_names_and_places_are_invented(ask):
    assert {row[0][:4] for row in ask("select distinct postcode from identity")} == {"ZZ99"}
    assert ask("select count(*) from identity where nhs_number not like '9_________'") == [(0,)]


def test_the_identity_file_has_the_columns_of_its_table(ask):
    assert [row[0] for row in ask("describe identity")] == [column.name for column in definitions()["identity"]]
