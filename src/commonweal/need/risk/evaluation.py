"""How good is a model on a date it has not seen, for everybody and for each group of people?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.special import expit

from commonweal.need.risk.calibration import calibration_in_the_large, calibration_line
from commonweal.need.risk.design import Floats
from commonweal.need.risk.discrimination import (
    RankedRightly,
    Tenth,
    TopShare,
    ranked_rightly,
    risk_order,
    tenths,
    top_share,
)
from commonweal.need.risk.models import Booleans, RiskModel

EVERYBODY = "everybody"
NOT_KNOWN = "not known"
BROAD_ETHNICITY = {
    **dict.fromkeys("ABC", "White"),
    **dict.fromkeys("DEFG", "Mixed"),
    **dict.fromkeys("HJKL", "Asian"),
    **dict.fromkeys("MNP", "Black"),
    **dict.fromkeys("RS", "Chinese or other"),
    "Z": "not stated or not known",
}


@dataclass(frozen=True, slots=True)
class Calibration:
    """How what was foretold compares with what came true.

    in_the_large   by how much all log odds are too low; 0 at best
    slope          below 1 where risks are spread too far apart; 1 at best
    brier          mean squared difference of risk and outcome
    """

    foretold: float
    observed: float
    in_the_large: float
    slope: float
    brier: float


@dataclass(frozen=True, slots=True)
class Judged:
    """A model judged on a group of people: how it ranks them, how well it is calibrated, who is in its top shares.

    top_shares   of the group's people who are among the whole population's highest risks
    """

    by: str
    group: str
    people: int
    admitted: int
    ranked: RankedRightly
    calibration: Calibration
    top_shares: tuple[TopShare, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A model judged on people on a day it has not seen.

    uncalibrated   calibration before recalibration, on the same people
    """

    kind: str
    whole: Judged
    uncalibrated: Calibration
    tenths: tuple[Tenth, ...]
    groups: tuple[Judged, ...]


def evaluation(
    model: RiskModel,
    features: pa.Table,
    admitted: Booleans,
    *,
    shares: Sequence[float],
    groups: Sequence[tuple[str, NDArray[np.str_]]],
) -> Evaluation:
    """A model judged on a table of features and on what came true.

    Takes    features: one row a person, with `person`; shares: of the population at highest risk; groups: what they are
             by, and each person's group, in the order of the table.
    """
    score = model.score(features)
    calibrated = model.recalibration.of(score)
    risk = expit(calibrated)
    order = risk_order(risk, features["person"].to_numpy())
    whole = _judged(EVERYBODY, EVERYBODY, calibrated, admitted, np.ones(len(risk), bool), order, shares)
    found = tuple(
        _judged(by, str(group), calibrated, admitted, of == group, order, shares)
        for by, of in groups
        for group in _in_order(of)
    )
    return Evaluation(model.kind, whole, calibration(score, admitted), tenths(risk, admitted, order), found)


def calibration(log_odds: Floats, admitted: Booleans) -> Calibration:
    """How risks, as log odds, compare with what came true."""
    risk = expit(log_odds)
    if not len(risk):
        return Calibration(*[np.nan] * 5)
    return Calibration(
        float(risk.mean()),
        float(admitted.mean()),
        calibration_in_the_large(log_odds, admitted),
        calibration_line(log_odds, admitted)[1],
        float(np.mean((risk - admitted) ** 2)),
    )


def _judged(
    by: str,
    group: str,
    log_odds: Floats,
    admitted: Booleans,
    mine: Booleans,
    order: NDArray[np.int64],
    shares: Sequence[float],
) -> Judged:
    risk = expit(log_odds)
    tops = (_of_group(top_share(risk, admitted, order, share), admitted, mine, order) for share in shares)
    held, came = log_odds[mine], admitted[mine]
    ranked = ranked_rightly(risk[mine], came)
    return Judged(by, group, int(mine.sum()), int(came.sum()), ranked, calibration(held, came), tuple(tops))


def _of_group(top: TopShare, admitted: Booleans, mine: Booleans, order: NDArray[np.int64]) -> TopShare:
    chosen = np.zeros(len(mine), bool)
    chosen[order[: top.people]] = True
    chosen &= mine
    people, found, total = int(chosen.sum()), int((chosen & admitted).sum()), int((mine & admitted).sum())
    ppv = found / people if people else np.nan
    return TopShare(top.share, people, found, top.lowest_risk, ppv, found / total if total else np.nan)


def _in_order(of: NDArray[np.str_]) -> list[str]:
    return sorted(
        (str(group) for group in np.unique(of)), key=lambda group: (group == NOT_KNOWN, _number(group), group)
    )


def _number(group: str) -> int:
    digits = "".join(c for c in group.split(" ")[0] if c.isdigit())
    return int(digits) if digits else 0


def groups_of(features: pa.Table, *, first_ages: Sequence[int]) -> Iterator[tuple[str, NDArray[np.str_]]]:
    """The groups a model is judged by: age, sex, deprivation, ethnicity; each person's group, in the table's order."""
    yield "age", _age_bands(features["age"].to_pylist(), first_ages)
    yield "sex", _words(features["sex"].to_pylist(), {"F": "women and girls", "M": "men and boys"})
    deciles = features["imd_decile"].to_pylist()
    yield "deprivation", _words(deciles, {tenth: f"{tenth}" for tenth in range(1, 11)})
    yield "ethnicity", _words(features["ethnicity"].to_pylist(), BROAD_ETHNICITY)


def _age_bands(ages: Sequence[int | None], first_ages: Sequence[int]) -> NDArray[np.str_]:
    lasts = [*(first - 1 for first in first_ages[1:]), None]
    names = [f"{f} and over" if last is None else f"{f} to {last}" for f, last in zip(first_ages, lasts, strict=True)]
    known = np.array([-1 if age is None else age for age in ages])
    place = np.searchsorted(np.asarray(first_ages), known, side="right") - 1
    return np.where(known < first_ages[0], NOT_KNOWN, np.asarray(names)[np.maximum(place, 0)])


def _words(values: Sequence[object], names: dict[object, str] | dict[str, str]) -> NDArray[np.str_]:
    held = dict(names)
    return np.array([held.get(value, NOT_KNOWN) for value in values])  # type: ignore[arg-type]
