"""How is a new contract begun from one of the library, and what does the schema of each kind of clause say?"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from commonweal.contract.clauses.kinds import KINDS
from commonweal.contract.clauses.reading import HEAD, library_contracts, read_contract
from commonweal.core.errors import ClauseProblem, InputError


def begin_contract(folder: Path, base: str) -> list[Path]:
    """Write a folder with a heading based on a contract of the library, and that contract's clauses to be edited.

    Returns  the files written.
    Raises   ClauseProblem when the library has no such contract; InputError when the folder holds anything already.
    """
    shipped = library_contracts()
    if base not in shipped:
        raise ClauseProblem("is no contract of the library.", where=base, mend=f"The library has {', '.join(shipped)}.")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError("is there already.", where=str(folder), mend="Name a folder that is new or empty.")
    contract = read_contract(base)
    texts = {held.name: held.read_text(encoding="utf-8") for held in shipped[base].iterdir() if _is_yaml(held.name)}
    head = contract.files[(HEAD, contract.agreement.name)].rsplit("/", 1)[-1]
    texts[head] = f"{_without_base(texts[head]).rstrip()}\nbased_on: {base}\n"
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in sorted(texts.items()):
            with (folder / name).open("x", encoding="utf-8") as file:
                file.write(text)
            written.append(folder / name)
    except OSError as error:
        raise InputError(
            f"cannot be written: {error.strerror}.", where=str(folder), mend="Name a folder you may write."
        ) from None
    return written


def _is_yaml(name: str) -> bool:
    return name.endswith(".yaml")


def _without_base(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.startswith("based_on:"))


def clause_schema(kind: str) -> dict[str, Any]:
    """The JSON Schema of one kind of clause.

    Raises   ClauseProblem when there is no such kind.
    """
    if kind not in KINDS:
        raise ClauseProblem("is no kind of clause.", where=kind, mend=f"Kinds are {', '.join(KINDS)}.")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **KINDS[kind].model_json_schema()}


def clause_schemas() -> Mapping[str, dict[str, Any]]:
    """The JSON Schema of every kind, the heading first; by kind."""
    return {kind: clause_schema(kind) for kind in sorted(KINDS, key=lambda kind: (kind != HEAD, kind))}
