"""By which parameters is a place worked out: the library's, with its contract's terms and its own values in front?"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from commonweal.contract.agreed.options_clause import OptionsClause
from commonweal.contract.agreed.scope_clause import ScopeClause
from commonweal.contract.clauses.clause import Clause
from commonweal.contract.clauses.reading import Contract, read_contract
from commonweal.core.amounts import Source
from commonweal.core.errors import ClauseProblem, InputError
from commonweal.core.parameters import CLAUSE, Parameter, Parameters


def contract_of_place(folder: Path) -> Contract | None:
    """The contract in a place's contract folder; None where no file of it is a clause.

    Raises   ClauseProblem telling every fault found.
    """
    if not folder.is_dir():
        return None
    for file in sorted(folder.glob("*.yaml")):
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            raise InputError("cannot be read as UTF-8 text.", where=str(file), mend="Save it as UTF-8.") from None
        if CLAUSE.search(text):
            return read_contract(folder)
    return None


def refuse_strangers(contract: Contract, practice_codes: Collection[str]) -> None:
    """Nothing, where the practices that clauses name are those of the place.

    Raises   ClauseProblem naming file, path and practice of each that is not.
    """
    faults = []
    for clause in contract.clauses:
        file = contract.files[(clause.clause, clause.name)]
        for path, code in _practices_named(clause):
            if code not in practice_codes:
                faults.append(f"{file}: {path} '{code}': is no practice of the place. Its practices are in place.yaml.")
    if faults:
        raise ClauseProblem("\n".join(faults), where="")


def _practices_named(clause: Clause) -> Iterator[tuple[str, str]]:
    if isinstance(clause, OptionsClause):
        for i, offer in enumerate(clause.offered):
            yield from ((f"offered[{i}].practices", code) for code in offer.practices)
    if isinstance(clause, ScopeClause):
        for name, parameter in clause.replaces.items():
            rows = [row for held in parameter.values if isinstance(held.value, list) for row in held.value]
            yield from ((f"terms.{name}", str(row["practice_code"])) for row in rows if row.get("practice_code"))


def parameters_in_force(folder: Path, shipped: Parameters, contract: Contract | None) -> Parameters:
    """The shipped parameters, then the terms of a place's contract, then the place's own dated values, in front.

    Takes    folder: the place's contract folder; contract: what `contract_of_place` reads from it. A clause that the
             contract is based on gives way to the place's own values; a clause of the place's own must not say the
             same thing as they do.
    Returns  the shipped parameters alone where the folder has nothing. The source of each term says in which file it
             stands, so that explanations do.
    Raises   ClauseProblem for a parameter given twice; ParameterProblem for dated values that cannot be read.
    """
    if contract is None:
        return shipped.overridden_by(folder)
    plain = Parameters({}).overridden_by(folder)
    found: dict[str, Parameter] = {}
    for clause in contract.clauses:
        file = contract.files[(clause.clause, clause.name)]
        own = file.startswith(f"{folder}/")
        for name, parameter in clause.replaces.items():
            if own and name in plain:
                raise ClauseProblem(
                    "is given by a clause and by a file of dated values.",
                    where=f"{file}: terms.{name}",
                    mend=f"Keep one; the other is in {plain[name].file}.",
                )
            found[name] = cited(parameter, f"{folder.name}/{Path(file).name}" if own else f"library, {file}")
    return Parameters({**shipped, **found, **plain})


def cited(parameter: Parameter, file: str) -> Parameter:
    """A parameter whose sources say in which clause's file it stands."""
    values = tuple(
        replace(held, source=_in_file(held.source, file), value=_rows_in_file(held.value, file))
        for held in parameter.values
    )
    return replace(parameter, values=values, file=file)


def _in_file(source: Source, file: str) -> Source:
    return replace(source, where="; ".join(part for part in (source.where, file) if part))


def _rows_in_file(value: Any, file: str) -> Any:
    if not isinstance(value, list):
        return value
    return [
        {**row, "source": _in_file(row["source"], file)} if isinstance(row, dict) and "source" in row else row
        for row in value
    ]
