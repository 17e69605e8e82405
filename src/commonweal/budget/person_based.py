"""How needy are each practice's people by what care of such people cost, beside the published weights?

A year's cost is learned from what was known of each person on its first day; the people of today are then weighed by
what such people cost. The weights share out the place's published need: they say which practice's people need more, not
whether the place as a whole does, which one place's record cannot know.

Source   Dixon and others, BMJ 2011;343:d6608, in idea: cost on need person by person, supply held at a common value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from commonweal.core.money import rounded_together
from commonweal.core.parameters import Parameters
from commonweal.core.periods import Period
from commonweal.need.cost_on_need import PRACTICE, Cells, fit
from commonweal.need.cost_on_need_index import (
    SIX_PLACES,
    Explained,
    PracticeIndex,
    cells_at_nothing,
    explained_by_indices,
    explained_by_variables,
    practice_indices,
    yearly_cost,
)

People = Mapping[str, Decimal]
PUBLISHED_WEIGHTS = "published practice weights"


@dataclass(frozen=True, slots=True)
class PracticeWeight:
    """How needy one practice's people are, both ways; 1 is the place's average.

    lower, upper    of the person-based index, for what estimation and the chance of its own people leave open
    """

    practice_code: str
    people: int
    published_index: Decimal
    person_index: Decimal
    lower: Decimal
    upper: Decimal
    published_weighted_people: Decimal
    person_weighted_people: Decimal

    @property
    def difference(self) -> Decimal:
        """The person-based index less the published one."""
        return self.person_index - self.published_index

    @property
    def beyond_chance(self) -> bool:
        """Whether the published index lies outside the interval."""
        return not self.lower <= self.published_index <= self.upper


@dataclass(frozen=True, slots=True)
class ComponentWeights:
    """The person-based weights of one need component.

    cells_at_nothing    kinds of people foretold to cost less than nothing, who are weighed as nothing
    """

    component: str
    service_lines: tuple[str, ...]
    yearly_cost: Decimal
    practices: tuple[PracticeWeight, ...]
    explained: tuple[Explained, ...]
    cells_at_nothing: int


@dataclass(frozen=True, slots=True)
class PersonWeights:
    """Person-based weights of a place's practices, and what they were learned from.

    learned_from    the year of cost, foretold from what was known on its first day
    tested_on       the year by which `explained` is judged, after learning from the one before; None for a short record
    published       what a published person-based formula explained, by name
    """

    record: str
    synthetic: bool
    learned_from: Period
    tested_on: Period | None
    used_on: date
    components: tuple[ComponentWeights, ...]
    published: Mapping[str, Decimal]

    def weighted_people(self) -> dict[str, dict[str, Decimal]]:
        """Weighted people by component and practice; those of a component sum to the published ones."""
        return {
            held.component: {row.practice_code: row.person_weighted_people for row in held.practices}
            for held in self.components
        }


@dataclass(frozen=True, slots=True)
class LearnedCells:
    """The cells of one year: what it cost, by kind of person known on its first day."""

    year: Period
    cells: Cells


def component_weights(
    component: str,
    service_lines: Sequence[str],
    *,
    learned: LearnedCells,
    before: LearnedCells | None,
    today: Cells,
    published: People,
    listed: People,
    parameters: Parameters,
) -> ComponentWeights:
    """The person-based weights of one component.

    Takes    learned: the latest year; before: the year before it, for judging; today: the people to be weighed.
             published: weighted people by practice; listed: the people those are of.
    """
    on = learned.year.start
    variables = tuple(parameters["person_based_variables"].on(on).value)
    supply = parameters["person_based_supply"].on(on).value == "practice"
    confidence = parameters["person_based_confidence"].on(on).number()
    model = fit(learned.cells, component, variables, supply=supply)
    explained: tuple[Explained, ...] = ()
    if before is not None:
        codes = sorted(set(learned.cells.groups[PRACTICE].tolist()))
        theirs = _published_index(codes, published, listed)
        explained = (
            *explained_by_variables(component, variables, supply, before.cells, learned.cells),
            explained_by_indices(PUBLISHED_WEIGHTS, theirs, component, learned.cells),
        )
    return ComponentWeights(
        component,
        tuple(service_lines),
        yearly_cost(learned.cells, component),
        _practice_weights(practice_indices(model, today, confidence=confidence), published, listed),
        explained,
        cells_at_nothing(model, today),
    )


def _practice_weights(
    indices: Sequence[PracticeIndex], published: People, listed: People
) -> tuple[PracticeWeight, ...]:
    codes = [held.practice_code for held in indices]
    theirs = _published_index(codes, published, listed)
    shared = _shared_out(indices, published, listed)
    return tuple(
        PracticeWeight(
            held.practice_code,
            held.people,
            theirs[held.practice_code],
            held.index.quantize(SIX_PLACES),
            held.lower,
            held.upper,
            published.get(held.practice_code, Decimal(0)),
            shared[held.practice_code],
        )
        for held in indices
    )


def _published_index(codes: Sequence[str], published: People, listed: People) -> dict[str, Decimal]:
    weighted = {code: published.get(code, Decimal(0)) for code in codes}
    people = {code: listed.get(code, Decimal(0)) for code in codes}
    whole, everyone = sum(weighted.values()), sum(people.values())
    if not whole or not everyone:
        return dict.fromkeys(codes, Decimal(0))
    return {
        code: (weighted[code] / people[code] / (whole / everyone)).quantize(SIX_PLACES) if people[code] else Decimal(0)
        for code in codes
    }


def _shared_out(indices: Sequence[PracticeIndex], published: People, listed: People) -> dict[str, Decimal]:
    """The place's published weighted people, shared out by index x list, to a millionth.

    The list is the published one, so that a record that holds part of a practice's people still weighs all of them.
    """
    codes = [held.practice_code for held in indices]
    whole = sum((published.get(code, Decimal(0)) for code in codes), Decimal(0))
    needed = [held.index * listed.get(held.practice_code, Decimal(0)) for held in indices]
    total = sum(needed)
    if not total:
        return {code: published.get(code, Decimal(0)) for code in codes}
    # Pence are hundredths; ten thousand times as many people in pence are people in millionths.
    shared = rounded_together([amount * whole * 10_000 / total for amount in needed])
    return {code: number / 10_000 for code, number in zip(codes, shared, strict=True)}
