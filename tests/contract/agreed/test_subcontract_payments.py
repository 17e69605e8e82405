"""Does each type of subcontract pay what arithmetic by hand gives, month by month and over the year?"""

from __future__ import annotations

from decimal import Decimal
from itertools import permutations

import pytest
import yaml

from commonweal.contract.agreed.subcontract_payments import Counted, month_payments
from commonweal.contract.agreed.subcontracts import Subcontracts
from commonweal.contract.clauses.reading import read_clause
from commonweal.core.amounts import given
from commonweal.core.errors import InputError
from commonweal.core.periods import financial_year, month, months

TERM = """  {name}:
    label: {name}
    meaning: m
    unit: {unit}
    values: {{2026-04-01: {{value: '{value}', status: given, source: {{title: t}}}}}}
"""
NUMBERS = {
    "block_sum": "1000000",
    "rate": "8.72",
    "base": "2400000",
    "volume": "60000",
    "band": "0.05",
    "marginal": "20",
    "price": "36.28",
}
CLAUSE = """
clause: subcontracts
name: subcontracts
label: Subcontracts
subcontracts:
  - {name: block, provider: trust, service_line: community, type: block, year_sum: block_sum}
  - {name: heads, provider: out of hours, service_line: urgent_care, type: capitation, per_head: rate}
  - {name: volume, provider: centre, service_line: urgent_care, type: cost_and_volume, base: base, volume: volume,
     band: band, marginal: marginal, below: BELOW}
  - {name: items, provider: practices, service_line: enhanced_services, type: item, price: price}
terms:
  subcontract_shares:
    {label: l, meaning: m, unit: share of the service line,
     values: {2026-04-01: {value: [], status: given, source: {title: t}}}}
"""
YEAR = months(financial_year("2026-27"))


def clause(below: str = "kept") -> Subcontracts:
    text = CLAUSE.replace("BELOW", below) + "".join(
        TERM.format(name=name, unit="GBP a year", value=value) for name, value in NUMBERS.items()
    )
    read, faults = read_clause(yaml.safe_load(text), "here")
    assert not faults
    assert isinstance(read, Subcontracts)
    return read


def items(number: int):
    return given("count", number, unit="items")


def people(number: int):
    return given("people", number, unit="people")


def paid(month_text: str, below: str = "kept", **counted: Counted) -> dict[str, Decimal]:
    usual = {
        "heads": Counted(people=people(100_000)),
        "volume": Counted(count=items(5_000), before=items(0)),
        "items": Counted(count=items(7)),
    }
    found = month_payments(clause(below), month(month_text), {**usual, **counted})
    return {name: line.amount for name, line in found.items()}


def test_a_block_pays_a_twelfth_and_the_last_month_takes_the_rounding():
    # 1,000,000 ÷ 12 = 83,333.33, and 1,000,000 − 11 × 83,333.33 = 83,333.37.
    assert paid("2026-04")["block"] == Decimal("83333.33")
    counted = {"volume": Counted(count=items(0), before=items(55_000))}
    assert paid("2027-03", **counted)["block"] == Decimal("83333.37")


def test_a_capitation_pays_a_twelfth_of_the_rate_for_each_person():
    # 8.72 × 100,000 = 872,000; ÷ 12 = 72,666.67.
    assert paid("2026-04")["heads"] == Decimal("72666.67")
    # One person more: 872,008.72 ÷ 12 = 72,667.39.
    assert paid("2026-04", heads=Counted(people=people(100_001)))["heads"] == Decimal("72667.39")


def test_an_item_pays_its_price_for_each():
    assert paid("2026-04")["items"] == Decimal("253.96")


@pytest.mark.parametrize(
    ("count", "below", "amount"),
    [
        # A twelfth of the plan is 5,000, its band 250: 5,000 to 5,250 pay the base of 200,000 alone.
        (5_000, "kept", "200000.00"),
        (5_250, "kept", "200000.00"),
        # 300 above the plan are 50 above the band: 50 × 20 = 1,000.
        (5_300, "kept", "201000.00"),
        # 400 below the plan are 150 below the band: kept, or 150 × 20 = 3,000 given back.
        (4_600, "kept", "200000.00"),
        (4_600, "returned", "197000.00"),
    ],
)
def test_cost_and_volume_pays_its_base_and_the_marginal_price_beyond_the_band(count, below, amount):
    counted = {"volume": Counted(count=items(count))}
    assert paid("2026-04", below, **counted)["volume"] == Decimal(amount)


def test_a_month_after_a_busy_one_gives_back_what_the_year_to_date_no_longer_exceeds():
    # April 5,300: 1,000 above. By May 10,300 against a plan of 10,000 and a band of 500: nothing is above any more.
    april = paid("2026-04", volume=Counted(count=items(5_300)))["volume"]
    may = paid("2026-05", volume=Counted(count=items(5_000), before=items(5_300)))["volume"]
    assert (april, may) == (Decimal("201000.00"), Decimal("199000.00"))


@pytest.mark.parametrize("below", ["kept", "returned"])
@pytest.mark.parametrize("busy", list(permutations((4_000, 9_000, 6_500))))
def test_the_year_pays_the_same_whenever_in_it_the_work_is_done(below, busy):
    # 19,500 + 9 × 5,000 = 64,500: 4,500 above the plan, 1,500 above the band of 3,000; 2,400,000 + 1,500 × 20.
    counts = [*busy, *[5_000] * 9]
    whole, before = Decimal(0), 0
    for served, count in zip(YEAR, counts, strict=True):
        whole += paid(served.label, below, volume=Counted(count=items(count), before=items(before)))["volume"]
        before += count
    assert whole == Decimal("2430000.00")


def test_a_count_that_is_missing_or_of_nothing_is_told():
    with pytest.raises(InputError, match=r"items: lacks 'count', by which it is paid\."):
        paid("2026-04", items=Counted())
    with pytest.raises(InputError, match=r"volume: lacks 'before'"):
        paid("2026-05", volume=Counted(count=items(1)))
    with pytest.raises(InputError, match=r"another: is no subcontract\. There are block, heads, items, volume\."):
        paid("2026-04", another=Counted())


def test_each_sum_explains_itself_down_to_the_terms_and_the_count():
    found = month_payments(
        clause(),
        month("2026-04"),
        {
            "heads": Counted(people=people(3)),
            "volume": Counted(items(1), items(9_000)),
            "items": Counted(count=items(2)),
        },
    )
    assert {line.name for line in found["volume"].supplied()} >= {"base", "band", "volume", "marginal", "count"}
    assert {line.name for line in found["heads"].supplied()} == {"rate", "people"}
