"""Is every figure that a published file lets us recompute recomputed, and every difference shown?"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from commonweal.core.errors import InputError
from commonweal.place.verification import verify_practice_payments, verify_weighted_populations

from .conftest import rewrite, setting

NEED, PAID = "need_weighted_populations.csv", "gp_payments_2022-23.csv"


def test_a_total_that_its_lines_do_not_give_is_shown_with_the_difference(files: Path) -> None:
    rewrite(files / PAID, setting(2, "Total NHS Payments to General Practice Minus Deductions", "5.00"))
    verified = verify_practice_payments(files / PAID)
    (row,) = [row for row in verified.rows if row.check == "sum of lines: Total less deductions"]
    assert (row.practice_code, row.published) == ("X90001", Decimal("5.00"))
    assert row.difference == row.recomputed - row.published
    held = {check.name: (check.matched, check.of) for check in verified.checks}
    assert held["sum of lines: Total less deductions"] == (59, 60)
    assert held["sum of lines: Total"] == (60, 60)


def test_an_average_a_penny_or_two_out_is_shown(files: Path) -> None:
    first = verify_practice_payments(files / PAID)
    assert not first.rows
    rewrite(files / PAID, setting(2, "Average payments per registered patient", "0.02"))
    (row,) = verify_practice_payments(files / PAID).rows
    assert (row.practice_code, row.published) == ("X90001", Decimal("0.02"))


def test_weighted_lists_that_share_out_more_than_there_is_are_shown(files: Path) -> None:
    rewrite(files / PAID, setting(2, "Number of Weighted Patients (Last Known Figure)", "90000"))
    verified = verify_practice_payments(files / PAID)
    assert "normalisation" in {row.check for row in verified.rows}


def test_a_weighted_population_that_does_not_re_add_is_shown(files: Path) -> None:
    rewrite(files / NEED, setting(2, "Prescr WP", "90000"))
    verified = verify_weighted_populations(files / NEED)
    assert "sum: prescribing" in {row.check for row in verified.rows}
    assert verified.matched < verified.of


def test_a_practice_that_is_not_the_mix_of_its_components_is_shown(files: Path) -> None:
    rewrite(files / NEED, setting(2, "Final WP", "1"))
    verified = verify_weighted_populations(files / NEED)
    assert "X90001" in {row.practice_code for row in verified.rows if row.check == "overall from the mix"}


@pytest.mark.parametrize("verify", [verify_practice_payments, verify_weighted_populations])
def test_another_file_is_refused_by_what_it_is(files: Path, verify: object) -> None:
    with pytest.raises(InputError, match="but practice locations"):
        verify(files / "practice_locations.csv")  # type: ignore[operator]


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        verify_practice_payments(tmp_path / "none.csv")
