"""How does a file of people become a table of text on the engine?

Parquet and CSV, gzipped or not. A CSV is read once into the working folder, cell for cell; both then stand as columns
c0, c1, ... with the row each record has in a spreadsheet. Nothing of a cell is ever in a message.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow.parquet as pq
from ibis.backends import BaseBackend
from pyarrow.lib import ArrowException

from commonweal.core.errors import InputError
from commonweal.core.findings import Finding

CSV_NAMES = (".csv", ".csv.gz", ".txt", ".txt.gz")
PARQUET_NAMES = (".parquet",)
UTF_8, LATIN_1 = "utf-8", "latin-1"
CELLS_PAST_THE_HEADINGS = 8
HEADER_ROWS = 1
# A heading line this long is no heading line.
LONGEST_LINE = 1_000_000


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as it was handed in: its name for messages and its headings."""

    path: Path
    name: str
    headings: tuple[str, ...]
    encoding: str = UTF_8

    @property
    def is_parquet(self) -> bool:
        """Whether it is Parquet and not CSV."""
        return self.name.lower().endswith(PARQUET_NAMES)


def source_file(path: Path) -> SourceFile:
    """A file with its headings.

    Raises   InputError where it is not there, is of another kind, or cannot be opened as what its name says.
    """
    if not path.is_file():
        raise InputError("There is no such file.", where=str(path), mend="Name Parquet or CSV files.")
    lower = path.name.lower()
    if lower.endswith(PARQUET_NAMES):
        return SourceFile(path, path.name, _parquet_headings(path))
    if not lower.endswith(CSV_NAMES):
        mend = f"Its name must end in one of {', '.join((*PARQUET_NAMES, *CSV_NAMES))}."
        raise InputError("The file is neither Parquet nor CSV.", where=path.name, mend=mend)
    for encoding in (UTF_8, LATIN_1):
        headings = _csv_headings(path, encoding)
        if headings is not None:
            return SourceFile(path, path.name, headings, encoding)
    raise _unreadable(path.name)


def _parquet_headings(path: Path) -> tuple[str, ...]:
    try:
        return tuple(pq.read_schema(path).names)
    except (ArrowException, OSError):
        pass
    raise InputError("The file is not Parquet.", where=path.name, mend="Export it again.")


def _csv_headings(path: Path, encoding: str) -> tuple[str, ...] | None:
    """The first record; None where the encoding is another."""
    broken = False
    try:
        with _opened(path, "utf-8-sig" if encoding == UTF_8 else encoding) as text:
            line = text.readline(LONGEST_LINE)
    except UnicodeDecodeError:
        return None
    except (gzip.BadGzipFile, EOFError, OSError):
        broken = True
    if broken:
        raise _unreadable(path.name)
    headings = tuple(" ".join(cell.split()) for cell in next(csv.reader([line]), []))
    if not headings:
        raise InputError("The file is empty.", where=path.name, mend="Export it again.")
    return headings


def _opened(path: Path, encoding: str) -> TextIO:
    if path.name.lower().endswith(".gz"):
        return gzip.open(path, "rt", encoding=encoding, newline="")
    return path.open(encoding=encoding, newline="")


def _unreadable(name: str) -> InputError:
    return InputError("The file cannot be read.", where=name, mend="Export it again, as CSV in UTF-8 or as Parquet.")


@contextmanager
def without_values(where: str) -> Iterator[None]:
    """Whatever the engine stops at becomes an error that quotes nothing.

    An engine's own message may hold the cell it stumbled at; it is dropped with all that led to it.
    """
    kind = ""
    try:
        yield
    except (duckdb.Error, ArrowException) as problem:
        kind = type(problem).__name__
    if kind:
        message = f"The rows cannot be worked through ({kind})."
        raise InputError(message, where=where, mend="Export the file again, or try fewer files at once.") from None


def text_rows(engine: BaseBackend, source: SourceFile, working: Path) -> tuple[ir.Table, list[Finding]]:
    """The file's cells, by position.

    Takes    working: a folder that only its owner reads; a CSV is kept there as Parquet.
    Returns  columns `row` and c0, c1, ...: text from CSV, as typed from Parquet; and what was found on the way.
    Raises   InputError where records cannot be told apart.
    """
    path = working / f"text-{ibis.util.gen_name('rows')}.parquet"
    if source.is_parquet:
        read = engine.read_parquet(str(source.path), file_row_number=True, table_name=ibis.util.gen_name("source"))
        cells = {f"c{n}": trimmed(read[name]) for n, name in enumerate(pq.read_schema(source.path).names)}
        numbered = read.select(row=read.file_row_number + HEADER_ROWS + 1, **cells)
        if not any(column.type().is_string() for column in cells.values()):
            return numbered, []
        engine.to_parquet(numbered, path, compression="snappy")
        return engine.read_parquet(str(path), table_name=ibis.util.gen_name("source")), []
    encoding, padded = _csv_to_parquet(engine, source, path)
    read = engine.read_parquet(str(path), table_name=ibis.util.gen_name("source"))
    found = [_encoding_finding(source.name)] * (encoding != UTF_8)
    if padded:
        found += _past_the_headings(read, source)
    return read.select("row", *(f"c{n}" for n in range(len(source.headings)))), found


def _csv_to_parquet(engine: BaseBackend, source: SourceFile, path: Path) -> tuple[str, bool]:
    """Written as text, at once where every record has its cells, else cell by cell; says how it was read."""
    cells = dict.fromkeys((f"c{n}" for n in range(len(source.headings))), "VARCHAR")
    extra = dict.fromkeys((f"x{n}" for n in range(CELLS_PAST_THE_HEADINGS)), "VARCHAR")
    strict: Mapping[str, Any] = {"columns": cells, "null_padding": False}
    # Padding needs one reader from end to end; only files with ragged records pay for that.
    lenient: Mapping[str, Any] = {"columns": cells | extra, "null_padding": True, "parallel": False}
    for encoding in dict.fromkeys((source.encoding, LATIN_1)):
        for padded, how in ((False, strict), (True, lenient)):
            try:
                _write_text(engine, source.path, path, encoding, how)
            except duckdb.Error:
                continue
            return encoding, padded
    raise InputError(
        "The records cannot be told apart: a quotation mark is left open, or a record has far too many cells.",
        where=source.name,
        mend="Export the file again, as CSV with commas or as Parquet.",
    )


def _write_text(engine: BaseBackend, source: Path, path: Path, encoding: str, how: Mapping[str, Any]) -> None:
    table = engine.read_csv(
        str(source),
        table_name=ibis.util.gen_name("csv"),
        auto_detect=False,
        header=True,
        delim=",",
        quote='"',
        escape='"',
        encoding=encoding,
        **how,
    )
    cells = {name: trimmed(table[name]) for name in table.columns}
    engine.to_parquet(table.select(row=ibis.row_number() + HEADER_ROWS + 1, **cells), path, compression="snappy")


def trimmed(cell: ir.Value) -> ir.Value:
    """A cell without spaces at its ends: once here, since every rule would else do it again."""
    return cell.strip() if cell.type().is_string() else cell


def _encoding_finding(name: str) -> Finding:
    message = "The file is not UTF-8; it is read as Latin-1."
    return Finding("note", "file-encoding", name, None, "", message, "Export it as UTF-8 where names look wrong.")


def _past_the_headings(table: ir.Table, source: SourceFile) -> list[Finding]:
    beyond = ibis.coalesce(*(table[f"x{n}"] for n in range(CELLS_PAST_THE_HEADINGS))).notnull()
    found = table.aggregate(rows=beyond.sum(), first=table.row.min(where=beyond)).to_pyarrow().to_pylist()[0]
    if not found["rows"]:
        return []
    message = f"{found['rows']:,} rows have more cells than there are headings; what is beyond them is not read."
    return [
        Finding("error", "row-too-long", source.name, found["first"], "", message, "Put quotation marks round text.")
    ]
