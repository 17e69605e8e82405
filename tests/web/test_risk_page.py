"""Do the pages about risk and whom to see print what they are given, and say hidden where it is?"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from commonweal.web.html import page_html
from commonweal.web.pages.cases import cases_document
from commonweal.web.pages.risk import risk_document

STATISTICS = ("auroc", "auroc_low", "auroc_high", "in_the_large", "slope", "brier")


def judged(by: str, group: str, **different: Any) -> dict[str, Any]:
    """A group's figures, with those that differ."""
    top = {"share": Decimal("0.01"), "people": 65, "admitted": 45, "lowest_risk": Decimal("0.512")}
    top |= {"ppv": Decimal("0.692"), "sensitivity": Decimal("0.081")}
    top |= {"published_ppv": Decimal("0.75"), "published_sensitivity": None}
    figures = {"by": by, "group": group, "people": 6500, "admitted": 555, "observed": Decimal("0.085")}
    figures |= {"foretold": Decimal("0.083"), **{name: Decimal("0.777") for name in STATISTICS}, "top_shares": [top]}
    return figures | different


RISK = {
    "dates": {"learned_on": "2024-04-01", "tested_on": "2025-04-01", "applied_on": "2026-04-01", "months_ahead": 12},
    "applied": "logistic",
    "applied_because": "the only one fitted",
    "people": {"tested": 6500, "opted_out": None},
    "warnings": ["The people are made up."],
    "anchors": [{"model": "SPARRA version 4", "population": "Scotland", "outcome": "either", "auroc": "0.799"}],
    "models": [
        {
            "model": "logistic",
            "whole": judged("everybody", "everybody"),
            "before_recalibration": {name: Decimal("0.9") for name in ("in_the_large", "slope", "brier")},
            "tenths": [
                {"tenth": 1, "people": 650, "foretold": Decimal("0.01"), "admitted": None, "observed": None},
                {"tenth": 2, "people": 650, "foretold": Decimal("0.31"), "admitted": 200, "observed": Decimal("0.30")},
            ],
            "groups": [judged("age", "90 and over", people=None, **dict.fromkeys(STATISTICS))],
        }
    ],
}
CASES = {
    "on": "2026-04-01",
    "model": "logistic",
    "caseload_given": False,
    "teams": [
        {
            "team": "N1",
            "name": "North",
            "hours": Decimal(60),
            "hours_used": Decimal(58),
            "candidates": 4000,
            "chosen": 10,
            "expected_admitted": Decimal("6.1"),
            "avoided_low": Decimal("0.2"),
            "avoided_central": Decimal("1.5"),
            "avoided_high": Decimal("3.6"),
            "next_hour_avoids": Decimal("0.0213"),
            "best_possible_adds_at_most": None,
        }
    ],
    "set_aside": [{"label": "Opted out", "people": 95, "as_high_as_chosen": None, "instead": "Their practice"}],
    "rules": [
        {
            "label": "Falls",
            **{name: Decimal("0.141") for name in ("low", "central", "high")},
            "hours": Decimal(5),
            "chosen": None,
        }
    ],
}


def test_a_reader_sees_how_good_a_model_is_what_is_hidden_and_where_its_card_is():
    page = page_html(risk_document("Wherrydale", RISK, ["out/need/card.md"]))
    for wanted in ("0.7770", "69.2", "The people are made up.", "out/need/card.md", "hidden", "SPARRA version 4"):
        assert wanted in page


def test_only_the_model_that_gives_the_risks_is_shown_by_group():
    other = {**RISK, "applied": "lightgbm"}
    assert "90 and over" in page_html(risk_document("Wherrydale", RISK, []))
    assert "90 and over" not in page_html(risk_document("Wherrydale", other, []))


def test_a_reader_sees_what_the_hours_reach_and_that_it_rests_on_illustrative_figures():
    document = cases_document("Wherrydale", CASES, "out/need/cases")
    page = page_html(document)
    for wanted in ("N1 North", "0.0213", "Opted out", "Their practice", "hidden", "no early fall in admissions"):
        assert wanted in page
    assert any(getattr(block, "illustrative", False) for block in document.blocks)
