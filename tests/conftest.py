"""What every test may ask for, and what is skipped where something is missing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator
from pathlib import Path

import pytest

PUBLISHED_DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data"
CHROMIUM = Path("/usr/bin/chromium")
SKIP_NOTHING = "COMMONWEAL_SKIP_NOTHING"

MISSING = {
    "browser": "" if CHROMIUM.exists() else "Chromium is not installed (on Debian: apt-get install chromium)",
    "java": "" if shutil.which("java") else "no Java runtime (on Debian: apt-get install default-jre-headless)",
    "published": "" if PUBLISHED_DATA.is_dir() else "the published files are not in ../shared/data",
}


@pytest.fixture(scope="session")
def published_data() -> Path:
    """The folder of files as published; the test is skipped where it is not there."""
    if not PUBLISHED_DATA.is_dir():
        pytest.skip(MISSING["published"])
    return PUBLISHED_DATA


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests marked for something that is not on this machine are skipped, and say what it is."""
    for item in items:
        for marker, reason in MISSING.items():
            if reason and item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where nothing may be skipped, as in CI, a skipped test is a failed one."""
    report = yield
    if not hasattr(report, "wasxfail"):
        _fail_if_skipped(report, item.nodeid)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a file that is skipped whole."""
    report = yield
    _fail_if_skipped(report, collector.nodeid)
    return report


def _fail_if_skipped(report: pytest.TestReport | pytest.CollectReport, what: str) -> None:
    if report.skipped and os.environ.get(SKIP_NOTHING):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{what} was skipped where nothing may be: {reason}"
