"""In what stable shape are the contract options handed to other programs?"""

from __future__ import annotations

from typing import Any

from commonweal.budget.records import money
from commonweal.contract.options import PARTS, Options, Portions

RECORDED = (*PARTS, "pooled_view", "funded")


def options_record(options: Options) -> dict[str, Any]:
    """The options as nested data: in all, by service line and by practice."""
    return {
        "financial_year": options.care.year.label,
        "scope": options.scope.label,
        "scope_on": options.on.isoformat(),
        "options": [
            {
                "option": held.name,
                "practices_taking_part": dict(sorted(held.options.items())),
                **_portions(held.whole),
                "service_lines": [
                    {"service_line": line.service_line.code, **_portions(held.of_line(line.service_line.code))}
                    for line in options.care.lines
                ],
                "practices": [
                    {
                        "practice_code": code,
                        "practice_name": options.care.names.get(code, ""),
                        **_portions(held.of_practice(code)),
                    }
                    for code in options.care.practices
                ],
            }
            for held in options
        ],
    }


def options_rows(options: Options) -> list[dict[str, Any]]:
    """One row per option, practice and service line."""
    return [
        {
            "financial_year": options.care.year.label,
            "option": held.name,
            "practice_code": practice,
            "practice_name": options.care.names.get(practice, ""),
            "practice_option": held.options.get(practice, ""),
            "service_line": line.service_line.code,
            **_portions(held.of_practice_line(practice, line.service_line.code)),
        }
        for held in options
        for practice in options.care.practices
        for line in options.care.lines
    ]


def _portions(portions: Portions) -> dict[str, str]:
    named = {part: money(getattr(portions, part)) for part in RECORDED}
    named["cost_of_care"] = named.pop("funded")
    return named
