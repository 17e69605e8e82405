"""Which values may a term have that carries the name of one of the library's parameters?

A check yields what is wrong with a value and where in it; the schema says the same to an editor.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from commonweal.contract.clauses.clause import Strict

NUMBER = r"^-?[0-9]+(\.[0-9]+)?$"
WHOLE = r"^[0-9]+$"
LONGEST_DAY = 28
Row = TypeVar("Row", bound=Strict)


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong in a value: the path inside it, what stands there, and the mend."""

    path: tuple[str | int, ...]
    value: Any
    message: str
    mend: str


@dataclass(frozen=True, slots=True)
class Shape:
    """What a term's value may be: a check, and the same as JSON Schema."""

    check: Callable[[Any], Iterator[Wrong]]
    schema: Mapping[str, Any] = field(default_factory=dict)


def number(value: Any) -> Decimal | None:
    """A number written in quotes, in plain digits; None for anything else."""
    return Decimal(value) if isinstance(value, str) and re.fullmatch(NUMBER, value) else None


def between(low: int, high: int | None, *, whole: bool = False) -> Shape:
    """A number from low to high, or without end; whole where asked."""
    to = f"{low} to {high}" if high is not None else f"{low} or more"
    kind = "whole number" if whole else "number"

    def check(value: Any) -> Iterator[Wrong]:
        found = number(value)
        outside = found is None or found < low or (high is not None and found > high)
        if found is None or outside or (whole and not re.fullmatch(WHOLE, value)):
            yield Wrong((), value, f"is no {kind} from {to}.", f"Write a {kind} from {to}, in quotes.")

    return Shape(check, {"type": "string", "pattern": WHOLE if whole else NUMBER})


SHARE = between(0, 1)
RATE = between(-1, 1)
AMOUNT = between(0, None)
MONTHS = between(0, None, whole=True)
DAY_OF_MONTH = between(1, LONGEST_DAY, whole=True)


def one_of(*choices: str) -> Shape:
    """One of some words."""

    def check(value: Any) -> Iterator[Wrong]:
        if value not in choices:
            yield Wrong((), value, "is none of the choices.", f"Write {' or '.join(choices)}.")

    return Shape(check, {"enum": list(choices)})


def mapping_of(held: Shape, keys: Callable[[], Collection[str]], what: str) -> Shape:
    """A mapping whose keys are known and whose values have one shape."""

    def check(value: Any) -> Iterator[Wrong]:
        if not isinstance(value, Mapping) or not value:
            yield Wrong((), value, "is no mapping.", f"Write a line for each {what}.")
            return
        known = keys()
        for key, entry in value.items():
            if key not in known:
                yield Wrong((str(key),), key, f"is no {what}.", f"There are {', '.join(known)}.")
            yield from (Wrong((str(key), *w.path), w.value, w.message, w.mend) for w in held.check(entry))

    return Shape(check, {"type": "object", "additionalProperties": held.schema})


def _text(value: Any) -> Iterator[Wrong]:
    if not isinstance(value, str) or not value.strip():
        yield Wrong((), value, "is no text.", "Write a text.")


TEXT = Shape(_text, {"type": "string", "minLength": 1})


def _names(value: Any) -> Iterator[Wrong]:
    if not isinstance(value, list) or not all(isinstance(name, str) and name.strip() for name in value):
        yield Wrong((), value, "is no list of names.", "Write a list of names.")


NAMES = Shape(_names, {"type": "array", "items": {"type": "string", "minLength": 1}})


def table_of(row: type[Row], beyond: Callable[[list[Row]], Iterator[Wrong]]) -> Shape:
    """A table whose rows are read by a model; `beyond` says what is wrong between rows that each read."""
    adapter = TypeAdapter(list[row])  # type: ignore[valid-type]

    def check(value: Any) -> Iterator[Wrong]:
        try:
            rows = adapter.validate_python(value)
        except ValidationError as error:
            for held in error.errors(include_url=False):
                mend = "Take it out, or mend its name." if held["type"] == "extra_forbidden" else "Mend the value."
                message = f"{held['msg'].removeprefix('Value error, ')}."
                yield Wrong(held["loc"], held["input"], message, "Add it." if held["type"] == "missing" else mend)
            return
        yield from beyond(rows)

    return Shape(check, {"type": "array", "items": row.model_json_schema()})
