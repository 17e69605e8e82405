"""How is a document printed in a terminal?

The same blocks as page, PDF and spreadsheet. Pictures become their description, as for any reader who cannot see them.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from typing import Literal

from rich import box
from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table as RichTable
from rich.text import Text

from commonweal.core.amounts import POUNDS
from commonweal.web.document import (
    BarChart,
    Block,
    Bullets,
    Cell,
    Column,
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

BETWEEN = 3  # columns of a terminal between two columns of a table
NAME_WIDTH = 28
MOST_LINES = 3
MOST_WORDS_IN_PARTS = 1
WIDE_ENOUGH_FOR_WHY = 110
DEEPEST_INDENT = 12
SHADES = ("█", "▓", "▒", "░")
NOTICE_STYLES = {"information": "cyan", "warning": "yellow", "illustrative": "magenta"}


def print_document(document: Document, console: Console) -> None:
    """Print a document's blocks to a terminal, as wide as it is."""
    console.print(Text(document.title, style="bold"))
    if document.subtitle:
        console.print(Text(document.subtitle, style="dim"))
    for block in document.blocks:
        for printed in _printed(block, console.width):
            console.print(printed)
    if any(isinstance(block, Table | Figures | BarChart) and block.illustrative for block in document.blocks):
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
            yield from _table(block, width)
        case Tree():
            yield _tree(block, width)
        case Figures():
            yield _pairs([(item.label, figure_text(item) + _mark(item.value), item.note) for item in block.items])
        case SummaryList():
            rows = [(label, standing_text(value, block.kind) + _mark(value), "") for label, value in block.rows]
            yield _pairs(rows, "left")
        case BarChart():
            yield _bars(block, width)
        case Drawing():
            yield Text(block.description, style="dim")


def _running(text: str) -> Text:
    return Text.assemble(*((run.text, "bold" if run.strong else "") for run in runs(text)))


def _table(block: Table, width: int) -> Iterator[RenderableType]:
    """A table where it fits; otherwise in parts that each repeat the row's name, or row below row."""
    yield Text(f"\n{block.caption}", style="bold")
    least = _least_widths(block)
    parts = _parts(block, least, width)
    if not parts:
        yield _stacked(block)
    else:
        yield from (_part(block, part, _shared_out(block, part, least, width)) for part in parts)
    if block.note:
        yield _running(block.note)


def _part(block: Table, positions: list[int], widths: dict[int, int]) -> RichTable:
    printed = RichTable(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False, expand=False, show_edge=False)
    for position in positions:
        column = block.columns[position]
        printed.add_column(
            _wrapped(column, widths[position]),
            width=widths[position],
            no_wrap=column.kind != "text",
            overflow="fold",
        )
    for row in block.rows:
        printed.add_row(*_picked(block, row, widths))
    if block.total is not None:
        printed.add_section()
        printed.add_row(*_picked(block, block.total, widths), style="bold")
    return printed


def _picked(block: Table, row: tuple[Cell, ...], widths: dict[int, int]) -> list[str]:
    # Numbers are set to the right here, for a terminal's own way would drop the room that the mark is given.
    cells = _cells(block, row)
    return [cells[i].rjust(width) if block.columns[i].numeric else cells[i] for i, width in widths.items()]


def _shared_out(block: Table, positions: list[int], least: list[int], width: int) -> dict[int, int]:
    """The columns' widths: what each needs at least, and the room to spare to texts, as they need it."""
    widths = {i: least[i] for i in positions}
    spare = width - sum(widths.values()) - BETWEEN * (len(positions) - 1)
    missing = {i: max(0, _widest(block, i) - least[i]) for i in positions if block.columns[i].kind == "text"}
    share = min(1.0, max(0, spare) / (sum(missing.values()) or 1))
    return {i: held + int(missing.get(i, 0) * share) for i, held in widths.items()}


def _head(column: Column) -> str:
    unit = f" ({column.shown_unit})" if column.shown_unit else ""
    return f"{column.group}\n{column.label}{unit}".strip()


def _wrapped(column: Column, width: int) -> str:
    """A column's head in lines that fit above its cells."""
    lines = [textwrap.wrap(part, width, break_long_words=False) for part in _head(column).split("\n")]
    shown = (line for part in lines for line in part)
    return "\n".join(line.rjust(width) if column.numeric else line for line in shown)


def _least_widths(block: Table) -> list[int]:
    """The narrowest each column may be without a word or a number being cut: text wraps, the rest stays whole."""
    rows = [_cells(block, row) for row in block.all_rows()]
    return [
        max(_longest_word(_head(column)), *(_cell_width(row[i], column) for row in rows), 1)
        for i, column in enumerate(block.columns)
    ]


def _cell_width(text: str, column: Column) -> int:
    return _longest_word(text) if column.kind == "text" else cell_len(text)


def _longest_word(text: str) -> int:
    return max((cell_len(word) for word in text.split()), default=0)


def _parts(block: Table, least: list[int], width: int) -> list[list[int]]:
    """Columns in parts that fit, each with the column that names the row; none where that would help nobody."""
    named = block.row_header
    others = [i for i in range(len(block.columns)) if i != named]
    if sum(least) + BETWEEN * (len(least) - 1) <= width and not _squeezed(block, least, width):
        return [list(range(len(block.columns)))]
    if sum(not block.columns[i].numeric for i in others) > MOST_WORDS_IN_PARTS:
        return []
    room = width - max(least[named], min(_widest(block, named), NAME_WIDTH)) - BETWEEN
    parts: list[list[int]] = [[]]
    for i in others:
        needed = max(least[i], min(_widest(block, i), NAME_WIDTH)) if not block.columns[i].numeric else least[i]
        used = sum(least[k] + BETWEEN for k in parts[-1])
        if parts[-1] and used + needed > room:
            parts.append([])
        if needed > room:
            return []
        parts[-1].append(i)
    return [[named, *part] for part in parts]


def _squeezed(block: Table, least: list[int], width: int) -> bool:
    """Whether texts would be left so little room that each runs over many lines."""
    texts = [i for i, column in enumerate(block.columns) if column.kind == "text"]
    fixed = sum(least[i] for i in range(len(least)) if i not in texts) + BETWEEN * (len(least) - 1)
    wanted = sum(min(_widest(block, i), 2 * NAME_WIDTH) for i in texts)
    return bool(texts) and wanted > MOST_LINES * max(1, width - fixed)


def _widest(block: Table, position: int) -> int:
    return max((cell_len(_cells(block, row)[position]) for row in block.all_rows()), default=0)


def _stacked(block: Table) -> RenderableType:
    """Each row as its name with the other cells below, label by label; empty cells are left out."""
    label_width = max(cell_len(_head(column).replace("\n", " ")) for column in block.columns)
    printed = RichTable.grid(padding=(0, 2))
    printed.add_column(no_wrap=label_width <= NAME_WIDTH, style="dim")
    printed.add_column(overflow="fold")
    for row in block.all_rows():
        cells = _cells(block, row)
        for i in (block.row_header, *(i for i in range(len(cells)) if i != block.row_header)):
            if cells[i]:
                style = "bold" if i == block.row_header else ""
                printed.add_row(_head(block.columns[i]).replace("\n", " "), Text(cells[i], style=style))
        printed.add_row("", "")
    return printed


def _cells(block: Table, row: tuple[Cell, ...]) -> list[str]:
    marked = [any(isinstance(each[i], Illustrative) for each in block.all_rows()) for i in range(len(row))]
    return [
        plain_terminal_text(column_text(cell, column)) + (_mark(cell) or "  " * (column.numeric and hang))
        for cell, column, hang in zip(row, block.columns, marked, strict=True)
    ]


def _mark(cell: Cell) -> str:
    return f" {MARK}" if isinstance(cell, Illustrative) else ""


def _tree(block: Tree, width: int) -> RenderableType:
    """An explanation: name and value on one line, and why below the name where the terminal is narrow."""
    narrow = width < WIDE_ENOUGH_FOR_WHY
    printed = RichTable.grid(padding=(0, 2))
    printed.add_column(overflow="fold", ratio=3)
    printed.add_column(justify="right", no_wrap=True)
    if not narrow:
        printed.add_column(style="dim", overflow="fold", ratio=4)
    for row in block.rows():
        status = f"{row.status}: " if row.status and row.status != "given" else ""
        reason = status + explained_reason(row)
        style = "bold" if row.depth == 0 and row.unit == POUNDS else ""
        name = Text(block.named(row.name), style=style)
        if narrow and reason:
            name.append(f"\n{reason}", style="not bold dim")
        indent = min(row.depth, DEEPEST_INDENT) * 2
        cells: list[RenderableType] = [Padding(name, (0, 0, 0, indent)), explained_value(row)]
        printed.add_row(*cells, *([] if narrow else [reason]))
    title = [Text(f"\n{block.title}", style="bold")] if block.caption else [Text("")]
    return Group(*title, printed)


def _pairs(rows: list[tuple[str, str, str]], justify: Literal["left", "right"] = "right") -> RichTable:
    printed = RichTable.grid(padding=(0, 2))
    printed.add_column()
    printed.add_column(justify=justify, style="bold", overflow="fold")
    printed.add_column(style="dim")
    for row in rows:
        printed.add_row(*row)
    return printed


def _bars(block: BarChart, width: int) -> RenderableType:
    """Bars as long as their values, each series in its own shade, with every value in words below."""
    printed = RichTable.grid(padding=(0, 1))
    room = max(10, width // 2)
    for bar in block.bars:
        drawn = "".join(
            SHADES[i % len(SHADES)] * round(room * value / block.longest) for i, value in enumerate(bar.values)
        )
        printed.add_row(
            bar.label, drawn if len(block.series) > 1 else f"{drawn} {number_text(sum(bar.values), block.kind)}"
        )
    if len(block.series) == 1:
        return Group(Text(f"\n{block.title}", style="bold"), printed)
    key = ", ".join(f"{SHADES[i % len(SHADES)]} {name}" for i, name in enumerate(block.series))
    return Group(Text(f"\n{block.title}", style="bold"), printed, Text(key, style="dim"))


def plain_terminal_text(text: str) -> str:
    """Text without control characters, so that words from a file cannot steer a terminal."""
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f\x9b]", "", text)
