"""Do the shares of members sum to what is shared, and is each what its rule says?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
import yaml
from hypothesis import given as each
from hypothesis import strategies as st

from commonweal.contract.agreed.member_shares import MemberShares, member_shares
from commonweal.contract.clauses.reading import read_clause, read_contract
from commonweal.core.amounts import given, given_column
from commonweal.core.errors import InputError

DAY = date(2026, 4, 1)


def clause(by: str, more: str = "") -> MemberShares:
    text = f"clause: member_shares\nname: shares\nlabel: Shares\nshared: The gain.\nby: {by}\n{more}"
    read, faults = read_clause(yaml.safe_load(text), "here")
    assert not faults
    assert isinstance(read, MemberShares)
    return read


def shared(held: MemberShares, pounds: str, **people: int) -> dict[str, Decimal]:
    column = given_column("people", people, unit="people") if people else None
    return member_shares(held, given("gain", pounds), DAY, practices=tuple(people), people=column).by_key()


def test_equal_shares_give_the_odd_pennies_to_somebody_and_nothing_is_lost():
    found = shared(clause("equal"), "100.00", A=1, B=1, C=1)
    assert sorted(found.values()) == [Decimal("33.33"), Decimal("33.33"), Decimal("33.34")]


@pytest.mark.parametrize("by", ["list", "weighted_list"])
def test_shares_by_list_are_in_proportion_to_it(by):
    # 9,000 : 12,000 : 4,000 of 25,000.
    found = shared(clause(by), "1000000.00", A=9_000, B=12_000, C=4_000)
    assert found == {"A": Decimal("360000.00"), "B": Decimal("480000.00"), "C": Decimal("160000.00")}


def test_a_loss_is_borne_as_a_gain_is_shared():
    found = shared(clause("list"), "-1000000.00", A=9_000, B=12_000, C=4_000)
    assert found == {"A": Decimal("-360000.00"), "B": Decimal("-480000.00"), "C": Decimal("-160000.00")}


def test_the_alliances_stated_shares_are_paid_as_stated():
    held = read_contract("alliance").one(MemberShares)
    assert shared(held, "1000.00") == {
        "practices": Decimal("250.00"),
        "community": Decimal("200.00"),
        "mental_health": Decimal("150.00"),
        "acute": Decimal("300.00"),
        "council": Decimal("100.00"),
    }


@each(
    pence=st.integers(-(10**10), 10**10),
    people=st.lists(st.integers(0, 90_000), min_size=1, max_size=40).filter(any),
)
def test_shares_sum_to_the_whole_to_the_penny(pence, people):
    whole = Decimal(pence) / 100
    found = shared(clause("list"), str(whole), **{f"P{i}": n for i, n in enumerate(people)})
    assert sum(found.values()) == whole


def test_members_that_cannot_share_are_told():
    with pytest.raises(InputError, match="there are no members"):
        shared(clause("equal"), "1.00")
    with pytest.raises(InputError, match="weights of all members are nothing"):
        shared(clause("list"), "1.00", A=0, B=0)
    with pytest.raises(InputError, match="there is no list to share by"):
        member_shares(clause("list"), given("gain", "1.00"), DAY, practices=("A",))
    stated = (
        "stated: parts\nterms: {parts: {label: l, meaning: m, unit: share, values: {2026-04-01: "
        "{value: {A: '0.4', B: '0.6'}, status: given, source: {title: t}}}}}"
    )
    with pytest.raises(InputError, match="X has no stated share or is no member"):
        shared(clause("stated", stated), "1.00", A=1, B=1, X=1)
