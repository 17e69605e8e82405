"""Can a reader unfold an explanation: on a phone, by keyboard, without JavaScript, offline?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from commonweal.contract.clauses.reading import read_contract
from commonweal.contract.explained.changes import Side
from commonweal.contract.explained.comparison import comparison
from commonweal.contract.settlement.clause import GainLossShare
from commonweal.contract.settlement.settling import settled
from commonweal.web.document import Document
from commonweal.web.html import write_page
from commonweal.web.pages.explained import comparison_document, settlement_explained_document

pytestmark = pytest.mark.browser

PHONE = {"width": 320, "height": 640}
DAY = date(2026, 4, 1)
YEAR = {"baseline": "60000000", "list_now": "1", "list_base": "1", "actual": "56400000", "quality": "0.8"}
ALL_OPEN = "document.querySelectorAll('details').forEach(held => held.open = true)"
WIDTH = "document.documentElement.scrollWidth"


def explanation() -> Document:
    clause = read_contract("mcp-gain-share").one(GainLossShare)
    return settlement_explained_document(settled(clause, YEAR, DAY), clause.label)


def compared() -> Document:
    clause = read_contract("mcp-gain-share").one(GainLossShare)
    later = {**YEAR, "actual": "57600000", "quality": "1"}
    found = comparison(Side("Agreed for 2026-27", clause, YEAR, DAY), Side("Agreed for 2027-28", clause, later, DAY))
    return comparison_document(found, explain=True)


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Any]:
    """Opens a document as a page, on a phone and offline."""
    contexts = []

    def open_page(document: Document, *, javascript: bool = True) -> Any:
        file = write_page(tmp_path / "page.html", document)
        contexts.append(browser.new_context(viewport=PHONE, java_script_enabled=javascript, offline=True))
        page = contexts[-1].new_page()
        page.goto(file.as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize("document", [explanation, compared], ids=["explanation", "comparison"])
def test_nothing_is_wider_than_a_phone_when_all_is_unfolded(opened, document):
    page = opened(document())
    assert page.evaluate(WIDTH) == PHONE["width"]
    page.evaluate(ALL_OPEN)
    assert page.evaluate(WIDTH) == PHONE["width"]


def test_an_amount_unfolds_to_its_parts_without_javascript(opened):
    page = opened(explanation(), javascript=False)
    corridor = page.get_by_text("Beyond the corridor", exact=True).first
    assert not corridor.is_visible()
    # Payment and what it is made of stand open; below, the first part of each is opened: share, held to collar, to cap.
    for _ in range(3):
        page.locator("li:first-child > details:not([open]) > summary").locator("visible=true").first.click()
    assert corridor.is_visible()


def test_an_amount_unfolds_and_folds_by_keyboard(opened):
    page = opened(explanation())
    summary = page.locator("summary", has_text="The provider's share").nth(1)
    held = summary.locator("..")
    assert held.get_attribute("open") is None
    summary.focus()
    page.keyboard.press("Enter")
    assert held.get_attribute("open") is not None
    page.keyboard.press("Space")
    assert held.get_attribute("open") is None


def test_what_each_change_adds_is_seen_on_a_phone_without_scrolling(opened):
    page = opened(compared())
    box = page.locator("td, th").filter(has_text="Adds").first.bounding_box()
    assert box["x"] + box["width"] <= PHONE["width"]
