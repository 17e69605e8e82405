"""Is the map, as an SVG file of its own, well formed, and does it say what it shows?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest

from commonweal.place.folder import Place
from commonweal.place.formation.forming import NationalNetworks, PlaceFormation
from commonweal.place.formation.neighbourhoods import form_neighbourhoods
from commonweal.place.formation.task import PracticePoint
from commonweal.web.pages.neighbourhood_map import map_svg_text

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def formed() -> PlaceFormation:
    names = ['Smith & Sons <"The Elms">', "Bridge Street", "Dale", "Moor"]
    points = tuple(PracticePoint(f"P{i}", name, 18_000, 53.0 + i * 0.03, -2.0, None) for i, name in enumerate(names))
    formation = form_neighbourhoods(points, smallest=30_000, largest=50_000, keep_pcn="ignore")
    place = Place(Path("nowhere"), "Test", "", "", {}, tuple(p.code for p in points), date(2026, 4, 1), {}, "", False)
    national = (NationalNetworks(date(2019, 7, 1), Decimal(0), Decimal(1), Decimal(0)),)
    return PlaceFormation(place, formation, points, {p.code: p.name for p in points}, national, 100_000)


def test_the_map_is_well_formed_and_named_for_who_cannot_see_it(formed):
    root = ElementTree.fromstring(map_svg_text(formed))
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    named = {element.get("id"): element for element in root.iter() if element.get("id")}
    labels = [named[name].text or "" for name in (root.get("aria-labelledby") or "").split()]
    assert any(f"{n.people:,} people" in label for label in labels for n in formed.formation.neighbourhoods)


def test_words_from_files_stay_words(formed):
    text = map_svg_text(formed)
    assert '<"The Elms">' not in text
    assert "Smith &amp; Sons" in text


def test_the_map_asks_for_nothing_from_outside(formed):
    text = map_svg_text(formed).replace("http://www.w3.org/2000/svg", "")
    assert "http" not in text
    assert "<script" not in text
