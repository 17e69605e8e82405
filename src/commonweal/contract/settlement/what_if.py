"""What would a place be paid, or pay, while nobody knows yet what will be spent?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from commonweal.contract.chance.beside import ChanceBeside, chance_beside
from commonweal.contract.settlement.clause import GainLossShare
from commonweal.contract.settlement.operations import Difference
from commonweal.contract.settlement.place_settlement import PlaceFacts, known_to_place
from commonweal.contract.settlement.settling import Settlement, settled
from commonweal.core.amounts import Line, Source, given
from commonweal.core.errors import InputError

PARAMETER = "what_if_differences"
WHOLE = Decimal(1)
SUPPOSED = Source("supposed", "nobody knows yet")


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What is paid if spend differs from what was expected by a share of it; above zero where less is spent."""

    difference: Decimal
    spent: Line
    settlement: Settlement


@dataclass(frozen=True, slots=True)
class WhatIfs:
    """A clause settled at several differences.

    expected   what spend is held against
    supposed   the inputs that were supposed, by name: what each is taken to be
    chance     what chance alone gives when spend is as expected
    """

    clause: GainLossShare
    expected: Line
    held: tuple[WhatIf, ...]
    supposed: Mapping[str, Line]
    chance: ChanceBeside | None


def what_ifs(clause: GainLossShare, facts: PlaceFacts, on: date) -> WhatIfs:
    """A clause of a place settled at each difference of the parameter.

    Returns  the settlements from the largest gain to the largest loss. Ratios that the place does not know, such as
             quality, are supposed to be whole.
    Raises   InputError when the clause takes no difference of an expected and an actual spend, or asks for an input
             that can neither be known nor supposed.
    """
    step = next((held for held in clause.operations if isinstance(held, Difference)), None)
    if step is None or step.actual not in clause.inputs:
        raise InputError("takes no difference of expected and actual spend.", where=clause.name)
    known: dict[str, Any] = {k: v for k, v in known_to_place(clause, facts, on).lines.items() if k != step.actual}
    supposed = _supposed(clause, known, step.actual)
    inputs = {**known, **supposed}
    # What is expected does not depend on what is spent: any spend finds it.
    expected = settled(clause, {**inputs, step.actual: "0"}, on).amounts[step.expected]
    even = {**inputs, step.actual: _spent(clause, step, expected, Decimal(0))}
    chance = chance_beside(
        clause, settled(clause, even, on), even, facts.parameters, people=facts.people(on), costs=facts.person_costs(on)
    )
    shares = sorted((Decimal(text) for text in facts.parameters[PARAMETER].on(on).value), reverse=True)
    return WhatIfs(
        clause,
        expected,
        tuple(_if_so(clause, {**inputs, step.actual: _spent(clause, step, expected, s)}, step, s, on) for s in shares),
        supposed,
        chance,
    )


def _if_so(clause: GainLossShare, inputs: Mapping[str, Any], step: Difference, share: Decimal, on: date) -> WhatIf:
    return WhatIf(share, inputs[step.actual], settled(clause, inputs, on))


def _supposed(clause: GainLossShare, known: Mapping[str, Any], actual: str) -> dict[str, Line]:
    found = {}
    for name, held in clause.inputs.items():
        if name in known or name == actual or held.optional:
            continue
        if held.unit != "ratio":
            raise InputError(f"input '{name}' ({held.label}) is not known and cannot be supposed.", where=clause.name)
        found[name] = given(held.label, WHOLE, unit=held.unit, status="illustrative", source=SUPPOSED)
    return found


def _spent(clause: GainLossShare, step: Difference, expected: Line, share: Decimal) -> Line:
    amount = (expected.amount * (1 - share)).quantize(Decimal("0.01"))
    label = clause.inputs[step.actual].label
    return given(label, amount, unit=expected.unit, status="illustrative", source=SUPPOSED)
