"""How does a document become a PDF?

A4, from wheels alone, the same bytes for the same document. A section that holds a table too wide for an upright page
is printed on pages turned on their side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    Indenter,
    IndexingFlowable,
    KeepTogether,
    NextPageTemplate,
    PageTemplate,
    Paragraph,
    Spacer,
)
from reportlab.platypus import PageBreak as NewPage
from reportlab.platypus.flowables import PageBreakIfNotEmpty
from reportlab.platypus.tableofcontents import TableOfContents

from commonweal.web import document as model
from commonweal.web.document import LANGUAGE, Block, Document
from commonweal.web.pdf_blocks import bar_chart, drawing, figures, notice, runs_on, summary_list, tree
from commonweal.web.pdf_table import table, too_wide
from commonweal.web.pdf_text import BLUE, GREY, ROOM_BELOW_HEADING, STYLES, printable, running_text, text, text_width
from commonweal.web.values import standing_text

SIDE = 18 * mm
TOP = 22 * mm
BOTTOM = 20 * mm
UPRIGHT = A4
TURNED = landscape(A4)
LAST_POINTS = 3
WIDTHS = {"upright": UPRIGHT[0] - 2 * SIDE, "turned": TURNED[0] - 2 * SIDE}


def write_pdf(path: Path, document: Document) -> Path:
    """Write the document as a PDF with an outline, page numbers and its title on every page."""
    path.parent.mkdir(parents=True, exist_ok=True)
    printed = _Report(path, document)
    printed.multiBuild(_story(document, printed.count))
    return path


class _PageCount(IndexingFlowable):  # type: ignore[misc]
    """Takes no room; asks for another pass until the number of pages printed on each is the true one."""

    def __init__(self) -> None:
        Flowable.__init__(self)
        self.pages = 0
        self.found = -1

    def isSatisfied(self) -> bool:
        return self.pages == self.found

    def beforeBuild(self) -> None:
        self.pages = max(self.found, 0)

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        return 0, 0

    def draw(self) -> None:
        self.found = self.canv.getPageNumber()


class _Report(BaseDocTemplate):  # type: ignore[misc]
    """The pages: frames, running title, page number, outline."""

    def __init__(self, path: Path, document: Document) -> None:
        meta = document.meta
        super().__init__(
            str(path),
            pagesize=UPRIGHT,
            title=document.title,
            author=meta.author,
            subject=meta.subject or document.subtitle,
            creator="Commonweal",
            lang=LANGUAGE,
            invariant=1,
        )
        self.document = document
        self.count = _PageCount()
        self.addPageTemplates([self._template("upright", UPRIGHT), self._template("turned", TURNED)])

    def _template(self, name: str, size: tuple[float, float]) -> PageTemplate:
        frame = Frame(
            SIDE,
            BOTTOM,
            size[0] - 2 * SIDE,
            size[1] - TOP - BOTTOM,
            leftPadding=0,
            rightPadding=0,
            topPadding=0,
            bottomPadding=0,
        )
        return PageTemplate(name, [frame], onPage=self._furniture, pagesize=size)

    def _furniture(self, canvas: Canvas, _: BaseDocTemplate) -> None:
        width, height = canvas._pagesize
        meta = self.document.meta
        canvas.saveState()
        canvas.setFillColor(BLUE)
        canvas.rect(0, height - 12 * mm, width, 12 * mm, stroke=0, fill=1)
        canvas.setFillColor("#ffffff")
        canvas.setFont("Helvetica-Bold", 10)
        canvas.drawString(SIDE, height - 8 * mm, "Commonweal")
        canvas.setFont("Helvetica", 9)
        canvas.drawRightString(width - SIDE, height - 8 * mm, _shortened(self.document.title, 9, width - 2 * SIDE - 90))
        canvas.setFillColor(GREY)
        canvas.setFont("Helvetica", 8)
        made = standing_text(meta.made_on, "date") if meta.made_on else ""
        canvas.drawString(
            SIDE, 11 * mm, _shortened(", ".join(x for x in (meta.place, made) if x), 8, width - 2 * SIDE - 80)
        )
        of = f" of {self.count.pages}" if self.count.pages else ""
        canvas.drawRightString(width - SIDE, 11 * mm, f"Page {canvas.getPageNumber()}{of}")
        canvas.restoreState()

    def beforeDocument(self) -> None:
        self._outline_level = -1

    def afterFlowable(self, flowable: Flowable) -> None:
        entry = getattr(flowable, "outline_entry", None)
        if entry is None:
            return
        words, anchor, level = entry
        # An outline may only go down one level at a time.
        self._outline_level = min(level, self._outline_level + 1)
        self.canv.bookmarkPage(anchor)
        self.canv.addOutlineEntry(words, anchor, self._outline_level, closed=self._outline_level > 0)
        if level == 0:
            self.notify("TOCEntry", (0, text(words), self.page, anchor))


def _story(document: Document, count: _PageCount) -> list[Flowable]:
    anchors = frozenset(anchor for _, anchor in document.anchored())
    story: list[Flowable] = [Paragraph(text(document.title), STYLES["title"])]
    if document.subtitle:
        story.append(Paragraph(text(document.subtitle), STYLES["subtitle"]))
    if len(document.sections()) > 2:
        contents = TableOfContents(dotsMinLevel=0, rightColumnWidth=28)
        contents.levelStyles = [STYLES["contents"]]
        story += [contents, Spacer(0, 12)]
    facing = "upright"
    for section in _sections(document):
        wanted = "turned" if any(_is_wide(block) for block, _ in section) else "upright"
        if wanted != facing:
            story += [NextPageTemplate(wanted), NewPage()]
            facing = wanted
        story += _printed(section, WIDTHS[facing], anchors)
    if document.meta.footer:
        story.append(Paragraph(running_text(document.meta.footer, anchors), STYLES["note"]))
    return [*story, count]


def _printed(section: list[tuple[Block, str]], width: float, anchors: frozenset[str]) -> Iterator[Flowable]:
    """A section's flowables, headings on the page of what they head."""
    heads: list[Flowable] = []
    for block, anchor in section:
        printed = PRINTERS[type(block)](block, anchor, width, anchors)
        if isinstance(block, model.Heading):
            heads += printed
        elif runs_on(block):
            # What may run over many pages is not kept whole for its heading's sake.
            yield from [CondPageBreak(ROOM_BELOW_HEADING), *heads] if heads else []
            yield from printed
            heads = []
        else:
            yield KeepTogether([*heads, *printed])
            heads = []
    yield from heads


def _sections(document: Document) -> Iterator[list[tuple[Block, str]]]:
    """The blocks in stretches that begin at level 2 headings."""
    blocks = list(document.anchored())
    starts = [i for i, (block, _) in enumerate(blocks) if isinstance(block, model.Heading) and block.level == 2]
    for start, end in pairwise([0, *(i for i in starts if i), len(blocks)]):
        yield blocks[start:end]


def _is_wide(block: Block) -> bool:
    return isinstance(block, model.Table) and too_wide(block, WIDTHS["upright"])


def _shortened(words: str, size: float, room: float) -> str:
    """Words for a place of one line, cut off where it ends."""
    shown = printable(words)
    while text_width(shown, size) > room:
        shown = shown.removesuffix("…")[:-1] + "…"
    return shown


def _heading(block: model.Heading, anchor: str, _width: float, _anchors: frozenset[str]) -> list[Flowable]:
    heading = Paragraph(text(block.text), STYLES[f"heading-{min(block.level, 4)}"])
    heading.outline_entry = (block.text, anchor, block.level - 2)
    return [heading]


def _paragraph(block: model.Paragraph, _anchor: str, _width: float, anchors: frozenset[str]) -> list[Flowable]:
    return [Paragraph(running_text(block.text, anchors), STYLES["lead" if block.lead else "body"])]


def _bullets(block: model.Bullets, _anchor: str, _width: float, anchors: frozenset[str]) -> list[Flowable]:
    points = [Paragraph(running_text(item, anchors), STYLES["bullet"], bulletText="•") for item in block.items]
    # The last points stay together, so that no page holds one alone.
    return [Indenter(left=4), *points[:-LAST_POINTS], KeepTogether(points[-LAST_POINTS:]), Indenter(left=-4)]


def _page_break(_block: Block, _anchor: str, _width: float, _anchors: frozenset[str]) -> list[Flowable]:
    return [PageBreakIfNotEmpty()]


PRINTERS: Mapping[type, Callable[[Any, str, float, frozenset[str]], list[Flowable]]] = {
    model.Heading: _heading,
    model.Paragraph: _paragraph,
    model.Bullets: _bullets,
    model.Notice: notice,
    model.Table: table,
    model.Tree: tree,
    model.Figures: figures,
    model.SummaryList: summary_list,
    model.BarChart: bar_chart,
    model.Drawing: drawing,
    model.PageBreak: _page_break,
}
