"""Which input of a clause stands for what: the plan, the spend, the lists, quality?

A clause names its inputs as it likes. Its operations say what each is for, so that any gain and loss share can be
settled over simulated futures without anybody telling it again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from commonweal.contract.settlement import operations as op
from commonweal.contract.settlement.clause import GainLossShare
from commonweal.core.errors import ClauseProblem, InputError

QUALITY = "quality"


@dataclass(frozen=True, slots=True)
class Roles:
    """The names under which a clause knows the things that are simulated.

    difference, expected   amounts that it makes: expected less actual, and what is expected
    baseline, actual       inputs: the plan and the spend
    list_now, list_base    inputs, where it moves the plan with the lists
    quality, met, people   inputs that take a share, that are one (gates met, casemix as it was), and that a table is
                           looked up by
    looks_back             whether years before are pooled with a year, or carried into it
    """

    difference: str
    expected: str
    baseline: str
    actual: str
    list_now: str | None
    list_base: str | None
    quality: tuple[str, ...]
    met: tuple[str, ...]
    people: tuple[str, ...]
    looks_back: bool

    def inputs(
        self, *, baseline: Any, actual: Any, list_now: Any, list_base: Any, quality: Any, people: Any
    ) -> dict[str, Any]:
        """The same things under the clause's names."""
        held: dict[str, Any] = {self.baseline: baseline, self.actual: actual}
        if self.list_now and self.list_base:
            held.update({self.list_now: list_now, self.list_base: list_base})
        held.update(dict.fromkeys(self.people, people))
        held.update(dict.fromkeys(self.met, Decimal(1)))
        held.update(dict.fromkeys(self.quality, quality))
        return held


def roles_of(clause: GainLossShare, given: Mapping[str, Any]) -> Roles:
    """Which input is what.

    Takes    given: inputs of the clause that are not simulated, by name.
    Raises   ClauseProblem when the clause holds no spend against a plan, or several; InputError for an input that is
             neither simulated nor given, or that is given and is none of the clause's.
    """
    differences = [step for step in clause.operations if isinstance(step, op.Difference)]
    if len(differences) != 1:
        raise ClauseProblem(
            f"holds spend against a plan {len(differences)} times, and not once.",
            where=clause.name,
            mend="Name a clause with one difference.",
        )
    if any(isinstance(step, op.Price) and step.tariff for step in clause.operations):
        raise ClauseProblem(
            "holds activity against a plan, not spend.", where=clause.name, mend="Name a clause of spend."
        )
    made = {step.name: step for step in clause.operations if not isinstance(step, op.Parties)}
    step = differences[0]
    baseline, lists = _plan(clause, made, step.expected)
    quality, met, people = (tuple(sorted(names - set(given))) for names in _shares(clause))
    found = Roles(
        step.name,
        step.expected,
        baseline,
        _traced(clause, made, step.actual),
        lists[0],
        lists[1],
        quality,
        met,
        people,
        any(isinstance(step, op.Pool | op.Carried) for step in clause.operations),
    )
    _all_there(clause, found, given)
    return found


def _plan(
    clause: GainLossShare, made: Mapping[str, op.Operation], name: str
) -> tuple[str, tuple[str | None, str | None]]:
    step = made.get(name)
    if isinstance(step, op.Expected):
        baseline, _ = _plan(clause, made, step.baseline)
        return baseline, (step.list_now, step.list_base)
    if isinstance(step, op.Adjusted | op.Truncated):
        return _plan(clause, made, step.of)
    return _traced(clause, made, name), (None, None)


def _traced(clause: GainLossShare, made: Mapping[str, op.Operation], name: str) -> str:
    step = made.get(name)
    if isinstance(step, op.Adjusted | op.Truncated):
        return _traced(clause, made, step.of)
    if name not in clause.inputs:
        raise ClauseProblem(
            f"'{name}' is no input and made from none.", where=clause.name, mend="Make it from an input."
        )
    return name


def _shares(clause: GainLossShare) -> tuple[set[str], set[str], set[str]]:
    """Inputs that are a share of quality, that are one, and that a table is looked up by as people."""

    def inputs(*names: str | None) -> set[str]:
        return {name for name in names if name is not None and name in clause.inputs}

    quality, met, people = inputs(QUALITY), set[str](), set[str]()
    for step in clause.operations:
        if isinstance(step, op.Expected):
            # What kind of people are on the lists is as it was.
            met |= inputs(step.casemix_now, step.casemix_base)
        if isinstance(step, op.Rate | op.LossRate):
            quality |= inputs(step.quality)
            met |= inputs(step.gate)
        if isinstance(step, op.Quality):
            (met if step.form == "gate" else quality).update(inputs(step.by))
        if isinstance(step, op.Corridor | op.Limit):
            people |= {name for name in inputs(step.by) if clause.inputs[name].unit == "people"}
    return quality, met - quality, people


def _all_there(clause: GainLossShare, roles: Roles, given: Mapping[str, Any]) -> None:
    simulated = set(roles.inputs(baseline=1, actual=1, list_now=1, list_base=1, quality=1, people=1))
    for name in given:
        if name not in clause.inputs or name in simulated:
            why = "is simulated" if name in simulated else "is no input of the clause"
            others = sorted(set(clause.inputs) - simulated)
            mend = f"It may be given: {', '.join(others)}." if others else "Take it out."
            raise InputError(f"'{name}' {why}.", where=clause.name, mend=mend)
    for name, held in clause.inputs.items():
        if not held.optional and name not in simulated and name not in given:
            raise InputError(
                f"input '{name}' ({held.label}) is not simulated.", where=clause.name, mend="Give it with --inputs."
            )
