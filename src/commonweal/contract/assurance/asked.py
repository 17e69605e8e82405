"""What is the system asked about a place, and in what form does it answer?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from commonweal.budget.care_budget import CareBudget
from commonweal.budget.inputs import BudgetInputs
from commonweal.contract.assurance.questions import Rating
from commonweal.contract.options import Options
from commonweal.contract.statement import Statement
from commonweal.core.findings import Finding
from commonweal.core.parameters import Parameters
from commonweal.core.periods import Period
from commonweal.place.folder import Place
from commonweal.place.inputs import Inputs
from commonweal.place.participation.events import History


class Asked(Protocol):
    """A place and what follows from it for one year, as `opened.OpenPlace` works it out."""

    parameters: Parameters
    year: Period

    @property
    def place(self) -> Place: ...

    @property
    def inputs(self) -> Inputs: ...

    @property
    def findings(self) -> Sequence[Finding]: ...

    @property
    def care(self) -> CareBudget: ...

    @property
    def budget_inputs(self) -> BudgetInputs: ...

    @property
    def history(self) -> History: ...

    def options(self, on: date | None = None) -> Options: ...

    def statements(self, month: Period) -> tuple[Statement, ...]: ...


@dataclass(frozen=True, slots=True)
class Found:
    """What the system found: how good it is, in words, and the documents of a pack that show it."""

    rating: Rating
    text: str
    documents: tuple[str, ...] = ()


def counted_day(asked: Asked, on: date) -> date:
    """The day whose participation counts: nobody takes part before the contract starts, but may have said so."""
    return max(on, asked.place.contract_start)


def rated(good: bool, tolerable: bool = False) -> Rating:
    """Green where good, amber where tolerable, red otherwise."""
    return "green" if good else "amber" if tolerable else "red"


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun: 1 practice, 2 practices."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
