"""Where is a place kept, and what does its folder say?

A place is a folder that a person can read, compare and keep in version control: place.yaml, the published files as
they came (lists/), and what is added to them.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from ibis.backends import BaseBackend

from commonweal.core.engine import duckdb_engine
from commonweal.core.errors import InputError, NotAPlace
from commonweal.core.findings import Finding
from commonweal.place.folder_text import (
    KEEP_PCN,
    NeighbourhoodRecord,
    PlaceReader,
    mapping_in,
    neighbourhoods_text,
    place_text,
)
from commonweal.place.published.forms import PAYMENTS
from commonweal.place.published.reading import FORM_NAMES, Published, published_paths, read_published
from commonweal.place.selection import Chosen, Selection, chosen_practices

PLACE_FILE = "place.yaml"
NEIGHBOURHOODS_FILE = "neighbourhoods.yaml"
YEARS_FILE = "years.yaml"
LISTS = "lists"
NEEDED = ("need_populations", PAYMENTS)


@dataclass(frozen=True, slots=True)
class Place:
    """One MCP: its folder and what the folder says of it.

    rule             how the practices were chosen, for the record
    practice_codes   its practices, in order
    formation        keep_pcn, must_be_together, never_together
    payments_year    financial year of the payments that are the baseline
    neighbourhoods   by code; empty until formed
    findings         what was to be said when the place was made; empty when it is read back
    """

    path: Path
    name: str
    commissioner_code: str
    commissioner_name: str
    rule: Mapping[str, Any]
    practice_codes: tuple[str, ...]
    contract_start: date
    formation: Mapping[str, Any]
    payments_year: str
    allow_years_apart: bool
    neighbourhoods: Mapping[str, NeighbourhoodRecord] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    @property
    def lists(self) -> Path:
        """The folder of published files."""
        return self.path / LISTS

    @property
    def out(self) -> Path:
        """The folder of what was built."""
        return self.path / "out"

    @property
    def contract(self) -> Path:
        """The folder of parameters that differ from the library's."""
        return self.path / "contract"


def read_place(path: Path) -> Place:
    """The place in a folder.

    Raises   NotAPlace when the folder is not there, holds no place.yaml, or place.yaml or neighbourhoods.yaml says
             something that cannot be: the message names file and key.
    """
    file = path / PLACE_FILE
    if not path.is_dir():
        raise NotAPlace("There is no such folder.", where=str(path), mend="Make a place with: commonweal new DIR")
    if not file.is_file():
        mend = "Name the folder of a place, or make one with: commonweal new DIR"
        raise NotAPlace(f"The folder is not a place: it has no {PLACE_FILE}.", where=str(path), mend=mend)
    read = PlaceReader(file)
    codes = read.codes("practices.codes")
    return Place(
        path=path,
        name=read.text("name"),
        commissioner_code=read.text("commissioner.code"),
        commissioner_name=read.text("commissioner.name"),
        rule=read.mapping("practices.rule"),
        practice_codes=codes,
        contract_start=read.day("contract_start"),
        formation={
            "keep_pcn": read.one_of("formation.keep_pcn", KEEP_PCN, "ignore"),
            "must_be_together": read.pairs("formation.must_be_together", codes),
            "never_together": read.pairs("formation.never_together", codes),
        },
        payments_year=read.text_or_blank("files.payments_year"),
        allow_years_apart=read.truth("files.allow_years_apart"),
        neighbourhoods=_neighbourhoods(path / NEIGHBOURHOODS_FILE, codes),
    )


def _neighbourhoods(path: Path, codes: tuple[str, ...]) -> dict[str, NeighbourhoodRecord]:
    if not path.is_file():
        return {}
    found: dict[str, NeighbourhoodRecord] = {}
    holder: dict[str, str] = {}
    for code, held in mapping_in(path).items():
        where = f"{path}: {code}"
        if not isinstance(held, dict) or not held.get("name") or not isinstance(held.get("practices"), list):
            raise NotAPlace("lacks a name or a list of practices.", where=where, mend="Give it both.")
        practices = tuple(sorted(str(p).strip().upper() for p in held["practices"]))
        for practice in practices:
            if practice not in codes:
                raise NotAPlace(f"{practice} is not of this place.", where=where, mend=f"See {PLACE_FILE}.")
            if practice in holder:
                message = f"{practice} is in {holder[practice]} as well."
                raise NotAPlace(message, where=where, mend="A practice is in one neighbourhood; take it out of one.")
            holder[practice] = str(code)
        found[str(code)] = NeighbourhoodRecord(str(code), str(held["name"]), practices)
    missing = sorted(set(codes) - set(holder))
    if missing:
        mend = "Put it into one, or run: commonweal form DIR"
        raise NotAPlace(f"{', '.join(missing)}: in no neighbourhood.", where=str(path), mend=mend)
    return found


def years_written(folder: Path) -> dict[str, str]:
    """The financial years that years.yaml in a folder of published files gives to files, by file name."""
    path = folder / YEARS_FILE
    return {str(name): str(year) for name, year in mapping_in(path).items()} if path.is_file() else {}


def new_place(
    path: Path,
    *,
    name: str,
    practices_from: Path,
    selection: Selection,
    contract_start: date,
    payments_year: str = "",
    allow_years_apart: bool = False,
    engine: BaseBackend | None = None,
) -> Place:
    """Make a place's folder from a folder of published files.

    Takes    path: the folder to make; it must not exist, or be empty. practices_from: published files, of which the
             recognised ones are copied byte for byte. selection: which practices. payments_year: the baseline year
             where payments of several years are given.
    Returns  the place, with findings about the choice of practices. The folder appears whole or not at all.
    Raises   InputError for published files or a selection that cannot be used; NotAPlace when the folder holds
             something already.
    """
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        what = "a place already" if (path / PLACE_FILE).is_file() else "something already"
        raise NotAPlace(f"The folder holds {what}; it is left as it is.", where=str(path), mend="Name a new folder.")
    if not name.strip():
        raise InputError("A place needs a name.", mend="Give it with --name.")
    published = read_published(
        engine or duckdb_engine(),
        published_paths(practices_from),
        payments_year=payments_year,
        years=years_written(practices_from),
        allow_years_apart=allow_years_apart,
    )
    _refuse_without(published, practices_from)
    chosen = chosen_practices(published, selection)
    commissioner, findings = _commissioner(chosen)
    text = place_text(
        name=name.strip(),
        commissioner=commissioner,
        contract_start=contract_start,
        rule=selection.as_rule(),
        practices=[(row["practice_code"], row["practice_name"] or "") for row in chosen.practices],
        payments_year=published.baseline_year,
        allow_years_apart=allow_years_apart,
    )
    _make_folder(path, text, published, practices_from)
    return replace(read_place(path), findings=(*chosen.findings, *findings))


def _refuse_without(published: Published, folder: Path) -> None:
    missing = [FORM_NAMES[form] for form in NEEDED if published.file_of(form) is None]
    if missing:
        raise InputError(
            f"No file is recognised as {' or as '.join(missing)}.",
            where=str(folder),
            mend="Add the published file; it is recognised by its columns, whatever its name.",
        )


def _commissioner(chosen: Chosen) -> tuple[tuple[str, str], list[Finding]]:
    """The board that most of the people belong to, and a finding when there are others."""
    people: Counter[tuple[str, str]] = Counter()
    for row in chosen.practices:
        people[row["icb_code"] or "?", row["icb_name"] or row["icb_code"] or "?"] += row["registered_people"]
    ranked = sorted(people, key=lambda board: (-people[board], board))
    if len(ranked) == 1:
        return ranked[0], []
    others = ", ".join(f"{label} ({people[code, label]:,} people)" for code, label in ranked[1:])
    message = f"Most people belong to {ranked[0][1]}; others to {others}."
    finding = Finding("warning", "several-commissioners", "", None, "", message, "Correct it in place.yaml if need be.")
    return ranked[0], [finding]


def _make_folder(path: Path, text: str, published: Published, source: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    making = path.parent / f".making-{path.name}-{os.getpid()}"
    try:
        (making / LISTS).mkdir(parents=True)
        (making / PLACE_FILE).write_text(text, encoding="utf-8")
        copied = dict.fromkeys(file.path for file in published.files)
        for file in copied:
            shutil.copyfile(file, making / LISTS / file.name)
        if (source / YEARS_FILE).is_file():
            shutil.copyfile(source / YEARS_FILE, making / LISTS / YEARS_FILE)
        if path.is_dir():
            path.rmdir()
        making.rename(path)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise


def save_neighbourhoods(
    place: Place, neighbourhoods: Iterable[NeighbourhoodRecord], *, names: Mapping[str, str] | None = None
) -> Place:
    """Write neighbourhoods.yaml in one step and return the place with them.

    Takes    names: practice names by code, for the reader of the file.
    Raises   NotAPlace when they leave a practice out or name one twice; the file then stays as it was.
    """
    text = neighbourhoods_text(list(neighbourhoods), names or {})
    waiting = place.path / f".{NEIGHBOURHOODS_FILE}-{os.getpid()}"
    try:
        waiting.write_text(text, encoding="utf-8")
        held = _neighbourhoods(waiting, place.practice_codes)
        waiting.replace(place.path / NEIGHBOURHOODS_FILE)
    finally:
        waiting.unlink(missing_ok=True)
    return replace(place, neighbourhoods=held)
