"""What does a party need to see of chance when a corridor is negotiated?

Everything is worked out for two readings: the chance of people alone, and with structural spread beside it. Floats:
statistics all of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from commonweal.contract.chance.corridor import Answer, Question, answers, corridor_needed, narrower_than_chance
from commonweal.contract.chance.person_costs import PersonCosts, StopLoss
from commonweal.contract.chance.spread import Variation, count_variation
from commonweal.core.parameters import Parameters


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of chance: its name, the question under it, the answers, and what flags a narrow corridor."""

    name: str
    question: Question
    answers: tuple[Answer, ...]
    flag: str


@dataclass(frozen=True, slots=True)
class Negotiation:
    """What chance does at a list size, and what to agree so that it is seldom paid.

    grid       the corridor needed by list size and pooled years, under the last reading
    stop_loss  by attachment point, with the corridor needed once costs above it are somebody else's
    assumed    what was assumed, in words
    """

    readings: tuple[Reading, ...]
    grid: tuple[tuple[int, dict[int, float]], ...]
    stop_loss: tuple[tuple[StopLoss, float], ...]
    assumed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Supposed:
    """What varies, from whoever supplied it.

    per_person      sigma, where somebody named it; the record's, or the parameter, otherwise
    structural      tau, where somebody named it; both nothing and the parameter are shown otherwise
    per_thousand    events per 1,000 people a year, where events are paid for and not money
    costs           of the place's record, where it has one
    """

    per_person: float | None = None
    structural: float | None = None
    per_thousand: float | None = None
    over_dispersion: float | None = None
    costs: PersonCosts | None = field(default=None)


def negotiation(
    asked: Question, supposed: Supposed, parameters: Parameters, *, on: date, list_from: str = ""
) -> Negotiation:
    """What chance does to the result in question.

    Takes    asked: its variation is replaced by what is supposed; list_from: where the list size is from, in words.
    Source   parameters/chance.yaml.
    """
    sigma, sigma_from = _per_person(supposed, parameters, on)
    tau = _number(parameters, "chance_structural_spread", on)
    persistence = _number(parameters, "chance_structural_persistence", on)
    if supposed.per_thousand is not None and supposed.structural is None:
        named = {"Chance of events alone": 0.0}
    elif supposed.structural is not None:
        named = {"As supposed": supposed.structural}
    else:
        named = {"Chance of people alone": 0.0, "With structural spread": tau}
    readings = tuple(
        _reading(name, replace(asked, variation=Variation(sigma, spread, persistence)))
        for name, spread in named.items()
    )
    last = readings[-1].question
    stop_loss = supposed.costs.stop_loss if supposed.costs and supposed.per_thousand is None else ()
    return Negotiation(
        readings,
        _grid(last, parameters, on),
        tuple((point, corridor_needed(_varying(readings[0].question, point))) for point in stop_loss if point.retained),
        _assumed(asked, sigma_from, last.variation, list_from),
    )


def _reading(name: str, question: Question) -> Reading:
    return Reading(name, question, answers(question), narrower_than_chance(question))


def _varying(question: Question, point: StopLoss) -> Question:
    return replace(question, variation=replace(question.variation, per_person=point.retained))


def _per_person(supposed: Supposed, parameters: Parameters, on: date) -> tuple[float, str]:
    if supposed.per_thousand is not None:
        wider = supposed.over_dispersion
        if wider is None:
            wider = _number(parameters, "chance_over_dispersion", on)
        found = count_variation(supposed.per_thousand / 1000, wider).per_person
        return found, f"{supposed.per_thousand:g} events per 1,000 people a year, over-dispersion {wider:g}"
    if supposed.per_person is not None:
        return supposed.per_person, "as given"
    if supposed.costs is not None:
        made_up = ", whose people are made up" if supposed.costs.synthetic else ""
        return supposed.costs.variation, f"from the place's own record{made_up}: {supposed.costs.people:,} people"
    held = parameters["chance_person_variation"].on(on)
    return float(held.number()), f"{held.status}: {held.source}"


def _grid(question: Question, parameters: Parameters, on: date) -> tuple[tuple[int, dict[int, float]], ...]:
    sizes = sorted({question.people, *_whole_numbers(parameters, "chance_list_sizes", on)})
    years = sorted({question.years, *_whole_numbers(parameters, "chance_years", on)})
    return tuple(
        (size, {held: corridor_needed(replace(question, people=size, years=held)) for held in years}) for size in sizes
    )


def _assumed(asked: Question, sigma_from: str, variation: Variation, list_from: str) -> tuple[str, ...]:
    against = {
        "benchmark": "The result is held against a benchmark that has none of this list's chance in it.",
        "year-on-year": "The result is held against the same list's own period of equal length before, so that chance "
        "counts twice.",
    }
    said = [
        f"Variation between people (sigma): {variation.per_person:.2f}, {sigma_from}.",
        against[asked.convention],
        "People's costs and events are independent: no pandemic, price rise or hard winter that meets all at once.",
        "Results are normal; of small lists with few costly people, very large results are commoner than that.",
    ]
    if variation.structural:
        same = f" {100 * variation.persistence:g} % of it is the same in the period before, and cancels."
        said.insert(
            1,
            f"Structural spread (tau): {100 * variation.structural:.1f} %; more people or years do not thin it."
            + (same if asked.convention == "year-on-year" else ""),
        )
    if list_from:
        said.insert(0, f"List: {list_from}.")
    return tuple(said)


def attachment_pence(parameters: Parameters, *, on: date) -> Sequence[int]:
    """The attachment points of stop-loss that are compared, in pence."""
    return [100 * point for point in _whole_numbers(parameters, "chance_attachment_points", on)]


def _number(parameters: Parameters, name: str, on: date) -> float:
    return float(parameters[name].on(on).number())


def _whole_numbers(parameters: Parameters, name: str, on: date) -> list[int]:
    return [int(held) for held in parameters[name].on(on).value]
