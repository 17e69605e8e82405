"""What does every clause of a contract have in common?

A clause is one YAML file that says `clause: <kind>`. Each number in it is a term: a dated parameter in the same form as
those of `parameters/`, with unit, status and source. The kind's own part names terms, never numbers, so a contract is
changed by changing data.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from commonweal.core.amounts import Source
from commonweal.core.parameters import DatedValue, Parameter, Parameters

NAME = r"^[a-z][a-z0-9_]*$"


@dataclass(frozen=True, slots=True)
class ClauseFault:
    """One thing wrong in a clause: the path in the file, the value found there, what is wrong, and the mend."""

    path: tuple[str | int, ...]
    value: Any
    message: str
    mend: str = ""


class Strict(BaseModel):
    """A part of a clause: nothing but what is defined, and never changed once read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Cited(Strict):
    """Where a clause or a number comes from."""

    title: str = Field(min_length=1)
    where: str = ""
    url: str = ""

    def source(self) -> Source:
        """The same for a line's explanation."""
        return Source(self.title, self.where, self.url)


class TermValue(Strict):
    """What a term is from a day on."""

    value: Any = Field(description="A number in quotes, a text, a list or a mapping.")
    status: Literal["published", "derived", "illustrative", "given"]
    source: Cited
    how: str = ""
    note: str = ""

    @field_validator("value")
    @classmethod
    def _exact(cls, value: Any) -> Any:
        # YAML reads 0.02 as a binary fraction, `no` as false and 07 as octal: in quotes each stays what was written.
        if not _exactly_written(value):
            raise ValueError("a number, a yes or no and a date are written in quotes, so that they stay what they say")
        return value


def _exactly_written(value: Any) -> bool:
    if isinstance(value, list):
        return all(_exactly_written(held) for held in value)
    if isinstance(value, dict):
        return all(_exactly_written(held) for pair in value.items() for held in pair)
    return value is None or isinstance(value, str)


def is_number(entry: Any) -> bool:
    """Whether an entry of a clause is a number as a term holds one: text that is a finite decimal."""
    if not isinstance(entry, str):
        return False
    try:
        return Decimal(entry).is_finite()
    except ArithmeticError:
        return False


class Term(Strict):
    """A number of the contract through time."""

    label: str
    meaning: str
    unit: str
    values: dict[date, TermValue] = Field(min_length=1, description="Each value under the first day it holds.")


class Clause(Strict):
    """One clause: its kind, what it is called, who says so, and the numbers it works with.

    ONE_ONLY  whether a contract has at most one of the kind
    """

    ONE_ONLY: ClassVar[bool] = False

    clause: str
    name: str = Field(pattern=NAME)
    label: str = Field(min_length=1)
    meaning: str = ""
    source: Cited | None = None
    terms: dict[str, Term] = Field(default_factory=dict)

    def faults(self) -> Iterator[ClauseFault]:
        """What is wrong beyond the shape of the parts: names that nothing has, shares past the whole.

        Each kind says its own; none here.
        """
        yield from ()

    @property
    def replaces(self) -> Mapping[str, Parameter]:
        """The terms that stand in front of the library's parameters where the clause governs a place; none here."""
        return {}

    @cached_property
    def parameters(self) -> Parameters:
        """The clause's terms as dated parameters."""
        return Parameters({name: _parameter(self.name, name, term) for name, term in self.terms.items()})


def _parameter(clause: str, name: str, term: Term) -> Parameter:
    values = tuple(
        DatedValue(day, held.value, held.status, held.source.source(), held.how, held.note)
        for day, held in sorted(term.values.items())
    )
    return Parameter(name, term.label, term.meaning, term.unit, values, clause)


class Agreement(Clause):
    """The clause that heads a contract: what it is, between whom, in which currency, and what it builds on."""

    clause: Literal["contract"]
    currency: str = Field(default="GBP", pattern=r"^[A-Z]{3}$")
    parties: dict[str, str] = Field(default_factory=dict, description="Name of each party: what it is to the contract.")
    starts: date | None = None
    ends: date | None = Field(default=None, description="The first day after.")
    based_on: str | tuple[str, ...] | None = Field(
        default=None, description="Contracts of the library whose clauses hold unless named; of two, the first."
    )

    @property
    def bases(self) -> tuple[str, ...]:
        """The contracts it is based on, the first in front."""
        return (self.based_on,) if isinstance(self.based_on, str) else self.based_on or ()

    def faults(self) -> Iterator[ClauseFault]:
        """A contract ends after it starts."""
        if self.starts and self.ends and self.ends <= self.starts:
            yield ClauseFault(
                ("ends",), self.ends.isoformat(), f"is not after {self.starts}.", "Give the first day after the last."
            )
