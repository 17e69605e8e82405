"""What is the demonstration place?

A made-up district of 14 practices and about 120,000 people, made through the same door as any real place: files in
their published form, the choice of a district, a few practices that join under different options, and a record of
people who do not exist.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

from commonweal.core.parameters import library
from commonweal.people.synthesis.record import synthesise_record
from commonweal.place.demonstration import DISTRICT, write_demonstration_files
from commonweal.place.folder import Place, new_place
from commonweal.place.inputs import place_inputs
from commonweal.place.participation.events import Option
from commonweal.place.participation.file import read_history, save_history
from commonweal.place.participation.states import participate
from commonweal.place.selection import Selection

NAME = "Wherrydale"
CONTRACT_START = date(2026, 4, 1)

# Practices by position in order of code: enough of each kind that every page has something to show.
JOINING: tuple[tuple[Option, tuple[int, ...]], ...] = (
    ("full", (0, 1, 4, 5)),
    ("partial", (2, 3, 6, 7, 8, 9)),
    ("virtual", (10, 11)),
)

CONTRACT = """clause: contract
name: wherrydale
label: Wherrydale MCP contract
meaning: Made up for the demonstration. Every clause is that of the library's contract for full integration.
currency: GBP
based_on: mcp-full
"""


def make_demonstration(
    folder: Path, *, seed: int = 2026, people: bool = True, progress: Callable[[str, float], None] | None = None
) -> Place:
    """Make the demonstration place in a folder.

    Takes    seed: another seed makes other practices and people; the same seed makes the same bytes.
             people: whether the place has a record of its people; without one it is made in a moment.
    Raises   NotAPlace when the folder holds something already.
    """
    with tempfile.TemporaryDirectory(prefix="commonweal-") as published:
        write_demonstration_files(Path(published), seed=seed)
        place = new_place(
            folder,
            name=NAME,
            practices_from=Path(published),
            selection=Selection(lad=(DISTRICT,)),
            contract_start=CONTRACT_START,
        )
    _join(place)
    _agree(place)
    if people:
        synthesise_record(place_inputs(place), seed=seed, progress=progress)
    return place


def _agree(place: Place) -> None:
    place.contract.mkdir()
    (place.contract / "contract.yaml").write_text(CONTRACT, encoding="utf-8", newline="\n")


def _join(place: Place) -> None:
    parameters = library()
    history = read_history(place.path, place.practice_codes, contract_start=CONTRACT_START, parameters=parameters)
    for option, positions in JOINING:
        for position in positions:
            code = place.practice_codes[position]
            history = participate(
                history, code, option, CONTRACT_START, parameters=parameters, note="made up for the demonstration"
            )
    save_history(place.path, history)
