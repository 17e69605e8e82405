"""What does a place's contract of clauses come to: gain or loss, chance, risk, assurance?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from commonweal.contract.assurance.register import Register
from commonweal.contract.clauses.reading import Contract
from commonweal.contract.risk.assessment import ContractRisk
from commonweal.contract.risk.place_risk import FUTURES, SEED, YEARS, RiskQuestion, place_risk
from commonweal.contract.settlement.clause import GainLossShare
from commonweal.contract.settlement.place_settlement import (
    PlaceFacts,
    PlaceSettlement,
    known_to_place,
    place_settlement,
)
from commonweal.contract.settlement.what_if import WhatIfs, what_ifs
from commonweal.core.errors import CommonwealError


@dataclass(frozen=True, slots=True)
class GainOrLoss:
    """A gain and loss share of the contract: settled where its inputs are known, and otherwise what if.

    untold   why neither could be worked out, in words; empty otherwise
    """

    clause: GainLossShare
    settled: PlaceSettlement | None
    if_so: WhatIfs | None
    untold: str = ""


@dataclass(frozen=True, slots=True)
class PlaceContract:
    """A place's contract and what it comes to on its first day of the year.

    shares   each gain and loss share; risk: of the one there is, or why it could not be worked out; None where the
             contract has none or several
    """

    contract: Contract
    on: date
    shares: tuple[GainOrLoss, ...]
    risk: ContractRisk | str | None
    register: Register


def gain_or_loss(clause: GainLossShare, facts: PlaceFacts, on: date) -> GainOrLoss:
    """A clause settled with what the place knows; at several differences while its spend is not known."""
    try:
        known = known_to_place(clause, facts, on)
        if all(name in known.lines or held.optional for name, held in clause.inputs.items()):
            return GainOrLoss(clause, place_settlement(clause, facts, on, {}), None)
        return GainOrLoss(clause, None, what_ifs(clause, facts, on))
    except CommonwealError as problem:
        # A report is of the whole place: a clause that cannot be settled yet is told on its page, not in place of it.
        return GainOrLoss(clause, None, None, str(problem))


def risk_of(contract: Contract, facts: PlaceFacts, on: date) -> ContractRisk | str | None:
    """The risk of the contract's gain and loss share, or why it cannot be worked out; None where it has not one."""
    if len(contract.of_kind(GainLossShare)) != 1:
        return None
    try:
        held = place_risk(contract, facts, RiskQuestion(on, YEARS))
    except CommonwealError as problem:
        return str(problem)
    return held.simulated(futures=FUTURES, seed=SEED)
