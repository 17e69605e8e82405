"""What chance does, as plain data and rows for JSON and CSV?

Shares, spreads and ratios are text with six decimals. A float is turned into a decimal here, once, for every output.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from commonweal.contract.chance.beside import ChanceBeside
from commonweal.contract.chance.negotiation import Negotiation, Reading

PLACES = 6


def figure(value: float | None) -> Decimal | None:
    """A statistic as a decimal of six places; None stays None."""
    return None if value is None else Decimal(f"{value:.{PLACES}f}")


def answer_value(asks: str, value: float | None) -> Decimal | int | None:
    """An answer: a share for a corridor, a whole number of years or people."""
    return figure(value) if asks == "corridor" or value is None else int(value)


def negotiation_record(held: Negotiation) -> dict[str, Any]:
    """Everything that chance does to a result, as data."""
    question = held.readings[0].question
    return {
        "list_size": question.people,
        "years": question.years,
        "corridor": figure(question.corridor),
        "tolerated": figure(question.pay_for_chance),
        "side": question.side,
        "convention": question.convention,
        "readings": [_reading(reading) for reading in held.readings],
        "corridor_needed": [
            {"list_size": size, "years": years, "corridor": figure(corridor)}
            for size, row in held.grid
            for years, corridor in row.items()
        ],
        "stop_loss": [
            {
                "attachment": figure_of_pence(point.attachment_pence),
                "people_above": point.people_above if point.people_above > FEW else None,
                "ceded": figure(point.ceded),
                "retained_variation": figure(point.retained),
                "corridor": figure(corridor),
            }
            for point, corridor in held.stop_loss
        ],
        "assumed": list(held.assumed),
    }


# Counts of few people are not printed, as everywhere.
FEW = 7


def figure_of_pence(pence: int) -> Decimal:
    """Whole pence as pounds."""
    return Decimal(pence).scaleb(-2)


def _reading(reading: Reading) -> dict[str, Any]:
    question = reading.question
    return {
        "reading": reading.name,
        "variation_between_people": figure(question.variation.per_person),
        "structural_spread": figure(question.variation.structural),
        "spread": figure(question.sd),
        "pay_for_chance": figure(question.probability),
        "paid_by_trigger": figure(question.paid["trigger"]),
        "paid_by_deductible": figure(question.paid["deductible"]),
        "narrower_than_chance": bool(reading.flag),
        "answers": [
            {"asks": answer.asks, "value": answer_value(answer.asks, answer.value), "working": answer.working}
            for answer in reading.answers
        ],
    }


def negotiation_rows(held: Negotiation) -> list[dict[str, Any]]:
    """One row a reading and answer."""
    return [
        {
            **{key: value for key, value in reading.items() if key != "answers"},
            **answer,
        }
        for reading in negotiation_record(held)["readings"]
        for answer in reading["answers"]
    ]


def beside_record(held: ChanceBeside | None) -> dict[str, Any] | None:
    """What chance alone gives beside a settlement, as data; None where the list is not known.

    Money has two decimals: it is what might be paid, not what is.
    """
    if held is None:
        return None
    return {
        "people": held.people.people,
        "people_from": held.people.source,
        "years": held.years,
        "expected": _money(held.expected),
        "unit": held.unit,
        "variation_between_people": figure(held.variation),
        "variation_from": held.variation_from,
        "readings": [
            {
                "reading": reading.name,
                "spread": figure(reading.spread),
                "spread_in_money": _money(reading.result),
                "payment_low": _money(reading.low),
                "payment_high": _money(reading.high),
                "paid_for_chance": figure(reading.gains),
                "charged_for_chance": figure(reading.losses),
                "narrower_than_chance": bool(reading.flag),
                "flag": reading.flag,
            }
            for reading in held.readings
        ],
    }


def _money(value: float) -> Decimal:
    return Decimal(f"{value:.2f}") + 0
