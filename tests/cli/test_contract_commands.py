"""Can a contract be begun, checked and settled from the command line?"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

MANUAL = Path(__file__).resolve().parents[2] / "docs" / "reference" / "json.md"
DAY = ("--on", "2026-04-01")
YEAR = "baseline: 60,000,000\nlist_now: 1\nlist_base: 1\nactual: 56400000\nquality: 0.8\n"


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    file = tmp_path / "year.yaml"
    file.write_text(YEAR)
    return file


def keys(held: object):
    if isinstance(held, dict):
        for key, value in held.items():
            yield key
            yield from keys(value)
    if isinstance(held, list):
        for value in held:
            yield from keys(value)


def test_the_library_is_listed(run):
    listed = run("contract", "list", "--format", "json").json()["contracts"]
    assert {"mssp", "mcp-gain-share"} <= {row["contract"] for row in listed}


def test_a_contract_is_begun_changed_checked_and_settled(run, tmp_path, inputs):
    folder = tmp_path / "agreed"
    assert run("contract", "new", folder, "--from", "mcp-gain-share").code == 0
    text = (folder / "gain_share.yaml").read_text().replace('value: "0.02"', 'value: "0.03"')
    (folder / "gain_share.yaml").write_text(text)
    checked = run("contract", "check", folder, *DAY, "--format", "json").json()
    assert {"0.03"} == {t["value"] for c in checked["clauses"] for t in c["terms"] if t["term"] == "corridor"}
    # Expected 60.0m less 3 % is 58.2m; half of the 1.8m below it is .9m; quality .8 leaves .72m.
    paid = run("contract", "settle", folder, "--inputs", inputs, *DAY, "--format", "json").json()
    assert paid["payment"] == "720000.00"


def test_a_settlement_explains_itself_in_words(run, inputs):
    printed = run("contract", "settle", "mcp-gain-share", "--inputs", inputs, *DAY).out
    assert "£960,000.00" in printed
    assert "Actual spend" in printed


def test_a_contract_with_several_shares_asks_which(run, inputs):
    ran = run("contract", "settle", "mssp", "--inputs", inputs, *DAY)
    assert ran.code == 10
    assert "track_1_plus" in ran.err


def test_a_contract_that_is_wrong_ends_with_the_code_of_contracts(run, tmp_path):
    (tmp_path / "contract.yaml").write_text("clause: contract\nname: x\n")
    ran = run("contract", "check", tmp_path, *DAY)
    assert ran.code == 10
    assert "label" in ran.err


def test_an_input_that_is_no_number_is_named(run, inputs):
    inputs.write_text(YEAR.replace("56400000", "a lot"))
    ran = run("contract", "settle", "mcp-gain-share", "--inputs", inputs, *DAY)
    assert ran.code == 3
    assert "actual" in ran.err


def test_a_schema_is_json_that_names_its_kind(run):
    schema = json.loads(run("contract", "schema", "gain_and_loss_share").out)
    assert schema["properties"]["clause"]["const"] == "gain_and_loss_share"


@pytest.mark.parametrize(
    "words", [("list",), ("check", "mssp", *DAY), ("settle", "mcp-gain-share", *DAY)], ids=" ".join
)
def test_every_key_is_in_the_manual(run, inputs, words):
    more = ("--inputs", inputs) if words[0] == "settle" else ()
    found = set(keys(run("contract", *words, *more, "--format", "json").json()))
    documented = set(re.findall(r"`([a-z_0-9]+)`", MANUAL.read_text(encoding="utf-8")))
    assert found <= documented, sorted(found - documented)
