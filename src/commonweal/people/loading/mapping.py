"""How is a file read whose names are not those of a known shape?

A mapping is a YAML file that a person writes once for a source: which shape a file has, under which headings its
columns stand, what its codes mean, what every row of it has, and how yearly counts become rows.
docs/how-to/load-a-record.md explains it by an example.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import yaml

from commonweal.core.errors import InputError
from commonweal.core.tables import definitions
from commonweal.people.loading.shapes import PREFIX, SHAPE_NAMES, Recognised, placed, recognised

KEYS = ("shape", "columns", "fixed", "values", "counts")
COUNT_KEYS = ("items", "cost", "pod_l1", "pod_l2a", "pod_l2b", "admimeth")


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts and their costs that stand beside one another in a row, one pair a point of delivery.

    columns    what a count becomes: pod_l1 and the like as text; items and cost are headings
    """

    columns: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """One way in which one file is read; a file that holds people and their counts is read in two."""

    recognised: Recognised
    counts: Counts = field(default_factory=Counts)


@dataclass(frozen=True, slots=True)
class SourceMapping:
    """What a mapping file says, by pattern of file name."""

    file: str
    files: tuple[Mapping[str, Any], ...] = ()

    def readings(self, headings: Sequence[str], *, name: str) -> tuple[Reading, ...]:
        """How a file is read: as the first pattern that fits its name says, else as its headings say.

        Raises   InputError for a file of no shape, or a mapping that does not fit it.
        """
        for held in self.files:
            if fnmatch(name, str(held["name"])):
                return tuple(self._reading(part, held, headings, name) for part in held["read_as"])
        return (Reading(recognised(headings, name=name)),)

    def _reading(self, part: Mapping[str, Any], held: Mapping[str, Any], headings: Sequence[str], name: str) -> Reading:
        fixed = {column: _text(value) for column, value in (part.get("fixed") or {}).items()}
        renamed = {column: _headings(value) for column, value in (part.get("columns") or {}).items()}
        counts = Counts(tuple({k: _text(v) for k, v in row.items()} for row in part.get("counts") or []))
        given = dict.fromkeys(counts.columns[0], "") if counts.columns else {}
        shape = placed(part["shape"], headings, renamed, {**given, **fixed}, name=name)
        values = {
            column: {_text(written).strip().casefold(): _text(read) for written, read in codes.items()}
            for column, codes in (part.get("values") or {}).items()
        }
        found = replace(shape, fixed=fixed, values=values, key_space=_text(held.get("person_key")))
        _check_counts(counts, headings, self.file)
        return Reading(found, counts)


def read_mapping(path: Path | None) -> SourceMapping:
    """The mapping in a file; one that says nothing where there is none.

    Raises   InputError naming the key that cannot be.
    """
    if path is None:
        return SourceMapping("")
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError("There is no such file.", where=str(path), mend="Name a mapping file.") from None
    except (yaml.YAMLError, UnicodeDecodeError, OSError):
        raise InputError("The mapping is not YAML.", where=path.name, mend="Mend it, or see the example.") from None
    if not isinstance(content, dict) or not isinstance(content.get("files"), list):
        raise _wrong(path, "files", "It must hold a list of files.")
    for held in content["files"]:
        if not isinstance(held, dict) or not held.get("name") or not isinstance(held.get("read_as"), list):
            raise _wrong(path, "files", "Each has a name and a list read_as.")
        for part in held["read_as"]:
            _check_part(part, path)
    return SourceMapping(path.name, tuple(content["files"]))


def _check_part(part: Any, path: Path) -> None:
    if not isinstance(part, dict) or part.get("shape") not in SHAPE_NAMES:
        raise _wrong(path, "shape", f"It is one of {', '.join(SHAPE_NAMES)}.")
    unknown = [key for key in part if key not in KEYS]
    if unknown:
        raise _wrong(path, str(unknown[0]), f"It is none of {', '.join(KEYS)}.")
    columns = definitions()[PREFIX + part["shape"]].schema
    for key in ("columns", "fixed", "values"):
        held = part.get(key) or {}
        if not isinstance(held, dict):
            raise _wrong(path, key, "It must be a mapping of columns.")
        for column, said in held.items():
            if column not in columns:
                raise _wrong(path, f"{key}: {column}", f"The shape {part['shape']} has no such column.")
            if key == "values" and not isinstance(said, dict):
                raise _wrong(path, f"{key}: {column}", "It must say for each text what it is read as.")
    for row in part.get("counts") or []:
        if part["shape"] != "activity" or not isinstance(row, dict) or {"items", "pod_l1"} - set(row):
            raise _wrong(path, "counts", "Counts belong to the shape activity; each has items and pod_l1.")
        if set(row) - set(COUNT_KEYS):
            raise _wrong(path, "counts", f"A count has {', '.join(COUNT_KEYS)} and no other key.")


def _check_counts(counts: Counts, headings: Sequence[str], file: str) -> None:
    for row in counts.columns:
        for key in ("items", "cost"):
            if key in row and row[key] not in headings:
                message = f"The mapping counts '{row[key]}', which the file does not have."
                raise InputError(message, where=file, mend="Correct the mapping.")


def _wrong(path: Path, key: str, what: str) -> InputError:
    return InputError(f"{key}: cannot be used. {what}", where=path.name, mend="See docs/how-to/load-a-record.md.")


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, date) else str(value)


def _headings(value: Any) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else (str(value),)
