"""Does a made-up record hold together: who is on which list, what happened to them, and in which order?"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from commonweal.core.parameters import library
from commonweal.core.tables import definitions
from commonweal.people.record import TABLES

END, START = date(2026, 4, 1), date(2024, 4, 1)


def test_every_table_has_exactly_its_columns_and_types(small):
    _, record = small
    for table in TABLES:
        path = next(Path(record.path).glob("activity/*.parquet")) if table == "activity" else record.files(table)
        assert pq.read_schema(path).remove_metadata().equals(definitions()[table].schema.to_pyarrow()), table


def test_the_record_covers_the_whole_years_before_the_contract(small):
    _, record = small
    assert (record.start, record.end, record.synthetic) == (START, END, True)


def test_the_lists_on_the_last_day_add_up_to_the_people_asked_for(ask):
    assert ask('select count(*) from registrations where "end" is null') == [(9_000,)]


def test_each_list_is_as_long_as_published_where_no_number_is_asked_for(synthesised):
    from commonweal.people.synthesis.composition import practice_sizes
    from commonweal.place.folder import read_place
    from commonweal.place.inputs import place_inputs
    from commonweal.place.population import practice_populations

    published = practice_populations(place_inputs(read_place(synthesised.__closure__[0].cell_contents)))
    assert practice_sizes(published, None).tolist() == [practice.people for practice in published]


def test_nobody_has_care_before_they_join_or_after_they_leave_or_die(ask):
    outside = """select count(*) from activity a where not exists (
        select 1 from registrations r where r.person = a.person and r.practice_code = a.practice_code
        and a.arr_date >= r.start and (r."end" is null or a.arr_date < r."end"))"""
    assert ask(outside) == [(0,)]
    assert ask("select count(*) from activity join persons using (person) where arr_date > death_date") == [(0,)]
    assert ask("select count(*) from activity join persons using (person) where dep_date > death_date") == [(0,)]


def test_no_care_ends_before_it_begins_or_lies_outside_the_record(ask):
    assert ask("select count(*) from activity where dep_date < arr_date") == [(0,)]
    assert ask(f"select count(*) from activity where arr_date < '{START}' or arr_date >= '{END}'") == [(0,)]


def test_nobody_is_on_two_lists_at_once_or_before_birth(ask):
    twice = """select count(*) from registrations a join registrations b using (person)
        where a.start < b.start and coalesce(a."end", date '9999-01-01') > b.start"""
    assert ask(twice) == [(0,)]
    assert ask("select count(*) from registrations join identity using (person) where start < birth_date") == [(0,)]


def test_the_dead_are_on_no_list_after_the_day_they_die(ask):
    words = 'select count(*), min("end" - death_date), max("end" - death_date) from registrations join persons '
    died, least, most = ask(words + 'using (person) where "end" > death_date or "end" is null and death_date < now()')[
        0
    ]
    assert died > 100
    assert (least, most) == (1, 1)


def test_people_are_born_die_join_leave_and_move_within_the_place(ask):
    begun = ask(f"select count(*) from identity where birth_date >= '{START}'")[0][0]
    left = ask('select count(*) from registrations where "end" is not null')[0][0]
    moved = ask("select count(*) from (select person from registrations group by person having count(*) > 1)")[0][0]
    assert min(begun, left, moved) > 50


def test_activity_is_in_order_of_person_and_day_so_that_a_persons_rows_lie_together(small):
    _, record = small
    parts = [
        pq.read_table(path, columns=["person", "arr_date"]) for path in sorted((record.path / "activity").iterdir())
    ]
    held = pa.concat_tables(parts)
    assert held.equals(held.sort_by([("person", "ascending"), ("arr_date", "ascending")]))


@pytest.mark.parametrize("table", ["persons", "registrations", "attributes", "conditions"])
def test_every_key_names_one_row(ask, table):
    key = ", ".join(f'"{column}"' for column in definitions()[table].key)
    assert ask(f"select count(*) from (select 1 from {table} group by {key} having count(*) > 1)") == [(0,)]


@pytest.mark.parametrize(
    ("table", "column"),
    [(t, c) for t in TABLES for c in definitions()[t] if c.pattern],
    ids=lambda held: str(held)[:40],
)
def test_texts_look_as_their_columns_say(ask, table, column):
    words = f"select count(*) from {table} where not regexp_full_match({column.name}, '{column.pattern}')"
    assert ask(words) == [(0,)]


def test_every_point_of_delivery_and_condition_is_a_known_one_and_all_are_there(ask):
    rows = library()["points_of_delivery"].on(END).value
    known = {(row["pod_l1"], row["pod_l2a"], row["pod_l2b"]) for row in rows}
    got = ask("select distinct pod_l1, coalesce(pod_l2a, ''), coalesce(pod_l2b, '') from activity")
    assert set(got) == known
    codes = {row["code"] for row in library()["conditions"].on(END).value}
    assert {row[0] for row in ask("select distinct condition from conditions")} <= codes
    assert {row[0] for row in ask("select distinct source_name from activity")} == {"synthetic"}


def test_conditions_run_within_a_life_and_one_spell_at_a_time(ask):
    assert ask("select count(*) from conditions join identity using (person) where start < birth_date") == [(0,)]
    assert ask("select count(*) from conditions join persons using (person) where start > death_date") == [(0,)]
    twice = """select count(*) from conditions a join conditions b using (person, condition)
        where a.start < b.start and coalesce(a."end", date '9999-01-01') > b.start"""
    assert ask(twice) == [(0,)]


def test_admissions_alone_have_a_method_and_emergencies_one_that_begins_with_2(ask):
    got = ask("select pod_l2b, min(admimeth), max(admimeth) from activity where pod_l1 = 'secondary' group by 1")
    methods = {name: (low, high) for name, low, high in got}
    assert methods["emergency"][0] >= "21"
    assert methods["emergency"][1] <= "28"
    assert methods["elective"][1] <= "13"
    assert methods["maternity"] == ("31", "31")
    assert methods["follow_up"] == (None, None)


@pytest.mark.parametrize(("code", "condition"), [("J449", "copd"), ("G20X", "parkinsons"), ("F329", "depression")])
def test_further_diagnoses_of_an_admission_are_conditions_the_person_has(ask, code, condition):
    words = f"""select count(*), count(*) filter (where person in (select person from conditions where condition =
        '{condition}')) from activity where diag_codes like '%,{code}%'"""
    recorded, having = ask(words)[0]
    assert recorded > 0
    assert having == recorded


def test_the_only_women_who_give_birth_are_women_of_an_age_to(ask):
    got = ask("""select distinct sex from activity join persons using (person) where pod_l2b = 'maternity'""")
    assert got == [("F",)]


def test_care_homes_and_home_care_are_paid_by_the_day(ask):
    got = ask("select max(cost_pence / items), max(items) from activity where pod_l2a = 'nursing'")[0]
    assert got[0] == pytest.approx(17_266, abs=1)
    assert got[1] <= 31
