"""What columns does each table have, and does this table have them?

`tables/*.yaml` holds every column once: name, type, unit, key, what null means, source, and the headers it is
published under. The same rows read, check, create and document the tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import yaml

from commonweal.core.errors import CommonwealError


@dataclass(frozen=True, slots=True)
class ColumnDefinition:
    """One column: its type is an Ibis type name; `published_as` are the headers publishers use for it.

    optional        files of the form may lack the column; it is then null throughout
    pattern         what a text must match in full, after spaces are tidied; `looks_like` says so in words
    at_least/most   the range a number must lie in
    null_when       texts that stand for no value, in capitals
    """

    name: str
    type: str
    unit: str
    meaning: str
    key: bool
    null_means: str
    source: str
    published_as: tuple[str, ...]
    optional: bool = False
    pattern: str = ""
    looks_like: str = ""
    at_least: str = ""
    at_most: str = ""
    null_when: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableDefinition:
    """One table: its grain in words and its columns in order."""

    name: str
    grain: str
    source: str
    columns: tuple[ColumnDefinition, ...]

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that name a row."""
        return tuple(column.name for column in self.columns if column.key)

    @property
    def schema(self) -> ibis.Schema:
        """The table's Ibis schema."""
        return ibis.schema({column.name: column.type for column in self.columns})

    def __iter__(self) -> Iterator[ColumnDefinition]:
        return iter(self.columns)


def conformed(table: ir.Table, name: str) -> ir.Table:
    """The table with exactly the defined columns, in the defined order and types.

    Raises   CommonwealError naming the columns that are missing.
    """
    definition = definitions()[name]
    missing = [column.name for column in definition if column.name not in table.columns]
    if missing:
        raise CommonwealError(f"Table {name} lacks {', '.join(missing)}.")
    return table.select(**{column.name: table[column.name].cast(column.type) for column in definition})


def arrow_table(name: str, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Plain rows as an Arrow table of the defined columns and types.

    Takes    rows: keys are column names; decimals may be text. Further keys are left out, missing ones are null.
    """
    schema = definitions()[name].schema.to_pyarrow()
    columns = [pa.array([_held(row.get(f.name), f.type) for row in rows], type=f.type) for f in schema]
    return pa.Table.from_arrays(columns, schema=schema)


def _held(value: Any, type_: pa.DataType) -> Any:
    return Decimal(value) if pa.types.is_decimal(type_) and isinstance(value, str) else value


@lru_cache(maxsize=1)
def definitions() -> Mapping[str, TableDefinition]:
    """Every table by name."""
    found: dict[str, TableDefinition] = {}
    folder = files("commonweal") / "tables"
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.name.endswith(".yaml"):
            content = yaml.safe_load(entry.read_text(encoding="utf-8")) or {}
            found.update({name: _table(name, body) for name, body in content.items()})
    return found


def _table(name: str, body: Mapping[str, Any]) -> TableDefinition:
    columns = tuple(_column(column, held) for column, held in body["columns"].items())
    return TableDefinition(name, str(body["grain"]), str(body.get("source", "")), columns)


def _column(name: str, held: Mapping[str, Any]) -> ColumnDefinition:
    return ColumnDefinition(
        name=name,
        type=str(held["type"]),
        unit=str(held.get("unit", "")),
        meaning=str(held["meaning"]),
        key=bool(held.get("key", False)),
        null_means=str(held.get("null_means", "never null")),
        source=str(held.get("source", "")),
        published_as=tuple(str(header) for header in held.get("published_as", [])),
        optional=bool(held.get("optional", False)),
        pattern=str(held.get("pattern", "")),
        looks_like=str(held.get("looks_like", "")),
        at_least=str(held.get("at_least", "")),
        at_most=str(held.get("at_most", "")),
        null_when=tuple(str(text) for text in held.get("null_when", [])),
    )
