"""Does the page of who bears the risk print the same figures everywhere, and draw no curve without its table?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from commonweal.contract.clauses.reading import read_contract
from commonweal.contract.risk.assessment import Asked, cedings_of, contract_risk, uncertainty_of
from commonweal.contract.risk.forms import FACTS, form_facts
from commonweal.contract.risk.futures import RiskPool
from commonweal.contract.risk.outcomes import risk_terms
from commonweal.contract.risk.records import curve_rows, pounds
from commonweal.contract.risk.stress import TESTS, stress
from commonweal.contract.settlement.clause import GainLossShare
from commonweal.core.parameters import library
from commonweal.core.tables import definitions
from commonweal.web.charts.curves import curves_picture
from commonweal.web.document import Drawing, Table, Tree
from commonweal.web.html import write_page
from commonweal.web.pages.risk_bearing import forms_document, risk_document, stress_document
from commonweal.web.picture import Disc, Stroke
from commonweal.web.workbook import write_workbook

DAY = date(2026, 4, 1)
POOL = RiskPool(("X90001", "X90002"), (40_000, 20_000), (Decimal(40_000_000), Decimal(20_000_000)))


@pytest.fixture(scope="module")
def terms():
    contract = read_contract("mcp-gain-share")
    return risk_terms(contract, contract.one(GainLossShare), first=DAY, years=3)


@pytest.fixture(scope="module")
def found(terms):
    cedings, said = cedings_of(library(), DAY, None)
    likely = uncertainty_of(library(), DAY, sigma=3.67)
    shares = {"X90001": Decimal("0.75"), "X90002": Decimal("0.25")}
    return contract_risk(
        terms, POOL, likely, Asked(600, 1, 0.95), library(), cedings=cedings, shares=shares, assumed=(said,)
    )


def test_every_drawing_is_followed_by_the_table_of_its_points(found):
    blocks = risk_document("Wherrydale", found).blocks
    drawn = [i for i, block in enumerate(blocks) if isinstance(block, Drawing)]
    assert len(drawn) == 5
    for i in drawn:
        assert isinstance(blocks[i + 1], Table)
        assert blocks[i].description


def test_a_curve_s_table_holds_what_its_rows_hold(found):
    tables = {block.caption: block for block in risk_document("x", found).blocks if isinstance(block, Table)}
    rows = [row for row in curve_rows(found) if row["curve"] == "years"]
    assert [row[4] for row in tables["Years settled together"].rows] == [row["capital"] for row in rows]
    assert list(rows[0]) == [column.name for column in definitions()["contract_risk_curve"]]


def test_a_practice_s_part_of_the_capital_is_its_share_of_the_provider_s(found):
    tables = {block.caption: block for block in risk_document("x", found).blocks if isinstance(block, Table)}
    (first, second) = tables["What each practice would bear"].rows
    capital = Decimal(str(found.provider.capital.amount))
    assert (first[-1], second[-1]) == (pounds(capital * Decimal("0.75")), pounds(capital * Decimal("0.25")))


def test_the_same_futures_print_the_same_bytes(found, tmp_path):
    document = risk_document("Wherrydale", found)
    first, again = (write_page(tmp_path / name, document).read_bytes() for name in ("a.html", "b.html"))
    assert first == again
    assert write_workbook(tmp_path / "a.xlsx", document).stat().st_size > 0


def test_stress_tests_print_each_result_with_its_explanation(terms):
    tests = [stress(name, terms, POOL, library()) for name in TESTS]
    blocks = stress_document("Wherrydale", tests).blocks
    (table,) = (block for block in blocks if isinstance(block, Table))
    assert table.rows[0][1:4] == (Decimal(-1_500_000), Decimal(-10_500_000), Decimal(12_000_000))
    assert sum(isinstance(block, Tree) for block in blocks) == 11


def test_forms_stand_in_a_table_a_fact_and_say_how_sure_each_is(found):
    document = forms_document(form_facts(library(), DAY), found, "Wherrydale")
    tables = [block for block in document.blocks if isinstance(block, Table)]
    assert [table.caption for table in tables] == list(FACTS.values())
    assert {row[2] for table in tables for row in table.rows} == {"published", "illustrative"}


def test_a_curve_passes_through_its_points_from_nought():
    points = [(Decimal(0), Decimal(0)), (Decimal(10), Decimal(5))]
    shapes = curves_picture([("a", points), ("b", points)], across="x", up="y").shapes
    discs = [shape for shape in shapes if isinstance(shape, Disc)]
    drawn = [shape for shape in shapes if isinstance(shape, Stroke) and shape.width == 2.5]
    assert [(disc.x, disc.y) for disc in discs[:2]] == list(drawn[0].points)
    assert (drawn[0].dashed, drawn[1].dashed) == (False, True)
    assert discs[0].label == "a: 0: 0"
