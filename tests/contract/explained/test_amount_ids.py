"""Can an amount be found by its id, by enough of it, and is a wrong one answered by the nearest?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from commonweal.contract.clauses.reading import read_contract
from commonweal.contract.explained.amount_ids import amount_of, settlement_amounts
from commonweal.contract.settlement.clause import GainLossShare
from commonweal.contract.settlement.records import settlement_record
from commonweal.contract.settlement.settling import settled
from commonweal.core.errors import InputError

YEAR = {"baseline": "60000000", "list_now": "1", "list_base": "1", "actual": "56400000", "quality": "1"}


@pytest.fixture(scope="module")
def found():
    return settled(read_contract("mcp-gain-share").one(GainLossShare), YEAR, date(2026, 3, 31))


def test_every_amount_of_a_settlement_has_an_id_that_finds_it(found):
    amounts = settlement_amounts(found)
    for row in settlement_record(found)["amounts"]:
        full, line = amount_of(amounts, row["id"])
        assert (full, line.name) == (row["id"], row["label"])


@pytest.mark.parametrize(
    "wanted",
    [
        "settlement/2025-26/gain_share/counted",
        "settlement/2025-26/counted",
        "Settlement/2025-26/Gain-Share/COUNTED/",
        "counted",
    ],
)
def test_parts_may_be_left_out_where_the_rest_fits_one(found, wanted):
    # 3.6m less 2 % of 60.0m.
    full, line = amount_of(settlement_amounts(found), wanted)
    assert full == "settlement/2025-26/gain_share/counted"
    assert line.amount == Decimal(2400000)


def test_an_id_that_is_none_is_answered_by_the_nearest(found):
    with pytest.raises(InputError, match=r"Nearest are: settlement/2025-26/gain_share/counted"):
        amount_of(settlement_amounts(found), "settlement/2025-26/gain_share/countd")


def test_an_id_that_fits_several_is_answered_by_some_of_them(found):
    with pytest.raises(InputError, match="fits 16 amounts"):
        amount_of(settlement_amounts(found), "gain_share")


def test_each_partys_share_has_an_id():
    content = read_contract("mcp-gain-share").one(GainLossShare).model_dump(mode="json")
    parties = {"do": "parties", "name": "by_party", "of": "payment", "among": "equal", "parties": ["The MCP", "acute"]}
    content["operations"].append(parties)
    clause = GainLossShare.model_validate(content)
    amounts = settlement_amounts(settled(clause, YEAR, date(2026, 4, 1)))
    # 1.2m in two.
    assert amounts["settlement/2026-27/gain_share/shares/the-mcp"]().amount == Decimal(600000)
