"""By how much does spend grow from one financial year to the next?"""

from __future__ import annotations

from commonweal.budget.clauses import growth_factor
from commonweal.core.amounts import Line, given, less, over
from commonweal.core.parameters import Parameters
from commonweal.core.periods import Period, financial_year_of, months_later, year_after


def years_between(first: Period, last: Period) -> tuple[Period, ...]:
    """The financial years after the first, up to and with the last."""
    found, year = [], first
    while year.start < last.start:
        year = year_after(year)
        found.append(year)
    return tuple(found)


def price_ratio(parameters: Parameters, *, start: Period, to: Period) -> Line:
    """Money of one financial year in the prices of another: the ratio of their deflators."""
    deflator = parameters["gdp_deflator"]
    return over(
        f"prices of {to.label} ÷ {start.label}",
        deflator.line_during(to, name=f"{deflator.label}, {to.label}"),
        deflator.line_during(start, name=f"{deflator.label}, {start.label}"),
    )


def growth_into(year: Period, parameters: Parameters) -> Line:
    """The growth factor from the financial year before into this one."""
    before = financial_year_of(months_later(year.start, -12))
    ratio = price_ratio(parameters, start=before, to=year)
    price = less(f"price growth, {year.label}", ratio, given("prices unchanged", "1", unit="ratio"))
    rates = [parameters[name].line_during(year) for name in ("demography_growth", "other_growth", "efficiency")]
    return growth_factor(price, *rates).renamed(f"growth factor, {year.label}")
