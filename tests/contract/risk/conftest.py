"""Contracts of one clause and one or more practices, small enough to work out by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from commonweal.contract.clauses.clause import Agreement
from commonweal.contract.clauses.reading import Contract
from commonweal.contract.risk.futures import RiskPool
from commonweal.contract.risk.outcomes import RiskTerms, risk_terms
from commonweal.contract.settlement.clause import GainLossShare

FIRST = date(2026, 4, 1)


def term(value: str) -> dict[str, Any]:
    held = {"value": value, "status": "illustrative", "source": {"title": "a test"}}
    return {"label": "a term", "meaning": "a term", "unit": "share", "values": {date(2020, 4, 1): held}}


def share_clause(share: str = "0.5", more: tuple[dict[str, Any], ...] = (), last: str = "difference", **terms: str):
    """Half of the difference, after what else is done to it."""
    operations = [
        {
            "do": "expected",
            "name": "expected",
            "baseline": "baseline",
            "list_now": "list_now",
            "list_base": "list_base",
        },
        {"do": "difference", "name": "difference", "expected": "expected", "actual": "actual"},
        *more,
        {"do": "share", "name": "payment", "of": last, "gain": "share", "loss": "share"},
    ]
    inputs = {name: {"label": name} for name in ("baseline", "actual")}
    inputs |= {name: {"label": name, "unit": "people"} for name in ("list_now", "list_base")}
    return GainLossShare.model_validate(
        {
            "clause": "gain_and_loss_share",
            "name": "a_share",
            "label": "A share",
            "inputs": inputs,
            "terms": {name: term(value) for name, value in {"share": share, **terms}.items()},
            "operations": operations,
        }
    )


CORRIDOR = {
    "do": "corridor",
    "name": "counted",
    "of": "difference",
    "base": "expected",
    "convention": "deductible",
    "gain": "corridor",
    "loss": "corridor",
}


@pytest.fixture
def share():
    return share_clause


@pytest.fixture
def corridor():
    def made(**changed: Any):
        step = {name: value for name, value in {**CORRIDOR, **changed}.items() if value is not None}
        return share_clause(more=(step,), last="counted", corridor="0.02")

    return made


@pytest.fixture
def terms():
    def made(clause: GainLossShare, years: int = 1, **changed: Any) -> RiskTerms:
        parties = {"mcp": "the provider", "commissioner": "the board", "acute": "the trust"}
        head = Agreement(clause="contract", name="a_contract", label="A contract", parties=parties)
        return risk_terms(Contract("a_contract", head, (head, clause), {}), clause, first=FIRST, years=years, **changed)

    return made


@pytest.fixture
def pool():
    """Practices of so many people, at £1,000 each."""

    def made(*people: int) -> RiskPool:
        codes = tuple(f"X9000{i}" for i in range(len(people)))
        return RiskPool(codes, people, tuple(Decimal(1_000 * n) for n in people))

    return made
