"""What does an intervention say, and when does it make sense?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from commonweal.contract.clauses.clause import Clause, ClauseFault, is_number
from commonweal.core.errors import InputError
from commonweal.plan.beliefs.belief import Belief, disorder, fitted
from commonweal.plan.interventions.parts import (
    Condition,
    Cost,
    Effect,
    Evidence,
    IsAtRisk,
    IsFrom,
    Move,
    Ramp,
    Statement,
)

POINTS = {"percentile_10", "percentile_90"}
MIDDLES = {"mean", "median"}
BOUNDS = {"lower", "upper"}


class Intervention(Clause):
    """An intervention, from whom it is for to what it will be tested on.

    Everyone registered is meant where no condition is named; every condition holds where there are several.
    """

    clause: Literal["intervention"]
    for_whom: tuple[Condition, ...] = ()
    reach: str = Field(description="A term: the belief of the share of those people who are reached in full.")
    ramp: Ramp
    effects: tuple[Effect, ...] = Field(min_length=1)
    costs: tuple[Cost, ...] = Field(min_length=1)
    moves: tuple[Move, ...] = ()
    assumes: tuple[str, ...] = ()
    evidence: Evidence
    statement: Statement
    instead_of: tuple[str, ...] = Field(default=(), description="Interventions that this one already contains.")

    @property
    def regression_to_the_mean(self) -> bool:
        """Whether what is claimed may be people coming down by themselves.

        So it is where people were chosen for high use and compared with themselves before.
        """
        return self.evidence.high_risk_cohort and self.evidence.grade == "before_and_after"

    def faults(self) -> Iterator[ClauseFault]:
        """Terms that are not there, beliefs that cannot be, activity moved that nothing avoids, names given twice."""
        yield from self._faults_of_names()
        yield from self._faults_of_terms()
        avoided = {effect.activity for effect in self.effects}
        for i, move in enumerate(self.moves):
            if move.avoided not in avoided:
                mend = f"Effects are on {', '.join(sorted(avoided))}."
                yield ClauseFault(("moves", i, "avoided"), move.avoided, "is not avoided by any effect.", mend)
        names = [cost.name for cost in self.costs]
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield ClauseFault(("costs",), name, "is the name of two costs.", "Give each its own.")
        for i, condition in enumerate(self.for_whom):
            if isinstance(condition, IsFrom) and not (condition.at_least or condition.below):
                yield ClauseFault(("for_whom", i), condition.has, "has no end.", "Name at_least, below or both.")
        measured = self.statement.activity
        if measured not in avoided:
            mend = f"Effects are on {', '.join(sorted(avoided))}."
            yield ClauseFault(("statement", "activity"), measured, "is not what the intervention changes.", mend)

    def _faults_of_names(self) -> Iterator[ClauseFault]:
        for path, name in self._named():
            if name not in self.terms:
                there = ", ".join(sorted(self.terms)) or "none"
                yield ClauseFault(path, name, "is no term.", f"Terms are {there}.")

    def _named(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        yield ("reach",), self.reach
        yield ("ramp", "months"), self.ramp.months
        yield ("ramp", "opens_before"), self.ramp.opens_before
        for i, condition in enumerate(self.for_whom):
            if isinstance(condition, IsAtRisk):
                yield ("for_whom", i, "highest"), condition.highest
            if isinstance(condition, IsFrom):
                for field in ("at_least", "below"):
                    if name := getattr(condition, field):
                        yield ("for_whom", i, field), name
        for i, effect in enumerate(self.effects):
            yield ("effects", i, "share"), effect.share
            yield ("effects", i, "lag"), effect.lag
            for field in ("of", "fade"):
                if name := getattr(effect, field):
                    yield ("effects", i, field), name
        for i, cost in enumerate(self.costs):
            yield ("costs", i, "amount"), cost.amount
        for i, move in enumerate(self.moves):
            yield ("moves", i, "ratio"), move.ratio
        yield ("statement", "share"), self.statement.share
        yield ("statement", "months"), self.statement.months

    def _faults_of_terms(self) -> Iterator[ClauseFault]:
        used = {name for _, name in self._named()}
        for name, term in self.terms.items():
            if name not in used:
                yield ClauseFault(("terms", name), name, "is not used.", "Name it in a part, or take it out.")
            for day, held in term.values.items():
                if problem := _wrong_belief(held.value):
                    yield ClauseFault(("terms", name, "values", day.isoformat()), held.value, problem, "Mend the term.")

    def belief(self, term: str, on: date) -> Belief:
        """What is believed of a term on a day; a plain number is believed without doubt.

        Raises   ParameterProblem when the term has no value yet.
        """
        value = self.parameters[term].on(on).value
        return _belief(value)


def _wrong_belief(value: Any) -> str:
    if isinstance(value, str):
        return "" if is_number(value) else "is not a number."
    if not isinstance(value, dict):
        return "is neither a number nor a belief of three points."
    keys = set(value)
    if not keys >= POINTS or len(keys & MIDDLES) != 1 or keys - POINTS - MIDDLES - BOUNDS:
        return "lacks percentile_10, percentile_90 and either mean or median; lower and upper may be there too."
    if not all(is_number(point) for point in value.values()):
        return "has a point that is not a number."
    belief = _belief(value)
    if problem := disorder(belief):
        return problem
    try:
        fitted(belief)
    except InputError as error:
        return error.message
    return ""


def _belief(value: Any) -> Belief:
    if isinstance(value, str):
        certain = float(Decimal(value))
        return Belief(certain, certain, certain, lower=certain - 1, upper=certain + 1)
    central: Literal["mean", "median"] = "mean" if "mean" in value else "median"
    points = {name: float(Decimal(point)) for name, point in value.items()}
    return Belief(
        points["percentile_10"],
        points[central],
        points["percentile_90"],
        points.get("lower", 0.0),
        points.get("upper", 1.0),
        central,
    )
