"""Are the faults what they say, and are precision and recall counted against the truth?"""

from __future__ import annotations

import random
from collections import Counter
from datetime import date
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from commonweal.core.errors import InputError
from commonweal.core.parameters import library
from commonweal.core.tables import definitions
from commonweal.people.linkage.faults import (
    FAULTS,
    FIELDS,
    NOT_LISTED,
    TWIN,
    TWIN_NOT_LISTED,
    TWO_FAULTS,
    Draw,
    misspelt,
    records_with_faults,
)
from commonweal.people.linkage.invented import invented_identity
from commonweal.people.linkage.linked import linked
from commonweal.people.linkage.measured import ALL, MeasuredRow, measured
from commonweal.people.linkage.records import measured_record, measured_rows

CHANGES = {
    "given_name_misspelt": {"given_name"},
    "family_name_misspelt": {"family_name"},
    "short_form": {"given_name"},
    "day_and_month_exchanged": {"birth_date"},
    "birth_date_wrong": {"birth_date"},
    "sex_wrong": {"sex"},
    "names_exchanged": {"given_name", "family_name"},
    "other_family_name": {"family_name"},
    "moved": {"postcode"},
    "postcode_wrong": {"postcode"},
    "birth_date_missing": {"birth_date"},
    "postcode_missing": {"postcode"},
    "given_name_missing": {"given_name"},
}


@pytest.fixture(scope="module")
def identity() -> pa.Table:
    return invented_identity(1_300, seed=7)


@pytest.fixture(scope="module")
def found(identity, quick):
    return measured(identity, records=1_100, seed=7, parameters=quick)


def test_every_fault_has_a_share_and_the_shares_are_a_whole():
    shares = library()["linkage_fault_shares"].on(date.max).value
    assert set(shares) == {"none", *FAULTS, TWO_FAULTS, TWIN, TWIN_NOT_LISTED, NOT_LISTED}
    assert sum(map(Decimal, shares.values())) == 1


def test_a_record_differs_from_its_person_by_its_fault_and_by_nothing_else(identity, many):
    people = {row["person"]: row for row in identity.to_pylist()}
    counted = Counter()
    for record, truth, fault in zip(
        many.records.to_pylist(), many.truth.to_pylist(), many.faults.to_pylist(), strict=True
    ):
        counted[fault] += 1
        if truth is not None:
            differs = {name for name in FIELDS if record[name] != people[truth][name]}
            if fault == TWO_FAULTS:
                assert len(differs) <= 3
            else:
                assert differs == CHANGES.get(fault, set()), fault
    assert set(counted) == {"none", *FAULTS, TWO_FAULTS, TWIN, TWIN_NOT_LISTED, NOT_LISTED}


def test_people_not_on_the_list_are_off_it_and_twins_are_on_it(identity, many):
    faults = many.faults.to_pylist()
    gone = identity.num_rows + faults.count(TWIN) - many.identity.num_rows
    assert gone == faults.count(NOT_LISTED) == 110
    assert many.identity["person"].combine_chunks().to_pylist() == list(
        dict.fromkeys(many.identity["person"].to_pylist())
    )
    nobody = [
        truth
        for truth, fault in zip(many.truth.to_pylist(), faults, strict=True)
        if fault in (NOT_LISTED, TWIN_NOT_LISTED)
    ]
    assert set(nobody) == {None}


def test_the_same_seed_makes_the_same_records_and_another_makes_others(identity, quick, many):
    again = records_with_faults(identity, records=1_100, seed=7, parameters=quick)
    other = records_with_faults(identity, records=1_100, seed=8, parameters=quick)
    assert again.records.equals(many.records)
    assert again.identity.equals(many.identity)
    assert not other.records.equals(many.records)


def test_a_misspelt_name_is_one_letter_off():
    draw = Draw(random.Random(1), (), {})
    for _ in range(200):
        text = misspelt(draw, "Wendicombe")
        assert abs(len(text) - len("Wendicombe")) <= 1


def test_invented_people_are_as_the_table_says_and_nobody_real():
    people = invented_identity(500, seed=3)
    assert people.schema.names == definitions()["identity"].schema.to_pyarrow().names
    numbers = people["nhs_number"].to_pylist()
    assert len(set(numbers)) == 500
    for number in numbers:
        assert 9_000_000_000 <= int(number) <= 9_999_999_999
        assert sum(int(digit) * weight for digit, weight in zip(number, range(10, 0, -1), strict=True)) % 11 == 0
    assert all(code.startswith("X") for code in people["postcode"].to_pylist())
    assert invented_identity(500, seed=3).equals(people)


def test_shares_are_counts_over_counts_and_none_where_there_is_nothing_to_divide_by():
    row = MeasuredRow(
        Decimal(10), ALL, records=40, of_listed=30, linked=25, linked_rightly=24, in_review=8, right_in_review=5
    )
    assert row.precision == Decimal("0.96")
    assert row.recall == Decimal("0.8")
    assert row.recall_with_review == Decimal("0.966667")
    assert row.review_share == Decimal("0.2")
    empty = MeasuredRow(Decimal(10), ALL, 0, 0, 0, 0, 0, 0)
    assert (empty.precision, empty.recall, empty.review_share) == (None, None, None)


def test_the_faults_sum_to_all_of_them_at_every_weight(found):
    for weight in {row.link_weight for row in found.rows}:
        whole, *parts = found.at(weight)
        assert whole.fault == ALL
        for name in ("records", "of_listed", "linked", "linked_rightly", "in_review", "right_in_review"):
            assert sum(getattr(part, name) for part in parts) == getattr(whole, name)


def test_a_higher_weight_links_no_more(found):
    linked_at = [row.linked for row in sorted(found.by_weight(), key=lambda row: row.link_weight)]
    assert linked_at == sorted(linked_at, reverse=True)
    assert linked_at[0] > linked_at[-1]


def test_what_is_measured_at_the_weight_in_use_is_what_linkage_does(found, many, quick):
    held = linked(many.records, many.identity, parameters=quick)
    truth = dict(zip(many.records["record_id"].to_pylist(), many.truth.to_pylist(), strict=True))
    right = sum(truth[row["record_id"]] == row["person"] for row in held.matches.to_pylist())
    assert (found.whole.linked, found.whole.linked_rightly) == (held.matches.num_rows, right)
    assert found.whole.in_review == len(pc.unique(held.review["record_id"]))


def test_on_made_up_faults_few_links_are_wrong_and_few_people_are_missed(found):
    # The bar is Commonweal's own: of a thousand links at most five wrong, and nine in ten of those listed found.
    assert found.whole.precision >= Decimal("0.995")
    assert found.whole.recall >= Decimal("0.9")
    assert found.whole.recall_with_review >= Decimal("0.99")


def test_nobody_who_is_not_on_the_list_is_linked_but_for_a_few_twins(found):
    rows = {row.fault: row for row in found.at(found.in_use)}
    assert rows[NOT_LISTED].linked <= 1
    assert rows[TWIN_NOT_LISTED].linked <= rows[TWIN_NOT_LISTED].records // 10
    assert rows[TWIN].linked == rows[TWIN].linked_rightly


def test_the_rows_handed_on_have_the_columns_of_their_table(found):
    names = [column.name for column in definitions()["linkage_measured"]]
    assert [list(row) for row in measured_rows(found)[:1]] == [names]
    assert measured_record(found)["rows"] == measured_rows(found)


def test_too_few_people_with_known_fields_are_refused(identity):
    with pytest.raises(InputError, match="it takes 10"):
        measured(identity.slice(0, 5), records=100, seed=1, parameters=library())
