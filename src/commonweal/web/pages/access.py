"""What does a reader see of the ways into general practice, and of how long callers wait?"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from commonweal.plan.access.records import route_rows, waiting_row
from commonweal.plan.access.triage import FACE_TO_FACE, Route, Tried
from commonweal.plan.access.waiting import Waiting
from commonweal.web.document import Block, Cell, Column, Document, Paragraph, Table

FIELDS = {
    "minutes": "Minutes of the first contact",
    "ends_there": "Share that ends there",
    "on_by_telephone": "Share of the rest by telephone",
    "adds": "Requests that it adds",
}


def triage_document(
    routes: Mapping[str, Route], tried: Mapping[str, tuple[Tried, ...]], requests: float, people: int
) -> Document:
    """Each way in against face to face, what must end there to save time, and how far each number moves it."""
    rows = route_rows(routes, requests)
    lead = " ".join(
        f"{row['label']} takes {abs(row['change']):.0%} {'more' if row['change'] > 0 else 'less'} of doctors' time "
        f"than face to face; it would take less if {row['must_end_there']:.0%} of requests ended there."
        for row in rows
        if row["way_in"] != FACE_TO_FACE
    )
    columns = (
        Column("Way in"),
        Column("Doctor's minutes", "number", places=1, unit="a request", total=False),
        Column("Against face to face", "share", places=1, total=False),
        Column("Ends there", "share", places=0, total=False),
        Column("Must end there", "share", places=0, total=False),
        Column("Doctors' time", "number", places=0, unit="hours a week", total=False),
    )
    cells = tuple(
        (
            row["label"],
            _exact(row["minutes_a_request"]),
            _exact(row["change"]),
            _exact(row["ends_there"]),
            None if row["way_in"] == FACE_TO_FACE else _exact(row["must_end_there"]),
            _exact(row["gp_hours_a_week"]),
        )
        for row in rows
    )
    note = f"{requests:,.0f} requests a week of {people:,} people."
    blocks: list[Block] = [Paragraph(lead, lead=True), Table("Ways in", columns, cells, note=note)]
    blocks += [_tried(routes[code].label, held) for code, held in tried.items() if held]
    return Document("Ways into general practice", tuple(blocks))


def waiting_document(found: Waiting, target: float) -> Document:
    """How many must answer, and what callers then find."""
    row = waiting_row(found)
    lead = (
        f"With **{found.staff}** who answer, {found.in_time:.1%} of callers wait no longer than {target:g} minutes; "
        f"the mean wait is {found.mean_minutes:.1f} minutes, and they are busy {found.busy:.0%} of the time."
    )
    columns = (
        Column("Who answer", "people", total=False),
        Column("Callers who wait", "share", places=1, total=False),
        Column("Mean wait", "number", places=2, unit="minutes", total=False),
        Column("In time", "share", places=1, total=False),
        Column("Busy", "share", places=1, total=False),
    )
    cells = (found.staff, *(_exact(row[key]) for key in ("waits", "mean_minutes", "in_time", "busy")))
    note = "Calls at random at a steady rate, nobody giving up: a busy hour, not a day."
    return Document("Who must answer", (Paragraph(lead, lead=True), Table("Waits", columns, (cells,), note=note)))


def _tried(label: str, held: tuple[Tried, ...]) -> Table:
    columns = (
        Column("Number"),
        Column("Lowest", "number", places=2, unit="minutes or share", total=False),
        Column("Highest", "number", places=2, unit="minutes or share", total=False),
        Column("At its lowest", "share", places=1, unit="against face to face", total=False),
        Column("At its highest", "share", places=1, unit="against face to face", total=False),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (FIELDS[each.field], *map(_exact, (each.low, each.high, each.change_at_low, each.change_at_high)))
        for each in held
    )
    return Table(f"{label}: one number at a time, as low and as high as was tried", columns, rows)


def _exact(value: float) -> Decimal:
    return Decimal(str(round(value, 4)))
