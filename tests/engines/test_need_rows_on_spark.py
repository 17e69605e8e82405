"""Do the table functions of need give the same rows on DuckDB and on Spark?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import ibis.expr.types as ir
import pytest

from commonweal.core.parameters import library
from commonweal.need import (
    cambridge,
    comorbidity,
    conditions_held,
    diagnoses,
    electronic_frailty,
    hospital_frailty,
    person_need,
    precedence,
    profile_tables,
    registered_people,
)

pytestmark = pytest.mark.java

ON = date(2025, 4, 1)
Tables = Mapping[str, ir.Table]
P = library()
PRACTICES = ("A81002", "A81003")


def people(tables: Tables) -> ir.Table:
    """Registered people."""
    return registered_people.registered_people(tables["registrations"], tables["persons"], on=ON)


def attributes(tables: Tables) -> ir.Table:
    """What the latest attributes say."""
    return registered_people.latest_attributes(tables["attributes"], on=ON)


def held(tables: Tables) -> ir.Table:
    """Conditions on the day."""
    return conditions_held.conditions_held(tables["conditions"], P, on=ON)


def recorded(tables: Tables) -> ir.Table:
    """Diagnoses of two years."""
    return diagnoses.diagnoses_before(tables["activity"], P, on=ON, look_back="charlson_look_back")


def applied(tables: Tables) -> ir.Table:
    """The rows of the rule of a place's own, of each kind."""
    rows = (
        {"group": "b", "label": "Two of three", "conditions": ["ht", "diabetes_1", "diabetes_2"], "at_least": "2"},
        {"group": "b", "label": "A fall", "care": "admitted", "diagnoses": ["W0", "W1"], "months": "12"},
        {"group": "b", "label": "Urgent", "care": "urgent", "months": ""},
    )
    rule = precedence.Rule("made_up", rows, "a", "None")
    return precedence.with_rows_applied(people(tables), held(tables), tables["activity"], [rule], P, on=ON)


TABLE_FUNCTIONS: Mapping[str, Callable[[Tables], ir.Table]] = {
    "registered_people": people,
    "latest_attributes": attributes,
    "conditions_held": held,
    "long_term_conditions": lambda t: conditions_held.long_term_conditions(held(t), P, on=ON),
    "with_meaning": lambda t: conditions_held.with_meaning(held(t), {"ht": "pressure", "hf": ""}, name="meaning"),
    "diagnoses": lambda t: diagnoses.diagnoses(t["activity"], start=date(2020, 1, 1), end=ON),
    "admitted_care": lambda t: diagnoses.admitted_care(t["activity"], P, on=ON),
    "diagnoses_before": recorded,
    "hospital_frailty": lambda t: hospital_frailty.hospital_frailty(recorded(t), P, on=ON),
    "hospital_frailty_by_rule": lambda t: hospital_frailty.hospital_frailty_by_rule(recorded(t), "each_admission"),
    "comorbidity": lambda t: comorbidity.comorbidity(
        recorded(t), comorbidity.comorbidity_score("charlson_shmi", P, on=ON)
    ),
    "charlson": lambda t: comorbidity.charlson(recorded(t), P, on=ON),
    "elixhauser": lambda t: comorbidity.elixhauser(recorded(t), P, on=ON),
    "cambridge_score": lambda t: cambridge.cambridge_score(held(t), P, on=ON),
    "with_deficits": lambda t: electronic_frailty.with_deficits(attributes(t), held(t), P, on=ON),
    "with_rows_applied": applied,
    "person_need": lambda t: person_need.person_need(t, on=ON, parameters=P),
    "of_practices": lambda t: profile_tables.of_practices(t["person_need"], PRACTICES),
    "need_profile_counts": lambda t: profile_tables.need_profile_counts(
        t["person_need"], t["activity"], PRACTICES, on=ON
    ),
    "level_reasons": lambda t: profile_tables.level_reasons(t["person_need"], PRACTICES),
    "against_the_source": lambda t: profile_tables.against_the_source(t["person_need"], PRACTICES),
}
MODULES: tuple[ModuleType, ...] = (
    cambridge,
    comorbidity,
    conditions_held,
    diagnoses,
    electronic_frailty,
    hospital_frailty,
    person_need,
    precedence,
    profile_tables,
    registered_people,
)
# Functions of columns and of parameters; every column function is part of person_need.
NOT_OF_TABLES = {
    "age_on",
    "clean_codes",
    "condition_rows",
    "core_segment",
    "electronic_frailty_category",
    "electronic_frailty_score",
    "group_and_reason",
    "hospital_frailty_band",
    "polypharmacy_band",
    "rule",
}


def worked_out() -> list[dict[str, Any]]:
    """Rows of person_need as they were worked out once, for what is counted from them."""
    level = {"level": 4, "level_because": "Core Segment 5", "core_segment": "CS5", "bridges_to_health": "frailty"}
    scores = {"cambridge_score": 3.15, "source_cambridge_score": 2.5, "electronic_frailty_category": "mild"}
    return [
        {"person": 1, "practice_code": "A81002", "age": 84, **level, **scores, "source_frailty_category": "fit"},
        {"person": 2, "practice_code": "A81002", "age": None, **level, "cambridge_score": 2.95},
        {"person": 3, "practice_code": "A81003", "age": 0, **level, "level": 1, **scores},
        {"person": 6, "practice_code": "B81001", "age": 40, **level},
    ]


def small_rows() -> dict[str, list[dict[str, Any]]]:
    """Rows chosen to tell engines apart: nulls, ties, scores on a cut, days on the edge of a window, dirty codes."""
    stay = {"source_name": "synthetic", "pod_l1": "secondary", "pod_l2a": "ip", "pod_l2b": "emergency"}
    january, last_day = date(2025, 1, 1), date(2025, 3, 31)
    return {
        "person_need": worked_out(),
        "persons": [
            {"person": 1, "sex": "F", "birth_month": date(1940, 4, 1), "ethnicity": "A"},
            {"person": 2, "sex": "M", "birth_month": date(1958, 5, 1), "ethnicity": None},
            {"person": 3, "sex": None, "birth_month": None},
            {"person": 4, "sex": "M", "birth_month": date(1935, 1, 1), "death_date": last_day},
            {"person": 5, "sex": "F", "birth_month": date(2024, 6, 1), "ethnicity": "H"},
        ],
        "registrations": [
            {"person": 1, "practice_code": "A81001", "start": date(2010, 1, 1)},
            {"person": 1, "practice_code": "A81002", "start": date(2010, 1, 1)},
            {"person": 2, "practice_code": "A81001", "start": date(2010, 1, 1), "end": ON},
            {"person": 2, "practice_code": "A81002", "start": ON},
            *({"person": p, "practice_code": "A81003", "start": date(2015, 1, p)} for p in (3, 4, 5, 6)),
        ],
        "attributes": [
            {
                "person": 1,
                "attribute_period": date(2024, 1, 1),
                "nh_rh": True,
                "imd_decile": 1,
                "polypharmacy_repeat": 5,
            },
            {"person": 1, "attribute_period": ON, "nh_rh": False, "imd_decile": 9},
            {"person": 2, "attribute_period": january, "nh_rh": None, "polypharmacy_repeat": None, "has_carer": True},
            {"person": 5, "attribute_period": january, "imd_decile": 10, "cambridge_score": 0.1, "efi_category": "fit"},
        ],
        "conditions": [
            {"person": 1, "condition": "hearing_impair", "start": date(2001, 1, 1)},
            {"person": 2, "condition": "diabetes_1", "start": date(2001, 1, 1)},
            {"person": 2, "condition": "diabetes_2", "start": date(2002, 1, 1)},
            {"person": 2, "condition": "ht", "start": date(2002, 1, 1), "end": date(2003, 1, 1)},
            {"person": 2, "condition": "ht", "start": date(2004, 1, 1)},
            {"person": 3, "condition": "cancer", "start": date(2020, 4, 1)},
            {"person": 5, "condition": "asthma", "start": last_day, "end": ON},
        ],
        "activity": [
            {**stay, "person": 1, "source_id": 1, "arr_date": january, "diag_codes": "F00.9, g81,R296,E112,E109"},
            {
                **stay,
                "person": 1,
                "source_id": 2,
                "arr_date": date(2025, 2, 1),
                "diag_codes": "F009,W190,C50,C78,K703,K721",
            },
            {**stay, "person": 2, "source_id": 3, "arr_date": date(2023, 4, 1), "diag_codes": "F11,E66"},
            {**stay, "person": 2, "source_id": 4, "arr_date": last_day, "dep_date": ON, "diag_codes": "I50"},
            {**stay, "person": 3, "source_id": 5, "arr_date": last_day, "diag_codes": None},
            {**stay, "person": 3, "source_id": 6, "arr_date": last_day, "pod_l2a": "op", "diag_codes": "I21"},
            {"person": 5, "source_name": "synthetic", "pod_l1": "999", "arr_date": date(2024, 4, 1)},
            {"person": 6, "source_name": "synthetic", "pod_l1": "mental_health", "pod_l2a": None, "arr_date": january},
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
    each_is_compared(MODULES, TABLE_FUNCTIONS, but=NOT_OF_TABLES)
