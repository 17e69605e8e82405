"""Does what each change adds sum to the difference, and is it what was worked out by hand?

The example: expected spend 60.0m, corridor 2 % (1.2m), share .5, cap and collar 5 % (3.0m).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonweal.contract.clauses.reading import read_contract
from commonweal.contract.explained.changes import Side
from commonweal.contract.explained.comparison import Comparison, comparison
from commonweal.contract.settlement.clause import GainLossShare
from commonweal.core.errors import InputError

DAY = date(2026, 4, 1)
YEAR = {"baseline": "60000000", "list_now": "1", "list_base": "1", "actual": "56400000", "quality": "1"}
WORKED = read_contract("mcp-gain-share").one(GainLossShare)


def agreed(change: Callable[[list[dict[str, Any]]], None] | None = None, **terms: str) -> GainLossShare:
    """The worked example with some terms, and its operations, changed."""
    content = WORKED.model_dump(mode="json")
    for name, value in terms.items():
        content["terms"][name]["values"]["2024-04-01"]["value"] = value
    if change:
        change(content["operations"])
    return GainLossShare.model_validate(content)


def trigger(operations: list[dict[str, Any]]) -> None:
    next(step for step in operations if step["do"] == "corridor")["convention"] = "trigger"


def share_before_limit(operations: list[dict[str, Any]]) -> None:
    """The cap taken on the payment instead of on the shared amount."""
    limit, share = operations[3], operations[4]
    limit["of"], share["of"] = "shared", "counted"
    operations[5]["of"] = "limited"
    operations[3:5] = [share, limit]


def without_quality(operations: list[dict[str, Any]]) -> None:
    operations[6]["of"] = "shared"
    del operations[5]


def compared(second: GainLossShare, way: Any = None, **inputs: str) -> Comparison:
    first = Side("first", WORKED, YEAR, DAY)
    return comparison(first, Side("second", second, {**YEAR, **inputs}, DAY), way)


def adds(found: Comparison) -> dict[str, Decimal]:
    return {held.change.name: held.amount for held in found.additions}


def test_a_wider_corridor_alone_makes_the_difference():
    # Gain 3.6m. Past 2 %: 2.4m, half is 1.2m. Past 3 % (1.8m): 1.8m, half is .9m.
    found = compared(agreed(corridor="0.03"))
    assert (found.before, found.after, found.difference) == (Decimal(1200000), Decimal(900000), Decimal(-300000))
    assert adds(found) == {"corridor": Decimal(-300000)}


def test_a_trigger_instead_of_a_deductible_is_the_operation_of_the_corridor():
    # The whole 3.6m counts, held to the cap of 3.0m: half is 1.5m, against 1.2m.
    found = compared(agreed(trigger))
    assert adds(found) == {"counted": Decimal(300000)}
    held = found.additions[0].change
    assert (held.kind, held.before, held.after) == ("operation", "convention deductible", "convention trigger")


def test_a_smaller_share_alone_makes_the_difference():
    # .4 of 2.4m is .96m.
    assert adds(compared(agreed(share="0.4"))) == {"share": Decimal(-240000)}


def test_two_changes_share_what_they_do_together_by_the_average_of_both_orders():
    # Both: .4 of 1.8m is .72m. Corridor first: -.3m, then share -.18m. Share first: -.24m, then corridor -.24m.
    found = compared(agreed(corridor="0.03", share="0.4"), "average")
    assert adds(found) == {"corridor": Decimal(-270000), "share": Decimal(-210000)}
    assert found.running() == (Decimal(930000), Decimal(720000))


def test_in_order_each_change_comes_after_those_above_it():
    found = compared(agreed(corridor="0.03", share="0.4"), "order")
    assert adds(found) == {"corridor": Decimal(-300000), "share": Decimal(-180000)}


def test_changes_that_cancel_are_told_though_nothing_is_paid_differently():
    # Trigger at 3 %, share .4: 3.0m by the cap, .4 of it is 1.2m, as before. In order: corridor .9m, share .72m, 1.2m.
    found = compared(agreed(trigger, corridor="0.03", share="0.4"), "order")
    assert found.difference == 0
    assert list(adds(found).values()) == [Decimal(-300000), Decimal(-180000), Decimal(480000)]


def test_two_years_of_one_contract_differ_by_their_inputs():
    # Actual 57.6m: gain 2.4m, past the corridor 1.2m, half is .6m. Quality .8 of it: .48m. Quality first: .96m.
    found = compared(WORKED, "average", actual="57600000", quality="0.8")
    # actual: mean of .6 - 1.2 and .48 - .96; quality: mean of .96 - 1.2 and .48 - .6.
    assert adds(found) == {"actual": Decimal(-540000), "quality": Decimal(-180000)}
    assert {held.change.kind for held in found.additions} == {"input"}


def test_two_days_of_one_contract_differ_by_the_terms_that_changed():
    content = WORKED.model_dump(mode="json")
    later = {**content["terms"]["corridor"]["values"]["2024-04-01"], "value": "0.03"}
    content["terms"]["corridor"]["values"]["2027-04-01"] = later
    clause = GainLossShare.model_validate(content)
    found = comparison(Side("2026", clause, YEAR, DAY), Side("2027", clause, YEAR, date(2027, 4, 1)))
    assert adds(found) == {"corridor": Decimal(-300000)}
    assert (found.additions[0].change.before, found.additions[0].change.after) == ("0.02", "0.03")


def test_operations_in_another_order_are_one_change():
    # Actual 50.0m: gain 10.0m, past the corridor 8.8m. Cap first 3.0m, half 1.5m; half first 4.4m, capped at 3.0m.
    first = Side("first", WORKED, {**YEAR, "actual": "50000000"}, DAY)
    second = Side("second", agreed(share_before_limit), {**YEAR, "actual": "50000000"}, DAY)
    found = comparison(first, second)
    assert [held.amount for held in found.additions] == [Decimal(1500000)]
    assert found.additions[0].change.kind == "operation"


def test_an_operation_left_out_is_one_change_beside_a_term():
    # Quality .8. With it: 2.4m x .5 x .8 = .96m; without: 1.2m; with share .4: .768m; with both: .96m.
    first = Side("first", WORKED, {**YEAR, "quality": "0.8"}, DAY)
    found = comparison(first, Side("second", agreed(without_quality, share="0.4"), {**YEAR, "quality": "0.8"}, DAY))
    told = {held.change.kind: held.amount for held in found.additions}
    # share: mean of .768 - .96 and .96 - 1.2; operation: mean of 1.2 - .96 and .96 - .768.
    assert told == {"term": Decimal(-216000), "operation": Decimal(216000)}


def test_the_remainder_of_rounding_is_in_the_last_and_told():
    # Gain 3,600,000.01, list x 1 to 3 things that differ: thirds of a penny are left to the last change.
    found = compared(agreed(corridor="0.0213", share="0.437"), "average", actual="56399999.99", quality="0.913")
    assert len(found.additions) == 4
    assert sum(adds(found).values()) == found.difference
    assert [held.rounding for held in found.additions[:-1]] == [0, 0, 0]
    assert abs(found.additions[-1].rounding) < Decimal("0.05")


def test_tracks_of_a_public_programme_whose_operations_differ_are_compared_as_a_whole():
    mssp = read_contract("mssp")
    first, second = mssp.one(GainLossShare, "basic_e"), mssp.one(GainLossShare, "enhanced")
    values = dict.fromkeys({**first.inputs, **second.inputs}, "0")
    values |= {"benchmark": "100000000", "expenditure": "90000000", "elected": "0.02", "quality": "0.9"}
    values |= {"standard_met": "1", "revenue": "50000000"}
    on = date(2024, 1, 1)
    found = comparison(Side("basic", first, values, on), Side("enhanced", second, values, on))
    # 10.0m saved, half or three quarters of it, less the sequester of 2 %. Losses and limits come into neither.
    assert (found.before, found.after) == (Decimal(4900000), Decimal(7350000))
    assert sum(adds(found).values()) == found.difference
    assert adds(found)["greatest_share"] == found.difference
    assert adds(found)["operations"] == 0


def pooled(operations: list[dict[str, Any]]) -> None:
    """Difference and expected spend of two years added up before the corridor."""
    years = [
        {"do": "pool", "name": "two_years", "of": "difference", "years": "pool_years"},
        {"do": "pool", "name": "expected_two_years", "of": "expected", "years": "pool_years"},
    ]
    for step in operations[2:4]:
        step["base"] = "expected_two_years"
    operations[2]["of"] = "two_years"
    operations[2:2] = years


def test_results_pooled_with_another_year_differ_by_the_inputs_of_that_year():
    content = WORKED.model_dump(mode="json")
    content["terms"]["pool_years"] = {
        **content["terms"]["share"],
        "label": "Years pooled",
        "unit": "years",
        "values": {"2024-04-01": {**content["terms"]["share"]["values"]["2024-04-01"], "value": "2"}},
    }
    pooled(content["operations"])
    clause = GainLossShare.model_validate(content)
    last = date(2025, 4, 1)
    first = Side("first", clause, YEAR, DAY, {last: {**YEAR, "actual": "58800000"}})
    second = Side("second", clause, YEAR, DAY, {last: {**YEAR, "actual": "60000000"}})
    found = comparison(first, second)
    # 3.6m and 1.2m are 4.8m, beyond 2 % of 120.0m 2.4m, half 1.2m; 3.6m and nothing: 1.2m beyond, half .6m.
    assert (found.before, found.after) == (Decimal(1200000), Decimal(600000))
    assert adds(found) == {"earlier_years": Decimal(-600000)}


def test_nothing_that_differs_is_nothing_to_tell():
    found = compared(WORKED)
    assert (found.additions, found.difference) == ((), 0)


def test_an_average_over_too_many_changes_is_refused():
    content = WORKED.model_dump(mode="json")
    content["inputs"] |= {f"more_{i}": {"label": f"More {i}", "unit": "GBP"} for i in range(13)}
    clause = GainLossShare.model_validate(content)
    sides = [Side(n, clause, {**YEAR, **{f"more_{i}": n for i in range(13)}}, DAY) for n in ("1", "2")]
    with pytest.raises(InputError, match="13 changes"):
        comparison(*sides, "average")
    assert comparison(*sides).way == "order"


AMOUNT = st.integers(min_value=50_000_000_00, max_value=70_000_000_00).map(lambda pence: str(Decimal(pence) / 100))
RATE = st.integers(min_value=0, max_value=1000).map(lambda held: str(Decimal(held) / 1000))


@settings(max_examples=40, deadline=None)
@given(actual=AMOUNT, quality=RATE, corridor=RATE, share=RATE, limit=RATE, as_trigger=st.booleans())
def test_additions_always_sum_to_the_difference(actual, quality, corridor, share, limit, as_trigger):
    second = agreed(trigger if as_trigger else None, corridor=corridor, share=share, limit=limit)
    for way in ("average", "order"):
        found = compared(second, way, actual=actual, quality=quality)
        assert sum(adds(found).values()) == found.difference == found.after - found.before
        assert all(held.amount == round(held.amount, 2) for held in found.additions)
