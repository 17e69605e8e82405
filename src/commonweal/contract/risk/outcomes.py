"""What does each party to a contract gain or lose, future by future?

The contract's own clause settles arrays of futures. A difference D between plan and spend is somebody's: the provider
has what the clause pays, the commissioner the rest of D, and the acute trust has D less income than planned; together
nothing. Floats: futures, never an amount paid.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np

from commonweal.contract.chance.spread import Variation
from commonweal.contract.clauses.reading import Contract
from commonweal.contract.risk.futures import Column, Futures, RiskPool, Uncertainty, practice_futures
from commonweal.contract.risk.roles import Roles, roles_of
from commonweal.contract.settlement.clause import GainLossShare
from commonweal.contract.settlement.settling import Settlement, settled
from commonweal.core.errors import InputError
from commonweal.core.periods import months_later

COMMISSIONERS = ("commissioner", "icb", "cms", "payer")
Earlier = dict[date, Mapping[str, Any]]
# Results of practices that are held at once: 2 GB.
MOST_RESULTS = 250_000_000
ACUTE = ("acute", "acute_trust", "trust", "hospital")


@dataclass(frozen=True, slots=True)
class Parties:
    """Who is who among a contract's parties: the provider that the clause pays, who commissions, the acute trust."""

    provider: str = "provider"
    commissioner: str = "commissioner"
    acute: str = "acute"
    labels: Mapping[str, str] = field(default_factory=dict)

    def label(self, party: str) -> str:
        """What a party is called."""
        said = self.labels.get(party, party.replace("_", " "))
        return said[0].upper() + said[1:]


def parties_of(contract: Contract) -> Parties:
    """The parties that a contract's heading names."""
    names = contract.agreement.parties
    commissioner = next((name for name in names if name in COMMISSIONERS), "commissioner")
    acute = next((name for name in names if name in ACUTE), "acute")
    provider = next((name for name in names if name not in (commissioner, acute)), "provider")
    labels = {"commissioner": "the commissioner", "acute": "the acute trust", "provider": "the provider", **names}
    return Parties(provider, commissioner, acute, labels)


@dataclass(frozen=True, slots=True)
class RiskTerms:
    """A gain and loss share with all that it takes to settle it over the years of a contract.

    given        inputs that are not simulated, the same in every future
    days         the day whose terms hold, of each year
    performance  performance pay at stake, as a share of the plan; planned_score is the share the provider counts on
    """

    clause: GainLossShare
    parties: Parties
    roles: Roles
    days: tuple[date, ...]
    given: Mapping[str, Decimal] = field(default_factory=dict)
    performance: Decimal = Decimal(0)
    planned_score: Decimal = Decimal(1)

    def exact(self, baseline: Any, actual: Any, list_now: Decimal, list_base: Decimal, year: int = 0) -> Settlement:
        """One year settled exactly, with quality in full; amounts are decimals, or lines that explain themselves."""
        return self.settle(
            year,
            baseline=baseline,
            actual=actual,
            list_now=list_now,
            list_base=list_base,
            quality=Decimal(1),
            people=list_now,
        )

    def settle(self, year: int, before: Earlier | None = None, **simulated: Any) -> Settlement:
        """One year settled: numbers or arrays of futures, by what they are (`Roles.inputs`).

        Takes    before: the years settled so far, for a clause that pools or carries them; this one is added to it.
        """
        inputs = {**self.given, **self.roles.inputs(**simulated)}
        found = settled(self.clause, inputs, self.days[year], earlier=before if self.roles.looks_back else None)
        if before is not None:
            before[self.days[year]] = inputs
        return found

    def planned(self, baseline: Decimal, listed: Decimal, year: int = 0) -> Decimal:
        """What the clause itself expects of a year whose lists are as they were."""
        return self.exact(baseline, baseline, listed, listed, year).amounts[self.roles.expected].amount


def risk_terms(
    contract: Contract,
    clause: GainLossShare,
    *,
    first: date,
    years: int,
    given: Mapping[str, Decimal] | None = None,
    performance: Decimal = Decimal(0),
    planned_score: Decimal = Decimal(1),
) -> RiskTerms:
    """A contract's clause, ready to be settled over its years.

    Takes    first: the contract's first day; given: inputs of the clause that are not simulated.
    Raises   InputError, ClauseProblem as `roles_of`.
    """
    held = given or {}
    if years < 1:
        raise InputError("A contract lasts at least one year.", where="years", mend="As in: 5")
    days = tuple(months_later(first, 12 * year) for year in range(years))
    return RiskTerms(clause, parties_of(contract), roles_of(clause, held), days, held, performance, planned_score)


def outcomes(
    terms: RiskTerms, pool: RiskPool, held: Futures, variation: Variation, *, pooled: int = 1
) -> dict[str, Column]:
    """What each party gains (above zero) or loses, future by future and period by period, in pounds.

    Takes    variation: how large chance is in these futures; pooled: years settled together as one.
    Returns  by party, an array of futures x settlements; over the parties they sum to nothing.
    """
    actual, years = held.actual(variation), held.spend.shape[1]
    before: Earlier = {}
    settlements = [
        _period(terms, pool, held, actual, slice(first, min(first + pooled, years)), before)
        for first in range(0, years, pooled)
    ]
    return {party: np.stack([found[party] for found in settlements], axis=1) for party in settlements[0]}


def _period(
    terms: RiskTerms, pool: RiskPool, held: Futures, actual: Column, part: slice, before: Earlier
) -> dict[str, Column]:
    spend = actual[:, part]
    years = spend.shape[1]
    listed, whole = Decimal(pool.listed), pool.spend * years
    growth = float(terms.planned(pool.spend, listed, part.start) / pool.spend)
    found = terms.settle(
        part.start,
        before,
        baseline=whole,
        actual=spend.sum(axis=1) * growth,
        list_now=held.listed[:, part].mean(axis=1),
        list_base=listed,
        quality=held.quality[:, part].mean(axis=1),
        people=listed,
    )
    earned = held.score[:, part].sum(axis=1) - years * float(terms.planned_score)
    return _by_party(terms, found, earned * float(terms.performance * pool.spend) * growth)


def _by_party(terms: RiskTerms, found: Settlement, performance: Any) -> dict[str, Column]:
    who = terms.parties
    difference = np.asarray(found.amounts[terms.roles.difference].value)
    paid = np.broadcast_to(np.asarray(found.payment.value, dtype=float), difference.shape)
    shares = {party: np.asarray(line.value) for party, line in found.shares.items()} or {who.provider: paid}
    result = {**shares, who.provider: shares.get(who.provider, 0) + performance}
    result[who.commissioner] = difference - paid - performance + shares.get(who.commissioner, 0)
    result[who.acute] = shares.get(who.acute, 0) - difference
    return {party: np.broadcast_to(held, difference.shape) for party, held in result.items()}


def practices_alone(
    terms: RiskTerms, pool: RiskPool, uncertainty: Uncertainty, *, years: int, number: int, seed: int
) -> Column:
    """What the provider of each practice would gain or lose if the practice held the same contract alone.

    Returns  futures x years x practices, in pounds: the same futures as those of the whole.
    Raises   InputError for more results than `MOST_RESULTS`.
    """
    if number * years * len(pool.practices) > MOST_RESULTS:
        raise InputError(
            f"{number:,} futures of {years} years and {len(pool.practices):,} practices are more than can be held.",
            where="futures",
            mend=f"Ask for at most {MOST_RESULTS // (years * len(pool.practices)):,} futures.",
        )
    people, baseline = np.array(pool.people, dtype=float), np.array(pool.baseline, dtype=float)
    sigma, tau = uncertainty.variation.per_person, uncertainty.variation.structural
    growth = [float(terms.planned(pool.spend, Decimal(pool.listed), year) / pool.spend) for year in range(years)]
    found = np.empty((number, years, len(pool.practices)))
    start = 0
    for block in practice_futures(pool, uncertainty, years, number, seed):
        end = start + len(block.shock)
        chance = block.chance * (sigma / np.sqrt(people))
        spend = baseline * (block.lists * (1 + tau * block.shock[:, :, None]) + np.sqrt(block.lists) * chance)
        before: Earlier = {}
        for year in range(years):
            held = terms.settle(
                year,
                before,
                baseline=baseline[None, :],
                actual=spend[:, year] * growth[year],
                list_now=block.lists[:, year] * people,
                list_base=people[None, :],
                quality=block.quality[:, year, None],
                people=people[None, :],
            )
            share = held.shares.get(terms.parties.provider, held.payment)
            paid = np.asarray(share.value)
            over_plan = (block.score[:, year, None] - float(terms.planned_score)) * float(terms.performance)
            found[start:end, year] = paid + over_plan * baseline * growth[year]
        start = end
    return found
