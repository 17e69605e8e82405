"""Who bears the risk of a place's contract, by its own budget, lists, members and record?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from commonweal.contract.clauses.reading import Contract
from commonweal.contract.risk.assessment import (
    Asked,
    ContractRisk,
    cedings_of,
    contract_risk,
    sigma_of,
    uncertainty_of,
)
from commonweal.contract.risk.from_place import pool_of_place, shares_of_members
from commonweal.contract.risk.futures import RiskPool
from commonweal.contract.risk.outcomes import RiskTerms, risk_terms
from commonweal.contract.settlement.clause import GainLossShare
from commonweal.contract.settlement.place_settlement import PlaceFacts
from commonweal.place.formation.forming import practice_people
from commonweal.place.participation.states import options_on

# How much is simulated where nothing else is asked: one in two hundred is then fifty futures.
FUTURES, YEARS, SEED = 10_000, 5, 1


@dataclass(frozen=True, slots=True)
class RiskQuestion:
    """What is asked of a contract's risk.

    first        first day of the contract; years: how long it is
    lines        service lines whose spend counts; those of the parameter when none
    given        inputs of the clause that are not simulated
    performance  performance pay at stake, as a share of the plan
    """

    first: date
    years: int
    clause: str = ""
    lines: Sequence[str] = ()
    given: Mapping[str, Decimal] = field(default_factory=dict)
    performance: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class PlaceRisk:
    """A contract of a place, ready to be simulated or put under stress; said: what its baseline is, in words."""

    contract: Contract
    facts: PlaceFacts
    terms: RiskTerms
    pool: RiskPool
    said: str

    def simulated(
        self,
        *,
        futures: int,
        seed: int,
        confidence: float | None = None,
        sigma: float | None = None,
        tau: float | None = None,
    ) -> ContractRisk:
        """The risk by party over the contract's years.

        Takes    confidence, sigma, tau: in place of the parameter's or the record's.
        """
        day, parameters = self.terms.days[0], self.facts.parameters
        costs = self.facts.person_costs(day)
        found, sigma_from = sigma_of(parameters, day, costs, sigma)
        cedings, cedings_from = cedings_of(parameters, day, costs)
        weighted = self.facts.inputs.weighted_people
        shares, shared = shares_of_members(self.contract, self.pool, day, weighted=weighted)
        share = float(parameters["risk_bearing_confidence"].on(day).number()) if confidence is None else confidence
        return contract_risk(
            self.terms,
            self.pool,
            uncertainty_of(parameters, day, sigma=found, tau=tau),
            Asked(futures, seed, share),
            parameters,
            cedings=cedings,
            shares=shares,
            assumed=[text for text in (self.said, shared, sigma_from, cedings_from) if text],
        )


def place_risk(contract: Contract, facts: PlaceFacts, asked: RiskQuestion) -> PlaceRisk:
    """A contract's clause, and the practices of a place that stand behind it.

    Raises   ClauseProblem, InputError as `risk_terms` and `pool_of_place`.
    """
    parameters = facts.parameters
    terms = risk_terms(
        contract,
        contract.one(GainLossShare, asked.clause),
        first=asked.first,
        years=asked.years,
        given=asked.given,
        performance=asked.performance,
        planned_score=parameters["risk_bearing_score"].on(asked.first).number(),
    )
    part = options_on(facts.history, asked.first, parameters=parameters)
    people = practice_people(facts.inputs)
    pool, said = pool_of_place(facts.care, people, part, parameters, on=asked.first, lines=asked.lines)
    return PlaceRisk(contract, facts, terms, pool, said)
