"""In what stable shape are options, statements and practice pages handed to other programs?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from commonweal.budget.records import money
from commonweal.contract.options import PARTS, Options, Portions, option_rows
from commonweal.contract.practice_page import PracticePage, Sentence, practice_page_rows
from commonweal.contract.statement import DIRECTIONS, Balance, Statement
from commonweal.contract.statement_rows import pooled_rows, settled_rows, statement_rows
from commonweal.core.explanation import reliability
from commonweal.core.money import money_text

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
    """One row per option, service line and practice, with money as text."""
    return with_money(option_rows(options))


def _portions(portions: Portions) -> dict[str, str]:
    named = {part: money(getattr(portions, part)) for part in RECORDED}
    named["cost_of_care"] = named.pop("funded")
    return {**named, "status": reliability(portions.funded)}


def statement_record(statement: Statement) -> dict[str, Any]:
    """A month's statement as nested data."""
    return {
        "month": statement.month.label,
        "list_change_convention": statement.convention,
        "practices_taking_part": dict(sorted(statement.options.items())),
        "notes": list(statement.notes),
        "balance": _balance(statement.balance),
        "service_lines": [{"service_line": code, **_balance(statement.of_line(code))} for code in statement.labels],
        "rows": statement_csv_rows(statement),
        "settled": with_money(settled_rows(statement)),
        "pooled_view": with_money(pooled_rows(statement)),
    }


def statement_csv_rows(statement: Statement) -> list[dict[str, Any]]:
    """The statement's rows with money as text."""
    return with_money(statement_rows(statement))


def practice_page_record(page: PracticePage) -> dict[str, Any]:
    """A practice manager's page as nested data."""
    return {
        "practice_code": page.practice_code,
        "practice_name": page.practice_name,
        "on": page.on.isoformat(),
        "state": page.state,
        "since": page.since.isoformat() if page.since else None,
        "financial_year": page.year,
        "income_lines": with_money(practice_page_rows(page)),
        "totals": [
            {
                "payment_total": held.payment_total,
                "published": money(held.published),
                "lines_added_up": money(held.added),
                "difference": money(held.difference),
            }
            for held in page.reconciliations
        ],
        "staff": {option: [_sentence(said) for said in told] for option, told in page.staff.items()},
        "pension_access": [_sentence(said) for said in page.pension_access],
        "way_back": {option: _sentence(said) for option, said in page.way_back.items()},
        "way_back_dates": {
            "joined": page.way_back_dates.joined.isoformat(),
            "supposed": page.way_back_dates.supposed,
            "reactivations_left": page.way_back_dates.reactivations_left,
            "windows": [
                {
                    "reactivate_on": window.reactivate_on.isoformat(),
                    "last_day_for_notice": window.last_day_for_notice.isoformat(),
                    "list_goes_to": window.list_goes_to,
                }
                for window in page.way_back_dates.windows
            ],
            "rules": [_sentence(said) for said in page.way_back_dates.rules],
        },
    }


def with_money(rows: Sequence[Mapping[str, object]]) -> list[dict[str, Any]]:
    """Rows with every decimal as text of two decimals."""
    return [
        {
            key: money_text(value, separators=False) if isinstance(value, Decimal) else value
            for key, value in row.items()
        }
        for row in rows
    ]


def _balance(balance: Balance) -> dict[str, str]:
    return {direction: money(getattr(balance, direction)) for direction in DIRECTIONS}


def _sentence(said: Sentence) -> dict[str, str]:
    return {"topic": said.topic, "text": said.text, "status": said.status, "source": str(said.source)}
