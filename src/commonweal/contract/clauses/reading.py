"""How is a contract read from its folder of clauses?

A YAML file that says `clause:` is a clause; any other is a file of dated values that a place puts in front of the
library's. Everything wrong is told at once: file, path, value, what is wrong and the mend.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from commonweal.contract.clauses.clause import Agreement, Clause, ClauseFault
from commonweal.contract.clauses.kinds import KINDS
from commonweal.contract.clauses.loading import ClauseLoader
from commonweal.core.errors import ClauseProblem

LONGEST_VALUE = 60
HEAD = "contract"
DATE_KEY = re.compile(r"datetime\.date\((\d+), (\d+), (\d+)\)")
Found = TypeVar("Found", bound=Clause)


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract: its heading, its clauses, and the file that each was read from, by kind and name."""

    name: str
    agreement: Agreement
    clauses: tuple[Clause, ...]
    files: Mapping[tuple[str, str], str]

    def of_kind(self, kind: type[Found]) -> tuple[Found, ...]:
        """The clauses of one kind, by name."""
        return tuple(clause for clause in self.clauses if isinstance(clause, kind))

    def one(self, kind: type[Found], name: str = "") -> Found:
        """The one clause of a kind, or that of a name.

        Raises   ClauseProblem when there is none, or several and no name was given.
        """
        held = [clause for clause in self.of_kind(kind) if not name or clause.name == name]
        if len(held) == 1:
            return held[0]
        called = f"{kind_name(kind)} '{name}'" if name else kind_name(kind)
        there = ", ".join(clause.name for clause in self.of_kind(kind)) or "none"
        raise ClauseProblem(
            f"has {len(held)} clauses of kind {called}; there: {there}.", where=self.name, mend="Name one."
        )


def kind_name(kind: type[Clause]) -> str:
    """What a file says after `clause:` for a kind of clause."""
    return next((name for name, model in KINDS.items() if model is kind), kind.__name__)


def library_contracts() -> dict[str, Traversable]:
    """The folders of the contracts that ship with Commonweal, by name."""
    folder = files("commonweal") / "contracts"
    return {held.name: held for held in sorted(folder.iterdir(), key=lambda f: f.name) if held.is_dir()}


def read_contract(where: Path | str) -> Contract:
    """The contract of a folder, or the one of the library that has the name.

    Returns  its clauses by kind and name; those of the contract it is based on where it has none of the kind and name.
    Raises   ClauseProblem telling every fault found.
    """
    if isinstance(where, str) and where in library_contracts():
        return _read(library_contracts()[where], where, (where,))
    folder = Path(where)
    if not folder.is_dir():
        shipped = ", ".join(library_contracts())
        raise ClauseProblem(
            "is neither a folder nor a contract of the library.", where=str(where), mend=f"The library has {shipped}."
        )
    return _read(folder, str(where), ())


def _read(folder: Traversable, name: str, above: tuple[str, ...]) -> Contract:
    found, faults = _clauses(folder, name)
    heads = [clause for _, clause in found if isinstance(clause, Agreement)]
    if not faults and len(heads) != 1:
        faults.append(f"{name}: holds {len(heads)} files that say 'clause: {HEAD}'. Write one; it heads the contract.")
    if faults:
        raise ClauseProblem("\n".join(faults), where="")
    held = {(clause.clause, clause.name): clause for _, clause in found}
    read_from = {(clause.clause, clause.name): file for file, clause in found}
    for base in heads[0].bases:
        below = _based_on(base, name, above)
        held = {**{(c.clause, c.name): c for c in below.clauses if c.clause != HEAD}, **held}
        read_from = {**below.files, **read_from}
    ordered = tuple(held[key] for key in sorted(held))
    if twice := _said_twice(ordered, read_from):
        raise ClauseProblem("\n".join(twice), where="")
    return Contract(heads[0].name, heads[0], ordered, read_from)


def _said_twice(clauses: Sequence[Clause], read_from: Mapping[tuple[str, str], str]) -> list[str]:
    """What two clauses say that only one can: a parameter that both replace, a kind of which there is one."""
    faults: list[str] = []
    said: dict[str, Clause] = {}
    for clause in clauses:
        alone = [f"clause '{clause.clause}'"] if clause.ONE_ONLY else []
        for what in (*alone, *(f"terms.{name}" for name in clause.replaces)):
            other = said.setdefault(what, clause)
            if other is not clause:
                here, there = (read_from[(held.clause, held.name)] for held in (clause, other))
                mend = f"Keep one; to put it in the other's place, name it '{other.name}' as well."
                faults.append(f"{here}: {what} is said by {there} too. {mend}")
    return faults


def _based_on(base: str, name: str, above: tuple[str, ...]) -> Contract:
    shipped = library_contracts()
    if base not in shipped or base in above:
        message = "builds on itself" if base in above else "is no contract of the library"
        raise ClauseProblem(
            f"based_on '{base}' {message}.", where=f"{name}: based_on", mend=f"The library has {', '.join(shipped)}."
        )
    return _read(shipped[base], base, (*above, base))


def _clauses(folder: Traversable, name: str) -> tuple[list[tuple[str, Clause]], list[str]]:
    found: list[tuple[str, Clause]] = []
    faults: list[str] = []
    named: dict[tuple[str, str], str] = {}
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        if not file.name.endswith(".yaml") or not file.is_file():
            continue
        where = f"{name}/{file.name}"
        content, wrong = yaml_content(file, where)
        faults.extend(wrong)
        if not is_clause(content):
            continue
        clause, wrong = read_clause(content, where)
        faults.extend(wrong)
        if clause is None:
            continue
        key = (clause.clause, clause.name)
        if key in named:
            faults.append(f"{where}: name '{clause.name}' is that of {named[key]} too. Give each its own name.")
        named[key] = where
        found.append((where, clause))
    return found, faults


def is_clause(content: Any) -> bool:
    """Whether the content of a YAML file is a clause; anything else is a file of dated values."""
    return isinstance(content, dict) and "clause" in content


def yaml_content(file: Traversable, where: str) -> tuple[Any, list[str]]:
    """What a YAML file holds, or what keeps it from being read."""
    try:
        return yaml.load(file.read_text(encoding="utf-8"), Loader=ClauseLoader), []
    except (yaml.YAMLError, OSError, ValueError, TypeError, RecursionError, OverflowError) as error:
        told = " ".join(str(error).split())
        return None, [f"{where}: is not YAML: {told} Mend the line named."]


def read_clause(
    content: Mapping[Any, Any], where: str, kinds: Mapping[str, type[Clause]] = KINDS
) -> tuple[Clause | None, list[str]]:
    """One clause from the content of its file, or what is wrong with it.

    Takes    kinds: the models by what a file says after `clause:`; those of a contract unless others are given.
    """
    kind = content["clause"]
    model = kinds.get(kind) if isinstance(kind, str) else None
    if model is None:
        return None, [f"{where}: clause {_shown(kind)} is no kind of clause. Kinds are {', '.join(kinds)}."]
    try:
        clause = model.model_validate(content)
    except ValidationError as error:
        return None, [_told(where, fault) for fault in _faults_of(error)]
    except RecursionError:
        return None, [f"{where}: is nested too deeply. Write it flatter."]
    wrong = [_told(where, fault) for fault in clause.faults()]
    return (None if wrong else clause), wrong


def _faults_of(error: ValidationError) -> Iterator[ClauseFault]:
    for held in error.errors(include_url=False):
        mends = {"missing": "Add it.", "extra_forbidden": "Take it out, or mend its name."}
        yield ClauseFault(
            held["loc"],
            held["input"],
            f"{held['msg'].removeprefix('Value error, ')}.",
            mends.get(held["type"], "Mend the value."),
        )


def _told(where: str, fault: ClauseFault) -> str:
    path = _path(fault.path)
    told = f"{path + ' ' if path else ''}{_shown(fault.value)}: {fault.message} {fault.mend}"
    # One line a fault, whatever was written as a key.
    return f"{where}: {' '.join(told.split())}"


def _path(path: Sequence[str | int]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{_key(part)}" for part in path).lstrip(".")


def _key(part: Any) -> str:
    # Pydantic writes the key of a date as Python does.
    found = DATE_KEY.fullmatch(str(part))
    return "{}-{:0>2}-{:0>2}".format(*found.groups()) if found else str(part)


def _shown(value: Any) -> str:
    text = " ".join(repr(value).split())
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"
