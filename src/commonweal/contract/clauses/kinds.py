"""Which kinds of clause are there, and by which model is each read?"""

from __future__ import annotations

from collections.abc import Mapping

from commonweal.contract.agreed.member_shares import MemberShares
from commonweal.contract.agreed.options_clause import OptionsClause
from commonweal.contract.agreed.population_budget import PopulationBudget
from commonweal.contract.agreed.scope_clause import ScopeClause
from commonweal.contract.agreed.subcontracts import Subcontracts
from commonweal.contract.clauses.clause import Agreement, Clause
from commonweal.contract.performance.clause import PerformanceScheme
from commonweal.contract.settlement.clause import GainLossShare
from commonweal.contract.year.calendar import Calendar

KINDS: Mapping[str, type[Clause]] = {
    "contract": Agreement,
    "options": OptionsClause,
    "scope": ScopeClause,
    "population_budget": PopulationBudget,
    "member_shares": MemberShares,
    "subcontracts": Subcontracts,
    "performance_scheme": PerformanceScheme,
    "gain_and_loss_share": GainLossShare,
    "calendar": Calendar,
}
