"""How is a place's participation history kept?

`participation.csv` in the place folder: one row per event, in the order recorded, only ever added to. A person can
read it, and a spreadsheet can open it.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path
from typing import cast

from commonweal.core.errors import InputError
from commonweal.core.parameters import Parameters
from commonweal.core.tables import definitions
from commonweal.place.participation.events import EVENT_KINDS, OPTIONS, Event, History, Option
from commonweal.place.participation.states import history_rows, lawful

FILE = "participation.csv"


def read_history(
    place_path: Path,
    practice_codes: Collection[str],
    *,
    contract_start: date | None = None,
    parameters: Parameters | None = None,
) -> History:
    """The participation history of a place; empty when nothing was recorded yet.

    Takes    practice_codes: the practices of the place; contract_start: the first day anybody may take part.
    Raises   InputError naming the row and column of a value that cannot be read, or a practice not of the place;
             ParticipationBreach when the file was changed by hand into something unlawful.
    """
    path = Path(place_path) / FILE
    empty = History(tuple(sorted(practice_codes)), contract_start)
    if not path.is_file():
        return empty
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("is not UTF-8 text.", where=str(path), mend="Save it as CSV, UTF-8.") from None
    rows = csv.DictReader(io.StringIO(text, newline=""))
    missing = [name for name in _columns() if name not in (rows.fieldnames or ())]
    if missing:
        raise InputError(f"lacks the column '{missing[0]}'.", where=str(path), mend="Restore the heading row.")
    events = tuple(_event(row, f"{path}, row {number}") for number, row in enumerate(rows, start=2))
    return lawful(History(empty.practice_codes, contract_start, events), parameters=parameters)


def save_history(place_path: Path, history: History) -> Path:
    """Write the history into the place folder, whole or not at all, and return the file's path.

    Raises   InputError when the file holds events that the history lacks: it is only ever added to.
    """
    path = Path(place_path) / FILE
    text = history_text(history)
    if path.is_file():
        kept = read_rows(path)
        if kept != history_rows(history)[: len(kept)]:
            raise InputError(
                "was changed since it was read; nothing was written.", where=str(path), mend="Run the command again."
            )
    beside = path.with_name(f".{FILE}.{os.getpid()}")
    try:
        with beside.open("w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return path


def history_text(history: History) -> str:
    """The history as the text of participation.csv."""
    written = io.StringIO(newline="")
    writer = csv.DictWriter(written, fieldnames=_columns(), lineterminator="\n")
    writer.writeheader()
    writer.writerows(history_rows(history))
    return written.getvalue()


def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a history file as text, in order."""
    text = path.read_text(encoding="utf-8-sig")
    names = _columns()
    return [
        {name: (row.get(name) or "").strip() for name in names} for row in csv.DictReader(io.StringIO(text, newline=""))
    ]


def _columns() -> list[str]:
    return [column.name for column in definitions()["participation"]]


def _event(row: Mapping[str, str | None], where: str) -> Event:
    held = {name: (value or "").strip() for name, value in row.items() if isinstance(name, str)}
    if held["event"] not in EVENT_KINDS:
        raise InputError(
            f"'{held['event']}' is not an event.",
            where=f"{where}, column 'event'",
            mend=f"Use {', '.join(EVENT_KINDS)}.",
        )
    if (held["event"] == "participates") != (held["option"] in OPTIONS) or held["option"] not in ("", *OPTIONS):
        raise InputError(
            f"'{held['option']}' is not an option for '{held['event']}'.",
            where=f"{where}, column 'option'",
            mend=f"Taking part names one of {', '.join(OPTIONS)}; other events name none.",
        )
    if held["partners_agree"] not in ("", "yes", "no"):
        raise InputError(
            f"'{held['partners_agree']}' is neither yes nor no.",
            where=f"{where}, column 'partners_agree'",
            mend="Mend it.",
        )
    start = _day(held["from"], f"{where}, column 'from'")
    if start is None:
        raise InputError("has no date.", where=f"{where}, column 'from'", mend="Write the day as 2026-04-01.")
    return Event(
        held["practice_code"],
        held["event"],
        start,
        cast(Option, held["option"]) if held["option"] else None,
        _day(held["reactivates_on"], f"{where}, column 'reactivates_on'"),
        held["partners_agree"] == "yes",
        _day(held["recorded"], f"{where}, column 'recorded'"),
        held["note"],
    )


def _day(text: str, where: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InputError(f"'{text}' is not a date.", where=where, mend="Write the day as 2026-04-01.") from None
