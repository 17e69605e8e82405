"""Which diagnoses count: whose, of what care, and when were they known?"""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from commonweal.core.parameters import library
from commonweal.need.diagnoses import diagnoses, diagnoses_before

ON = date(2025, 4, 1)


def test_a_stay_with_three_codes_is_three_diagnoses_without_dots_in_capitals(small: SimpleNamespace):
    activity = small.record(activity=[small.stay(1, "i50.0, E11.2,F03"), small.stay(2, "")])["activity"]
    rows = small.rows_of(diagnoses(activity, start=date(2024, 4, 1), end=ON))
    assert sorted(row["code"] for row in rows) == ["E112", "F03", "I500"]
    assert {(row["person"], row["arr_date"]) for row in rows} == {(1, date(2025, 1, 10))}


@pytest.mark.parametrize(
    ("arrived", "left", "counts"),
    [
        (date(2023, 3, 31), None, False),
        (date(2023, 4, 1), None, True),
        (date(2025, 3, 31), None, True),
        (date(2025, 3, 30), date(2025, 3, 31), True),
        (date(2025, 3, 30), date(2025, 4, 1), False),
        (date(2025, 4, 1), None, False),
    ],
)
def test_only_stays_begun_in_the_look_back_and_over_before_the_day_count(
    arrived: date, left: date | None, counts: bool, small: SimpleNamespace
):
    activity = small.record(activity=[small.stay(1, "I50", arrived, dep_date=left)])["activity"]
    found = diagnoses_before(activity, library(), on=ON, look_back="hospital_frailty_look_back")
    assert bool(small.rows_of(found)) == counts


def test_a_code_written_outside_a_hospital_stay_is_not_counted(small: SimpleNamespace):
    contact = {**small.stay(1, "I50"), "pod_l2a": "op", "pod_l2b": "first"}
    mental = {**small.stay(2, "F20"), "pod_l1": "mental_health", "pod_l2b": None}
    activity = small.record(activity=[contact, mental])["activity"]
    found = diagnoses_before(activity, library(), on=ON, look_back="charlson_look_back")
    assert [row["person"] for row in small.rows_of(found)] == [2]
