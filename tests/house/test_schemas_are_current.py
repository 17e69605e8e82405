"""Do the published schemas of clauses say what the models read, and does every shipped clause fit its own?"""

from __future__ import annotations

import importlib.util
import json
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from commonweal.contract.clauses.folders import schema_texts
from commonweal.contract.clauses.kinds import KINDS
from commonweal.contract.clauses.loading import ClauseLoader
from commonweal.contract.clauses.reading import library_contracts

PUBLISHED = Path(__file__).resolve().parents[2] / "docs" / "reference" / "schema"
SHIPPED = [
    (name, file.name)
    for name, folder in library_contracts().items()
    for file in sorted(folder.iterdir(), key=lambda held: held.name)
    if file.name.endswith(".yaml")
]


def test_the_published_schemas_are_those_of_the_models():
    published = {file.name: file.read_text(encoding="utf-8") for file in sorted(PUBLISHED.glob("*.json"))}
    stale = sorted(name for name, text in schema_texts().items() if published.get(name) != text)
    assert not stale, f"run: commonweal contract schema --into docs/reference/schema  ({', '.join(stale)})"
    assert sorted(published) == sorted(schema_texts())


def test_every_reference_of_the_whole_schema_leads_somewhere():
    whole = json.loads(schema_texts()["any-clause.json"])
    assert set(KINDS) <= set(whole["$defs"])
    for reference in references(whole):
        assert reference.removeprefix("#/$defs/") in whole["$defs"]


def references(held: Any) -> set[str]:
    if isinstance(held, dict):
        own = {held["$ref"]} if isinstance(held.get("$ref"), str) else set()
        return own.union(*(references(value) for value in held.values()))
    return set().union(*(references(value) for value in held)) if isinstance(held, list) else set()


def as_json(held: Any) -> Any:
    """What an editor checks: the dates of YAML as text."""
    if isinstance(held, dict):
        return {key.isoformat() if isinstance(key, date) else key: as_json(value) for key, value in held.items()}
    if isinstance(held, list):
        return [as_json(value) for value in held]
    return held.isoformat() if isinstance(held, date) else held


# The validator is no part of the tools that tests need; where it is there, it judges.
if importlib.util.find_spec("jsonschema"):
    import jsonschema

    @lru_cache
    def validator(name: str) -> jsonschema.Draft202012Validator:
        """The judge of a published schema, once it is itself judged."""
        held = json.loads((PUBLISHED / f"{name}.json").read_text(encoding="utf-8"))
        jsonschema.Draft202012Validator.check_schema(held)
        return jsonschema.Draft202012Validator(held)

    @pytest.mark.parametrize(("name", "file"), SHIPPED, ids=["/".join(held) for held in SHIPPED])
    def test_every_shipped_clause_fits_the_published_schema(name, file):
        text = (library_contracts()[name] / file).read_text(encoding="utf-8")
        clause = as_json(yaml.load(text, Loader=ClauseLoader))
        for schema in (clause["clause"], "any-clause"):
            assert [held.message for held in validator(schema).iter_errors(clause)] == []

    def test_the_published_schema_refuses_what_the_models_refuse():
        text = (library_contracts()["mcp-partial"] / "population_budget.yaml").read_text(encoding="utf-8")
        for old, new in (
            ("unit: share of budget", "unit: pounds"),
            ('"deductible"', '"franchise"'),
            ("label:", "lable:"),
        ):
            clause = as_json(yaml.load(text.replace(old, new, 1), Loader=ClauseLoader))
            assert list(validator("any-clause").iter_errors(clause)), new
