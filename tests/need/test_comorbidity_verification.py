"""Is a file of diagnoses recomputed row by row, in whatever shape it comes, without a word of who is in it?"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import numpy as np
import polars as pl
import pycomorb
import pytest

from commonweal.core.errors import InputError
from commonweal.need.comorbidity_codes import hospital_frailty_weights, index_categories
from commonweal.need.comorbidity_verification import verify_comorbidity
from commonweal.place.verification_records import verification_record

SECRET = "9000000009"


def verified(tmp_path: Path, text: str):
    """What is found in a file."""
    path = tmp_path / "scores.csv"
    path.write_text(text, encoding="utf-8")
    return verify_comorbidity(path)


@pytest.mark.parametrize(
    "text",
    [
        "id,code,charlson_1987,hfrs\nA,I50,2,0\nA,J44,,\nB,F00,1,7.1\nC,,0,0\n",
        "id,codes,charlson_1987,hfrs\nA,i50.0 ; J44.9,2,0\nB,f00.9*,1,7.1\nC,,0,0\n",
        'ID,Code,HFRS,Charlson_1987,age\nA,"I50,J44",0,2,80\nB,F00,7.10,1.0,81\nC,,0.0,0,2\n',
        "id,diag_01,diag_02,hfrs,charlson_1987\nA,J44,I50,0,2\nB,F00,,7.1,1\nC,,,0,0\n",
        "\ufeffid,icd10_code,charlson_1987,hfrs\r\nB,F00,1,7.1\r\n\r\nA,I50|J44,2,0\r\nC,,0,0\r\n",
    ],
)
def test_a_file_is_read_in_whatever_shape_it_comes(text: str, tmp_path: Path):
    found = verified(tmp_path, text)
    assert (found.matched, found.of) == (6, 6)
    assert found.figures["people"] == 3


def test_a_score_that_differs_is_named_by_row_and_never_by_id(tmp_path: Path):
    found = verified(tmp_path, f"id,code,charlson_shmi,elixhauser_swiss\nA,I50,13,13\n{SECRET},E112,-1,-1\n")
    assert (found.matched, found.of) == (3, 4)
    (row,) = found.rows
    assert (row.practice_code, row.check) == ("row 3", "charlson_shmi")
    assert (row.published, row.recomputed, row.difference) == (-1, 0, 1)
    assert SECRET not in str(verification_record(found))


def test_a_blank_expects_nothing_and_only_scores_in_the_file_are_compared(tmp_path: Path):
    found = verified(tmp_path, "id,code,charlson_1987,hfrs\nA,I50,,\nB,I50,1,\n")
    assert [(check.name, check.matched, check.of) for check in found.checks] == [("charlson_1987", 1, 1)]


def test_admissions_are_told_apart_where_the_score_asks_for_them(tmp_path: Path):
    text = "id,admission,code,hfrs,hfrs_each_admission\nA,1,G81,4.4,8.8\nA,2,G819,,\n"
    assert verified(tmp_path, text).matched == 2


def test_what_is_no_code_is_counted_and_counts_for_nothing(tmp_path: Path):
    found = verified(tmp_path, "id,code,charlson_1987\nA,heart,0\nB,I50 12,1\n")
    assert found.matched == 2
    assert found.figures["codes that are not ICD-10, which count for nothing"] == 2


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "is empty"),
        ("person,code,hfrs\nA,I50,0\n", "no column 'id'"),
        ("id,hfrs\nA,0\n", "no column 'code'"),
        ("id,code\nA,I50\n", "no column of an expected score"),
        ("id,code,charlson_2050\nA,I50,0\n", "'charlson_2050', which is no score"),
        ("id,code,hfrs,hfrs\nA,I50,0,0\n", "two columns 'hfrs'"),
        (f"id,code,hfrs\n{SECRET},I50,high\n", "row 2, column 'hfrs': is not a number"),
        (f"id,code,hfrs\n{SECRET},I50,nan\n", "is not a number"),
        (f"id,code,hfrs\n{SECRET},I50,0\n{SECRET},F00,7.1\n", "row 3, column 'hfrs': is a second score"),
        ("id,code,hfrs\n,I50,0\n", "row 2, column 'id': is blank"),
        (f"id,code,hfrs\n{SECRET},I50,F00,7.1\n", "row 2: has more cells"),
        ("id,code,hfrs\nA,I50,\n", "expects nothing"),
    ],
)
def test_a_file_that_cannot_be_used_says_where_and_why(text: str, complaint: str, tmp_path: Path):
    with pytest.raises(InputError) as refused:
        verified(tmp_path, text)
    assert complaint in str(refused.value)
    assert SECRET not in str(refused.value)
    assert refused.value.mend


def test_a_file_in_another_encoding_is_refused(tmp_path: Path):
    path = tmp_path / "scores.csv"
    path.write_bytes("id,code,hfrs\nÅ,I50,0\n".encode("latin-1"))
    with pytest.raises(InputError, match="UTF-8"):
        verify_comorbidity(path)


def test_scores_worked_out_by_another_program_all_match(tmp_path: Path):
    chance = np.random.default_rng(3)
    listed = {prefix for c in index_categories("ELIXHAUSER", "quan", "swiss_weights") for prefix in c.prefixes}
    codes = sorted({*hospital_frailty_weights(), *listed})
    rows = [(f"P{at}", codes[pick], 40) for at in range(1000) for pick in chance.integers(len(codes), size=at % 6 + 1)]
    frame = pl.DataFrame(rows, schema=["id", "code", "age"], orient="row")
    expected = {
        "hfrs": pycomorb.comorbidity("hfrs", frame).select("id", hfrs="HFRS Score"),
        "charlson_shmi": pycomorb.comorbidity("charlson", frame, implementation="uk_shmi", weights="uk_shmi").select(
            "id", charlson_shmi="Charlson Comorbidity Index"
        ),
        "elixhauser_van_walraven": pycomorb.comorbidity("elixhauser", frame).select(
            "id", elixhauser_van_walraven="Elixhauser Comorbidity Index"
        ),
    }
    for scores in expected.values():
        frame = frame.join(scores, on="id")
    path = tmp_path / "scores.csv"
    frame.write_csv(path)
    found = verify_comorbidity(path)
    assert (found.matched, found.of) == (3000, 3000)
    assert found.figures["codes"] == Decimal(len(rows))
