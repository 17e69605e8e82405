"""How often, and how much, does a contract pay for chance alone?

Results are taken as normal about nothing: nobody did better or worse. Very large results are rather commoner than that
for small lists, whose costs are skewed. Floats: these are probabilities and expectations, never an amount paid.
"""

from __future__ import annotations

from typing import Literal, get_args

from commonweal.contract.chance.spread import above, density, normal_quantile
from commonweal.core.errors import InputError

Side = Literal["gain", "loss", "either"]
SIDES: tuple[Side, ...] = get_args(Side)
Rule = Literal["trigger", "deductible"]
RULES: tuple[Rule, ...] = get_args(Rule)


def pay_for_chance(corridor: float, sd: float, side: Side = "gain") -> float:
    """The probability that a result leaves the corridor by chance alone.

    Takes    corridor: how far a result may lie from the benchmark unpaid, as a share of the budget; sd: spread of
             chance, the same way; side: a gain alone is paid, a loss alone, or either.
    Returns  0 to 1; a half for a gain without a corridor.
    """
    return sides_counted(side) * above(_in_spreads(corridor, sd))


def paid_for_chance(corridor: float, sd: float, rule: Rule, side: Side = "gain") -> float:
    """What is paid for chance in an average year, as a share of the budget, before the sharing rate.

    Takes    rule: a `trigger` pays from the first pound once the corridor is left; a `deductible` pays what lies beyond
             the corridor. side: either counts a gain paid and a loss charged as two payments, though they even out.
    """
    z = _in_spreads(corridor, sd)
    paid = density(z) - (z * above(z) if rule == "deductible" else 0)
    return sides_counted(side) * sd * max(paid, 0)


def corridor_in_spreads(probability: float, side: Side = "gain") -> float:
    """How many standard deviations wide a corridor is that chance leaves this often.

    Raises   InputError unless the probability is more than nothing and below a half.
    """
    if not 0 < probability < 0.5:
        raise InputError(
            "Pay for chance lies above nothing and below a half.",
            where="pay for chance",
            mend="As in: 5%. Chance is never wholly kept out, and without a corridor pays half the time.",
        )
    return normal_quantile(1 - probability / sides_counted(side))


def sides_counted(side: Side) -> int:
    """How many sides of the corridor are paid."""
    return 2 if side == "either" else 1


def _in_spreads(corridor: float, sd: float) -> float:
    if not 0 <= corridor < 1:
        raise InputError("A corridor is a share of the budget.", where="corridor", mend="As in: 2%")
    if not sd > 0:
        raise InputError("A spread of chance is more than nothing.", where="spread")
    return corridor / sd
