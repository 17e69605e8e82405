"""What does a budget need to know of a place?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from commonweal.core.amounts import Source, Status
from commonweal.core.periods import Period

People = Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class LocalSpend:
    """One row of a place's own ledger: what was spent on a service line in the baseline year.

    practice_code   the practice it was spent for; empty when it was spent for a population
    population      `place` or `commissioner`: whose population, when there is no practice
    recurrence      recurrent, non_recurrent, full_year_effect, agreed_pressure or data_correction
    """

    service_line: str
    practice_code: str
    population: str
    recurrence: str
    amount: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class TargetNeed:
    """Weighted people that replace the published ones in a target, with how sure they are and their source."""

    people: People
    status: Status
    source: Source


@dataclass(frozen=True, slots=True)
class BudgetInputs:
    """A place's practices, their lists and payments, and the national sums they are measured against.

    practices            codes, in order
    payments             pounds by payment line, then practice, in the baseline year
    registered, weighted people on the list, and the list weighted by the global sum formula, by practice
    need                 weighted populations by component, then practice
    national_payments    pounds by payment line, all practices of England in the file
    national_weighted    weighted list of all those practices
    commissioner_need    weighted populations by component, all practices of the place's commissioner
    list_counts          people by date, then practice, from the registered-list files
    target_need          by component: weighted people that set the target in place of the published ones
    """

    practices: tuple[str, ...]
    names: Mapping[str, str]
    neighbourhoods: Mapping[str, tuple[str, ...]]
    baseline_year: Period
    payments: Mapping[str, People]
    registered: People
    weighted: People
    need: Mapping[str, People]
    national_payments: Mapping[str, Decimal]
    national_weighted: Decimal
    commissioner_need: Mapping[str, Decimal]
    local_spend: tuple[LocalSpend, ...] = ()
    list_counts: Mapping[date, People] = field(default_factory=dict)
    target_need: Mapping[str, TargetNeed] = field(default_factory=dict)
    payments_source: str = "NHS Payments to General Practice"
    need_source: str = "NHS England, need-weighted populations"
