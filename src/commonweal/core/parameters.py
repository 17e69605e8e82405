"""Which number of policy held on which day, who says so, and how sure is that?

Every number of policy stands in `parameters/` as data: dated, with unit, status and source. A place may override
any of them with files of the same form in its own `contract/` folder.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

import yaml

from commonweal.core.amounts import Line, Source, Status, given
from commonweal.core.errors import ParameterProblem
from commonweal.core.periods import Period

CLAUSE = re.compile(r"^clause\s*:", re.MULTILINE)
STATUSES = ("published", "derived", "illustrative", "given")


@dataclass(frozen=True, slots=True)
class DatedValue:
    """What a parameter is from a day on, until its next value.

    value    as written: a decimal in text, other text, a list or a mapping
    """

    start: date
    value: Any
    status: Status
    source: Source
    how: str = ""
    note: str = ""

    def number(self) -> Decimal:
        """The value as an exact decimal."""
        try:
            return Decimal(str(self.value))
        except InvalidOperation:
            raise ParameterProblem(f"'{self.value}' is not a number.", where=self.source.title) from None


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number of policy through time."""

    name: str
    label: str
    meaning: str
    unit: str
    values: tuple[DatedValue, ...]
    file: str

    def on(self, day: date) -> DatedValue:
        """The value that holds on a day.

        Raises   ParameterProblem when the day lies before the first value.
        """
        held = [value for value in self.values if value.start <= day]
        if not held:
            first = self.values[0].start
            raise ParameterProblem(
                f"{self.label} has no value on {day}; its first holds from {first}.",
                where=f"{self.file}: {self.name}",
                mend="Ask for a later day, or add a dated value to the place's contract folder.",
            )
        return held[-1]

    def during(self, period: Period) -> DatedValue:
        """The one value that holds all through a period.

        Raises   ParameterProblem when it changes inside the period, saying where to split; never an average.
        """
        changes = [value.start for value in self.values if period.start < value.start < period.end]
        if changes:
            raise ParameterProblem(
                f"{self.label} changes on {changes[0]}, inside {period.label}.",
                where=f"{self.file}: {self.name}",
                mend=f"Split the period at {changes[0]}.",
            )
        return self.on(period.start)

    def line(self, *, on: date, name: str = "") -> Line:
        """The number on a day as a line that cites its source."""
        held = self.on(on)
        return given(name or self.label, held.number(), unit=self.unit, status=held.status, source=held.source)

    def line_during(self, period: Period, *, name: str = "") -> Line:
        """The number through a period as a line that cites its source."""
        held = self.during(period)
        return given(name or self.label, held.number(), unit=self.unit, status=held.status, source=held.source)


class Parameters(Mapping[str, Parameter]):
    """Parameters by name; those of a place over those of the library."""

    def __init__(self, named: Mapping[str, Parameter]) -> None:
        self._named = dict(named)

    def __getitem__(self, name: str) -> Parameter:
        try:
            return self._named[name]
        except KeyError:
            raise ParameterProblem(f"There is no parameter '{name}'.", mend="See docs/reference.") from None

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._named))

    def __len__(self) -> int:
        return len(self._named)

    def __contains__(self, name: object) -> bool:
        return name in self._named

    def overridden_by(self, folder: Path) -> Parameters:
        """These parameters with those of a folder's YAML files in front; the same when there is no folder."""
        if not folder.is_dir():
            return self
        own = {}
        for path in sorted(folder.glob("*.yaml")):
            text = path.read_text(encoding="utf-8")
            # A file that says what clause it is belongs to the contract, not to the numbers in front of the library's.
            if not CLAUSE.search(text):
                own.update(read_parameters(text, str(path)))
        return Parameters({**self._named, **own})


@lru_cache(maxsize=1)
def library() -> Parameters:
    """Every parameter that ships with Commonweal."""
    found: dict[str, Parameter] = {}
    folder = files("commonweal") / "parameters"
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.name.endswith(".yaml"):
            found.update(read_parameters(entry.read_text(encoding="utf-8"), entry.name))
    return Parameters(found)


def read_parameters(text: str, file: str) -> dict[str, Parameter]:
    """The parameters written in one YAML text.

    Raises   ParameterProblem naming file, parameter and what is missing.
    """
    try:
        content = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)) or {}
    except yaml.YAMLError as error:
        raise ParameterProblem(f"is not YAML: {error}", where=file, mend="Mend the line named.") from None
    if not isinstance(content, dict):
        raise ParameterProblem("holds no parameters.", where=file, mend="Write one mapping a parameter.")
    return {name: _parameter(name, body, file) for name, body in content.items()}


def _parameter(name: str, body: Any, file: str) -> Parameter:
    where = f"{file}: {name}"
    missing = [key for key in ("label", "meaning", "unit", "values") if not isinstance(body, dict) or key not in body]
    if missing:
        raise ParameterProblem(f"lacks {', '.join(missing)}.", where=where, mend="Every parameter has all four.")
    values = tuple(sorted((_dated(day, held, where) for day, held in body["values"].items()), key=lambda v: v.start))
    if not values:
        raise ParameterProblem("has no values.", where=where, mend="Give at least one dated value.")
    return Parameter(name, str(body["label"]), str(body["meaning"]), str(body["unit"]), values, file)


def _dated(day: Any, held: Any, where: str) -> DatedValue:
    if not isinstance(day, date) or isinstance(day, datetime):
        raise ParameterProblem(f"'{day}' is not a date.", where=where, mend="Key each value by its first day.")
    if not isinstance(held, dict) or "value" not in held or held.get("status") not in STATUSES:
        raise ParameterProblem(
            f"{day} lacks a value or a status.", where=where, mend=f"Status is one of {', '.join(STATUSES)}."
        )
    cited = held.get("source")
    if not isinstance(cited, dict) or not cited.get("title"):
        raise ParameterProblem(f"{day} cites no source.", where=where, mend="Give at least source: {title: ...}.")
    source = Source(str(cited["title"]), str(cited.get("where", "")), str(cited.get("url", "")))
    status = cast(Status, held["status"])
    return DatedValue(day, held["value"], status, source, str(held.get("how", "")), str(held.get("note", "")))
