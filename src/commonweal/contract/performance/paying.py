"""What does a total earn, what was paid on account of it, and what is left to settle?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np

from commonweal.contract.performance.clause import PerformanceScheme
from commonweal.contract.performance.combining import DomainScore, TotalScore
from commonweal.contract.performance.rules import Between, BySteps, PointsPay, PoolPay
from commonweal.core.amounts import (
    Line,
    given,
    given_column,
    instalment_of,
    less,
    over,
    split,
    times,
    to_penny,
)
from commonweal.core.errors import InputError
from commonweal.core.scores import linear, stepped

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Payment:
    """What a scheme pays.

    pool         what could be earned, to the penny; None where points are paid one by one
    earned       to the penny; None where nothing was scored
    by_domain    earned by domain, in whole pence that add up to it; empty for futures
    interim      paid on account over the year, and its instalments
    true_up      earned less interim; the provider pays it back where it is below nothing
    """

    pool: Line | None = None
    earned: Line | None = None
    by_domain: Mapping[str, Line] = field(default_factory=dict)
    interim: Line | None = None
    instalments: tuple[Line, ...] = ()
    true_up: Line | None = None


def input_lines(scheme: PerformanceScheme, inputs: Mapping[str, Any]) -> dict[str, Line]:
    """The inputs of a scheme as lines.

    Raises   InputError for one that is unknown, missing, below nothing or no number.
    """
    unknown = sorted(set(inputs) - set(scheme.inputs))
    if unknown:
        there = ", ".join(scheme.inputs) or "none"
        raise InputError(f"'{unknown[0]}' is no input.", where=scheme.name, mend=f"Inputs are {there}.")
    lines = {}
    for name, held in scheme.inputs.items():
        value = inputs.get(name)
        if value is None:
            if not held.optional:
                mend = "Give it; in a file, in a row with its name under 'measure'."
                raise InputError(f"input '{name}' ({held.label}) is missing.", where=scheme.name, mend=mend)
            continue
        if np.any(np.asarray(value) < 0):
            raise InputError(f"input '{name}' is below nothing.", where=scheme.name, mend="Mend the number.")
        lines[name] = given(held.label, value, unit=held.unit)
    return lines


def payment(
    scheme: PerformanceScheme,
    found: TotalScore,
    domains: Mapping[str, DomainScore],
    inputs: Mapping[str, Line],
    on: date,
) -> Payment:
    """What the total earns by the terms of a day; nothing at all where the input that pay stands on was not given."""
    pay = scheme.pay
    pool = None
    if isinstance(pay, PoolPay):
        if pay.base not in inputs:
            return Payment()
        pool = to_penny(
            "pool", times("share of the base", inputs[pay.base], scheme.number(pay.share, on), unit=scheme.unit)
        )
    elif isinstance(pay, PointsPay):
        if pay.list and pay.list not in inputs:
            return Payment()
    else:
        return Payment()
    interim = _interim(scheme, pool, inputs, on)
    instalments = _instalments(scheme, interim, on)
    if found.score is None or found.most is None:
        return Payment(pool, None, {}, interim, instalments)
    by_points = pool is None
    exact = _of_points(scheme, found, inputs, on) if by_points else _of_pool(scheme, pool, found, inputs, on)
    earned = to_penny("earned", exact)
    true_up = None if interim is None else less("true-up", earned, interim, "earned − paid on account")
    return Payment(pool, earned, _by_domain(earned, domains), interim, instalments, true_up)


def _of_pool(
    scheme: PerformanceScheme, pool: Line | None, found: TotalScore, inputs: Mapping[str, Line], on: date
) -> Line:
    assert isinstance(scheme.pay, PoolPay)
    assert pool is not None
    assert found.score is not None
    assert found.most is not None
    exchange = scheme.pay.exchange
    if isinstance(exchange, Between | BySteps):
        share = over("share of the greatest total", found.score, found.most, unit="share")
        if isinstance(exchange, BySteps):
            paid = stepped("share of the pool", share, scheme.steps(exchange.steps, on), unit="share")
        else:
            whole = given("the whole", 1, unit="share")
            ends = (scheme.number(exchange.floor, on), scheme.number(exchange.target, on))
            paid = linear("share of the pool", share, *ends, whole)
        return times("pool earned", pool, paid)
    held = times("pool × total", pool, found.score)
    if exchange.slope is not None:
        held = times("pool × total × slope", held, _named(scheme, exchange.slope, inputs, on))
    return over("pool earned", held, found.most, unit=pool.unit)


def _of_points(scheme: PerformanceScheme, found: TotalScore, inputs: Mapping[str, Line], on: date) -> Line:
    pay = scheme.pay
    assert isinstance(pay, PointsPay)
    assert found.score is not None
    held = times("points × value of a point", found.score, scheme.number(pay.value_of_point, on), unit=scheme.unit)
    if pay.list is None or pay.national_list is None:
        return held
    national = _named(scheme, pay.national_list, inputs, on)
    by_list = times("points × value × list", held, inputs[pay.list])
    return over("by list over the national average list", by_list, national, unit=scheme.unit)


def _named(scheme: PerformanceScheme, name: str, inputs: Mapping[str, Line], on: date) -> Line:
    if name in inputs:
        return inputs[name]
    if name in scheme.inputs:
        raise InputError(f"input '{name}' is missing.", where=scheme.name, mend="Give it.")
    return scheme.number(name, on)


def _interim(scheme: PerformanceScheme, pool: Line | None, inputs: Mapping[str, Line], on: date) -> Line | None:
    if scheme.interim is None:
        return None
    of = pool if scheme.interim.of == "pool" else inputs.get(scheme.interim.of)
    if of is None:
        return None
    share = scheme.number(scheme.interim.share, on)
    return to_penny("paid on account", times(f"{share.name} of {of.name}", of, share, unit=scheme.unit))


def _instalments(scheme: PerformanceScheme, interim: Line | None, on: date) -> tuple[Line, ...]:
    if scheme.interim is None or interim is None:
        return ()
    of = int(scheme.number(scheme.interim.instalments, on).amount)
    return tuple(instalment_of(f"instalment {n}", interim, number=n, of=of) for n in range(1, of + 1))


def _by_domain(earned: Line, domains: Mapping[str, DomainScore]) -> dict[str, Line]:
    weighted = {name: held.weighted for name, held in domains.items() if held.weighted is not None}
    if not isinstance(earned.value, Decimal) or not weighted:
        return {}
    amounts = {name: line.amount for name, line in weighted.items()}
    if sum(amounts.values()) == NOTHING:
        return {name: given(name, NOTHING, unit=earned.unit) for name in weighted}
    shares = split("earned by domain", earned, given_column("weighted scores", amounts, unit="points"))
    return {name: shares.at(name) for name in weighted}
