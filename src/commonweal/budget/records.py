"""In what stable shape is a budget handed to other programs?

Keys are the field's terms; money is text with two decimals; nothing here is worked out that a line does not hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from commonweal.budget.care_budget import CareBudget
from commonweal.budget.whole_population_budget import QuarterBudget, WholePopulationBudget
from commonweal.core.amounts import Line, summed, total
from commonweal.core.explanation import plain_text, reliability
from commonweal.core.money import money_text


def money(line: Line) -> str:
    """A single amount as text with two decimals, no separators."""
    return money_text(line.amount, separators=False)


def budget_id(year: str, step: str, *rest: str) -> str:
    """The lasting id of an amount of a budget: the step, then the service line and the practice unless it is the whole.

    Takes    step: baseline, historic, target, cost_of_care, or what an option makes of it.
    """
    return "/".join(("budget", year, *(part.lower().replace("_", "-") for part in (step, *rest))))


def budget_rows(care: CareBudget, budget: WholePopulationBudget) -> list[dict[str, Any]]:
    """One row per practice and service line."""
    home = {code: name for name, codes in care.neighbourhoods.items() for code in codes}
    rows = []
    for held in care.lines:
        code = held.service_line.code
        columns = {
            "baseline": held.baseline,
            "historic": held.historic,
            "target": held.target,
            "cost_of_care": held.funded,
            "in_budget": budget.in_budget[code],
            "performance_pay": budget.performance_pay[code],
            "outside_budget": budget.outside[code],
        }
        by_practice = {name: line.by_key() for name, line in columns.items()}
        status = reliability(held.funded)
        for practice in care.practices:
            amounts = {name: money_text(values[practice], separators=False) for name, values in by_practice.items()}
            rows.append(
                {
                    "financial_year": care.year.label,
                    "neighbourhood_code": home.get(practice, ""),
                    "practice_code": practice,
                    "practice_name": care.names.get(practice, ""),
                    "service_line": code,
                    "commissioner_type": held.service_line.commissioner_type,
                    **amounts,
                    "status": status,
                    "amount_id": budget_id(care.year.label, "cost_of_care", code, practice),
                }
            )
    return rows


def budget_record(care: CareBudget, budget: WholePopulationBudget, quarters: Sequence[QuarterBudget]) -> dict[str, Any]:
    """The whole budget of a place as nested data."""
    return {
        "financial_year": care.year.label,
        "baseline_year": care.baseline_year.label,
        "cost_of_care": money(care.total),
        "amount_id": budget_id(care.year.label, "cost_of_care"),
        "whole_population_budget": money(budget.total),
        "service_lines": [_service_line(care, budget, position) for position in range(len(care.lines))],
        "neighbourhoods": [
            {
                "neighbourhood_code": code,
                "practice_codes": list(codes),
                "cost_of_care": money(care.of_neighbourhood(code)),
                "amount_id": budget_id(care.year.label, "cost_of_care", "neighbourhoods", code),
            }
            for code, codes in care.neighbourhoods.items()
        ],
        "practices": [
            {
                "practice_code": code,
                "practice_name": care.names.get(code, ""),
                "cost_of_care": money(care.of_practice(code)),
                "whole_population_budget": money(budget.of_practice(code)),
                "amount_id": budget_id(care.year.label, "cost_of_care", "practices", code),
            }
            for code in care.practices
        ],
        "quarters": [quarter_record(quarter) for quarter in quarters],
        "illustrative_parameters": [
            {"name": line.name, "value": plain_text(line.amount), "unit": line.unit, "source": str(line.source or "")}
            for line in illustrative_numbers(care)
        ],
    }


def quarter_record(quarter: QuarterBudget) -> dict[str, Any]:
    """One quarter's sum under one convention."""
    return {
        "quarter": quarter.quarter.label,
        "convention": quarter.convention,
        "list_counted_on": quarter.counted_on,
        "list_change": plain_text(quarter.change.amount),
        "amount": money(quarter.amount),
        "status": reliability(quarter.amount),
    }


def illustrative_numbers(care: CareBudget) -> list[Line]:
    """The illustrative numbers that a budget depends on, each once."""
    whole = total("all", *(summed(held.service_line.code, held.funded) for held in care.lines))
    found = {(line.name, plain_text(line.amount)): line for line in whole.supplied("illustrative") if line.keys is None}
    return list(found.values())


def _service_line(care: CareBudget, budget: WholePopulationBudget, position: int) -> dict[str, Any]:
    held = care.lines[position]
    code = held.service_line.code
    return {
        "service_line": code,
        "label": held.service_line.label,
        "commissioner_type": held.service_line.commissioner_type,
        "baseline": money(summed("baseline", held.baseline)),
        "historic": money(summed("historic", held.historic)),
        "target": money(summed("target", held.target)),
        "cost_of_care": money(summed("cost of care", held.funded)),
        "in_budget": money(summed("in budget", budget.in_budget[code])),
        "performance_pay": money(summed("performance pay", budget.performance_pay[code])),
        "outside_budget": money(summed("outside", budget.outside[code])),
        "status": reliability(held.funded),
        "amount_id": budget_id(care.year.label, "cost_of_care", code),
    }
