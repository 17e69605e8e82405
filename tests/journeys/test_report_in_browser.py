"""Can everyone read a report in a browser: offline, on a phone, by keyboard, without JavaScript, read out?"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from commonweal.web.document import Document, Heading, Link, Paragraph, SummaryList
from commonweal.web.html import write_site
from commonweal.web.serve import report_server

pytestmark = pytest.mark.browser

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 320, "height": 640}


@pytest.fixture
def opened(browser: Any, report_file: Path) -> Iterator[Callable[..., Any]]:
    """Opens a page in a browser of its own, which notes every address it asks for."""
    contexts = []

    def open_page(*, address: str = "", size: dict[str, int] = DESKTOP, javascript: bool = True) -> Any:
        context = browser.new_context(viewport=size, java_script_enabled=javascript, offline=not address)
        contexts.append(context)
        page = context.new_page()
        page.asked = []
        page.complaints = []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda message: page.complaints.append(message.text))
        page.goto(address or report_file.as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()


def then_everyone_can_use(page: Any) -> None:
    """No barrier that axe knows of, in all rules it holds."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_report_has_no_barrier_that_axe_finds(opened, size):
    # Given a report with every kind of block, everything in it unfolded
    page = opened(size=size)
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
    # Then nothing in it keeps anyone out
    then_everyone_can_use(page)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_report_opens_offline_and_asks_for_nothing(opened, report_file, size):
    # Given no network
    page = opened(size=size)
    # When the report is opened and read to its end
    page.keyboard.press("End")
    # Then the browser asked for the file alone, and complained of nothing
    assert [address for address in page.asked if not address.startswith("data:")] == [report_file.as_uri()]
    assert page.complaints == []


def test_a_report_on_a_phone_never_scrolls_sideways_as_a_whole(opened):
    # Given a phone, and everything unfolded
    page = opened(size=PHONE)
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
    # Then only tables scroll sideways, each in its own frame
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    frames = page.locator(".scroll")
    assert frames.first.evaluate("frame => frame.scrollWidth > frame.clientWidth")
    # And each frame can be scrolled by keyboard
    frames.first.focus()
    page.keyboard.press("ArrowRight")
    # The page's own policy forbids scripts to wait with, so this one looks for itself.
    moved = (
        "new Promise(seen => { const look = () => frame.scrollLeft > 0 ? seen(true) : setTimeout(look, 20); look() })"
    )
    assert frames.first.evaluate(f"frame => {moved}")


def test_the_first_stop_of_the_keyboard_skips_to_the_content(opened):
    # Given a report just opened
    page = opened()
    skip = page.locator(".skip")
    assert skip.bounding_box()["y"] < 0
    # When Tab is pressed, the link to skip comes into sight
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert skip.bounding_box()["y"] >= 0
    # And following it leads to the content
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_every_explanation_can_be_reached_and_unfolded_by_keyboard(opened, made_up_report):
    # Given a report with folded explanations
    page = opened()
    everything = page.locator("summary").count()
    reached = 0
    # When the keyboard goes through the page, unfolding what is folded
    for _ in range(500):
        page.keyboard.press("Tab")
        on = page.evaluate("document.activeElement.tagName")
        if on == "BODY":
            break
        if on == "SUMMARY":
            reached += 1
            if not page.evaluate("document.activeElement.parentElement.open"):
                page.keyboard.press("Enter")
            # Then each shows where the keyboard is
            assert page.evaluate("getComputedStyle(document.activeElement).backgroundColor") == "rgb(255, 235, 59)"
    # And every one was reached and is open
    assert reached == everything > 3
    assert page.locator("details:not([open])").count() == 0


def test_a_report_works_without_javascript(opened):
    # Given a browser without JavaScript
    page = opened(javascript=False)
    part = page.get_by_text("cost per head", exact=True)
    assert not part.is_visible()
    # When a reader unfolds the budget down to what someone supplied
    page.get_by_text("budget before rounding", exact=True).first.click()
    page.get_by_text("target", exact=True).click()
    # Then the supplied number is seen, with its status and source
    assert part.is_visible()
    assert page.get_by_text("Example tariff, table 2").is_visible()
    # And the contents lead to their section
    page.get_by_role("navigation", name="Contents").get_by_role("link", name="Findings").click()
    assert page.get_by_role("heading", name="Findings").is_visible()


def test_text_twice_as_large_still_fits(opened):
    # Given a reader who doubles the size of text on a small window
    page = opened(size={"width": 640, "height": 900})
    page.add_style_tag(content="html { font-size: 200% }")
    # Then the page as a whole still does not scroll sideways
    assert page.evaluate("document.documentElement.scrollWidth") <= 640


def test_printing_from_the_browser_shows_an_explanation_as_far_as_it_was_unfolded(opened):
    # Given a report whose explanation a reader unfolded by one level
    page = opened()
    page.get_by_text("budget before rounding", exact=True).first.click()
    # When it is printed
    page.emulate_media(media="print")
    # Then that level is on the paper, and what lies below is not
    assert page.get_by_text("target", exact=True).evaluate("part => part.checkVisibility()")
    assert not page.get_by_text("cost per head", exact=True).evaluate("part => part.checkVisibility()")


def test_a_site_served_to_this_machine_leads_from_page_to_page(opened, tmp_path):
    # Given a report of several pages, shown to this machine
    to_practice = SummaryList((("Practice", Link("Harbour Surgery", "page:practices/Z00001")),))
    pages = {
        "index": Document("Report", (Paragraph("One place."), to_practice)),
        "options": Document("Options", (Heading("Side by side"),)),
        "practices/Z00001": Document("Harbour Surgery", (Paragraph("What joining means."),)),
    }
    write_site(tmp_path, pages)
    server = report_server(tmp_path)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        # When a practice manager goes to the practice, and on to the options
        page = opened(address=server.address)
        page.get_by_role("link", name="Harbour Surgery").click()
        assert page.get_by_role("heading", level=1).inner_text() == "Harbour Surgery"
        then_everyone_can_use(page)
        page.get_by_role("navigation", name="Pages").get_by_role("link", name="Options").click()
        # Then each page opens, says where the reader is, and nothing else was asked for
        assert page.locator("[aria-current=page]").inner_text() == "Options"
        then_everyone_can_use(page)
        assert all(address.startswith((server.address, "data:")) for address in page.asked)
        assert page.complaints == []
    finally:
        server.shutdown()
        server.server_close()
