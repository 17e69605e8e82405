"""Is a page complete in itself, safe, and built so that everyone can read it?"""

from __future__ import annotations

from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest

from commonweal.web.document import Column, Document, Heading, Link, Meta, Paragraph, Table, Tree
from commonweal.web.html import page_html, tree_nodes, write_page, write_site
from commonweal.web.values import explained_value


class Reader(HTMLParser):
    """Every element with its attributes, and all text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    def all(self, *tags: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.elements if tag in tags]


@pytest.fixture(scope="module")
def page(report: Document) -> Reader:
    return Reader(page_html(report))


def test_a_page_runs_no_script_and_asks_no_other_address_for_anything(page: Reader):
    assert not page.all("script", "iframe", "object", "embed", "img", "form", "base")
    assert not [a for _, attributes in page.elements for a in attributes if a.startswith("on") or a == "src"]
    assert [link["href"] for link in page.all("link")] == ["data:,"]
    policies = [m["content"] for m in page.all("meta") if m.get("http-equiv") == "Content-Security-Policy"]
    assert policies
    assert policies[0].startswith("default-src 'none'")


def test_the_style_itself_fetches_nothing():
    style = page_html(Document("Empty", ())).partition("<style>")[2].partition("</style>")[0]
    assert "{" in style
    assert "url(" not in style
    assert "@import" not in style


def test_names_from_files_cannot_become_markup():
    name = '<script>alert("x")</script> & Partners'
    table = Table("Practices " + name, (Column("Name " + name),), ((name,), (Link(name, "#x"),)), note="Plain.")
    printed = page_html(Document(name, (Heading(name), table), subtitle=name, meta=Meta(place=name, footer="Plain.")))
    read = Reader(printed)
    assert not read.all("script")
    assert read.text.count(name) == 9  # title, place in title and header, h1 and its subtitle, h2, caption, head, cells


def test_there_is_one_main_heading_and_no_level_is_skipped(page: Reader):
    levels = [int(tag[1]) for tag, _ in page.elements if tag in {"h1", "h2", "h3", "h4"}]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_contents_lead_to_every_section(page: Reader, report: Document):
    targets = {attributes["href"] for attributes in page.all("a")}
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, anchor in report.sections():
        assert f"#{anchor}" in targets
    assert {target[1:] for target in targets if target.startswith("#")} <= set(ids)


def test_every_table_says_what_it_is_and_what_its_cells_belong_to(page: Reader):
    assert len(page.all("table")) == len(page.all("caption")) == 2
    assert {head["scope"] for head in page.all("th")} == {"col", "row", "colgroup"}
    regions = [r for r in page.all("div") if r.get("role") == "region"]
    assert [region["tabindex"] for region in regions] == ["0", "0", "0"]


def test_each_illustrative_value_is_marked_for_the_eye_and_read_out(page: Reader, report: Document):
    assert page.text.count("(illustrative)") == page.text.replace("Costs marked †", "").count("†") > 0
    assert "2,400,000.20† (illustrative)" in page.text


def test_an_explanation_hangs_every_line_below_what_it_is_part_of(made_up: SimpleNamespace):
    tree = Tree(made_up.budget_line(), names=made_up.NAMES)

    def flat(node, depth=0):
        yield depth, node.row.name
        for below in node.below:
            yield from flat(below, depth + 1)

    assert list(flat(tree_nodes(tree))) == [(row.depth, row.name) for row in tree.rows()]


def test_every_explained_value_is_on_the_page_in_its_order(made_up: SimpleNamespace):
    tree = Tree(made_up.budget_line())
    read = Reader(page_html(Document("Explained", (tree,)))).text
    at = 0
    for row in tree.rows():
        at = read.index(explained_value(row), at)


def test_the_same_document_gives_the_same_bytes(report: Document, tmp_path: Path):
    first = write_page(tmp_path / "a" / "report.html", report).read_bytes()
    assert first == write_page(tmp_path / "b.html", report).read_bytes()
    assert b"\r" not in first


@pytest.fixture
def pages() -> dict[str, Document]:
    to_practice = Link("Harbour Surgery", "page:practices/Z00001#money")
    return {
        "index": Document("Report", (Table("Practices", (Column("Name"),), ((to_practice,),)),)),
        "options": Document("Options", (Paragraph("Back to the [report](page:index)."),)),
        "practices": Document("Practices", ()),
        "practices/Z00001": Document("Harbour Surgery", (Paragraph("See [options](page:options)."), Heading("Money"))),
    }


def test_the_pages_of_a_site_find_each_other_wherever_the_folder_is(pages: dict[str, Document], tmp_path: Path):
    for path in write_site(tmp_path, pages):
        for attributes in Reader(path.read_text(encoding="utf-8")).all("a"):
            target, _, anchor = str(attributes["href"]).partition("#")
            there = (path.parent / target) if target else path
            assert not target.startswith("/")
            assert there.is_file()
            if anchor:
                assert f'id="{anchor}"' in there.read_text(encoding="utf-8")


def test_the_menu_shows_the_pages_outside_folders_and_where_the_reader_is(pages: dict[str, Document]):
    read = Reader(page_html(pages["practices/Z00001"], slug="practices/Z00001", pages=pages))
    assert [(a["href"], a["aria-current"]) for a in read.all("a") if "aria-current" in a] == [
        ("../practices.html", "true")
    ]
    assert [n["aria-label"] for n in read.all("nav")] == ["Pages", "Breadcrumb"]


def test_a_link_to_a_page_that_is_not_there_is_an_error(pages: dict[str, Document], tmp_path: Path):
    del pages["options"]
    with pytest.raises(ValueError, match="'options'"):
        write_site(tmp_path, pages)
