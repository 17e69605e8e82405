"""Does linkage keep to itself who people are, whatever is logged and whatever goes wrong?"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import date

import duckdb
import pyarrow as pa
import pytest
from splink import DuckDBAPI

from commonweal.core.errors import CommonwealError
from commonweal.core.parameters import library
from commonweal.people.linkage.faults import records_with_faults
from commonweal.people.linkage.linked import linked
from commonweal.people.linkage.measured import measured
from commonweal.people.linkage.records import measured_record

MARKS = ("Markedgiven", "Markedfamily", "9876543210", "1913-07-09", "19130709", "XH7 7ZZ", "XH77ZZ", "4242424242424242")
MARKED = {
    "person": 4_242_424_242_424_242,
    "nhs_number": "9876543210",
    "given_name": "Markedgiven",
    "family_name": "Markedfamily",
    "birth_date": date(1913, 7, 9),
    "sex": "F",
    "postcode": "XH7 7ZZ",
}


def held_by(text: str) -> list[str]:
    return [mark for mark in MARKS if mark.lower() in text.lower()]


@pytest.fixture
def marked(many) -> pa.Table:
    """People of whom one is marked in every field."""
    return pa.concat_tables([many.identity, pa.Table.from_pylist([MARKED], schema=many.identity.schema)])


@pytest.fixture
def every_log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Every logger listened to, down to the level at which Splink prints its statements."""
    with caplog.at_level(1), caplog.at_level(1, logger="splink"):
        yield caplog


def test_nothing_of_anybody_is_logged_printed_or_said_beside(many, marked, quick, every_log, capfd):
    mine = {name: MARKED[name] for name in ("given_name", "family_name", "birth_date", "sex", "postcode")}
    extra = pa.Table.from_pylist([{"record_id": "Z1", **mine}], schema=many.records.schema)
    found = linked(pa.concat_tables([many.records, extra]), marked, parameters=quick)
    assert MARKED["person"] in found.matches["person"].to_pylist()
    printed = capfd.readouterr()
    assert held_by(every_log.text) == []
    assert [record for record in every_log.records if record.name.startswith("splink")] == []
    assert printed.out + printed.err == ""
    assert held_by(json.dumps(found.facts())) == []


def test_a_measurement_names_nobody(marked, quick, every_log):
    found = measured(marked, records=200, seed=1, parameters=quick)
    assert held_by(json.dumps(measured_record(found)) + every_log.text) == []


def test_the_log_of_splink_is_as_it_was_afterwards(many, quick):
    log = logging.getLogger("splink")
    log.setLevel(logging.INFO)
    try:
        linked(many.records.slice(0, 5), many.identity.slice(0, 50), parameters=quick)
        assert (log.level, log.propagate, log.isEnabledFor(logging.INFO)) == (logging.INFO, True, True)
    finally:
        log.setLevel(logging.NOTSET)


def test_an_error_of_the_engine_is_one_clear_message_without_the_row_it_stopped_at(many, monkeypatch):
    def stops(_api: DuckDBAPI, _statement: str) -> None:
        raise duckdb.ConversionException("could not convert 'Markedfamily'")

    monkeypatch.setattr(DuckDBAPI, "_execute_sql_against_backend", stops)
    with pytest.raises(CommonwealError) as raised:
        linked(many.records.slice(0, 5), many.identity, parameters=library())
    assert held_by(str(raised.value)) == []
    assert raised.value.__suppress_context__
    assert "Linkage stopped" in str(raised.value)


def test_a_bad_date_is_said_by_its_row_and_never_by_what_it_says(many):
    table = many.records.slice(0, 2).select(["record_id", "given_name"])
    table = table.append_column("birth_date", pa.array(["1950-01-01", "Markedfamily 1913-07-09"]))
    (finding,) = linked(table, many.identity, parameters=library()).findings
    assert finding.row == 3
    assert held_by(str(finding)) == []


def test_records_are_made_of_people_without_a_trace_of_their_numbers(marked, quick):
    made = records_with_faults(marked, records=marked.num_rows, seed=1, parameters=quick)
    assert made.records.column_names == ["record_id", "given_name", "family_name", "birth_date", "sex", "postcode"]
