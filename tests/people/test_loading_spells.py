"""Are months turned into spells, and put together with what the record held, as one would by hand?"""

from __future__ import annotations

from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir
import pytest

from commonweal.core.tables import arrow_table, definitions
from commonweal.people.loading.months import (
    attributes_with_new,
    changed_attributes,
    flagged_spells,
    last_months,
    month_covered,
    registered_months,
)
from commonweal.people.loading.persons import FACTS, known_persons
from commonweal.people.loading.spells import joined_spells, one_at_a_time, spells_with_new

SPELL = {"person": "int64", "practice_code": "string", "start": "date", "end": "date"}
MONTH = {"person": "int64", "attribute_period": "date", "practice_code": "string", "ht": "boolean"}


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def spells(*rows: tuple[int, str, str, str]) -> ir.Table:
    held = [(p, c, day(s), day(e)) for p, c, s, e in rows]
    return ibis.memtable(held, schema=SPELL)


def months(*rows: tuple[int, str, str, bool | None]) -> ir.Table:
    return ibis.memtable([(p, date.fromisoformat(f"{m}-01"), c, h) for p, m, c, h in rows], schema=MONTH)


def covered(*rows: tuple[int, str, str]) -> ir.Table:
    schema = {"person": "int64", "first": "date", "after": "date"}
    return ibis.memtable([(p, day(f), day(a)) for p, f, a in rows], schema=schema)


def told(table: ir.Table) -> list[tuple[Any, ...]]:
    return sorted(
        tuple(str(v) if v is not None else "" for v in row.values()) for row in table.to_pyarrow().to_pylist()
    )


def test_spells_that_touch_or_overlap_are_one_and_a_gap_parts_them():
    held = joined_spells(
        spells(
            (1, "A", "2023-01-01", "2023-02-01"),
            (1, "A", "2023-02-01", "2023-04-01"),
            (1, "A", "2023-03-01", "2023-03-15"),
            (1, "A", "2023-04-02", ""),
            (1, "A", "2023-06-01", "2023-07-01"),
            (1, "B", "2023-03-01", "2023-03-01"),
        ),
        of="practice_code",
    )
    assert told(held) == [("1", "A", "2023-01-01", "2023-04-01"), ("1", "A", "2023-04-02", "")]


def test_a_missing_month_ends_a_registration_and_the_last_month_a_practice_sent_leaves_it_open():
    held = months(
        (1, "2023-01", "A", None), (1, "2023-02", "A", None), (1, "2023-04", "A", None),
        (2, "2023-01", "A", None), (2, "2023-02", "B", None),
    )  # fmt: skip
    assert told(registered_months(held, last_months(held))) == [
        ("1", "A", "2023-01-01", "2023-03-01"),
        ("1", "A", "2023-04-01", ""),
        ("2", "A", "2023-01-01", "2023-02-01"),
        ("2", "B", "2023-02-01", ""),
    ]


def test_a_flag_that_comes_and_goes_is_several_spells_and_a_blank_is_no_flag():
    held = months(
        (1, "2023-01", "A", True), (1, "2023-02", "A", True), (1, "2023-03", "A", None), (1, "2023-04", "A", True),
        (2, "2023-01", "A", False),
    )  # fmt: skip
    assert told(flagged_spells(held, conditions=["ht"])) == [
        ("1", "ht", "2023-01-01", "2023-03-01"),
        ("1", "ht", "2023-04-01", ""),
    ]


@pytest.mark.parametrize(
    ("case", "old", "new", "known_to", "expected"),
    [
        ("later months go on from the record", ("2022-01-01", ""), ("2023-01-01", ""), "2023-01-01",
         [("2022-01-01", "")]),
        ("what the load no longer says has ended", ("2022-01-01", ""), None, "2023-01-01",
         [("2022-01-01", "2023-01-01")]),
        ("earlier months sent again leave later ones", ("2022-01-01", ""), ("2023-02-01", ""), "2024-01-01",
         [("2022-01-01", "2023-01-01"), ("2023-02-01", "")]),
        ("a spell taken back", ("2023-01-15", "2023-02-15"), None, "2024-01-01", []),
        ("a later spell stands", ("2023-06-01", "2023-09-01"), ("2023-01-01", ""), "2024-01-01",
         [("2023-01-01", "2023-04-01"), ("2023-06-01", "2023-09-01")]),
    ],
)  # fmt: skip
def test_what_a_load_covers_replaces_the_record_and_all_else_stays(case, old, new, known_to, expected):
    # The load covers January to March 2023.
    held = spells_with_new(
        spells((1, "A", *old), (2, "B", "2000-01-01", "")),
        spells(*([(1, "A", *new)] if new else [(9, "Z", "2023-01-01", "")])),
        covered((1, "2023-01-01", "2023-04-01")),
        of="practice_code",
        known_to=day(known_to),
    )
    assert [row[2:] for row in told(held) if row[0] == "1"] == expected, case
    assert [row[2:] for row in told(held) if row[0] == "2"] == [("2000-01-01", "")]


def test_of_two_registrations_at_once_the_earlier_is_cut_short_and_of_two_begun_together_one_is_displaced():
    held = one_at_a_time(
        spells((1, "A", "2023-01-01", ""), (1, "B", "2023-03-01", "2023-05-01"), (1, "C", "2023-03-01", ""))
    )
    assert told(held) == [
        ("1", "A", "2023-01-01", "2023-03-01", "True", "False"),
        ("1", "B", "2023-03-01", "2023-05-01", "False", "True"),
        ("1", "C", "2023-03-01", "", "False", "False"),
    ]


def attributes(*rows: tuple[int, str, str]) -> ir.Table:
    held = [{"person": p, "attribute_period": date.fromisoformat(f"{m}-01"), "smoking": s or None} for p, m, s in rows]
    return ibis.memtable(arrow_table("attributes", held), schema=definitions()["attributes"].schema)


def smoking(table: ir.Table) -> list[tuple[str, str | None]]:
    held = table.order_by("person", "attribute_period").to_pyarrow().to_pylist()
    return [(f"{row['attribute_period']:%Y-%m}", row["smoking"]) for row in held]


def test_only_months_with_a_change_are_kept_and_not_known_is_one():
    held = attributes((1, "2023-01", "ex"), (1, "2023-02", "ex"), (1, "2023-03", ""), (1, "2023-04", "ex"))
    assert smoking(changed_attributes(held)) == [("2023-01", "ex"), ("2023-03", None), ("2023-04", "ex")]


@pytest.mark.parametrize(
    ("known_to", "expected"),
    [
        # The record knew of April to December: what it said last holds again.
        ("2024-01-01", [("2022-01", "ex"), ("2023-02", "current"), ("2023-04", "ex")]),
        # It knew of nothing later: what the load said last holds on.
        ("2023-01-01", [("2022-01", "ex"), ("2023-02", "current")]),
    ],
)
def test_months_sent_again_leave_what_the_record_says_of_later_ones(known_to, expected):
    new = attributes((1, "2023-01", "ex"), (1, "2023-02", "current"), (1, "2023-03", "current"))
    held = attributes_with_new(attributes((1, "2022-01", "ex")), new, month_covered(new), known_to=day(known_to))
    assert smoking(held) == expected


def test_a_later_file_and_a_closer_source_count_further_and_ages_leave_their_middle():
    empty = dict.fromkeys(FACTS)
    said = [
        {**empty, "person": 1, "rank": 0, "file": 1, "sex": "F", "ethnicity": "Z", "birth_month": date(1950, 5, 1)},
        {**empty, "person": 1, "rank": 1, "file": 2, "sex": "M", "ethnicity": "B"},
        {**empty, "person": 1, "rank": 0, "file": 2, "birth_month": date(1951, 5, 1)},
        # Born between month 3 and month 8 of 1960, counted from 0.
        {**empty, "person": 2, "rank": 1, "file": 1, "born_from": 1960 * 12 + 3, "born_to": 1960 * 12 + 14},
        {**empty, "person": 2, "rank": 1, "file": 2, "born_from": 1960 * 12 - 4, "born_to": 1960 * 12 + 8},
    ]
    facts = ibis.memtable([tuple(row[name] for name in FACTS) for row in said], schema=FACTS)
    held = {row["person"]: row for row in known_persons(facts).to_pyarrow().to_pylist()}
    assert (held[1]["sex"], held[1]["ethnicity"], held[1]["birth_month"]) == ("F", "B", date(1951, 5, 1))
    # The middle of months 3 to 8 is month 5: June.
    assert held[2]["birth_month"] == date(1960, 6, 1)
