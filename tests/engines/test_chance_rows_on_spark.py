"""Does the variation of people's costs come out the same on DuckDB and Spark?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import pytest

from commonweal.contract.chance import person_costs
from commonweal.contract.chance.person_costs import cost_truncated, cost_variation, person_cost

pytestmark = pytest.mark.java

Tables = Mapping[str, ir.Table]
START, END = date(2025, 4, 1), date(2026, 4, 1)


def costs(tables: Tables) -> ir.Table:
    return person_cost(tables["activity"], tables["registrations"], tables["persons"], start=START, end=END)


TABLE_FUNCTIONS: Mapping[str, Callable[[Tables], ir.Table]] = {
    "person_cost": costs,
    "cost_variation": lambda t: cost_variation(costs(t)),
    "cost_truncated": lambda t: cost_truncated(costs(t), [250_000, 1_000_000]),
}


@pytest.fixture(scope="module")
def small(written: Callable[..., Path]) -> Path:
    """People with much, little and no cost, a cost that is not known, one who died and one who left before."""
    care: tuple[tuple[int, date, int | None], ...] = (
        (1, date(2025, 4, 1), 1_500_000),
        (1, date(2025, 9, 9), 25),
        (1, date(2026, 4, 1), 7_777),
        (2, date(2025, 12, 31), 300_000),
        (3, date(2025, 6, 1), None),
        (4, date(2025, 6, 1), 50),
    )
    return written(
        {
            "persons": [
                {"person": n, "sex": "F", "birth_month": date(1950, 3, 1), "death_date": died}
                for n, died in ((1, None), (2, None), (3, None), (4, date(2025, 1, 1)), (5, None), (6, None))
            ],
            "registrations": [
                {"person": n, "practice_code": "A81001", "start": date(2020, 1, 1), "end": left}
                for n, left in (
                    (1, None),
                    (2, date(2025, 10, 1)),
                    (3, None),
                    (4, None),
                    (5, date(2025, 4, 1)),
                    (6, None),
                )
            ],
            "activity": [_row(*row) for row in care],
        }
    )


def _row(person: int, day: date, pence: int | None) -> dict[str, Any]:
    return {"person": person, "source_name": "synthetic", "arr_date": day, "pod_l1": "secondary", "cost_pence": pence}


@pytest.mark.parametrize("name", TABLE_FUNCTIONS)
def test_the_rows_are_the_same_on_both_engines(name, small, same_rows):
    same_rows(TABLE_FUNCTIONS[name], small, places=9)


def test_every_table_function_of_chance_is_here():
    public = {
        name
        for name, held in vars(person_costs).items()
        if callable(held)
        and getattr(held, "__module__", "") == person_costs.__name__
        and held.__annotations__.get("return") == "ir.Table"
    }
    assert public == set(TABLE_FUNCTIONS)
