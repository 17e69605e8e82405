"""Places small enough to read, for budget tests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from commonweal.budget.inputs import BudgetInputs, LocalSpend
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


def place(
    lists: dict[str, int],
    *,
    global_sum: dict[str, str] | None = None,
    qof: dict[str, str] | None = None,
    need_index: dict[str, str] | None = None,
    local_spend: tuple[LocalSpend, ...] = (),
    list_counts: dict[date, dict[str, int]] | None = None,
) -> BudgetInputs:
    """A place of practices with these lists; England is ten times as large and has an index of 1 throughout."""
    people = {code: Decimal(count) for code, count in lists.items()}
    index = {code: Decimal((need_index or {}).get(code, "1")) for code in lists}
    need = {part: {code: people[code] * index[code] for code in lists} for part in COMPONENTS}
    core = {code: Decimal((global_sum or {}).get(code, str(count * 100))) for code, count in lists.items()}
    everyone = sum(people.values(), Decimal(0))
    return BudgetInputs(
        practices=tuple(sorted(lists)),
        names={code: f"Practice {code}" for code in lists},
        neighbourhoods={"N1": tuple(sorted(lists))},
        baseline_year=financial_year("2022-23"),
        payments={
            "global_sum": core,
            "qof": {code: Decimal(value) for code, value in (qof or {}).items()},
        },
        registered=people,
        weighted={code: people[code] * index[code] for code in lists},
        need=need,
        national_payments={"global_sum": everyone * 10 * 100},
        national_weighted=everyone * 10,
        commissioner_need={part: sum(values.values(), Decimal(0)) * 2 for part, values in need.items()},
        local_spend=local_spend,
        list_counts={
            day: {code: Decimal(n) for code, n in counts.items()} for day, counts in (list_counts or {}).items()
        },
    )


@pytest.fixture(scope="session")
def make_place() -> Callable[..., BudgetInputs]:
    """The maker of small places."""
    return place
