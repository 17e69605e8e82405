"""By which steps does what was saved or overspent become what is paid?"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from commonweal.contract.settlement.clause import GainLossShare
from commonweal.contract.settlement.operations import AnyOperation, Choose
from commonweal.contract.settlement.settling import Settlement
from commonweal.core.money import to_the_penny


@dataclass(frozen=True, slots=True)
class WaterfallStep:
    """One step: what it does, by how much it changes the amount, and what the amount is then.

    whole   the first and the last, which are amounts and not changes
    """

    label: str
    change: Decimal
    amount: Decimal
    whole: bool = False


def waterfall(clause: GainLossShare, found: Settlement) -> tuple[WaterfallStep, ...]:
    """The steps from the first amount that is shared to the payment, each change with what is left after it.

    Steps that change nothing are left out, but the payment stands at the end. Changes sum from the first to the last.
    """
    chain = _chain(clause, found)
    # To the penny throughout, so that a rounding at the end is no step of its own.
    amounts = [(found.amounts[name].name, to_the_penny(found.amounts[name].amount)) for name in chain]
    first_label, before = amounts[0]
    steps = [WaterfallStep(first_label, before, before, whole=True)]
    for label, amount in amounts[1:]:
        if amount != before:
            steps.append(WaterfallStep(label, amount - before, amount))
        before = amount
    steps.append(WaterfallStep("Paid to the provider" if before >= 0 else "Paid by the provider", before, before, True))
    return tuple(steps)


def _chain(clause: GainLossShare, found: Settlement) -> list[str]:
    """The names of the amounts between the payment and what it began as, first to last."""
    made = {step.name: step for step in clause.operations if step.name in found.steps}
    first = clause.difference
    name: str | None = found.steps[-1]
    chain: list[str] = []
    while name is not None and name in made and name not in chain:
        chain.append(name)
        if first is not None and name == first.name:
            break
        name = _before(made[name], found)
    return chain[::-1]


def _before(step: AnyOperation, found: Settlement) -> str | None:
    """What an operation was done to: of a choice, what was chosen."""
    if isinstance(step, Choose):
        chosen = found.amounts[step.name].amount
        taken = step.when in found.amounts and found.amounts[step.when].amount != 0
        name = step.then if taken else step.otherwise
        # What was put in its place, nothing for instance, has no steps of its own: it stands against the other.
        other = step.otherwise if taken else step.then
        return name if name in found.steps or chosen == found.amounts[other].amount else other
    return getattr(step, "of", None)
