"""What every journey may ask for: a real browser, with and without JavaScript, and a report to read in it."""

from __future__ import annotations

import runpy
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from commonweal.web.document import Document
from commonweal.web.html import write_page

CHROMIUM = Path("/usr/bin/chromium")
SWITCHES = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SAMPLE = Path(__file__).resolve().parents[1] / "web" / "sample.py"


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """Debian's Chromium; the test is skipped where it is not installed."""
    if not CHROMIUM.exists():
        pytest.skip("Debian's Chromium is not installed (apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(SWITCHES))
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def made_up_report() -> Document:
    """A made-up report that holds every kind of block."""
    document: Document = runpy.run_path(str(SAMPLE))["sample_document"]()
    return document


@pytest.fixture(scope="session")
def report_file(made_up_report: Document, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made-up report as one HTML file."""
    return write_page(tmp_path_factory.mktemp("report") / "report.html", made_up_report)


@pytest.fixture(scope="session")
def commonweal() -> str:
    """The command, as installed beside the Python that runs the tests."""
    return str(Path(sys.executable).with_name("commonweal"))


@pytest.fixture(scope="session")
def built_place(commonweal: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration place with its report, made by the commands as a user would."""
    place = tmp_path_factory.mktemp("place") / "demo"
    subprocess.run([commonweal, "demo", str(place), "--build"], check=True, capture_output=True)
    return place


@pytest.fixture(scope="session")
def place_report(built_place: Path) -> Path:
    """The folder of the demonstration place's report."""
    return built_place / "out" / "report"
