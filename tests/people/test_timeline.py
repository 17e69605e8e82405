"""Is one person's story told whole, in order, from the table function and from a record alike?"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from commonweal.core.engine import duckdb_engine
from commonweal.core.errors import CommonwealError
from commonweal.core.tables import arrow_table, definitions
from commonweal.people.record import TABLES, Record, publish_record
from commonweal.people.timeline import read_timeline, timeline

NORA, HAROLD, NOBODY = 4_611_686_018_427_387_905, 77, 78

ROWS: dict[str, list[dict[str, Any]]] = {
    "persons": [{"person": NORA, "sex": "F"}, {"person": HAROLD, "sex": "M"}],
    "registrations": [
        {"person": NORA, "practice_code": "X90001", "start": date(2001, 5, 1), "end": date(2019, 2, 1)},
        {"person": NORA, "practice_code": "X90002", "start": date(2019, 2, 1)},
        {"person": HAROLD, "practice_code": "X90001", "start": date(1990, 1, 1)},
    ],
    "attributes": [
        {"person": NORA, "attribute_period": date(2019, 2, 1), "smoking": "ex", "imd_decile": 3, "housebound": False},
        {"person": NORA, "attribute_period": date(2020, 6, 1), "housebound": True, "bmi": 27.125, "nh_rh": True},
        {"person": HAROLD, "attribute_period": date(2018, 1, 1)},
    ],
    "conditions": [
        {"person": NORA, "condition": "copd", "start": date(2015, 3, 9)},
        {"person": NORA, "condition": "depression", "start": date(2016, 1, 1), "end": date(2017, 1, 1)},
    ],
    "activity": [
        {
            "person": NORA,
            "source_name": "sus_apc",
            "pod_l1": "secondary",
            "pod_l2a": "ip",
            "pod_l2b": "emergency",
            "arr_date": date(2020, 2, 27),
            "dep_date": date(2020, 2, 29),
            "spec_l1a": "340",
            "spec_l2a": "DZ65F",
            "admimeth": "21",
            "diag_codes": "J440,I10",
            "prov_code": "RX1",
            "cost_pence": 312_345,
        },
        {
            "person": NORA,
            "source_name": "prescribing",
            "pod_l1": "primary_care_prescription",
            "arr_date": date(2020, 2, 1),
            "items": 6,
            "cost_pence": 4_200,
        },
        {
            "person": HAROLD,
            "source_name": "gp",
            "pod_l1": "primary_care_contact",
            "pod_l2a": "gp",
            "arr_date": date(2020, 2, 27),
        },
    ],
}
NORAS = [
    (date(2001, 5, 1), date(2019, 2, 1), "registration", "registered", None, "X90001", None),
    (date(2015, 3, 9), None, "condition", "copd", None, None, None),
    (date(2016, 1, 1), date(2017, 1, 1), "condition", "depression", None, None, None),
    (date(2019, 2, 1), date(2020, 6, 1), "circumstances", "circumstances", "imd_decile 3; smoking ex", None, None),
    (date(2019, 2, 1), None, "registration", "registered", None, "X90002", None),
    (date(2020, 2, 1), date(2020, 2, 2), "care", "primary_care_prescription", "items 6", None, 4_200),
    (
        date(2020, 2, 27),
        date(2020, 3, 1),
        "care",
        "secondary/ip/emergency",
        "spec_l1a 340; spec_l2a DZ65F; admimeth 21; diag_codes J440,I10",
        "RX1",
        312_345,
    ),
    (date(2020, 6, 1), None, "circumstances", "circumstances", "nh_rh; housebound; bmi 27.13", None, None),
]


def told(events: pa.Table) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in events.to_pylist()]


def by_function(rows: Mapping[str, Sequence[Mapping[str, Any]]], person: int) -> list[tuple[Any, ...]]:
    return told(duckdb_engine().to_pyarrow(expression(rows, person)))


def expression(rows: Mapping[str, Sequence[Mapping[str, Any]]], person: int) -> ir.Table:
    names = ("activity", "registrations", "conditions", "attributes")
    return timeline(*(ibis.memtable(arrow_table(name, rows[name])) for name in names), person=person)


def record_of(place: Path, rows: Mapping[str, Sequence[Mapping[str, Any]]], *, parts: int = 1) -> Record:
    """A record of a few rows, its activity in order of person and in so many parts."""

    def write(folder: Path) -> None:
        for name in TABLES:
            table = arrow_table(name, rows[name]).sort_by([("person", "ascending")])
            if name != "activity":
                pq.write_table(table, folder / f"{name}.parquet")
                continue
            size = -(-table.num_rows // parts)
            for number in range(parts):
                part = table.slice(number * size, size)
                pq.write_table(part, folder / name / f"part-{number:05d}.parquet", row_group_size=1)

    return publish_record(
        place, f"{parts}", write, start=date(2018, 1, 1), end=date(2021, 1, 1), synthetic=True, facts={}
    )


def test_a_timeline_holds_every_event_of_one_person_in_order_of_day_and_nothing_of_anybody_else():
    assert by_function(ROWS, NORA) == NORAS


def test_the_columns_are_as_the_table_is_defined():
    assert expression(ROWS, NORA).schema() == definitions()["timeline"].schema


@pytest.mark.parametrize("parts", [1, 2, 3])
def test_a_record_tells_the_same_however_many_parts_its_activity_is_in(tmp_path, parts):
    record = record_of(tmp_path, ROWS, parts=parts)
    assert told(read_timeline(record, NORA)) == NORAS
    assert told(read_timeline(record, HAROLD)) == by_function(ROWS, HAROLD)
    assert told(read_timeline(record, NORA)) == NORAS


def test_somebody_who_is_not_in_the_record_has_no_events_and_the_columns_all_the_same(tmp_path):
    events = read_timeline(record_of(tmp_path, ROWS), NOBODY)
    assert events.num_rows == 0
    assert events.schema == definitions()["timeline"].schema.to_pyarrow()
    assert by_function(ROWS, NOBODY) == []


def test_somebody_without_activity_still_has_registrations_and_conditions(tmp_path):
    rows = {**ROWS, "activity": [row for row in ROWS["activity"] if row["person"] == HAROLD]}
    events = told(read_timeline(record_of(tmp_path, rows), NORA))
    assert events == [row for row in NORAS if row[2] != "care"]


def test_every_activity_row_that_is_twice_is_told_twice(tmp_path):
    rows = {**ROWS, "activity": [*ROWS["activity"], ROWS["activity"][1]]}
    assert len(told(read_timeline(record_of(tmp_path, rows), NORA))) == len(NORAS) + 1


def test_two_records_do_not_mix(tmp_path):
    other = {**ROWS, "conditions": []}
    first, second = record_of(tmp_path / "a", ROWS), record_of(tmp_path / "b", other)
    assert len(told(read_timeline(first, NORA))) == len(NORAS)
    assert len(told(read_timeline(second, NORA))) == len(NORAS) - 2
    assert len(told(read_timeline(first, NORA))) == len(NORAS)


def test_a_record_that_cannot_be_read_is_one_clear_error_without_the_pseudonym(tmp_path, caplog):
    record = record_of(tmp_path, ROWS)
    (record.path / "conditions.parquet").write_bytes(b"not Parquet")
    with caplog.at_level(1), pytest.raises(CommonwealError) as raised:
        read_timeline(record, NORA)
    assert str(NORA) not in str(raised.value) + caplog.text
    assert raised.value.__suppress_context__
    assert raised.value.mend


def test_nothing_is_logged_of_whom_is_asked_for(tmp_path, caplog):
    record = record_of(tmp_path, ROWS)
    with caplog.at_level(1, logger=logging.getLogger().name):
        read_timeline(record, NORA)
    assert str(NORA) not in caplog.text
