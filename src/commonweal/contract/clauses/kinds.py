"""Which kinds of clause are there, and by which model is each read?"""

from __future__ import annotations

from collections.abc import Mapping

from commonweal.contract.clauses.clause import Agreement, Clause
from commonweal.contract.settlement.clause import GainLossShare

KINDS: Mapping[str, type[Clause]] = {
    "contract": Agreement,
    "gain_and_loss_share": GainLossShare,
}
