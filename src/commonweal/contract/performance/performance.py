"""What does a scheme of performance pay come to, for one provider and a year?

Written once with lines: exact decimals pay a year, arrays of floats value thousands of futures at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from commonweal.contract.performance.chance import ChanceRange, chance_range
from commonweal.contract.performance.clause import PerformanceScheme
from commonweal.contract.performance.combining import DomainScore, TotalScore, domain_scores, total_score
from commonweal.contract.performance.measured import Measured
from commonweal.contract.performance.paying import Payment, input_lines, payment
from commonweal.contract.performance.scoring import MeasureScore, measure_scores
from commonweal.core.amounts import Line


@dataclass(frozen=True, slots=True)
class Performance:
    """A scheme worked out: each measure, domain, the total and the money; and what chance alone does to each score."""

    scheme: PerformanceScheme
    on: date
    measures: Mapping[str, MeasureScore]
    domains: Mapping[str, DomainScore]
    total: TotalScore
    payment: Payment
    chance: Mapping[str, ChanceRange]

    @property
    def result(self) -> Line | None:
        """The line that explains everything: the true-up, what was earned, or the total."""
        return self.payment.true_up or self.payment.earned or self.total.score


def performance(
    scheme: PerformanceScheme, held: Mapping[str, Measured], inputs: Mapping[str, Any], on: date, *, chance: bool = True
) -> Performance:
    """A scheme applied to what was measured.

    Takes    held: what came of each measure by name; one that is left out was not measured.
             inputs: the scheme's inputs by name; on: the day whose terms hold; chance: whether to say what chance does.
    Raises   InputError for what cannot be scored, naming where it stands.
    """
    lines = input_lines(scheme, inputs)
    scores = measure_scores(scheme, held, on)
    domains = domain_scores(scheme, scores, on)
    whole = total_score(scheme, domains, on)
    paid = payment(scheme, whole, domains, lines, on)
    ranges = {}
    if chance:
        ranges = {name: found for name in scores if (found := chance_range(scheme, scores[name], held.get(name), on))}
    return Performance(scheme, on, scores, domains, whole, paid, ranges)
