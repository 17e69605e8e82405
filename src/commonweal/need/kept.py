"""How is each person's need worked out once, and not again until something changes?

Working need out reads years of activity; every report and command asks for the same table. It is kept in the place's
out folder by record and day, under a digest of the parameters and the code that made it. It is only ever a copy:
deleting it loses nothing.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import ibis
import ibis.expr.types as ir
from ibis.backends import BaseBackend

from commonweal.core.parameters import Parameters
from commonweal.core.store import parquet_files, write_parquet
from commonweal.need.person_need import person_need
from commonweal.people.record import Record

KEPT = ".need"
TABLE = "person_need.parquet"
MADE_BY = ("need", "people", "tables")


def kept_person_need(place: Path, record: Record, engine: BaseBackend, *, on: date, parameters: Parameters) -> ir.Table:
    """Each registered person's need on a day, from what was kept when nothing has changed since.

    Takes    place: the place's folder; engine: works the table out where it is not kept, and reads it.
    Returns  as `person_need`: one row per person registered on the day, read from Parquet.
    Raises   as `person_need`.
    """
    kept = place / "out" / KEPT / record.path.name / f"{on}-{_digest(parameters)}"
    if not (kept / TABLE).exists():
        _keep(person_need(record.tables(engine), on=on, parameters=parameters), kept, f"{on}-")
    return engine.read_parquet(parquet_files(kept / TABLE), table_name=ibis.util.gen_name("person_need"))


def _keep(table: ir.Table, kept: Path, of_the_day: str) -> None:
    making = kept.with_name(f".making-{os.getpid()}")
    shutil.rmtree(making, ignore_errors=True)
    try:
        making.mkdir(parents=True)
        write_parquet(table, making / TABLE)
        _remove(held for held in kept.parent.parent.iterdir() if held != kept.parent)
        _remove(held for held in kept.parent.iterdir() if held.name.startswith(of_the_day))
        making.rename(kept)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise


def _remove(folders: Iterable[Path]) -> None:
    for folder in list(folders):
        shutil.rmtree(folder, ignore_errors=True)


def _digest(parameters: Parameters) -> str:
    digest = hashlib.sha256()
    for name in parameters:
        values = [(held.start, held.value) for held in parameters[name].values]
        digest.update(f"{name} {values}".encode())
    for part in MADE_BY:
        for source in _sources(files("commonweal") / part):
            digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def _sources(folder: Traversable) -> Iterator[Traversable]:
    for entry in sorted(folder.iterdir(), key=lambda held: held.name):
        if entry.is_dir():
            yield from _sources(entry)
        elif entry.name.endswith((".py", ".yaml")):
            yield entry
