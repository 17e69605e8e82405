"""How is a document printed in a terminal?

The same blocks as page, PDF and spreadsheet. Pictures become their description, as for any reader who cannot see them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table as RichTable
from rich.text import Text

from commonweal.core.amounts import POUNDS
from commonweal.web.document import (
    BarChart,
    Block,
    Bullets,
    Document,
    Drawing,
    Figures,
    Heading,
    Illustrative,
    Notice,
    Paragraph,
    SummaryList,
    Table,
    Tree,
    runs,
)
from commonweal.web.values import (
    MARK,
    MARK_MEANING,
    column_text,
    explained_reason,
    explained_value,
    figure_text,
    number_text,
    standing_text,
)

NOTICE_STYLES = {"information": "cyan", "warning": "yellow", "illustrative": "magenta"}


def print_document(document: Document, console: Console) -> None:
    """Print a document's blocks to a terminal, as wide as it is."""
    console.print(Text(document.title, style="bold"))
    if document.subtitle:
        console.print(Text(document.subtitle, style="dim"))
    for block in document.blocks:
        for printed in _printed(block, console.width):
            console.print(printed)
    if any(isinstance(block, Table) and block.illustrative for block in document.blocks):
        console.print(Text(f"{MARK} {MARK_MEANING}", style="magenta"))


def _printed(block: Block, width: int) -> Iterator[RenderableType]:
    match block:
        case Heading():
            yield Text(f"\n{block.text}", style="bold underline" if block.level == 2 else "bold")
        case Paragraph():
            yield _running(block.text)
        case Bullets():
            yield from (Padding(Text.assemble("• ", _running(item)), (0, 0, 0, 2)) for item in block.items)
        case Notice():
            title = f"{block.title}: " if block.title else ""
            yield Text.assemble((title, "bold"), _running(block.text), style=NOTICE_STYLES[block.kind])
        case Table():
            yield _table(block)
        case Tree():
            yield _tree(block)
        case Figures():
            yield _pairs([(item.label, figure_text(item), item.note) for item in block.items])
        case SummaryList():
            yield _pairs([(label, standing_text(value, block.kind), "") for label, value in block.rows], "left")
        case BarChart():
            yield _bars(block, width)
        case Drawing():
            yield Text(block.description, style="dim")


def _running(text: str) -> Text:
    return Text.assemble(*((run.text, "bold" if run.strong else "") for run in runs(text)))


def _table(block: Table) -> RichTable:
    printed = RichTable(
        title=block.caption, title_justify="left", title_style="bold", header_style="bold", expand=False
    )
    for column in block.columns:
        unit = f" ({column.shown_unit})" if column.shown_unit else ""
        label = f"{column.group}\n{column.label}".strip()
        printed.add_column(f"{label}{unit}", justify="right" if column.numeric else "left", overflow="fold")
    for row in block.rows:
        printed.add_row(*_cells(block, row))
    if block.total is not None:
        printed.add_section()
        printed.add_row(*_cells(block, block.total), style="bold")
    if block.note:
        printed.caption = block.note
        printed.caption_justify = "left"
    return printed


def _cells(block: Table, row: tuple[object, ...]) -> list[str]:
    return [
        column_text(cell, column) + (f" {MARK}" if isinstance(cell, Illustrative) else "")  # type: ignore[arg-type]
        for cell, column in zip(row, block.columns, strict=True)
    ]


def _tree(block: Tree) -> RenderableType:
    printed = RichTable.grid(padding=(0, 2))
    printed.add_column(overflow="fold", ratio=3)
    printed.add_column(justify="right", no_wrap=True)
    printed.add_column(style="dim", overflow="fold", ratio=4)
    for row in block.rows():
        status = f"{row.status}: " if row.status and row.status != "given" else ""
        reason = status + explained_reason(row)
        style = "bold" if row.depth == 0 and row.unit == POUNDS else ""
        printed.add_row(Text("  " * row.depth + block.named(row.name), style=style), explained_value(row), reason)
    return Group(Text(f"\n{block.title}", style="bold"), printed)


def _pairs(rows: list[tuple[str, str, str]], justify: Literal["left", "right"] = "right") -> RichTable:
    printed = RichTable.grid(padding=(0, 2))
    printed.add_column()
    printed.add_column(justify=justify, style="bold", overflow="fold")
    printed.add_column(style="dim")
    for row in rows:
        printed.add_row(*row)
    return printed


def _bars(block: BarChart, width: int) -> RenderableType:
    printed = RichTable.grid(padding=(0, 1))
    room = max(10, width // 3)
    for bar in block.bars:
        whole = sum(bar.values)
        printed.add_row(bar.label, number_text(whole, block.kind), "█" * round(room * whole / block.longest))
    return Group(Text(block.title, style="bold"), printed)


def plain_terminal_text(text: str) -> str:
    """Text without control characters, so that words from a file cannot steer a terminal."""
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f\x9b]", "", text)
