"""How unequal is care or need between groups, how sure is that, and what of it may be shown?

Everything here has been through the small-number rule: None stands for what is hidden. Counts, crude rates and totals
are made from counts as shown; standardised rates and what follows from them are given to few figures, and not at all
for a group that is hidden or had too few events (docs/explanation/how-inequality-is-measured.md).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from commonweal.core.errors import InputError
from commonweal.core.parameters import Parameters
from commonweal.core.periods import Period
from commonweal.need.disclosure import (
    DisclosedTotal,
    DisclosureRule,
    disclosed_count,
    disclosed_sum,
    disclosed_total,
    disclosure_rule,
    to_figures,
)
from commonweal.need.inequality_counts import Measure
from commonweal.need.inequality_people import CORE20, NOT_CORE20
from commonweal.need.rates import (
    Estimate,
    crude_rate,
    directly_standardised_rate,
    proportion,
    ratio_of_rates,
    standardised_mean,
)
from commonweal.need.slope_index import Kind, SlopeIndex, slope_index

DAYS_IN_A_YEAR = 365.25
# The groups that have an order, from most to least deprived, and the two whose ratio is the gradient.
ORDERED: Mapping[str, tuple[str, ...]] = {
    "deprivation": tuple("12345"),
    "decile": tuple(str(decile) for decile in range(1, 11)),
    "core20": (CORE20, NOT_CORE20),
}
SLOPED = ("deprivation", "decile")


@dataclass(frozen=True, slots=True)
class Limits:
    """A statistic with its interval, to the figures that may be shown."""

    value: Decimal
    lower: Decimal
    upper: Decimal


@dataclass(frozen=True, slots=True)
class GroupRate:
    """One group as it may be shown.

    group          its code, None for people whose group is not known
    people         people with any day in the period, or registered on the day for a share
    person_years   years that they were registered; None for a share too
    events         events, or people at the level of need; None for money too
    crude, standardised  rates by the measure's `per`; money in pounds a head and year
    """

    group: str | None
    label: str
    people: int | None
    person_years: int | None
    events: int | None
    crude: Limits | None
    standardised: Limits | None


@dataclass(frozen=True, slots=True)
class Inequality:
    """One measure compared between the groups of one grouping.

    period        its days; for a share the day is the first of the period
    totals        people, person_years and events over the groups, from what is shown of each
    gradient      standardised rate of the most over that of the least deprived group; None where there is no order,
                  or either is hidden
    slope, relative  slope and relative index over all groups of the order; None where a group is missing
    not_standardised  people without age or sex, whom standardised rates leave out; None where few
    rule          the small-number rule that was followed
    """

    measure: Measure
    by: str
    period: Period
    groups: tuple[GroupRate, ...]
    totals: Mapping[str, DisclosedTotal]
    gradient: Limits | None
    slope: Limits | None
    relative: Limits | None
    not_standardised: int | None
    least_events: int
    confidence: Decimal
    rule: DisclosureRule


@dataclass(frozen=True, slots=True)
class Terms:
    """What rates are made with: the rule, the standard population by first year of age, and the limits of sense."""

    rule: DisclosureRule
    standard: Mapping[int, float]
    confidence: float
    least_events: int
    fewest_quantiles: int
    repetitions: int


def inequality_terms(parameters: Parameters, *, on: date) -> Terms:
    """What rates are made with on a day.

    Source   parameters/inequality.yaml and parameters/disclosure.yaml.
    """
    standard = {int(row["from_age"]): float(row["people"]) for row in parameters["standard_population"].on(on).value}
    return Terms(
        rule=disclosure_rule(parameters, on=on),
        standard=standard,
        confidence=float(parameters["inequality_confidence"].on(on).number()),
        least_events=int(parameters["standardised_rate_least_events"].on(on).number()),
        fewest_quantiles=int(parameters["slope_index_fewest_quantiles"].on(on).number()),
        repetitions=int(parameters["slope_index_repetitions"].on(on).number()),
    )


def inequality(
    counts: Iterable[Mapping[str, Any]],
    *,
    of: Measure,
    by: str,
    period: Period,
    labels: Mapping[str, str],
    terms: Terms,
) -> Inequality:
    """One measure compared between groups.

    Takes    counts: rows of the table `inequality_counts`. labels: what the groups are called, in the order in which
             they are shown; a group without a label is shown last under its code.
    Returns  every group with anybody in it, rates, gradient and indices, as they may be shown.
    """
    strata: dict[str | None, list[Mapping[str, Any]]] = {}
    for row in sorted(counts, key=_stratum):
        strata.setdefault(row["group"], []).append(row)
    held = {name: _GroupCounts(rows, of, terms) for name, rows in strata.items()}
    order = [name for name in labels if name in held] + sorted(name for name in held if name and name not in labels)
    groups = [held[name].shown(name, labels.get(name, name)) for name in order]
    if None in held:
        groups.append(held[None].shown(None, "Not known"))
    gradient, index = _gradient(held, by, terms), _index(held, groups, by, of, terms)
    unknown = sum(row["people"] for rows in strata.values() for row in rows if not _known(row))
    return Inequality(
        measure=of,
        by=by,
        period=period,
        groups=tuple(groups),
        totals=_totals(groups, terms.rule),
        gradient=gradient,
        slope=_limits(index.slope, terms) if index else None,
        relative=_limits(index.relative, terms) if index else None,
        not_standardised=disclosed_count(unknown, terms.rule),
        least_events=terms.least_events,
        confidence=Decimal(str(terms.confidence)),
        rule=terms.rule,
    )


class _GroupCounts:
    """The strata of one group, added up, and what may be shown of them."""

    def __init__(self, rows: Sequence[Mapping[str, Any]], of: Measure, terms: Terms) -> None:
        self.rows, self.of, self.terms = rows, of, terms
        self.people = disclosed_count(sum(row["people"] for row in rows), terms.rule)
        days = sum(row["days"] for row in rows)
        self.person_years = None if of.share else disclosed_count(round(days / DAYS_IN_A_YEAR), terms.rule)
        self.amount = sum(row["amount"] for row in rows)
        self.events = None if of.money else disclosed_count(self.amount, terms.rule)

    @property
    def under(self) -> int | None:
        """What its rates are out of, as shown."""
        return self.people if self.of.share else self.person_years

    @property
    def hidden(self) -> bool:
        """Whether nothing may be made of it."""
        return not self.people or not self.under or (self.events is None and not self.of.money)

    def shown(self, group: str | None, label: str) -> GroupRate:
        """The group as it may be shown."""
        rate = self.standardised()
        return GroupRate(
            group,
            label,
            self.people,
            self.person_years,
            self.events,
            self._crude(),
            _limits(rate, self.terms) if rate else None,
        )

    def _crude(self) -> Limits | None:
        """From what is shown of the group and nothing else."""
        if self.hidden or self.under is None:
            return None
        confidence, per = self.terms.confidence, self.of.per
        if self.of.money:
            pence = disclosed_sum(self.amount, self.people or 0, self.terms.rule)
            mean = (pence or 0) / 100 / self.under
            reach = self._spread_of_money()
            return _limits(Estimate(mean, mean - reach, mean + reach), self.terms)
        events = self.events or 0
        if self.of.share:
            found = proportion(min(events, self.under), self.under, confidence=confidence).times(per)
        else:
            found = crude_rate(events, self.under, per=per, confidence=confidence)
        return _limits(found, self.terms)

    def _spread_of_money(self) -> float:
        assert self.under is not None
        whole = standardised_mean(
            [0.0], [sum(row["squares"] for row in self.rows)], [self.under], [1], confidence=self.terms.confidence
        )
        return whole.upper - whole.value

    def standardised(self) -> Estimate | None:
        """Standardised for age and sex from the strata themselves; None where hidden, or on too few events."""
        known = [row for row in self.rows if _known(row)]
        amount = sum(row["amount"] for row in known)
        if self.hidden or not known or (not self.of.money and amount < self.terms.least_events):
            return None
        weights = [self.terms.standard[row["standard_age"]] / 2 for row in known]
        under = [row["people"] if self.of.share else row["days"] / DAYS_IN_A_YEAR for row in known]
        amounts = [row["amount"] for row in known]
        confidence = self.terms.confidence
        if self.of.money:
            pounds = [pence / 100 for pence in amounts]
            return standardised_mean(pounds, [row["squares"] for row in known], under, weights, confidence=confidence)
        return directly_standardised_rate(amounts, under, weights, per=self.of.per, confidence=confidence)


def _gradient(held: Mapping[str | None, _GroupCounts], by: str, terms: Terms) -> Limits | None:
    order = ORDERED.get(by, ())
    if not order or not {order[0], order[-1]} <= set(held):
        return None
    most, least = held[order[0]].standardised(), held[order[-1]].standardised()
    if most is None or least is None:
        return None
    ratio = ratio_of_rates(most, least, confidence=terms.confidence)
    return _limits(ratio, terms)


def _index(
    held: Mapping[str | None, _GroupCounts], groups: Sequence[GroupRate], by: str, of: Measure, terms: Terms
) -> SlopeIndex | None:
    """The slope through all groups of an order, from their rates as they are shown; None where one is missing."""
    order = ORDERED[by] if by in SLOPED else ()
    shown = {group.group: group.standardised for group in groups}
    rates = [rate for name in order if (rate := shown.get(name)) is not None]
    if not order or len(rates) < len(order) or len(rates) < terms.fewest_quantiles:
        return None
    people = [float(held[name].under or 0) for name in order]
    scale = of.per if of.share else 1
    kind: Kind = "other" if of.money else "proportion" if of.share else "rate"
    try:
        return _scaled(
            slope_index(
                people,
                [float(rate.value) / scale for rate in rates],
                kind=kind,
                lower=[float(rate.lower) / scale for rate in rates],
                upper=[float(rate.upper) / scale for rate in rates],
                confidence=terms.confidence,
                repetitions=terms.repetitions,
            ),
            scale,
        )
    except InputError:
        # A rate whose interval reaches nought has no logarithm, and so no simulated gradient.
        return None


def _scaled(index: SlopeIndex, scale: float) -> SlopeIndex:
    return SlopeIndex(index.slope.times(scale), index.relative, index.most * scale, index.least * scale)


def _totals(groups: Sequence[GroupRate], rule: DisclosureRule) -> dict[str, DisclosedTotal]:
    names = [name for name in ("people", "person_years", "events") if any(getattr(g, name) is not None for g in groups)]
    return {name: disclosed_total((getattr(group, name) for group in groups), rule) for name in names}


def _limits(found: Estimate | None, terms: Terms) -> Limits | None:
    if found is None or not math.isfinite(found.value):
        return None
    return Limits(
        *(to_figures(Decimal(repr(float(x))), terms.rule.figures) for x in (found.value, found.lower, found.upper))
    )


def _known(row: Mapping[str, Any]) -> bool:
    return row["sex"] is not None and row["standard_age"] is not None


def _stratum(row: Mapping[str, Any]) -> tuple[str, str, int]:
    age = row["standard_age"]
    return (row["group"] or "", row["sex"] or "", -1 if age is None else age)
