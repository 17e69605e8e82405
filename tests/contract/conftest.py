"""Budgets small enough to read, for contract tests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from commonweal.budget.inputs import BudgetInputs
from commonweal.core.periods import financial_year

COMPONENTS = (
    "general_and_acute",
    "community",
    "mental_health",
    "maternity",
    "health_inequalities",
    "prescribing",
    "final",
)


def inputs_of(
    lists: Mapping[str, int],
    payments: Mapping[str, Mapping[str, str]] | None = None,
    list_counts: Mapping[date, Mapping[str, int]] | None = None,
) -> BudgetInputs:
    """A place of practices with these lists and payments by line; each practice's need is as its list."""
    people = {code: Decimal(count) for code, count in lists.items()}
    everyone = sum(people.values(), Decimal(0))
    held = payments or {
        "global_sum": {code: str(count * 101) for code, count in lists.items()},
        "qof": {code: str(count * 14) for code, count in lists.items()},
        "minor_surgery": {code: str(count * 2) for code, count in lists.items()},
        "premises": {code: str(count * 11) for code, count in lists.items()},
        "prescribing_fees": {code: str(count) for code, count in lists.items()},
        "covid_support": {code: str(count * 3) for code, count in lists.items()},
    }
    paid = {line: {code: Decimal(amount) for code, amount in of.items()} for line, of in held.items()}
    return BudgetInputs(
        practices=tuple(sorted(lists)),
        names={code: f"Practice {code}" for code in lists},
        neighbourhoods={"N1": tuple(sorted(lists))},
        baseline_year=financial_year("2022-23"),
        payments=paid,
        registered=people,
        weighted=people,
        need=dict.fromkeys(COMPONENTS, people),
        national_payments={line: sum(of.values(), Decimal(0)) * 10 for line, of in paid.items()},
        national_weighted=everyone * 10,
        commissioner_need=dict.fromkeys(COMPONENTS, everyone * 2),
        list_counts={
            day: {code: Decimal(n) for code, n in counts.items()} for day, counts in (list_counts or {}).items()
        },
    )
