"""By which rules may a measured value become points, and a total become money?

Each rule names terms, never numbers. A term may be one number, or a table with a number for each measure.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from commonweal.contract.clauses.clause import Strict
from commonweal.core.scores import Rounding


class Rule(Strict):
    """One way to score. `refers` are its fields that name a term; `ends` those two between which a value travels."""

    refers: ClassVar[tuple[str, ...]] = ("points",)
    ends: ClassVar[tuple[str, str] | None] = None


class Linear(Rule):
    """Points in proportion between floor and target: none below the floor, all above the target."""

    refers = ("floor", "target", "points")
    ends = ("floor", "target")
    rule: Literal["linear"]
    floor: str
    target: str
    points: str


class LinearByPrevalence(Rule):
    """The same, times the practice's prevalence over the national one."""

    refers = ("floor", "target", "points")
    ends = ("floor", "target")
    rule: Literal["linear_by_prevalence"]
    floor: str
    target: str
    points: str


class Stepped(Rule):
    """Points of the furthest step reached. The term is a table of [value, points], the points rising."""

    refers = ("steps",)
    rule: Literal["stepped"]
    steps: str


class Banded(Rule):
    """Points in proportion between floor and target, rounded to whole bands of points."""

    refers = ("floor", "target", "points", "band")
    ends = ("floor", "target")
    rule: Literal["banded"]
    floor: str
    target: str
    points: str
    band: str
    rounding: Rounding = "down"


class Achievement(Rule):
    """Whole points for the value: one at the threshold up to all at the benchmark, none short of the threshold."""

    refers = ("threshold", "benchmark", "points")
    ends = ("threshold", "benchmark")
    rule: Literal["achievement"]
    threshold: str
    benchmark: str
    points: str


class Improvement(Rule):
    """Whole points for the way from the own baseline to the benchmark, one fewer than all at best."""

    refers = ("threshold", "benchmark", "points")
    ends = ("threshold", "benchmark")
    rule: Literal["improvement"]
    threshold: str
    benchmark: str
    points: str


class BetterOf(Rule):
    """The highest of several scores of the scheme; those that cannot be worked out are passed over."""

    refers = ()
    rule: Literal["better_of"]
    of: tuple[str, ...] = Field(min_length=2, description="Names of scores.")


class Consistency(Rule):
    """Whole points by that of several measures which is least far from its floor to its threshold."""

    refers = ("floor", "threshold", "points")
    ends = ("floor", "threshold")
    rule: Literal["consistency"]
    of: tuple[str, ...] = Field(min_length=1, description="Measures.")
    floor: str
    threshold: str
    points: str


class MeanOf(Rule):
    """The mean of the points of several measures by their denominators, in whole points."""

    refers = ("points",)
    rule: Literal["mean_of"]
    of: tuple[str, ...] = Field(min_length=1, description="Measures.")
    points: str


AnyRule = Annotated[
    Linear | LinearByPrevalence | Stepped | Banded | Achievement | Improvement | BetterOf | Consistency | MeanOf,
    Field(discriminator="rule"),
]


class InProportion(Strict):
    """The pool in proportion to the total; times a slope, where one is named, which is set so that all is paid out."""

    rule: Literal["proportional"] = "proportional"
    slope: str | None = None


class Between(Strict):
    """Nothing of the pool up to a floor of the total, all of it from a target; both as shares of the greatest total."""

    rule: Literal["linear"]
    floor: str
    target: str


class BySteps(Strict):
    """The share of the pool at the furthest step reached. The term is a table of [share of the total, share paid]."""

    rule: Literal["stepped"]
    steps: str


Exchange = Annotated[InProportion | Between | BySteps, Field(discriminator="rule")]


class PoolPay(Strict):
    """What is earned of a pool: a share of a base that is handed in, by an exchange of the total for money."""

    by: Literal["pool"]
    base: str = Field(description="The input whose share the pool is; its label says what it holds.")
    share: str
    exchange: Exchange = InProportion()


class PointsPay(Strict):
    """Money for each point, times the practice's list over the national average list where both are named."""

    by: Literal["points"]
    value_of_point: str
    list: str | None = None
    national_list: str | None = None


Pay = Annotated[PoolPay | PointsPay, Field(discriminator="by")]


class Interim(Strict):
    """What is paid on account: a share of the pool, or of an input such as last year's pay, in equal instalments."""

    share: str
    of: str = Field(default="pool", description="'pool', or the name of an input.")
    instalments: str
