"""Are people, days, events, deaths and cost counted in the right group, once each?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir
import pytest

from commonweal.core.engine import duckdb_engine
from commonweal.core.errors import InputError
from commonweal.core.parameters import library
from commonweal.core.tables import arrow_table
from commonweal.need.inequality_counts import Measure, inequality_counts, measure, measures
from commonweal.need.inequality_people import BY, inequality_people, with_groups

P = library()
START, END = date(2025, 4, 1), date(2026, 4, 1)
Rows = list[dict[str, Any]]
NEIGHBOURHOODS = {"North": ["A"], "South": ["B"]}


def record_rows() -> dict[str, Rows]:
    """Seven people over the year 2025-26.

    1  decile 1, all year at A, three emergency admissions, one of them before the year
    2  decile 2, moves from A to B on 1 October; the spell at A was never closed
    3  decile 3, dies on 1 July and is taken off the list that day; admitted that day
    4  decile 10, born in the year, registered from birth
    5  decile not known, sex and month of birth not known
    6  left before the year
    7  decile 9, ethnic category Z, registered for one day
    """
    return {
        "persons": [
            {"person": 1, "sex": "F", "birth_month": date(1950, 5, 1), "ethnicity": "A"},
            {"person": 2, "sex": "M", "birth_month": date(1990, 1, 1), "ethnicity": "H"},
            {
                "person": 3,
                "sex": "M",
                "birth_month": date(1930, 1, 1),
                "ethnicity": "B",
                "death_date": date(2025, 7, 1),
            },
            {"person": 4, "sex": "F", "birth_month": date(2025, 12, 1), "ethnicity": "M"},
            {"person": 5, "sex": None, "birth_month": None, "ethnicity": None},
            {"person": 6, "sex": "M", "birth_month": date(1980, 1, 1), "ethnicity": "R"},
            {"person": 7, "sex": "M", "birth_month": date(1980, 1, 1), "ethnicity": "Z"},
        ],
        "registrations": [
            {"person": 1, "practice_code": "A", "start": date(2000, 1, 1), "end": None},
            {"person": 2, "practice_code": "A", "start": date(2010, 1, 1), "end": None},
            {"person": 2, "practice_code": "B", "start": date(2025, 10, 1), "end": None},
            {"person": 3, "practice_code": "A", "start": date(2010, 1, 1), "end": date(2025, 7, 1)},
            {"person": 4, "practice_code": "B", "start": date(2025, 12, 10), "end": None},
            {"person": 5, "practice_code": "B", "start": date(2020, 1, 1), "end": None},
            {"person": 6, "practice_code": "B", "start": date(2010, 1, 1), "end": START},
            {"person": 7, "practice_code": "B", "start": date(2026, 3, 31), "end": None},
        ],
        "attributes": [
            {"person": 1, "attribute_period": date(2020, 1, 1), "imd_decile": 1},
            {"person": 2, "attribute_period": date(2020, 1, 1), "imd_decile": 8},
            {"person": 2, "attribute_period": date(2025, 10, 1), "imd_decile": 2},
            {"person": 2, "attribute_period": date(2026, 4, 1), "imd_decile": 7},
            {"person": 3, "attribute_period": date(2020, 1, 1), "imd_decile": 3},
            {"person": 4, "attribute_period": date(2025, 12, 1), "imd_decile": 10},
            {"person": 7, "attribute_period": date(2026, 3, 1), "imd_decile": 9},
        ],
        "activity": [
            care(1, 1, "emergency", date(2025, 3, 31), 10_000),
            care(1, 2, "emergency", date(2025, 4, 1), 10_000),
            care(1, 3, "emergency", date(2026, 3, 31), 30_000),
            care(1, 4, "elective", date(2025, 6, 1), 5_000),
            care(2, 5, "emergency", date(2025, 9, 30), 20_000),
            care(2, 6, "emergency", date(2025, 10, 1), None),
            care(3, 7, "emergency", date(2025, 7, 1), 40_000),
            care(5, 8, "emergency", date(2025, 8, 1), 1_000),
            care(6, 9, "emergency", date(2025, 8, 1), 1_000),
            care(4, 10, "emergency", date(2026, 4, 1), 1_000),
        ],
    }


def care(person: int, row: int, kind: str, arrived: date, cost: int | None) -> dict[str, Any]:
    """An admission."""
    held = {"person": person, "source_name": "swd", "source_id": row, "pod_l1": "secondary", "pod_l2a": "ip"}
    return held | {"pod_l2b": kind, "arr_date": arrived, "cost_pence": cost}


@pytest.fixture(scope="module")
def tables() -> Mapping[str, ir.Table]:
    """The record by hand on DuckDB."""
    return {name: ibis.memtable(arrow_table(name, rows)) for name, rows in record_rows().items()}


def rows_of(table: ir.Table) -> list[dict[str, Any]]:
    """A table's rows."""
    return list(duckdb_engine().to_pyarrow(table).to_pylist())


def counted(tables: Mapping[str, ir.Table], code: str, by: str) -> dict[str | None, tuple[int, int, int]]:
    """People, days and amount by group."""
    people = with_groups(
        inequality_people(tables, start=START, end=END), by=by, parameters=P, on=START, neighbourhoods=NEIGHBOURHOODS
    )
    found: dict[str | None, tuple[int, int, int]] = {}
    for row in rows_of(inequality_counts(people, tables["activity"], of=measure(code, P, on=START))):
        held = found.get(row["group"], (0, 0, 0))
        found[row["group"]] = (held[0] + row["people"], held[1] + row["days"], held[2] + row["amount"])
    return found


def test_days_are_those_registered_alive_and_in_the_period(tables):
    days = {
        (r["person"], r["practice_code"]): r["days"] for r in rows_of(inequality_people(tables, start=START, end=END))
    }
    assert days == {
        (1, "A"): 365,
        # The spell at A counts until the one at B begins: 1 April to 30 September.
        (2, "A"): 183,
        (2, "B"): 182,
        # 1 April to 1 July, the day of death with it.
        (3, "A"): 92,
        (4, "B"): 112,
        (5, "B"): 365,
        (7, "B"): 1,
    }


def test_age_is_that_of_the_middle_of_the_period_and_unknown_where_it_is(tables):
    ages = {r["person"]: r["age"] for r in rows_of(inequality_people(tables, start=START, end=END))}
    assert ages == {1: 75, 2: 35, 3: 95, 4: 0, 5: None, 7: 45}


def test_a_death_counts_where_the_person_was_on_the_list(tables):
    died = {
        (r["person"], r["practice_code"]) for r in rows_of(inequality_people(tables, start=START, end=END)) if r["died"]
    }
    assert died == {(3, "A")}
    assert counted(tables, "deaths", "practice") == {"A": (3, 640, 1), "B": (4, 660, 0)}


def test_a_death_after_the_period_is_not_of_it(tables):
    earlier = rows_of(inequality_people(tables, start=date(2025, 4, 1), end=date(2025, 7, 1)))
    assert not any(r["died"] for r in earlier)


def test_events_count_on_days_registered_in_the_period(tables):
    # 1: 1 April and 31 March. 2: one at each practice. 3: on the day of death. 5: not known where. 6, 4: not counted.
    assert counted(tables, "emergency", "deprivation") == {
        "1": (2, 730, 4),
        "2": (1, 92, 1),
        "5": (2, 113, 0),
        None: (1, 365, 1),
    }
    assert counted(tables, "emergency", "practice") == {"A": (3, 640, 4), "B": (4, 660, 2)}
    assert counted(tables, "elective", "practice") == {"A": (3, 640, 1), "B": (4, 660, 0)}


@pytest.mark.parametrize(
    ("by", "groups"),
    [
        ("decile", {"1", "2", "3", "9", "10", None}),
        ("core20", {"core20", "rest", None}),
        ("ethnicity", {"white", "asian", "black", None}),
        ("sex", {"F", "M", None}),
        ("age", {"75", "25", "85", "0", "45", None}),
        ("neighbourhood", {"North", "South"}),
    ],
)
def test_every_grouping_has_its_groups_and_loses_nobody(tables, by: str, groups: set[str | None]):
    found = counted(tables, "emergency", by)
    assert set(found) == groups
    assert sum(amount for *_, amount in found.values()) == 6
    assert sum(days for _, days, _ in found.values()) == 1300


def test_cost_is_added_up_by_person_before_it_is_squared(tables):
    people = with_groups(inequality_people(tables, start=START, end=END), by="sex", parameters=P, on=START)
    rows = rows_of(inequality_counts(people, tables["activity"], of=measure("cost", P, on=START)))
    # Person 1: GBP 100 + 300 + 50; its square 202,500.
    (woman,) = [r for r in rows if r["sex"] == "F" and r["standard_age"] == 75]
    assert (woman["amount"], woman["squares"]) == (45_000, pytest.approx(202_500))


def test_a_share_counts_people_at_a_level_and_above():
    rows = [
        {"person": i, "practice_code": "A", "sex": "F", "age": 40, "level": 1 + i % 4, "imd_decile": 1}
        for i in range(8)
    ]
    need = ibis.memtable(arrow_table("person_need", rows))
    people = with_groups(need, by="core20", parameters=P, on=START)
    (found,) = rows_of(inequality_counts(people, need, of=measure("ongoing_need", P, on=START)))
    assert (found["group"], found["people"], found["amount"]) == ("core20", 8, 4)


def test_a_point_of_delivery_without_a_level_takes_any():
    rows = [{"pod_l1": "community", "pod_l2a": kind} for kind in (None, "x")] + [{"pod_l1": "secondary"}]
    assert measures(P, on=START)["community"] == Measure(
        "community", "Community contacts", "activity", 1000, "community"
    )
    assert len(rows) == 3


def test_what_there_is_not_is_refused(tables):
    people = inequality_people(tables, start=START, end=END)
    with pytest.raises(InputError, match="no grouping"):
        with_groups(people, by="height", parameters=P, on=START)
    with pytest.raises(InputError, match="no neighbourhoods"):
        with_groups(people, by="neighbourhood", parameters=P, on=START)
    with pytest.raises(InputError, match="no measure"):
        measure("happiness", P, on=START)
    with pytest.raises(InputError, match="no day"):
        inequality_people(tables, start=END, end=START)


@pytest.mark.parametrize("by", BY)
def test_every_grouping_named_is_one(tables, by: str):
    assert sum(amount for *_, amount in counted(tables, "emergency", by).values()) == 6
