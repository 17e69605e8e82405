"""How does a published file become a table of text?

Files come as CSV, gzipped CSV or a zip of CSVs, in UTF-8 or Windows-1252. Each becomes one table of text on the
engine, cell for cell as published, with the row each record has in a spreadsheet.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import ibis
import ibis.expr.types as ir
from ibis.backends import BaseBackend

from commonweal.core.errors import InputError

# A record may run on past the headings; cells this far past them are still seen, and reported.
CELLS_PAST_THE_HEADINGS = 8
READABLE = (".csv", ".csv.gz", ".zip")


@dataclass(frozen=True, slots=True)
class PublishedText:
    """One CSV file, or one member of a zip: its name for messages, its headings, its text, how it was encoded."""

    path: Path
    name: str
    headings: tuple[str, ...]
    content: bytes
    encoding: str


def published_texts(path: Path) -> Iterator[PublishedText]:
    """Every CSV in a file: the file itself, or each member of a zip.

    Raises   InputError when the file cannot be opened as what its name says, or a quotation mark is left open.
    """
    lower = path.name.lower()
    try:
        if lower.endswith(".zip"):
            with zipfile.ZipFile(path) as archive:
                for member in sorted(archive.namelist()):
                    if member.lower().endswith(".csv"):
                        yield _text(path, f"{path.name}/{member}", archive.read(member))
        elif lower.endswith(".gz"):
            yield _text(path, path.name, gzip.decompress(path.read_bytes()))
        else:
            yield _text(path, path.name, path.read_bytes())
    except (zipfile.BadZipFile, gzip.BadGzipFile, EOFError) as error:
        raise InputError(f"cannot be unpacked: {error}.", where=path.name, mend="Download the file again.") from None
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}.", where=str(path), mend="Check the path.") from None


def _text(path: Path, name: str, content: bytes) -> PublishedText:
    text, encoding = _decoded(content)
    if text.count('"') % 2:
        line = next((n for n, line in enumerate(text.splitlines(), 1) if line.count('"') % 2), 0)
        raise InputError(
            "A quotation mark is opened and never closed.",
            where=f"{name}, line {line}",
            mend="Close it, or download the file again.",
        )
    text = _blank_lines_kept(text)
    first = next(csv.reader(io.StringIO(text, newline="")), [])
    headings = tuple(" ".join(cell.split()) for cell in first)
    return PublishedText(path, name, headings, text.encode("utf-8"), encoding)


def _decoded(content: bytes) -> tuple[str, str]:
    try:
        return content.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace"), "Windows-1252"


def _blank_lines_kept(text: str) -> str:
    """A blank line becomes a record of blanks, so that rows count as in a spreadsheet; quoted text is left alone."""
    if not re.search(r"\n\r?\n", text):
        return text
    segments = text.split('"')
    outside = (re.sub(r"(?<=\n)(?=\r?\n)", ",", segment) for segment in segments[::2])
    segments[::2] = list(outside)
    return '"'.join(segments)


def text_table(engine: BaseBackend, text: PublishedText) -> ir.Table:
    """The cells as text, on the engine.

    Returns  columns c0, c1, ... in the order of the headings; `row`, as a spreadsheet counts it; `past`, what stands in
             cells past the last heading, null when nothing does. Records that are blank throughout are left out.
    Raises   InputError when records run on far past the headings or quotation marks are misplaced.
    """
    cells = [f"c{position}" for position in range(len(text.headings))]
    extra = [f"x{position}" for position in range(CELLS_PAST_THE_HEADINGS)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "text.csv"
        path.write_bytes(text.content)
        try:
            read = engine.read_csv(
                path,
                columns=dict.fromkeys(cells + extra, "VARCHAR"),
                auto_detect=False,
                header=True,
                delim=",",
                quote='"',
                escape='"',
                null_padding=True,
                parallel=False,
            )
            numbered = read.mutate(row=ibis.row_number() + 2)
            past = not_blank(ibis.coalesce(*(numbered[name] for name in extra)))
            everything = ibis.literal("").join([ibis.coalesce(numbered[name], "") for name in cells + extra])
            filled = numbered.filter(everything.strip() != "").select("row", *cells, past=past)
            return engine.create_table(ibis.util.gen_name("published_text"), filled, temp=True)
        except duckdb.Error as error:
            found = re.search(r"Line: (\d+)", str(error))
            raise InputError(
                "A record cannot be read: it has too many cells or a misplaced quotation mark.",
                where=f"{text.name}, line {found[1]}" if found else text.name,
                mend="Compare the record with its neighbours, or download the file again.",
            ) from None


def not_blank(cell: ir.StringValue) -> ir.StringValue:
    """The text without spaces at its ends, null where nothing is left."""
    return cell.strip().nullif("")
