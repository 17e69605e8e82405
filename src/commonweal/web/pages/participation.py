"""What does a reader see of who takes part in the MCP, and of the way back?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from commonweal.place.participation.states import WayBack
from commonweal.web.document import Block, Column, Document, Heading, Meta, Paragraph, Table
from commonweal.web.pages.practice import LIST_WORDS

EVENTS = {
    "participates": "Joins",
    "notice": "Gives notice",
    "reactivates": "Takes its contract back",
    "leaves": "Leaves",
}
LIVE_AGAIN = 5


def participation_document(
    place_name: str, names: Mapping[str, str], rows: Sequence[Mapping[str, str]], back: WayBack | None
) -> Document:
    """The participation history, and for one practice in the full option its way back."""
    blocks: list[Block] = [*participation_blocks(names, rows)]
    if back is not None:
        blocks += _way_back(back)
    return Document(f"Participation in {place_name}", tuple(blocks), meta=Meta(place_name))


def participation_blocks(names: Mapping[str, str], rows: Sequence[Mapping[str, str]]) -> tuple[Block, ...]:
    """The history as blocks for any document."""
    if not rows:
        return (Paragraph("No practice has joined yet: every contract stays as it is."),)
    cells = tuple(
        (
            row["practice_code"],
            names.get(row["practice_code"], ""),
            EVENTS.get(row["event"], row["event"].capitalize()),
            row["option"].capitalize(),
            _day(row["from"]),
            _day(row["reactivates_on"]),
            row["note"],
        )
        for row in rows
    )
    columns = (
        Column("Practice", "code"),
        Column("Name"),
        Column("What happens"),
        Column("Option"),
        Column("From", "date"),
        Column("Contract live again", "date"),
        Column("Note"),
    )
    told = [i for i in range(len(columns)) if i != LIVE_AGAIN or any(row[i] for row in cells)]
    kept = tuple(tuple(row[i] for i in told) for row in cells)
    return (Table("Who joined, and when", tuple(columns[i] for i in told), kept, sheet="Participation"),)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _way_back(back: WayBack) -> list[Block]:
    rows = tuple((w.reactivate_on, w.last_day_for_notice, LIST_WORDS[w.list_goes_to]) for w in back.windows)
    columns = (Column("Contract live again on", "date"), Column("Last day for notice", "date"), Column("The list"))
    times = f"It may still be used {back.reactivations_left} time{'' if back.reactivations_left == 1 else 's'}."
    return [
        Heading(f"The way back for {back.practice_code}"),
        Paragraph(f"Joined in full on {back.joined.day} {back.joined:%B %Y}. {times}"),
        *([Table("Windows", columns, rows, sheet="Way back")] if rows else []),
    ]
