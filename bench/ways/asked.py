"""What is asked of the record in bench/record.py, and what is the same whichever way it is answered?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pyarrow as pa

from commonweal.core.money import shared_out
from commonweal.core.parameters import library

START, LAST_YEAR, END = date(2023, 4, 1), date(2025, 4, 1), date(2026, 4, 1)
# First days of the look-back windows of the history, shortest first; all end the day before END.
WINDOWS = {"30d": date(2026, 3, 2), "3m": date(2026, 1, 1), "12m": date(2025, 4, 1)}
GROUPS = {
    "general_and_acute": ("urgent_care", "outpatients", "acute_emergency", "acute_elective"),
    "community": ("community", "adult_social_care"),
    "prescribing": ("prescribing",),
}
BUDGET = Decimal("100000000.01")
LEVELS = ("pod_l1", "pod_l2a", "pod_l2b")
MONTH = ("month", "practice_code", "service_line", "core_segment")
CELL = ("practice_code", "age_sex", "deprivation", "core_segment", "care_home")
PARAMETERS = library()
POINTS = tuple(PARAMETERS["points_of_delivery"].on(END).value)
KINDS = tuple(PARAMETERS["risk_history"].on(END).value)
AGE_BANDS = tuple(int(first) for first in PARAMETERS["person_based_age_bands"].on(END).value)


def line_of_group() -> dict[str, str]:
    """The component that each service line belongs to."""
    return {line: group for group, lines in GROUPS.items() for line in lines}


def budget_shared(cells: pa.Table) -> pa.Table:
    """A sum shared out between practices, for each component, by what care of their kinds of people costs.

    Takes    cells: people, days and cost by practice and kind of person, however they were counted up.
    Returns  practice_code, component, pence; exact to the penny, so that one pound too few in one cell shows.
    """
    held = cells.sort_by([(name, "ascending") for name in CELL])
    codes, place = np.unique(np.array(held["practice_code"].to_pylist()), return_inverse=True)
    people = np.array(held["people"].to_pylist(), dtype=float)
    kinds = [tuple(row.values()) for row in held.select(CELL[1:]).to_pylist()]
    rows = []
    for component in GROUPS:
        spent: dict[tuple[str, ...], int] = {}
        days: dict[tuple[str, ...], int] = {}
        for kind, pence, time in zip(
            kinds, held[f"cost_{component}"].to_pylist(), held["days"].to_pylist(), strict=True
        ):
            spent[kind] = spent.get(kind, 0) + int(pence)
            days[kind] = days.get(kind, 0) + int(time)
        daily = np.array([spent[kind] / days[kind] for kind in kinds])
        weights = [Decimal(round(weight)) for weight in np.bincount(place, people * daily * 1e6)]
        amounts = shared_out(BUDGET, weights)
        rows += [
            {"practice_code": str(code), "component": component, "pence": int(amount * 100)}
            for code, amount in zip(codes, amounts, strict=True)
        ]
    return pa.Table.from_pylist(rows)
