"""Can the source be read: short files, a first line that says what they answer, and public names that are explained?"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "commonweal"
MOST_LINES = 400
ROOMS_WITHOUT_A_NAME = {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc", "tools", "lib"}
PACKAGES_OF_EXACT_MONEY = ("budget", "contract")
# Statistics, never an amount paid; each file there says so.
PACKAGES_OF_CHANCE = (
    "contract/chance/",
    "contract/risk/",
    "contract/assurance/found_of_chance.py",
    "contract/performance/futures.py",
)

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
EVERY_FILE = [
    pytest.param(path, id=path.relative_to(ROOT).as_posix())
    for folder in ("src", "tests", "docs", "bench")
    for path in sorted((ROOT / folder).rglob("*.py"))
]
SOURCE_FILES = [param for param in EVERY_FILE if param.id and param.id.startswith("src/")]
MONEY_FILES = [
    param
    for param in SOURCE_FILES
    if param.values[0].relative_to(SOURCE).parts[0] in PACKAGES_OF_EXACT_MONEY
    and not param.values[0].relative_to(SOURCE).as_posix().startswith(PACKAGES_OF_CHANCE)
]


def _syntax(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _public(tree: ast.Module | ast.ClassDef, inside: str = "") -> Iterator[tuple[str, Definition]]:
    """Classes, functions and methods that others may call, with their names."""
    for node in tree.body:
        if isinstance(node, Definition) and not node.name.startswith("_"):
            yield f"{inside}{node.name}", node
            if isinstance(node, ast.ClassDef) and not _explained_elsewhere(node):
                yield from _public(node, f"{node.name}.")


def _explained_elsewhere(node: ast.ClassDef) -> bool:
    # A protocol's members are explained by the classes that have them, those of a Click type by Click.
    return any(ast.unparse(base) in {"Protocol", "click.ParamType"} for base in node.bases)


@pytest.mark.parametrize("path", EVERY_FILE)
def test_a_file_is_short_enough_to_answer_one_question(path: Path):
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines <= MOST_LINES, f"{lines} lines: split it by what it answers"


@pytest.mark.parametrize("path", EVERY_FILE)
def test_a_file_is_named_for_what_it_holds(path: Path):
    parts = {part.lower() for part in path.relative_to(ROOT).with_suffix("").parts}
    assert not parts & ROOMS_WITHOUT_A_NAME


@pytest.mark.parametrize("path", SOURCE_FILES)
def test_a_source_file_says_in_its_first_line_which_question_it_answers(path: Path):
    text = path.read_text(encoding="utf-8")
    if not text.strip():
        assert path.name == "__init__.py", "an empty file"
        return
    said = ast.get_docstring(ast.parse(text))
    assert said, "no docstring"
    # A file of commands lists them.
    if path.name != "__init__.py" and not path.name.endswith("_commands.py"):
        assert "?" in said.partition("\n\n")[0], f"not a question: {said.splitlines()[0]}"


@pytest.mark.parametrize("path", SOURCE_FILES)
def test_everything_public_says_what_it_is(path: Path):
    silent = [f"line {node.lineno}: {name}" for name, node in _public(_syntax(path)) if not ast.get_docstring(node)]
    assert not silent, "no docstring: " + ", ".join(silent)


@pytest.mark.parametrize("path", MONEY_FILES)
def test_no_binary_fraction_touches_money(path: Path):
    found = [
        f"line {node.lineno}"
        for node in ast.walk(_syntax(path))
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float")
    ]
    assert not found, "a float among exact money: " + ", ".join(found)
