"""What does a contract's risk come to for each party, and what would change it?

Floats: statistics of futures, never an amount paid.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from commonweal.contract.chance.person_costs import PersonCosts
from commonweal.contract.chance.spread import Variation, spread
from commonweal.contract.risk.curves import (
    Ceding,
    Point,
    Setting,
    aggregate_curve,
    list_curve,
    stop_loss_curve,
    years_curve,
)
from commonweal.contract.risk.futures import Column, Likely, RiskPool, Uncertainty, futures
from commonweal.contract.risk.measures import Capital, Distribution, capital_needed, distribution, exceeded
from commonweal.contract.risk.outcomes import RiskTerms, outcomes, practices_alone
from commonweal.core.errors import InputError
from commonweal.core.money import PENNY
from commonweal.core.parameters import Parameters

CURVES: Mapping[str, str] = {
    "stop_loss": "Stop-loss: a person's cost above a point is somebody else's",
    "aggregate": "A limit of a year's loss: what is above it is somebody else's",
    "years": "Years settled together",
    "people": "Lists of another size",
}


@dataclass(frozen=True, slots=True)
class PartyRisk:
    """What a party may gain or lose: in one settlement year, over the whole contract, and the capital for it.

    exceeded  share of futures, and the loss over the whole contract that is exceeded in it
    """

    party: str
    label: str
    year: Distribution
    whole: Distribution
    capital: Capital
    exceeded: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class PracticeRisk:
    """What a practice bears: its part of the provider's result, and the same contract held alone.

    share    of the provider's result, None where no member shares are agreed
    """

    practice: str
    people: int
    plan: Decimal
    share: Decimal | None
    own: Distribution | None
    own_capital: Capital | None
    alone: Distribution
    alone_whole: Distribution
    alone_capital: Capital


@dataclass(frozen=True, slots=True)
class ContractRisk:
    """The risk of a contract over its years: by party, by practice, and along each curve."""

    clause: str
    label: str
    days: tuple[date, ...]
    futures: int
    seed: int
    unit: str
    people: int
    plan: Decimal
    spread: float
    variation: Variation
    parties: tuple[PartyRisk, ...]
    practices: tuple[PracticeRisk, ...]
    curves: Mapping[str, tuple[Point, ...]]
    assumed: tuple[str, ...]

    @property
    def provider(self) -> PartyRisk:
        """The provider's own."""
        return self.parties[0]


@dataclass(frozen=True, slots=True)
class Asked:
    """How much is simulated, and at which confidence capital is asked for."""

    futures: int
    seed: int
    confidence: float


def contract_risk(
    terms: RiskTerms,
    pool: RiskPool,
    uncertainty: Uncertainty,
    asked: Asked,
    parameters: Parameters,
    *,
    cedings: Sequence[Ceding],
    shares: Mapping[str, Decimal] | None = None,
    assumed: Sequence[str] = (),
) -> ContractRisk:
    """The distribution of each party's result over the contract's years, the capital needed, and what changes it.

    Every table and curve is of the same futures.

    Takes    cedings: points of stop-loss; shares: of the provider's result by practice, where members agreed them;
             assumed: what is supposed beyond the simulation's own assumptions, in words.
    """
    years = len(terms.days)
    held = futures(pool, uncertainty, years=years, number=asked.futures, seed=asked.seed)
    found = outcomes(terms, pool, held, uncertainty.variation)
    setting = Setting(terms, pool, held, uncertainty.variation, asked.confidence)
    alone = practices_alone(terms, pool, uncertainty, years=years, number=asked.futures, seed=asked.seed)
    who = terms.parties
    order = [who.provider, who.commissioner, who.acute]
    order += [party for party in found if party not in order]
    return ContractRisk(
        terms.clause.name,
        terms.clause.label,
        terms.days,
        asked.futures,
        asked.seed,
        terms.clause.inputs[terms.roles.baseline].unit,
        pool.listed,
        pool.spend,
        spread(uncertainty.variation, pool.listed),
        uncertainty.variation,
        tuple(_party(party, who.label(party), found[party], asked.confidence) for party in order),
        _practices(pool, found[who.provider], alone, shares or {}, asked.confidence),
        _curves(setting, cedings, parameters),
        (*assumed, *_assumed(terms, uncertainty)),
    )


def _party(party: str, label: str, results: Column, confidence: float) -> PartyRisk:
    whole = results.sum(axis=1)
    return PartyRisk(
        party,
        label,
        distribution(results),
        distribution(whole),
        capital_needed(results, confidence),
        exceeded(whole),
    )


def _practices(
    pool: RiskPool, provider: Column, alone: Column, shares: Mapping[str, Decimal], confidence: float
) -> tuple[PracticeRisk, ...]:
    if shares and set(shares) != set(pool.practices):
        raise InputError("The member shares are not those of the practices in the contract.", where="member shares")
    found = []
    for i, code in enumerate(pool.practices):
        share = shares.get(code)
        own = None if share is None else provider * float(share)
        found.append(
            PracticeRisk(
                code,
                pool.people[i],
                pool.baseline[i],
                share,
                None if own is None else distribution(own),
                None if own is None else capital_needed(own, confidence),
                distribution(alone[:, :, i]),
                distribution(alone[:, :, i].sum(axis=1)),
                capital_needed(alone[:, :, i], confidence),
            )
        )
    return tuple(found)


def _curves(setting: Setting, cedings: Sequence[Ceding], parameters: Parameters) -> dict[str, tuple[Point, ...]]:
    day = setting.terms.days[0]
    sizes = {setting.pool.listed, *(int(size) for size in parameters["chance_list_sizes"].on(day).value)}
    limits = [Decimal(share) for share in parameters["risk_bearing_aggregate_attachments"].on(day).value]
    pooled = {1, *(int(held) for held in parameters["chance_years"].on(day).value)}
    return {
        "stop_loss": stop_loss_curve(setting, cedings),
        "aggregate": aggregate_curve(setting, limits),
        "years": years_curve(setting, sorted(pooled)),
        "people": list_curve(setting, sorted(sizes)),
    }


def _assumed(terms: RiskTerms, held: Uncertainty) -> tuple[str, ...]:
    variation = held.variation
    said = [
        f"Structural spread (tau): {100 * variation.structural:.1f} % of spend, shared by all practices; "
        f"{100 * variation.persistence:g} % of a year's is there in the next.",
        f"Lists of practices move by {100 * held.list_change:g} % a year about no change, each by itself.",
        f"Quality {held.quality.mean:.0%}, give or take {held.quality.spread:.0%}.",
        "Spend follows what the clause expects, but for chance: nobody does anything better or worse.",
        "Results of practices are normal; of small lists with few costly people, very large losses are commoner.",
        "The acute trust's result is its income against plan; what its own costs save or do not is left out.",
        "Pounds of each year are not discounted, and capital earns nothing.",
    ]
    if terms.performance:
        said.append(
            f"Performance pay of {100 * terms.performance:.2f} % of the plan: {held.score.mean:.0%} of it is earned, "
            f"give or take {held.score.spread:.0%}; the provider counts on {100 * terms.planned_score:.0f} %."
        )
    return tuple(said)


def uncertainty_of(parameters: Parameters, on: date, *, sigma: float, tau: float | None = None) -> Uncertainty:
    """The uncertainty of a contract by the parameters, with variation between people as found or given."""

    def number(name: str) -> float:
        return float(parameters[name].on(on).number())

    return Uncertainty(
        Variation(
            sigma,
            number("chance_structural_spread") if tau is None else tau,
            number("chance_structural_persistence"),
        ),
        number("risk_bearing_list_change"),
        Likely(number("risk_bearing_quality"), number("risk_bearing_quality_spread")),
        Likely(number("risk_bearing_score"), number("risk_bearing_score_spread")),
    )


def cedings_of(parameters: Parameters, on: date, costs: PersonCosts | None) -> tuple[tuple[Ceding, ...], str]:
    """Points of stop-loss, from the place's record or the parameter, and in words from which."""
    if costs is not None:
        found = tuple(
            Ceding((PENNY * point.attachment_pence).quantize(PENNY), point.ceded, point.retained)
            for point in costs.stop_loss
            if point.retained
        )
        return found, "Stop-loss: from the place's own record" + (
            ", whose people are made up." if costs.synthetic else "."
        )
    held = parameters["risk_bearing_stop_loss"].on(on)
    found = tuple(Ceding(Decimal(r["attachment"]), float(r["ceded"]), float(r["retained"])) for r in held.value)
    return found, f"Stop-loss: {held.status}, {held.source}."


def sigma_of(parameters: Parameters, on: date, costs: PersonCosts | None, given: float | None) -> tuple[float, str]:
    """Variation between people, and in words where it is from: as given, the place's record, or the parameter."""
    said = "Variation between people (sigma): {:.2f}, {}. It is of all their care; hospital care alone varies more."
    if given is not None:
        return given, said.format(given, "as given")
    if costs is not None:
        made_up = ", whose people are made up" if costs.synthetic else ""
        return costs.variation, said.format(costs.variation, f"from the place's own record{made_up}")
    held = parameters["chance_person_variation"].on(on)
    return float(held.number()), said.format(held.number(), f"{held.status}: {held.source}")
