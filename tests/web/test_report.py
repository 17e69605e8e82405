"""Does a place's report say the same in every form, and the same every time it is made?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256
from html import unescape
from pathlib import Path

import openpyxl
import pytest
from pypdf import PdfReader

from commonweal.build import Built, build_place
from commonweal.demonstration import make_demonstration
from commonweal.web.document import Document, Figures, Illustrative, Table
from commonweal.web.report import report_pages, whole_document, write_report
from commonweal.web.values import figure_text


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The demonstration place, built."""
    folder = tmp_path_factory.mktemp("place") / "demo"
    make_demonstration(folder, people=False)
    return build_place(folder)


@pytest.fixture(scope="module")
def report(built: Built) -> Path:
    """The folder of its report."""
    return write_report(built)[0].parent


def digests(folder: Path) -> dict[str, str]:
    """Every file of a folder by what it holds."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest() for path in files}


def headline_figures(document: Document) -> Iterator[str]:
    for block in document.blocks:
        if isinstance(block, Figures):
            yield from (figure_text(item) for item in block.items)


def test_the_same_place_gives_the_same_bytes_in_every_file(built: Built, report: Path):
    first = digests(report)
    again = write_report(build_place(built.opened.place.path))[0].parent
    assert digests(again) == first
    assert {"report.pdf", "report.xlsx", "journal.beancount", "index.html"} <= set(first)


def test_headline_figures_are_the_same_words_on_page_in_pdf_and_in_the_spreadsheet(built: Built, report: Path):
    figures = list(headline_figures(whole_document(built)))
    assert len(figures) > 12
    pages = " ".join(
        unescape(re.sub(r"<[^>]+>", " ", path.read_text(encoding="utf-8"))) for path in report.glob("*.html")
    )
    pdf = " ".join(page.extract_text() for page in PdfReader(report / "report.pdf").pages)
    about = openpyxl.load_workbook(report / "report.xlsx").worksheets[0]
    cells = {str(cell.value).removesuffix(" (illustrative)") for row in about.iter_rows() for cell in row}
    for figure in figures:
        assert figure in pages
        assert figure in pdf
        assert figure in cells


def test_every_total_of_a_table_is_in_the_pdf_as_on_the_page(built: Built, report: Path):
    pdf = " ".join(page.extract_text() for page in PdfReader(report / "report.pdf").pages)
    page = (report / "budget.html").read_text(encoding="utf-8")
    tables = [block for block in report_pages(built)["budget"].blocks if isinstance(block, Table) and block.total]
    totals = set(
        re.findall(
            r"\d{1,3}(?:,\d{3})+", re.sub(r"<[^>]+>", " ", " ".join(re.findall(r"<tfoot>.*?</tfoot>", page, re.S)))
        )
    )
    assert len(tables) == 3
    assert len(totals) > 4
    assert all(total in pdf for total in totals)


def test_the_pdf_has_contents_numbered_pages_and_none_that_is_empty(report: Path):
    reader = PdfReader(report / "report.pdf")
    texts = [page.extract_text() for page in reader.pages]
    entries = [entry.title for entry in reader.outline if not isinstance(entry, list)]
    assert entries == ["Overview", "Neighbourhoods", "Budget", "Options", "Statement", "Inputs"]
    pages_led_to = {note.get_object()["/Dest"][0].idnum for note in reader.pages[0]["/Annots"]}
    assert len(pages_led_to) == len(entries)
    assert all(entry in texts[0] for entry in entries)
    for number, text in enumerate(texts, start=1):
        assert f"Page {number} of {len(texts)}" in text
        # What is left once running title and page number are gone is what the page says.
        assert len(text) > 150, f"page {number} is as good as empty"


def test_no_page_links_to_one_that_is_not_there(report: Path):
    for path in report.rglob("*.html"):
        for target in re.findall(r'href="([^"#:]+)(?:#[^"]*)?"', path.read_text(encoding="utf-8")):
            assert (path.parent / target).resolve().is_file(), f"{path.name} links to {target}"


def test_a_total_is_marked_wherever_one_of_its_rows_is(built: Built):
    documents = [*report_pages(built).values(), whole_document(built)]
    tables = [block for document in documents for block in document.blocks if isinstance(block, Table) and block.total]
    assert len(tables) > 12
    for table in tables:
        for i, column in enumerate(table.columns):
            if column.numeric and any(isinstance(row[i], Illustrative) for row in table.rows):
                assert isinstance(table.total[i], Illustrative), f"{table.caption}: {column.label}"
