"""Is each record linked to its own person, to nobody, or left to decide, as somebody who knows them would do it?"""

from __future__ import annotations

from datetime import date
from math import log2
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from commonweal.core.parameters import library
from commonweal.core.tables import arrow_table
from commonweal.people.linkage.decision import DIFFERS, NEAR_EQUAL, NUMBER_ALONE
from commonweal.people.linkage.fields import COMPARED
from commonweal.people.linkage.linked import Linked, linked

ELEANOR = {
    "person": 11,
    "nhs_number": "9434765919",
    "given_name": "Eleanor",
    "family_name": "Thornwick",
    "birth_date": date(1941, 3, 7),
    "sex": "F",
    "postcode": "XA1 2AL",
}
PEOPLE = (
    ELEANOR,
    {**ELEANOR, "person": 12, "nhs_number": None, "given_name": "Harold", "sex": "M", "birth_date": date(1938, 11, 21)},
    {
        "person": 13,
        "nhs_number": "9000000009",
        "given_name": "Imran",
        "family_name": "Kelworth",
        "birth_date": date(1975, 10, 30),
        "sex": "M",
        "postcode": "XB4 1GQ",
    },
    {
        "person": 14,
        "nhs_number": "9000000017",
        "given_name": "Priya",
        "family_name": "Elmsey",
        "birth_date": date(2001, 6, 15),
        "sex": "F",
        "postcode": "XC9 3DP",
    },
)


def people(*further: dict[str, Any]) -> pa.Table:
    return arrow_table("identity", [*PEOPLE, *further])


def link(*records: dict[str, Any], listed: pa.Table | None = None, **options: Any) -> Linked:
    names = ("nhs_number", *COMPARED)
    columns = {name: pa.array([row.get(name) for row in records]) for name in names}
    table = pa.table({"record_id": [f"R{number}" for number, _ in enumerate(records)], **columns})
    return linked(table, people() if listed is None else listed, parameters=library(), **options)


def unnumbered(**changes: Any) -> dict[str, Any]:
    return {**ELEANOR, "nhs_number": None, **changes}


def outcome(found: Linked) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    matches = list(zip(found.matches["person"].to_pylist(), found.matches["how"].to_pylist(), strict=True))
    review = list(zip(found.review["person"].to_pylist(), found.review["reason"].to_pylist(), strict=True))
    return matches, review


def test_a_record_with_an_nhs_number_is_that_person_whatever_is_misspelt_or_missing():
    assert outcome(link({"nhs_number": "943 476 5919", "given_name": "Elenor"})) == ([(11, "nhs_number")], [])


def test_a_number_that_agrees_where_neither_names_nor_birth_date_do_is_for_a_person_to_decide():
    other = {"given_name": "Wei", "family_name": "Ullford", "birth_date": date(1999, 1, 2), "nhs_number": "9434765919"}
    assert outcome(link(other)) == ([], [(11, NUMBER_ALONE)])


def test_a_number_with_a_wrong_check_digit_is_reported_and_the_record_linked_by_its_fields():
    found = link(unnumbered(nhs_number="9434765918"))
    assert outcome(found) == ([(11, "splink")], [])
    (finding,) = found.findings
    assert "1 NHS numbers cannot be read" in finding.message
    assert "9434765918" not in str(finding)


def test_a_number_of_two_people_links_nobody_and_is_reported():
    listed = people({**PEOPLE[2], "person": 15, "given_name": "Gareth"})
    found = link({"nhs_number": "9000000009"}, listed=listed)
    assert outcome(found) == ([], [])
    assert found.unmatched.to_pylist() == ["R0"]
    assert [finding.rule for finding in found.findings] == ["nhs number shared"]


ONE_FAULT = (
    {},
    {"given_name": "Ellie"},
    {"given_name": "Eleanro"},
    {"given_name": None},
    {"family_name": "Thronwick"},
    {"family_name": "Garcombe"},
    {"family_name": "Garcombe-Thornwick"},
    {"given_name": "Thornwick", "family_name": "Eleanor"},
    {"birth_date": date(1941, 7, 3)},
    {"birth_date": date(1941, 3, 17)},
    {"birth_date": None},
    {"postcode": "XG7 4HR"},
    {"postcode": None},
    {"sex": "M"},
)


@pytest.fixture(scope="module")
def one_fault_each() -> dict[str, tuple[int, str]]:
    """Who each record with one fault was linked to, by record."""
    matches = link(*(unnumbered(**changes) for changes in ONE_FAULT)).matches.to_pylist()
    return {row["record_id"]: (row["person"], row["how"]) for row in matches}


@pytest.mark.parametrize("number", range(len(ONE_FAULT)), ids=lambda number: str(ONE_FAULT[number]))
def test_one_wrong_or_missing_field_does_not_keep_a_person_from_being_found(one_fault_each, number):
    assert one_fault_each[f"R{number}"] == (11, "splink")


def test_somebody_who_is_not_on_the_list_is_linked_to_nobody():
    stranger = {
        "given_name": "Kwame",
        "family_name": "Yarridge",
        "birth_date": date(1966, 2, 3),
        "sex": "M",
        "postcode": "XD2 2EN",
    }
    found = link(stranger)
    assert outcome(found) == ([], [])
    assert found.unmatched.to_pylist() == ["R0"]


def test_a_twin_who_is_not_on_the_list_is_left_to_decide():
    assert outcome(link(unnumbered(given_name="Martha"))) == ([], [(11, DIFFERS)])


def test_a_grandparent_of_the_same_name_at_the_address_is_left_to_decide():
    found = link(unnumbered(birth_date=date(1916, 8, 29)))
    assert outcome(found)[0] == []


def test_a_record_without_a_given_name_that_fits_two_twins_is_left_to_decide_between_them():
    twin = {**ELEANOR, "person": 15, "nhs_number": None, "given_name": "Martha"}
    found = link(unnumbered(given_name=None), listed=people(twin))
    assert outcome(found) == ([], [(11, NEAR_EQUAL), (15, NEAR_EQUAL)])
    assert outcome(link(unnumbered(), listed=people(twin))) == ([(11, "splink")], [])


def test_with_few_rows_the_weight_is_the_stated_one_worked_by_hand():
    found = link(unnumbered(), unnumbered(family_name="Garcombe"))
    # Of 6 rows 3 are called Eleanor and 3 Thornwick; a name's own frequency stands for how often it agrees by chance.
    prior = 0.9 / 4
    odds = prior / (1 - prior)
    birth_date, sex, postcode = 0.93 / 0.00004, 0.99 / 0.5, 0.83 / 0.0005
    whole = odds * 0.86 / (3 / 6) * 0.88 / (3 / 6) * birth_date * sex * postcode
    married = odds * 0.86 / (3 / 6) * 0.04 / 0.98399 * birth_date * sex * postcode
    assert not found.model.learnt
    assert found.matches["match_weight"].to_pylist() == pytest.approx([log2(whole), log2(married)])
    assert found.matches["match_probability"].to_pylist() == pytest.approx(
        [whole / (1 + whole), married / (1 + married)]
    )


def test_what_each_field_adds_in_a_review_sums_to_the_weight():
    found = link(unnumbered(given_name="Martha"))
    (row,) = found.review.to_pylist()
    prior = log2(found.model.prior / (1 - found.model.prior))
    assert sum(row[f"weight_{name}"] for name in COMPARED) + prior == pytest.approx(row["match_weight"])
    assert row["weight_given_name"] < 0 < row["weight_birth_date"]


def test_a_pair_that_was_rejected_stays_rejected_and_one_accepted_is_linked():
    decisions = pa.table({"record_id": ["R0", "R1"], "person": [11, 13], "decision": ["rejected", "accepted"]})
    found = link(unnumbered(), unnumbered(given_name="Martha"), decisions=decisions)
    assert outcome(found) == ([(13, "review")], [])
    assert found.unmatched.to_pylist() == ["R0"]


def test_decisions_about_records_that_are_not_here_do_no_harm():
    decisions = pa.table({"record_id": ["R9", "R0"], "person": [11, 99], "decision": ["accepted", "rejected"]})
    assert outcome(link(unnumbered(), decisions=decisions)) == ([(11, "splink")], [])


def test_no_records_link_to_nobody():
    found = link(listed=people())
    assert (found.matches.num_rows, found.review.num_rows, len(found.unmatched)) == (0, 0, 0)


@pytest.fixture(scope="module")
def found(many, quick) -> Linked:
    return linked(many.records, many.identity, parameters=quick, threads=1)


def test_every_record_has_one_person_or_is_in_review_or_has_none(many, found):
    matched, unmatched = found.matches["record_id"].to_pylist(), found.unmatched.to_pylist()
    reviewed = set(found.review["record_id"].to_pylist())
    assert found.model.learnt
    assert reviewed
    assert len(set(matched)) == len(matched)
    assert sorted([*matched, *reviewed, *unmatched]) == sorted(many.records["record_id"].to_pylist())


@pytest.mark.parametrize("threads", [2, 4])
def test_the_outcome_is_the_same_whatever_the_order_of_rows_and_the_number_of_threads(many, quick, found, threads):
    shuffle = np.random.default_rng(3).permutation
    records = many.records.take(pa.array(shuffle(many.records.num_rows)))
    identity = many.identity.take(pa.array(shuffle(many.identity.num_rows)))
    again = linked(records, identity, parameters=quick, threads=threads)
    assert again.matches.equals(found.matches)
    assert again.review.equals(found.review)
    assert again.unmatched.equals(found.unmatched)
    assert again.model == found.model


def test_what_is_learnt_is_near_what_the_truth_shows(many, found):
    """Counted directly: agreement over the pairs that are true, and over all pairs, which are nearly all false."""
    learnt = {(level.comparison, level.level): level for level in found.model.levels}
    true = pc.is_valid(many.truth)
    mine = many.records.filter(true)
    theirs = many.identity.take(
        pc.index_in(many.truth.filter(true), value_set=many.identity["person"].combine_chunks())
    )
    # Each field is learnt where others agree, so it is counted there: a record has hardly more than one fault.
    names = pc.and_(_agree(mine, theirs, "given_name"), _agree(mine, theirs, "family_name"))
    for name, among in (("birth_date", names), ("postcode", names), ("given_name", _agree(mine, theirs, "birth_date"))):
        counted = pc.mean(_agree(mine, theirs, name).filter(among).drop_null().cast(pa.float64())).as_py()
        assert learnt[name, "same"].m == pytest.approx(counted, abs=0.03), name
    for name in ("given_name", "family_name", "sex", "postcode"):
        left, right = (_shares(table[name]) for table in (many.records, many.identity))
        by_chance = sum(share * right.get(value, 0) for value, share in left.items())
        assert learnt[name, "same"].u == pytest.approx(by_chance, rel=0.2), name


def _agree(mine: pa.Table, theirs: pa.Table, name: str) -> pa.Array:
    return pc.fill_null(pc.equal(mine[name], theirs[name]), None)


def _shares(column: pa.ChunkedArray) -> dict[str, float]:
    held = column.drop_null()
    return {str(row["values"]).upper(): row["counts"] / len(held) for row in pc.value_counts(held).to_pylist()}


def test_facts_for_the_manifest_count_records_and_name_nobody(found):
    facts = found.facts()
    assert sum(facts["matches"].values()) == found.matches.num_rows
    assert facts["thresholds"] == {"link": 10.0, "review": 0.0, "margin": 5.0}
    assert facts["learnt"] is True
    assert {"comparison", "level", "m", "u"} == set(facts["levels"][0])
