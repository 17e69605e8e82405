"""Does a gain and loss share pay what was worked out by hand, and what was published?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from commonweal.contract.clauses.reading import read_contract
from commonweal.contract.settlement.clause import GainLossShare
from commonweal.contract.settlement.settlement_verification import verify_settlements
from commonweal.contract.settlement.settling import settled

HEADER = (
    "aco_id,performance_year,track,n_ab,minsavperc,abtotbnchmk,abtotexp,disadj,earnsaveloss,met_qps,qualscore,reducedss"
)
WORKED = [
    "A1409,2018,T1,5451,0.037646,121182225,83501144,,12118223,1,0.9081,",
    "A3521,2019,T3,10000,0.01,491420036,513291173,-22340,-8726115,1,0.9217,",
    "A1001,2024,EN,10000,0.01,1000000000,853203632,,107895330,1,0.7705,",
    "A4588,2024,EN,10000,0.01,267646726,270671134,-3076,-1206687,1,0.9,",
    "A5328,2024,A,10000,0.0301,106946667,106914583,,6288,1,0.8,1",
]


def paid(**inputs: object) -> object:
    clause = read_contract("mcp-gain-share").one(GainLossShare)
    held = {"baseline": "60000000", "list_now": "1", "list_base": "1", "quality": "1", **inputs}
    return settled(clause, held, date(2025, 1, 1)).payment.value


@pytest.mark.parametrize(
    ("actual", "quality", "expected"),
    [
        ("56400000", "1", "1200000"),
        ("56400000", "0.8", "960000"),
        ("59200000", "1", "0"),
        ("64500000", "1", "-1500000"),
    ],
)
def test_a_deductible_corridor_pays_what_was_worked_out_by_hand(actual, quality, expected):
    assert paid(actual=actual, quality=quality) == Decimal(expected)


def test_futures_are_settled_to_the_penny_as_exact_amounts_are():
    actual = [56_400_000, 59_200_000, 64_500_000, 61_234_567]
    assert paid(actual=np.array(actual, dtype=float)) == pytest.approx(
        [float(paid(actual=a)) for a in actual], abs=0.005
    )


@pytest.mark.parametrize("row", WORKED)
def test_a_worked_row_is_settled_as_published(row, tmp_path):
    (tmp_path / "rows.csv").write_text(f"{HEADER}\n{row}\n")
    found = verify_settlements(tmp_path / "rows.csv")
    assert found.matched == 1, found.rows[0].recomputed


@pytest.mark.published
def test_every_published_row_of_2014_to_2018_matches(published_data):
    found = verify_settlements(published_data / "settlements" / "mssp_2014_2018.csv")
    assert (found.matched, found.of) == (2177, 2177)
