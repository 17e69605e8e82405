"""How does need spread over the neighbourhoods and practices of a place, and what does it cost?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from ibis.backends import BaseBackend

from commonweal.core.errors import InputError
from commonweal.core.parameters import Parameters
from commonweal.need.disclosure import (
    DisclosureRule,
    disclosed_counts,
    disclosed_grid,
    disclosed_mean,
    disclosed_rate,
    disclosed_sum,
    disclosed_sum_total,
    disclosed_total,
    disclosure_rule,
)
from commonweal.need.kept import kept_person_need
from commonweal.need.profile_tables import against_the_source, level_reasons, need_profile_counts
from commonweal.people.record import Record
from commonweal.place.folder import Place

PLACE, NEIGHBOURHOOD, PRACTICE = "place", "neighbourhood", "practice"
LEVEL, SEGMENT, GROUP = "level", "core_segment", "bridges_to_health"
GROUPINGS = (LEVEL, SEGMENT, GROUP)
SHARE_PLACES = 3
Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Area:
    """A place, a neighbourhood or a practice."""

    kind: str
    neighbourhood_code: str | None = None
    practice_code: str | None = None


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """People of one group in one area, as they may be shown; None where few people are hidden.

    people_of_area   all groups together, of what is shown of them
    """

    area: Area
    grouping: str
    group: str
    label: str
    people: int | None
    people_of_area: int | None
    share: Decimal | None
    mean_age: Decimal | None
    cost_per_head: Decimal | None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why people are at a level: the row of the rule, and how many it put there."""

    level: str
    because: str
    people: int | None


@dataclass(frozen=True, slots=True)
class TypicalShare:
    """The share of people that the framework thought typical of a level, and whether the place's lies in it."""

    level: str
    at_least: Decimal
    at_most: Decimal
    share: Decimal | None

    @property
    def within(self) -> bool | None:
        """Whether the place's share is a typical one; None where it is hidden."""
        return None if self.share is None else self.at_least <= self.share <= self.at_most


@dataclass(frozen=True, slots=True)
class SourceComparison:
    """How many people our score agrees on with the source's own, and on how many it is higher or lower."""

    score: str
    compared: int | None
    same: int | None
    higher: int | None
    lower: int | None


@dataclass(frozen=True, slots=True)
class NeedProfile:
    """Levels, segments and groups of a place's people on a day, by neighbourhood and practice.

    rows      by area (place, neighbourhoods, practices), grouping and group; every group of every area
    """

    on: date
    synthetic: bool
    hidden_text: str
    rows: tuple[ProfileRow, ...]
    reasons: tuple[Reason, ...]
    typical: tuple[TypicalShare, ...]
    source: tuple[SourceComparison, ...]

    def of(self, kind: str, grouping: str) -> list[ProfileRow]:
        """The rows of one kind of area and one grouping."""
        return [row for row in self.rows if row.area.kind == kind and row.grouping == grouping]


def place_need_profile(
    place: Place, record: Record, engine: BaseBackend, *, parameters: Parameters, on: date | None = None
) -> NeedProfile:
    """The need of the people registered with a place's practices on a day.

    Takes    on: the record's end when not given.
    Raises   InputError for a day that the record says nothing of, or on which nobody is registered.
    """
    day = on or record.end
    if not record.start < day <= record.end:
        raise InputError(
            f"The record holds what happened from {record.start} until before {record.end}; it says nothing of {day}.",
            mend=f"Ask for a day after {record.start}, up to {record.end}.",
        )
    need = kept_person_need(place.path, record, engine, on=day, parameters=parameters)
    tables = record.tables(engine)
    counts = need_profile_counts(need, tables["activity"], place.practice_codes, on=day)
    asked = (counts, level_reasons(need, place.practice_codes), against_the_source(need, place.practice_codes))
    counted, reasons, compared = (engine.to_pyarrow(table).to_pylist() for table in asked)
    if not counted:
        raise InputError(
            f"Nobody is registered with the place's practices on {day}.", mend="Check the record's practice codes."
        )
    homes = {code: name for name, held in place.neighbourhoods.items() for code in held.practice_codes}
    return need_profile(counted, reasons, compared, homes, parameters, on=day, synthetic=record.synthetic)


def need_profile(
    counted: Rows,
    reasons: Rows,
    compared: Rows,
    homes: Mapping[str, str],
    parameters: Parameters,
    *,
    on: date,
    synthetic: bool = False,
) -> NeedProfile:
    """A profile from exact counts, by the small-number rule.

    Takes    counted, reasons, compared: as the functions of profile_tables return. homes: neighbourhood by practice;
             a practice may be in none.
    """
    rule = disclosure_rule(parameters, on=on)
    rows = [
        row
        for grouping in GROUPINGS
        for row in _rows(counted, grouping, group_labels(grouping, parameters, on=on), homes, rule)
    ]
    kinds = (PLACE, NEIGHBOURHOOD, PRACTICE)
    rows.sort(key=lambda row: kinds.index(row.area.kind))
    shares = {row.group: row.share for row in rows if row.area.kind == PLACE and row.grouping == LEVEL}
    return NeedProfile(
        on,
        synthetic,
        rule.hidden_text,
        tuple(rows),
        _reasons(reasons, parameters, rule, on=on),
        tuple(
            TypicalShare(held["level"], Decimal(held["at_least"]), Decimal(held["at_most"]), shares[held["level"]])
            for held in parameters["level_shares"].on(on).value
        ),
        _compared(compared, rule),
    )


def group_labels(grouping: str, parameters: Parameters, *, on: date) -> dict[str, str]:
    """The groups of a grouping in order, and what they are called."""
    if grouping == LEVEL:
        return {row["level"]: row["label"] for row in parameters["levels_of_need"].on(on).value}
    if grouping == SEGMENT:
        return {
            row["segment"]: f"Core Segment {row['segment'][-1]}" for row in parameters["core_segments"].on(on).value
        }
    in_use = str(parameters["need_groups_in_use"].on(on).value)
    return {row["group"]: row["label"] for row in parameters[in_use].on(on).value}


@dataclass(slots=True)
class _Cell:
    people: int = 0
    people_with_age: int = 0
    age_years: int = 0
    cost_pence: int = 0


def _rows(
    counted: Rows, grouping: str, labels: Mapping[str, str], homes: Mapping[str, str], rule: DisclosureRule
) -> Iterable[ProfileRow]:
    cells = _cells(counted, grouping, labels)
    grid = disclosed_grid({code: {g: c.people for g, c in mine.items()} for code, mine in cells.items()}, rule)
    practices = sorted(cells)
    areas = [(Area(PLACE), practices)]
    for name in sorted(set(homes.values())):
        areas.append((Area(NEIGHBOURHOOD, name), [code for code in practices if homes.get(code) == name]))
    areas += [(Area(PRACTICE, homes.get(code), code), [code]) for code in practices]
    for area, codes in areas:
        shown = {group: [grid.cells[code][group] for code in codes] for group in labels}
        totals = {group: disclosed_total(held, rule).value for group, held in shown.items()}
        everybody = disclosed_total((count for held in shown.values() for count in held), rule).value
        for group, label in labels.items():
            mine = [cells[code][group] for code in codes]
            yield ProfileRow(
                area,
                grouping,
                group,
                label,
                totals[group],
                everybody,
                disclosed_rate(totals[group], everybody, places=SHARE_PLACES),
                _mean_age(mine, shown[group]),
                _cost_per_head(mine, shown[group], rule),
            )


def _cells(counted: Rows, grouping: str, labels: Mapping[str, str]) -> dict[str, dict[str, _Cell]]:
    found: dict[str, dict[str, _Cell]] = {}
    for row in counted:
        cell = found.setdefault(row["practice_code"], {group: _Cell() for group in labels})[str(row[grouping])]
        cell.people += row["people"]
        cell.people_with_age += row["people_with_age"]
        cell.age_years += row["age_years"]
        cell.cost_pence += row["cost_pence"]
    return found


def _mean_age(cells: Sequence[_Cell], shown: Sequence[int | None]) -> Decimal | None:
    """The mean of the practices' mean ages over their people as shown, so that it says no more than they do.

    Whole years: a tenth of a year would tell how many people it is the mean of.
    """
    held = [
        (_whole(Decimal(cell.age_years) / cell.people_with_age), count)
        for cell, count in zip(cells, shown, strict=True)
        if count and cell.people_with_age
    ]
    people = sum(count for _, count in held)
    return _whole(sum((age * count for age, count in held), Decimal(0)) / people) if people else None


def _cost_per_head(cells: Sequence[_Cell], shown: Sequence[int | None], rule: DisclosureRule) -> Decimal | None:
    """Money shown over people shown; practices with few people are left out of both."""
    sums = [
        disclosed_sum(cell.cost_pence, cell.people, rule) if count else None
        for cell, count in zip(cells, shown, strict=True)
    ]
    people = sum(count or 0 for count in shown)
    return disclosed_mean(disclosed_sum_total(sums), people) if people else None


def _reasons(rows: Rows, parameters: Parameters, rule: DisclosureRule, *, on: date) -> tuple[Reason, ...]:
    counts = {(str(row["level"]), str(row["level_because"])): int(row["people"]) for row in rows}
    order = [(str(row["group"]), str(row["label"])) for row in parameters["level_rules"].on(on).value]
    whole = parameters["levels_of_need"].on(on).value[0]
    order.append((str(whole["level"]), str(whole["label"])))
    held = disclosed_counts({key: counts.get(key, 0) for key in order}, rule).counts
    return tuple(Reason(level, because, people) for (level, because), people in held.items())


def _compared(rows: Rows, rule: DisclosureRule) -> tuple[SourceComparison, ...]:
    found = []
    for row in sorted(rows, key=lambda row: str(row["score"])):
        held = disclosed_counts({name: row[name] for name in ("same", "higher", "lower")}, rule)
        counts = held.counts
        found.append(
            SourceComparison(row["score"], held.total.value, counts["same"], counts["higher"], counts["lower"])
        )
    return tuple(found)


def _whole(number: Decimal) -> Decimal:
    return number.quantize(Decimal(1), rounding=ROUND_HALF_UP)
