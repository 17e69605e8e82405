"""Who is on a place's lists, by name?"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from commonweal.core.errors import InputError
from commonweal.core.findings import Finding
from commonweal.core.tables import definitions
from commonweal.people.linkage.fields import dates_read
from commonweal.people.pseudonyms import IDENTITY

PEOPLE_FILE = "people.parquet"


def people_file(place: Path) -> Path:
    """Where a place keeps the names of its people."""
    return place / IDENTITY / PEOPLE_FILE


def listed_people(path: Path) -> tuple[pa.Table, tuple[Finding, ...]]:
    """Table `identity` from a Parquet file, and what in it could not be read.

    Returns  dates of birth as dates, also where the file holds them as text; null with a finding where one is no date.
    Raises   InputError for a file that is not there, is not Parquet, lacks a column or has one of another type.
    """
    if not path.is_file():
        raise InputError(
            "There is no such file.",
            where=str(path),
            mend="Name a Parquet file with the columns of table identity.",
        )
    try:
        table = pq.read_table(path)
    except (pa.ArrowInvalid, OSError):
        raise InputError("is not a Parquet file.", where=str(path), mend="Save the table as Parquet.") from None
    schema = definitions()["identity"].schema.to_pyarrow()
    missing = [name for name in schema.names if name not in table.column_names]
    if missing:
        raise InputError(
            f"The file has no column {', '.join(missing)}.",
            where=str(path),
            mend="See table identity in docs/reference.",
        )
    table, findings = _with_dates(table.select(schema.names), path.name)
    return _typed(table, schema, path), findings


def _with_dates(table: pa.Table, file: str) -> tuple[pa.Table, tuple[Finding, ...]]:
    texts = table["birth_date"].combine_chunks()
    if not (pa.types.is_string(texts.type) or pa.types.is_large_string(texts.type)):
        return table, ()
    read = dates_read(pc.utf8_trim_whitespace(texts.cast(pa.string())))
    days = pc.strptime(read, format="%Y%m%d", unit="s", error_is_null=True).cast(pa.date32())
    lost = pc.and_(pc.is_valid(texts), pc.is_null(days))
    place = table.column_names.index("birth_date")
    table = table.set_column(place, "birth_date", days)
    number = pc.sum(lost).as_py() or 0
    if not number:
        return table, ()
    first = pc.index(lost, True).as_py() + 2
    message = f"{number:,} dates of birth cannot be read and count as missing, the first in this row."
    mend = "Write a date as in 1950-12-31."
    return table, (Finding("warning", "linkage field", file, first, "birth_date", message, mend),)


def _typed(table: pa.Table, schema: pa.Schema, path: Path) -> pa.Table:
    columns = []
    for field in schema:
        try:
            columns.append(table[field.name].cast(field.type))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            # The error of the cast quotes the value it stopped at.
            raise InputError(
                f"Column {field.name} does not hold {field.type}.", where=str(path), mend="Save it in that type."
            ) from None
    return pa.Table.from_arrays(columns, schema=schema)
