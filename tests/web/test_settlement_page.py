"""Can a settlement be read by everybody: its steps as a picture, in words, and as a table?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from commonweal.contract.chance.beside import ListOfPeople, chance_beside
from commonweal.contract.clauses.reading import read_contract
from commonweal.contract.settlement.clause import GainLossShare
from commonweal.contract.settlement.place_settlement import PlaceSettlement
from commonweal.contract.settlement.settling import settled
from commonweal.core.parameters import library
from commonweal.web.charts.sheet import WIDTH
from commonweal.web.charts.waterfall import waterfall_picture
from commonweal.web.document import Drawing, Notice, Table
from commonweal.web.html import page_html
from commonweal.web.pages.settlement import settlement_blocks, settlement_document
from commonweal.web.picture import Area, Stroke

DAY = date(2026, 4, 1)
SHARE = read_contract("mcp-gain-share").one(GainLossShare)


def held(actual: str = "56400000", people: int | None = 30_000) -> PlaceSettlement:
    inputs = {"baseline": "60000000", "list_now": "1", "list_base": "1", "actual": actual, "quality": "0.8"}
    found = settled(SHARE, inputs, DAY)
    listed = None if people is None else ListOfPeople(people, "as given")
    chance = chance_beside(SHARE, found, inputs, library(), people=listed)
    return PlaceSettlement(SHARE, found, {"actual": "year.yaml"}, chance, {})


def blocks_of(kind: type, **asked: object) -> list:
    return [block for block in settlement_blocks(held(**asked)) if isinstance(block, kind)]


def test_the_table_of_the_waterfall_says_what_the_picture_shows():
    table = blocks_of(Table)[0]
    assert [row[2] for row in table.rows] == [
        Decimal("3600000.00"), Decimal("2400000.00"), Decimal("1200000.00"), Decimal("960000.00"), Decimal("960000.00")
    ]  # fmt: skip
    assert [row[1] for row in table.rows[1:-1]] == [
        Decimal("-1200000.00"), Decimal("-1200000.00"), Decimal("-240000.00")
    ]  # fmt: skip


def test_the_picture_is_told_to_who_cannot_see_it():
    (drawing,) = blocks_of(Drawing)
    for told in ("£3,600,000.00", "After quality −£240,000.00", "Paid to the provider: £960,000.00"):
        assert told in drawing.description


def test_a_loss_is_drawn_left_of_nought_and_said_to_be_paid_by_the_provider():
    (drawing,) = blocks_of(Drawing, actual="64500000")
    assert "Paid by the provider: £1,500,000.00" in drawing.description
    assert all(0 <= x <= WIDTH for shape in drawing.picture.shapes if isinstance(shape, Area) for x, _ in shape.points)


def test_every_step_has_a_bar_or_a_mark_on_the_sheet():
    steps = [
        ("Saved", "£10", Decimal(0), Decimal(10), True),
        ("Nothing", "£0", Decimal(10), Decimal(10), False),
        ("Lost", "−£15", Decimal(10), Decimal(-5), False),
        ("Paid", "−£5", Decimal(0), Decimal(-5), True),
    ]
    picture = waterfall_picture(steps, whole="amount", more="up", fewer="down")
    marks = [s for s in picture.shapes if isinstance(s, Stroke) and s.width == 2]
    assert len(marks) == 1
    assert all(y <= picture.height for s in picture.shapes if isinstance(s, Area) for _, y in s.points)


def test_the_page_holds_the_picture_as_svg_with_a_name_and_a_description():
    page = page_html(settlement_document(held()))
    svg = page[page.index("<svg") : page.index("</svg>") + len("</svg>")]
    root = ElementTree.fromstring(svg)
    assert root.get("role") == "img"
    labelled = root.get("aria-labelledby") or root.get("aria-label")
    assert labelled


def test_chance_stands_beside_the_payment_with_its_warning():
    warnings = [block for block in blocks_of(Notice) if block.kind == "warning"]
    assert "narrower than chance" in warnings[0].text
    assert any(table.caption == "What chance alone gives" for table in blocks_of(Table))


def test_a_list_that_is_not_known_is_said():
    assert any("--people" in block.text for block in blocks_of(Notice, people=None))


@pytest.mark.parametrize(("actual", "told"), [("59200000", "Nothing is paid"), ("64500000", "is paid by the provider")])
def test_the_lead_says_who_pays(actual, told):
    assert told in settlement_blocks(held(actual))[0].text
