"""Are the numbers of made-up people valid, different from one another, and never anybody's?"""

from __future__ import annotations

import nhs_number
import numpy as np
import pytest

from commonweal.people.synthesis.numbers import MANY, check_digits, nhs_numbers


def test_every_number_has_a_check_digit_that_another_program_finds_right():
    assert all(nhs_number.is_valid(str(number)) for number in nhs_numbers(3_000))


def test_every_number_is_in_the_range_that_is_never_issued():
    numbers = nhs_numbers(50_000)
    assert numbers.min() >= 9_000_000_000
    assert numbers.max() <= 9_999_999_999


def test_no_two_people_have_one_number():
    assert len(np.unique(nhs_numbers(200_000))) == 200_000


def test_more_people_leave_the_numbers_of_the_first_as_they_were():
    assert nhs_numbers(1_000)[:10].tolist() == nhs_numbers(10).tolist()


def test_the_check_digit_of_a_number_is_that_of_the_worked_example():
    # NHS Data Dictionary: 943476591 has check digit 9.
    assert check_digits(np.array([943_476_591])).tolist() == [9]


def test_more_people_than_there_are_numbers_are_refused():
    with pytest.raises(ValueError, match="not"):
        nhs_numbers(MANY + 1)
