"""Do England's own files read, re-add and agree, as published?"""

from __future__ import annotations

import gzip
import subprocess
import sys
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from commonweal.core.engine import duckdb_engine
from commonweal.place.published.reading import Published, published_paths, read_published
from commonweal.place.selection import Selection, chosen_practices
from commonweal.place.verification import verify_practice_payments, verify_weighted_populations

pytestmark = pytest.mark.published

PAYMENT_YEARS = ("2018-19", "2021-22", "2022-23")
ROWS = {
    "need_weighted_populations_2022-23.csv": ("need_populations", 6554),
    "gp_payments_2018-19.csv": ("payment_practices", 7279),
    "gp_payments_2021-22.csv": ("payment_practices", 6758),
    "gp_payments_2022-23.csv": ("payment_practices", 6669),
    "practice_locations.csv": ("locations", 16534),
    "practice_membership_2019-2024.csv": ("memberships", 32406),
    "gp-reg-pat-prac-all_2021-01.csv": ("list_counts", 6658),
    "practice_age_bands_2020-04.csv": ("practice_age_bands", 6730),
    "practice_demographics_2020-04.csv": ("practice_demographics", 6797),
    "practice_imd.csv": ("practice_deprivation", 23080),
}


@pytest.fixture(scope="module")
def practices(published_data: Path) -> Path:
    folder = published_data / "practices"
    if not folder.is_dir():
        pytest.skip("the published practice files are not here")
    return folder


@pytest.fixture(scope="module")
def england(practices: Path) -> Published:
    return read_published(duckdb_engine(), published_paths(practices))


def test_every_form_is_recognised_and_every_row_read(england: Published) -> None:
    """Of 16,572 locations 38 are second rows of a code."""
    assert {file.name: (file.form, file.rows) for file in england.files} == ROWS
    assert (england.baseline_year, england.need_year) == ("2022-23", "2022-23")


def test_the_years_of_payments_are_told_by_the_columns_alone(practices: Path, tmp_path: Path) -> None:
    for number, year in enumerate(PAYMENT_YEARS):
        (tmp_path / f"{number}.csv").symlink_to(practices / f"gp_payments_{year}.csv")
    found = read_published(duckdb_engine(), published_paths(tmp_path))
    assert [file.years for file in found.files] == [(year,) for year in PAYMENT_YEARS]


def test_gzipped_and_zipped_files_read_as_the_files_themselves(
    practices: Path, england: Published, tmp_path: Path
) -> None:
    need, paid = "need_weighted_populations_2022-23.csv", "gp_payments_2022-23.csv"
    (tmp_path / "need.csv.gz").write_bytes(gzip.compress((practices / need).read_bytes(), 1))
    with zipfile.ZipFile(tmp_path / "paid.zip", "w") as archive:
        archive.write(practices / paid, paid)
    packed = read_published(duckdb_engine(), published_paths(tmp_path))
    assert [file.rows for file in packed.files] == [6554, 6669]
    table = england.tables["payment_lines"]
    same_year = table.filter(table.financial_year == "2022-23")
    assert packed.tables["payment_lines"].amount.sum().to_pyarrow() == same_year.amount.sum().to_pyarrow()


def test_the_findings_of_england_are_those_known(england: Published) -> None:
    """No number or code of the payments or the populations is malformed; only locations are out of range or twice."""
    beyond_notes = [finding for finding in england.findings if finding.severity != "note"]
    assert {finding.file for finding in beyond_notes} == {"practice_locations.csv"}
    assert {finding.rule for finding in beyond_notes} == {"code-duplicated", "number-out-of-range"}


def test_published_traps_are_seen(england: Published) -> None:
    """Three practices with no need of general and acute, 17 with a blank for maternity."""
    need = england.tables["need_populations"]
    assert need.filter(need.general_and_acute == 0).count().to_pyarrow().as_py() == 3
    assert need.filter(need.maternity.isnull()).count().to_pyarrow().as_py() == 17
    tiny = need.filter((need.longitude > 0) & (need.longitude < 0.0001)).longitude.to_pyarrow().to_pylist()
    assert tiny == [4.71711e-05]


def test_weighted_populations_re_add_to_england(practices: Path) -> None:
    verified = verify_weighted_populations(practices / "need_weighted_populations_2022-23.csv")
    assert [(c.name, c.matched, c.of) for c in verified.checks if c.name.startswith("sum")] == [
        (f"sum: {name}", 1, 1)
        for name in (
            "general and acute",
            "community",
            "mental health",
            "maternity",
            "health inequalities",
            "prescribing",
            "final",
        )
    ]
    assert not verified.rows
    assert sum(share for name, share in verified.figures.items() if name.startswith("mix")) == pytest.approx(
        Decimal("1.0001"), abs=Decimal("0.0002")
    )


@pytest.mark.parametrize(("year", "practices_paid"), [*zip(PAYMENT_YEARS, (7279, 6758, 6669), strict=True)])
def test_lines_sum_to_every_published_total_in_every_practice(practices: Path, year: str, practices_paid: int) -> None:
    verified = verify_practice_payments(practices / f"gp_payments_{year}.csv")
    sums = [check for check in verified.checks if check.name.startswith("sum of lines")]
    assert len(sums) == (2 if year == "2018-19" else 6)
    assert {(check.matched, check.of) for check in sums} == {(practices_paid, practices_paid)}


@pytest.mark.parametrize("year", PAYMENT_YEARS)
def test_payments_per_head_are_as_published_in_995_of_1000_practices(practices: Path, year: str) -> None:
    verified = verify_practice_payments(practices / f"gp_payments_{year}.csv")
    averages = [check for check in verified.checks if check.name.startswith("average")]
    assert len(averages) == (2 if year == "2018-19" else 6)
    for check in averages:
        assert Decimal(check.matched) / check.of >= Decimal("0.995"), check
    assert next(check.matched for check in verified.checks if check.name == "normalisation") == 1


@pytest.mark.parametrize(
    ("districts", "count", "people"),
    [
        (("Dudley",), 43, 330_350),
        (("Stockport",), 36, 319_439),
        (("Rushcliffe",), 10, 124_129),
        (("Fylde", "Blackpool"), 27, 248_927),
        (("Tower Hamlets",), 33, 365_872),
    ],
)
def test_places_that_users_try_have_their_practices_and_people(
    england: Published, districts: tuple[str, ...], count: int, people: int
) -> None:
    chosen = chosen_practices(england, Selection(lad=districts))
    assert (len(chosen.codes), chosen.people) == (count, people)


def test_the_42_boards_share_england_out(england: Published) -> None:
    need = england.tables["need_populations"]
    boards = need.select("icb_code").distinct().icb_code.to_pyarrow().to_pylist()
    chosen = [chosen_practices(england, Selection(icb=(board,))) for board in boards]
    codes = [code for board in chosen for code in board.codes]
    left_out = {f.practice_code for board in chosen for f in board.findings} - set(codes)
    assert len(boards) == 42
    assert len(codes) == len(set(codes))
    everyone = {row["practice_code"]: row for row in need.to_pyarrow().to_pylist()}
    assert set(codes) | (left_out & set(everyone)) == set(everyone)
    closed = {row["practice_code"]: row["closed"] for row in england.tables["practices"].to_pyarrow().to_pylist()}
    assert all(closed[code] < date(2022, 4, 1) for code in left_out & set(everyone))
    people = sum(board.people for board in chosen) + sum(
        everyone[c]["registered_people"] for c in left_out if c in everyone
    )
    assert people == 61_194_033


@pytest.mark.slow
def test_england_is_read_in_a_gigabyte(practices: Path) -> None:
    """In a process of its own, so that only the reading counts.

    The kernel's VmHWM belongs to that process alone; ru_maxrss would start from the peak of the process that started
    it, which is this test run's.
    """
    program = (
        "import sys; from pathlib import Path; from commonweal.core.engine import duckdb_engine; "
        "from commonweal.place.published.reading import published_paths, read_published; "
        "read_published(duckdb_engine(), published_paths(Path(sys.argv[1]))); "
        "print(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"
    )
    words = [sys.executable, "-c", program, str(practices)]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert int(done.stdout) < 1_000_000
