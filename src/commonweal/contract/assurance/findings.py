"""Which questions can the system answer, and what does it find?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from commonweal.contract.assurance.asked import Asked, Found
from commonweal.contract.assurance.found_of_chance import beyond_chance
from commonweal.contract.assurance.found_of_contract import contract_readable, volume_clause
from commonweal.contract.assurance.found_of_money import budget_reconciles, illustrative_share, statements_balance
from commonweal.contract.assurance.found_of_place import (
    full_option,
    participation,
    published_files,
    right_to_return,
    scope_agreed,
)
from commonweal.core.errors import CommonwealError

FINDS: Mapping[str, Callable[[Asked, date], Found]] = {
    "beyond_chance": beyond_chance,
    "budget_reconciles": budget_reconciles,
    "contract_readable": contract_readable,
    "full_option": full_option,
    "illustrative_share": illustrative_share,
    "participation": participation,
    "published_files": published_files,
    "right_to_return": right_to_return,
    "scope_agreed": scope_agreed,
    "statements_balance": statements_balance,
    "volume_clause": volume_clause,
}


def found(name: str, asked: Asked, on: date) -> Found:
    """What the system finds under a name; red, with the reason, where it cannot be worked out.

    Raises   KeyError for a name that is none.
    """
    try:
        return FINDS[name](asked, on)
    except CommonwealError as error:
        # A register is wanted most where something is broken; paths are told as seen from the place.
        said = " ".join(str(error).replace(f"{asked.place.path}/", "").split())
        return Found("red", f"It cannot be worked out: {said}")
