"""Does a profile count everybody once, hide few people, and say of a whole no more than its parts say?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from commonweal.core.parameters import library
from commonweal.core.tables import arrow_table, definitions
from commonweal.need.profile import NeedProfile, need_profile
from commonweal.need.profile_records import profile_record, profile_rows
from commonweal.need.profile_tables import against_the_source, level_reasons, need_profile_counts
from commonweal.web.document import Table
from commonweal.web.pages.need import need_profile_document

ON = date(2025, 4, 1)
HOMES = {"A1": "N1", "A2": "N1", "A3": "N2"}


def counted(practice: str, level: int, people: int, age: int, pence: int, segment: str = "CS1") -> dict[str, Any]:
    """Exact counts of one group of one practice, everybody of one age and at one cost."""
    return {
        "practice_code": practice,
        "level": level,
        "core_segment": segment,
        "bridges_to_health": "healthy",
        "people": people,
        "people_with_age": people,
        "age_years": age * people,
        "cost_pence": pence * people,
    }


COUNTED = [
    counted("A1", 1, 1000, 30, 50_000),
    counted("A1", 4, 40, 80, 1_000_000, "CS5"),
    counted("A2", 1, 500, 40, 60_000),
    counted("A2", 4, 3, 85, 2_000_000, "CS5"),
    counted("A3", 1, 200, 50, 70_000),
]


@pytest.fixture(scope="module")
def profile() -> NeedProfile:
    """The profile of three practices in two neighbourhoods."""
    reasons = [
        {"level": 4, "level_because": "Lives in a care home", "people": 41},
        {"level": 4, "level_because": "Core Segment 5", "people": 2},
        {"level": 1, "level_because": "Whole population", "people": 1700},
    ]
    compared = [{"score": "cambridge_score", "compared": 100, "same": 90, "higher": 7, "lower": 3}]
    return need_profile(COUNTED, reasons, compared, HOMES, library(), on=ON)


def found(profile: NeedProfile, kind: str, group: str, code: str | None = None, grouping: str = "level") -> Any:
    """One row of the profile."""
    (row,) = (
        row
        for row in profile.of(kind, grouping)
        if row.group == group and code in (None, row.area.practice_code, row.area.neighbourhood_code)
    )
    return row


def test_a_practice_shows_people_share_mean_age_and_cost_per_head(profile: NeedProfile):
    row = found(profile, "practice", "4", "A1")
    # 40 of 1,040; GBP 400,000 over 40 people.
    assert (row.people, row.people_of_area, row.share) == (40, 1040, Decimal("0.038"))
    assert (row.mean_age, row.cost_per_head) == (Decimal("80.0"), Decimal("10000"))


def test_few_people_are_hidden_with_all_that_is_made_from_them(profile: NeedProfile):
    row = found(profile, "practice", "4", "A2")
    assert (row.people, row.share, row.mean_age, row.cost_per_head) == (None, None, None, None)


def test_a_neighbourhood_is_made_from_what_its_practices_show(profile: NeedProfile):
    row = found(profile, "neighbourhood", "4", "N1")
    # 40 shown and 1 to 7 hidden, which counts as 4: 44, to the nearest 5. Age and cost are of the 40 alone.
    assert (row.people, row.mean_age, row.cost_per_head) == (45, Decimal("80.0"), Decimal("10000"))
    whole = found(profile, "neighbourhood", "1", "N1")
    # (1000 x 30 + 500 x 40) / 1500 = 33.3; (1000 x 500 + 500 x 600) / 1500 = 533.3
    assert (whole.people, whole.mean_age, whole.cost_per_head) == (1500, Decimal("33"), Decimal("533"))


def test_the_place_is_all_practices_and_a_group_with_nobody_is_nought(profile: NeedProfile):
    assert found(profile, "place", "1").people == 1700
    assert found(profile, "place", "3").people == 0
    assert found(profile, "place", "3").cost_per_head is None
    assert found(profile, "place", "CS5", grouping="core_segment").people == 45


def test_the_place_is_held_against_the_shares_thought_typical(profile: NeedProfile):
    verdicts = {held.level: (held.share, held.within) for held in profile.typical}
    # 45 of 1,745 are 2.6 %: inside 2 to 5. Nobody is at level 3: outside 15 to 30.
    assert verdicts == {"4": (Decimal("0.026"), True), "3": (Decimal("0.000"), False)}


def test_reasons_come_in_the_order_of_the_rule_and_hide_few_people(profile: NeedProfile):
    held = {(reason.level, reason.because): reason.people for reason in profile.reasons}
    assert held["4", "Lives in a care home"] == 40
    assert held["4", "Core Segment 5"] is None
    assert held["3", "Housebound"] == 0
    assert list(held)[-1] == ("1", "Whole population")


def test_rows_are_those_of_the_table(profile: NeedProfile):
    rows = profile_rows(profile)
    assert list(rows[0]) == [column.name for column in definitions()["need_profile"]]
    assert arrow_table("need_profile", rows).num_rows == len(rows)
    # Four levels, five segments, eight groups; the place, two neighbourhoods, three practices.
    assert len(rows) == (4 + 5 + 8) * 6
    assert profile_record(profile)["typical_shares"][0]["within"] is False


def test_no_page_or_record_holds_the_hidden_count(profile: NeedProfile):
    document = need_profile_document("Anywhere", profile, names={"N1": "North"})
    tables = {block.caption: block for block in document.blocks if isinstance(block, Table)}
    levels = next(block for block in document.blocks if isinstance(block, Table) and block.sheet == "Levels practice")
    assert levels.rows[1][:3] == ("A2", "N1", 505)
    assert levels.rows[1][6] == "1 to 7"
    assert "Why people are at their level" in tables


def test_counts_are_of_the_place_s_practices_and_the_last_twelve_months(small: SimpleNamespace):
    need = [
        {
            "person": 1,
            "practice_code": "A1",
            "age": 70,
            "level": 4,
            "core_segment": "CS5",
            "bridges_to_health": "frailty",
        },
        {
            "person": 2,
            "practice_code": "A1",
            "age": None,
            "level": 4,
            "core_segment": "CS5",
            "bridges_to_health": "frailty",
        },
        {
            "person": 3,
            "practice_code": "B1",
            "age": 20,
            "level": 1,
            "core_segment": "CS1",
            "bridges_to_health": "healthy",
        },
    ]
    activity = [
        {**small.stay(1, "", date(2024, 4, 1)), "cost_pence": 100},
        {**small.stay(1, "", date(2024, 3, 31)), "cost_pence": 9},
        {**small.stay(2, "", date(2025, 3, 31)), "cost_pence": 20},
        {**small.stay(2, "", ON), "cost_pence": 9},
        {**small.stay(3, "", date(2025, 3, 31)), "cost_pence": 9},
    ]
    table = small.table("person_need", need)
    held = need_profile_counts(table, small.record(activity=activity)["activity"], ["A1", "A2"], on=ON)
    assert small.rows_of(held) == [
        {
            "practice_code": "A1",
            "level": 4,
            "core_segment": "CS5",
            "bridges_to_health": "frailty",
            "people": 2,
            "people_with_age": 1,
            "age_years": 70,
            "cost_pence": 120,
        }
    ]


def test_our_scores_are_held_against_the_source_s_own(small: SimpleNamespace):
    pairs = [
        (1.53, 1.53, "fit", "fit"),
        (1.53, 0.50, "severe", "mild"),
        (0.0, 0.08, "fit", "mild"),
        (0.0, None, "fit", None),
    ]
    need = [
        {
            "person": person,
            "practice_code": "A1",
            "level": 1,
            "level_because": "Whole population",
            "cambridge_score": ours,
            "source_cambridge_score": theirs,
            "electronic_frailty_category": category,
            "source_frailty_category": given,
        }
        for person, (ours, theirs, category, given) in enumerate(pairs)
    ]
    table = small.table("person_need", need)
    rows = {row.pop("score"): row for row in small.rows_of(against_the_source(table, ["A1"]))}
    expected = {"compared": 3, "same": 1, "higher": 1, "lower": 1}
    assert rows == {"cambridge_score": expected, "electronic_frailty_category": expected}
    assert small.rows_of(level_reasons(table, ["A1"])) == [
        {"level": 1, "level_because": "Whole population", "people": 4}
    ]
