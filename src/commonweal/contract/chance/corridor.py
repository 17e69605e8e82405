"""Which corridor, pooling period or list size keeps pay for chance below what is tolerated?

Floats: the answers are statistics to negotiate with; the corridor that is agreed is a term of the contract, a decimal.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from commonweal.contract.chance.pay_for_chance import RULES, Side, corridor_in_spreads, paid_for_chance, pay_for_chance
from commonweal.contract.chance.spread import Convention, Variation, spread, structural_variance, times_counted
from commonweal.core.errors import InputError

SIDE_WORDS = {"gain": "a gain", "loss": "a loss", "either": "a gain or a loss"}


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be kept below what, and what else is agreed.

    pay_for_chance   how often chance alone may pay, 0 to 0.5
    people, years    list size, and years pooled into one result
    corridor         as a share of the budget
    """

    pay_for_chance: float
    people: int
    years: int
    corridor: float
    variation: Variation
    side: Side = "gain"
    convention: Convention = "benchmark"

    def __post_init__(self) -> None:
        corridor_in_spreads(self.pay_for_chance, self.side)
        if not 0 < self.corridor < 1:
            raise InputError(
                "A corridor is more than nothing and less than the budget.", where="corridor", mend="As in: 2%"
            )
        spread(self.variation, self.people, self.years, self.convention)

    @property
    def sd(self) -> float:
        """The spread of chance."""
        return spread(self.variation, self.people, self.years, self.convention)

    @property
    def probability(self) -> float:
        """How often chance alone pays as things stand."""
        return pay_for_chance(self.corridor, self.sd, self.side)

    @property
    def paid(self) -> dict[str, float]:
        """What chance is paid in an average year, as a share of the budget before the sharing rate, by rule."""
        return {rule: paid_for_chance(self.corridor, self.sd, rule, self.side) for rule in RULES}


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: what would have to be agreed, or None where nothing would do; and why, in words.

    asks   corridor, years or people
    """

    asks: str
    value: float | None
    working: str


def corridor_needed(question: Question) -> float:
    """The narrowest corridor that keeps pay for chance at what is tolerated, with list and years as they are."""
    return corridor_in_spreads(question.pay_for_chance, question.side) * question.sd


def years_needed(question: Question) -> int | None:
    """The fewest whole years to pool, with list and corridor as they are; None where no number is enough."""
    person_years = _person_years(question)
    return None if person_years is None else max(1, math.ceil(_whole(person_years / question.people)))


def people_needed(question: Question) -> int | None:
    """The smallest list, with years and corridor as they are; None where none is large enough."""
    person_years = _person_years(question)
    return None if person_years is None else max(1, math.ceil(_whole(person_years / question.years)))


def narrower_than_chance(question: Question) -> str:
    """A sentence that says so where chance leaves the corridor more often than tolerated; empty where it does not."""
    if question.probability <= question.pay_for_chance * (1 + 1e-9):
        return ""
    return (
        f"The corridor of {_share(question.corridor)} is narrower than chance: {SIDE_WORDS[question.side]} beyond it "
        f"comes by chance alone in {_share(question.probability)} of results, and {_share(question.pay_for_chance)} is "
        f"tolerated. It would have to be {_share(corridor_needed(question))}."
    )


def answers(question: Question) -> tuple[Answer, ...]:
    """The three answers, each with the other two terms as they are."""
    z = corridor_in_spreads(question.pay_for_chance, question.side)
    needed = corridor_needed(question)
    stands = f"{question.people:,} people, {_years(question.years)}"
    enough = _person_years(question)
    return (
        Answer("corridor", needed, f"{z:.3f} spreads of {_share(question.sd)}, at {stands}"),
        Answer("years", years_needed(question), _why(question, enough, z, f"with {question.people:,} people")),
        Answer("people", people_needed(question), _why(question, enough, z, f"with {_years(question.years)}")),
    )


def _person_years(question: Question) -> float | None:
    """Person-years at which the spread is narrow enough for the corridor."""
    target = question.corridor / corridor_in_spreads(question.pay_for_chance, question.side)
    room = target**2 - structural_variance(question.variation, question.convention)
    if room <= 0:
        return None
    return times_counted(question.convention) * question.variation.per_person**2 / room


def _why(question: Question, person_years: float | None, z: float, rest: str) -> str:
    corridor = _share(question.corridor)
    if person_years is None:
        least = z * spread(replace(question.variation, per_person=1e-9), 1, 1, question.convention)
        return f"none: structural spread needs {_share(least)} by itself, and neither people nor years thin it"
    return f"{math.ceil(_whole(person_years)):,} person-years make {z:.3f} spreads {corridor}, {rest}"


def _whole(number: float) -> float:
    # A whole number worked out in floats may lie a hair above itself, and would then be rounded up to the next.
    return round(number, 6)


def _years(years: int) -> str:
    return "one year" if years == 1 else f"{years} years pooled"


def _share(value: float) -> str:
    return f"{100 * value:.2f} %"
