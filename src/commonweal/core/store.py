"""What was built, and which build is the last good one?

A store is a folder of Parquet files, one a table, with a manifest. It is written under a name of its own and only
then published, whole, by moving one small pointer; a build that stops leaves the last good store in place. The name
is a digest of the inputs, so the same inputs give the same name and the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from commonweal.core.errors import NotAPlace

POINTER = "current"
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Store:
    """One published build: where it lies and what it was built from."""

    path: Path
    manifest: Mapping[str, Any]

    def table(self, name: str) -> pa.Table:
        """One table of the build.

        Raises   NotAPlace when the build has no such table.
        """
        path = self.path / f"{name}.parquet"
        if not path.exists():
            raise NotAPlace(f"The store has no table {name}.", where=str(self.path), mend="Build the place again.")
        return pq.read_table(path)


def write_parquet(table: ir.Table, path: Path) -> int:
    """Write an Ibis table as Parquet by its own engine and count its rows: one file, or a folder of parts by Spark."""
    table.to_parquet(path, compression="zstd")
    return sum(pq.read_metadata(part).num_rows for part in ([path] if path.is_file() else path.glob("*.parquet")))


def parquet_files(path: Path) -> str:
    """The path by which every engine reads what `write_parquet` wrote."""
    return str(path) if path.is_file() else str(path / "*.parquet")


def inputs_digest(paths: Iterable[Path], *, root: Path, also: str = "") -> str:
    """A short digest of files (names below the root and bytes) and of any further text, such as the options used."""
    digest = hashlib.sha256(also.encode())
    for path in sorted(paths):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def publish_store(out: Path, name: str, tables: Mapping[str, pa.Table | ir.Table], facts: Mapping[str, Any]) -> Store:
    """Write every table under a new name, then make it the current store in one step.

    Takes    out: the place's out folder; name: the build's digest; tables: held in memory, or Ibis expressions, which
             their own engine writes; facts: what the manifest says of the build.
    Returns  the store as published. On any failure the half-written folder is removed and the last good one stays.
    """

    def write(folder: Path) -> Mapping[str, Any]:
        rows = {}
        for table_name, table in tables.items():
            path = folder / f"{table_name}.parquet"
            if isinstance(table, pa.Table):
                pq.write_table(table, path, compression="zstd")
                rows[table_name] = table.num_rows
            else:
                rows[table_name] = write_parquet(table, path)
        return {"store": name, **facts, "rows": dict(sorted(rows.items()))}

    return publish_folder(out, f"store-{name}", write)


def publish_folder(parent: Path, name: str, write: Callable[[Path], Mapping[str, Any]]) -> Store:
    """Write a folder under a hidden name, then make it the current one of its parent in one step.

    Takes    write: fills the folder it is given and returns what the manifest says.
    Returns  the folder as published. On any failure the half-written one is removed and the last good one stays.
    """
    parent.mkdir(parents=True, exist_ok=True)
    final, building = parent / name, parent / f".building-{name}-{os.getpid()}"
    shutil.rmtree(building, ignore_errors=True)
    try:
        building.mkdir()
        manifest = write(building)
        text = json.dumps(manifest, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
        (building / MANIFEST).write_text(text, encoding="utf-8")
        replaced = parent / f".replaced-{name}-{os.getpid()}"
        if final.exists():
            final.rename(replaced)
        building.rename(final)
        shutil.rmtree(replaced, ignore_errors=True)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise
    _point_at(parent, final.name)
    return Store(final, manifest)


def _point_at(out: Path, name: str) -> None:
    waiting = out / f".{POINTER}-{os.getpid()}"
    waiting.write_text(name + "\n", encoding="utf-8")
    waiting.replace(out / POINTER)


def current_store(
    out: Path, *, missing: str = "Nothing has been built yet.", mend: str = "Run: commonweal build DIR"
) -> Store:
    """The last good build, or whatever else was published in a folder.

    Takes    missing, mend: what the error says where there is none.
    Raises   NotAPlace when nothing was published yet.
    """
    pointer = out / POINTER
    if not pointer.is_file():
        raise NotAPlace(missing, where=str(out), mend=mend)
    path = out / pointer.read_text(encoding="utf-8").strip()
    return Store(path, json.loads((path / MANIFEST).read_text(encoding="utf-8")))


def superseded_stores(out: Path) -> list[Path]:
    """Stores of earlier builds, which may be deleted."""
    if not (out / POINTER).is_file():
        return []
    keep = (out / POINTER).read_text(encoding="utf-8").strip()
    return sorted(path for path in out.glob("store-*") if path.name != keep)
