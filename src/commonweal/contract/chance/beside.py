"""What does chance alone give beside what a gain and loss share pays?

The clause itself is settled over results that chance alone gives, when nobody did better or worse: so corridor, cap,
share and quality are those of the contract. Floats: a spread is a statistic, never an amount paid.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np

from commonweal.contract.chance.corridor import Question, narrower_than_chance
from commonweal.contract.chance.person_costs import PersonCosts
from commonweal.contract.chance.spread import Variation, normal_quantile
from commonweal.contract.settlement.clause import GainLossShare
from commonweal.contract.settlement.settling import Settlement, settled
from commonweal.core.amounts import given
from commonweal.core.choices import looked_up
from commonweal.core.parameters import Parameters

# Inputs that say how many people a result is of; the first that a clause has.
PEOPLE_INPUTS = ("beneficiaries", "list_now")
# Results that stand for all: as many quantiles, each as likely as any other.
RESULTS = 1999
LOW, HIGH = 0.025, 0.975


@dataclass(frozen=True, slots=True)
class ListOfPeople:
    """How many people a result is of, and where that is from, in words."""

    people: int
    source: str


@dataclass(frozen=True, slots=True)
class ChanceReading:
    """One reading of chance.

    spread         standard deviation of a result, as a share of what is expected
    result         the same in money
    low, high      the payments between which 95 in 100 years lie when nobody did better or worse
    gains, losses  how often chance alone is paid, and how often it is charged
    flag           a sentence where a corridor is narrower than chance, or there is none; empty otherwise
    """

    name: str
    spread: float
    result: float
    low: float
    high: float
    gains: float
    losses: float
    flag: str


@dataclass(frozen=True, slots=True)
class ChanceBeside:
    """What chance alone gives beside a settlement.

    expected   what a result is a share of; years: pooled into it; variation: sigma, and where it is from
    """

    people: ListOfPeople
    years: int
    expected: float
    unit: str
    variation: float
    variation_from: str
    readings: tuple[ChanceReading, ...]


def chance_beside(
    clause: GainLossShare,
    found: Settlement,
    inputs: Mapping[str, Any],
    parameters: Parameters,
    *,
    people: ListOfPeople | None = None,
    costs: PersonCosts | None = None,
) -> ChanceBeside | None:
    """What chance alone gives at this list size; None where the list is not known or the clause has no difference.

    Takes    found: the settlement; inputs: those that it was made of; people: the list, an input's otherwise; costs:
             of the place's record, where it has one with costs.
    Source   parameters/chance.yaml.
    """
    people = people or people_of(found)
    if people is None or clause.difference is None:
        return None
    name, base, years = _result(clause, found)
    if base <= 0:
        return None
    sigma, sigma_from = _variation(clause, costs, parameters, found.on)
    tau = float(parameters["chance_structural_spread"].on(found.on).number())
    readings = tuple(
        _reading(
            label, Variation(sigma, structural), (name, base, years, people.people), clause, found, inputs, parameters
        )
        for label, structural in (("People alone", 0.0), ("With structural spread", tau))
    )
    return ChanceBeside(people, years, base, found.payment.unit, sigma, sigma_from, readings)


def people_of(found: Settlement) -> ListOfPeople | None:
    """The list that a settlement's own inputs name; None where they name none, or a ratio that stands for one."""
    for name in PEOPLE_INPUTS:
        if name in found.amounts and found.amounts[name].amount > 1:
            line = found.amounts[name]
            return ListOfPeople(int(line.amount), f"the input '{name}'")
    return None


def _result(clause: GainLossShare, found: Settlement) -> tuple[str, float, int]:
    """The amount that chance moves, what it is a share of, and how many years are pooled in it."""
    assert clause.difference is not None
    expected = float(found.amounts[clause.difference.expected].amount)
    if clause.pooled is None:
        return clause.difference.name, expected, 1
    years = len(found.amounts[clause.pooled.name].parts)
    # A pooled result is a share of all its years' expected spend, where the clause pools that too.
    base = clause.corridor and clause.corridor.of == clause.pooled.name and clause.corridor.base
    return clause.pooled.name, float(found.amounts[base].amount) if base else expected * years, years


def _variation(clause: GainLossShare, costs: PersonCosts | None, parameters: Parameters, on: date) -> tuple[float, str]:
    if costs is not None:
        made_up = ", whose people are made up" if costs.synthetic else ""
        return costs.variation, f"the place's own record{made_up}: {costs.people:,} people"
    held = parameters[clause.variation].on(on)
    return float(held.number()), f"{held.status}: {held.source}"


def _reading(
    label: str,
    variation: Variation,
    result: tuple[str, float, int, int],
    clause: GainLossShare,
    found: Settlement,
    inputs: Mapping[str, Any],
    parameters: Parameters,
) -> ChanceReading:
    name, base, years, people = result
    tolerated = float(parameters["chance_pay_for_chance"].on(found.on).number())
    flags = []
    asked = Question(tolerated, people, years, 0.5, variation)
    widths = corridor_widths(clause, found)
    if len(set(widths.values())) == 1:
        # What is so of one side is so of the other; it is told once, of the side of the result.
        side = "loss" if found.amounts[name].amount < 0 and "loss" in widths else next(iter(widths))
        widths = {side: widths[side]}
    for side, width in widths.items():
        if 0 < width < 1:
            flag = narrower_than_chance(Question(tolerated, people, years, float(width), variation, side))
            flags += [flag] if flag else []
        elif width <= 0:
            flags.append(f"There is no corridor: chance alone makes {_side_words(side)} in half of all results.")
    payments = _payments(clause, found, inputs, name, base * asked.sd)
    ordered = np.sort(payments)
    return ChanceReading(
        label,
        asked.sd,
        base * asked.sd,
        float(np.quantile(ordered, LOW)),
        float(np.quantile(ordered, HIGH)),
        float((payments > 0).mean()),
        float((payments < 0).mean()),
        " ".join(flags),
    )


def _side_words(side: str) -> str:
    return "a gain" if side == "gain" else "a loss"


def _payments(clause: GainLossShare, found: Settlement, inputs: Mapping[str, Any], name: str, spread: float) -> Any:
    """What the clause pays for each of many results that chance alone gives."""
    results = np.array([normal_quantile((n + 0.5) / RESULTS) for n in range(RESULTS)]) * spread
    line = given(found.amounts[name].name, results, unit=found.amounts[name].unit)
    paid = settled(clause, inputs, found.on, instead={name: line}).payment.value
    return np.broadcast_to(np.asarray(paid, dtype=float), results.shape)


def corridor_widths(clause: GainLossShare, found: Settlement) -> dict[Any, Decimal]:
    """How wide the first corridor of a settlement is, as a share, by side; nothing for a side of a clause without."""
    step = clause.corridor
    if step is None:
        return {"gain": Decimal(0), "loss": Decimal(0)}
    widths = {}
    for side, name in (("gain", step.gain), ("loss", step.loss)):
        if name is None:
            continue
        if clause.is_table(name) and step.by:
            widths[side] = looked_up(name, found.amounts[step.by], clause.table(name, found.on)).amount
        else:
            widths[side] = found.amounts[name].amount
    return widths
