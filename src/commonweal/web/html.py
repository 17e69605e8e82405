"""How does a document become a page that opens anywhere?

One file holds everything: style and drawings stand in it, it runs no script and asks no other address for anything.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from commonweal.core.explanation import ExplainedRow
from commonweal.web.document import (
    LANGUAGE,
    BarChart,
    Block,
    Cell,
    Column,
    Document,
    Drawing,
    Figures,
    Illustrative,
    Link,
    Table,
    Tree,
    runs,
)
from commonweal.web.picture import Area, Disc, Picture, Stroke, series_colour
from commonweal.web.values import (
    MARK,
    MARK_MEANING,
    column_text,
    explained_reason,
    explained_value,
    figure_text,
    standing_text,
    tree_illustrative,
    value_of,
)

# The page itself forbids what it never does, so that a changed copy cannot start to.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"


@dataclass(frozen=True, slots=True)
class PageLink:
    """A link from a page to one of its site, with whether it is the page itself or the section it belongs to."""

    title: str
    target: str
    here: bool


@dataclass(frozen=True, slots=True)
class TreeNode:
    """A row of an explanation with the rows below it."""

    row: ExplainedRow
    name: str
    target: str = ""
    below: list[TreeNode] = field(default_factory=list)


def page_html(document: Document, *, slug: str = "index", pages: Mapping[str, Document] | None = None) -> str:
    """The document as one HTML page.

    Takes    slug: the page's own place in its site, `/` for a folder; pages: the site's pages by slug, for links
             between them and for the menu, which shows those outside folders.
    Raises   ValueError for a link to a page that the site does not have.
    """
    site = {slug: document} if pages is None else pages
    links = Links(slug, frozenset(site))
    environment = _environment()
    blocks = environment.get_template("blocks.html.j2").make_module({"links": links, "legend": _legend(document)})
    page = environment.get_template("page.html.j2")
    return page.render(
        document=document,
        language=LANGUAGE,
        policy=POLICY,
        style=Markup(_style()),
        menu=_menu(slug, site, links) if len(site) > 1 else [],
        parents=_parents(slug, site, links),
        home=links.to("page:index") if "index" in site else "#main",
        sections=document.sections(),
        links=links,
        body=[_block_html(blocks, block, anchor) for block, anchor in document.anchored()],
    )


def write_page(path: Path, document: Document) -> Path:
    """Write the document as one HTML file that opens offline."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page_html(document), encoding="utf-8", newline="\n")
    return path


def write_site(folder: Path, pages: Mapping[str, Document]) -> list[Path]:
    """Write documents as pages that link to each other by relative addresses.

    Takes    pages: documents by slug (`index`, `options`, `practices/P81001`), in the order of the menu. A page in a
             folder belongs to the page of the folder's name.
    Returns  the files written, in that order.
    """
    written = []
    for slug, document in pages.items():
        path = folder / f"{slug}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page_html(document, slug=slug, pages=pages), encoding="utf-8", newline="\n")
        written.append(path)
    return written


def picture_svg(drawing: Drawing) -> str:
    """A picture as an SVG file of its own, drawn as on a page: with title and description, and nothing asked for."""
    blocks = _environment().get_template("blocks.html.j2").make_module({"links": None, "legend": ""})
    return "".join(line.strip() + "\n" for line in str(blocks.picture_svg(drawing, "map")).splitlines() if line.strip())


@dataclass(frozen=True, slots=True)
class Links:
    """The addresses of other pages and files as seen from one page."""

    slug: str
    known: frozenset[str]

    def to(self, target: str) -> str:
        """A target of a document as an address: `page:` links become relative, others stay.

        Raises   ValueError when the site has no such page.
        """
        if not target.startswith("page:"):
            return target
        page, mark, anchor = target.removeprefix("page:").partition("#")
        if page not in self.known:
            raise ValueError(f"page '{self.slug}' links to '{page}', which is not among the pages")
        return posixpath.relpath(f"{page}.html", posixpath.dirname(self.slug) or ".") + mark + anchor

    def runs(self, text: str) -> Markup:
        """Running text as HTML."""
        return Markup("").join(self._run(run.text, run.strong, run.target) for run in runs(text))

    def _run(self, text: str, strong: bool, target: str) -> Markup:
        if target:
            return Markup('<a href="{}">{}</a>').format(self.to(target), text)
        return Markup("<strong>{}</strong>").format(text) if strong else escape(text)

    def cell(self, cell: Cell, column: Column) -> Markup:
        """A table cell as HTML, marked where it is illustrative."""
        return self.marked(cell, column_text(cell, column))

    def marked(self, cell: Cell, text: str) -> Markup:
        """A cell's words as HTML: a link where it is one, with a mark where it is illustrative."""
        value = value_of(cell)
        if isinstance(value, Link):
            return Markup('<a href="{}">{}</a>').format(self.to(value.target), text)
        return escape(text) + mark() if isinstance(cell, Illustrative) else escape(text)


def mark() -> Markup:
    """The mark of an illustrative value, which is also read out."""
    return Markup('<span class="mark" aria-hidden="true">{}</span><span class="unseen"> (illustrative)</span>').format(
        MARK
    )


def tree_nodes(tree: Tree) -> TreeNode:
    """The explanation's rows hung below one another."""
    rows = iter(tree.rows())
    first = next(rows)
    top = TreeNode(first, tree.named(first.name))
    path = [top]
    for row in rows:
        node = TreeNode(row, tree.named(row.name), tree.links.get(row.name, ""))
        del path[row.depth :]
        path[-1].below.append(node)
        path.append(node)
    return top


def bar_shares(chart: BarChart) -> list[list[tuple[str, str, str]]]:
    """For each bar its stretches: start and width in per cent of the longest bar, and colour."""
    return [list(_stretches(bar.values, chart)) for bar in chart.bars]


def _stretches(values: Iterable[Any], chart: BarChart) -> Iterable[tuple[str, str, str]]:
    start = 0.0
    for number, value in enumerate(values):
        width = float(value / chart.longest) * 100
        yield f"{start:.3f}%", f"{width:.3f}%", series_colour(number)
        start += width


def shape_kind(shape: object) -> str:
    """The name of a shape, for the template that draws it."""
    return type(shape).__name__


def shape_points(shape: Stroke | Area) -> str:
    """A shape's points as SVG reads them."""
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in shape.points)


def picture_labels(picture: Picture) -> list[str]:
    """What the picture's discs stand for."""
    return [shape.label for shape in picture.shapes if isinstance(shape, Disc) and shape.label]


def _legend(document: Document) -> str:
    """The anchor of the first block with a mark of illustrative values, below which the page says what it means."""
    for block, anchor in document.anchored():
        if isinstance(block, Table | Figures | BarChart) and block.illustrative:
            return anchor
    return ""


def _block_html(blocks: Any, block: Block, anchor: str) -> Markup:
    return getattr(blocks, type(block).__name__)(block, anchor)  # type: ignore[no-any-return]


def _menu(slug: str, pages: Mapping[str, Document], links: Links) -> list[PageLink]:
    return [
        PageLink(page.title, links.to(f"page:{name}"), here=slug == name or slug.startswith(f"{name}/"))
        for name, page in pages.items()
        if "/" not in name
    ]


def _parents(slug: str, pages: Mapping[str, Document], links: Links) -> list[PageLink]:
    above = [slug[:at] for at, letter in enumerate(slug) if letter == "/"]
    return [PageLink(pages[name].title, links.to(f"page:{name}"), here=False) for name in above if name in pages]


@cache
def _style() -> str:
    return files("commonweal.web").joinpath("style.css").read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("commonweal.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        bar_shares=bar_shares,
        explained_reason=explained_reason,
        explained_value=explained_value,
        figure_text=figure_text,
        mark_meaning=MARK_MEANING,
        mark=mark,
        series_colour=series_colour,
        shape_kind=shape_kind,
        shape_points=shape_points,
        standing_text=standing_text,
        tree_illustrative=tree_illustrative,
        tree_nodes=tree_nodes,
    )
    return environment
