"""Which documents show what the register says, made from the place as it is?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from commonweal.budget.records import budget_rows
from commonweal.contract.assurance.asked import Asked
from commonweal.contract.assurance.found_of_chance import CORRIDOR_FILE, of_chance
from commonweal.contract.assurance.found_of_money import OPTIONS_FILE, STATEMENT
from commonweal.contract.assurance.found_of_place import FINDINGS_FILE, PARTICIPATION_FILE
from commonweal.contract.chance.records import negotiation_rows
from commonweal.contract.records import options_rows
from commonweal.contract.statement_rows import statement_rows
from commonweal.core.csv_text import csv_text
from commonweal.core.explanation import explanation_text
from commonweal.core.periods import months
from commonweal.core.tables import definitions
from commonweal.place.participation.states import history_rows


@dataclass(frozen=True, slots=True)
class DocumentMade:
    """A document: its file name, what it is, and how its text is made."""

    file: str
    title: str
    text: Callable[[Asked, date], str]


def _budget(asked: Asked, on: date) -> str:
    return csv_text(budget_rows(asked.care, asked.options(on).as_agreed.budget), _columns("budget_lines"))


def _explanation(asked: Asked, on: date) -> str:
    return explanation_text(asked.care.total) + "\n"


def _options(asked: Asked, on: date) -> str:
    return csv_text(options_rows(asked.options(on)), _columns("options"))


def _statement(asked: Asked, on: date) -> str:
    made = asked.statements(months(asked.year)[-1])
    return csv_text([row for held in made for row in statement_rows(held)], _columns("statement"))


def _findings(asked: Asked, on: date) -> str:
    return csv_text([finding.as_row() for finding in asked.findings], _columns("findings"))


def _participation(asked: Asked, on: date) -> str:
    return csv_text(history_rows(asked.history), _columns("participation"))


def _chance(asked: Asked, on: date) -> str:
    return csv_text(negotiation_rows(of_chance(asked, on)))


DOCUMENTS: Sequence[DocumentMade] = (
    DocumentMade("budget.csv", "The budget by practice and service line, as agreed", _budget),
    DocumentMade("explanation.txt", "How the cost of care was worked out, to its sources", _explanation),
    DocumentMade(OPTIONS_FILE, "The budget under each option, and where the rest goes", _options),
    DocumentMade(STATEMENT, "Every monthly statement of the year", _statement),
    DocumentMade(FINDINGS_FILE, "What the checks of the published files found", _findings),
    DocumentMade(PARTICIPATION_FILE, "What each practice said of taking part", _participation),
    DocumentMade(CORRIDOR_FILE, "How often chance alone pays, and what would keep that low", _chance),
)


def _columns(table: str) -> list[str]:
    return [column.name for column in definitions()[table]]


def documents(asked: Asked, on: date) -> Mapping[str, tuple[str, bytes]]:
    """Each document's title and bytes, by file name.

    Raises   the error of whichever cannot be made: a pack without it would look whole.
    """
    return {made.file: (made.title, made.text(asked, on).encode()) for made in DOCUMENTS}


def rows_text(table: str, rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Rows of a defined table as the bytes of a CSV file."""
    return csv_text(rows, _columns(table)).encode()
