"""How much more often are people admitted as an emergency where deprivation is deeper, age and sex being equal?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from commonweal.need.disclosure import DisclosureRule, disclosed_count, to_figures
from commonweal.need.rates import Estimate, directly_standardised_rate, ratio_of_rates

FIFTHS = (1, 2, 3, 4, 5)
FIFTH_LABELS: Mapping[int, str] = {1: "1 most deprived", 2: "2", 3: "3", 4: "4", 5: "5 least deprived"}
PER = 1000

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Measured:
    """A statistic with its 95 % interval, to so many figures as may be shown."""

    value: Decimal
    lower: Decimal
    upper: Decimal


@dataclass(frozen=True, slots=True)
class FifthAdmissions:
    """Emergency admissions of the people of one fifth of deprivation in the year.

    standardised   per 1,000 people; None where few people were admitted or live there
    """

    label: str
    people: int | None
    admissions: int | None
    standardised: Measured | None


@dataclass(frozen=True, slots=True)
class Gradient:
    """Emergency admissions by fifth, the most deprived first, and the first fifth's rate over the last's.

    ratio   None where either is not shown
    """

    fifths: tuple[FifthAdmissions, ...]
    ratio: Measured | None


def admissions_gradient(rows: Rows, rule: DisclosureRule) -> Gradient | None:
    """Emergency admissions by fifth of deprivation, directly standardised for age and sex.

    Takes    rows: the table `glance_admissions`, exact. The standard is all the people in them, so that the rates are
             about as high as the place's own.
    Returns  None where there is nobody in the rows.
    """
    if not rows:
        return None
    strata = sorted({(row["sex"], row["age_from"]) for row in rows})
    standard = [sum(row["people"] for row in rows if (row["sex"], row["age_from"]) == held) for held in strata]
    exact = {fifth: _exact([row for row in rows if row["fifth"] == fifth], strata) for fifth in FIFTHS}
    shown = {fifth: _may_be_shown(*held, rule) for fifth, held in exact.items()}
    rates = {
        fifth: directly_standardised_rate(admissions, people, standard, per=PER)
        for fifth, (people, admissions) in exact.items()
        if shown[fifth]
    }
    fifths = tuple(
        FifthAdmissions(
            FIFTH_LABELS[fifth],
            disclosed_count(sum(people), rule),
            disclosed_count(sum(admissions), rule),
            _measured(rates.get(fifth), rule),
        )
        for fifth, (people, admissions) in exact.items()
    )
    first, last = rates.get(FIFTHS[0]), rates.get(FIFTHS[-1])
    return Gradient(fifths, _measured(ratio_of_rates(first, last), rule) if first and last else None)


def _exact(rows: Rows, strata: Sequence[tuple[str, int]]) -> tuple[list[int], list[int]]:
    held = {(row["sex"], row["age_from"]): row for row in rows}
    people = [held[stratum]["people"] if stratum in held else 0 for stratum in strata]
    return people, [held[stratum]["admissions"] if stratum in held else 0 for stratum in strata]


def _may_be_shown(people: Sequence[int], admissions: Sequence[int], rule: DisclosureRule) -> bool:
    return bool(sum(people)) and not rule.hides(sum(people)) and not rule.hides(sum(admissions))


def _measured(estimate: Estimate | None, rule: DisclosureRule) -> Measured | None:
    if estimate is None:
        return None
    held = (Decimal(repr(number)) for number in (estimate.value, estimate.lower, estimate.upper))
    return Measured(*(to_figures(number, rule.figures) for number in held))
