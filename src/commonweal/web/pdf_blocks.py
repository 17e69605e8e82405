"""How do notices, figures, explanations, charts and maps look in a PDF?"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from reportlab.graphics.shapes import Circle, Drawing, Group, Polygon, PolyLine, Rect, String
from reportlab.lib.colors import HexColor, white
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import CondPageBreak, Flowable, LongTable, Paragraph, Spacer, Table

from commonweal.core.explanation import ExplainedRow
from commonweal.web import document as model
from commonweal.web.pdf_text import (
    AMBER,
    BLUE,
    GREY,
    INK,
    LINE,
    PALE,
    ROOM_BELOW_CAPTION,
    STYLES,
    YELLOW,
    linked,
    printable,
    running_text,
    text,
    text_width,
)
from commonweal.web.picture import Area, Disc, Shape, Stroke, series_colour
from commonweal.web.values import (
    MARK,
    MARK_MEANING,
    explained_reason,
    explained_value,
    figure_text,
    standing_text,
    tree_illustrative,
    value_of,
)

NOTICE_TITLES = {"information": "Note", "warning": "Important", "illustrative": "Illustrative figures"}
NOTICE_COLOURS = {"information": (BLUE, PALE), "warning": (AMBER, YELLOW), "illustrative": (GREY, PALE)}
FIGURES_ACROSS = 4
INDENT = 9.0
DEEPEST_INDENT = 12
TALLEST_PICTURE = 560.0
# A picture drawn for a phone has larger words than a page of paper needs.
NARROW_SCALE = 0.75
MOST_BARS_TOGETHER = 14
ROWS_MEASURED = 60


def runs_on(block: model.Block) -> bool:
    """Whether a block may be longer than a page, and so cannot be kept whole."""
    if isinstance(block, model.BarChart):
        return len(block.bars) > MOST_BARS_TOGETHER
    return isinstance(block, model.Table | model.Tree | model.SummaryList | model.Bullets | model.PageBreak)


def notice(block: model.Notice, _anchor: str, width: float, anchors: frozenset[str]) -> list[Flowable]:
    """A notice in a tinted box with a bar at its left."""
    colour, ground = NOTICE_COLOURS[block.kind]
    words = [
        Paragraph(text(block.title or NOTICE_TITLES[block.kind]), STYLES["strong"]),
        Paragraph(running_text(block.text, anchors), STYLES["body"]),
    ]
    box = Table([[words]], colWidths=[width], splitInRow=1)
    box.setStyle(
        [
            ("BACKGROUND", (0, 0), (-1, -1), ground),
            ("LINEBEFORE", (0, 0), (0, -1), 4, colour),
            ("LEFTPADDING", (0, 0), (-1, -1), 12),
            ("TOPPADDING", (0, 0), (-1, -1), 7),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
        ]
    )
    return [Spacer(0, 4), box, Spacer(0, 10)]


def figures(block: model.Figures, _anchor: str, width: float, _anchors: frozenset[str]) -> list[Flowable]:
    """Headline numbers, four across."""
    across = min(FIGURES_ACROSS, len(block.items))
    cells: list[list[Flowable] | str] = [_figure(item) for item in block.items]
    cells += [""] * (-len(cells) % across)
    rows = [cells[at : at + across] for at in range(0, len(cells), across)]
    box = Table(rows, colWidths=[width / across] * across)
    rules: list[tuple[object, ...]] = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 8),
        ("INNERGRID", (0, 0), (-1, -1), 6, white),
    ]
    for number in range(len(block.items)):
        at = (number % across, number // across)
        rules += [("BACKGROUND", at, at, PALE), ("LINEABOVE", at, at, 2, BLUE)]
    box.setStyle(rules)
    return [Spacer(0, 4), box, Spacer(0, 10)]


def _figure(item: model.Figure) -> list[Flowable]:
    mark = f'<font color="#d5281b">{MARK}</font>' if isinstance(item.value, model.Illustrative) else ""
    shown = [
        Paragraph(text(item.label), STYLES["small"]),
        Paragraph(text(figure_text(item)) + mark, STYLES["number"]),
    ]
    return [*shown, Paragraph(text(item.note), STYLES["small"])] if item.note else shown


def summary_list(block: model.SummaryList, _anchor: str, width: float, anchors: frozenset[str]) -> list[Flowable]:
    """Facts as key and value."""
    rows = [
        [Paragraph(f"<b>{text(key)}</b>", STYLES["cell"]), Paragraph(_fact(value, block, anchors), STYLES["cell"])]
        for key, value in block.rows
    ]
    facts = LongTable(rows, colWidths=[width * 0.35, width * 0.65], splitInRow=1)
    facts.setStyle([("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE), ("VALIGN", (0, 0), (-1, -1), "TOP")])
    return [Spacer(0, 4), facts, Spacer(0, 10)]


def _fact(value: model.Cell, block: model.SummaryList, anchors: frozenset[str]) -> str:
    words = standing_text(value, block.kind)
    bare = value_of(value)
    shown = linked(words, bare.target, anchors) if isinstance(bare, model.Link) else text(words)
    return shown + (MARK if isinstance(value, model.Illustrative) else "")


def tree(block: model.Tree, _anchor: str, width: float, _anchors: frozenset[str]) -> list[Flowable]:
    """An explained amount: each line indented below what it is part of, its working in small type."""
    illustrative = tree_illustrative(block)
    rows = list(block.rows())
    widest = max(text_width(explained_value(row) + MARK, 8.5, bold=True) for row in rows) + 14
    widths = [width - min(widest, width * 0.4), min(widest, width * 0.4)]
    cells = [_explained(block, row, marked=illustrative and row.depth == 0) for row in rows]
    # One long table would be measured again on every page it runs over.
    printed = [_tree_rows(cells[at : at + ROWS_MEASURED], widths) for at in range(0, len(cells), ROWS_MEASURED)]
    below = [Paragraph(f"{MARK} {text(MARK_MEANING)}", STYLES["note"])] if illustrative else []
    caption = [Paragraph(text(block.caption), STYLES["caption"])] if block.caption else []
    return [CondPageBreak(ROOM_BELOW_CAPTION), *caption, *printed, *below, Spacer(0, 10)]


def _tree_rows(cells: list[list[Paragraph]], widths: list[float]) -> LongTable:
    rows = LongTable(cells, colWidths=widths, splitInRow=1)
    rows.setStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
            ("TOPPADDING", (0, 0), (-1, -1), 2.5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
        ]
    )
    return rows


def _explained(block: model.Tree, row: ExplainedRow, *, marked: bool) -> list[Paragraph]:
    name, value = text(block.named(row.name)), text(explained_value(row))
    if row.depth == 0:
        name, value = f"<b>{name}</b>", f"<b>{value}</b>"
    if row.status:
        name += f' <font size="7" color="#4c6272">[{text(row.status)}]</font>'
    if explained_reason(row):
        name += f'<br/><font size="7.5" color="#4c6272">{text(explained_reason(row))}</font>'
    words = Paragraph(name, _indented(INDENT * min(row.depth, DEEPEST_INDENT)))
    return [words, Paragraph(value + (MARK if marked else ""), STYLES["cell-right"])]


@cache
def _indented(indent: float) -> ParagraphStyle:
    return ParagraphStyle(f"indented-{indent}", parent=STYLES["cell"], leftIndent=indent, leading=10.5)


def bar_chart(block: model.BarChart, _anchor: str, width: float, _anchors: frozenset[str]) -> list[Flowable]:
    """Bars, each with its name and values in words above it."""
    stacked = len(block.series) > 1
    head: list[Flowable] = [Paragraph(text(block.title), STYLES["caption"])]
    if stacked:
        head.append(_key(block, width))
    bars: list[Flowable] = []
    for bar in block.bars:
        words = Paragraph(_bar_words(bar, block), STYLES["bar"])
        bars += [words, _bar(bar, block, width), Spacer(0, 5)]
    room = [CondPageBreak(ROOM_BELOW_CAPTION)] if runs_on(block) else []
    below = [Paragraph(f"{MARK} {text(MARK_MEANING)}", STYLES["note"])] if block.illustrative else []
    return [*room, *head, *bars, *below, Spacer(0, 8)]


def _bar_words(bar: model.Bar, block: model.BarChart) -> str:
    values = [
        f"{name} {standing_text(value, block.kind)}{MARK if block.illustrative and value else ''}".strip()
        for name, value in zip(block.series, bar.values, strict=True)
    ]
    return f'<b>{text(bar.label)}</b> <font color="#4c6272">{text(", ".join(values))}</font>'


def _bar(bar: model.Bar, block: model.BarChart, width: float) -> Drawing:
    drawn = Drawing(width, 11)
    drawn.add(Rect(0, 1, width, 9, fillColor=PALE, strokeColor=None))
    at = 0.0
    for number, value in enumerate(bar.values):
        long = float(value / block.longest) * width
        drawn.add(Rect(at, 1, long, 9, fillColor=HexColor(series_colour(number)), strokeColor=None))
        at += long
    return drawn


def _key(block: model.BarChart, width: float) -> Drawing:
    """What each colour stands for, as many to a row as fit."""
    places: list[tuple[float, int]] = []
    x, row = 0.0, 0
    for name in block.series:
        needed = 12 + text_width(printable(name), 8) + 14
        if x and x + needed > width:
            x, row = 0.0, row + 1
        places.append((x, row))
        x += needed
    drawn = Drawing(width, 13 * (row + 1) + 3)
    for number, ((x, row), name) in enumerate(zip(places, block.series, strict=True)):
        y = drawn.height - 13 * (row + 1)
        drawn.add(Rect(x, y, 8, 8, fillColor=HexColor(series_colour(number)), strokeColor=None))
        drawn.add(String(x + 12, y + 1, printable(name), fontName="Helvetica", fontSize=8, fillColor=INK))
    return drawn


def drawing(block: model.Drawing, _anchor: str, width: float, _anchors: frozenset[str]) -> list[Flowable]:
    """A picture scaled to the page, with its title and description below."""
    picture = block.picture
    most = NARROW_SCALE if block.narrow else 1.25
    scale = min(width / picture.width, TALLEST_PICTURE / picture.height, most)
    drawn = Drawing(picture.width * scale, picture.height * scale)
    # Pictures run downwards, PDF upwards.
    group = Group(*(_shape(shape, picture.height) for shape in picture.shapes), transform=(scale, 0, 0, scale, 0, 0))
    drawn.add(Rect(0, 0, drawn.width, drawn.height, fillColor=white, strokeColor=LINE))
    drawn.add(group)
    words = Paragraph(text(f"{block.title}. {block.description}"), STYLES["note"])
    return [Spacer(0, 4), drawn, words, Spacer(0, 10)]


def _shape(shape: Shape, height: float) -> Circle | PolyLine | Polygon | String:
    if isinstance(shape, Disc):
        return Circle(
            shape.x, height - shape.y, shape.radius, fillColor=HexColor(shape.colour), strokeColor=white, strokeWidth=1
        )
    if isinstance(shape, Stroke):
        return PolyLine(
            list(_upwards(shape.points, height)),
            strokeColor=HexColor(shape.colour),
            strokeWidth=shape.width,
            strokeDashArray=[4, 3] if shape.dashed else None,
        )
    if isinstance(shape, Area):
        return Polygon(
            list(_upwards(shape.points, height)),
            fillColor=HexColor(shape.colour),
            fillOpacity=shape.opacity,
            strokeColor=None,
        )
    return String(
        shape.x,
        height - shape.y,
        printable(shape.text),
        fontName="Helvetica-Bold" if shape.strong else "Helvetica",
        fontSize=shape.size,
        textAnchor=shape.anchor,
        fillColor=HexColor(shape.colour) if shape.colour else INK,
    )


def _upwards(points: tuple[tuple[float, float], ...], height: float) -> Iterator[float]:
    for x, y in points:
        yield x
        yield height - y
