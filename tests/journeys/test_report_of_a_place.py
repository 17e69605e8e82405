"""Can the people a report is for find what they came for, in the report the commands make of a place?"""

from __future__ import annotations

import re
import subprocess
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 320, "height": 640}
UNFOLD = "document.querySelectorAll('details').forEach(details => { details.open = true })"
PRACTICE = "Nettlefield Health Centre"


@pytest.fixture
def visit(browser: Any, place_report: Path) -> Iterator[Callable[..., Any]]:
    """Opens a page of the report as a file, without network, in a browser of its own."""
    contexts = []

    def open_page(name: str = "index", *, size: dict[str, int] = DESKTOP, javascript: bool = True) -> Any:
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
    return box.locator(".number").inner_text().split("†")[0].strip()


def test_a_commissioner_follows_the_budget_down_to_a_number_somebody_published(visit):
    # Given a commissioner's finance lead at the overview
    page = visit()
    budget = headline(page, "Whole population budget")
    assert re.fullmatch(r"£[\d,]+", budget)
    # When she goes to the budget
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Budget").click()
    # Then it is the same budget, and she can open a service line practice by practice
    assert headline(page, "Whole population budget") == budget
    page.locator("summary").filter(has_text="Core general practice").click()
    page.get_by_role("link", name=re.compile(PRACTICE)).first.click()
    # And from there go down to what the practice was paid, with its source
    tree = page.locator(".tree")
    years = [f"historic {year}" for year in ("2026-27", "2025-26", "2024-25", "2023-24", "2022-23, today's list")]
    steps = ["Core general practice", "budget 2026-27, before rounding", "in transition", *years, "baseline 2022-23"]
    for step in steps:
        tree.locator("summary").filter(has=page.get_by_text(step, exact=True)).first.click()
    paid = tree.locator(".leaf").filter(has=page.get_by_text("Global sum", exact=True)).first
    assert paid.is_visible()
    assert "published" in paid.inner_text()
    assert "NHS Payments to General Practice" in paid.inner_text()
    then_everyone_can_use(page)


def test_a_practice_manager_sees_each_income_line_under_each_option_and_the_way_back(visit):
    # Given a practice manager at the overview
    page = visit()
    # When she looks for her practice
    page.get_by_role("link", name="your practice's page").click()
    page.get_by_role("link", name=PRACTICE).click()
    # Then every income line says where it goes under each option
    income = page.get_by_role("table", name="Income lines today, and under each option")
    heads = income.locator("thead th").all_inner_texts()
    assert heads[2:] == ["Virtual", "Partial", "Full"]
    lines = income.locator("tbody tr").evaluate_all("rows => rows.map(row => [...row.cells].map(c => c.innerText))")
    assert len(lines) > 10
    for name, paid, *goes_to in lines:
        assert name
        assert re.match(r"-?[\d,]+\.\d\d", paid)
        assert all(goes_to)
    # And the way back has its days
    windows = page.get_by_role("table", name="When a suspended contract can be live again")
    first = windows.locator("tbody tr").first.locator("th, td").all_inner_texts()
    assert first[:2] == ["1 April 2028", "1 April 2027"]
    then_everyone_can_use(page)


def test_a_board_member_sees_the_map_and_its_words(visit):
    # Given a board member at the overview
    page = visit()
    # When he opens the neighbourhoods
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Neighbourhoods").click()
    # Then the map is drawn, and says in words what it shows
    drawn = page.get_by_role("img", name="Map of the neighbourhoods")
    assert drawn.is_visible()
    assert drawn.locator("circle").count() >= 14
    words = drawn.locator("desc").text_content()
    # And each neighbourhood's size is in the table, and the same in the words
    rows = page.get_by_role("table", name="Neighbourhoods").locator("tbody tr")
    assert rows.count() == int(headline(page, "Neighbourhoods"))
    for row in rows.all():
        code, name, people, *_ = row.locator("th, td").all_inner_texts()
        assert f"{code} {name}, {people} people" in words
    then_everyone_can_use(page)


def test_everything_is_there_without_javascript(visit):
    # Given a browser without JavaScript
    page = visit("statement", javascript=False)
    table = page.get_by_role("table", name="Paid on, to whom")
    assert not table.is_visible()
    # When a reader unfolds whom the month pays
    page.get_by_text("Paid on, to whom").first.click()
    # Then each payment is there
    assert table.is_visible()
    assert table.get_by_text("Yarrow Surgery (X90001)").first.is_visible()


def test_what_is_folded_on_the_page_is_printed(visit):
    # Given a page with a folded table
    page = visit("statement")
    row = page.get_by_text("Yarrow Surgery (X90001)").first
    assert not row.is_visible()
    # When it is printed
    page.emulate_media(media="print")
    # Then the table is on the paper
    assert row.evaluate("part => part.checkVisibility()")


def test_a_folded_table_is_unfolded_by_keyboard_alone(visit):
    # Given a page just opened
    page = visit("statement")
    # When the keyboard walks from the skip link to the first folded table and opens it
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "SUMMARY":
            break
    page.keyboard.press("Enter")
    # Then it is open
    assert page.locator("details.folded[open]").count() == 1


SUBJECTS = [
    "index",
    "population",
    "budget",
    "options",
    "statement",
    "payments",
    "gain-and-loss",
    "risk",
    "assurance",
    "neighbourhoods",
    "practices",
    "inputs",
    "practices/x90001",
]


@pytest.mark.parametrize("name", SUBJECTS)
def test_a_page_fits_a_phone_and_keeps_nobody_out(visit, name):
    # Given a phone
    page = visit(name, size=PHONE)
    # Then the page as a whole never scrolls sideways, folded or unfolded
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    then_everyone_can_use(page)
    page.evaluate(UNFOLD)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


@pytest.mark.slow
def test_every_page_unfolded_keeps_nobody_out(visit, place_report):
    names = sorted(str(path.relative_to(place_report).with_suffix("")) for path in place_report.rglob("*.html"))
    assert len(names) == len(SUBJECTS) - 1 + 14
    for name in names:
        page = visit(name)
        page.evaluate(UNFOLD)
        then_everyone_can_use(page)


def test_the_report_is_served_to_this_machine_alone_until_interrupted(built_place, commonweal):
    # Given the report of a place
    with subprocess.Popen(
        [commonweal, "serve", str(built_place), "--port", "0"], stderr=subprocess.PIPE, text=True
    ) as server:
        try:
            # When it is served, it says where
            said = server.stderr.readline()
            address = re.search(r"http://127\.0\.0\.1:\d+/", said).group()
            # Then the overview answers, with headers that let it run and fetch nothing
            with urllib.request.urlopen(address, timeout=10) as answer:
                assert answer.status == 200
                assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
                assert answer.headers["Referrer-Policy"] == "no-referrer"
                assert "Wherrydale" in answer.read().decode()
        finally:
            server.terminate()
            server.wait(timeout=10)
