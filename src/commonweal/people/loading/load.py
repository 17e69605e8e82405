"""How does a place's record come from files? Read, judged, put together with what it held, and published whole."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from commonweal.core.engine import duckdb_engine
from commonweal.core.errors import InputError, TooManyFindings
from commonweal.core.parameters import Parameters
from commonweal.people.loading.file_rows import Task
from commonweal.people.loading.loaded import Loaded
from commonweal.people.loading.mapping import read_mapping
from commonweal.people.loading.rules import RULES
from commonweal.people.loading.source import source_file, without_values
from commonweal.people.loading.steps import Loading, Progress
from commonweal.people.pseudonyms import identity_folder, place_key
from commonweal.people.record import Record, has_record, read_record
from commonweal.place.folder import Place

WORKING = ".working-"
MEMORY = "1500MB"


def load_record(
    place: Place,
    paths: Sequence[Path],
    *,
    parameters: Parameters,
    mapping: Path | None = None,
    key_file: Path | None = None,
    start: date | None = None,
    end: date | None = None,
    tolerate: int | None = None,
    report: Callable[[Loaded], None] = lambda loaded: None,
    progress: Progress = lambda step, share: None,
    memory: str = MEMORY,
) -> Loaded:
    """Load files into a place's record and publish it anew.

    Takes    paths: in the order in which they count, the last one furthest; mapping: names for files of other shapes;
             key_file: where the key of pseudonyms is; start, end: days that activity is taken of, the last not
             included; tolerate: rows in error that are accepted, a share of the rows read otherwise; report: called
             with what was found, before anything is refused; memory: what the engine may use.
    Returns  what was read, found and published. What the record held and no file sends again is kept.
    Raises   InputError for a file, mapping or key that cannot be used; TooManyFindings when more rows are in error than
             are tolerated: nothing is published then, and nothing set aside.
    """
    _check_paths(paths)
    if start is not None and end is not None and start >= end:
        raise InputError("The period has no days.", where="--from and --to", mend="--to is the first day after it.")
    old = _record_to_add_to(place.path)
    names = read_mapping(mapping)
    sources = [source_file(path) for path in paths]
    readings = [names.readings(source.headings, name=source.name) for source in sources]
    key = place_key(place.path, key_file=key_file)
    with _working_folder(place.path) as working, without_values("The files given"):
        engine = duckdb_engine(memory=memory)
        engine.con.execute(f"SET temp_directory = '{_quoted(working)}'")
        most = int(parameters["loading_rows_named"].on(date.max).number())
        task = Task(engine, working, key, place.practice_codes, parameters, start, end, 1, most)
        load = Loading(place, task, old, progress)
        load.open(sources, readings)
        load.judge()
        load.assemble()
        loaded = load.outcome(tolerate)
        report_now = loaded
        if loaded.errors <= loaded.tolerated:
            report_now = load.publish(loaded, mapping)
        report(report_now)
    if report_now.record is None:
        raise _too_many(loaded)
    return report_now


def _check_paths(paths: Sequence[Path]) -> None:
    if not paths:
        raise InputError("No file is named.", mend="Name the files to load.")
    twice = {path for path in paths if [other.resolve() for other in paths].count(path.resolve()) > 1}
    if twice:
        raise InputError("The file is named twice.", where=str(min(twice)), mend="Name it once.")


def _record_to_add_to(place: Path) -> Record | None:
    """The record that is added to.

    Raises   InputError for one whose people are made up: its key is known to whoever knows its seed.
    """
    record = read_record(place) if has_record(place) else None
    if record is not None and record.synthetic:
        raise InputError(
            "The place's record is of people who are made up; files cannot be added to it.",
            where=str(record.path),
            mend="Load them into a place of its own: commonweal new DIR",
        )
    return record


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


@contextmanager
def _working_folder(place: Path) -> Iterator[Path]:
    """A folder beside what identifies people, for this loading alone; it is gone afterwards, however that ends."""
    identity = identity_folder(place)
    for left in identity.glob(f"{WORKING}*"):
        if not _runs(left.name.removeprefix(WORKING)):
            shutil.rmtree(left, ignore_errors=True)
    working = identity / f"{WORKING}{os.getpid()}"
    shutil.rmtree(working, ignore_errors=True)
    working.mkdir(mode=0o700)
    try:
        yield working
    finally:
        shutil.rmtree(working, ignore_errors=True)


def _runs(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


def _too_many(loaded: Loaded) -> TooManyFindings:
    by_rule: dict[str, int] = {}
    for one in loaded.counts:
        if RULES[one.rule].severity == "error":
            by_rule[one.rule] = by_rule.get(one.rule, 0) + one.rows
    said = ", ".join(f"{rule} {rows:,}" for rule, rows in sorted(by_rule.items()))
    return TooManyFindings(
        f"{loaded.errors:,} rows are in error ({said}); {loaded.tolerated:,} are tolerated. Nothing was published.",
        mend="Correct them at their source, or accept them with --tolerate.",
    )
