"""How is a whole population budget worked out, step by step?

Each clause is a short function of lines, so it serves one exact sum, a column of practices, or simulated futures.

Source   MCP contract, whole population budget: steps 3 to 8.
"""

from __future__ import annotations

from typing import Literal

from commonweal.core.amounts import (
    Line,
    beyond,
    blend,
    clamped,
    given,
    instalment_of,
    less,
    one_less,
    one_plus,
    over,
    past,
    times,
    to_penny,
)

Convention = Literal["trigger", "deductible"]
CONVENTIONS: tuple[Convention, ...] = ("trigger", "deductible")
QUARTERS_IN_A_YEAR = 4
MONTHS_IN_A_QUARTER = 3


def block_share(name: str, spend: Line, weighted_list: Line, weighted_list_of_all: Line) -> Line:
    """A population's part of spend that is not known person by person: its share of the weighted list."""
    share = over(f"{name}: share of weighted list", weighted_list, weighted_list_of_all)
    return times(name, spend, share)


def growth_factor(price: Line, demography: Line, other: Line, efficiency: Line) -> Line:
    """(1 + price)(1 + demography)(1 + other)(1 − efficiency): one year of growth."""
    factor = one_plus("price", price)
    for name, rate in (("price and demography", demography), ("price, demography and other", other)):
        factor = times(name, factor, one_plus(f"1 + {rate.name}", rate))
    return times("growth factor", factor, one_less("efficiency kept", efficiency))


def rolled_forward(spend: Line, factor: Line, *, name: str = "") -> Line:
    """Spend of one year in the terms of the next."""
    return times(name or f"{spend.name}, rolled forward", spend, factor)


def in_transition(historic: Line, target: Line, weight: Line) -> Line:
    """(1 − λ) of historic spend and λ of the need-weighted target."""
    return blend("in transition", historic, target, weight)


def held_to_pace(wanted: Line, last_year: Line, limit: Line) -> Line:
    """The budget wanted, held to the pace-of-change limit either side of last year's."""
    most = times("most allowed", last_year, one_plus("1 + pace-of-change limit", limit))
    least = times("least allowed", last_year, one_less("1 − pace-of-change limit", limit))
    return clamped("held to pace of change", wanted, least, most)


def list_change(weighted_list_now: Line, weighted_list_reference: Line) -> Line:
    """Change of the weighted list since the reference date, as a share of it."""
    ratio = over("weighted list, now ÷ reference", weighted_list_now, weighted_list_reference)
    return less("list change", ratio, given("no change", "1", unit="ratio"))


def counted_change(change: Line, tolerance: Line, convention: Convention) -> Line:
    """The part of a list change that is paid for: all of it once past the tolerance, or only what lies beyond."""
    return {"trigger": past, "deductible": beyond}[convention]("counted list change", change, tolerance)


def quarter_sum(year_sum: Line, counted: Line, *, number: int) -> Line:
    """A quarter of the year's sum, moved by the counted list change, to the penny.

    Takes    number: 1 to 4. Without list changes the four quarters sum to the year, the last taking the rounding.
    """
    quarter = instalment_of("a quarter of the year", year_sum, number=number, of=QUARTERS_IN_A_YEAR)
    moved = times("quarter after list change", quarter, one_plus("1 + counted list change", counted))
    return to_penny(f"quarter {number}", moved)


def month_sum(quarter: Line, *, number: int) -> Line:
    """A month's payment: a third of the quarter in force, to the penny, the last month taking the rounding.

    Takes    number: 1 to 3, the month within the quarter.
    """
    return instalment_of(f"month {number} of the quarter", quarter, number=number, of=MONTHS_IN_A_QUARTER)
