"""Does a pair of records link, go to review, or neither, as the thresholds and the margin say?"""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest

from commonweal.core.errors import ParameterProblem
from commonweal.people.linkage.decision import BETWEEN, DIFFERS, NEAR_EQUAL, Thresholds, decided, thresholds

HELD = Thresholds(link=10.0, review=0.0, margin=5.0)
SAME = 3


def pairs(*rows: tuple[int, int, float] | tuple[int, int, float, int, int]) -> pa.Table:
    """Rows of record, person, weight and, where given, the levels of given name and date of birth."""
    full = [(*row, *(SAME, SAME)[len(row) - 3 :]) for row in rows]
    names = ("record", "person", "match_weight", "level_given_name", "level_birth_date")
    return pa.table({name: list(column) for name, column in zip(names, zip(*full, strict=True), strict=True)})


def outcome(*rows, held=HELD):
    found = decided(pairs(*rows), held)
    return found.linked.tolist(), list(zip(found.reviewed.tolist(), found.reasons, strict=True))


def test_a_record_links_from_the_threshold_on():
    assert outcome((0, 7, 10.0), (1, 8, 9.99)) == ([0], [(1, BETWEEN)])


def test_below_the_lower_threshold_a_record_is_neither_linked_nor_reviewed():
    assert outcome((0, 7, -0.01), (1, 8, 0.0)) == ([], [(1, BETWEEN)])


def test_two_people_within_the_margin_are_both_put_to_review_and_others_are_not():
    rows = (0, 1, 20.0), (0, 2, 15.01), (0, 3, 14.0), (1, 4, 20.0), (1, 5, 15.0)
    assert outcome(*rows) == ([3], [(0, NEAR_EQUAL), (1, NEAR_EQUAL)])


def test_a_second_person_below_the_lower_threshold_is_no_rival():
    assert outcome((0, 1, 3.0), (0, 2, -1.0), held=Thresholds(2.0, 0.0, 5.0)) == ([0], [])


def test_a_given_name_or_date_of_birth_altogether_different_never_links_by_itself():
    rows = (0, 1, 25.0, 0, SAME), (1, 2, 25.0, SAME, 0), (2, 3, 25.0, -1, -1), (3, 4, 5.0, 0, SAME)
    assert outcome(*rows) == ([2], [(0, DIFFERS), (1, DIFFERS), (3, BETWEEN)])


def test_no_pairs_are_no_decisions():
    empty = pairs((0, 0, 0.0)).slice(0, 0)
    found = decided(empty, HELD)
    assert (found.linked.tolist(), found.reviewed.tolist(), found.reasons) == ([], [], ())


def test_a_threshold_that_links_below_the_one_reviewed_is_refused(book_with):
    held = book_with(link_weight="-1")
    with pytest.raises(ParameterProblem):
        thresholds(held, date(2026, 4, 1))
