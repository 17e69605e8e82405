"""Are numbers of policy dated, cited, and refused when they change inside a period?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from commonweal.core.errors import ParameterProblem
from commonweal.core.parameters import Parameters, library, read_parameters
from commonweal.core.periods import financial_year, month

CORRIDOR = """
corridor:
  label: Corridor
  meaning: A difference nobody shares.
  unit: share of budget
  values:
    2020-04-01: {value: "0.02", status: illustrative, source: {title: Example contract, where: "Schedule 3"}}
    2021-10-01: {value: "0.03", status: published, source: {title: Variation 1}}
"""


def corridor():
    return read_parameters(CORRIDOR, "example.yaml")["corridor"]


def test_a_value_holds_from_its_day_until_the_next():
    assert corridor().on(date(2021, 9, 30)).number() == Decimal("0.02")
    assert corridor().on(date(2021, 10, 1)).number() == Decimal("0.03")


def test_a_day_before_the_first_value_is_an_error_that_says_when_it_starts():
    with pytest.raises(ParameterProblem, match="2020-04-01"):
        corridor().on(date(2020, 3, 31))


def test_a_change_inside_the_period_is_an_error_that_says_where_to_split():
    with pytest.raises(ParameterProblem, match="Split the period at 2021-10-01"):
        corridor().during(financial_year("2021-22"))


def test_a_change_on_the_first_day_of_the_period_is_no_change_inside_it():
    assert corridor().during(month("2021-10")).number() == Decimal("0.03")


def test_a_line_made_of_a_parameter_carries_its_status_and_source():
    line = corridor().line(on=date(2020, 5, 1))
    assert (line.status, str(line.source)) == ("illustrative", "Example contract, Schedule 3")


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ("unit: share of budget", "", "lacks unit"),
        ("status: illustrative", "status: guessed", "status"),
        ("source: {title: Variation 1}", "source: {}", "cites no source"),
        ("2020-04-01:", "soon:", "not a date"),
    ],
)
def test_a_parameter_that_is_not_complete_is_refused_by_file_and_name(was, becomes, said):
    with pytest.raises(ParameterProblem, match=said) as problem:
        read_parameters(CORRIDOR.replace(was, becomes), "example.yaml")
    assert "example.yaml: corridor" in str(problem.value)


def test_a_place_overrides_the_library_with_a_file_of_its_own(tmp_path):
    (tmp_path / "own.yaml").write_text(CORRIDOR.replace('"0.02"', '"0.05"'), encoding="utf-8")
    book = Parameters(read_parameters(CORRIDOR, "library.yaml")).overridden_by(tmp_path)
    assert book["corridor"].on(date(2020, 4, 1)).number() == Decimal("0.05")


def test_a_name_that_is_no_parameter_is_an_error():
    with pytest.raises(ParameterProblem, match="no parameter 'corridoor'"):
        Parameters({})["corridoor"]


def test_the_library_reads_and_every_value_in_it_says_how_sure_it_is():
    book = library()
    assert len(book) > 10
    for parameter in book.values():
        assert all(value.status in ("published", "derived", "illustrative") for value in parameter.values)
