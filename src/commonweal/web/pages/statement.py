"""What does a reader see of a month's statement?"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from commonweal.contract.paid_on import Entry
from commonweal.contract.statement import DIRECTIONS, Statement
from commonweal.contract.statement_rows import entry_rows, pooled_rows
from commonweal.core.amounts import summed
from commonweal.core.amounts import total as added
from commonweal.core.periods import month
from commonweal.web.document import (
    Block,
    Cell,
    Column,
    Document,
    Figure,
    Figures,
    Heading,
    Illustrative,
    Meta,
    Notice,
    Paragraph,
    Table,
    Tree,
    plain,
)
from commonweal.web.values import amount_cell

WORDS = {"received": "Received", "paid": "Paid on", "held": "Held", "owed": "Owed"}
MEANINGS = {
    "received": "from the commissioners",
    "paid": "to practices and providers",
    "held": "by the MCP",
    "owed": "due in a later month",
}
PARTIES = {"received": "from whom", "paid": "to whom", "held": "for what", "owed": "to whom and when"}
LONGEST_UNFOLDED = 8


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
    figures = Figures(
        tuple(Figure(WORDS[name], amount_cell(getattr(balance, name)), "money", MEANINGS[name]) for name in DIRECTIONS)
    )
    notes = tuple(Notice("information", plain(note)) for note in statement.notes)
    words = "**Received = paid on + held + owed**, to the penny, in all and for each service line."
    blocks: list[Block] = [Paragraph(words), figures, *notes, _by_line(statement)]
    for direction in DIRECTIONS:
        entries = [entry for entry in statement.entries if entry.direction == direction]
        blocks += _parties(f"{WORDS[direction]}, {PARTIES[direction]}", WORDS[direction], entries, statement)
    blocks += _parties("Paid this month for earlier months", "Paid for earlier months", statement.settles, statement)
    if pooled_rows(statement):
        blocks.append(_pooled(statement))
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


def _parties(caption: str, sheet: str, entries: Sequence[Entry], statement: Statement) -> list[Block]:
    rows = [(row, _rests(entry)) for entry in entries for row in entry_rows(statement, entry)]
    if not rows:
        return []
    cells = tuple(
        (
            _party(row),
            statement.labels.get(str(row["service_line"]), str(row["service_line"])),
            _sentence(str(row["purpose"])),
            _month(str(row["payable_month"])),
            Illustrative(_amount(row)) if rests else _amount(row),
        )
        for row, rests in rows
    )
    columns = (
        Column("Who"),
        Column("Service line"),
        Column("For"),
        Column("Payable", "code"),
        Column("Sum", "money"),
    )
    whole = sum((_amount(row) for row, _ in rows), Decimal(0))
    total = ("All", "", "", "", Illustrative(whole) if any(rests for _, rests in rows) else whole)
    return [Table(caption, columns, cells, total, sheet=sheet, folded=len(cells) > LONGEST_UNFOLDED)]


def _rests(entry: Entry) -> bool:
    return bool((entry.column if entry.to_practices else entry.amount).supplied("illustrative"))


def _month(label: str) -> str:
    return f"{month(label).start:%B %Y}"


def _sentence(words: str) -> str:
    plain_words = words.replace("_", " ")
    return plain_words[:1].upper() + plain_words[1:]


def _pooled(statement: Statement) -> Table:
    lines = {code: summed("the month's part", column) for code, column in statement.pooled.items()}
    cells = tuple((statement.labels[code], amount_cell(line)) for code, line in lines.items() if line.amount)
    total = ("All", amount_cell(added("pooled view", *lines.values())))
    columns = (Column("Service line"), Column("The month's part", "money"))
    note = "For sight, not for payment: these contracts stay with whoever holds them today."
    return Table("Pooled view of the virtual option", columns, cells, total, note, sheet="Pooled view")


def _party(row: dict[str, object]) -> str:
    code = str(row["practice_code"] or "")
    return f"{row['party']} ({code})" if code and code != row["party"] else _sentence(str(row["party"]))


def _amount(row: dict[str, object]) -> Decimal:
    return Decimal(str(row["amount"]))
