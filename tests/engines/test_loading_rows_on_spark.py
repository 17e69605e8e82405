"""Do the table functions of loading give the same rows on DuckDB and on Spark?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from commonweal.core.parameters import library
from commonweal.core.tables import arrow_table
from commonweal.people.loading import (
    activity_rows,
    births,
    crossed,
    file_rows,
    identity,
    months,
    persons,
    points,
    rules,
    social_care,
    spells,
    values,
)
from commonweal.people.loading.keys import number_state
from commonweal.people.loading.rules import Flag
from commonweal.people.loading.shapes import recognised

pytestmark = pytest.mark.java

Tables = Mapping[str, ir.Table]
P = library()
KNOWN_TO = date(2024, 1, 1)
ACTIVITY = recognised(
    [
        "nhs_number",
        "source_id",
        "pod_l1",
        "pod_l2a",
        "arr_date",
        "dep_date",
        "spec_l2a",
        "attend_code",
        "prov_code",
        "cost1",
    ],
    name="a.csv",
)


def _read(t: Tables) -> ir.Table:
    return values.read_values(t["raw"], ACTIVITY, parameters=P)


def _drafted(t: Tables) -> ir.Table:
    return activity_rows.drafted(_read(t), "activity", parameters=P)


def _judged(t: Tables) -> ir.Table:
    return crossed.judged(
        t["care"],
        crossed.flow_months(t["care"]),
        t["born"],
        t["old_spells"],
        t["old_spells"].select("person").distinct(),
    )


TABLE_FUNCTIONS: Mapping[str, Callable[[Tables], ir.Table]] = {
    "read_values": _read,
    "text_of": lambda t: t["raw"].select(v=values.text_of(t["raw"].c4, ACTIVITY.columns["arr_date"])),
    "number_state": lambda t: _marked(_read(t), lambda r: number_state(r.number_text, invalid=["9000219621"])),
    "drafted": _drafted,
    "counted_rows": lambda t: activity_rows.counted_rows(
        t["raw"].select("row", "c0", "c9"),
        ({"items": "n", "pod_l1": "111"}, {"items": "n", "pod_l1": "999"}),
        {"n": "c9"},
    ),
    "known_points": lambda t: points.known_points(t["points"], parameters=P),
    "level_unknown": lambda t: _marked(points.known_points(t["points"], parameters=P), points.level_unknown),
    "spelt_otherwise": lambda t: _marked(points.known_points(t["points"], parameters=P), points.spelt_otherwise),
    "admission_kind": lambda t: t["points"].select(
        k=points.admission_kind(t["points"].pod_l2a, t["points"].pod_l2b, parameters=P)
    ),
    "service_months": lambda t: social_care.service_months(
        t["events"], first=date(2023, 1, 1), last=date(2023, 4, 30), parameters=P
    ),
    "frequency_unknown": lambda t: _marked(t["events"], lambda e: social_care.frequency_unknown(e, parameters=P)),
    "flagged": lambda t: rules.flagged(t["events"], [Flag("pod-unknown", "", t["events"].dep_date.isnull(), True)]),
    "person_facts": lambda t: file_rows.person_facts(t["facts_rows"], rank=1, number=3),
    "birth_impossible": lambda t: _marked(
        t["facts_rows"], lambda r: births.birth_impossible(r, latest=date(1980, 1, 1))
    ),
    "own_day": lambda t: _marked(t["facts_rows"], births.own_day),
    "stated_birth": lambda t: _marked(t["facts_rows"], lambda r: births.stated_birth(r, latest=KNOWN_TO)),
    "stated_death": lambda t: _marked(t["facts_rows"], births.stated_death),
    "death_before_birth": lambda t: _marked(t["facts_rows"], lambda r: births.death_before_birth(r, latest=KNOWN_TO)),
    "age_impossible": lambda t: _marked(t["facts_rows"], lambda r: births.age_impossible(r.age)),
    "years_old": lambda t: _marked(t["facts_rows"], lambda r: births.years_old(r.age)),
    "known_persons": lambda t: persons.known_persons(t["facts"]),
    "facts_of_record": lambda t: persons.facts_of_record(t["persons"]),
    "joined_spells": lambda t: spells.joined_spells(t["old_spells"], of="practice_code"),
    "spells_with_new": lambda t: spells.spells_with_new(
        t["old_spells"], t["new_spells"], t["covered"], of="practice_code", known_to=KNOWN_TO
    ),
    "one_at_a_time": lambda t: spells.one_at_a_time(t["old_spells"]),
    "month_covered": lambda t: months.month_covered(t["months"]),
    "last_months": lambda t: months.last_months(t["months"]),
    "registered_months": lambda t: months.registered_months(t["months"], months.last_months(t["months"])),
    "flagged_spells": lambda t: months.flagged_spells(t["months"], conditions=["ht", "af"]),
    "changed_attributes": lambda t: months.changed_attributes(t["attributes"]),
    "attributes_with_new": lambda t: months.attributes_with_new(
        t["attributes"], t["new_attributes"], months.month_covered(t["new_attributes"]), known_to=KNOWN_TO
    ),
    "flow_months": lambda t: crossed.flow_months(t["care"]),
    "reported_activity": lambda t: crossed.reported_activity(t["activity"]),
    "months_again": lambda t: crossed.months_again(
        crossed.flow_months(t["care"]), crossed.flow_months(crossed.reported_activity(t["activity"])), share=0.5
    ),
    "kept_activity": lambda t: crossed.kept_activity(
        crossed.reported_activity(t["activity"]), TABLE_FUNCTIONS["months_again"](t), t["care"]
    ),
    "judged": _judged,
    "stays": lambda t: crossed.stays(t["care"]),
    "identities": lambda t: identity.identities(t["named"], number=2),
    "identity_with": lambda t: identity.identity_with(
        [identity.identities(t["named"], number=2), identity.identities(t["named"], number=1)]
    ),
}
# Read files, write files or hand out flags.
NOT_OF_TABLES = {
    "has_names", "identity_held", "publish_identity", "linking", "own_keys_linked", "counted", "together", "findings",
    "errors", "crossed_flags", "with_person", "file_rows", "latest_birth",
}  # fmt: skip
MODULES = (
    activity_rows,
    births,
    crossed,
    file_rows,
    identity,
    months,
    persons,
    points,
    rules,
    social_care,
    spells,
    values,
)


def _marked(table: ir.Table, mark: Callable[[ir.Table], ir.Value]) -> ir.Table:
    return table.mutate(marked=mark(table))


def table(schema: Mapping[str, str], *rows: tuple) -> pa.Table:
    """Rows as an Arrow table of Ibis types."""
    held = ibis.schema(dict(schema)).to_pyarrow()
    return pa.Table.from_pylist([dict(zip(schema, row, strict=True)) for row in rows], schema=held)


SPELL = {"person": "int64", "practice_code": "string", "start": "date", "end": "date"}
POINT = {"row": "int64", "pod_l1": "string", "pod_l2a": "string", "pod_l2b": "string"}
EVENT = {"row": "int64", "event_type": "string", "arr_date": "date", "dep_date": "date", "reported": "date",
         "cost": "decimal(18, 4)", "cost_frequency": "string", "weekly_units": "decimal(9, 3)", "items": "int32",
         "cost_pence": "int64", "source_id": "string"}  # fmt: skip
MONTH = {"person": "int64", "attribute_period": "date", "practice_code": "string", "ht": "boolean", "af": "boolean"}
A, B, C, D = date(2023, 1, 1), date(2023, 2, 1), date(2023, 3, 1), date(2023, 4, 1)
CARE = {
    "file": "int32",
    "row": "int64",
    "reported": "date",
    "submission": "string",
    "episode_order": "int16",
    "stay": "int64",
}


def _care() -> pa.Table:
    rows = [
        {"person": 1, "source_name": "sus_apc", "source_id": 5, "pod_l1": "secondary", "arr_date": A, "dep_date": B,
         "diag_codes": "I50", "cost_pence": 5, "prov_code": "R"},
        {"person": 1, "source_name": "sus_apc", "source_id": 6, "pod_l1": "secondary", "arr_date": A, "dep_date": C,
         "diag_codes": "F03", "cost_pence": None, "prov_code": "R"},
        {"person": 2, "source_name": "csds", "source_id": 7, "pod_l1": "community", "arr_date": B},
        {"person": 2, "source_name": "csds", "source_id": 7, "pod_l1": "community", "arr_date": B, "prov_code": None},
    ]  # fmt: skip
    held = arrow_table("activity", rows)
    more = table(CARE, (0, 2, B, None, 2, 9), (0, 3, C, None, 1, 9), (1, 2, B, "1", None, 8), (1, 3, B, "2", None, 8))
    for name in more.column_names:
        held = held.append_column(name, more[name])
    return held


def small() -> dict[str, pa.Table]:
    """Rows chosen to tell engines apart: nulls, spells that touch, months missing, ties."""
    raw = {"row": "int64", **{f"c{n}": "string" for n in range(10)}}
    who = {"person": "int64", "number_text": "string", "state": "string", "by_own": "boolean", "family_name": "string",
           "birth_date": "date", "sex": "string", "linked": "boolean"}  # fmt: skip
    attributes = [
        {"person": 1, "attribute_period": A, "smoking": "ex", "bmi": 20.5},
        {"person": 1, "attribute_period": B, "smoking": "ex", "bmi": 20.5},
        {"person": 1, "attribute_period": D, "smoking": None, "bmi": 20.5},
        {"person": 2, "attribute_period": A},
    ]
    return {
        "raw": table(raw,
            (2, "900 000-0009", "1", "Mental Health", "op", "2023-01-05 10:00", "06/01/2023", "aa22c", "5.0",
             "rvj", "£1,200.505"),
            (3, "9000219621", None, "111", "", "05JAN2023", "NULL", "bad", "7", "R V", "1e2"),
            (4, "x", "2", "dentist", "gp", "20230231", "20230201", None, "attended", None, "-3"),
            (5, None, "2", "111", "gp", "NA", "", None, None, "RVJ", "0")),
        "points": table(POINT, (2, "Mental Health", "op", "IAPT"), (3, "secondary", "21", "2"), (4, None, None, None),
            (5, "999", "missing_unknown", None), (6, "secondary", "ip", "weird")),
        "events": table(EVENT,
            (2, "service", date(2023, 1, 20), C, A, 70, "Weekly", None, None, None, "a"),
            (3, "service", B, None, B, 20, "hourly", 7, None, None, "b"),
            (4, "request", B, B, B, None, None, None, None, None, "c"),
            (5, "service", B, B, B, 20, "hourly", None, None, None, None)),
        "old_spells": table(SPELL, (1, "A", A, C), (1, "A", C, None), (1, "B", D, None),
            (2, "A", A, B), (3, "C", A, None)),
        "new_spells": table(SPELL, (1, "B", B, None), (2, "C", A, C)),
        "covered": table({"person": "int64", "first": "date", "after": "date"}, (1, B, D), (2, A, C)),
        "months": table(MONTH, (1, A, "A", True, None), (1, B, "A", False, True), (1, D, "B", True, True),
            (2, A, None, None, None), (2, B, "A", True, False)),
        "attributes": arrow_table("attributes", attributes),
        "new_attributes": arrow_table("attributes", [{"person": 1, "attribute_period": B, "smoking": "never"}]),
        "care": _care(),
        "activity": arrow_table("activity", [
            {"person": 2, "source_name": "csds", "source_id": 3, "pod_l1": "community", "arr_date": B},
            {"person": 1, "source_name": "sus_apc", "source_id": 5, "pod_l1": "secondary", "arr_date": A,
             "dep_date": D},
            {"person": 3, "source_name": "swd", "source_id": None, "pod_l1": "111", "arr_date": A}]),
        "born": table({"person": "int64", "birth_month": "date", "death_date": "date"}, (1, A, None), (2, C, D)),
        "persons": arrow_table("persons", [{"person": 1, "sex": "F"}, {"person": 2, "death_date": A}]),
        "facts": table(persons.FACTS, (1, 0, 1, "F", "Z", None, A, None, None), (1, 1, 2, "M", "B", C, None, 23, 30),
            (2, 1, 2, None, "Z", None, None, 23_000, 23_011), (3, 9, 0, None, None, None, None, None, None)),
        "facts_rows": table({"part": "int32", "person": "int64", "attribute_period": "date", "age": "int16",
            "sex": "string", "ethnicity": "string", "birth_date": "date", "death_date": "date", "dismeth": "string",
            "dep_date": "date"},
            (0, 1, A, 70, "F", "Z", date(1952, 5, 5), None, "4", D), (0, 1, D, 71, None, "A", None, A, None, None),
            (0, 2, A, 7003, None, None, date(2090, 1, 1), None, None, None),
            (1, 3, A, None, "M", "Z", date(1960, 1, 1), date(1959, 1, 1), None, None),
            (1, 4, A, 130, "M", "Z", date(1890, 1, 1), None, None, None)),
        "named": table(who, (1, "9000000009", "good", False, "Oak", A, "F", False),
            (1, "9000000009", "good", False, None, B, None, False), (1, None, None, True, "Zak", B, "M", True),
            (2, None, None, True, "Elm", None, "M", False), (None, "x", "form", False, "Yew", None, None, False)),
    }  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The rows as Parquet files, read by both engines."""
    where = tmp_path_factory.mktemp("loading")
    for name, held in small().items():
        pq.write_table(held, where / f"{name}.parquet")
    return where


@pytest.mark.parametrize("name", TABLE_FUNCTIONS)
def test_a_table_function_gives_the_same_rows_on_both_engines(name, folder, same_rows):
    same_rows(TABLE_FUNCTIONS[name], folder, places=9)


def test_every_public_function_of_these_modules_is_compared(each_is_compared):
    each_is_compared(MODULES, TABLE_FUNCTIONS, but=NOT_OF_TABLES)
