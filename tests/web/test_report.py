"""Does a place's report say the same in every form, and the same every time it is made?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from hashlib import sha256
from html import unescape
from pathlib import Path

import openpyxl
import pytest
from pypdf import PdfReader

from commonweal.build import Built, build_place
from commonweal.contract.settlement.clause import GainLossShare
from commonweal.contract.settlement.place_settlement import PlaceFacts
from commonweal.contract.settlement.what_if import WhatIfs, what_ifs
from commonweal.demonstration import make_demonstration
from commonweal.web.document import Document, Figures, Illustrative, Table
from commonweal.web.report import report_pages, whole_document, write_report
from commonweal.web.values import figure_text

PENNY = Decimal("0.01")


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
    contract = ["Year of payments", "Gain and loss", "Who bears the risk", "Assurance"]
    assert entries == ["Overview", "Neighbourhoods", "Budget", "Options", "Statement", *contract, "Inputs"]
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


@pytest.fixture(scope="module")
def asked(built: Built) -> WhatIfs:
    """Its gain and loss share settled at each difference, while nobody knows what is spent."""
    opened = built.opened
    facts = PlaceFacts(opened.inputs, opened.care, opened.budget_inputs, opened.history, opened.parameters)
    return what_ifs(opened.contract.one(GainLossShare), facts, opened.place.contract_start)


def test_what_would_be_paid_is_the_clause_worked_by_hand(asked: WhatIfs):
    # Corridor 2 % deductible, share one half, limit 5 %: d less 2 % of what is expected, halved, either way.
    for each in asked.held:
        beyond = max(abs(each.difference) - Decimal("0.02"), Decimal(0)) / 2
        by_hand = (asked.expected.amount * beyond).copy_sign(each.difference)
        # What is spent is in whole pence, so a payment may be a penny off that of the exact share.
        assert abs(each.settlement.payment.amount - by_hand) <= PENNY
        assert abs(each.spent.amount - asked.expected.amount * (1 - each.difference)) <= PENNY / 2


def test_what_is_supposed_is_named(asked: WhatIfs):
    assert {name: line.amount for name, line in asked.supposed.items()} == {"quality": Decimal(1)}
    assert asked.supposed["quality"].status == "illustrative"


def test_each_page_is_there_and_in_the_menu(report: Path):
    index = (report / "index.html").read_text(encoding="utf-8")
    for slug in ("gain-and-loss", "risk", "assurance"):
        assert (report / f"{slug}.html").is_file()
        assert f'href="{slug}.html"' in index


def test_the_page_of_gain_and_loss_prints_the_largest_payment_and_what_chance_gives(report: Path, asked: WhatIfs):
    page = (report / "gain-and-loss.html").read_text(encoding="utf-8")
    assert f"{asked.held[0].settlement.payment.amount:,.2f}" in page
    assert "What chance alone gives" in page
    assert page.count("<svg") == 2
    assert re.search(r"Supposed to be whole: quality", page)


def test_the_page_of_risk_prints_the_capital_and_a_table_beside_each_drawing(report: Path):
    page = (report / "risk.html").read_text(encoding="utf-8")
    assert "Capital needed" in page
    assert page.count("<table") > page.count("<svg") >= 4
