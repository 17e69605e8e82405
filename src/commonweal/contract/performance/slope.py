"""At which slope is a pool paid out in whole among several providers?"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from commonweal.core.amounts import Line, given, over, times, total
from commonweal.core.errors import InputError


def neutral_slope(pools: Mapping[str, Decimal], totals: Mapping[str, Decimal], most: Decimal) -> Line:
    """The slope by which the pools of all who were scored are paid out in whole, no more and no less.

    Takes    pools and totals by provider; those with one of the two are left out. most: the greatest total.
    Returns  pools together over what they would pay at a slope of one.
    Raises   InputError when nobody who has a pool earned anything.
    """
    names = sorted(set(pools) & set(totals))
    if not any(pools[name] * totals[name] for name in names):
        mend = "Give pools and totals by provider."
        raise InputError("nobody earned anything of the pools.", where="slope", mend=mend)
    top = given("the greatest total", most, unit="points")
    held = [given(f"pool of {name}", pools[name]) for name in names]
    at_one = [
        times(f"{name}: pool × total", pool, given(f"total of {name}", totals[name], unit="points"))
        for name, pool in zip(names, held, strict=True)
    ]
    paid = over("paid at a slope of one", total("pools × totals", *at_one), top, unit="GBP")
    return over("slope", total("pools together", *held), paid)
