"""How are published files read once, and not again until they change?

Reading and checking cells takes seconds; every command needs the same tables. What was read is kept in the place's
out folder under a digest of the files, of how they were to be read and of the code's own tables and parameters. It
is only ever a copy: deleting it loses nothing.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

import ibis
import pyarrow.parquet as pq
from ibis.backends import BaseBackend

from commonweal.core.findings import Finding
from commonweal.core.store import inputs_digest
from commonweal.place.published.file import PublishedFile
from commonweal.place.published.reading import Published, published_paths, read_published

KEPT = ".read"
SAID = "read.json"


def read_and_keep(
    engine: BaseBackend,
    lists: Path,
    out: Path,
    *,
    payments_year: str,
    years: Mapping[str, str],
    allow_years_apart: bool,
) -> Published:
    """The published files of a place, from what was kept when nothing has changed since.

    Takes    lists: the folder of published files; out: the place's out folder; the rest as `read_published`.
    Raises   as `read_published`.
    """
    paths = published_paths(lists)
    how = json.dumps([payments_year, sorted(years.items()), allow_years_apart, _code()])
    kept = out / KEPT / inputs_digest(paths, root=lists, also=how)
    if (kept / SAID).is_file():
        return _kept(engine, kept, lists)
    published = read_published(
        engine, paths, payments_year=payments_year, years=years, allow_years_apart=allow_years_apart
    )
    _keep(published, kept)
    return published


def _code() -> str:
    """What the reading depends on besides the files: the version, and the tables and parameters that ship with it."""
    folder = files("commonweal")
    texts = [
        entry.read_text(encoding="utf-8")
        for part in ("tables", "parameters")
        for entry in sorted((folder / part).iterdir(), key=lambda item: item.name)
        if entry.name.endswith(".yaml")
    ]
    return version("commonweal") + "".join(texts)


def _keep(published: Published, kept: Path) -> None:
    making = kept.with_name(f".making-{os.getpid()}")
    try:
        making.mkdir(parents=True)
        for name, table in published.tables.items():
            pq.write_table(table.to_pyarrow(), making / f"{name}.parquet")
        said = {
            "files": [{**asdict(file), "path": file.path.name} for file in published.files],
            "findings": [asdict(finding) for finding in published.findings],
            "baseline_year": published.baseline_year,
            "need_year": published.need_year,
        }
        (making / SAID).write_text(json.dumps(said), encoding="utf-8")
        for other in kept.parent.iterdir():
            if other != making:
                shutil.rmtree(other, ignore_errors=True)
        making.rename(kept)
    except OSError:
        # A folder that cannot be written to, or another command that was quicker, costs time only.
        shutil.rmtree(making, ignore_errors=True)


def _kept(engine: BaseBackend, kept: Path, lists: Path) -> Published:
    said = json.loads((kept / SAID).read_text(encoding="utf-8"))
    tables = {
        path.stem: engine.read_parquet(path, table_name=ibis.util.gen_name(path.stem))
        for path in sorted(kept.glob("*.parquet"))
    }
    found = tuple(
        PublishedFile(lists / file["path"], file["name"], file["form"], tuple(file["years"]), file["rows"])
        for file in said["files"]
    )
    findings = tuple(Finding(**finding) for finding in said["findings"])
    return Published(engine, found, findings, tables, said["baseline_year"], said["need_year"])
