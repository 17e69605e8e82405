"""Are values printed in the words a reader expects, the same everywhere?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from commonweal.core.amounts import given, given_column, total
from commonweal.web.document import Illustrative, Link
from commonweal.web.values import amount_cell, amount_cells, cell_text, standing_text


@pytest.mark.parametrize(
    ("value", "kind", "places", "words"),
    [
        (Decimal("1234567.895"), "money", None, "1,234,567.90"),
        (Decimal("-0.004"), "money", None, "0.00"),
        (Decimal("1234567.5"), "pounds", None, "1,234,568"),
        (Decimal("-0.4"), "pounds", None, "0"),
        (Decimal("0.12345"), "share", None, "12.3%"),
        (Decimal("0.12345"), "share", 3, "12.345%"),
        (Decimal("31250.5"), "people", None, "31,251"),
        (Decimal("1.50"), "number", None, "1.50"),
        (42, "number", None, "42"),
        (None, "money", None, "–"),
        ("as words", "money", None, "as words"),
        (date(2026, 4, 1), "date", None, "1 April 2026"),
        (Link("Harbour Surgery", "#z"), "text", None, "Harbour Surgery"),
        (Illustrative(Decimal("2.5")), "money", None, "2.50"),
    ],
)
def test_a_cell_is_printed_as_its_kind_says(value, kind, places, words):
    assert cell_text(value, kind, places) == words


def test_money_that_stands_alone_has_its_pound_sign_behind_the_minus():
    assert standing_text(Decimal("-1234.5"), "money") == "-£1,234.50"
    assert standing_text(Decimal("54200000"), "pounds") == "£54,200,000"
    assert standing_text("not known", "money") == "not known"
    assert standing_text(None, "money") == "–"


def test_an_amount_is_marked_when_anything_it_stands_on_is_illustrative():
    paid = given("paid", "10.00", status="published")
    guess = given("guess", "5.00", status="illustrative")
    assert amount_cell(total("sure", paid)) == Decimal("10.00")
    assert amount_cell(total("unsure", paid, guess)) == Illustrative(Decimal("15.00"))


def test_a_column_of_amounts_becomes_a_cell_for_each_practice():
    column = given_column("spend", {"Z00001": "1.10", "Z00002": "2.20"}, status="illustrative")
    assert amount_cells(column) == {"Z00001": Illustrative(Decimal("1.10")), "Z00002": Illustrative(Decimal("2.20"))}
