"""What do the published files say of each practice's people?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from commonweal.place.inputs import Inputs

AGES = (16, 17, 18, 50, 65)
# As many places as publishers print.
SHARE = Decimal("0.000000001")
# Sums up age by sex first: where both files say an age, that one is the fuller.
AGE_FORMS = ("practice_demographics", "practice_age_bands")


@dataclass(frozen=True, slots=True)
class PracticePopulation:
    """The people of one practice, as far as published files say.

    people             registered people: the latest list count not after the contract's start, else those of the
                       need-weighted populations
    male_share         men and boys among them; None where not published
    aged_at_least      share of the list aged at least so many years, for each age published
    aged_30_to_74      share of the list; None where not published
    deprivation_score  points of the Index of Multiple Deprivation, latest year; more are more deprived; None where not
                       published
    """

    practice_code: str
    people: int
    male_share: Decimal | None
    aged_at_least: Mapping[int, Decimal]
    aged_30_to_74: Decimal | None
    deprivation_score: Decimal | None


def practice_populations(inputs: Inputs) -> tuple[PracticePopulation, ...]:
    """What is published of the people of each of a place's practices, in order of code.

    Shares are of the list that was counted with them, whatever day `people` is of. A share that passes the whole is
    as good as not published.
    """
    latest = {form: _latest(inputs, form, "month") for form in AGE_FORMS}
    deprivation = _latest(inputs, "practice_deprivation", "year")
    people = _people(inputs)
    return tuple(
        _population(code, people[code], [latest[form].get(code, {}) for form in AGE_FORMS], deprivation.get(code, {}))
        for code in inputs.codes
    )


def _population(
    code: str, people: int, counted: list[Mapping[str, Any]], deprivation: Mapping[str, Any]
) -> PracticePopulation:
    aged = {age: _first_share(counted, f"aged_{age}") for age in AGES}
    return PracticePopulation(
        practice_code=code,
        people=people,
        male_share=next((row["male_share"] for row in counted if row.get("male_share") is not None), None),
        aged_at_least={age: share for age, share in aged.items() if share is not None},
        aged_30_to_74=_first_share(counted, "aged_30_to_74"),
        deprivation_score=deprivation.get("score"),
    )


def _people(inputs: Inputs) -> dict[str, int]:
    """Registered people by practice; days of count come in order, so that the latest is what stays."""
    found = dict(inputs.listed_people)
    for day, lists in inputs.list_counts.items():
        if day <= inputs.place.contract_start:
            found.update(lists)
    return found


def _latest(inputs: Inputs, form: str, when: str) -> dict[str, Mapping[str, Any]]:
    """Each practice's latest row of a form, by practice code."""
    rows = inputs.ours(inputs.published.tables[form]).order_by(when, "practice_code")
    return {row["practice_code"]: row for row in rows.to_pyarrow().to_pylist()}


def _first_share(counted: list[Mapping[str, Any]], column: str) -> Decimal | None:
    """The part of the list in a column, from the first row that has it and a list it can be part of."""
    for row in counted:
        part, whole = row.get(column), row.get("people")
        if part is not None and whole and part <= whole:
            return Decimal(part / whole).quantize(SHARE)
    return None
