"""Do callers wait as long as Erlang found?"""

from __future__ import annotations

import math

import numpy as np
import pytest

from commonweal.core.errors import NoAnswer
from commonweal.plan.access.waiting import staff_needed, waiting


def test_ten_who_answer_at_nine_tenths_load_keep_callers_waiting_two_thirds_of_a_call():
    # The published reference: load .9, ten servers, mean wait .6687 of a service time.
    assert waiting(540, 1, 10, target_minutes=1).mean_minutes == pytest.approx(0.6687, abs=5e-5)


def test_one_who_answers_is_the_queue_of_textbooks():
    found = waiting(30, 1, 1, target_minutes=2)
    # M/M/1 at half load: half of callers wait, a mean of one call; the wait passes t with .5 exp(-t/2).
    assert found.waits == pytest.approx(0.5)
    assert found.mean_minutes == pytest.approx(1)
    assert found.in_time == pytest.approx(1 - 0.5 * math.exp(-1))


def test_a_queue_worked_through_caller_by_caller_waits_as_long():
    draw = np.random.default_rng(5)
    callers, staff = 200_000, 4
    comes = np.cumsum(draw.exponential(60 / 60, callers))
    takes = draw.exponential(3.0, callers)
    free = [0.0] * staff
    waited = np.empty(callers)
    for i in range(callers):
        first = min(range(staff), key=free.__getitem__)
        starts = max(comes[i], free[first])
        waited[i], free[first] = starts - comes[i], starts + takes[i]
    found = waiting(60, 3.0, staff, target_minutes=2)
    assert waited.mean() == pytest.approx(found.mean_minutes, rel=0.05)
    assert (waited <= 2).mean() == pytest.approx(found.in_time, abs=0.01)


def test_the_fewest_who_meet_a_target_meet_it_and_one_fewer_does_not():
    found = staff_needed(120, 4, target_minutes=2, share=0.95)
    assert found.in_time >= 0.95
    assert waiting(120, 4, found.staff - 1, target_minutes=2).in_time < 0.95


@pytest.mark.parametrize("share", [1.0, 1.2, -0.1])
def test_what_cannot_be_promised_is_told(share: float):
    with pytest.raises(NoAnswer):
        staff_needed(10, 5, target_minutes=2, share=share)


def test_too_few_who_answer_is_told_with_how_many_it_takes():
    with pytest.raises(NoAnswer, match="At least 9 are needed"):
        waiting(120, 4, 8, target_minutes=2)
