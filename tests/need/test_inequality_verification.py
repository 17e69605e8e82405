"""Is a file of rates recomputed, matched where it is right and named where it is wrong?"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
import statsmodels.api as sm
from statsmodels.stats.proportion import proportion_confint

from commonweal.core.errors import InputError
from commonweal.need.inequality_verification import verify_inequality
from commonweal.web.pages.verification import verification_document

# The example in the documentation of PHEindicatormethods (phe_sii), second area, by decile.
POPULATIONS = [21675, 20065, 19750, 24713, 20112, 19618, 22408, 19752, 18939, 19312]
VALUES = [70.5, 71.6, 72.5, 73.5, 73.1, 76.2, 78.7, 80.6, 80.9, 80]
ERRORS = [0.23, 0.26, 0.3, 0.16, 0.79, 0.78, 0.4, 0.28, 0.23, 0.35]


def written(folder: Path, *lines: str) -> Path:
    """A file of lines."""
    path = folder / "rates.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def least_squares() -> tuple[float, float]:
    """Slope and ratio of the example by statsmodels."""
    share = np.array(POPULATIONS) / sum(POPULATIONS)
    found = sm.WLS(np.array(VALUES), sm.add_constant(np.cumsum(share) - share / 2), weights=share).fit()
    return float(found.params[1]), float(found.params.sum() / found.params[0])


def deciles(sii: str, rii: str) -> list[str]:
    """The example as a file's lines, with what is expected on the first row."""
    lines = ["Area,Quantile,Population,Value,Error,Kind,SII,RII"]
    for i, (people, value, error) in enumerate(zip(POPULATIONS, VALUES, ERRORS, strict=True)):
        expected = (sii, rii) if i == 0 else ("", "")
        lines.append(",".join(["Area2", str(i + 1), str(people), str(value), str(error), "other", *expected]))
    return lines


def test_indices_of_another_program_match(tmp_path):
    slope, ratio = least_squares()
    found = verify_inequality(written(tmp_path, *deciles(f"{slope:.6f}", f"{ratio:.6f}")))
    assert (found.matched, found.of, found.rows) == (2, 2, ())


def test_a_wrong_index_is_named_with_what_it_should_be(tmp_path):
    slope, ratio = least_squares()
    found = verify_inequality(written(tmp_path, *deciles(f"{slope + 0.01:.4f}", f"{ratio:.6f}")))
    assert (found.matched, found.of) == (1, 2)
    (row,) = found.rows
    assert row.check == "slope index: Area2"
    assert row.recomputed == pytest.approx(Decimal(slope), abs=Decimal("1e-6"))


def test_quantiles_may_stand_in_any_order(tmp_path):
    slope, ratio = least_squares()
    head, *lines = deciles(f"{slope:.6f}", f"{ratio:.6f}")
    assert verify_inequality(written(tmp_path, head, *lines[::-1])).matched == 2


def test_standardised_rates_and_their_limits_by_hand(tmp_path):
    # As in test_rates: 25 per 1,000, less 9.7638 and more 12.8288 events of .866025 each.
    path = written(
        tmp_path,
        "area,count,population,standard,per,dsr,dsr_lower,dsr_upper",
        "X,10,1000,1,1000,25,16.54,36.11",
        "X,20,500,1,1000,25,16.54,36.11",
    )
    found = verify_inequality(path)
    assert (found.matched, found.of) == (3, 3)


def test_rates_and_proportions_are_compared_row_by_row(tmp_path):
    low, high = proportion_confint(81, 263, method="wilson")
    path = written(
        tmp_path,
        "count,population,proportion,proportion_lower,proportion_upper,rate",
        f"81,263,0.30798,{low:.6f},{high:.6f},",
        "100,50000,,,,0.003",
    )
    found = verify_inequality(path)
    assert (found.matched, found.of) == (3, 4)
    assert found.rows[0].check == "crude rate: the file, row 3"
    assert found.rows[0].recomputed == Decimal("0.002")


def test_a_figure_matches_within_half_a_unit_of_its_last(tmp_path):
    lines = "count,population,rate", "1,3,0.33", "1,3,0.34"
    assert verify_inequality(written(tmp_path, *lines)).matched == 1


def test_counts_by_quantile_make_their_own_values_and_limits(tmp_path):
    # Two halves with shares .2 and .4: slope (.4 - .2) / .5, per cent by the multiplier; the ratio .5 / .1.
    lines = ["quantile,population,count,kind,multiplier,sii,rii", "1,1000,200,proportion,100,40,5", "2,1000,400,,,,"]
    assert verify_inequality(written(tmp_path, *lines)).matched == 2


def test_a_confidence_may_be_a_percentage(tmp_path):
    # Errors 3 and 4 make a standard error of 10; 99 % reach 25.76 either way, by simulation within .05 of the width.
    lines = ["quantile,population,value,error,kind,confidence,sii_lower,sii_upper"]
    lines += ["1,50,20,3,other,99,-5.76,45.76", "2,50,30,4,other,99,,"]
    assert verify_inequality(written(tmp_path, *lines)).matched == 2


def test_an_index_that_there_is_not_does_not_match(tmp_path):
    lines = ["quantile,population,value,error,kind,rii", "1,50,3,0.1,other,0.5", "2,50,1,0.1,other,"]
    found = verify_inequality(written(tmp_path, *lines))
    assert (found.matched, found.of) == (0, 1)
    assert verification_document(found).blocks


def test_a_document_of_a_file_without_practices_has_no_column_of_them(tmp_path):
    found = verify_inequality(written(tmp_path, "count,population,rate", "1,2,0.9"))
    table = verification_document(found).blocks[-1]
    assert table.columns[0].label == "Check"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["population,rate", "10,0.1"], "row 2, column 'count'"),
        (["count,rate", "1,0.1"], "no column 'population'"),
        (["count,population", "1,10"], "expects nothing"),
        (["count,population,rate", "1,10,"], "expects nothing"),
        (["count,population,rate"], "no rows"),
        (["count,population,rate", "one,10,0.1"], "row 2, column 'count'"),
        (["count,population,rate", "1,0,0.1"], "row 2"),
        (["count,population,rate", "1,inf,0.1"], "is not a number"),
        (["quantile,population,value,error,kind,sii", "1,5,1,1,odd,2"], "is no kind"),
        (["quantile,population,value,error,sii", "1,5,1,1,2", "1,5,1,1,2"], "stands twice"),
        (["quantile,population,value,error,sii", "1,5,1,1,2", "2,5,1,1,3"], "two things"),
        (["quantile,population,value,sii", "1,5,1,2", "2,5,1,"], "column 'lower'"),
        (["quantile,population,value,error,sii", "1,5,1,1,2"], "two quantiles"),
        (["quantile,population,value,error,transformed,sii", "1,5,1,1,perhaps,2", "2,5,1,1,,"], "neither yes nor no"),
        (["count,population,standard,dsr,confidence", "1,5,1,2,20"], "not a confidence"),
    ],
)
def test_what_cannot_be_read_says_where(tmp_path, lines: list[str], said: str):
    with pytest.raises(InputError) as raised:
        verify_inequality(written(tmp_path, *lines))
    assert said in str(raised.value)


def test_a_file_that_is_no_text_is_refused(tmp_path):
    path = tmp_path / "rates.csv"
    path.write_bytes(b"\xff\xfe\x00\x01population")
    with pytest.raises(InputError, match="cannot be read"):
        verify_inequality(path)
