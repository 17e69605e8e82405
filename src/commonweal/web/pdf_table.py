"""How does a table fit a page of a PDF?

Numbers never break; words do. A table first squeezes its columns of words, then its type, and is otherwise too wide
for an upright page. Headers repeat on each page, and the total stays with the row above it.
"""

from __future__ import annotations

from functools import cache

from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import CondPageBreak, Flowable, LongTable, Paragraph, Spacer

from commonweal.web.document import Cell, Column, Illustrative, Link, Table
from commonweal.web.pdf_text import GREY, INK, LINE, ROOM_BELOW_CAPTION, STYLES, linked, running_text, text, text_width
from commonweal.web.values import MARK, MARK_MEANING, column_text, value_of

SIZES = (8.5, 7.5, 6.5)
GAP = 5.0

# Words of exactly the room there is would be broken by the last digit of a float.
HAIR = 0.1

# Two of these are as wide as the mark in Helvetica.
NO_MARK = "\u00a0" * 2


def table(block: Table, _anchor: str, width: float, anchors: frozenset[str]) -> list[Flowable]:
    """The table with its caption above and its notes below."""
    size, widths = _fitted(block, width)
    grouped = any(column.group for column in block.columns)
    heads = [[_head(column, size) for column in block.columns]]
    if grouped:
        heads.insert(0, _group_row(block, size))
    hangs = [_has_marks(block, position) for position in range(len(block.columns))]
    body = [
        [
            _cell(cell, column, size, anchors, bold=i in block.subtotals or i == len(block.rows), hang=hang)
            for cell, column, hang in zip(row, block.columns, hangs, strict=True)
        ]
        for i, row in enumerate(block.all_rows())
    ]
    printed = LongTable([*heads, *body], colWidths=widths, repeatRows=len(heads), hAlign="LEFT", splitInRow=1)
    printed.setStyle(_rules(block, len(heads), len(heads) + len(body)))
    below = [Paragraph(running_text(block.note, anchors), STYLES["note"])] if block.note else []
    if block.illustrative:
        below.append(Paragraph(f"{MARK} {text(MARK_MEANING)}", STYLES["note"]))
    caption = Paragraph(text(block.caption), STYLES["caption"])
    return [CondPageBreak(ROOM_BELOW_CAPTION), caption, printed, *below, Spacer(0, 10)]


def too_wide(block: Table, width: float) -> bool:
    """Whether the table does not fit the width even in small type."""
    return sum(_least(block, SIZES[-1])) > width


def _fitted(block: Table, width: float) -> tuple[float, list[float]]:
    """A type size and column widths that fill the width."""
    for size in SIZES:
        least = _least(block, size)
        if sum(least) <= width:
            return size, _spread(block, least, size, width)
    scale = width / sum(least)
    return SIZES[-1], [column * scale for column in least]


def _spread(block: Table, least: list[float], size: float, width: float) -> list[float]:
    """Room to spare given out: to cells that break first, then to heads that do, what is left to words."""
    columns = range(len(block.columns))
    cells = [_cells_width(block, i, size, whole=True) + 2 * GAP for i in columns]
    heads = [text_width(_label(column), size, bold=True) + 2 * GAP for column in block.columns]
    held = least
    for wanted in (cells, heads):
        missing = [max(0.0, w - h) for w, h in zip(wanted, held, strict=True)]
        given = min(1.0, (width - sum(held)) / (sum(missing) or 1.0))
        held = [h + m * given for h, m in zip(held, missing, strict=True)]
    takes = [column.kind == "text" for column in block.columns]
    if not any(takes):
        takes = [True] * len(held)
    extra = max(0.0, width - sum(held)) / sum(takes)
    return [h + extra * take for h, take in zip(held, takes, strict=True)]


def _least(block: Table, size: float) -> list[float]:
    """Each column's least width: whole numbers and codes, and the longest word of texts and heads."""
    return [
        max(
            _longest_word(_label(column), size, bold=True) + HAIR,
            _cells_width(block, i, size, whole=column.kind != "text"),
        )
        + 2 * GAP
        for i, column in enumerate(block.columns)
    ]


def _cells_width(block: Table, position: int, size: float, *, whole: bool) -> float:
    column = block.columns[position]
    texts = {_shown(row[position], column) for row in block.all_rows()}
    if whole:
        return max((text_width(words, size, bold=True) for words in texts), default=0.0) + HAIR
    # A word longer than a fifth of the page is broken rather than given room.
    return min(110.0, max((_longest_word(words, size) for words in texts), default=0.0))


def _longest_word(words: str, size: float, *, bold: bool = False) -> float:
    return max((text_width(word, size, bold=bold) for word in words.split()), default=0.0)


def _label(column: Column) -> str:
    return f"{column.label} ({column.shown_unit})" if column.shown_unit else column.label


def _shown(cell: Cell, column: Column) -> str:
    # Every number is given the mark's room, so that digits stand below each other whether marked or not.
    return column_text(cell, column) + (MARK if column.numeric or isinstance(cell, Illustrative) else "")


def _has_marks(block: Table, position: int) -> bool:
    """Whether some of a column's numbers are marked, and the others must leave the mark's room."""
    return block.columns[position].numeric and any(isinstance(row[position], Illustrative) for row in block.all_rows())


def _head(column: Column, size: float) -> Paragraph:
    return Paragraph(f"<b>{text(_label(column))}</b>", _sized(size, "cell-right" if column.numeric else "cell"))


def _group_row(block: Table, size: float) -> list[Paragraph | str]:
    row: list[Paragraph | str] = []
    for i, column in enumerate(block.columns):
        begins = column.group and (i == 0 or block.columns[i - 1].group != column.group)
        row.append(Paragraph(f"<b>{text(column.group)}</b>", _sized(size, "cell-centre")) if begins else "")
    return row


def _cell(cell: Cell, column: Column, size: float, anchors: frozenset[str], *, bold: bool, hang: bool) -> Paragraph:
    words = column_text(cell, column)
    value = value_of(cell)
    marked = linked(words, value.target, anchors) if isinstance(value, Link) else text(words)
    if bold and marked:
        marked = f"<b>{marked}</b>"
    if isinstance(cell, Illustrative):
        marked += f'<font color="#d5281b">{MARK}</font>'
    elif hang:
        marked += NO_MARK
    return Paragraph(marked, _sized(size, "cell-right" if column.numeric else "cell"))


@cache
def _sized(size: float, name: str) -> ParagraphStyle:
    return ParagraphStyle(f"{name}-{size}", parent=STYLES[name], fontSize=size, leading=size * 1.25)


def _rules(block: Table, heads: int, rows: int) -> list[tuple[object, ...]]:
    rules: list[tuple[object, ...]] = [
        ("VALIGN", (0, 0), (-1, heads - 1), "BOTTOM"),
        ("VALIGN", (0, heads), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), GAP),
        ("RIGHTPADDING", (0, 0), (-1, -1), GAP),
        ("TOPPADDING", (0, 0), (-1, -1), 2.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
        ("LINEBELOW", (0, heads - 1), (-1, heads - 1), 1, GREY),
        ("LINEBELOW", (0, heads), (-1, -1), 0.4, LINE),
    ]
    for first, last in _group_spans(block):
        rules += [("SPAN", (first, 0), (last, 0)), ("LINEBELOW", (first, 0), (last, 0), 0.6, GREY)]
    if block.total is not None:
        rules.append(("LINEABOVE", (0, -1), (-1, -1), 1, INK))
        if rows > heads + 1:
            rules.append(("NOSPLIT", (0, -2), (-1, -1)))
    return rules


def _group_spans(block: Table) -> list[tuple[int, int]]:
    names = [column.group for column in block.columns]
    starts = [i for i, name in enumerate(names) if name and (i == 0 or names[i - 1] != name)]
    spans = []
    for start in starts:
        end = start
        while end + 1 < len(names) and names[end + 1] == names[start]:
            end += 1
        spans.append((start, end))
    return spans
