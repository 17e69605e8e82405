"""Does the first tutorial run, as it stands, and print what it shows?"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TUTORIAL = ROOT / "docs" / "tutorials" / "from-a-district-to-a-budget.md"
PUBLISHED_FILES = (
    "need_weighted_populations_2022-23.csv",
    "gp_payments_2021-22.csv",
    "gp_payments_2022-23.csv",
    "practice_locations.csv",
    "practice_membership_2019-2024.csv",
    "gp-reg-pat-prac-all_2021-01.csv",
)
# Blocks are either run (console) or compared with what was printed since the block before (text).
BLOCK = re.compile(r"^```(console|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def _part(number: int) -> str:
    parts = re.split(r"^## Part \d: ", TUTORIAL.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return parts[number]


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _followed(part: str, folder: Path) -> int:
    """Run a part's commands one by one in a folder and compare what it shows; how many commands were run."""
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "160",
    }
    printed, commands = "", 0
    for kind, block in BLOCK.findall(part):
        if kind == "text":
            missing = [line for line in block.splitlines() if _squeezed(line) not in printed]
            assert not missing, f"not printed: {missing}\n{printed}"
            continue
        printed = ""
        for command in block.splitlines():
            ran = subprocess.run(
                ["bash", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, check=False
            )
            assert ran.returncode == 0, f"{command}\n{ran.stdout[-2000:]}{ran.stderr[-2000:]}"
            printed += " " + _squeezed(ran.stdout)
            commands += 1
    return commands


@pytest.mark.slow
def test_the_part_with_the_demonstration_place_runs(tmp_path: Path):
    assert _followed(_part(1), tmp_path) >= 8
    assert (tmp_path / "wherrydale" / "out" / "report" / "index.html").is_file()


@pytest.mark.slow
@pytest.mark.published
def test_the_part_with_published_files_runs(published_data: Path, tmp_path: Path):
    folder = tmp_path / "published"
    folder.mkdir()
    for name in PUBLISHED_FILES:
        shutil.copy(published_data / "practices" / name, folder)
    assert _followed(_part(2), tmp_path) >= 8
    assert (tmp_path / "dudley" / "out" / "report" / "index.html").is_file()


def test_every_page_of_the_manual_that_is_linked_is_there():
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert not broken
