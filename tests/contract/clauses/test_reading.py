"""Does a contract say all that is wrong with it, and never more than was written?"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commonweal.contract.clauses.clause import Agreement
from commonweal.contract.clauses.folders import begin_contract, clause_schemas
from commonweal.contract.clauses.kinds import KINDS
from commonweal.contract.clauses.reading import library_contracts, read_contract
from commonweal.contract.settlement.clause import GainLossShare
from commonweal.core.errors import ClauseProblem, CommonwealError
from commonweal.core.parameters import library

SHARED = "gain_share.yaml"


@pytest.fixture
def begun(tmp_path: Path) -> Path:
    """A contract begun from that of the library."""
    folder = tmp_path / "agreed"
    begin_contract(folder, "mcp-gain-share")
    return folder


def changed(folder: Path, old: str, new: str, file: str = SHARED) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def told(folder: Path) -> str:
    with pytest.raises(ClauseProblem) as caught:
        read_contract(folder)
    return str(caught.value)


@pytest.mark.parametrize("name", library_contracts())
def test_every_contract_of_the_library_reads_without_fault(name):
    assert read_contract(name).of_kind(Agreement)


def test_a_contract_begun_from_the_library_says_what_it_says(begun):
    mine, theirs = read_contract(begun), read_contract("mcp-gain-share")
    assert mine.clauses[1:] == theirs.clauses[1:]
    assert mine.agreement.based_on == "mcp-gain-share"


def test_what_is_begun_never_overwrites(begun):
    with pytest.raises(CommonwealError, match="there already"):
        begin_contract(begun, "mcp-gain-share")


def test_a_clause_taken_away_is_again_that_of_the_contract_it_is_based_on(begun):
    changed(begun, '"0.02"', '"0.03"')
    day = date(2026, 4, 1)
    assert read_contract(begun).one(GainLossShare).parameters["corridor"].on(day).value == "0.03"
    (begun / SHARED).unlink()
    assert read_contract(begun).one(GainLossShare).parameters["corridor"].on(day).value == "0.02"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"0.02"', "0.02", "terms.corridor.values.2024-04-01.value 0.02: a number"),
        ('"0.02"', "no", "terms.corridor.values.2024-04-01.value False: a number"),
        ('"0.02"', "07", "terms.corridor.values.2024-04-01.value 7: a number"),
        ('"0.02"', '"two"', "terms.corridor.values.2024-04-01 'two': is not a number. Write a number in quotes."),
        ("2024-04-01", "2024-04-31", "is not YAML"),
        ("do: share,", "do: shrae,", "'shrae'"),
        ("gain: corridor", "gain: corridoor", "operations[2].gain 'corridoor': is no input, no term"),
        ("label: Uplift", "labell: Uplift", "terms.uplift.labell 'Uplift': Extra inputs are not permitted."),
        ("clause: gain_and_loss_share", "clause: gain_share", "clause 'gain_share' is no kind of clause. Kinds are"),
        ("name: gain_share", "name: Gain share", "name 'Gain share'"),
    ],
)
def test_a_fault_is_told_with_file_path_value_and_mend(begun, old, new, said):
    changed(begun, old, new)
    found = told(begun)
    assert found.startswith(f"{begun}/{SHARED}: ")
    assert said in found
    assert found.endswith(".")


def test_all_faults_are_told_at_once(begun):
    changed(begun, "gain: corridor", "gain: corridoor")
    changed(begun, "currency: GBP", "currency: pounds", "contract.yaml")
    assert len(told(begun).splitlines()) == 2


def test_a_key_given_twice_is_a_fault_where_yaml_would_keep_the_last(begun):
    changed(begun, "label: Corridor", "label: Corridor\n    label: Another")
    assert "'label' is given twice" in told(begun)


def test_a_contract_cannot_be_based_on_what_is_not_there(begun):
    changed(begun, "based_on: mcp-gain-share", "based_on: nowhere", "contract.yaml")
    assert "is no contract of the library" in told(begun)


def test_a_contract_has_one_heading(begun):
    (begun / "contract.yaml").unlink()
    assert "holds 0 files that say 'clause: contract'" in told(begun)


def test_dated_values_of_a_place_lie_beside_clauses_and_neither_reads_the_other(begun):
    (begun / "growth.yaml").write_text(
        "price_growth:\n  label: Price growth\n  meaning: How much dearer care becomes.\n  unit: share\n"
        "  values:\n    2020-04-01: {value: '0.05', status: given, source: {title: The place's own}}\n"
    )
    assert read_contract(begun).one(GainLossShare).name == "gain_share"
    assert library().overridden_by(begun)["price_growth"].on(date(2026, 4, 1)).value == "0.05"


def test_every_kind_has_a_schema_that_knows_its_name():
    for kind, schema in clause_schemas().items():
        assert schema["properties"]["clause"]["const"] == kind
    assert set(clause_schemas()) == set(KINDS)


LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.dates(),
    st.text(max_size=12),
    st.just("gain_and_loss_share"),
)
KEYS = st.one_of(
    st.sampled_from(["clause", "name", "label", "terms", "inputs", "operations", "values"]), st.text(max_size=5)
)
TREES = st.recursive(
    LEAVES, lambda held: st.lists(held, max_size=4) | st.dictionaries(KEYS, held, max_size=5), max_leaves=20
)


def read_or_refused_in_words(folder: Path) -> bool:
    """Whether the folder reads, or each thing told of it says where it is; a traceback is neither."""
    try:
        read_contract(folder)
    except ClauseProblem as problem:
        return all(line.startswith(str(folder)) for line in str(problem).splitlines())
    return True


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=200) | st.binary(max_size=80))
def test_whatever_is_written_in_a_file_is_refused_in_words(begun, text):
    held = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    (begun / SHARED).write_bytes(b"clause: gain_and_loss_share\n" + held)
    assert read_or_refused_in_words(begun)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tree=TREES, part=st.sampled_from(["clause", "name", "terms", "inputs", "operations", "source", "meaning"]))
def test_whatever_stands_in_a_part_of_a_clause_is_refused_in_words(begun, tree, part):
    whole = yaml.safe_load((library_contracts()["mcp-gain-share"] / SHARED).read_text(encoding="utf-8"))
    whole[part] = tree
    (begun / SHARED).write_text(yaml.safe_dump(whole, allow_unicode=True), encoding="utf-8")
    assert read_or_refused_in_words(begun)


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [1, 1]\nb: [*a, *a]\n",
        "[" * 5_000,
        "{a: " * 3_000,
        "values: " + "9" * 6_000,
        "x: !!python/object/apply:os.system [ls]\n",
    ],
    ids=["anchors", "deep lists", "deep mappings", "a number without end", "a tag"],
)
def test_a_file_made_to_harm_is_refused_in_words(begun, text):
    (begun / SHARED).write_text(f"clause: gain_and_loss_share\n{text}", encoding="utf-8")
    assert SHARED in told(begun)
