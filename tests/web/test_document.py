"""What may a document hold, and how is its running text read?"""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given as for_any
from hypothesis import strategies as st

from commonweal.web.document import (
    Bar,
    BarChart,
    Column,
    Document,
    Heading,
    Link,
    Paragraph,
    Run,
    Table,
    plain,
    runs,
    slug,
)


def test_strong_words_and_links_are_read_out_of_running_text():
    assert runs("See **two** of [them](#there), now") == [
        Run("See "),
        Run("two", strong=True),
        Run(" of "),
        Run("them", target="#there"),
        Run(", now"),
    ]


@for_any(st.text())
def test_words_made_plain_are_printed_as_they_are(words: str):
    found = runs(plain(words))
    assert "".join(run.text for run in found) == words
    assert not any(run.strong or run.target for run in found)


@pytest.mark.parametrize(
    "target", ["javascript:alert(1)", "JavaScript:x", "data:text/html,x", "//elsewhere.example", "\\\\share"]
)
def test_a_link_that_could_run_or_fetch_something_is_refused(target: str):
    with pytest.raises(ValueError, match="does not link"):
        Link("words", target)
    with pytest.raises(ValueError, match="does not link"):
        runs(f"[words]({target})")


@pytest.mark.parametrize(
    "target", ["#money", "page:practices/Z00001#top", "statement.csv", "https://www.england.nhs.uk/"]
)
def test_links_to_anchors_pages_files_and_secure_addresses_are_kept(target: str):
    assert runs(f"[words]({target})") == [Run("words", target=target)]


def test_a_row_with_a_cell_too_few_is_refused():
    with pytest.raises(ValueError, match="2 columns and a row of 1"):
        Table("People", (Column("Practice"), Column("People", "people")), (("Z00001",),))


def test_a_float_is_not_an_exact_amount():
    with pytest.raises(TypeError, match="float"):
        Table("Money", (Column("Amount", "money"),), ((1.1,),))  # type: ignore[arg-type]


def test_a_bar_cannot_be_negative():
    with pytest.raises(ValueError, match="negative"):
        BarChart("Change", (Bar("Loss", (Decimal(-1),)),))


def test_a_bar_needs_a_value_for_each_series():
    with pytest.raises(ValueError, match="each of 2 series"):
        BarChart("Options", (Bar("Full", (Decimal(1),)),), series=("in", "out"))


def test_bars_that_are_all_nothing_can_still_be_drawn():
    assert BarChart("Nothing", (Bar("None", (Decimal(0),)),)).longest == 1


def test_headings_of_the_same_words_get_anchors_of_their_own():
    document = Document("Twice", (Heading("Money"), Paragraph("One."), Heading("Money"), Heading("Part", 3)))
    assert document.sections() == [("Money", "money"), ("Money", "money-2")]
    anchors = [anchor for _, anchor in document.anchored()]
    assert len(set(anchors)) == len(anchors)


def test_a_slug_is_never_empty():
    assert slug("Budget & people, 2026-27") == "budget-people-2026-27"
    assert slug("†") == "section"
