"""Is whatever a clause of any kind holds refused in words, or read as it stands: never a traceback?"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commonweal.contract.agreed.in_force import contract_of_place, parameters_in_force
from commonweal.contract.agreed.rows import commissioners
from commonweal.contract.clauses.reading import library_contracts
from commonweal.contract.scope import scope_on
from commonweal.core.errors import CommonwealError
from commonweal.core.parameters import library

FILES = {
    "options": ("mcp-full", "options.yaml"),
    "scope": ("mcp-virtual", "scope.yaml"),
    "population_budget": ("mcp-partial", "population_budget.yaml"),
    "member_shares": ("alliance", "member_shares.yaml"),
    "subcontracts": ("icb-block", "subcontracts.yaml"),
}
WHOLE = {
    kind: yaml.safe_load((library_contracts()[contract] / file).read_text(encoding="utf-8"))
    for kind, (contract, file) in FILES.items()
}
# fmt: off
WORDS = (
    "option", "service_line", "commissioner", "share_in_scope", "pooled_view", "stays_with_practices", "from", "to",
    "provider", "share", "type", "block", "item", "community", "full", "virtual", "value", "values", "status",
    "source", "title", "label", "meaning", "unit", "name", "year_sum", "offered", "practices", "1", "0.5",
    "2026-04-01", "stated", "shares", "parties", "equal", "threshold", "ICB", "given",
)
# fmt: on
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.dates(), st.text(max_size=8), st.sampled_from(WORDS)
)
TREES = st.recursive(
    LEAVES,
    lambda held: (
        st.lists(held, max_size=4) | st.dictionaries(st.sampled_from(WORDS) | st.text(max_size=4), held, max_size=5)
    ),
    max_leaves=15,
)


def paths(held: object, above: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    """The path of every part of a clause."""
    if isinstance(held, dict):
        return [p for key, value in held.items() for p in [(*above, key), *paths(value, (*above, key))]]
    if isinstance(held, list):
        return [p for i, value in enumerate(held[:3]) for p in [(*above, i), *paths(value, (*above, i))]]
    return []


def with_part(held: object, path: tuple[object, ...], part: object) -> object:
    """The same with one part replaced."""
    if not path:
        return part
    if isinstance(held, list):
        return [with_part(value, path[1:], part) if i == path[0] else value for i, value in enumerate(held)]
    assert isinstance(held, dict)
    return {key: with_part(value, path[1:], part) if key == path[0] else value for key, value in held.items()}


def in_force_or_refused_in_words(folder: Path) -> bool:
    """Whether the place has its parameters, or each thing told of its contract says where it is."""
    try:
        held = parameters_in_force(folder, library(), contract_of_place(folder))
    except CommonwealError as problem:
        return all(line.startswith(str(folder)) for line in str(problem).splitlines())
    try:
        scope_on(held, date(2026, 4, 1))
    except CommonwealError as problem:
        return bool(str(problem))
    return True


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "contract.yaml").write_text("clause: contract\nname: ours\nlabel: Ours\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("kind", FILES)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_stands_anywhere_in_a_clause_is_refused_in_words_or_holds(folder, kind, data):
    path = data.draw(st.sampled_from(paths(WHOLE[kind])))
    whole = with_part(WHOLE[kind], path, data.draw(TREES))
    (folder / "clause.yaml").write_text(yaml.safe_dump(whole, allow_unicode=True), encoding="utf-8")
    assert in_force_or_refused_in_words(folder)


@pytest.mark.parametrize("kind", FILES)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=150) | st.binary(max_size=60))
def test_whatever_follows_the_kind_is_refused_in_words(folder, kind, text):
    held = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    (folder / "clause.yaml").write_bytes(f"clause: {kind}\n".encode() + held)
    assert in_force_or_refused_in_words(folder)


def test_the_service_lines_that_rows_may_name_are_those_of_the_library():
    assert set(commissioners()) == {row["code"] for row in library()["service_lines"].values[-1].value}
