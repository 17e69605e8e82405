"""Is a build published whole, or not at all?"""

from __future__ import annotations

import pyarrow as pa
import pytest

from commonweal.core.errors import NotAPlace
from commonweal.core.store import current_store, inputs_digest, publish_store, superseded_stores


def tables(value: int) -> dict[str, pa.Table]:
    return {"lists": pa.table({"practice_code": ["A81001"], "people": [value]})}


class Breaks(dict):
    """Tables that stop a build half way, as a full disk would."""

    def items(self):
        yield "lists", tables(1)["lists"]
        raise OSError("no space left on device")


def test_a_published_store_is_the_current_one_and_reads_back(tmp_path):
    publish_store(tmp_path, "one", tables(5), {"year": "2026-27"})
    store = current_store(tmp_path)
    assert store.table("lists").to_pylist() == [{"practice_code": "A81001", "people": 5}]
    assert store.manifest["year"] == "2026-27"


def test_a_build_that_stops_leaves_the_last_good_store_and_nothing_half_built(tmp_path):
    publish_store(tmp_path, "one", tables(5), {})
    with pytest.raises(OSError, match="no space"):
        publish_store(tmp_path, "two", Breaks(), {})
    assert current_store(tmp_path).manifest["store"] == "one"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["current", "store-one"]


def test_the_same_inputs_give_the_same_name_and_the_same_bytes(tmp_path):
    source = tmp_path / "in"
    source.mkdir()
    (source / "lists.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    names = {inputs_digest(source.iterdir(), root=source, also="2026-27") for _ in range(2)}
    assert len(names) == 1
    first = publish_store(tmp_path / "a", names.pop(), tables(5), {})
    second = publish_store(tmp_path / "b", first.manifest["store"], tables(5), {})
    for path in sorted(first.path.iterdir()):
        assert path.read_bytes() == (second.path / path.name).read_bytes()


def test_other_inputs_or_options_give_another_name(tmp_path):
    (tmp_path / "lists.csv").write_text("1", encoding="utf-8")
    before = inputs_digest(tmp_path.iterdir(), root=tmp_path, also="2026-27")
    assert inputs_digest(tmp_path.iterdir(), root=tmp_path, also="2027-28") != before
    (tmp_path / "lists.csv").write_text("2", encoding="utf-8")
    assert inputs_digest(tmp_path.iterdir(), root=tmp_path, also="2026-27") != before


def test_building_again_with_the_same_inputs_replaces_the_store_in_one_step(tmp_path):
    publish_store(tmp_path, "one", tables(5), {})
    publish_store(tmp_path, "one", tables(5), {})
    assert current_store(tmp_path).table("lists").num_rows == 1
    assert superseded_stores(tmp_path) == []


def test_a_store_of_an_earlier_build_can_be_found_for_deletion(tmp_path):
    publish_store(tmp_path, "one", tables(5), {})
    publish_store(tmp_path, "two", tables(6), {})
    assert [path.name for path in superseded_stores(tmp_path)] == ["store-one"]


def test_a_place_that_was_never_built_says_so(tmp_path):
    with pytest.raises(NotAPlace, match="Nothing has been built"):
        current_store(tmp_path)
