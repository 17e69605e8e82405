"""What does the system find of the contract as it is written?"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from commonweal.contract.assurance.asked import Asked, Found, counted
from commonweal.contract.clauses.reading import Contract, read_contract
from commonweal.contract.settlement.clause import GainLossShare
from commonweal.contract.settlement.operations import Corridor, Limit
from commonweal.core.errors import ClauseProblem
from commonweal.core.parameters import CLAUSE

CLAUSES = "contract/"
NO_CLAUSES = "The contract folder of the place holds no clauses."
BEGIN = "Begin with: commonweal contract new"


def clause_files(folder: Path) -> tuple[Path, ...]:
    """The files of a folder that say they are clauses, in order; none where there is no folder."""
    held = sorted(folder.glob("*.yaml")) if folder.is_dir() else []
    return tuple(path for path in held if CLAUSE.search(path.read_text(encoding="utf-8", errors="replace")))


def place_contract(asked: Asked) -> Contract | None:
    """The contract that the place's contract folder holds; None where it holds no clauses, or cannot be read."""
    folder = asked.place.contract
    if not clause_files(folder):
        return None
    try:
        return read_contract(folder)
    except ClauseProblem:
        return None


def contract_readable(asked: Asked, on: date) -> Found:
    """Whether the contract folder holds clauses, and all of them read without fault."""
    folder = asked.place.contract
    if not clause_files(folder):
        return Found("red", f"{NO_CLAUSES} {BEGIN}")
    try:
        contract = read_contract(folder)
    except ClauseProblem as problem:
        faults = str(problem).replace(f"{asked.place.path}/", "").splitlines()
        text = f"The contract has {counted(len(faults), 'fault')}, the first: {faults[0]}"
        return Found("red", text, (CLAUSES,))
    clauses = len(contract.clauses) - 1
    text = f"{contract.agreement.label}: {counted(clauses, 'clause')} beside its heading, read without fault."
    return Found("green" if clauses else "amber", text, (CLAUSES,))


def volume_clause(asked: Asked, on: date) -> Found:
    """Whether a clause of the contract shares gains and losses, with a corridor and a limit."""
    contract = place_contract(asked)
    if contract is None:
        return Found("red", "There is no contract that can be read, so nothing says what happens.")
    shares = contract.of_kind(GainLossShare)
    if not shares:
        return Found("red", f"{contract.agreement.label} has no clause of gain and loss share.", (CLAUSES,))
    done = {type(step) for clause in shares for step in clause.operations}
    lacks = [word for kind, word in ((Corridor, "corridor"), (Limit, "limit")) if kind not in done]
    named = ", ".join(clause.label for clause in shares)
    text = f"Shared by {named}, without a {' or a '.join(lacks)}." if lacks else f"Shared by {named}."
    return Found("amber" if lacks else "green", text, (CLAUSES,))
