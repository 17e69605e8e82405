"""What are the parts of an intervention, from whom it is for to how it is tested?

No part holds a number: each names a term of the intervention, which is dated and cited.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from commonweal.contract.clauses.clause import Cited, Strict

YesNo = Literal["yes", "no"]
Path = Literal["linear", "early", "late", "step", "s_curve"]
Grade = Literal["randomised", "matched", "before_and_after", "elicitation", "opinion"]
Method = Literal[
    "difference_in_differences",
    "synthetic_control",
    "interrupted_time_series",
    "matched_controls",
    "process_behaviour_chart",
]


class IsOneOf(Strict):
    """People who have one of some values: a level of need, a segment, a band of frailty, a practice."""

    has: Literal[
        "level",
        "core_segment",
        "bridges_to_health",
        "hospital_frailty_band",
        "electronic_frailty_category",
        "polypharmacy",
        "practice_code",
    ]
    one_of: tuple[str, ...] = Field(min_length=1)


class IsFrom(Strict):
    """People from a number up, below another, or both: years of age, long-term conditions, repeat medicines."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    has: Literal["age", "long_term_conditions", "medicines", "cambridge_score", "hospital_frailty_score"]
    at_least: str | None = Field(default=None, description="A term.")
    below: str | None = Field(default=None, description="A term.")


class IsSo(Strict):
    """People of whom something is so, or is not."""

    has: Literal["care_home", "housebound", "has_carer", "pregnant", "homeless", "end_of_life", "opted_out"]
    so: YesNo = "yes"


class IsAtRisk(Strict):
    """The people at highest risk of emergency admission: a share of everyone registered."""

    has: Literal["risk"]
    highest: str = Field(description="A term: the share of the registered people.")


class LivesIn(Strict):
    """People whose practice is in one of some neighbourhoods, by code."""

    has: Literal["neighbourhood"]
    one_of: tuple[str, ...] = Field(min_length=1)


Condition = Annotated[IsOneOf | IsFrom | IsSo | IsAtRisk | LivesIn, Field(discriminator="has")]


class Ramp(Strict):
    """How the intervention grows to its full reach.

    months        a term: from the first person reached to full reach
    opens_before  a term: months in which capacity is paid for before anyone is reached
    """

    path: Path
    months: str
    opens_before: str


class Effect(Strict):
    """What changes for those reached.

    activity  a kind of activity, of parameters/planned_activity.yaml
    of        a term: the part of that activity which can be changed at all; all of it when none is named
    share     a term: the belief of the share of it that is avoided; below nothing where there is more of it
    lag       a term: months from being reached to the effect
    fade      a term: the share of the effect lost each year after; none when not named
    overlaps  effects of one group act on the same contacts, so what one prevents another cannot
    """

    activity: str
    of: str | None = None
    share: str
    lag: str
    fade: str | None = None
    overlaps: str = ""


class Cost(Strict):
    """What it costs.

    per     `year` for a fixed cost, `person` for each person reached a year
    amount  a term: GBP, or hours of a role
    role    whose hours they are; money when none is named
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str = Field(min_length=1)
    per: Literal["year", "person"]
    amount: str
    role: str | None = None


class Move(Strict):
    """Where avoided work goes, so that nothing vanishes.

    ratio   a term: how many of the new contacts take the place of one avoided
    """

    avoided: str
    becomes: str
    ratio: str


class Evidence(Strict):
    """How good the evidence is, and of whom.

    high_risk_cohort  whether it watched people chosen for high use, who come down by themselves
    """

    grade: Grade
    summary: str = Field(min_length=1)
    high_risk_cohort: bool = False
    sources: tuple[Cited, ...] = Field(min_length=1)


class Statement(Strict):
    """What the intervention will be tested on, said before it starts.

    activity    the measure; population: those reached, or everyone registered
    share       a term: the change that is promised, as a share avoided
    months      a term: by when, in months from the start
    """

    activity: str
    population: Literal["reached", "registered"]
    share: str
    months: str
    method: Method
