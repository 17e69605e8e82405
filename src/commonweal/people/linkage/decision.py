"""Which pair is a link, which is for a person to decide, and which is neither?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from commonweal.core.errors import ParameterProblem
from commonweal.core.parameters import Parameters

BETWEEN, NEAR_EQUAL, DIFFERS = "between_thresholds", "two_people_near_equal", "name_or_birth_date_differs"
NUMBER_ALONE = "nhs_number_alone"
REASONS = {
    BETWEEN: "The match weight lies between the two thresholds.",
    NEAR_EQUAL: "Two people fit almost equally well.",
    DIFFERS: "The given name or the date of birth is altogether different, as a twin's or a parent's would be.",
    NUMBER_ALONE: "The NHS number agrees, but neither the names nor the date of birth do.",
}
DIFFERENT = 0


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What a pair's match weight is held against, in bits."""

    link: float
    review: float
    margin: float


def thresholds(parameters: Parameters, on: date) -> Thresholds:
    """The thresholds that hold on a day.

    Raises   ParameterProblem when the one that links lies below the one that is reviewed, or the margin below nought.
    """
    link, review, margin = (
        float(parameters[f"linkage_{name}"].on(on).number()) for name in ("link_weight", "review_weight", "margin")
    )
    if link < review or margin < 0:
        raise ParameterProblem(
            f"Links from {link:g} bits, reviews from {review:g}, with a margin of {margin:g}.",
            where="linkage.yaml",
            mend="Link at no less than the weight that is reviewed, and let the margin be nought or more.",
        )
    return Thresholds(link, review, margin)


@dataclass(frozen=True, slots=True)
class Decision:
    """Rows of the pairs handed in: those that link, and those to review with the reason of each."""

    linked: NDArray[np.int64]
    reviewed: NDArray[np.int64]
    reasons: tuple[str, ...]


def decided(pairs: pa.Table, held: Thresholds) -> Decision:
    """What becomes of each record that fits anybody.

    Takes    pairs: of `model.scored_pairs`, in order of record, best first.
    Returns  a record links to its best person when the weight reaches the threshold, nobody else comes within the
             margin, and neither given name nor date of birth is altogether different. What misses any of these but
             reaches the lower threshold is reviewed, together with the others within the margin.
    """
    weight = pairs["match_weight"].to_numpy()
    record = pairs["record"].to_numpy()
    differs = np.zeros(len(weight), dtype=bool)
    for name in ("given_name", "birth_date"):
        differs |= pairs[f"level_{name}"].to_numpy() == DIFFERENT
    first = np.flatnonzero(np.r_[True, record[1:] != record[:-1]]) if len(record) else np.zeros(0, dtype=np.int64)
    ends = np.r_[first[1:], len(record)]
    second = np.where(ends - first > 1, weight[np.minimum(first + 1, max(len(weight) - 1, 0))], -np.inf)
    near = (weight[first] - second < held.margin) & (second >= held.review)
    sure = (weight[first] >= held.link) & ~near & ~differs[first]
    open_ = ~sure & (weight[first] >= held.review)
    reviewed, reasons = [], []
    for row, reason in _to_review(first[open_], ends[open_], near[open_], weight, differs, held):
        reviewed.append(row)
        reasons.append(reason)
    return Decision(first[sure], np.array(reviewed, dtype=np.int64), tuple(reasons))


def _to_review(
    first: NDArray[np.int64],
    ends: NDArray[np.int64],
    near: NDArray[np.bool_],
    weight: NDArray[np.float64],
    differs: NDArray[np.bool_],
    held: Thresholds,
) -> Iterator[tuple[int, str]]:
    for start, end, close in zip(first.tolist(), ends.tolist(), near.tolist(), strict=True):
        if close:
            least = max(weight[start] - held.margin, held.review)
            yield from ((row, NEAR_EQUAL) for row in range(start, end) if weight[row] >= least)
        else:
            yield start, DIFFERS if differs[start] and weight[start] >= held.link else BETWEEN
