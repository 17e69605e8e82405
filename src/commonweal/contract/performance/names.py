"""Which terms, inputs, scores, measures and domains does a scheme of performance pay name, and where?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from commonweal.contract.performance import rules

if TYPE_CHECKING:
    from commonweal.contract.performance.clause import PerformanceScheme

Named = tuple[tuple[str, ...], str | None, Mapping[str, Any], str]


def named_in(scheme: PerformanceScheme) -> Iterator[Named]:
    """Each: where it is named, the name, among which it must be, and what those are."""
    terms, inputs = scheme.terms, scheme.inputs
    for name, rule in scheme.scores.items():
        for field in rule.refers:
            yield ("scores", name, field), getattr(rule, field), terms, "term"
        for part in getattr(rule, "of", ()):
            better = isinstance(rule, rules.BetterOf)
            there: Mapping[str, Any] = scheme.scores if better else scheme.measures
            yield ("scores", name, "of"), part, there, "score" if better else "measure"
    for name, measure in scheme.measures.items():
        yield ("measures", name, "score"), measure.score, scheme.scores, "score"
        yield ("measures", name, "domain"), measure.domain, scheme.domains, "domain"
        yield ("measures", name, "per"), measure.per, terms, "term"
        yield ("measures", name, "minimum_count"), measure.minimum_count, terms, "term"
    for name, domain in scheme.domains.items():
        for field in ("weight", "scale", "minimum_measures"):
            yield ("domains", name, field), getattr(domain, field), terms, "term"
    yield ("total", "minimum_domains"), scheme.total.minimum_domains, terms, "term"
    if scheme.interim:
        yield ("interim", "share"), scheme.interim.share, terms, "term"
        yield ("interim", "instalments"), scheme.interim.instalments, terms, "term"
        yield ("interim", "of"), scheme.interim.of, {"pool": None, **inputs}, "input"
    yield from _named_by_pay(scheme)


def _named_by_pay(scheme: PerformanceScheme) -> Iterator[Named]:
    pay, terms, inputs = scheme.pay, scheme.terms, scheme.inputs
    if isinstance(pay, rules.PoolPay):
        yield ("pay", "base"), pay.base, inputs, "input"
        yield ("pay", "share"), pay.share, terms, "term"
        for field in ("floor", "target", "steps"):
            yield ("pay", "exchange", field), getattr(pay.exchange, field, None), terms, "term"
        yield ("pay", "exchange", "slope"), getattr(pay.exchange, "slope", None), {**terms, **inputs}, "term or input"
    elif isinstance(pay, rules.PointsPay):
        yield ("pay", "value_of_point"), pay.value_of_point, terms, "term"
        yield ("pay", "list"), pay.list, inputs, "input"
        yield ("pay", "national_list"), pay.national_list, {**terms, **inputs}, "term or input"
