"""How is money held, rounded, shared out and printed?

Pounds are decimals, exact. They are rounded once, half away from zero, where the contract says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal, localcontext
from typing import Any

PENNY = Decimal("0.01")

# Wide enough that a national budget times any chain of published ratios keeps far more digits than pence need.
EXACT = Context(prec=50, rounding=ROUND_HALF_UP)


def decimal_of(number: Any) -> Decimal:
    """The exact decimal of a text, integer or decimal.

    Raises   TypeError for a float: binary fractions are not exact money.
    """
    if isinstance(number, float):
        raise TypeError("a float is not exact; hand in text, an integer or a decimal")
    return number if isinstance(number, Decimal) else Decimal(str(number))


def to_the_penny(pounds: Decimal) -> Decimal:
    """Pounds rounded to the penny, half away from zero."""
    with localcontext(EXACT):
        return pounds.quantize(PENNY, rounding=ROUND_HALF_UP)


def money_text(pounds: Decimal, *, separators: bool = True) -> str:
    """Pounds as text with two decimals: `1,234.50`, or `1234.50` for files."""
    rounded = to_the_penny(pounds)
    if rounded == 0:
        rounded = Decimal("0.00")
    return f"{rounded:,.2f}" if separators else f"{rounded:.2f}"


def rounded_together(exact: Sequence[Decimal]) -> list[Decimal]:
    """Exact amounts, each in whole pence, that sum to their exact sum rounded to the penny.

    Returns  one amount each, in order, less than a penny from the exact one. Pence left over go to the largest
             remainders, the earlier first.
    """
    with localcontext(EXACT):
        floors = [amount.quantize(PENNY, rounding=ROUND_FLOOR) for amount in exact]
        left = int((to_the_penny(sum(exact, Decimal(0))) - sum(floors, Decimal(0))) / PENNY)
        by_remainder = sorted(range(len(exact)), key=lambda i: (floors[i] - exact[i], i))
        for position in by_remainder[:left]:
            floors[position] += PENNY
        return floors


def shared_out(pounds: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """An amount in whole pence shared in proportion to weights, the shares in whole pence and summing to it.

    Takes    weights: at least one, none negative, not all zero.
    Raises   ValueError when the weights cannot share anything or the amount is not in whole pence.
    """
    if to_the_penny(pounds) != pounds:
        raise ValueError("only a whole number of pence can be shared out")
    with localcontext(EXACT):
        whole = sum(weights, Decimal(0))
        if whole <= 0 or any(weight < 0 for weight in weights):
            raise ValueError("weights must not be negative and must not all be zero")
        return rounded_together([pounds * weight / whole for weight in weights])


def instalment(pounds: Decimal, *, number: int, of: int) -> Decimal:
    """One of several equal instalments of an amount in whole pence; the last takes the rounding.

    Takes    number: 1 for the first.
    Source   MCP contract: monthly twelfths to the penny.
    """
    if not 1 <= number <= of:
        raise ValueError(f"instalment {number} of {of} does not exist")
    with localcontext(EXACT):
        usual = (pounds / of).quantize(PENNY, rounding=ROUND_HALF_UP)
        return usual if number < of else pounds - usual * (of - 1)
