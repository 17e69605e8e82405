"""What every test may ask for."""

from __future__ import annotations

from pathlib import Path

import pytest

PUBLISHED_DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data"


@pytest.fixture(scope="session")
def published_data() -> Path:
    """The folder of files as published; the test is skipped where it is not there."""
    if not PUBLISHED_DATA.is_dir():
        pytest.skip(f"published files are not at {PUBLISHED_DATA.name} beside the project")
    return PUBLISHED_DATA
