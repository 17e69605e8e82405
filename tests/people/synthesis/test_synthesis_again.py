"""Do the same place, seed and key give the same people, whoever makes them and in whatever pieces?"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from commonweal.core.errors import CommonwealError, InputError
from commonweal.people.pseudonyms import KEY_FILE, pseudonym
from commonweal.people.record import TABLES, has_record


def bytes_of(record) -> dict[str, bytes]:
    return {str(path.relative_to(record.path)): path.read_bytes() for path in sorted(record.path.rglob("*.*"))}


def rows_of(record, table: str) -> pa.Table:
    path = record.path / "activity" if table == "activity" else record.path / f"{table}.parquet"
    return pq.read_table(path)


def test_the_same_place_and_seed_give_the_same_bytes(small, synthesised):
    path, record = small
    other_path, other = synthesised()
    assert bytes_of(other) == bytes_of(record)
    assert other.path.name == record.path.name
    people = [(place / "identity" / "people.parquet").read_bytes() for place in (path, other_path)]
    assert people[0] == people[1]


def test_two_workers_write_the_bytes_of_one(small, synthesised):
    _, record = small
    _, other = synthesised(workers=2)
    assert bytes_of(other) == bytes_of(record)


def test_other_pieces_hold_the_same_rows(small, synthesised):
    _, record = small
    _, other = synthesised(blocks_a_part=1)
    assert len(list((other.path / "activity").iterdir())) > len(list((record.path / "activity").iterdir()))
    for table in TABLES:
        assert rows_of(other, table).equals(rows_of(record, table)), table


def test_another_seed_gives_other_people(small, synthesised):
    _, record = small
    _, other = synthesised(seed=7)
    assert other.path.name != record.path.name
    assert not rows_of(other, "persons").equals(rows_of(record, "persons"))


def test_another_key_gives_other_pseudonyms_of_the_same_numbers(small, synthesised, tmp_path):
    path, record = small
    key = tmp_path / "own.key"
    key.write_text("ab" * 32)
    other_path, other = synthesised(key_file=key)
    mine, theirs = (pq.read_table(place / "identity" / "people.parquet") for place in (path, other_path))
    assert set(mine["nhs_number"].to_pylist()) == set(theirs["nhs_number"].to_pylist())
    assert not set(mine["person"].to_pylist()) & set(theirs["person"].to_pylist())
    assert other.path.name != record.path.name
    assert not (other_path / "identity" / KEY_FILE).exists()


def test_a_pseudonym_is_the_keyed_hash_of_the_number(small):
    path, _ = small
    key = bytes.fromhex((path / "identity" / KEY_FILE).read_text().strip())
    held = pq.read_table(path / "identity" / "people.parquet")
    for person, number in zip(held["person"].to_pylist()[:200], held["nhs_number"].to_pylist()[:200], strict=True):
        assert person == pseudonym(number, key)


def test_a_year_that_begins_on_a_leap_day_is_made_up_too(synthesised):
    _, record = synthesised(people=500, end=date(2024, 2, 29))
    assert (record.start, record.end) == (date(2022, 2, 28), date(2024, 2, 29))


@pytest.mark.parametrize("asked", [{"people": 0}, {"years": 0}, {"years": 99}, {"seed": -1}], ids=str)
def test_what_cannot_be_made_up_is_refused(synthesised, asked):
    with pytest.raises(InputError):
        synthesised(**asked)


def test_a_key_that_is_none_stops_it_before_anything_is_written(bare: Path, synthesised, tmp_path):
    key = tmp_path / "bad.key"
    key.write_text("not a key")
    with pytest.raises(CommonwealError, match="holds no key"):
        synthesised(key_file=key)
    assert not has_record(bare)


def test_one_person_is_enough(synthesised):
    _, record = synthesised(people=1)
    assert rows_of(record, "persons").num_rows >= 1
