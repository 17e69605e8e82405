"""Can a report be read in a terminal, narrow or wide, with no word or number cut?"""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from rich.console import Console

from commonweal.web.document import (
    Bar,
    BarChart,
    Column,
    Document,
    Figure,
    Figures,
    Illustrative,
    Table,
    Tree,
)
from commonweal.web.terminal import plain_terminal_text, print_document

WIDTHS = [60, 80, 120, 160]


def printed(document: Document, width: int) -> str:
    """What a terminal of that width shows."""
    console = Console(width=width, file=io.StringIO(), highlight=False)
    print_document(document, console)
    return console.file.getvalue()


def wide_table() -> Table:
    """More money than a narrow terminal holds side by side."""
    columns = (Column("Service line"), *(Column(f"Amount {n}", "money", group="2026-27") for n in range(8)))
    names = ("Urgent care outside hospital", "Mental health and learning disability")
    rows = tuple((name, *(Decimal(f"{i}{n}1234567.89") for n in range(8))) for i, name in enumerate(names, start=1))
    return Table("By service line", columns, rows, total=("All", *(Decimal("301455170.10") for _ in range(8))))


def texts_table() -> Table:
    """Many columns of words."""
    found = "The list of Harbour Surgery went from 9,719 to 12,343, which is more than lists move by themselves."
    columns = tuple(Column(name) for name in ("Kind", "Check", "What was found", "What to do", "Where"))
    rows = (("Warning", "List moved", found, "See whether practices merged.", "gp_payments_2022-23.csv, row 4"),)
    return Table("Findings", columns, rows)


@pytest.mark.parametrize("width", WIDTHS)
def test_no_line_is_longer_than_the_terminal(report: Document, width: int):
    document = Document("Everything", (*report.blocks, wide_table(), texts_table()))
    assert max(len(line) for line in printed(document, width).splitlines()) <= width


@pytest.mark.parametrize("width", WIDTHS)
def test_every_number_of_a_wide_table_is_printed_whole(width: int):
    text = printed(Document("Money", (wide_table(),)), width)
    for row in range(1, 3):
        for column in range(8):
            assert f"{Decimal(f'{row}{column}1234567.89'):,}" in text
    assert text.count("301,455,170.10") == 8


@pytest.mark.parametrize("width", WIDTHS)
def test_each_part_of_a_wide_table_names_its_rows_and_columns(width: int):
    text = printed(Document("Money", (wide_table(),)), width)
    parts = text.count("Mental")
    assert parts >= (2 if width <= 80 else 1)
    assert text.count("Urgent") == text.count("Service") == parts
    for column in range(8):
        # A head may run over lines, so its number is looked for below its word.
        assert str(column) in text
    assert "Amount" in text
    assert "(£)" in text


@pytest.mark.parametrize("width", WIDTHS)
def test_no_word_of_a_table_of_texts_is_broken(width: int):
    words = set(printed(Document("Checks", (texts_table(),)), width).split())
    table = texts_table()
    for cell in table.rows[0]:
        assert set(str(cell).split()) <= words


def test_what_rests_on_illustrative_figures_is_marked_and_the_mark_explained():
    columns = (Column("Practice"), Column("Amount", "money"))
    rows = (("North", Illustrative(Decimal("1.50"))), ("South", Decimal("2.00")))
    figures = Figures((Figure("Budget", Illustrative(Decimal(7))),))
    text = printed(Document("Marks", (figures, Table("Money", columns, rows))), 80)
    assert "£7 †" in text
    assert "1.50 †" in text
    assert "2.00 †" not in text
    assert text.rstrip().endswith("† rests on at least one illustrative figure")


def test_digits_stand_below_each_other_whether_marked_or_not():
    columns = (Column("Practice"), Column("Amount", "money"))
    rows = (("North", Illustrative(Decimal("1.50"))), ("South", Decimal("2.00")))
    lines = printed(Document("Marks", (Table("Money", columns, rows),)), 80).splitlines()
    north = next(line for line in lines if line.startswith("North"))
    south = next(line for line in lines if line.startswith("South"))
    assert north.index("1.50") == south.index("2.00")


@pytest.mark.parametrize("width", [80, 160])
def test_an_explanation_shows_names_values_and_why_at_any_width(made_up, width: int):
    line = made_up.budget_line()
    text = printed(Document("Explained", (Tree(line, names=made_up.NAMES),)), width)
    assert "Z00002 St Æthel & Partners <North>" in text
    assert "£2,400,000.20" in text
    assert "171.25" in text
    assert "illustrative: Example tariff, table 2" in " ".join(text.split())


def test_stacked_bars_have_a_shade_for_each_series_and_a_key():
    chart = BarChart("Options", (Bar("Full", (Decimal(3), Decimal(1))),), series=("in the budget", "stays"))
    text = printed(Document("Bars", (chart,)), 80)
    assert "█" * 30 + "▓" * 10 in text
    assert "█ in the budget, ▓ stays" in text


def test_words_from_a_file_cannot_steer_the_terminal():
    table = Table("Names", (Column("Name"),), (("Har\x1b[31mbour\x07",),))
    text = printed(Document("Names", (table,)), 80)
    assert "\x1b" not in text
    assert "\x07" not in text
    assert plain_terminal_text("a\x1b[2Jb") == "a[2Jb"
