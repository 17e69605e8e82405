"""Which figures of a population may be shown, and what are they?

Counts come in exact and go out through the small-number rule: None stands for a number of few people.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any, TypeVar

from commonweal.core.parameters import Parameters
from commonweal.need.conditions_held import condition_rows
from commonweal.need.disclosure import (
    DisclosedGrid,
    DisclosureRule,
    disclosed_count,
    disclosed_counts,
    disclosed_grid,
    disclosed_mean,
    disclosed_rate,
    disclosed_sum,
    disclosed_sum_total,
    disclosed_total,
)

SEXES = ("F", "M")
# Shares are shown to a tenth of a per cent.
SHARE_PLACES = 3
MEASURES = ("older", "in_care_homes", "most_deprived", "deprivation_known", "several_conditions")

Rows = Sequence[Mapping[str, Any]]
Row = TypeVar("Row", bound=Hashable)
Column = TypeVar("Column", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Part:
    """People of one kind: how many, and which share of all; None where they are few."""

    label: str
    people: int | None
    share: Decimal | None


@dataclass(frozen=True, slots=True)
class AgeBand:
    """People of one age band by sex. `label` as in 65-69; sex not known is left out."""

    label: str
    women: int | None
    men: int | None


@dataclass(frozen=True, slots=True)
class Mix:
    """The people of one neighbourhood, or of all, in parts that make a whole: levels of need, or segments."""

    name: str
    people: int | None
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class SegmentCost:
    """What the care of the people of one Core Segment cost in the year.

    cost        pounds; share: of the cost of all; per_head: pounds a person
    """

    segment: str
    people: int | None
    people_share: Decimal | None
    cost: Decimal | None
    share: Decimal | None
    per_head: Decimal | None


@dataclass(frozen=True, slots=True)
class CostPoint:
    """The part of the cost that the costliest share of people have."""

    people_share: Decimal
    cost_share: Decimal


def level_labels(parameters: Parameters, on: date) -> dict[int, str]:
    """The levels of need by number, and what they are called."""
    return {int(row["level"]): f"{row['level']} {row['label']}" for row in parameters["levels_of_need"].on(on).value}


def segment_labels(parameters: Parameters, on: date) -> dict[str, str]:
    """The Core Segments and what they are called, in order."""
    return {row["segment"]: row["segment"] for row in parameters["core_segments"].on(on).value}


def _grid(
    rows: Rows,
    row_of: Callable[[Mapping[str, Any]], Row],
    column: str,
    wanted: tuple[Sequence[Row], Sequence[Column]],
    rule: DisclosureRule,
) -> DisclosedGrid[Row, Column]:
    """People by two things; nought where nobody is counted, so that every cell wanted is there."""
    cells: dict[Row, dict[Column, int]] = {name: dict.fromkeys(wanted[1], 0) for name in wanted[0]}
    for row in rows:
        if row_of(row) in cells and row[column] in cells[row_of(row)]:
            cells[row_of(row)][row[column]] += row["people"]
    return disclosed_grid(cells, rule)


def mixes(
    rows: Rows,
    column: str,
    labels: Mapping[Any, str],
    names: Sequence[str],
    rule: DisclosureRule,
) -> tuple[Mix, ...]:
    """Each neighbourhood's people by level or segment, then everybody's."""
    grid = _grid(rows, lambda row: str(row["neighbourhood"]), column, (names, tuple(labels)), rule)
    found = [_mix(name, grid.row_totals[name].value, grid.cells[name], labels) for name in names]
    together = {part: grid.column_totals[part].value for part in labels}
    return (*found, _mix("All", grid.total.value, together, labels))


def _mix(name: str, people: int | None, parts: Mapping[Any, int | None], labels: Mapping[Any, str]) -> Mix:
    held = tuple(
        Part(label, parts[part], disclosed_rate(parts[part], people, places=SHARE_PLACES))
        for part, label in labels.items()
    )
    return Mix(name, people, held)


def measures_by_neighbourhood(
    headlines: Rows, levels: Sequence[Mix], rule: DisclosureRule
) -> list[tuple[str, dict[str, Part]]]:
    """Headline numbers by neighbourhood, then of all; each total is of the numbers shown."""
    exact = {row["neighbourhood"]: row for row in headlines}
    found: list[tuple[str, dict[str, Part]]] = []
    for mix in levels[:-1]:
        counts = {name: disclosed_count(exact[mix.name][name] if mix.name in exact else 0, rule) for name in MEASURES}
        found.append((mix.name, _shares(counts, mix.people)))
    together = {name: disclosed_total((held[name].people for _, held in found), rule).value for name in MEASURES}
    return [*found, ("All", _shares(together, levels[-1].people))]


def _shares(counts: Mapping[str, int | None], people: int | None) -> dict[str, Part]:
    """Shares of all people; of the most deprived, among those whose small area is known."""
    of = dict.fromkeys(counts, people) | {"most_deprived": counts["deprivation_known"]}
    return {
        name: Part(name, count, disclosed_rate(count, of[name], places=SHARE_PLACES)) for name, count in counts.items()
    }


def age_bands(rows: Rows, parameters: Parameters, on: date, rule: DisclosureRule) -> tuple[AgeBand, ...]:
    """People by age band and sex, youngest first."""
    firsts = [int(first) for first in parameters["glance_age_bands"].on(on).value]
    grid = _grid(rows, lambda row: row["age_from"], "sex", (firsts, SEXES), rule)
    labels = [f"{first}-{after - 1}" for first, after in pairwise(firsts)] + [f"{firsts[-1]}+"]
    return tuple(
        AgeBand(label, grid.cells[first]["F"], grid.cells[first]["M"])
        for first, label in zip(firsts, labels, strict=True)
    )


def segment_costs(rows: Rows, segments: Sequence[str], rule: DisclosureRule) -> tuple[tuple[SegmentCost, ...], Decimal]:
    """What the care of each segment cost, and what all of it cost in pounds."""
    exact: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        held = exact[row["core_segment"]]
        held[0] += row["people"]
        held[1] += row["cost_pence"]
    people = disclosed_counts({segment: exact[segment][0] for segment in segments}, rule)
    pence = {segment: disclosed_sum(exact[segment][1], exact[segment][0], rule) for segment in segments}
    whole = disclosed_sum_total(pence.values())
    found = tuple(
        SegmentCost(
            segment,
            people.counts[segment],
            disclosed_rate(people.counts[segment], people.total.value, places=SHARE_PLACES),
            _pounds(pence[segment]),
            disclosed_rate(pence[segment], whole, places=SHARE_PLACES),
            disclosed_mean(pence[segment], people.counts[segment]),
        )
        for segment in segments
    )
    return found, Decimal(whole) / 100


def _pounds(pence: int | None) -> Decimal | None:
    return None if pence is None else Decimal(pence) / 100


def cost_curve(rows: Rows, rule: DisclosureRule) -> tuple[CostPoint, ...]:
    """Points of the curve of cost; one with few people between it and the point before is left out."""
    found: list[CostPoint] = []
    people = 0
    for row in sorted(rows, key=lambda row: Decimal(row["share"])):
        if rule.hides(row["people"] - people):
            continue
        people = row["people"]
        part, whole = (disclosed_sum(row[name], people, rule) for name in ("cost_pence", "whole_cost_pence"))
        share = disclosed_rate(part, whole, places=SHARE_PLACES)
        if share is not None:
            found.append(CostPoint(Decimal(row["share"]), share))
    return tuple(found)


def leading_conditions(
    rows: Rows, people: int | None, parameters: Parameters, on: date, rule: DisclosureRule
) -> tuple[Part, ...]:
    """The most frequent conditions; equal ones in order of name."""
    labels = _condition_labels(parameters, on)
    counts = {row["condition"]: disclosed_count(row["people"], rule) for row in rows}
    ranked = sorted(counts, key=lambda code: (-(counts[code] or 0), labels[code]))
    most = int(parameters["glance_conditions_shown"].on(on).number())
    return tuple(
        Part(labels[code], counts[code], disclosed_rate(counts[code], people, places=SHARE_PLACES))
        for code in ranked[:most]
        if counts[code]
    )


def _condition_labels(parameters: Parameters, on: date) -> dict[str, str]:
    """Names of conditions; what several codes count as is named as it is written, in words."""
    rows = condition_rows(parameters, on=on)
    together = {
        row["counts_as"]: row["counts_as"].replace("_", " ").capitalize() for row in rows if row.get("counts_as")
    }
    return {row["code"]: row["label"] for row in rows} | together
