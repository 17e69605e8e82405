"""Which engines are there, and what is said when one cannot be had?"""

from __future__ import annotations

from pathlib import Path

import ibis
import pytest

from commonweal.core.engine import duckdb_engine, engine_named
from commonweal.core.errors import InputError
from commonweal.core.store import parquet_files, write_parquet


def test_an_engine_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(InputError, match="duckdb, spark"):
        engine_named("sqlite")


def test_duckdb_keeps_to_the_memory_it_is_given():
    engine = engine_named("duckdb", memory="512MB")
    said = engine.con.execute("SELECT current_setting('memory_limit')").fetchone()[0]
    assert said == "488.2 MiB"


def test_what_does_not_fit_into_memory_is_put_aside_outside_the_working_folder():
    said = duckdb_engine().con.execute("SELECT current_setting('temp_directory')").fetchone()[0]
    assert Path(said).is_absolute()
    assert Path.cwd() not in Path(said).parents


def test_a_table_is_written_by_its_engine_and_read_back_with_its_rows_counted(tmp_path: Path):
    engine = duckdb_engine()
    table = ibis.memtable([{"level": n % 4 + 1} for n in range(10)], schema={"level": "int64"})
    path = tmp_path / "levels.parquet"
    assert write_parquet(engine.create_table("levels", table), path) == 10
    assert engine.read_parquet(parquet_files(path)).level.sum().execute() == 23
