"""How well does a model rank people, and what would those at the top of its list find?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm, rankdata

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]
TENTHS = 10
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class RankedRightly:
    """Area under the receiver operating characteristic (AUROC) with its interval: the share of pairs ranked rightly."""

    auroc: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class TopShare:
    """The people at highest risk: the share of them admitted (ppv), and of all admitted (sensitivity)."""

    share: float
    people: int
    admitted: int
    lowest_risk: float
    ppv: float
    sensitivity: float


@dataclass(frozen=True, slots=True)
class Tenth:
    """A tenth of people in order of risk: what was foretold and what came true."""

    tenth: int
    people: int
    foretold: float
    admitted: int
    observed: float


def ranked_rightly(risk: Floats, admitted: Booleans) -> RankedRightly:
    """The area under the curve and its 95 % interval; not numbers where everybody, or nobody, was admitted.

    Source   DeLong, DeLong and Clarke-Pearson, Biometrics 1988;44:837, by mid-ranks.
    """
    positives, negatives = risk[admitted], risk[~admitted]
    m, n = len(positives), len(negatives)
    if not m or not n:
        return RankedRightly(np.nan, np.nan, np.nan)
    together = rankdata(np.concatenate([positives, negatives]))
    auroc = float((together[:m].sum() - m * (m + 1) / 2) / (m * n))
    if m < 2 or n < 2:
        return RankedRightly(auroc, np.nan, np.nan)
    of_positives = (together[:m] - rankdata(positives)) / n
    of_negatives = 1.0 - (together[m:] - rankdata(negatives)) / m
    error = float(np.sqrt(of_positives.var(ddof=1) / m + of_negatives.var(ddof=1) / n))
    reach = float(norm.ppf(0.5 + CONFIDENCE / 2)) * error
    return RankedRightly(auroc, max(0.0, auroc - reach), min(1.0, auroc + reach))


def risk_order(risk: Floats, person: NDArray[np.int64]) -> NDArray[np.int64]:
    """Positions of people from the highest risk to the lowest; equal risks in the order of pseudonyms."""
    return np.lexsort((person, -risk))


def top_share(risk: Floats, admitted: Booleans, order: NDArray[np.int64], share: float) -> TopShare:
    """What the share of people at highest risk would find.

    Takes    order: positions from the highest risk to the lowest; share: of all people, at least one person.
    """
    people = min(len(order), max(1, round(share * len(order))))
    chosen = order[:people]
    found, total = int(admitted[chosen].sum()), int(admitted.sum())
    lowest = float(risk[chosen[-1]])
    return TopShare(share, people, found, lowest, found / people, found / total if total else np.nan)


def tenths(risk: Floats, admitted: Booleans, order: NDArray[np.int64]) -> tuple[Tenth, ...]:
    """Ten groups of people of equal size from the lowest risk (1) to the highest (10)."""
    parts: Sequence[NDArray[np.int64]] = np.array_split(order[::-1], TENTHS)
    return tuple(
        Tenth(number, len(part), float(risk[part].mean()), int(admitted[part].sum()), float(admitted[part].mean()))
        for number, part in enumerate(parts, start=1)
        if len(part)
    )
