"""How is a new contract begun from one of the library, and what does the schema of each kind of clause say?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from commonweal.contract.clauses.kinds import KINDS
from commonweal.contract.clauses.reading import HEAD, Contract, library_contracts, read_contract
from commonweal.core.errors import ClauseProblem, InputError

DRAFT = "https://json-schema.org/draft/2020-12/schema"
ANY = "any-clause"


def begin_contract(folder: Path, base: str, *, whole: bool = False) -> list[Path]:
    """Write a folder with a heading based on a contract of the library, and that contract's clauses to be edited.

    Takes    whole: also write the clauses that it takes from the contracts it is based on itself.
    Returns  the files written.
    Raises   ClauseProblem when the library has no such contract; InputError when the folder holds anything already.
    """
    shipped = library_contracts()
    if base not in shipped:
        raise ClauseProblem("is no contract of the library.", where=base, mend=f"The library has {', '.join(shipped)}.")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError("is there already.", where=str(folder), mend="Name a folder that is new or empty.")
    contract = read_contract(base)
    texts = _texts(contract, base, whole=whole)
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


def _texts(contract: Contract, base: str, *, whole: bool) -> dict[str, str]:
    """The text of each file to write, by name; a file of a contract below never takes the place of one above."""
    shipped = library_contracts()
    texts = {held.name: held.read_text(encoding="utf-8") for held in shipped[base].iterdir() if _is_yaml(held.name)}
    for (kind, name), file in sorted(contract.files.items()):
        below, _, called = file.partition("/")
        if whole and below != base and kind != HEAD:
            text = (shipped[below] / called).read_text(encoding="utf-8")
            texts[called if called not in texts else f"{kind}_{name}.yaml"] = text
    return texts


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
    return {"$schema": DRAFT, **KINDS[kind].model_json_schema()}


def clause_schemas() -> Mapping[str, dict[str, Any]]:
    """The JSON Schema of every kind, the heading first; by kind."""
    return {kind: clause_schema(kind) for kind in sorted(KINDS, key=lambda kind: (kind != HEAD, kind))}


def any_clause_schema() -> dict[str, Any]:
    """One JSON Schema for a file of any kind: what `clause:` says picks the kind's own."""
    schemas = clause_schemas()
    defined: dict[str, Any] = {}
    choices = []
    for kind, schema in schemas.items():
        held = json.loads(json.dumps(schema).replace('"#/$defs/', f'"#/$defs/{kind}.'))
        defined.update({f"{kind}.{name}": body for name, body in held.pop("$defs", {}).items()})
        held.pop("$schema")
        defined[kind] = held
        named = {"properties": {"clause": {"const": kind}}, "required": ["clause"]}
        choices.append({"if": named, "then": {"$ref": f"#/$defs/{kind}"}})
    return {
        "$schema": DRAFT,
        "title": "Any clause of a contract",
        "type": "object",
        "required": ["clause"],
        "properties": {"clause": {"enum": list(schemas)}},
        "allOf": choices,
        "$defs": defined,
    }


def schema_texts() -> dict[str, str]:
    """The text of each published schema, by file name: one a kind, and one for a file of any kind."""
    named = {**clause_schemas(), ANY: any_clause_schema()}
    return {f"{name}.json": f"{json.dumps(held, indent=2, ensure_ascii=False)}\n" for name, held in named.items()}


def write_schemas(folder: Path) -> list[Path]:
    """Write every schema into a folder, over what is there, and return the files written.

    Raises   InputError when the folder cannot be written.
    """
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in sorted(schema_texts().items()):
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
            written.append(folder / name)
    except OSError as error:
        raise InputError(
            f"cannot be written: {error.strerror}.", where=str(folder), mend="Name a folder you may write."
        ) from None
    return written
