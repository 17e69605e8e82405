"""What a contract's risk, its stress tests and the forms are, as plain data and rows for JSON and CSV?

Money is text with two decimals, shares are text with six. A float becomes a decimal here, once, for every output.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from commonweal.contract.chance.records import figure
from commonweal.contract.risk.assessment import CURVES, ContractRisk, PartyRisk, PracticeRisk
from commonweal.contract.risk.curves import Point
from commonweal.contract.risk.forms import FACTS, FORMS, FormFact
from commonweal.contract.risk.measures import Capital, Distribution
from commonweal.contract.risk.stress import Stress
from commonweal.core.explanation import explanation_tree, value_text
from commonweal.core.money import to_the_penny


def pounds(value: float | Decimal | None) -> Decimal | None:
    """Money as a decimal of two places; None stays None."""
    return None if value is None else to_the_penny(Decimal(str(value))) + 0


def risk_record(found: ContractRisk) -> dict[str, Any]:
    """The whole risk of a contract, as data."""
    return {
        "clause": found.clause,
        "days": [day.isoformat() for day in found.days],
        "futures": found.futures,
        "seed": found.seed,
        "unit": found.unit,
        "list_size": found.people,
        "plan": pounds(found.plan),
        "spread": figure(found.spread),
        "variation_between_people": figure(found.variation.per_person),
        "structural_spread": figure(found.variation.structural),
        "confidence": figure(found.provider.capital.confidence),
        "parties": [_party(held) for held in found.parties],
        "practices": [_practice(held) for held in found.practices],
        "curves": [
            {"curve": name, "label": CURVES[name], "points": [_point(point) for point in points]}
            for name, points in found.curves.items()
        ],
        "assumed": list(found.assumed),
    }


def risk_rows(found: ContractRisk) -> list[dict[str, Any]]:
    """The table `contract_risk`: one row a party or practice."""
    parties = [{"who": held.party, **_flat(held.year, held.whole, held.capital)} for held in found.parties]
    return parties + [
        {"who": f"{held.practice} alone", **_flat(held.alone, held.alone_whole, held.alone_capital)}
        for held in found.practices
    ]


def curve_rows(found: ContractRisk) -> list[dict[str, Any]]:
    """The table `contract_risk_curve`: one row a point of a curve."""
    return [{"curve": name, **_point(point)} for name, points in found.curves.items() for point in points]


def _flat(year: Distribution, whole: Distribution, capital: Capital) -> dict[str, Any]:
    held = {
        f"{period}_{name}": value
        for period, d in (("year", year), ("contract", whole))
        for name, value in _distribution(d).items()
    }
    return {**held, **_capital(capital)}


def _party(held: PartyRisk) -> dict[str, Any]:
    return {
        "party": held.party,
        "label": held.label,
        "year": _distribution(held.year),
        "whole_contract": _distribution(held.whole),
        **_capital(held.capital),
        "exceeded": [{"futures_share": figure(share), "loss": pounds(loss)} for share, loss in held.exceeded],
    }


def _practice(held: PracticeRisk) -> dict[str, Any]:
    return {
        "practice": held.practice,
        "list_size": held.people,
        "plan": pounds(held.plan),
        "share": figure(None if held.share is None else float(held.share)),
        "capital_of_share": None if held.own_capital is None else pounds(held.own_capital.amount),
        "alone_loss_probability": figure(held.alone.loss_probability),
        "capital_alone": pounds(held.alone_capital.amount),
    }


def _distribution(held: Distribution) -> dict[str, Any]:
    return {
        "mean": pounds(held.mean),
        "spread": pounds(held.spread),
        "loss_probability": figure(held.loss_probability),
        "loss_1_in_20": pounds(held.loss_1_in_20),
        "loss_1_in_200": pounds(held.loss_1_in_200),
    }


def _capital(held: Capital) -> dict[str, Any]:
    return {"capital": pounds(held.amount), "capital_low": pounds(held.low), "capital_high": pounds(held.high)}


def _point(held: Point) -> dict[str, Any]:
    return {
        "at": held.at,
        "spread": figure(held.spread),
        "loss_probability": figure(held.result.loss_probability),
        "loss_1_in_20": pounds(held.result.loss_1_in_20),
        "loss_1_in_200": pounds(held.result.loss_1_in_200),
        "capital": pounds(held.capital.amount),
        "capital_people": pounds(held.capital_people.amount),
        "ceded": pounds(held.ceded),
    }


def stress_record(tests: Sequence[Stress]) -> dict[str, Any]:
    """Stress tests as data, each with its whole explanation."""
    return {
        "stress": [
            {
                "test": held.name,
                "label": held.label,
                "told": held.told,
                "status": held.status,
                "source": _source(held),
                "spend": value_text(held.spend, separators=False),
                "payment": value_text(held.settlement.payment, separators=False),
                "parties": [
                    {"party": party, "result": pounds(line.amount), "explanation": explanation_tree(line)}
                    for party, line in held.parties.items()
                ],
                "unpaid": pounds(held.unpaid),
            }
            for held in tests
        ]
    }


def stress_rows(tests: Sequence[Stress]) -> list[dict[str, Any]]:
    """The table `contract_stress`: one row a test and party."""
    return [
        {
            "test": held.name,
            "party": party,
            "result": pounds(line.amount),
            "payment": value_text(held.settlement.payment, separators=False),
            "spend": value_text(held.spend, separators=False),
            "status": held.status,
            "source": str(held.source),
        }
        for held in tests
        for party, line in held.parties.items()
    ]


def _source(held: Stress | FormFact) -> dict[str, str]:
    return {"title": held.source.title, "where": held.source.where, "url": held.source.url}


def forms_record(facts: Sequence[FormFact], capital: Capital | None) -> dict[str, Any]:
    """Forms and their facts as data, with the capital that a contract needs where one was simulated."""
    return {
        **({} if capital is None else {"confidence": figure(capital.confidence), **_capital(capital)}),
        "forms": [
            {
                "form": form,
                "label": label,
                "facts": [
                    {
                        "fact": held.fact,
                        "text": held.text,
                        "status": held.status,
                        "source": _source(held),
                        "note": held.note,
                    }
                    for held in facts
                    if held.form == form
                ],
            }
            for form, label in FORMS.items()
        ],
    }


def form_rows(facts: Sequence[FormFact]) -> list[dict[str, Any]]:
    """The table `contract_form`: one row a form and fact."""
    return [
        {
            "form": FORMS[held.form],
            "fact": FACTS[held.fact],
            "text": held.text,
            "status": held.status,
            "source": str(held.source),
            "note": held.note,
        }
        for held in facts
    ]
