"""Is each contract of the library whole, dated and cited, and does it say the library's numbers where it repeats?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from commonweal.contract.agreed.member_shares import MemberShares
from commonweal.contract.agreed.options_clause import OptionsClause
from commonweal.contract.agreed.scope_clause import ScopeClause
from commonweal.contract.agreed.subcontracts import Subcontracts
from commonweal.contract.clauses.reading import read_contract
from commonweal.contract.settlement.clause import GainLossShare
from commonweal.contract.settlement.settling import settled
from commonweal.core.parameters import library

CONTRACTS = ("mcp-virtual", "mcp-partial", "mcp-full", "alliance", "dudley-like", "icb-block")
KINDS = {"contract", "options", "scope", "population_budget", "member_shares", "subcontracts"}
TODAY = date(2026, 4, 1)


@pytest.mark.parametrize("name", CONTRACTS)
def test_a_contract_has_every_kind_of_clause_and_one_of_each(name):
    kinds = [clause.clause for clause in read_contract(name).clauses]
    assert len(kinds) == len(set(kinds))
    # A block contract shares nothing.
    assert set(kinds) >= KINDS | (set() if name == "icb-block" else {"gain_and_loss_share"})


@pytest.mark.parametrize("name", ["mcp-partial", "mcp-full", "dudley-like"])
def test_an_mcp_contract_pays_for_performance_and_has_a_calendar(name):
    kinds = {clause.clause for clause in read_contract(name).clauses}
    assert {"performance_scheme", "calendar"} <= kinds


@pytest.mark.parametrize("name", CONTRACTS)
def test_every_term_holds_today_is_cited_and_nothing_is_given(name):
    for clause in read_contract(name).clauses:
        for parameter in clause.parameters.values():
            assert parameter.values[0].start <= TODAY
            for value in parameter.values:
                assert value.source.title
                assert value.status != "given"
                assert value.source.url or value.status != "published", (clause.name, parameter.name)
                assert value.how or value.status != "derived", (clause.name, parameter.name)


@pytest.mark.parametrize("name", ["mcp-partial", "mcp-full"])
def test_terms_that_repeat_the_librarys_parameters_say_the_same(name):
    repeated = {}
    for clause in read_contract(name).clauses:
        repeated.update(clause.replaces)
    assert {"scope", "transition_weight", "reserve_share", "reactivation_window_months"} <= set(repeated)
    for parameter in repeated.values():
        shipped = library()[parameter.name]
        assert (parameter.label, parameter.unit) == (shipped.label, shipped.unit)
        for ours, theirs in zip(parameter.values, shipped.values, strict=True):
            assert (ours.start, ours.status) == (theirs.start, theirs.status)
            if parameter.name != "scope":
                assert ours.value == theirs.value
            else:
                rows = {(row["option"], row["service_line"]): row for row in theirs.value}
                assert all(row == rows[row["option"], row["service_line"]] for row in ours.value)


def test_options_offered_are_those_of_the_three_paths():
    offered = {name: {o.option for o in read_contract(name).one(OptionsClause).offered} for name in CONTRACTS}
    assert offered == {
        "mcp-virtual": {"virtual"},
        "mcp-partial": {"partial", "virtual"},
        "mcp-full": {"full", "partial", "virtual"},
        "alliance": {"virtual"},
        "dudley-like": {"full", "partial"},
        "icb-block": set(),
    }


def test_only_the_full_contract_has_core_general_practice_in_its_budget():
    for name in CONTRACTS:
        for clause in read_contract(name).of_kind(ScopeClause):
            rows = clause.replaces["scope"].on(TODAY).value if "scope" in clause.replaces else []
            core = {r["option"]: r["share_in_scope"] for r in rows if r["service_line"] == "core_general_practice"}
            assert {option for option, share in core.items() if share == "1"} == (
                {"full"} if name == "mcp-full" else set()
            )


def test_an_alliance_shares_a_gain_by_budget_to_the_penny():
    # Expected 60m, actual 56.4m: 3.6m less the corridor of 1.2m, capped at 3.0m, half of 2.4m: 1.2m; quality 1.
    budgets = {"practices": 20, "community": 15, "mental_health": 13, "acute": 40, "council": 12}
    inputs = {
        "baseline": Decimal(60_000_000),
        "list_now": Decimal(1),
        "list_base": Decimal(1),
        "actual": Decimal(56_400_000),
        "quality": Decimal(1),
        **{f"budget_{party}": Decimal(millions) * 1_000_000 for party, millions in budgets.items()},
    }
    found = settled(read_contract("alliance").one(GainLossShare), inputs, TODAY)
    assert found.payment.amount == Decimal("1200000.00")
    assert {party: line.amount for party, line in found.shares.items()} == {
        party: Decimal(12_000) * millions for party, millions in budgets.items()
    }


def test_no_party_of_the_alliance_has_a_veto():
    clause = read_contract("alliance").one(MemberShares)
    assert clause.decision is not None
    assert clause.decision.no_veto
    needed = Decimal(clause.terms[clause.decision.threshold].values[date(2014, 4, 1)].value)
    # Without any one of five parties, four votes in five are left.
    assert needed <= Decimal(4) / 5


def test_a_block_contract_has_every_type_of_subcontract():
    assert {held.type for held in read_contract("icb-block").one(Subcontracts).subcontracts} == {
        "block", "capitation", "cost_and_volume", "item"
    }  # fmt: skip
