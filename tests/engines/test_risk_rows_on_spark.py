"""Do the table functions of risk and of case finding give the same rows on DuckDB and on Spark?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import pytest

from commonweal.core.parameters import library
from commonweal.need.conditions_held import conditions_held
from commonweal.need.risk import features, history
from commonweal.need.risk.features import attributes_known, condition_flags, opted_out_people, outcome, risk_features
from commonweal.need.risk.history import is_emergency, is_of

pytestmark = pytest.mark.java

Tables = Mapping[str, ir.Table]
ON = date(2026, 4, 1)
P = library()

# One row each, so that a new table function is one line more.
TABLE_FUNCTIONS: Mapping[str, Callable[[Tables], ir.Table]] = {
    "risk_features": lambda t: risk_features(t, on=ON, parameters=P),
    "history": lambda t: history.history(t["activity"], on=ON, parameters=P),
    "attributes_known": lambda t: attributes_known(t["attributes"], on=ON, parameters=P),
    "condition_flags": lambda t: condition_flags(conditions_held(t["conditions"], P, on=ON), on=ON, parameters=P),
    "opted_out_people": lambda t: opted_out_people(t["attributes"], on=ON),
    "outcome": lambda t: outcome(t, on=ON),
    "is_of": lambda t: t["activity"].select(found=is_of(t["activity"], ("secondary", "*", "emergency"))),
    "is_emergency": lambda t: t["activity"].select(found=is_emergency(t["activity"])),
}
NOT_OF_TABLES = {"history_windows", "history_kinds"}


def small_rows() -> dict[str, list[dict[str, Any]]]:
    """Rows chosen to tell engines apart: nulls, two spells, a stay over the day, ends on the day, months not over."""
    return {
        "persons": [
            {"person": 1, "sex": "F", "birth_month": date(1950, 5, 1), "ethnicity": "A"},
            {"person": 2, "sex": None, "birth_month": None, "death_date": date(2026, 6, 1)},
            {"person": 3, "sex": "M", "birth_month": date(2026, 4, 1)},
            {"person": 4, "sex": "M", "birth_month": date(1990, 1, 1), "death_date": date(2026, 3, 31)},
        ],
        "registrations": [
            {"person": 1, "practice_code": "X90001", "start": date(2000, 1, 1), "end": None},
            {"person": 1, "practice_code": "X90002", "start": date(2025, 1, 1), "end": date(2027, 1, 1)},
            {"person": 2, "practice_code": "X90001", "start": date(2020, 1, 1), "end": date(2026, 6, 1)},
            {"person": 3, "practice_code": "X90001", "start": ON, "end": date(2026, 9, 1)},
            {"person": 4, "practice_code": "X90001", "start": date(2020, 1, 1), "end": None},
        ],
        "attributes": [
            {"person": 1, "attribute_period": date(2026, 2, 1), "imd_decile": 3, "nh_rh": True, "opted_out": True},
            {"person": 1, "attribute_period": date(2026, 3, 1), "imd_decile": 4, "bmi": 31.5, "opted_out": None},
            {"person": 1, "attribute_period": ON, "imd_decile": 9},
            {"person": 2, "attribute_period": date(2025, 3, 1), "smoking": "ex", "opted_out": True},
            {"person": 2, "attribute_period": date(2026, 3, 1), "efi_category": "mild", "opted_out": False},
        ],
        "conditions": [
            {"person": 1, "condition": "hf", "start": date(2020, 1, 1), "end": None},
            {"person": 1, "condition": "hf", "start": date(2024, 1, 1), "end": date(2025, 1, 1)},
            {"person": 1, "condition": "stroke", "start": date(2020, 1, 1), "end": date(2026, 3, 31)},
            {"person": 1, "condition": "copd", "start": date(2020, 1, 1), "end": ON},
            {"person": 2, "condition": "falls", "start": ON, "end": None},
        ],
        "activity": [
            activity(1, 1, "secondary", "ip", "emergency", date(2026, 3, 20), date(2026, 4, 9), method="21", cost=500),
            activity(1, 2, "secondary", "ip", "emergency", date(2024, 4, 1), date(2024, 4, 4), method="21", cost=400),
            activity(1, 3, "secondary", "ae", None, date(2026, 3, 20), None, cost=None),
            activity(1, 4, "primary_care_prescription", None, None, date(2026, 3, 1), date(2026, 3, 31), items=12),
            activity(1, 5, "primary_care_contact", "gp", None, ON, None, cost=45),
            activity(2, 6, "secondary", "ip", "emergency", date(2026, 5, 1), date(2026, 5, 2), method="21"),
            activity(2, 7, "111", None, None, date(2025, 4, 1), None),
            activity(3, 8, "secondary", "ip", "elective", date(2026, 5, 1), None, method="11"),
        ],
    }


def activity(
    person: int,
    row: int,
    pod_l1: str,
    pod_l2a: str | None,
    pod_l2b: str | None,
    arrived: date,
    left: date | None,
    **more: Any,
) -> dict[str, Any]:
    """A row of activity."""
    held = {"person": person, "source_name": "swd", "source_id": row, "pod_l1": pod_l1, "pod_l2a": pod_l2a}
    held |= {"pod_l2b": pod_l2b, "arr_date": arrived, "dep_date": left, "cost_pence": more.pop("cost", 100)}
    return held | {"admimeth": more.pop("method", None)} | more


@pytest.fixture(scope="module")
def small(written: Callable[..., Path]) -> Path:
    """Small tables written once as Parquet."""
    return written(small_rows())


@pytest.mark.parametrize("name", TABLE_FUNCTIONS)
def test_a_table_function_gives_the_same_rows_on_both_engines(name: str, small: Path, same_rows: Callable[..., None]):
    same_rows(TABLE_FUNCTIONS[name], small, places=9)


def test_every_table_function_is_compared(each_is_compared):
    each_is_compared([features, history], TABLE_FUNCTIONS, but=NOT_OF_TABLES)
