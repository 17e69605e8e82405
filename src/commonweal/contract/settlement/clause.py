"""What does a clause of gain and loss share say, and when does it make sense?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field

from commonweal.contract.clauses.clause import Clause, ClauseFault, Strict
from commonweal.contract.settlement.operations import (
    AnyOperation,
    Corridor,
    Difference,
    Expected,
    Limit,
    Parties,
    Pool,
    Price,
)
from commonweal.contract.settlement.term_faults import term_faults
from commonweal.core.amounts import POUNDS
from commonweal.core.choices import Band
from commonweal.core.parameters import library


class Input(Strict):
    """A number that a settlement is handed: what it is, in which unit, and whether it may be left out."""

    label: str = Field(min_length=1)
    unit: str = POUNDS
    optional: bool = False


class GainLossShare(Clause):
    """A gain and loss share: what it is handed, and what is done in which order.

    The last operation makes the payment, or shares the payment among parties.
    """

    clause: Literal["gain_and_loss_share"]
    variation: str = Field(
        default="chance_person_variation",
        description="The parameter that says how much a year's cost varies between the people of the contract.",
    )
    lines: tuple[str, ...] = Field(
        default=(), description="Service lines whose spend is shared, for what a place knows of its inputs by itself."
    )
    inputs: dict[str, Input] = Field(min_length=1)
    operations: tuple[AnyOperation, ...] = Field(min_length=1)

    def faults(self) -> Iterator[ClauseFault]:
        """Names that nothing made before has, names made twice, sides of nothing, parties that do not agree."""
        known = {**dict.fromkeys(self.terms, "a term"), **dict.fromkeys(self.inputs, "an input")}
        for name in sorted(set(self.terms) & set(self.inputs)):
            yield ClauseFault(("inputs", name), name, "is a term too.", "Name one of them otherwise.")
        yield from term_faults(self.terms, self.operations)
        if self.variation not in library():
            yield ClauseFault(("variation",), self.variation, "is no parameter.", "Name one of chance.yaml.")
        last = len(self.operations) - 1
        for i, step in enumerate(self.operations):
            for field, name in step.named().items():
                if name not in known:
                    there = ", ".join(known)
                    message = "is no input, no term and nothing made before this operation."
                    yield ClauseFault(("operations", i, field), name, message, f"There are {there}.")
            if step.name in known:
                made = f"is {known[step.name]} already."
                yield ClauseFault(("operations", i, "name"), step.name, made, "Give it a name of its own.")
            known[step.name] = "made by an operation"
            yield from self._faults_of(i, step, last)

    def _faults_of(self, i: int, step: AnyOperation, last: int) -> Iterator[ClauseFault]:
        tabled = [getattr(step, field, None) for field in ("gain", "loss", "cap", "collar")]
        if isinstance(step, Corridor | Limit) and not step.by and any(self.is_table(name) for name in tabled):
            mend = "Say by which input with 'by'."
            yield ClauseFault(("operations", i), step.do, "has a table and nothing to look it up by.", mend)
        if isinstance(step, Corridor) and not (step.gain or step.loss):
            yield ClauseFault(("operations", i), step.do, "has neither a gain nor a loss side.", "Name a width.")
        if isinstance(step, Limit) and not (step.cap or step.collar):
            yield ClauseFault(("operations", i), step.do, "has neither cap nor collar.", "Name one.")
        if isinstance(step, Expected) and bool(step.list_now) != bool(step.list_base):
            yield ClauseFault(("operations", i), step.do, "has one list of two.", "Name list_now and list_base.")
        if isinstance(step, Expected) and bool(step.casemix_now) != bool(step.casemix_base):
            yield ClauseFault(
                ("operations", i), step.do, "has one casemix of two.", "Name casemix_now and casemix_base."
            )
        if isinstance(step, Price) and not (step.tariff or step.marginal):
            yield ClauseFault(("operations", i), step.do, "has neither a tariff nor a marginal rate.", "Name one.")
        if isinstance(step, Parties):
            if i != last:
                yield ClauseFault(("operations", i), step.do, "is not the last operation.", "Share out at the end.")
            if step.among == "fund" and len(step.parties) != 1:
                yield ClauseFault(("operations", i, "parties"), step.parties, "is not one fund.", "Name one party.")
            if step.among not in ("equal", "fund") and set(step.weights) != set(step.parties):
                mend = "Name a weight for every party."
                yield ClauseFault(("operations", i, "weights"), step.weights, "is not that of the parties.", mend)
            if step.loss_weights and set(step.loss_weights) != set(step.parties):
                mend = "Name a weight for every party."
                yield ClauseFault(
                    ("operations", i, "loss_weights"), step.loss_weights, "is not that of the parties.", mend
                )
            if step.loss_weights and step.among in ("equal", "fund", "compensate_losers"):
                mend = "Take them out, or share by weights."
                yield ClauseFault(("operations", i, "loss_weights"), step.among, "has no weights of losses.", mend)

    def is_table(self, name: str | None) -> bool:
        """Whether a term is a table of bands."""
        return name in self.terms and any(isinstance(v.value, list) for v in self.terms[name].values.values())

    @property
    def difference(self) -> Difference | None:
        """The first operation that takes what was spent from what was expected."""
        return next((step for step in self.operations if isinstance(step, Difference)), None)

    @property
    def corridor(self) -> Corridor | None:
        """The first corridor."""
        return next((step for step in self.operations if isinstance(step, Corridor)), None)

    @property
    def pooled(self) -> Pool | None:
        """The operation that pools the difference of several years, where there is one."""
        made = self.difference.name if self.difference else ""
        return next((step for step in self.operations if isinstance(step, Pool) and step.of == made), None)

    def table(self, name: str, on: date) -> tuple[Band, ...]:
        """The bands of a term that is a table: from, to (none in the last), value at each end."""
        rows = self.parameters[name].on(on).value
        return tuple(Band(Decimal(a), None if b is None else Decimal(b), Decimal(c), Decimal(d)) for a, b, c, d in rows)
