"""How is the same arithmetic done on one decimal, on a column of decimals and on an array of floats?

What the makers of lines in `amounts` and those beside it stand on. Nothing here knows a line.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

Column = NDArray[Any]
Value = Decimal | Column


def alike(*values: Value) -> tuple[Any, ...]:
    """Values that can be computed with each other: floats everywhere as soon as one is an array of futures."""
    if any(isinstance(v, np.ndarray) and v.dtype != object for v in values):
        return tuple(float(v) if isinstance(v, Decimal) else np.asarray(v, dtype=float) for v in values)
    return values


def added(first: Value, second: Value, sign: int = 1) -> Value:
    """The first and the second together, or the first less the second where the sign is −1."""
    a, b = alike(first, second)
    return a + sign * b  # type: ignore[no-any-return]


def zero_like(value: Any) -> Any:
    """Nothing, of the kind of a value."""
    return Decimal(0) if isinstance(value, Decimal) or value.dtype == object else 0.0


def larger(a: Any, b: Any) -> Any:
    """The larger of two values, entry by entry."""
    return max(a, b) if isinstance(a, Decimal) and isinstance(b, Decimal) else np.maximum(a, b)


def smaller(a: Any, b: Any) -> Any:
    """The smaller of two values, entry by entry."""
    return min(a, b) if isinstance(a, Decimal) and isinstance(b, Decimal) else np.minimum(a, b)


def where(condition: Any, then: Any, otherwise: Any) -> Any:
    """One value where a condition holds, another where it does not, entry by entry."""
    if isinstance(condition, bool | np.bool_):
        return then if condition else otherwise
    return np.where(condition, then, otherwise)
