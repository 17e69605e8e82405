"""Where are the rows that are not in the record?

Each is written with all that its file said of it, the rule and its row, into `identity/set_aside` of the place, since
it may identify somebody. Such a file has the columns of the file it came from, so it can be corrected and loaded again.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import ibis
import ibis.expr.types as ir
from ibis.backends import BaseBackend

from commonweal.people.loading.rules import ASIDE
from commonweal.people.loading.source import SourceFile
from commonweal.people.pseudonyms import identity_folder

FOLDER = "set_aside"
RULE, ROW = "set_aside_rule", "set_aside_row"


def set_aside_folder(place: Path) -> Path:
    """The folder of rows set aside; made when it is not there, for its owner's eyes alone."""
    folder = identity_folder(place) / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def rows_set_aside(flagged: Sequence[ir.Table]) -> ir.Table:
    """Which rows of a file are set aside, and by which rule.

    Takes    flagged: tables with row and aside (null for what is kept).
    Returns  row, rule; one row per row of the file and rule.
    """
    parts = [table.filter(table[ASIDE].notnull()).select("row", rule=table[ASIDE]).distinct() for table in flagged]
    return ibis.union(*parts, distinct=True) if len(parts) > 1 else parts[0]


def write_set_aside(
    engine: BaseBackend, place: Path, source: SourceFile, digest: str, raw: ir.Table, aside: ir.Table
) -> Path | None:
    """Write a file's rows that are set aside; what an earlier load of the same file set aside is replaced.

    Returns  where they are; None when nothing of the file is set aside.
    """
    path = set_aside_folder(place) / f"{_stem(source.name)}-{digest[:8]}.parquet"
    if not aside.count().to_pyarrow().as_py():
        path.unlink(missing_ok=True)
        return None
    joined = raw.inner_join(aside.rename(of_row="row"), raw.row == aside.row)
    names = _names(source.headings)
    held = joined.select(**{name: joined[cell] for name, cell in names.items()}, **{RULE: joined.rule, ROW: joined.row})
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    os.close(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    engine.to_parquet(held.order_by(ROW, RULE), new, compression="zstd")
    new.chmod(0o600)
    new.replace(path)
    return path


def _names(headings: Sequence[str]) -> Mapping[str, str]:
    """Headings as names of columns, each once; those of an earlier setting aside are left out."""
    names: dict[str, str] = {}
    taken: set[str] = {RULE, ROW}
    for at, heading in enumerate(headings):
        if heading.casefold() in (RULE, ROW):
            continue
        name = heading or f"column {at + 1}"
        while name.casefold() in taken:
            name += " again"
        taken.add(name.casefold())
        names[name] = f"c{at}"
    return names


def _stem(name: str) -> str:
    return "".join(c if c.isalnum() or c in "-_" else "-" for c in name.split(".")[0]) or "file"


def file_digest(path: Path) -> str:
    """A digest of a file's bytes, read piece by piece."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
