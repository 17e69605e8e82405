"""Do periods have the days that the NHS gives them?"""

from __future__ import annotations

import itertools
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonweal.core.errors import InputError
from commonweal.core.periods import financial_year, financial_year_of, month, months, months_later, quarters

days = st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 12, 31))


def test_a_financial_year_runs_from_the_first_of_april_and_its_end_is_the_first_day_after():
    year = financial_year("2026-27")
    assert (year.start, year.end) == (date(2026, 4, 1), date(2027, 4, 1))


@pytest.mark.parametrize("text", ["2026/27", "2026_2027", "2026-27"])
def test_published_spellings_of_a_year_are_read(text):
    assert financial_year(text).label == "2026-27"


@pytest.mark.parametrize("text", ["2026", "2026-28", "26-27", "next"])
def test_anything_else_is_refused_with_the_way_to_write_it(text):
    with pytest.raises(InputError, match="2026-27"):
        financial_year(text)


def test_the_year_of_the_millennium_is_written_with_two_digits():
    assert financial_year_of(date(1999, 5, 1)).label == "1999-00"


@given(days)
def test_every_day_lies_in_its_own_financial_year_and_in_one_of_its_quarters_and_months(day):
    year = financial_year_of(day)
    assert day in year
    assert sum(day in quarter for quarter in quarters(year)) == 1
    assert sum(day in held for held in months(year)) == 1


@given(days, st.integers(min_value=-60, max_value=60))
def test_going_some_months_on_lands_in_the_right_month(day, count):
    landed = months_later(day, count)
    assert landed.year * 12 + landed.month == day.year * 12 + day.month + count
    assert landed.day <= day.day


def test_quarters_follow_each_other_and_fill_the_year():
    year = financial_year("2026-27")
    held = quarters(year)
    assert held[0].start == year.start
    assert held[-1].end == year.end
    assert all(a.end == b.start for a, b in itertools.pairwise(held))


def test_a_month_that_does_not_exist_is_refused():
    with pytest.raises(InputError, match="2026-04"):
        month("2026-13")
