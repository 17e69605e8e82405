"""Does each way into general practice take the time that its published tree says?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from commonweal.core.parameters import library
from commonweal.plan.access.triage import one_at_a_time, share_that_must_end_there, triage_routes, workload

ON = date(2026, 4, 1)
ROUTES = triage_routes(library(), ON)


def test_online_first_takes_a_quarter_more_time_as_published():
    assert workload(ROUTES, "online").change == pytest.approx(0.25, abs=0.01)


def test_telephone_first_takes_three_in_a_hundred_more_as_published():
    assert workload(ROUTES, "telephone").change == pytest.approx(0.03, abs=0.01)


def test_face_to_face_is_what_the_others_are_held_against():
    assert workload(ROUTES, "face_to_face").change == 0


def test_online_first_saves_time_only_when_more_than_half_of_requests_end_there():
    assert share_that_must_end_there(ROUTES, "online") == pytest.approx(0.54, abs=0.015)
    none_added = {**ROUTES, "online": replace(ROUTES["online"], adds=0.0)}
    assert share_that_must_end_there(none_added, "online") == pytest.approx(0.45, abs=0.015)


@pytest.mark.parametrize("code", ["telephone", "online"])
def test_at_that_share_it_takes_just_as_long(code: str):
    share = share_that_must_end_there(ROUTES, code)
    assert workload({**ROUTES, code: replace(ROUTES[code], ends_there=share)}, code).change == pytest.approx(0)


def test_a_request_by_hand():
    # 100 requests online become 110. 30 % end there; of the 77 that go on, 35.42 go on by telephone, 41.58 face to
    # face; of those by telephone 48 % (17.0016) are then met face to face.
    found = workload(ROUTES, "online")
    assert found.contacts["first"] == pytest.approx(1.10)
    assert found.contacts["telephone"] == pytest.approx(0.3542)
    assert found.contacts["face_to_face"] == pytest.approx(0.4158 + 0.170016)
    assert found.minutes == pytest.approx(1.10 * 4 + 0.3542 * 5 + 0.585816 * 9.2)


def test_what_ends_there_matters_most_of_what_was_tried():
    tried = one_at_a_time(library(), ON, "online")
    assert tried[0].field == "ends_there"
    assert {held.field for held in tried} == {"ends_there", "adds", "minutes", "on_by_telephone"}
    assert tried[0].change_at_high < 0 < tried[0].change_at_low
