"""What the tests of need may ask for: makers of small records."""

from __future__ import annotations

import runpy
from pathlib import Path
from types import SimpleNamespace

import pytest


@pytest.fixture(scope="session")
def small() -> SimpleNamespace:
    """The makers of a record of a few rows: tests/need/small_record.py."""
    return SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("small_record.py"))))
