"""What does a clause of whole population budget say?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from commonweal.budget.clauses import CONVENTIONS
from commonweal.contract.agreed.replacing import Replacing
from commonweal.contract.agreed.values import AMOUNT, RATE, SHARE, Shape, one_of


class PopulationBudget(Replacing):
    """The whole population budget: growth, the move to the target, its pace, and what a change of list does.

    A term that is not written is the library's.
    """

    clause: Literal["population_budget"]

    REPLACES: ClassVar[Mapping[str, Shape]] = {
        "transition_weight": SHARE,
        "pace_of_change_limit": SHARE,
        "list_change_tolerance": SHARE,
        "list_change_convention": one_of(*CONVENTIONS),
        "unregistered_share": SHARE,
        "contingency_share": SHARE,
        "performance_scheme_share": SHARE,
        "gdp_deflator": AMOUNT,
        "demography_growth": RATE,
        "other_growth": RATE,
        "efficiency": RATE,
    }
