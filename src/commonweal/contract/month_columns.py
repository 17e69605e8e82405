"""How is a month's payment shared over service lines and practices?

As the year's budget is: each line and practice gets the month's part of its own sum, in whole pence. What rounding
leaves over goes to the largest line, so that the lines sum to the payment.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from commonweal.core.amounts import Line, given, given_column, less, over, pennies, quoted, split, summed, times, total

MONTHS_IN_A_YEAR = 12


def month_columns(year_columns: Mapping[str, Line], year: Line, month: Line) -> dict[str, Line]:
    """For each service line the month's part, a column of whole pence by practice.

    Takes    year_columns: whole pence of the year by line, columns by practice; year: their sum; month: whole pence.
    Returns  columns whose sum over lines and practices is the month's sum, whatever the signs of the parts.
    """
    part = _part(year, month)
    found = {
        code: pennies(f"{column.name}, month", times(f"{column.name} × month's part", column, part))
        for code, column in year_columns.items()
    }
    sums = {code: summed(column.name, column) for code, column in found.items()}
    left = less("rounding of the month", quoted(month), total("lines to the penny", *map(quoted, sums.values())))
    if left.amount == 0:
        return found
    largest = max(found, key=lambda code: (abs(sums[code].amount), code))
    adjustment = split("rounding of the month", left, _largest_practice(found[largest]))
    found[largest] = total(found[largest].name, found[largest], adjustment, working="with the month's rounding")
    return found


def _part(year: Line, month: Line) -> Line:
    """The month as a part of the year; one of twelve where the year comes to nothing."""
    if year.amount == 0:
        twelve = given("months in a year", str(MONTHS_IN_A_YEAR), unit="months")
        return over("month's part of the year", given("one month", "1", unit="months"), twelve)
    return over("month's part of the year", quoted(month, "payment of the month"), quoted(year, "the year's budget"))


def _largest_practice(column: Line) -> Line:
    """A weight of 1 for the practice with the largest amount in a column, 0 for the others."""
    held = column.by_key()
    largest = max(held, key=lambda code: (abs(held[code]), code))
    weights = {code: Decimal(code == largest) for code in held}
    return given_column("the practice with the largest amount", weights, unit="weight", working="takes the rounding")
