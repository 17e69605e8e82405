"""What does a report say, whichever way it is printed?

A `Document` is a title and blocks in reading order. Page, PDF and spreadsheet are printed from the same document, so
none of them can say something another does not. Blocks hold decimals; they become text in `values`, once, for all.

Running text (paragraphs, notices, bullets) may hold `**strong words**` and `[a link](target)`; `plain` makes words from
elsewhere safe to put in it. Cells, labels, captions and headings are never read for such marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from commonweal.core.amounts import Line
from commonweal.core.explanation import ExplainedRow, explained
from commonweal.web.picture import Picture

LANGUAGE = "en-GB"


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere: `#anchor`, `page:slug` within a site, a relative file, or an https address."""

    text: str
    target: str

    def __post_init__(self) -> None:
        checked_target(self.target)


@dataclass(frozen=True, slots=True)
class Illustrative:
    """A value that rests on at least one illustrative figure; every output marks it."""

    value: Decimal | int


Cell = str | int | Decimal | date | Link | Illustrative | None
Kind = Literal["text", "code", "money", "pounds", "people", "number", "share", "date"]
NUMERIC: frozenset[str] = frozenset({"money", "pounds", "people", "number", "share"})


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Takes    kind: money prints pence, pounds whole pounds, people whole persons, share a percentage, number `places`;
             unit: shown under the label, £ for money unless another is named;
             group: a heading over neighbouring columns of the same group; total: whether adding it up makes sense.
    """

    label: str
    kind: Kind = "text"
    unit: str = ""
    places: int | None = None
    group: str = ""
    total: bool = True

    @property
    def numeric(self) -> bool:
        """Whether its cells are numbers, which stand to the right."""
        return self.kind in NUMERIC

    @property
    def shown_unit(self) -> str:
        """The unit as the header shows it."""
        return self.unit or ("£" if self.kind in ("money", "pounds") else "")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 2 starts a section, as the document's title is level 1."""

    text: str
    level: int = 2
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; the lead paragraph of a document is larger."""

    text: str
    lead: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of running texts."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to see before reading on."""

    kind: Literal["information", "warning", "illustrative"]
    text: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns, with a caption that says what they are.

    Takes    total: one cell a column, added up by whoever made the lines; the spreadsheet makes it a live sum where the
             shown rows do add up to it; note: printed below; row_header: the column that names each row;
             subtotals: positions of rows that add up others; sheet: a short name for its spreadsheet tab;
             folded: whether a page shows it only once it is unfolded; print shows it always.
    Raises   ValueError when a row has too few or too many cells, TypeError for a float.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] | None = None
    note: str = ""
    row_header: int = 0
    subtotals: frozenset[int] = frozenset()
    sheet: str = ""
    folded: bool = False

    def __post_init__(self) -> None:
        for row in self.all_rows():
            if len(row) != len(self.columns):
                raise ValueError(f"'{self.caption}' has {len(self.columns)} columns and a row of {len(row)} cells")
            if any(isinstance(cell, float) for cell in row):
                raise TypeError(f"'{self.caption}' holds a float; hand in exact decimals")

    def all_rows(self) -> Iterator[tuple[Cell, ...]]:
        """The rows and, where there is one, the total."""
        yield from self.rows
        if self.total is not None:
            yield self.total

    @property
    def illustrative(self) -> bool:
        """Whether any cell rests on illustrative figures."""
        return any(isinstance(cell, Illustrative) for row in self.all_rows() for cell in row)


@dataclass(frozen=True, slots=True)
class Tree:
    """An amount with everything it stands on, level by level.

    Takes    depth: how many levels to print, all when None; open: how many levels a page shows unfolded;
             names: what to call parts known by a key, a practice code for instance; links: where a part known by a
             key is explained further, followed where the explanation shown stops at it.
    """

    line: Line
    caption: str = ""
    depth: int | None = None
    open: int = 1
    names: Mapping[str, str] = field(default_factory=dict)
    sheet: str = ""
    links: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The caption, or the name of the amount."""
        return self.caption or self.line.name

    def rows(self) -> Iterator[ExplainedRow]:
        """The explanation's rows, depth first."""
        return explained(self.line, depth=self.depth)

    def named(self, name: str) -> str:
        """A part's name, with what its key stands for."""
        return f"{name} {self.names[name]}" if name in self.names else name


@dataclass(frozen=True, slots=True)
class Figure:
    """One headline number."""

    label: str
    value: Cell
    kind: Kind = "pounds"
    note: str = ""
    places: int | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """Headline numbers side by side."""

    items: tuple[Figure, ...]

    @property
    def illustrative(self) -> bool:
        """Whether any of them rests on illustrative figures."""
        return any(isinstance(item.value, Illustrative) for item in self.items)


@dataclass(frozen=True, slots=True)
class SummaryList:
    """Facts as key and value; values are cells, money with its pound sign."""

    rows: tuple[tuple[str, Cell], ...]
    kind: Kind = "money"


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: a label and the value of each series."""

    label: str
    values: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class BarChart:
    """Horizontal bars, one value each or several stacked; every value is also printed in words.

    Takes    illustrative: whether its values rest on illustrative figures.
    Raises   ValueError for a negative value, or a bar whose values are not one a series.
    """

    title: str
    bars: tuple[Bar, ...]
    series: tuple[str, ...] = ("",)
    kind: Kind = "pounds"
    illustrative: bool = False

    def __post_init__(self) -> None:
        for bar in self.bars:
            if len(bar.values) != len(self.series):
                raise ValueError(f"'{self.title}': {bar.label} needs one value for each of {len(self.series)} series")
            if min(bar.values) < 0:
                raise ValueError(f"'{self.title}': a bar cannot show {bar.label}, which is negative; use a table")

    @property
    def longest(self) -> Decimal:
        """What the longest bar stands for; 1 where all are zero, so that a share of it can be taken."""
        return max((sum(bar.values, Decimal(0)) for bar in self.bars), default=Decimal(0)) or Decimal(1)


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture with a title, and a description for who cannot see it.

    Takes    narrow: whether it is drawn as wide as a phone, and so need not be widened or scrolled there.
    """

    title: str
    description: str
    picture: Picture
    narrow: bool = False


@dataclass(frozen=True, slots=True)
class PageBreak:
    """A new page where there are pages."""


Block = Heading | Paragraph | Bullets | Notice | Table | Tree | Figures | SummaryList | BarChart | Drawing | PageBreak


@dataclass(frozen=True, slots=True)
class Meta:
    """What is known about the document itself.

    Takes    place: whose document it is; made_on: a date handed in, never the clock's; footer: running text at its end.
    """

    place: str = ""
    made_on: date | None = None
    footer: str = ""
    author: str = "Commonweal"
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A title and blocks in reading order."""

    title: str
    blocks: tuple[Block, ...]
    subtitle: str = ""
    meta: Meta = field(default_factory=Meta)

    def anchored(self) -> Iterator[tuple[Block, str]]:
        """Each block with its anchor: headings as named or from their words, made different from one another."""
        taken: set[str] = set()
        for number, block in enumerate(self.blocks, start=1):
            if isinstance(block, Heading):
                anchor = _free(block.anchor or slug(block.text), taken)
            else:
                anchor = _free(f"block-{number}", taken)
            yield block, anchor

    def sections(self) -> list[tuple[str, str]]:
        """Text and anchor of each level 2 heading: the list of contents."""
        return [
            (block.text, anchor) for block, anchor in self.anchored() if isinstance(block, Heading) and block.level == 2
        ]


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of running text, strong or leading somewhere or neither."""

    text: str
    strong: bool = False
    target: str = ""


MARKS = re.compile(r"\\([\\*\[\]])|\*\*(.+?)\*\*|\[([^\]]+)\]\(([^)\s]+)\)")
SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*:", re.IGNORECASE)


def runs(text: str) -> list[Run]:
    """Running text as stretches, its marks read.

    Raises   ValueError for a link to anything but https, a page of the site, an anchor or a relative file.
    """
    found: list[Run] = []
    at = 0
    for mark in MARKS.finditer(text):
        if mark.start() > at:
            found.append(Run(text[at : mark.start()]))
        escaped, strong, words, target = mark.groups()
        if escaped:
            found.append(Run(escaped))
        elif strong:
            found.append(Run(strong, strong=True))
        else:
            found.append(Run(words, target=checked_target(target)))
        at = mark.end()
    if at < len(text):
        found.append(Run(text[at:]))
    return found


def plain(words: str) -> str:
    """Words from elsewhere, a practice name for instance, that running text prints as they are."""
    return re.sub(r"([\\*\[\]])", r"\\\1", words)


def checked_target(target: str) -> str:
    """A link target that is safe to print.

    Raises   ValueError for schemes other than https, http and mailto, and for protocol-relative addresses.
    """
    scheme = SCHEME.match(target)
    if target.startswith(("//", "\\")) or (
        scheme and scheme.group().lower() not in ("https:", "http:", "mailto:", "page:")
    ):
        raise ValueError(f"a document does not link to '{target}'")
    return target


def slug(text: str) -> str:
    """Text as an anchor or file name: lower case letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "section"


def _free(wanted: str, taken: set[str]) -> str:
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted}-{number}", number + 1
    taken.add(name)
    return name
