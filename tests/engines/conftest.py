"""Both engines, how the rows of a table function are compared on them, and whether each one is."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from inspect import getmembers, isfunction
from pathlib import Path
from types import ModuleType
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from ibis.backends import BaseBackend

from commonweal.core.engine import duckdb_engine, spark_engine
from commonweal.core.tables import definitions

Tables = Mapping[str, ir.Table]
TableFunction = Callable[[Tables], ir.Table]


@pytest.fixture(scope="session")
def spark() -> Iterator[BaseBackend]:
    """A Spark session for all of these tests, ended with them."""
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    engine = spark_engine()
    yield engine
    engine.disconnect()


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Mapping[str, Sequence[Mapping[str, Any]]]], Path]:
    """Rows of named tables as a folder of Parquet files with the columns and types of their definitions."""

    def write(rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> Path:
        folder = tmp_path_factory.mktemp("tables")
        for name, held in rows.items():
            pq.write_table(_typed(name, held), folder / f"{name}.parquet")
        return folder

    return write


@pytest.fixture(scope="session")
def same_rows(spark: BaseBackend) -> Callable[..., None]:
    """Asserts that a table function gives the same rows on both engines from the Parquet files of a folder.

    Floats are compared to `places` significant digits: engines add them up in different orders.
    """

    def compare(function: TableFunction, folder: Path, *, places: int | None = None) -> None:
        here, there = (
            sorted((_values(row, places) for row in _rows(engine, function, folder)), key=repr)
            for engine in (duckdb_engine(), spark)
        )
        assert here, "nothing to compare"
        assert there == here

    return compare


@pytest.fixture(scope="session")
def each_is_compared() -> Callable[..., None]:
    """Asserts that every public function of some modules is among those compared, or named as none of tables.

    What stands after a space in the name of a comparison says which case it is; a name that no module has any more
    is to be taken out.
    """

    def check(modules: Iterable[ModuleType], compared: Iterable[str], *, but: Iterable[str] = ()) -> None:
        public = {
            name
            for module in modules
            for name, held in getmembers(module, isfunction)
            if not name.startswith("_") and held.__module__ == module.__name__
        }
        assert public, "no function to compare"
        missing = public - {name.partition(" ")[0] for name in compared} - set(but)
        assert not missing, f"not compared on both engines: {', '.join(sorted(missing))}"
        assert not set(but) - public, f"in no module: {', '.join(sorted(set(but) - public))}"

    return check


def _rows(engine: BaseBackend, function: TableFunction, folder: Path) -> list[dict[str, Any]]:
    tables = {path.stem: engine.read_parquet(str(path)) for path in sorted(folder.glob("*.parquet"))}
    return list(engine.to_pyarrow(function(tables)).to_pylist())


def _values(row: Mapping[str, Any], places: int | None) -> tuple[Any, ...]:
    def held(value: Any) -> Any:
        return float(f"{value:.{places}g}") if isinstance(value, float) and places else value

    return tuple(held(value) for value in row.values())


def _typed(name: str, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    fields = definitions()[name].schema.to_pyarrow()
    columns = {field.name: [_exact(row.get(field.name), field.type) for row in rows] for field in fields}
    return pa.table(columns, schema=fields)


def _exact(value: Any, kind: pa.DataType) -> Any:
    return Decimal(value) if value is not None and pa.types.is_decimal(kind) else value
