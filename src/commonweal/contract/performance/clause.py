"""What does a clause of performance pay say?

Measures become points by named scores, points become domains, domains a total, and the total becomes money. A new
scheme is data: a measure names a score, and a score names terms.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field

from commonweal.contract.clauses.clause import Cited, Clause, ClauseFault, Strict
from commonweal.contract.performance.faults import scheme_faults
from commonweal.contract.performance.rules import AnyRule, BetterOf, Interim, Pay, Stepped
from commonweal.contract.settlement.clause import Input
from commonweal.core.amounts import Line, given
from commonweal.core.errors import ParameterProblem
from commonweal.core.scores import POINTS

Missing = Literal["reweight", "protect", "zero"]
Kind = Literal["proportion", "rate", "value"]


class Measure(Strict):
    """What is measured, from what, which way is better, and how its value becomes points.

    kind            proportion (some of a denominator), rate (events for each `per`) or value (anything else)
    minimum_count   term: the fewest in the denominator for which the value counts
    missing         what happens without a value that counts; the scheme's own rule otherwise
    domain          where its points count; nowhere when left out
    """

    label: str = Field(min_length=1)
    meaning: str = ""
    domain: str | None = None
    score: str
    kind: Kind = "proportion"
    direction: Literal["more", "less"] | None = None
    numerator: str = ""
    denominator: str = ""
    per: str | None = None
    minimum_count: str | None = None
    missing: Missing | None = None
    source: Cited | None = None


class Domain(Strict):
    """Measures that count together: its score is points earned over points possible, times its scale.

    scale   term: what full points make; as many as its measures have points when left out
    """

    label: str = Field(min_length=1)
    weight: str | None = None
    scale: str | None = None
    minimum_measures: str | None = None


class Total(Strict):
    """How domains add up, and what happens when too few of them have a score."""

    label: str = "Total score"
    missing: Literal["reweight", "zero"] = "reweight"
    minimum_domains: str | None = None
    too_few: Literal["nothing", "not_scored"] = "nothing"


class PerformanceScheme(Clause):
    """A scheme of pay for results: the improvement payment scheme, and anything like it."""

    clause: Literal["performance_scheme"]
    unit: str = Field(default="GBP", description="The unit of what is paid.")
    missing: Missing = "reweight"
    inputs: dict[str, Input] = Field(default_factory=dict)
    scores: dict[str, AnyRule] = Field(min_length=1)
    measures: dict[str, Measure] = Field(min_length=1)
    domains: dict[str, Domain] = Field(min_length=1)
    total: Total = Total()
    pay: Pay | None = None
    interim: Interim | None = None

    def faults(self) -> Iterator[ClauseFault]:
        """Names that nothing has, tables without a measure's entry, weights that are not one, ends that disagree."""
        yield from scheme_faults(self)

    def missing_rule(self, measure: str) -> Missing:
        """What happens when a measure has no value that counts."""
        return self.measures[measure].missing or self.missing

    def number(self, term: str, on: date, measure: str = "") -> Line:
        """A term's number on a day; the measure's own where the term is a table by measure.

        Raises   ParameterProblem when the term does not hold yet.
        """
        parameter = self.parameters[term]
        held = parameter.on(on)
        if not isinstance(held.value, dict):
            return parameter.line(on=on)
        number = held.value.get(measure)
        if number is None:
            raise ParameterProblem(f"{parameter.label} has no entry for '{measure}'.", where=self.name, mend="Add it.")
        return given(parameter.label, number, unit=parameter.unit, status=held.status, source=held.source)

    def steps(self, term: str, on: date, measure: str = "") -> list[tuple[Decimal, Decimal]]:
        """A term's table of steps on a day."""
        held = self.parameters[term].on(on).value
        rows = held[measure] if isinstance(held, dict) else held
        return [(Decimal(at), Decimal(points)) for at, points in rows]

    def most_points(self, measure: str, on: date) -> Line:
        """The points that a measure can earn."""
        rule = self.scores[self.measures[measure].score]
        if isinstance(rule, BetterOf):
            lines = [self._points_of(self.scores[name], measure, on) for name in rule.of]
            return max(lines, key=lambda line: line.amount)
        return self._points_of(rule, measure, on)

    def _points_of(self, rule: AnyRule, measure: str, on: date) -> Line:
        if isinstance(rule, Stepped):
            return self.most_of_steps(rule, measure, on)
        assert not isinstance(rule, BetterOf)
        return self.number(rule.points, on, measure)

    def most_of_steps(self, rule: Stepped, measure: str, on: date) -> Line:
        """The points of the last step of a score by steps."""
        parameter = self.parameters[rule.steps]
        held = parameter.on(on)
        most = self.steps(rule.steps, on, measure)[-1][1]
        name = f"most by {parameter.label}"
        return given(name, most, unit=POINTS, status=held.status, source=held.source)
