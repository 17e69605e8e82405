"""Does what a model knows of a person lie strictly before the day, and what it is asked strictly after?"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commonweal.core.parameters import Parameters, library
from commonweal.need.risk.features import opted_out_people, outcome, risk_features

from .small_record import STAY, record, registered, rows_of, with_value

ON = date(2026, 4, 1)
KINDS = [
    ("secondary", "ip", "emergency"),
    ("secondary", "ae", None),
    ("primary_care_prescription", None, None),
    ("social_care", "home_care", None),
    ("community", None, None),
]


def few(name: str, *codes: str) -> Parameters:
    """The library's parameters with some rows of one of them: fewer columns are worked out in less time."""
    return with_value(name, [row for row in library()[name].on(ON).value if row["code"] in codes])


KEPT = {
    "conditions": ("hf", "copd", "falls"),
    "risk_history": ("emergency", "bed_days", "ae", "items", "community", "home_care"),
}
SMALL = Parameters({**library(), **{name: few(name, *codes)[name] for name, codes in KEPT.items()}})


def features(**rows: Any) -> list[dict[str, Any]]:
    """The features of the people of a record on the day."""
    return rows_of(risk_features(record(**rows), on=ON, parameters=SMALL))


def care(
    day: date, pod: tuple[str, str | None, str | None] = KINDS[0], *, person: int = 1, **more: Any
) -> dict[str, Any]:
    """A row of activity."""
    names = ("pod_l1", "pod_l2a", "pod_l2b")
    return {"person": person, "source_name": "swd", "arr_date": day, **dict(zip(names, pod, strict=True)), **more}


def test_care_is_counted_in_each_window_that_holds_its_day():
    days = (date(2026, 3, 31), date(2026, 3, 2), date(2026, 3, 1), date(2026, 1, 1), date(2025, 4, 1), date(2024, 4, 1))
    too_early = care(date(2024, 3, 31))
    (found,) = features(**registered(1), activity=[*map(care, days), too_early])
    assert [found[f"emergency_{window}"] for window in ("30d", "3m", "12m", "24m")] == [2, 4, 5, 6]


def test_days_in_hospital_are_those_before_the_day():
    stays = [care(date(2026, 3, 28), dep_date=date(2026, 4, 20)), care(date(2026, 3, 5), dep_date=date(2026, 3, 7))]
    (found,) = features(**registered(1), activity=stays)
    assert (found["bed_days_30d"], found["emergency_30d"], found["in_hospital"]) == (4 + 2, 2, 1)


def test_the_cost_of_a_stay_that_is_not_over_is_not_known_yet():
    stays = [
        care(date(2026, 3, 28), dep_date=date(2026, 4, 20), cost_pence=900_000),
        care(date(2026, 3, 5), dep_date=date(2026, 3, 7), cost_pence=300_000),
    ]
    (found,) = features(**registered(1), activity=stays)
    assert found["cost_12m"] == 300_000


def test_who_had_no_care_has_noughts_and_who_has_no_attributes_has_nothing_known():
    (found,) = features(**registered(1))
    assert (found["emergency_24m"], found["cost_12m"], found["deficits"], found["condition_hf"]) == (0, 0, 0, False)
    assert found["imd_decile"] is None
    assert found["nh_rh"] is None


def test_prescription_items_are_added_up_and_a_row_without_a_number_is_one():
    pod = ("primary_care_prescription", None, None)
    rows = [care(date(2026, 2, 1), pod, items=12), care(date(2026, 3, 1), pod)]
    (found,) = features(**registered(1), activity=rows)
    assert found["items_3m"] == 13


def test_a_month_counts_only_once_it_has_ended_on_a_day_inside_one():
    pod = ("primary_care_prescription", None, None)
    tables = record(
        **registered(1), activity=[care(date(2026, 3, 1), pod, items=5), care(date(2026, 4, 1), pod, items=7)]
    )
    (found,) = rows_of(risk_features(tables, on=date(2026, 4, 15), parameters=SMALL))
    assert found["items_3m"] == 5


def test_an_attribute_counts_once_its_month_has_ended():
    rows = [
        {"person": 1, "attribute_period": date(2026, 2, 1), "imd_decile": 2},
        {"person": 1, "attribute_period": date(2026, 3, 1), "imd_decile": 3},
        {"person": 1, "attribute_period": ON, "imd_decile": 9},
    ]
    (found,) = features(**registered(1), attributes=rows)
    assert found["imd_decile"] == 3


def test_windows_that_the_record_does_not_reach_are_left_out():
    tables = record(**registered(1), activity=[care(date(2026, 3, 1))])
    (found,) = rows_of(risk_features(tables, on=ON, parameters=SMALL, since=date(2025, 4, 1)))
    assert "emergency_12m" in found
    assert "emergency_24m" not in found


def test_opting_out_counts_from_its_month_and_the_last_word_holds():
    rows = [
        {"person": 1, "attribute_period": date(2025, 4, 1), "opted_out": True},
        {"person": 1, "attribute_period": date(2025, 9, 1), "opted_out": None},
        {"person": 2, "attribute_period": date(2025, 4, 1), "opted_out": True},
        {"person": 2, "attribute_period": date(2025, 9, 1), "opted_out": False},
        {"person": 3, "attribute_period": ON, "opted_out": True},
        {"person": 4, "attribute_period": date(2026, 5, 1), "opted_out": True},
    ]
    found = rows_of(opted_out_people(record(attributes=rows)["attributes"], on=ON))
    assert [row["person"] for row in found] == [1, 3]


BASE: dict[str, list[Any]] = {
    **registered(1, 2),
    "activity": [care(date(2026, 3, 1), cost_pence=10), care(date(2025, 9, 1), KINDS[1], person=2)],
    "attributes": [{"person": 1, "attribute_period": date(2026, 1, 1), "imd_decile": 4, "nh_rh": False}],
    "conditions": [{"person": 2, "condition": "hf", "start": date(2020, 1, 1), "end": None}],
}


@cache
def known_of_base() -> list[dict[str, Any]]:
    """The features without anything later."""
    return features(**BASE)


LATER = st.dates(min_value=ON, max_value=date(2027, 12, 31))
PERSON = st.sampled_from([1, 2])
ADDED = st.one_of(
    st.tuples(
        st.just("activity"),
        st.builds(
            lambda person, day, pod, days: care(
                day, pod, person=person, dep_date=date.fromordinal(day.toordinal() + days), items=9, cost_pence=7
            ),
            PERSON,
            LATER,
            st.sampled_from(KINDS),
            st.integers(0, 40),
        ),
    ),
    st.tuples(
        st.just("attributes"),
        st.builds(
            lambda person, day: {
                "person": person,
                "attribute_period": day,
                "imd_decile": 9,
                "nh_rh": True,
                "bmi": 40.0,
            },
            PERSON,
            LATER,
        ),
    ),
    st.tuples(
        st.just("conditions"),
        st.builds(
            lambda person, code, day: {"person": person, "condition": code, "start": day},
            PERSON,
            st.sampled_from(["hf", "copd", "falls"]),
            LATER,
        ),
    ),
    st.tuples(
        st.just("registrations"),
        st.builds(
            lambda person, day: {"person": person, "practice_code": "B99999", "start": day},
            PERSON,
            LATER.filter(lambda day: day > ON),
        ),
    ),
)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(added=st.lists(ADDED, min_size=12, max_size=30))
def test_no_row_of_the_day_or_later_changes_any_feature(added: list[tuple[str, dict[str, Any]]]):
    more = {name: list(rows) for name, rows in BASE.items()}
    for table, row in added:
        more[table].append(row)
    assert features(**more) == known_of_base()


def test_a_row_of_the_day_before_does_change_them():
    more = {**BASE, "activity": [*BASE["activity"], care(date(2026, 3, 31))]}
    assert features(**more) != known_of_base()


@pytest.mark.parametrize(
    ("day", "admitted"),
    [(date(2026, 3, 31), False), (ON, True), (date(2027, 3, 31), True), (date(2027, 4, 1), False)],
)
def test_an_admission_counts_from_the_day_to_the_day_before_twelve_months_on(day: date, admitted: bool):
    tables = record(**registered(1), activity=[{**STAY, "person": 1, "arr_date": day}])
    (found,) = rows_of(outcome(tables, on=ON))
    assert found["admitted"] is admitted


def test_a_planned_admission_or_an_attendance_is_not_the_outcome():
    planned = care(date(2026, 5, 1), ("secondary", "ip", "elective"))
    attended = care(date(2026, 5, 1), ("secondary", "ae", None))
    (found,) = rows_of(outcome(record(**registered(1), activity=[planned, attended]), on=ON))
    assert found["admitted"] is False


def test_who_died_and_who_left_is_told_apart():
    people = registered(1, 2, 3, 4)
    people["persons"] = [
        {**row, "death_date": date(2026, 6, 1) if row["person"] in (1, 2) else None} for row in people["persons"]
    ]
    ends = {1: date(2026, 6, 1), 2: date(2026, 6, 1), 3: date(2026, 7, 1), 4: None}
    people["registrations"] = [{**row, "end": ends[row["person"]]} for row in people["registrations"]]
    stays = [{**STAY, "person": 2, "arr_date": date(2026, 5, 30)}]
    found = rows_of(outcome(record(**people, activity=stays), on=ON))
    said = {row["person"]: (row["admitted"], row["died"], row["left"]) for row in found}
    assert said == {
        1: (False, True, False),
        2: (True, False, False),
        3: (False, False, True),
        4: (False, False, False),
    }


def test_who_moves_to_another_practice_has_not_left():
    people = registered(1)
    moved = {"person": 1, "practice_code": "A81002", "start": date(2026, 7, 1)}
    people["registrations"] = [{**people["registrations"][0], "end": date(2026, 7, 1)}, moved]
    (found,) = rows_of(outcome(record(**people), on=ON))
    assert found["left"] is False
