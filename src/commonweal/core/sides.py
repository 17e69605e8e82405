"""How is one thing taken of an amount above zero and another of one below, in decimals, columns and futures alike?

For arrays of futures without a branch: what is chosen by a condition that half of all futures meet is guessed wrong by
the processor every other time, and takes several times as long. Values are the same; they are finite, so that nothing
times them is nothing.
"""

from __future__ import annotations

from decimal import localcontext
from typing import Any

import numpy as np

from commonweal.core.money import EXACT
from commonweal.core.values import where, zero_like


def of_sign(sign: Any, above: Any, below: Any) -> Any:
    """One value where the sign is above zero, another where it is below, nothing at zero."""
    if _futures(sign):
        if isinstance(above, float) and _same(above, below):
            return (sign != 0) * above
        return (sign > 0) * above + (sign < 0) * below
    return where(sign > 0, above, where(sign < 0, below, zero_like(sign)))


def past_thresholds(amount: Any, gain: Any | None, loss: Any | None, *, whole: bool, at: bool) -> Any:
    """What of an amount lies past the threshold of its side; nothing of a side whose threshold is None.

    Takes    whole: the whole amount counts once past it, otherwise the part beyond it; at: one just at it counts too.
    """
    none = zero_like(amount)
    with localcontext(EXACT):
        if _futures(amount) and _none_below_zero(gain) and _none_below_zero(loss):
            if gain is not None and _same(gain, loss) and not whole:
                return amount - np.clip(amount, -gain, gain)
            # Thresholds of nothing or more: what is past one of them is not past the other.
            up = none if gain is None else _past(amount, gain, whole, at)
            down = none if loss is None else _past(-amount, loss, whole, at)
            return up - down + np.zeros_like(amount) if gain is loss is None else up - down
        up = none if gain is None else _counted(amount, gain, whole, at)
        down = none if loss is None else -_counted(-amount, loss, whole, at)
    return of_sign(amount, up, down)


def _futures(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.dtype != object


def _same(first: Any, second: Any) -> bool:
    return first is second or (isinstance(first, float) and isinstance(second, float) and first == second)


def _none_below_zero(threshold: Any | None) -> bool:
    return threshold is None or bool(np.min(threshold) >= 0)


def _past(amount: Any, threshold: Any, whole: bool, at: bool) -> Any:
    if not whole:
        return np.maximum(amount - threshold, 0.0)
    return amount * (amount >= threshold if at else amount > threshold)


def _counted(amount: Any, threshold: Any, whole: bool, at: bool) -> Any:
    reached = amount >= threshold if at else amount > threshold
    return where(reached, amount if whole else amount - threshold, zero_like(amount))
