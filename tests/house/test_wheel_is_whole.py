"""Does a wheel hold everything that the source does?"""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"


def _source_files() -> set[str]:
    return {
        path.relative_to(SOURCE).as_posix()
        for path in (SOURCE / "commonweal").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_no_file_of_the_source_is_left_out_by_gitignore():
    # The wheel's builder leaves out what git ignores.
    names = sorted(f"src/{name}" for name in _source_files())
    ignored = subprocess.run(
        ["git", "check-ignore", "--no-index", "--stdin"],
        cwd=ROOT,
        input="\n".join(names),
        capture_output=True,
        text=True,
        check=False,
    )
    if ignored.returncode == 128:
        pytest.skip("not a git checkout")
    assert not ignored.stdout


def test_parameters_tables_and_templates_are_there_to_be_packed():
    kinds = {"commonweal/parameters": ".yaml", "commonweal/tables": ".yaml", "commonweal/web": ".j2"}
    for folder, ending in kinds.items():
        assert any(name.startswith(f"{folder}/") and name.endswith(ending) for name in _source_files()), folder


@pytest.mark.slow
def test_the_wheel_holds_every_file_of_the_source_and_nothing_else(tmp_path: Path):
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "-qq", "--no-deps", "--wheel-dir", str(tmp_path), str(ROOT)], check=True
    )
    (wheel,) = tmp_path.glob("commonweal-*.whl")
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert packed == _source_files()
