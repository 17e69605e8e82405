"""Can a place be worked out by its own contract, and are subcontracts and shares paid from the command line?"""

from __future__ import annotations

import json
import shutil
from decimal import Decimal

import pytest

from .test_json_is_documented import documented, keys

COUNTS = "out_of_hours: {people: 318_492}\nurgent_care_centre: {count: 5300}\ncare_home_beds: {count: 1200}\n"


@pytest.fixture
def counts(tmp_path):
    path = tmp_path / "counts.yaml"
    path.write_text(COUNTS, encoding="utf-8")
    return path


def test_a_block_contract_pays_each_type_of_subcontract(run, counts):
    found = run("contract", "subcontracts", "icb-block", "--month", "2026-04", "--counts", counts, "--format", "json")
    paid = {row["name"]: row["amount"] for row in found.json()["subcontracts"]}
    # A twelfth of 15.6 and of 13 million; 8.72 × 318,492 ÷ 12; 200,000 and 50 × 20; 10 × 1,200.
    assert paid == {
        "community": "1300000.00",
        "mental_health": "1083333.33",
        "out_of_hours": "231437.52",
        "urgent_care_centre": "201000.00",
        "care_home_beds": "12000.00",
    }
    assert found.json()["total"] == "2827770.85"
    assert set(keys(found.json())) <= documented()


def test_shares_of_members_are_printed_and_sum_to_the_amount(run, tmp_path):
    people = tmp_path / "people.yaml"
    people.write_text("M85001: 9000\nM85002: 12,000\n", encoding="utf-8")
    words = ("contract", "members", "mcp-full", "--amount", "100", "--on", "2026-04-01", "--people", people)
    found = run(*words, "--format", "json")
    assert [row["amount"] for row in found.json()["members"]] == ["42.86", "57.14"]
    assert set(keys(found.json())) <= documented()
    assert run(*words, "--format", "csv").out.splitlines() == ["member,amount", "M85001,42.86", "M85002,57.14"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("subcontracts", "icb-block", "--month", "2026-04"), "out_of_hours: lacks 'people', by which it is paid."),
        (("subcontracts", "mcp-partial", "--month", "2026-04"), "agrees no sums, rates or prices."),
        (("subcontracts", "icb-block", "--month", "April"), "is not a month"),
        (("members", "mcp-full", "--amount", "much", "--on", "2026-04-01"), "'much' is no amount."),
        (("members", "mcp-full", "--amount", "5", "--on", "2026-04-01"), "there are no members."),
        (("members", "hvbp", "--amount", "5", "--on", "2026-04-01"), "has 0 clauses of kind member_shares"),
    ],
)
def test_what_cannot_be_worked_out_says_what_is_missing(run, words, said):
    found = run("contract", *words)
    assert found.code in (3, 10)
    assert said in found.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x: [1]", "x: is no set of counts. Write any of people, count, before under it."),
        ("out_of_hours: {people: -3}", "'-3' is no number of 0 or more."),
        ("- 1", "holds no numbers."),
        ("a: [", "is not YAML"),
        ("nobody: {count: 1}", "nobody: is no subcontract."),
    ],
)
def test_counts_that_cannot_be_read_are_told_with_their_file(run, tmp_path, text, said):
    path = tmp_path / "counts.yaml"
    path.write_text(text, encoding="utf-8")
    found = run("contract", "subcontracts", "icb-block", "--month", "2026-04", "--counts", path)
    assert found.code == 3
    assert said in found.err


def test_a_contract_begun_whole_has_every_clause_of_those_below_it(run, tmp_path):
    assert run("contract", "new", tmp_path / "c", "--from", "dudley-like", "--whole").code == 0
    found = run("contract", "check", tmp_path / "c", "--on", "2026-04-01", "--format", "json").json()
    files = {clause["file"] for clause in found["clauses"]}
    assert all(file.startswith(str(tmp_path)) for file in files)
    assert {clause["clause"] for clause in found["clauses"]} == {
        "contract", "options", "scope", "population_budget", "member_shares", "subcontracts", "gain_and_loss_share",
        "performance_scheme", "calendar",
    }  # fmt: skip
    assert set(keys(found)) <= documented()


def test_schemas_are_printed_and_written(run, tmp_path):
    assert json.loads(run("contract", "schema", "scope").out)["properties"]["clause"]["const"] == "scope"
    assert "scope" in json.loads(run("contract", "schema").out)["$defs"]
    assert run("contract", "schema", "--into", tmp_path / "s").code == 0
    assert (tmp_path / "s" / "any-clause.json").read_text(encoding="utf-8") == run("contract", "schema").out
    assert run("contract", "schema", "scope", "--into", tmp_path / "s").code == 3


def of_community(found, **wanted: str) -> Decimal:
    rows = [row for row in found["rows"] if {**row, **wanted, "service_line": "community"} == row]
    return sum((Decimal(row["amount"]) for row in rows), Decimal(0))


@pytest.fixture
def place_without(place):
    """The demonstration place without a contract of its own."""
    shutil.rmtree(place / "contract", ignore_errors=True)
    return place


def test_a_places_statement_changes_by_the_term_that_its_contract_changes(run, place_without):
    place = place_without
    words = ("statement", place, "--month", "2026-04", "--format", "json")
    before = run(*words).json()
    assert run("contract", "new", place / "contract", "--from", "mcp-partial").code == 0
    refused = run(*words)
    # The demonstration has practices in the full option, which this contract does not offer.
    assert refused.code == 5
    assert "the full option is not offered to it on 2026-04-01" in refused.err
    options = place / "contract" / "options.yaml"
    options.write_text(
        options.read_text(encoding="utf-8").replace("{option: partial}", "{option: partial}\n  - {option: full}"),
        encoding="utf-8",
    )
    same = run(*words).json()
    assert [(row["explanation_id"], row["amount"]) for row in same["rows"]] == [
        (row["explanation_id"], row["amount"]) for row in before["rows"]
    ]
    terms = place / "contract" / "subcontracts.yaml"
    terms.write_text(terms.read_text(encoding="utf-8").replace('value: "0.005"', 'value: "0.025"'), encoding="utf-8")
    after = run(*words).json()
    received = of_community(before, direction="received")
    assert of_community(after, purpose="reserve") == (received * Decimal("0.025")).quantize(Decimal("0.01"))


def test_an_option_that_the_contract_does_not_offer_is_not_recorded(run, place_without):
    place = place_without
    before = (place / "participation.csv").read_bytes()
    assert b"X90013" not in before
    run("contract", "new", place / "contract", "--from", "mcp-full")
    options = place / "contract" / "options.yaml"
    some = "{option: virtual, practices: [X90011, X90012]}"
    later = "{option: virtual, practices: [X90013], from: 2028-04-01}"
    text = options.read_text(encoding="utf-8").replace("{option: virtual}", f"{some}\n  - {later}")
    options.write_text(text, encoding="utf-8")
    found = run("participate", place, "X90013", "virtual", "--from", "2027-04-01")
    assert found.code == 5
    assert "Earliest lawful date: 2028-04-01." in found.err
    assert (place / "participation.csv").read_bytes() == before
