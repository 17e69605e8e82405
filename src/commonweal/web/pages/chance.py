"""What does a reader see of what chance pays, and of what to agree against it?"""

from __future__ import annotations

from decimal import Decimal

from commonweal.contract.chance.corridor import SIDE_WORDS
from commonweal.contract.chance.negotiation import Negotiation
from commonweal.contract.chance.records import answer_value, figure, figure_of_pence, negotiation_record
from commonweal.web.document import Block, Bullets, Cell, Column, Document, Heading, Notice, Paragraph, Table, plain

ASKED = {"corridor": "Corridor", "years": "Years pooled", "people": "List size"}
NONE = "none would do"


def chance_document(place: str, held: Negotiation) -> Document:
    """Pay for chance as things stand, the three answers, the corridor by list size and years, and what is assumed."""
    blocks: list[Block] = [Paragraph(_lead(held), lead=True)]
    blocks += [Notice("warning", reading.flag, title=reading.name) for reading in held.readings if reading.flag]
    blocks += [_stands(held), _answers(held), _grid(held)]
    if held.stop_loss:
        blocks.append(_stop_loss(held))
    blocks += [Heading("What is assumed"), Bullets(tuple(plain(text) for text in held.assumed))]
    return Document("What chance pays", tuple(blocks), subtitle=place)


def _lead(held: Negotiation) -> str:
    first = held.readings[0].question
    years = "one year" if first.years == 1 else f"{first.years} pooled years"
    return (
        f"With {first.people:,} people, {years} and a corridor of {_percent(first.corridor)}, {SIDE_WORDS[first.side]} "
        f"is paid for chance alone in **{_percent(first.probability)}** of results. "
        f"{_percent(first.pay_for_chance)} is tolerated."
    )


def _percent(value: float) -> str:
    return f"{figure(100 * value):.1f} %"


def _stands(held: Negotiation) -> Table:
    columns = (
        Column("Reading"),
        Column("Spread of chance", "share", places=2, total=False),
        Column("Pay for chance", "share", places=2, total=False),
        Column("Paid with a trigger", "share", places=3, unit="of what is expected", total=False),
        Column("Paid with a deductible", "share", places=3, unit="of what is expected", total=False),
    )
    rows = tuple(
        (
            row["reading"],
            row["spread"],
            row["pay_for_chance"],
            row["paid_by_trigger"],
            row["paid_by_deductible"],
        )
        for row in negotiation_record(held)["readings"]
    )
    note = "What is paid is an average over years of doing nothing better or worse, before the sharing rate."
    return Table("As things stand", columns, rows, note=note, sheet="As things stand")


def _answers(held: Negotiation) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (reading.name, ASKED[answer.asks], _answer(answer.asks, answer.value), answer.working)
        for reading in held.readings
        for answer in reading.answers
    ]
    columns = (Column("Reading"), Column("Change one thing"), Column("To at least", "code"), Column("Because"))
    note = "Each answer leaves the other two terms as they are."
    return Table("What keeps pay for chance at what is tolerated", columns, tuple(rows), note=note, sheet="Answers")


def _answer(asks: str, value: float | None) -> str:
    found = answer_value(asks, value)
    if found is None:
        return NONE
    return f"{100 * found:.2f} %" if isinstance(found, Decimal) else f"{found:,}"


def _grid(held: Negotiation) -> Table:
    years = tuple(held.grid[0][1])
    columns = (
        Column("People", "people", total=False),
        *(Column("1 year" if n == 1 else f"{n} years", "share", places=2, total=False) for n in years),
    )
    rows = tuple((size, *(figure(row[n]) for n in years)) for size, row in held.grid)
    caption = f"Corridor needed, by list size and years pooled: {held.readings[-1].name.lower()}"
    return Table(caption, columns, rows, sheet="Corridor needed")


def _stop_loss(held: Negotiation) -> Table:
    columns = (
        Column("Stop-loss above", "pounds", unit="£ a person a year", total=False),
        Column("Share of cost ceded", "share", places=2, total=False),
        Column("Variation left", "number", places=3, total=False),
        Column("Corridor needed", "share", places=2, total=False),
    )
    rows = tuple(
        (figure_of_pence(point.attachment_pence), figure(point.ceded), figure(point.retained), figure(corridor))
        for point, corridor in held.stop_loss
    )
    return Table(
        "Corridor needed with stop-loss, by the record: chance of people alone", columns, rows, sheet="Stop-loss"
    )
