"""Can everyone see a place's population at a glance: on a phone, by keyboard, without JavaScript, read out, printed?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

pytestmark = pytest.mark.browser

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
UNFOLD = "document.querySelectorAll('details').forEach(details => { details.open = true })"


@pytest.fixture
def visit(browser: Any, place_report: Path) -> Iterator[Callable[..., Any]]:
    """Opens a page of the report as a file, without network, in a browser of its own."""
    contexts = []

    def open_page(name: str = "population", *, size: dict[str, int] = DESKTOP, javascript: bool = True) -> Any:
        context = browser.new_context(viewport=size, java_script_enabled=javascript, offline=True)
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.goto((place_report / f"{name}.html").as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()


def then_everyone_can_use(page: Any) -> None:
    """No barrier that axe knows of."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def headline(page: Any, label: str) -> str:
    """A headline number of the page, without its mark."""
    box = page.locator(".figures > div").filter(has=page.get_by_text(label, exact=True))
    text: str = box.locator(".number").inner_text()
    return text.split("†")[0].strip()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_population_has_no_barrier_that_axe_finds(visit, size):
    # Given the population's page with every table unfolded
    page = visit(size=size)
    page.evaluate(UNFOLD)
    # Then nothing in it keeps anyone out
    then_everyone_can_use(page)


def test_an_analyst_finds_the_population_and_sees_first_that_it_is_made_up(visit):
    # Given an analyst at the overview, which says how many people have several conditions
    page = visit("index")
    several = headline(page, "Two or more long-term conditions")
    assert page.get_by_text("of made-up people").first.is_visible()
    # When she goes to the population
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Population").click()
    # Then the page says what it is before it shows anything
    assert page.get_by_role("heading", level=1).inner_text().startswith("Population")
    note = page.get_by_role("note").first
    assert "These people are made up." in note.inner_text()
    assert note.bounding_box()["y"] < page.locator(".figures").first.bounding_box()["y"]
    # And the figure is the same as at the overview, and is marked
    assert headline(page, "Two or more long-term conditions") == several
    assert page.locator(".figures .mark").count() == page.locator(".figures .number").count()


def test_the_numbers_beside_a_chart_are_reached_by_keyboard_without_javascript(visit):
    # Given a reader with a keyboard alone, and no JavaScript
    page = visit(javascript=False)
    table = page.get_by_role("region", name="People by level of need").get_by_role("table")
    assert not table.is_visible()
    # When she goes to the folded table below the chart and unfolds it
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.locator("summary:focus")
        if focused.count() and focused.inner_text().startswith("People by level of need"):
            break
    page.keyboard.press("Enter")
    # Then its numbers are there, and the share of the whole population stands in the words below the chart too
    assert table.is_visible()
    share = re.search(r"[\d.]+%", table.locator("tfoot td").nth(1).inner_text())
    assert share is not None
    words = page.locator("figcaption").filter(has_text="People by level of need").inner_text()
    assert f"1 Whole population {share.group()}" in words


def test_every_chart_has_a_name_and_a_description_to_be_read_out(visit):
    page = visit()
    charts = page.locator("figure svg[role=img]")
    assert charts.count() == 5
    for number in range(charts.count()):
        chart = charts.nth(number)
        assert len(chart.locator("> title").text_content()) > 10
        assert len(chart.locator("> desc").text_content()) > 40


def test_on_a_phone_charts_fit_and_their_words_can_be_read(visit):
    # Given a phone, with everything unfolded
    page = visit(size=PHONE)
    page.evaluate(UNFOLD)
    # Then the page does not scroll sideways, nor does any chart
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    frames = page.locator("figure.drawing .paper")
    assert frames.count() == 5
    for number in range(frames.count()):
        assert frames.nth(number).evaluate("frame => frame.scrollWidth <= frame.clientWidth")
    # And no word of a chart is smaller than nine pixels
    smallest = """Math.min(...[...document.querySelectorAll('figure.drawing text')].map(
        text => parseFloat(text.getAttribute('font-size')) * text.getScreenCTM().a))"""
    assert page.evaluate(smallest) >= 9


def test_print_holds_the_same_numbers_as_the_page(visit, place_report):
    # Given the report as PDF
    printed = " ".join(" ".join(page.extract_text() for page in PdfReader(place_report / "report.pdf").pages).split())
    # Then each headline number of the page stands in it, and so does what each chart says
    page = visit()
    figures = [text.split("†")[0].strip() for text in page.locator(".figures .number").all_inner_texts()]
    assert len(figures) == 8
    assert all(figure in printed for figure in figures)
    for words in page.locator("figure.drawing figcaption").all_inner_texts():
        assert " ".join(words.split()) in printed
