"""Does every source say its title whole?"""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest
import yaml

FOLDER = files("commonweal") / "parameters"
NAMES = sorted(entry.name for entry in FOLDER.iterdir() if entry.name.endswith(".yaml"))


@pytest.mark.parametrize("name", NAMES)
def test_a_source_has_a_title_and_nothing_that_nobody_reads(name: str):
    # An unquoted comma between braces cuts a title in two, and its rest becomes a key.
    content: dict[str, Any] = yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
    for parameter, held in content.items():
        for start, value in held["values"].items():
            assert set(value["source"]) <= {"title", "where", "url"}, f"{parameter}, {start}"
