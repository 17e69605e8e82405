"""Does a PDF say everything, on its pages, the same way each time?"""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from pypdf import PdfReader
from reportlab.pdfbase.pdfmetrics import stringWidth

from commonweal.web.document import (
    Bar,
    BarChart,
    Bullets,
    Column,
    Document,
    Heading,
    Link,
    Meta,
    Notice,
    Paragraph,
    Table,
    Tree,
)
from commonweal.web.pdf import write_pdf
from commonweal.web.values import column_text, explained_value


@pytest.fixture(scope="module")
def printed(report: Document, tmp_path_factory: pytest.TempPathFactory) -> PdfReader:
    return PdfReader(write_pdf(tmp_path_factory.mktemp("pdf") / "report.pdf", report))


def words_of(reader: PdfReader) -> str:
    """All text, with line breaks as spaces."""
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))


def ends_of_text(reader: PdfReader) -> list[tuple[float, float]]:
    """For each piece of text how far right it ends, and the width of its page."""
    found: list[tuple[float, float]] = []
    for page in reader.pages:
        width = float(page.mediabox.width)

        def note(text, cm, tm, font, size, width=width):
            bold = "Bold" in str((font or {}).get("/BaseFont", ""))
            x = tm[4] * cm[0] + cm[4]
            longest = max(stringWidth(t, "Helvetica-Bold" if bold else "Helvetica", size) for t in text.split("\n"))
            found.append((x + longest * cm[0], width))

        page.extract_text(visitor_text=note)
    return found


def test_every_cell_of_every_table_is_printed(printed: PdfReader, report: Document):
    words = words_of(printed).replace(" ", "")
    for table in (block for block in report.blocks if isinstance(block, Table)):
        assert table.caption.replace(" ", "") in words
        for row in table.all_rows():
            for cell, column in zip(row, table.columns, strict=True):
                assert column_text(cell, column).replace(" ", "") in words


def test_every_explained_value_is_printed_in_its_order(made_up: SimpleNamespace, tmp_path: Path):
    tree = Tree(made_up.budget_line())
    words = words_of(PdfReader(write_pdf(tmp_path / "tree.pdf", Document("Explained", (tree,)))))
    at = 0
    for row in tree.rows():
        at = words.index(explained_value(row), at)


def test_a_table_over_many_pages_repeats_its_header_on_each(made_up: SimpleNamespace, tmp_path: Path):
    table = made_up.long_table(200)
    reader = PdfReader(write_pdf(tmp_path / "long.pdf", Document("Long", (table,))))
    assert len(reader.pages) > 3
    assert all("What was found" in page.extract_text() for page in reader.pages)
    assert "Z00200" in reader.pages[-1].extract_text()
    assert "Total" in reader.pages[-1].extract_text()


def test_pages_carry_the_title_their_number_and_how_many_there_are(printed: PdfReader, report: Document):
    for number, page in enumerate(printed.pages, start=1):
        assert report.title in page.extract_text()
        assert f"Page {number} of {len(printed.pages)}" in page.extract_text()


def test_the_outline_leads_to_the_sections_and_their_parts(printed: PdfReader):
    titles = [
        [part["/Title"] for part in entry] if isinstance(entry, list) else entry["/Title"] for entry in printed.outline
    ]
    assert titles == ["Money", "How the budget came about", ["Options side by side"], "Neighbourhoods", "Findings"]
    findings = printed.get_destination_page_number(printed.outline[-1])
    assert "Findings row by row" in printed.pages[findings].extract_text()


def test_the_file_says_what_it_is_and_in_which_language(printed: PdfReader, report: Document):
    assert printed.metadata is not None
    assert printed.metadata.title == report.title
    assert printed.metadata.author == "Commonweal"
    assert printed.trailer["/Root"]["/Lang"] == "en-GB"


def test_the_same_document_gives_the_same_bytes(report: Document, tmp_path: Path):
    assert write_pdf(tmp_path / "a.pdf", report).read_bytes() == write_pdf(tmp_path / "b.pdf", report).read_bytes()


def test_nothing_runs_off_the_page(printed: PdfReader):
    ends = ends_of_text(printed)
    assert len(ends) > 100
    assert all(end <= width for end, width in ends)


def wide_table(columns: int, pounds: str = "123456789.01") -> Table:
    heads = (Column("Practice", "code"), *(Column(f"Line number {n}", "money") for n in range(columns)))
    row = ("Z00001", *[Decimal(pounds)] * columns)
    return Table("Wide", heads, (row, row))


def test_a_section_with_a_wide_table_is_turned_and_the_next_stands_upright_again(tmp_path: Path):
    document = Document(
        "Turned",
        (
            Heading("Narrow"),
            wide_table(3),
            Heading("Wide"),
            Paragraph("Words before it."),
            wide_table(13),
            Heading("Narrow again"),
            Paragraph("The end."),
        ),
    )
    reader = PdfReader(write_pdf(tmp_path / "turned.pdf", document))
    assert [page.mediabox.width > page.mediabox.height for page in reader.pages] == [False, True, False]
    assert "Words before it." in reader.pages[1].extract_text()
    assert "The end." in reader.pages[2].extract_text()
    assert all(end <= width for end, width in ends_of_text(reader))


def test_a_table_wider_than_any_page_is_still_printed_within_it(tmp_path: Path):
    reader = PdfReader(write_pdf(tmp_path / "wider.pdf", Document("Wider", (wide_table(30),))))
    assert all(end <= width for end, width in ends_of_text(reader))


def test_a_word_without_end_is_broken_rather_than_run_off_the_page(tmp_path: Path):
    word = "W" * 400
    table = Table("Long words", (Column("Name"), Column("Amount", "money")), ((word, Decimal(1)),))
    blocks = (Paragraph(word), Notice("information", word), Bullets((word,)), Heading(word), table)
    reader = PdfReader(write_pdf(tmp_path / "words.pdf", Document(word, blocks, meta=Meta(place=word))))
    assert all(end <= width for end, width in ends_of_text(reader))


def test_a_cell_taller_than_a_page_runs_on_over_the_next(tmp_path: Path):
    sentence = "One more sentence about the very same thing. " * 400
    table = Table(
        "Tall", (Column("Practice", "code"), Column("What"), Column("Why")), (("Z00001", sentence + "End of it.", "x"),)
    )
    reader = PdfReader(write_pdf(tmp_path / "tall.pdf", Document("Tall", (table, Notice("warning", sentence)))))
    assert "End of it." in words_of(reader)


def test_signs_that_the_page_font_lacks_are_printed_and_names_keep_their_letters(tmp_path: Path):
    text = "baseline − share ≤ cap, £5 – “so” Tŷ Ffynnon Ŵy \u202f日"
    assert "baseline − share ≤ cap, £5 – “so” Ty Ffynnon Wy" in words_of(
        PdfReader(write_pdf(tmp_path / "signs.pdf", Document("Signs", (Paragraph(text),))))
    )


def test_names_from_files_cannot_become_markup(tmp_path: Path):
    name = "<b>A & B</b> <font>x</font> &amp;"
    table = Table(name, (Column(name),), ((name,), (Link(name, "page:somewhere"),)))
    chart = BarChart(name, (Bar(name, (Decimal(1), Decimal(2))),), series=(name, "other"))
    words = words_of(PdfReader(write_pdf(tmp_path / "names.pdf", Document(name, (Heading(name), table, chart)))))
    assert words.count(name) >= 9


def test_an_empty_document_is_a_page(tmp_path: Path):
    assert len(PdfReader(write_pdf(tmp_path / "empty.pdf", Document("Nothing", ()))).pages) == 1


def test_a_number_is_never_broken_over_lines(tmp_path: Path):
    columns = (Column("Code", "code"), Column("What"), *(Column(f"N{n}", "people") for n in range(4)), Column("Where"))
    row = ("Z00001", "Some words that take what room there is", 330350, 330350, 1111111, 330350, "More words " * 6)
    table = Table("Narrow numbers", columns, (row,), total=row)
    words = PdfReader(write_pdf(tmp_path / "numbers.pdf", Document("Numbers", (table,)))).pages[0].extract_text()
    assert words.count("330,350") == 6
    assert words.count("1,111,111") == 2
