"""Are published hospital scores reproduced, and is a wrong one found?"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from commonweal.contract.performance.performance_verification import verify_performance_pay
from commonweal.contract.performance.published_columns import FILES
from commonweal.core.errors import InputError

COMPARED = {
    "achievement": 21_768,
    "improvement": 21_346,
    "measure score, the better": 11_952,
    "dimension score, the better": 9_816,
    "survey base score": 1_227,
    "survey consistency": 1_227,
    "combined surgical sites": 548,
    "combined surgical sites, within bounds": 307,
    "domain, unweighted": 4_712,
    "domain, weighted": 4_712,
    "total performance score": 1_228,
}
pytestmark = pytest.mark.published
FIRST = 6


@pytest.fixture
def folder(published_data: Path, tmp_path: Path) -> Path:
    """The published files, cut to a few hospitals."""
    for file in FILES.values():
        lines = (published_data / "performance-pay" / file).read_text(encoding="utf-8-sig").splitlines(keepends=True)
        (tmp_path / file).write_text("".join(lines[: FIRST + 1]), encoding="utf-8")
    return tmp_path


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.slow
def test_every_published_score_of_every_hospital_matches(published_data):
    found = verify_performance_pay(published_data / "performance-pay")
    assert found.hospitals == 1228
    assert found.by_kind() == {kind: (of, of) for kind, of in COMPARED.items()}


def test_the_scores_of_a_few_hospitals_match(folder):
    found = verify_performance_pay(folder)
    assert (found.hospitals, found.unmatched) == (FIRST, ())


def test_a_changed_total_is_found_with_ours_explained(folder):
    change(folder / FILES["total"], "21.500000000000", "21.600000000000")
    (row,) = verify_performance_pay(folder).unmatched
    assert (row.hospital, row.kind, str(row.published)) == ("010005", "total performance score", "21.600000000000")
    assert row.recomputed is not None
    assert {part.name for part in row.recomputed.parts} >= {"Safety, weighted"}


def test_a_changed_rate_changes_all_that_follows_from_it(folder):
    change(folder / FILES["efficiency"], "0.949566", "0.848160")
    kinds = [row.kind for row in verify_performance_pay(folder).unmatched]
    assert kinds == [
        "achievement", "improvement", "measure score, the better",
        "domain, unweighted", "domain, weighted", "total performance score",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("total", "Total Performance Score", "Total", "has no column 'Total Performance Score'"),
        ("clinical", "0.869247", "0.869248", "Add the fiscal year's values to the term 'threshold'"),
        ("clinical", "0.880237", "high", "'high' is no score."),
        ("safety", "010005", "999999", "has no hospital 010005."),
        ("total", "2024,010001", "now,010001", "'now' is no score."),
    ],
)
def test_a_file_that_is_wrong_is_told(folder, file, old, new, said):
    change(folder / FILES[file], old, new)
    with pytest.raises(InputError, match=said):
        verify_performance_pay(folder)


def test_a_file_that_is_missing_is_named(folder):
    (folder / FILES["safety"]).unlink()
    with pytest.raises(InputError, match=r"hvbp_safety\.csv: There is no such file"):
        verify_performance_pay(folder)


def test_a_contract_that_scores_nothing_published_is_told(folder):
    with pytest.raises(InputError, match="'qof' scores no published folder"):
        verify_performance_pay(folder, "qof")


def test_files_in_another_order_of_rows_give_the_same(folder, tmp_path):
    other = tmp_path / "other"
    shutil.copytree(folder, other, ignore=shutil.ignore_patterns("other"))
    for file in FILES.values():
        head, *rows = (other / file).read_text(encoding="utf-8").splitlines()
        (other / file).write_text("\n".join([head, *reversed(rows)]), encoding="utf-8")
    first, second = verify_performance_pay(folder), verify_performance_pay(other)
    assert [(row.hospital, row.kind, row.of, row.ours) for row in first.rows] == [
        (row.hospital, row.kind, row.of, row.ours) for row in second.rows
    ]
