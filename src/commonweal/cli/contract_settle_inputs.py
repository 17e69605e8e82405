"""What does `contract settle` settle: a contract by a file of inputs, or a place by what it knows itself?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

from commonweal.cli.contract_inputs import inputs_by_year
from commonweal.contract.chance.beside import ListOfPeople, chance_beside
from commonweal.contract.clauses.reading import read_contract
from commonweal.contract.settlement.clause import GainLossShare
from commonweal.contract.settlement.place_settlement import PlaceSettlement, place_settlement
from commonweal.contract.settlement.settling import settled
from commonweal.core.amounts import Line, Source, given
from commonweal.core.errors import InputError
from commonweal.core.parameters import library
from commonweal.core.periods import financial_year, financial_year_of
from commonweal.opened import open_place
from commonweal.place.folder import PLACE_FILE


def asked_settlement(
    where: str, *, clause: str, contract: str, file: Path | None, on: date | None, year: str | None, people: int | None
) -> PlaceSettlement:
    """The settlement that was asked for, with what stands beside it.

    Raises   InputError when neither a day nor a year is given, or both are; when there is nothing to settle with.
    """
    if (on is None) == (year is None):
        raise InputError(
            "A day or a year is needed.", where="--on, --year", mend="Give one of them, as --year 2025-26."
        )
    listed = None if people is None else ListOfPeople(people, "as given by --people")
    numbers, before = _from_file(file) if file else ({}, {})
    day = on or financial_year(str(year)).start
    earlier = {financial_year(label).start: held for label, held in before.items()}
    origins = dict.fromkeys(numbers, file.name if file else "")
    if (Path(where) / PLACE_FILE).is_file():
        opened = open_place(where, year=year or financial_year_of(day).label)
        agreed = read_contract(contract) if contract else opened.contract
        if agreed is None:
            mend = f"Begin one: commonweal contract new {where}/contract --from mcp-gain-share. Or name --contract."
            raise InputError("The place has no contract of clauses.", where=f"{where}/contract", mend=mend)
        held = agreed.one(GainLossShare, clause)
        return place_settlement(held, opened.facts, day, numbers, origins=origins, earlier=earlier, people=listed)
    if file is None:
        raise InputError("has no inputs of its own.", where=where, mend="Give --inputs FILE, or name a place.")
    if contract:
        raise InputError(
            f"{where} is no place.", where="--contract", mend="Name the contract alone, without --contract."
        )
    held = read_contract(where).one(GainLossShare, clause)
    found = settled(held, numbers, day, earlier=earlier)
    return PlaceSettlement(held, found, origins, chance_beside(held, found, numbers, library(), people=listed), {})


def _from_file(file: Path) -> tuple[dict[str, Line], dict[str, dict[str, Line]]]:
    now, before = inputs_by_year(file)

    def lines(held: Mapping[str, Decimal], label: str = "") -> dict[str, Line]:
        where = ", ".join(part for part in (label, "as given") if part)
        return {name: given(name, value, source=Source(file.name, where)) for name, value in held.items()}

    return lines(now), {label: lines(held, label) for label, held in before.items()}
