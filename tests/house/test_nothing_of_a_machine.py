"""Would the repository mean the same on anybody's machine?"""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BINARY = {".png", ".svg", ".pdf", ".gz", ".zip", ".parquet"}

# Put together here, so that this file does not hold what it looks for.
INDEXES = ("py" + r"pi\.org", "python" + "hosted", r"registry\.npm" + "js", "--(extra-)?index" + "-url")
FORBIDDEN = {
    "a folder of one machine": r"(?<![\w./~-])/(" + "|".join(("work", "root", r"home/\w+", r"Users/\w+")) + ")/",
    "a package index": "|".join(INDEXES),
    "a package from somewhere but an index": r"^[\w.-]+ @ (https?|git|file)" + "[:+]",
}
CONSTRAINTS = ROOT / "requirements" / "constraints.txt"


def _tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.split("\0") if name]


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_tracked_file_holds(what: str):
    pattern = re.compile(FORBIDDEN[what])
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in _tracked()
        if path.is_file() and path.suffix not in BINARY
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if pattern.search(line)
    ]
    assert not found


def test_every_release_is_pinned_exactly():
    assert not [line for line in _constraints() if not re.fullmatch(r"[\w.-]+==[\w.]+", line)]


def test_every_dependency_is_among_the_pinned():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *(name for extra in project["optional-dependencies"].values() for name in extra)]
    pinned = {_normal(line.partition("==")[0]) for line in _constraints()}
    assert not [name for name in asked if _normal(re.split(r"[\[<>=~! ]", name)[0]) not in pinned]


def test_the_published_files_are_not_copied_here():
    large = [path.relative_to(ROOT) for path in _tracked() if path.is_file() and path.stat().st_size > 500_000]
    assert not large, "a file of over 500 kB is likely to be published data"


def _constraints() -> list[str]:
    lines = CONSTRAINTS.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
