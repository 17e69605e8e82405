"""Does one person's timeline have the same rows on DuckDB and on Spark?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import pytest

from commonweal.people import timeline as module
from commonweal.people.timeline import timeline

pytestmark = pytest.mark.java

Tables = Mapping[str, ir.Table]
NAMES = ("activity", "registrations", "conditions", "attributes")
SOMEBODY, SOMEBODY_ELSE = 2**62 + 1, 5

TABLE_FUNCTIONS: Mapping[str, Callable[[Tables], ir.Table]] = {
    "timeline": lambda t: timeline(*(t[name] for name in NAMES), person=SOMEBODY),
}
# Reads a record by DuckDB; no table function.
NOT_TABLE_FUNCTIONS = {"read_timeline"}


def small_rows() -> dict[str, list[dict[str, Any]]]:
    """Rows chosen to tell engines apart: nulls, a leap day, floats to round, equal days, all circumstances at once."""
    one = {"person": SOMEBODY}
    care = {**one, "source_name": "gp", "pod_l1": "primary_care_contact", "arr_date": date(2024, 2, 28)}
    return {
        "activity": [
            {**care, "pod_l2a": "gp", "dep_date": date(2024, 2, 28), "cost_pence": 4_200},
            {**care, "pod_l2a": "other_staff", "dep_date": None, "cost_pence": None},
            {**care, "pod_l1": "111", "arr_date": date(2024, 2, 29), "prov_code": "RX1", "items": 1},
            {**care, "diag_codes": "J440,I10", "admimeth": "21", "spec_l1a": "340", "attend_code": "5"},
            {**care, "person": SOMEBODY_ELSE},
        ],
        "registrations": [
            {**one, "practice_code": "X90001", "start": date(2000, 1, 1), "end": date(2024, 2, 28)},
            {**one, "practice_code": "X90002", "start": date(2024, 2, 28)},
        ],
        "conditions": [
            {**one, "condition": "copd", "start": date(2024, 2, 28)},
            {**one, "condition": "af", "start": date(2024, 2, 28), "end": date(2025, 1, 1)},
        ],
        "attributes": [
            {**one, "attribute_period": date(2024, 1, 1)},
            {
                **one,
                "attribute_period": date(2024, 3, 1),
                "lsoa": "E01012345",
                "imd_decile": 10,
                "nh_rh": True,
                "housebound": True,
                "has_carer": True,
                "is_carer": True,
                "homeless": True,
                "pregnancy": True,
                "eol_plan": True,
                "opted_out": True,
                "smoking": "never",
                "bmi": 24.336,
                "polypharmacy_repeat": 0,
                "polypharmacy_acute": 12,
                "efi_category": "severe",
                "cambridge_score": -0.1,
            },
            {**one, "attribute_period": date(2024, 4, 1), "nh_rh": False, "bmi": 30.0},
        ],
    }


@pytest.fixture(scope="module")
def small(written: Callable[..., Path]) -> Path:
    """Small tables written once as Parquet."""
    return written(small_rows())


@pytest.mark.parametrize("name", TABLE_FUNCTIONS)
def test_a_table_function_gives_the_same_rows_on_both_engines(name: str, small: Path, same_rows: Callable[..., None]):
    same_rows(TABLE_FUNCTIONS[name], small)


def test_every_table_function_is_compared(each_is_compared):
    each_is_compared([module], TABLE_FUNCTIONS, but=NOT_TABLE_FUNCTIONS)
