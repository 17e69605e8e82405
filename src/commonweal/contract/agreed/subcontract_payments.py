"""What does a subcontract pay for a month?

Block and capitation pay twelfths; an item its price times the count. Cost and volume pays the twelfth of its base, and
the marginal price for what the count of the year to date lies beyond the band round the plan to date, less what the
months before paid of that: so the year pays the same whenever in it the work is done.

Source   MCP contract, who is paid: block, capitation, cost and volume, item.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from commonweal.contract.agreed.subcontracts import (
    Block,
    Capitation,
    CostAndVolume,
    Item,
    Subcontract,
    Subcontracts,
)
from commonweal.core.amounts import POUNDS, Line, beyond, given, instalment_of, less, over, times, to_penny, total
from commonweal.core.choices import at_least
from commonweal.core.errors import InputError
from commonweal.core.periods import Period, financial_year_of, months

MONTHS_IN_A_YEAR = 12
# What a term is counted in, however its own unit is put ("GBP a year", "attendances a year").
UNITS: Mapping[str, str] = {
    "year_sum": POUNDS,
    "base": POUNDS,
    "per_head": "GBP a head",
    "volume": "items",
    "band": "share",
    "marginal": "GBP an item",
    "price": "GBP an item",
}


@dataclass(frozen=True, slots=True)
class Counted:
    """What a subcontract is counted by.

    people   the list that a capitation pays for
    count    what was done in the month; before: in the months of the financial year before it
    """

    people: Line | None = None
    count: Line | None = None
    before: Line | None = None


def month_payments(clause: Subcontracts, served: Period, counted: Mapping[str, Counted]) -> dict[str, Line]:
    """What each subcontract of a clause pays for a month, by its name, each in whole pence and explained.

    Takes    counted: by name of subcontract; those that need no count may be left out.
    Raises   InputError for a count that is missing, or a name that no subcontract has.
    """
    names = {held.name for held in clause.subcontracts}
    for name in sorted(set(counted) - names):
        raise InputError("is no subcontract.", where=name, mend=f"There are {', '.join(sorted(names)) or 'none'}.")
    return {
        held.name: month_payment(clause, held, served, counted.get(held.name, Counted()))
        for held in clause.subcontracts
    }


def month_payment(clause: Subcontracts, subcontract: Subcontract, served: Period, counted: Counted) -> Line:
    """What one subcontract pays for a month.

    Raises   InputError for a count that is missing; ParameterProblem for a term that has no value yet.
    """
    number = months(financial_year_of(served.start)).index(served) + 1
    terms = {
        field: replace(clause.parameters[name].line(on=served.start), unit=UNITS[field])
        for field, name in sorted(subcontract.named().items())
    }
    paid = PAYS[type(subcontract)](subcontract, terms, number, counted)
    return paid.renamed(f"{subcontract.provider}, {served.label}")


def _block(subcontract: Block, terms: Mapping[str, Line], number: int, counted: Counted) -> Line:
    return instalment_of("block", to_penny("sum of the year", terms["year_sum"]), number=number, of=MONTHS_IN_A_YEAR)


def _capitation(subcontract: Capitation, terms: Mapping[str, Line], number: int, counted: Counted) -> Line:
    people = _there(counted.people, subcontract, "people")
    year = times("sum of the year", terms["per_head"], people, unit=POUNDS)
    whole = to_penny("sum of the year, to the penny", year)
    return instalment_of("capitation", whole, number=number, of=MONTHS_IN_A_YEAR)


def _cost_and_volume(subcontract: CostAndVolume, terms: Mapping[str, Line], number: int, counted: Counted) -> Line:
    count = _there(counted.count, subcontract, "count")
    before = counted.before or given("count of the months before", "0", unit=count.unit)
    if number > 1:
        before = _there(counted.before, subcontract, "before")
    base = instalment_of("base", to_penny("base of the year", terms["base"]), number=number, of=MONTHS_IN_A_YEAR)
    now = _beyond_band(subcontract, terms, number, total("count to date", before, count))
    if number == 1:
        return total("cost and volume", base, now)
    earlier = _beyond_band(subcontract, terms, number - 1, before)
    return total("cost and volume", base, less("beyond the band, this month", now, earlier))


def _beyond_band(subcontract: CostAndVolume, terms: Mapping[str, Line], number: int, count: Line) -> Line:
    unit = terms["volume"].unit
    months_done = given("months to date", number, unit="months")
    scaled = times("planned volume × months to date", terms["volume"], months_done, unit=unit)
    planned = over("plan to date", scaled, given("months of a year", MONTHS_IN_A_YEAR, unit="months"), unit=unit)
    band = times("band", planned, terms["band"])
    outside = beyond("beyond the band", less("count less plan to date", count, planned), band)
    if subcontract.below == "kept":
        nothing = given("nothing", "0", unit=outside.unit)
        outside = at_least("above the band", outside, nothing, "what lies below the band is kept")
    return to_penny(
        f"beyond the band, months 1 to {number}",
        times("beyond the band, priced", outside, terms["marginal"], unit=POUNDS),
    )


def _item(subcontract: Item, terms: Mapping[str, Line], number: int, counted: Counted) -> Line:
    count = _there(counted.count, subcontract, "count")
    return to_penny("price × count", times("price × count, exact", terms["price"], count, unit=POUNDS))


def _there(line: Line | None, subcontract: Subcontract, what: str) -> Line:
    if line is None:
        raise InputError(
            f"lacks '{what}', by which it is paid.", where=subcontract.name, mend="Give the number, under its name."
        )
    return line


PAYS: Mapping[type[Subcontract], Callable[[Any, Mapping[str, Line], int, Counted], Line]] = {
    Block: _block,
    Capitation: _capitation,
    CostAndVolume: _cost_and_volume,
    Item: _item,
}
