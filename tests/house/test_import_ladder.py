"""Does data flow one way, with every package on the ladder?"""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "commonweal"
LADDER = (
    "core",
    "place",
    "people",
    "need",
    "demonstration",
    "budget",
    "contract",
    "plan",
    "opened",
    "build",
    "web",
    "cli",
)
MODULES = sorted(SOURCE.rglob("*.py"))


def test_the_import_contract_is_kept():
    linter = shutil.which("lint-imports", path=str(Path(sys.executable).parent))
    assert linter, "import-linter is not installed beside Python"
    checked = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_a_module_imports_only_from_its_own_package_and_those_to_its_left(module: Path):
    place = module.relative_to(SOURCE).with_suffix("").parts[0]
    if place == "__init__":
        return
    assert place in LADDER, f"{place} has no place on the ladder"
    allowed = LADDER[: LADDER.index(place) + 1]
    wrong = sorted(name for name in _imported(module) if name not in allowed)
    assert not wrong, f"{module.name} is in {place} and imports from {', '.join(wrong)}"


def _imported(module: Path) -> set[str]:
    """The packages of Commonweal imported anywhere in a module, inside functions too; `.` is Commonweal itself."""
    found = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module.name}:{node.lineno} imports relatively"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        parts = [name.split(".") for name in names]
        found |= {part[1] if len(part) > 1 else "." for part in parts if part[0] == "commonweal"}
    return found - {"__version__"}
