"""Is a place's outturn read as written, and is what cannot be read refused by its row?"""

from __future__ import annotations

from pathlib import Path

import pytest

from commonweal.contract.settlement.outturn import outturn
from commonweal.core.errors import InputError
from commonweal.core.periods import financial_year

HEADER = "financial_year,service_line,practice_code,amount,source\n"
GOOD = HEADER + (
    "2025-26,acute_emergency,A81001,\"1,000.50\",ledger\n"
    "2025-26,acute_emergency,A81002,£200,\n"
    "2025-26,outpatients,,300.00,\n"
    "2024-25,outpatients,,999.00,\n"
    "2025/26,acute_emergency,A81003,5.00,\n"
)  # fmt: skip


def read(folder: Path, text: str):
    (folder / "outturn.csv").write_text(text)
    return outturn(
        folder / "outturn.csv",
        financial_year("2025-26"),
        service_lines=["acute_emergency", "outpatients"],
        practices=["A81001", "A81002"],
        places=["A81001", "A81002", "A81003"],
    )


def test_the_year_is_added_up_by_line_for_the_practices_that_take_part(tmp_path):
    found = read(tmp_path, GOOD)
    assert {line: str(amount.amount) for line, amount in found.items()} == {
        "acute_emergency": "1200.50",
        "outpatients": "300.00",
    }
    assert str(found["acute_emergency"].parts[0].source) == "contract/outturn.csv, row 2: ledger"


def test_no_file_and_no_row_of_the_year_are_nothing(tmp_path):
    assert read(tmp_path, HEADER) == {}
    assert outturn(tmp_path / "no.csv", financial_year("2025-26"), service_lines=[], practices=[], places=[]) == {}


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("2025-26,acute,,1,", "'acute' is no service line"),
        ("2025-26,outpatients,B99999,1,", "B99999 is not of this place"),
        ("2025-26,outpatients,,a lot,", "'a lot' is no number"),
        ("2025-26,outpatients,,NaN,", "no number"),
        ("2025-27,outpatients,,1,", "is not a financial year"),
        ("2025-26,outpatients,,1,\n2025-26,outpatients,,2,", "is the second of its kind"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused(row, told, tmp_path):
    with pytest.raises(InputError, match=told):
        read(tmp_path, HEADER + row + "\n")


def test_a_file_without_its_columns_is_refused(tmp_path):
    with pytest.raises(InputError, match="has no column amount"):
        read(tmp_path, "financial_year,service_line\n")
