"""Who is counted on a day, once each, and by nothing that was not known before it?"""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from commonweal.core.parameters import library
from commonweal.core.tables import definitions
from commonweal.need.person_need import person_need

ON = date(2025, 4, 1)
SCORES = ("cambridge_score", "hospital_frailty_score", "charlson_score", "elixhauser_score", "electronic_frailty_score")


def need(small: SimpleNamespace, **rows: Any) -> list[dict[str, Any]]:
    """The rows of person_need on the day."""
    found: list[dict[str, Any]] = small.rows_of(person_need(small.record(**rows), on=ON, parameters=library()))
    return found


def spell(person: int, practice: str, start: date, end: date | None = None) -> dict[str, Any]:
    """A spell of registration."""
    return {"person": person, "practice_code": practice, "start": start, "end": end}


def test_a_person_of_whom_nothing_is_known_but_the_registration_has_level_1_and_scores_of_nought(
    small: SimpleNamespace,
):
    (row,) = need(small, registrations=[spell(7, "A81001", date(2020, 1, 1))])
    assert (row["person"], row["level"], row["core_segment"], row["bridges_to_health"]) == (7, 1, "CS1", "healthy")
    assert [row[name] for name in SCORES] == [0, 0, 0, 0, 0]
    assert (row["age"], row["sex"], row["ethnicity"], row["imd_decile"]) == (None, None, "Z", None)
    assert (row["medicines"], row["polypharmacy"], row["care_home"], row["opted_out"]) == (0, "none", False, False)
    assert list(row) == [column.name for column in definitions()["person_need"]]


def test_a_person_with_spells_at_two_practices_counts_at_the_one_that_began_later(small: SimpleNamespace):
    rows = need(
        small,
        registrations=[
            spell(1, "A81002", date(2015, 1, 1)),
            spell(1, "A81001", date(2020, 1, 1)),
            spell(2, "A81002", date(2020, 1, 1)),
            spell(2, "A81003", date(2020, 1, 1)),
        ],
    )
    assert [(row["person"], row["practice_code"]) for row in rows] == [(1, "A81001"), (2, "A81003")]


def test_who_is_registered_on_the_day_is_counted(small: SimpleNamespace):
    spells = {
        1: (ON, None),
        2: (date(2025, 4, 2), None),
        3: (date(2020, 1, 1), ON),
        4: (date(2020, 1, 1), date(2025, 4, 2)),
    }
    rows = need(small, registrations=[spell(person, "A81001", *days) for person, days in spells.items()])
    assert [row["person"] for row in rows] == [1, 4]


def test_who_died_before_the_day_is_not_counted(small: SimpleNamespace):
    rows = small.registered(1, 2)
    rows["persons"] = [{"person": 1, "death_date": date(2025, 3, 31)}, {"person": 2, "death_date": ON}]
    assert [row["person"] for row in need(small, **rows)] == [2]


def test_age_is_whole_years_with_the_birthday_on_the_first_of_its_month(small: SimpleNamespace):
    born = [(date(1960, 4, 1), 65), (date(1960, 5, 1), 64), (date(1960, 3, 1), 65), (date(2025, 3, 1), 0)]
    rows = small.registered(*range(4))
    rows["persons"] = [{"person": person, "birth_month": month} for person, (month, _) in enumerate(born)]
    assert [row["age"] for row in need(small, **rows)] == [age for _, age in born]


def test_attributes_are_those_of_the_latest_month_that_began_before_the_day(small: SimpleNamespace):
    months = [
        {"person": 1, "attribute_period": date(2024, 1, 1), "nh_rh": False, "imd_decile": 3, "polypharmacy_repeat": 4},
        {"person": 1, "attribute_period": date(2025, 3, 1), "nh_rh": True, "imd_decile": 4, "polypharmacy_repeat": 7},
        {"person": 1, "attribute_period": ON, "nh_rh": False, "imd_decile": 5, "polypharmacy_repeat": 1},
    ]
    (row,) = need(small, **small.registered(1), attributes=months)
    assert (row["care_home"], row["imd_decile"], row["medicines"], row["polypharmacy"]) == (True, 4, 7, "polypharmacy")


def test_nothing_of_the_day_or_later_changes_anything(small: SimpleNamespace):
    before = {
        **small.registered(1, 2),
        "conditions": [{"person": 1, "condition": "copd", "start": date(2024, 1, 1)}],
        "activity": [small.stay(1, "F00,I50"), small.stay(2, "G81")],
        "attributes": [{"person": 1, "attribute_period": date(2024, 1, 1), "polypharmacy_repeat": 3}],
    }
    later = {
        **before,
        "conditions": [
            *before["conditions"],
            {"person": 1, "condition": "dementia", "start": ON},
            {"person": 2, "condition": "palliative", "start": date(2025, 5, 1)},
        ],
        "activity": [
            *before["activity"],
            small.stay(1, "C78,R54", ON),
            small.stay(2, "R29", date(2025, 3, 20), dep_date=date(2025, 4, 10), pod_l2b="elective"),
        ],
        "attributes": [*before["attributes"], {"person": 1, "attribute_period": ON, "eol_plan": True}],
    }
    assert need(small, **later) == need(small, **before)


def test_the_order_of_rows_changes_nothing(small: SimpleNamespace):
    rows = {
        **small.registered(1, 2, 3),
        "conditions": [
            {"person": p, "condition": name, "start": date(2020, 1, p)} for p in (1, 2) for name in ("ht", "hf")
        ],
        "activity": [small.stay(p, codes) for p in (1, 3) for codes in ("F00,G81", "I50", "F00")],
        "attributes": [{"person": p, "attribute_period": date(2024, p, 1), "imd_decile": p} for p in (1, 2, 3)],
    }
    assert need(small, **{name: list(reversed(held)) for name, held in rows.items()}) == need(small, **rows)


def test_scores_of_one_person_are_what_the_arithmetic_says(small: SimpleNamespace):
    (row,) = need(
        small,
        **small.registered(1),
        conditions=[{"person": 1, "condition": name, "start": date(2020, 1, 1)} for name in ("copd", "hf", "ht")],
        activity=[small.stay(1, "J440,I500"), small.stay(1, "F03,R296,E119")],
        attributes=[
            {"person": 1, "attribute_period": date(2024, 1, 1), "polypharmacy_repeat": 5, "cambridge_score": 2.5}
        ],
    )
    # 1.46 + 1.18 + 0.08; 2.1 + 3.6; 1 + 2 + 2 + 0; 3 + 7 + 0; respiratory, heart failure, hypertension, polypharmacy.
    assert [row[name] for name in SCORES] == [2.72, 5.7, 5, 10, pytest.approx(4 / 36)]
    assert (row["core_segment"], row["hospital_frailty_band"], row["long_term_conditions"]) == (
        "CS4",
        "intermediate",
        3,
    )
    assert (row["source_cambridge_score"], row["electronic_frailty_category"]) == (2.5, "fit")


def test_the_weightings_in_use_are_parameters(small: SimpleNamespace):
    tables = small.record(
        **small.registered(1),
        conditions=[{"person": 1, "condition": "hf", "start": date(2020, 1, 1)}],
        activity=[small.stay(1, "I500")],
    )
    for name, value, column, points in (
        ("charlson_in_use", "charlson_shmi", "charlson_score", 13),
        ("elixhauser_in_use", "elixhauser_swiss", "elixhauser_score", 13),
        ("cambridge_weights_in_use", "mortality", "cambridge_score", 43.47),
    ):
        (row,) = small.rows_of(person_need(tables, on=ON, parameters=small.with_value(name, value)))
        assert row[column] == points
        assert row["core_segment"] == "CS3"
