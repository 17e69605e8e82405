"""What does a place's population look like at a glance, in figures that may be shown?

Every figure here has been through the small-number rule: None stands for a number of few people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import ibis.expr.types as ir

from commonweal.core.parameters import Parameters
from commonweal.core.periods import months_later
from commonweal.need.at_a_glance_figures import (
    AgeBand,
    CostPoint,
    Mix,
    Part,
    SegmentCost,
    age_bands,
    cost_curve,
    leading_conditions,
    level_labels,
    measures_by_neighbourhood,
    mixes,
    segment_costs,
    segment_labels,
)
from commonweal.need.at_a_glance_gradient import Gradient, admissions_gradient
from commonweal.need.at_a_glance_tables import (
    MONTHS_OF_ACTIVITY,
    glance_admissions,
    glance_conditions,
    glance_cost_curve,
    glance_headlines,
    glance_people,
    with_neighbourhood,
    year_of_care,
)
from commonweal.need.disclosure import disclosed_mean, disclosure_rule


@dataclass(frozen=True, slots=True)
class PopulationAtAGlance:
    """A place's registered people on a day, and the care of the year before it, in figures that may be shown.

    on, year_start     the day, and the first day of the twelve months of care before it
    synthetic          whether the people are made up
    record_start, end  the days that the record holds care for, the last not included
    measures           older people, in care homes, most deprived fifth, several conditions: by code, of all
    neighbourhoods     the same by neighbourhood
    age_bands          youngest first; people without age or sex are left out
    levels, segments   every neighbourhood, then all together
    costs              by Core Segment; curve: at each share of people; costliest: those that are said in words
    cost, _per_head    pounds: of all, and for each of them
    gradient           emergency admissions by fifth of deprivation; None where nobody's small area is known
    conditions         the most frequent first
    several, older_from  how many conditions are several; the age from which people count as older
    hidden_text        what stands for a number of few people; rounded_to: what other counts are rounded to
    levels_illustrative  whether the rules of the levels of need are illustrative
    """

    on: date
    year_start: date
    synthetic: bool
    record_start: date
    record_end: date
    people: int | None
    measures: Mapping[str, Part]
    neighbourhoods: Mapping[str, Mapping[str, Part]]
    age_bands: tuple[AgeBand, ...]
    levels: tuple[Mix, ...]
    segments: tuple[Mix, ...]
    costs: tuple[SegmentCost, ...]
    curve: tuple[CostPoint, ...]
    costliest: tuple[CostPoint, ...]
    cost: Decimal
    cost_per_head: Decimal | None
    gradient: Gradient | None
    conditions: tuple[Part, ...]
    several: int
    older_from: int
    hidden_text: str
    rounded_to: int
    levels_illustrative: bool
    segments_illustrative: bool


def population_at_a_glance(
    tables: Mapping[str, ir.Table],
    need: ir.Table,
    *,
    on: date,
    neighbourhoods: Mapping[str, tuple[str, ...]],
    parameters: Parameters,
    synthetic: bool,
    record: tuple[date, date],
) -> PopulationAtAGlance:
    """A place's population on a day, from its record.

    Takes    tables: the record's tables. need: the table `person_need` for the day. neighbourhoods: practice codes by
             neighbourhood, in the order in which they are shown; people of other practices are left out. synthetic:
             whether the people are made up. record: the days that the record holds care for, the last not included.
    """
    counted = _counted(tables, need, on, neighbourhoods, parameters)
    rule, names = disclosure_rule(parameters, on=on), tuple(neighbourhoods)
    people = counted["people"]
    levels = mixes(people, "level", level_labels(parameters, on), names, rule)
    segments = mixes(people, "core_segment", segment_labels(parameters, on), names, rule)
    measures = measures_by_neighbourhood(counted["headlines"], levels, rule)
    costs, cost = segment_costs(people, tuple(segment_labels(parameters, on)), rule)
    curve = cost_curve(counted["curve"], rule)
    said = {Decimal(share) for share in parameters["glance_costliest_shares"].on(on).value}
    return PopulationAtAGlance(
        on=on,
        year_start=months_later(on, -MONTHS_OF_ACTIVITY),
        synthetic=synthetic,
        record_start=record[0],
        record_end=record[1],
        people=levels[-1].people,
        measures=measures[-1][1],
        neighbourhoods=dict(measures[:-1]),
        age_bands=age_bands(people, parameters, on, rule),
        levels=levels,
        segments=segments,
        costs=costs,
        curve=curve,
        costliest=tuple(point for point in curve if point.people_share in said),
        cost=cost,
        cost_per_head=disclosed_mean(int(cost * 100), levels[-1].people),
        gradient=admissions_gradient(counted["admissions"], rule),
        conditions=leading_conditions(counted["conditions"], levels[-1].people, parameters, on, rule),
        several=int(parameters["glance_several_conditions_from"].on(on).number()),
        older_from=int(parameters["glance_older_people_from"].on(on).number()),
        hidden_text=rule.hidden_text,
        rounded_to=rule.base,
        levels_illustrative=parameters["level_rules"].on(on).status == "illustrative",
        segments_illustrative=parameters["core_segments"].on(on).status == "illustrative",
    )


def _counted(
    tables: Mapping[str, ir.Table],
    need: ir.Table,
    on: date,
    neighbourhoods: Mapping[str, tuple[str, ...]],
    parameters: Parameters,
) -> dict[str, list[dict[str, Any]]]:
    """Exact counts, as plain rows; they go no further than this file."""
    ours = with_neighbourhood(need, neighbourhoods)
    care = year_of_care(tables["activity"], ours, on=on)
    shares = parameters["glance_cost_curve_shares"].on(on).value
    wanted = {
        "people": glance_people(ours, care, parameters, on=on),
        "headlines": glance_headlines(ours, parameters, on=on),
        "curve": glance_cost_curve(care, shares),
        "admissions": glance_admissions(ours, care, parameters, on=on),
        "conditions": glance_conditions(tables["conditions"], ours, parameters, on=on),
    }
    return {name: table.to_pyarrow().to_pylist() for name, table in wanted.items()}
