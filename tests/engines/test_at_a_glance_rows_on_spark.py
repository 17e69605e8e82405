"""Do the table functions of the population at a glance give the same rows on DuckDB and on Spark?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import pytest

from commonweal.core.parameters import library
from commonweal.need import at_a_glance_tables
from commonweal.need.at_a_glance_tables import (
    age_band,
    deprivation_fifth,
    glance_admissions,
    glance_conditions,
    glance_cost_curve,
    glance_headlines,
    glance_people,
    with_neighbourhood,
    year_of_care,
)

pytestmark = pytest.mark.java

ON = date(2026, 4, 1)
PARAMETERS = library()
HOMES = {"N1 Staithe": ("A81001", "A81002"), "N2 Meadows": ("A81003",)}
SHARES = PARAMETERS["glance_cost_curve_shares"].on(ON).value

Tables = Mapping[str, ir.Table]


def ours(tables: Tables) -> ir.Table:
    return with_neighbourhood(tables["person_need"], HOMES)


def spent(tables: Tables) -> ir.Table:
    return year_of_care(tables["activity"], ours(tables), on=ON)


def banded(need: ir.Table) -> ir.Table:
    return need.select("person", age_from=age_band(need.age, PARAMETERS, on=ON))


TABLE_FUNCTIONS: Mapping[str, Callable[[Tables], ir.Table]] = {
    "with_neighbourhood": lambda t: ours(t).select("person", "neighbourhood"),
    "year_of_care": spent,
    "glance_people": lambda t: glance_people(ours(t), spent(t), PARAMETERS, on=ON),
    "glance_headlines": lambda t: glance_headlines(ours(t), PARAMETERS, on=ON),
    "glance_conditions": lambda t: glance_conditions(t["conditions"], ours(t), PARAMETERS, on=ON),
    "glance_cost_curve": lambda t: glance_cost_curve(spent(t), SHARES),
    "glance_admissions": lambda t: glance_admissions(ours(t), spent(t), PARAMETERS, on=ON),
    "deprivation_fifth": lambda t: t["person_need"].select(
        "person", fifth=deprivation_fifth(t["person_need"].imd_decile)
    ),
    "age_band": lambda t: banded(t["person_need"]),
}


def small_rows() -> dict[str, list[dict[str, Any]]]:
    """Rows chosen to tell engines apart: nulls, equal costs, people without care, days at the edges of the year."""
    need = [
        {
            "person": person,
            "practice_code": ("A81001", "A81002", "A81003", "B82001")[person % 4],
            "age": None if person % 13 == 0 else person * 7 % 96,
            "sex": (None, "F", "M")[person % 3],
            "imd_decile": None if person % 11 == 0 else person % 10 + 1,
            "level": person % 4 + 1,
            "core_segment": f"CS{person % 5 + 1}",
            "long_term_conditions": person % 4,
            "care_home": person % 9 == 0,
        }
        for person in range(1, 61)
    ]
    activity = [
        {
            "person": number % 45 + 1,
            "source_name": "swd",
            "source_id": number,
            "arr_date": date(2025, 3, 30) + timedelta(number * 3 % 370),
            "admimeth": (None, "11", "21", "2D")[number % 4],
            "cost_pence": (None, 250_000, 2_500, 0)[number % 4] if number % 7 else 99_999_999_999,
        }
        for number in range(400)
    ]
    conditions = [
        {
            "person": number % 60 + 1,
            "condition": ("hf", "diabetes_1", "diabetes_2", "obesity")[number % 4],
            "start": date(2020, 1, 1) + timedelta(number),
            "end": date(2024, 1, 1) if number % 5 == 0 else None,
        }
        for number in range(150)
    ]
    return {"person_need": need, "activity": activity, "conditions": conditions}


@pytest.fixture(scope="module")
def small(written: Callable[..., Path]) -> Path:
    """Small tables written once as Parquet."""
    return written(small_rows())


@pytest.mark.parametrize("name", TABLE_FUNCTIONS)
def test_a_table_function_gives_the_same_rows_on_both_engines(name: str, small: Path, same_rows: Callable[..., None]):
    same_rows(TABLE_FUNCTIONS[name], small)


def test_every_table_function_is_compared(each_is_compared):
    each_is_compared([at_a_glance_tables], TABLE_FUNCTIONS)
