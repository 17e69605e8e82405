"""Does each parameter that a gain and loss share may have do what was worked out by hand?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from commonweal.contract.settlement.clause import GainLossShare
from commonweal.contract.settlement.settling import Settlement, settled
from commonweal.core.errors import InputError

DAY = date(2026, 4, 1)
SPENT = {"baseline": "60000000", "actual": "56400000"}
DIFFERENCE = {"do": "difference", "name": "difference", "expected": "baseline", "actual": "actual"}


def clause(*operations: dict[str, Any], inputs: Any = (), optional: Any = (), terms: Any = None) -> GainLossShare:
    """A clause of baseline and actual spend, what else is named, and some operations."""
    held = {
        "clause": "gain_and_loss_share",
        "name": "share",
        "label": "Share",
        "inputs": {
            **{name: {"label": name} for name in ("baseline", "actual", *inputs)},
            **{name: {"label": name, "optional": True} for name in optional},
        },
        "terms": {
            name: {
                "label": name,
                "meaning": "Agreed.",
                "unit": "share",
                "values": {"2020-04-01": {"value": value, "status": "illustrative", "source": {"title": "By hand"}}},
            }
            for name, value in (terms or {}).items()
        },
        "operations": list(operations),
    }
    found = GainLossShare.model_validate(held)
    assert list(found.faults()) == []
    return found


def paid(held: GainLossShare, **inputs: Any) -> Decimal:
    return settled(held, {**SPENT, **inputs}, DAY).payment.amount


def share_of(of: str, rate: str = "half") -> dict[str, Any]:
    return {"do": "share", "name": "payment", "of": of, "gain": rate, "loss": rate}


def test_only_the_share_of_each_line_in_scope_counts():
    # All of 20m, 30 % of 10m: 23m against 25m; half of 2m.
    held = clause(
        {"do": "scope", "name": "in_scope", "lines": {"emergency": None, "outpatients": "part"}},
        {"do": "difference", "name": "difference", "expected": "baseline", "actual": "in_scope"},
        share_of("difference"),
        inputs=("emergency", "outpatients"),
        terms={"part": "0.3", "half": "0.5"},
    )
    assert paid(held, baseline="25000000", emergency="20000000", outpatients="10000000") == 1_000_000


def test_a_baseline_is_uplifted_and_moves_with_list_and_casemix():
    # 60m x 1.02 x 102/100 x 1.05/1.00 = 65.54520m.
    held = clause(
        {
            "do": "expected", "name": "expected", "baseline": "baseline", "uplift": "uplift",
            "list_now": "now", "list_base": "then", "casemix_now": "mix", "casemix_base": "mix_then",
        },
        inputs=("now", "then", "mix", "mix_then"),
        terms={"uplift": "0.02"},
    )  # fmt: skip
    assert paid(held, now="102", then="100", mix="1.05", mix_then="1") == Decimal("65545200")


def test_a_list_of_nothing_is_refused_by_name():
    held = clause(
        {"do": "expected", "name": "expected", "baseline": "baseline", "list_now": "now", "list_base": "then"},
        inputs=("now", "then"),
    )
    with pytest.raises(InputError, match="'then' is zero"):
        paid(held, now="102", then="0")


@pytest.mark.parametrize(
    ("sides", "actual", "expected"),
    [
        ("both", "56400000", "1080000"),
        ("both", "64500000", "-1350000"),
        ("gains", "64500000", "-2250000"),
        ("losses", "56400000", "1800000"),
    ],
)
def test_at_a_marginal_rate_only_the_cost_that_moves_is_shared(sides, actual, expected):
    # 60 % of 3.6m saved is 2.16m, half of it 1.08m; 60 % of 4.5m lost is 2.7m, half of it 1.35m.
    held = clause(
        DIFFERENCE,
        {"do": "price", "name": "moved", "of": "difference", "marginal": "marginal", "sides": sides},
        share_of("moved"),
        terms={"marginal": "0.6", "half": "0.5"},
    )
    assert paid(held, actual=actual) == Decimal(expected)


def test_activity_is_priced_at_tariff_and_at_a_marginal_rate():
    # 9,500 admissions expected, 9,000 made: 500 x 2,800 x 50 % = 700,000; half is 350,000.
    held = clause(
        DIFFERENCE,
        {"do": "price", "name": "moved", "of": "difference", "tariff": "tariff", "marginal": "half"},
        share_of("moved"),
        inputs=("tariff",),
        terms={"half": "0.5"},
    )
    assert paid(held, baseline="9500", actual="9000", tariff="2800") == 350_000


def test_what_single_people_cost_above_a_point_is_left_out():
    # 56.4m less 80 % of 0.5m = 56.0m; half of 4.0m.
    held = clause(
        {"do": "truncated", "name": "kept", "of": "actual", "above": "above", "share": "ceded"},
        {"do": "difference", "name": "difference", "expected": "baseline", "actual": "kept"},
        share_of("difference"),
        optional=("above",),
        terms={"ceded": "0.8", "half": "0.5"},
    )
    assert paid(held, above="500000") == 2_000_000
    without = settled(held, SPENT, DAY)
    assert without.payment.amount == 1_800_000
    assert without.notes == ("kept: not truncated, as 'above' (above) was not given.",)


TABLE = [["0", "99999", "0.04", "0.02"], ["100000", None, "0.02", "0.02"]]


@pytest.mark.parametrize(
    ("people", "expected"),
    [("100000", "1200000"), ("0", "600000"), ("49999.5", "900000"), ("400000", "1200000")],
)
def test_a_corridor_may_be_a_table_by_list_size(people, expected):
    # 2 % of 60m from 100,000 people on: 2.4m counts. 4 % of nobody: 1.2m. Half way: 3 %, so 1.8m. Half of each.
    held = clause(
        DIFFERENCE,
        {
            "do": "corridor", "name": "counted", "of": "difference", "base": "baseline", "convention": "deductible",
            "gain": "width", "loss": "width", "by": "people",
        },
        share_of("counted"),
        inputs=("people",),
        terms={"width": TABLE, "half": "0.5"},
    )  # fmt: skip
    assert paid(held, people=people) == Decimal(expected)


@pytest.mark.parametrize(("order", "expected"), [("shared amount", "1500000"), ("payment", "1800000")])
def test_a_cap_binds_the_shared_amount_or_the_payment_as_the_order_says(order, expected):
    # Cap 5 % of 60m is 3.0m. On the 3.6m first: half of 3.0m. On the payment of 1.8m: it does not bind.
    limit = {"do": "limit", "name": "held", "base": "baseline", "cap": "most", "collar": "most"}
    share = {"do": "share", "gain": "half", "loss": "half", "name": "shared"}
    steps = (
        [{**limit, "of": "difference"}, {**share, "of": "held"}]
        if order == "shared amount"
        else [{**share, "of": "difference"}, {**limit, "of": "shared"}]
    )
    assert paid(clause(DIFFERENCE, *steps, terms={"most": "0.05", "half": "0.5"})) == Decimal(expected)


@pytest.mark.parametrize(
    ("form", "sides", "actual", "quality", "expected"),
    [
        ("multiplier", "gains", "56400000", "0.8", "2880000"),
        ("multiplier", "gains", "64500000", "0.8", "-4500000"),
        ("multiplier", "both", "64500000", "0.8", "-3600000"),
        ("gate", "gains", "56400000", "0", "0"),
        ("gate", "gains", "64500000", "0", "-4500000"),
        ("gate", "both", "64500000", "0", "0"),
    ],
)
def test_quality_is_a_gate_or_a_multiplier_of_gains_or_of_both(form, sides, actual, quality, expected):
    step = {"do": "quality", "name": "earned", "of": "difference", "by": "quality", "form": form, "sides": sides}
    assert paid(clause(DIFFERENCE, step, inputs=("quality",)), actual=actual, quality=quality) == Decimal(expected)


def test_shares_may_depend_on_quality_either_way():
    # Gain: 60 % x .9 = 54 % of 3.6m. Loss: 1 - 54 % = 46 %, within 40 % and 60 %, of 4.5m.
    held = clause(
        DIFFERENCE,
        {"do": "rate", "name": "gains", "maximum": "most", "quality": "quality"},
        {
            "do": "loss_rate",
            "name": "losses",
            "maximum": "most",
            "quality": "quality",
            "least": "low",
            "most": "most",
        },
        {"do": "share", "name": "payment", "of": "difference", "gain": "gains", "loss": "losses"},
        inputs=("quality",),
        terms={"most": "0.6", "low": "0.4"},
    )
    assert paid(held, quality="0.9") == Decimal("1944000")
    assert paid(held, quality="0.9", actual="64500000") == Decimal("-2070000")


def test_relief_counts_in_part_and_never_makes_a_loss_a_gain():
    step = {"do": "relief", "name": "payment", "of": "difference", "amount": "relief", "part": "part"}
    held = clause(DIFFERENCE, step, optional=("relief", "part"))
    assert paid(held, actual="64500000", relief="1000000") == -3_500_000
    assert paid(held, actual="64500000", relief="1000000", part="0.5") == -4_000_000
    assert paid(held, actual="64500000", relief="9000000") == 0
    assert paid(held, relief="1000000") == 3_600_000


def test_a_top_slice_and_a_part_of_the_year_are_taken_in_the_order_stated():
    # 2 % off 3.6m is 3.528m; nine months of it is 2.646m.
    held = clause(
        DIFFERENCE,
        {"do": "top_slice", "name": "sliced", "of": "difference", "rate": "slice"},
        {"do": "part_year", "name": "payment", "of": "sliced", "part": "part"},
        optional=("part",),
        terms={"slice": "0.02"},
    )
    assert paid(held, part="0.75") == Decimal("2646000")
    assert paid(held) == Decimal("3528000")
    assert paid(held, actual="64500000", part="0.75") == Decimal("-3375000")


POOLED = clause(
    DIFFERENCE,
    {"do": "pool", "name": "pooled", "of": "difference", "years": "years"},
    {"do": "pool", "name": "base", "of": "baseline", "years": "years"},
    {
        "do": "corridor", "name": "counted", "of": "pooled", "base": "base", "convention": "deductible",
        "gain": "width", "loss": "width",
    },
    share_of("counted"),
    inputs=("quality",),
    terms={"years": "3", "width": "0.02", "half": "0.5"},
)  # fmt: skip
YEARS = {
    date(2024, 4, 1): {"baseline": "58000000", "actual": "59000000"},
    date(2025, 4, 1): {"baseline": "59000000", "actual": "57000000"},
    date(2023, 4, 1): {"baseline": "50000000", "actual": "10000000"},
}


def pooled(earlier: Any) -> Settlement:
    return settled(POOLED, {**SPENT, "quality": "1"}, DAY, earlier=earlier)


def test_three_years_are_pooled_before_the_corridor_whatever_the_order_they_are_given_in():
    # -1.0m + 2.0m + 3.6m = 4.6m; 2 % of 177m is 3.54m; half of 1.06m. The fourth year back does not count.
    found = pooled(YEARS)
    assert found.payment.amount == 530_000
    assert found.notes == ()
    assert pooled(dict(reversed(YEARS.items()))).payment.amount == 530_000


def test_fewer_years_than_agreed_are_pooled_and_said():
    # 2.0m + 3.6m = 5.6m; 2 % of 119m is 2.38m; half of 3.22m.
    found = pooled({date(2025, 4, 1): YEARS[date(2025, 4, 1)]})
    assert found.payment.amount == 1_610_000
    assert "2 of 3 years pooled" in found.notes[0]


def test_a_year_that_is_not_earlier_is_refused():
    with pytest.raises(InputError, match="is not before"):
        pooled({DAY: SPENT})


def carried(side: str) -> GainLossShare:
    return clause(
        DIFFERENCE,
        {"do": "carried", "name": "net", "of": "difference", "side": side, "brought": "brought"},
        {"do": "one_side", "name": "forward", "of": "net", "side": "loss"},
        {"do": "one_side", "name": "gain", "of": "net", "side": "gain"},
        share_of("gain"),
        optional=("brought",),
        terms={"half": "0.5"},
    )


def test_losses_are_carried_forward_against_later_gains():
    # Losses of 1m and then 3m are carried: 4m. This year's 3.6m meets them: nothing is paid and 0.4m goes on.
    earlier = {
        date(2024, 4, 1): {"baseline": "60000000", "actual": "61000000"},
        date(2025, 4, 1): {"baseline": "60000000", "actual": "63000000"},
    }
    found = settled(carried("loss"), SPENT, DAY, earlier=earlier)
    assert found.payment.amount == 0
    assert found.amounts["forward"].amount == -400_000


def test_a_gain_of_a_year_before_is_settled_then_and_not_carried_with_losses():
    # A loss of 1m met by 3m of gain leaves nothing to carry: this year's 3.6m is shared by itself.
    earlier = {
        date(2024, 4, 1): {"baseline": "60000000", "actual": "61000000"},
        date(2025, 4, 1): {"baseline": "60000000", "actual": "57000000"},
    }
    assert settled(carried("loss"), SPENT, DAY, earlier=earlier).payment.amount == 1_800_000
    # Carried either way, 3.6m + 3m - 1m = 5.6m is.
    assert settled(carried("both"), SPENT, DAY, earlier=earlier).payment.amount == 2_800_000


def test_a_balance_brought_forward_stands_for_the_years_before():
    assert paid(carried("loss"), brought="-1600000") == 1_000_000


PARTIES = ["mcp", "acute", "commissioner"]


@pytest.mark.parametrize(
    ("among", "weights", "expected"),
    [
        ("equal", {}, ["1200000", "1200000", "1200000"]),
        ("share", {"mcp": "half", "acute": "third", "commissioner": "fifth"}, ["1800000", "1080000", "720000"]),
        ("budget", {"mcp": "a", "acute": "b", "commissioner": "c"}, ["600000", "2400000", "600000"]),
        ("effort", {"mcp": "b", "acute": "a", "commissioner": "c"}, ["2400000", "600000", "600000"]),
        ("performance", {"mcp": "a", "acute": "a", "commissioner": "b"}, ["600000", "600000", "2400000"]),
        # Losses of 0.4m, 1.6m and 0.4m are made good first, 2.4m; the rest of 1.2m is shared equally.
        (
            "compensate_losers",
            {"mcp": "lost_a", "acute": "lost_b", "commissioner": "lost_c"},
            ["800000", "2000000", "800000"],
        ),
    ],
)
def test_a_payment_is_shared_among_parties_in_each_way(among, weights, expected):
    held = clause(
        DIFFERENCE,
        {"do": "parties", "name": "shares", "of": "difference", "among": among, "parties": PARTIES, "weights": weights},
        inputs=("a", "b", "c", "lost_a", "lost_b", "lost_c"),
        terms={"half": "0.5", "third": "0.3", "fifth": "0.2"},
    )
    numbers = {"a": "10", "b": "40", "c": "10", "lost_a": "400000", "lost_b": "1600000", "lost_c": "400000"}
    found = settled(held, {**SPENT, **numbers}, DAY)
    assert [found.shares[party].amount for party in PARTIES] == [Decimal(text) for text in expected]


def test_a_fund_takes_all():
    step = {"do": "parties", "name": "shares", "of": "difference", "among": "fund", "parties": ["reserve"]}
    assert settled(clause(DIFFERENCE, step), SPENT, DAY).shares["reserve"].amount == 3_600_000


LOSS_SHARES = clause(
    DIFFERENCE,
    {
        "do": "parties", "name": "shares", "of": "difference", "among": "share", "parties": ["mcp", "acute"],
        "weights": {"mcp": "most", "acute": "least"}, "loss_weights": {"mcp": "least", "acute": "most"},
    },
    terms={"most": "0.75", "least": "0.25"},
)  # fmt: skip


def test_parties_may_bear_a_loss_otherwise_than_they_share_a_gain():
    gain = settled(LOSS_SHARES, SPENT, DAY).shares
    loss = settled(LOSS_SHARES, {**SPENT, "actual": "64000000"}, DAY).shares
    assert (gain["mcp"].amount, gain["acute"].amount) == (2_700_000, 900_000)
    assert (loss["mcp"].amount, loss["acute"].amount) == (-1_000_000, -3_000_000)


def test_futures_are_shared_by_the_weights_of_their_own_side():
    shares = settled(LOSS_SHARES, {**SPENT, "actual": np.array([56e6, 60e6, 64e6])}, DAY).shares
    assert shares["mcp"].value.tolist() == [3e6, 0, -1e6]
