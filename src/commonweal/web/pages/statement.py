"""What does a reader see of a month's statement?"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from commonweal.contract.statement import DIRECTIONS, Statement
from commonweal.contract.statement_rows import pooled_rows, settled_rows, statement_rows
from commonweal.web.document import (
    Block,
    Cell,
    Column,
    Document,
    Figure,
    Figures,
    Heading,
    Meta,
    Notice,
    Paragraph,
    Table,
    Tree,
    plain,
)
from commonweal.web.values import amount_cell

WORDS = {"received": "Received", "paid": "Paid on", "held": "Held", "owed": "Owed"}


def statement_document(
    place_name: str, statement: Statement, *, explain: bool = False, depth: int | None = None
) -> Document:
    """A month's payments: received, paid on, held, owed, balanced to the penny."""
    blocks = list(statement_blocks(statement))
    if explain:
        balance = statement.balance
        blocks += [Heading("How each sum comes about")]
        blocks += [Tree(getattr(balance, direction), depth=depth, names=statement.names) for direction in DIRECTIONS]
    title = f"Statement of {place_name} for {statement.month.start:%B %Y}"
    return Document(title, tuple(blocks), meta=Meta(place_name, made_on=statement.month.start))


def statement_blocks(statement: Statement) -> tuple[Block, ...]:
    """The statement as blocks for any document."""
    balance = statement.balance
    figures = Figures(tuple(Figure(WORDS[name], amount_cell(getattr(balance, name)), "money") for name in DIRECTIONS))
    notes = tuple(Notice("information", plain(note)) for note in statement.notes)
    words = "**Received = paid on + held + owed**, to the penny, in all and for each service line."
    blocks: list[Block] = [figures, *notes, Paragraph(words), _by_line(statement)]
    for direction in DIRECTIONS:
        rows = [row for row in statement_rows(statement) if row["direction"] == direction]
        if rows:
            blocks.append(_parties(WORDS[direction], rows, statement))
    settled = settled_rows(statement)
    if settled:
        blocks.append(_parties("Paid this month for earlier months", settled, statement))
    pooled = pooled_rows(statement)
    if pooled:
        blocks.append(_pooled(pooled, statement))
    return tuple(blocks)


def _by_line(statement: Statement) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for code, label in statement.labels.items():
        held = statement.of_line(code)
        amounts = [getattr(held, direction) for direction in DIRECTIONS]
        if any(line.amount != 0 for line in amounts):
            rows.append((label, *(amount_cell(line) for line in amounts)))
    whole = statement.balance
    columns = (Column("Service line"), *(Column(WORDS[direction], "money") for direction in DIRECTIONS))
    total = ("All service lines", *(amount_cell(getattr(whole, direction)) for direction in DIRECTIONS))
    return Table("The month by service line", columns, tuple(rows), total, sheet="Month")


def _parties(caption: str, rows: Sequence[dict[str, object]], statement: Statement) -> Table:
    cells = tuple(
        (
            _party(row),
            statement.labels.get(str(row["service_line"]), str(row["service_line"])),
            str(row["purpose"]).replace("_", " "),
            str(row["payable_month"]),
            _amount(row),
        )
        for row in rows
    )
    columns = (
        Column("Party"),
        Column("Service line"),
        Column("For"),
        Column("Payable", "code"),
        Column("Sum", "money"),
    )
    total = ("All", "", "", "", sum((_amount(row) for row in rows), Decimal(0)))
    return Table(caption, columns, cells, total, sheet=caption[:28])


def _pooled(rows: Sequence[dict[str, object]], statement: Statement) -> Table:
    by_line: dict[str, Decimal] = {}
    for row in rows:
        by_line[str(row["service_line"])] = by_line.get(str(row["service_line"]), Decimal(0)) + _amount(row)
    cells = tuple((statement.labels[code], amount) for code, amount in by_line.items())
    total = ("All", sum(by_line.values(), Decimal(0)))
    columns = (Column("Service line"), Column("The month's part", "money"))
    note = "For sight, not for payment: these contracts stay with whoever holds them today."
    return Table("Pooled view of the virtual option", columns, cells, total, note, sheet="Pooled view")


def _party(row: dict[str, object]) -> str:
    code = str(row["practice_code"] or "")
    return f"{code} {row['party']}" if code and code != row["party"] else str(row["party"])


def _amount(row: dict[str, object]) -> Decimal:
    return Decimal(str(row["amount"]))
