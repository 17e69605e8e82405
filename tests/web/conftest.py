"""What the tests of all printers may ask for: a made-up report that holds every kind of block."""

from __future__ import annotations

import runpy
from pathlib import Path
from types import SimpleNamespace

import pytest

from commonweal.web.document import Document


@pytest.fixture(scope="session")
def made_up() -> SimpleNamespace:
    """The makers of the made-up report's parts."""
    return SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("sample.py"))))


@pytest.fixture(scope="session")
def report(made_up: SimpleNamespace) -> Document:
    """The whole made-up report."""
    return made_up.sample_document()
