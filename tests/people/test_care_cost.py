"""Is the cost of care added up exactly, where it belongs?"""

from __future__ import annotations

from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir

from commonweal.core.engine import duckdb_engine
from commonweal.core.parameters import library
from commonweal.core.tables import arrow_table
from commonweal.people.care_cost import cost_by_person, monthly_cost, service_line_points, with_service_line

START, END = date(2025, 4, 1), date(2026, 4, 1)


def care(
    person: int, day: date, pod: tuple[str, str | None, str | None], pence: int | None, **more: Any
) -> dict[str, Any]:
    l1, l2a, l2b = pod
    return {
        "person": person,
        "source_name": "synthetic",
        "pod_l1": l1,
        "pod_l2a": l2a,
        "pod_l2b": l2b,
        "arr_date": day,
        "practice_code": "A81001",
        "cost_pence": pence,
        **more,
    }


EMERGENCY, COMMUNITY, PRESCRIBED = (
    ("secondary", "ip", "emergency"),
    ("community", None, None),
    ("primary_care_prescription", None, None),
)
AMBULANCE = ("999", None, None)


def activity(*rows: dict[str, Any]) -> ir.Table:
    return ibis.memtable(arrow_table("activity", rows))


def rows_of(table: ir.Table) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = duckdb_engine().to_pyarrow(table).to_pylist()
    return sorted(found, key=repr)


def needs(**segments: str) -> ir.Table:
    rows = [{"person": int(name[1:]), "core_segment": segment} for name, segment in segments.items()]
    return ibis.memtable(rows, schema={"person": "int64", "core_segment": "string"})


def test_every_point_of_delivery_has_its_service_line_and_one_that_is_not_known_has_none():
    points = {
        (row["pod_l1"], row["pod_l2a"], row["pod_l2b"]): row["service_line"]
        for row in rows_of(service_line_points(library(), on=START))
    }
    assert points["secondary", "ip", "emergency"] == "acute_emergency"
    assert points["999", "", ""] == ""
    held = rows_of(
        with_service_line(activity(care(1, START, ("secondary", "op", "by carrier pigeon"), 1)), library(), on=START)
    )
    assert [row["service_line"] for row in held] == [""]


def test_cost_is_added_up_by_month_practice_service_line_and_segment():
    table = activity(
        care(1, date(2025, 4, 3), EMERGENCY, 250_001),
        care(1, date(2025, 4, 30), EMERGENCY, 99),
        care(1, date(2025, 5, 1), EMERGENCY, 7),
        care(2, date(2025, 4, 9), PRESCRIBED, 1_234, items=3),
        care(2, date(2025, 4, 9), PRESCRIBED, None),
        care(3, date(2025, 4, 9), PRESCRIBED, 5, practice_code="A81002"),
    )
    found = rows_of(monthly_cost(table, needs(p1="CS5", p2="CS1"), start=START, end=END, parameters=library()))
    held = {
        (r["month"], r["practice_code"], r["service_line"], r["core_segment"]): (
            r["pieces"],
            r["items"],
            r["cost_pence"],
        )
        for r in found
    }
    april, may = date(2025, 4, 1), date(2025, 5, 1)
    assert held == {
        (april, "A81001", "acute_emergency", "CS5"): (2, 2, 250_100),
        (may, "A81001", "acute_emergency", "CS5"): (1, 1, 7),
        (april, "A81001", "prescribing", "CS1"): (2, 4, 1_234),
        (april, "A81002", "prescribing", None): (1, 1, 5),
    }


def test_only_care_that_began_in_the_period_counts_its_last_day_not_included():
    table = activity(
        care(1, date(2025, 3, 31), COMMUNITY, 1), care(1, START, COMMUNITY, 10), care(1, END, COMMUNITY, 100)
    )
    found = rows_of(cost_by_person(table, {"community": ("community",)}, start=START, end=END, parameters=library()))
    assert found == [{"person": 1, "community": 10}]


def test_a_group_may_hold_several_service_lines_and_care_of_no_line_is_in_none():
    table = activity(
        care(1, START, COMMUNITY, 10),
        care(1, START, ("social_care", "home_care", None), 200),
        care(1, START, AMBULANCE, 5_000),
    )
    groups = {"community": ("community", "adult_social_care"), "prescribing": ("prescribing",)}
    found = rows_of(cost_by_person(table, groups, start=START, end=END, parameters=library()))
    assert found == [{"person": 1, "community": 210, "prescribing": 0}]


def test_large_sums_are_exact_to_the_penny():
    table = activity(*(care(1, START, COMMUNITY, 999_999_999_999) for _ in range(50)), care(1, START, COMMUNITY, 1))
    found = rows_of(cost_by_person(table, {"all": ("community",)}, start=START, end=END, parameters=library()))
    assert found == [{"person": 1, "all": 50 * 999_999_999_999 + 1}]
