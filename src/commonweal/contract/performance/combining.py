"""How do the points of measures become domains, and domains a total?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from commonweal.contract.performance.clause import PerformanceScheme
from commonweal.contract.performance.scoring import MeasureScore
from commonweal.core.amounts import Line, given, over, times, total
from commonweal.core.scores import POINTS


@dataclass(frozen=True, slots=True)
class DomainScore:
    """One domain: its score, the most it can be, its weight among the domains that have one, and both together.

    score, counted_weight, weighted   None where too few of its measures have points
    """

    domain: str
    measures: int
    score: Line | None
    most: Line
    counted_weight: Line | None = None
    weighted: Line | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class TotalScore:
    """The domains together: the total and the most it can be; None where too few domains have a score."""

    score: Line | None
    most: Line | None
    why: str = ""


def domain_scores(scheme: PerformanceScheme, scores: Mapping[str, MeasureScore], on: date) -> dict[str, DomainScore]:
    """Each domain's points earned over points possible, times its scale, and its weight once others are missing."""
    found = {name: _domain(scheme, name, scores, on) for name in scheme.domains}
    there = [name for name, domain in found.items() if domain.score is not None]
    if not there:
        return found
    weights = {name: _weight(scheme, name, on) for name in found}
    counting = found if scheme.total.missing == "zero" else there
    lines = [line for line in (weights[name] for name in counting) if line is not None]
    if not lines:
        return {name: replace(domain, weighted=domain.score) for name, domain in found.items()}
    whole = total("weights of the domains that count", *lines)
    return {name: _weighted(domain, weights[name], whole) for name, domain in found.items()}


def _domain(scheme: PerformanceScheme, name: str, scores: Mapping[str, MeasureScore], on: date) -> DomainScore:
    domain = scheme.domains[name]
    of = [score for key, score in scores.items() if scheme.measures[key].domain == name]
    all_points = total(f"points of all measures of {domain.label}", *(_points(score.most) for score in of))
    most = scheme.number(domain.scale, on) if domain.scale else all_points
    there = [score for score in of if score.points is not None]
    least = scheme.number(domain.minimum_measures, on).amount if domain.minimum_measures else Decimal(1)
    if not there or len(there) < least:
        return DomainScore(name, len(there), None, most, why=f"{len(there)} of its measures have points")
    earned = total(f"{domain.label}: points earned", *(score.points for score in there if score.points is not None))
    if domain.scale is None and len(there) == len(of):
        return DomainScore(name, len(there), earned.renamed(domain.label), most)
    possible = total(f"{domain.label}: points possible", *(_points(score.most) for score in there))
    scaled = times(f"{earned.name} × {most.name}", earned, most)
    return DomainScore(name, len(there), over(domain.label, scaled, possible, unit=POINTS), most)


def _points(line: Line) -> Line:
    # Points of different terms are one unit.
    return replace(line, unit=POINTS)


def _weight(scheme: PerformanceScheme, name: str, on: date) -> Line | None:
    term = scheme.domains[name].weight
    return (
        replace(scheme.number(term, on), name=f"weight of {scheme.domains[name].label}", unit="share") if term else None
    )


def _weighted(domain: DomainScore, weight: Line | None, whole: Line) -> DomainScore:
    if weight is None or whole.amount == 0:
        return domain
    shared = whole.amount == 1
    counted = weight if shared else over(f"{weight.name}, others missing", weight, whole, unit="share")
    if domain.score is None:
        return replace(domain, counted_weight=counted)
    name = f"{domain.score.name}, weighted"
    # Multiplied first and divided once, so that nothing is lost that a half penny could show.
    weighed = times(name if shared else f"{domain.score.name} × {weight.name}", domain.score, weight)
    return replace(
        domain, counted_weight=counted, weighted=weighed if shared else over(name, weighed, whole, unit=POINTS)
    )


def total_score(scheme: PerformanceScheme, domains: Mapping[str, DomainScore], on: date) -> TotalScore:
    """The weighted domains added up; those without a score carry no weight, or count nothing, as the scheme says."""
    rule = scheme.total
    there = [domain for domain in domains.values() if domain.weighted is not None]
    least = scheme.number(rule.minimum_domains, on).amount if rule.minimum_domains else Decimal(1)
    if not there or len(there) < least:
        why = f"{len(there)} of {len(domains)} domains have a score"
        if rule.too_few == "not_scored":
            return TotalScore(None, None, why)
        return TotalScore(given(rule.label, 0, unit=POINTS, working=f"nothing: {why}"), _most(domains.values()), why)
    score = total(rule.label, *(domain.weighted for domain in there if domain.weighted is not None))
    most = _most(domains.values() if rule.missing == "zero" else there)
    every = _most(domains.values())
    unweighted = all(domain.weight is None for domain in scheme.domains.values())
    if unweighted and rule.missing == "reweight" and len(there) < len(domains):
        scaled = times(f"{score.name} × {every.name}", score, every)
        return TotalScore(over(rule.label, scaled, most, unit=POINTS), every)
    return TotalScore(score, most)


def _most(domains: Iterable[DomainScore]) -> Line:
    lines = []
    for domain in domains:
        most, weight = _points(domain.most), domain.counted_weight
        lines.append(most if weight is None else times(f"{most.name} × {weight.name}", most, weight))
    return total("the greatest total", *lines)
