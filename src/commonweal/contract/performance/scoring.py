"""How many points does each measure of a scheme earn?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

import numpy as np

from commonweal.contract.performance import rules
from commonweal.contract.performance.clause import PerformanceScheme
from commonweal.contract.performance.measured import Measured, counted, unit_of
from commonweal.core.amounts import Line, given, over, times
from commonweal.core.errors import InputError
from commonweal.core.scores import (
    POINTS,
    achievement,
    banded,
    better_of,
    consistency,
    improvement,
    linear,
    mean_in_whole_points,
    stepped,
)

State = Literal["measured", "handed_in", "protected", "zero", "left_out"]
OF_OTHERS = (rules.Consistency, rules.MeanOf)


@dataclass(frozen=True, slots=True)
class MeasureScore:
    """One measure scored: the value that counts, its points, the most it can earn, and the points of each score tried.

    state   measured, handed_in (points of somebody else), protected (at the last value), zero or left_out
    why     why no value counts, where none does
    """

    measure: str
    value: Line | None
    points: Line | None
    most: Line
    state: State
    why: str = ""
    denominator: Line | None = None
    tried: Mapping[str, Line] | None = None


def measure_scores(scheme: PerformanceScheme, held: Mapping[str, Measured], on: date) -> dict[str, MeasureScore]:
    """Every measure of a scheme scored by the terms of a day, in the scheme's order.

    Raises   InputError for what is no measure, and for a number that cannot be scored.
    """
    unknown = sorted(set(held) - set(scheme.measures))
    if unknown:
        there = ", ".join(scheme.measures)
        raise InputError(f"'{unknown[0]}' is no measure.", where=scheme.name, mend=f"There are {there}.")
    found: dict[str, MeasureScore] = {}
    for name, measure in scheme.measures.items():
        if not isinstance(scheme.scores[measure.score], OF_OTHERS):
            found[name] = _of_value(scheme, name, held.get(name, Measured()), on)
    for name, measure in scheme.measures.items():
        rule = scheme.scores[measure.score]
        if isinstance(rule, OF_OTHERS):
            found[name] = _of_others(scheme, name, rule, held, found, on)
    return {name: found[name] for name in scheme.measures}


def _of_value(scheme: PerformanceScheme, name: str, held: Measured, on: date) -> MeasureScore:
    most = scheme.most_points(name, on)
    if held.points is not None:
        return _handed_in(scheme, name, held, most)
    found = counted(scheme, name, held, on)
    if found.value is not None:
        tried = _tried(scheme, name, found.value, held, on)
        return MeasureScore(
            name, found.value, _best(scheme, name, tried), most, "measured", "", found.denominator, tried
        )
    if scheme.missing_rule(name) != "protect":
        return _missing(scheme, name, most, found.why_not, found.denominator)
    label = scheme.measures[name].label
    if held.last is None:
        mend = "Give it as 'last', or let the scheme re-weight or count nothing."
        raise InputError(
            f"{label} is protected at its last value ({found.why_not}) and has none.",
            where=held.where or f"measure '{name}'",
            mend=mend,
        )
    last = given(
        label, held.last, unit=unit_of(scheme.measures[name]), working=f"its last value, as it was {found.why_not}"
    )
    tried = _tried(scheme, name, last, held, on)
    return MeasureScore(
        name, last, _best(scheme, name, tried), most, "protected", found.why_not, found.denominator, tried
    )


def _handed_in(scheme: PerformanceScheme, name: str, held: Measured, most: Line) -> MeasureScore:
    if np.any(np.asarray(held.points) > most.amount):
        raise InputError(
            f"has more than the {most.amount} points it can earn.",
            where=held.where or f"measure '{name}'",
            mend="Mend the points.",
        )
    points = given(scheme.measures[name].label, held.points, unit=POINTS, working="points as handed in")
    return MeasureScore(name, None, points, most, "handed_in")


def _missing(
    scheme: PerformanceScheme, name: str, most: Line, why: str, denominator: Line | None = None
) -> MeasureScore:
    if scheme.missing_rule(name) == "zero":
        nothing = given(scheme.measures[name].label, 0, unit=POINTS, working=f"nothing: {why}")
        return MeasureScore(name, None, nothing, most, "zero", why, denominator)
    return MeasureScore(name, None, None, most, "left_out", why, denominator)


def _best(scheme: PerformanceScheme, name: str, tried: Mapping[str, Line]) -> Line:
    label = scheme.measures[name].label
    lines = tuple(tried.values())
    return better_of(label, *lines) if len(lines) > 1 else lines[0].renamed(label)


def _tried(scheme: PerformanceScheme, name: str, value: Line, held: Measured, on: date) -> dict[str, Line]:
    """The points of each score that the measure's own is made of, by name; those without a baseline passed over."""
    score = scheme.measures[name].score
    rule = scheme.scores[score]
    parts = {part: scheme.scores[part] for part in rule.of} if isinstance(rule, rules.BetterOf) else {score: rule}
    able = {
        part: held_rule
        for part, held_rule in parts.items()
        if not isinstance(held_rule, rules.Improvement) or held.baseline is not None
    }
    if not able:
        raise InputError(
            "is scored by improvement and has no baseline.",
            where=held.where or f"measure '{name}'",
            mend="Give it as 'baseline'.",
        )
    return {part: points_by_rule(scheme, name, part, value, held, on) for part, _ in able.items()}


def points_by_rule(scheme: PerformanceScheme, name: str, score: str, value: Line, held: Measured, on: date) -> Line:
    """A value scored by one score of the scheme."""
    rule = scheme.scores[score]
    label = f"{scheme.measures[name].label}: {score.replace('_', ' ')}"
    if isinstance(rule, rules.Stepped):
        steps = scheme.steps(rule.steps, on, name)
        return stepped(label, value, steps, cited=scheme.most_of_steps(rule, name, on))
    term = {field: scheme.number(getattr(rule, field), on, name) for field in rule.refers}
    if isinstance(rule, rules.Achievement):
        return achievement(label, value, term["threshold"], term["benchmark"], term["points"])
    if isinstance(rule, rules.Improvement):
        baseline = given("baseline", held.baseline, unit=value.unit)
        return improvement(label, value, baseline, term["threshold"], term["benchmark"], term["points"])
    if isinstance(rule, rules.Banded):
        ends = (term["floor"], term["target"], term["points"], term["band"])
        return banded(label, value, *ends, rule.rounding)
    earned = linear(label, value, term["floor"], term["target"], term["points"])
    return _by_prevalence(earned, held) if isinstance(rule, rules.LinearByPrevalence) else earned


def _by_prevalence(earned: Line, held: Measured) -> Line:
    if held.prevalence is None or held.national_prevalence is None or np.any(held.national_prevalence == Decimal(0)):
        raise InputError(
            "is paid by prevalence and lacks the practice's or the nation's.",
            where=held.where or earned.name,
            mend="Give 'prevalence' and 'national_prevalence', the latter above 0.",
        )
    own = given("prevalence of the practice", held.prevalence, unit="share")
    nation = given("national prevalence", held.national_prevalence, unit="share")
    return times(f"{earned.name}, by prevalence", earned, over("prevalence factor", own, nation))


def _of_others(
    scheme: PerformanceScheme,
    name: str,
    rule: rules.Consistency | rules.MeanOf,
    held: Mapping[str, Measured],
    found: Mapping[str, MeasureScore],
    on: date,
) -> MeasureScore:
    most = scheme.most_points(name, on)
    own = held.get(name)
    if own is not None and own.points is not None:
        return _handed_in(scheme, name, own, most)
    label = scheme.measures[name].label
    if isinstance(rule, rules.Consistency):
        dimensions = []
        for part in rule.of:
            value = found[part].value
            if value is None:
                return _missing(scheme, name, most, f"{scheme.measures[part].label} has no value")
            ends = (scheme.number(rule.floor, on, part), scheme.number(rule.threshold, on, part))
            dimensions.append((value, *ends))
        return MeasureScore(name, None, consistency(label, dimensions, most), most, "measured")
    there = [found[part] for part in rule.of if found[part].points is not None]
    if not there:
        return _missing(scheme, name, most, "none of its measures has a score")
    return MeasureScore(name, None, _mean(scheme, label, there), most, "measured")


def _mean(scheme: PerformanceScheme, label: str, there: list[MeasureScore]) -> Line:
    scores = [score.points for score in there if score.points is not None]
    if len(scores) == 1:
        return replace(
            scores[0], name=label, working="that of its one measure with a score", parts=(scores[0],), formula="{0}"
        )
    weights = [score.denominator for score in there if score.denominator is not None]
    if len(weights) < len(scores):
        lacking = next(score.measure for score in there if score.denominator is None)
        raise InputError(
            f"{label} is a mean by denominators, and one is missing.",
            where=f"measure '{lacking}'",
            mend="Give its denominator, or the points of the mean.",
        )
    return mean_in_whole_points(label, scores, weights)
