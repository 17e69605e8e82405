"""What is said of case finding where pseudonyms must not be: counts, hours and what they are expected to bring?"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from commonweal.core.parameters import Parameters
from commonweal.need.cases.finding import Cases, TeamCases
from commonweal.need.cases.set_aside import OPTED_OUT
from commonweal.need.disclosure import DisclosureRule, disclosed_count, disclosure_rule

PLACES = 1
SMALL_PLACES = 4


def cases_record(cases: Cases, parameters: Parameters) -> dict[str, Any]:
    """Teams, reasons for being set aside, and rules, with counts.

    How many a team's hours reach follows from the hours and is shown as it is, but nothing of a few people's risk is;
    other counts are hidden or rounded by the rule of need.disclosure.
    """
    rule = disclosure_rule(parameters, on=cases.on)
    return {
        "on": cases.on.isoformat(),
        "caseload_given": cases.caseload_given,
        "teams": [_team(team, rule) for team in cases.teams],
        "set_aside": [
            {
                "reason": aside.code,
                "label": aside.label,
                "instead": aside.instead,
                "people": disclosed_count(people, rule),
                # Nobody asked how high the risk is of those who have opted out.
                "as_high_as_chosen": None if aside.code == OPTED_OUT else disclosed_count(high, rule),
            }
            for aside, people, high in cases.set_aside
        ],
        "rules": [
            {
                "rule": change.code,
                "label": change.label,
                "low": _number(change.low, 3),
                "central": _number(change.central, 3),
                "high": _number(change.high, 3),
                "hours": _number(change.hours, 2),
                "chosen": disclosed_count(chosen, rule),
            }
            for change, chosen in cases.chosen_by_rule
        ],
    }


def _team(held: TeamCases, rule: DisclosureRule) -> dict[str, Any]:
    low, central, high = held.changed
    few = rule.hides(held.chosen)
    at_best = max(held.choice.most - held.choice.benefit, 0.0)
    return {
        "team": held.team.code,
        "name": held.team.name,
        "hours": _number(held.team.hours, 2),
        "hours_used": _number(held.choice.hours, 2),
        "candidates": disclosed_count(held.candidates, rule),
        "chosen": held.chosen,
        "expected_admitted": None if few else _number(held.admitted, PLACES),
        "avoided_low": None if few else _number(low, PLACES),
        "avoided_central": None if few else _number(central, PLACES),
        "avoided_high": None if few else _number(high, PLACES),
        "next_hour_avoids": None if few else _number(held.next_hour, SMALL_PLACES),
        "best_possible_adds_at_most": None if few else _number(at_best, 2),
    }


def _number(value: float, places: int) -> Decimal:
    return Decimal(f"{value:.{places}f}")
