"""Do as many come true as were foretold, and what mends it where they do not?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

STEPS, CLOSE, WIDEST = 50, 1e-12, 20.0

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Recalibration:
    """A line on the scale of log odds: intercept + slope x score."""

    intercept: float
    slope: float

    def of(self, score: Floats) -> Floats:
        """Recalibrated log odds."""
        return self.intercept + self.slope * score

    @classmethod
    def fitted(cls, score: Floats, admitted: Booleans) -> Recalibration:
        """The line that makes as many come true as are foretold, found by maximum likelihood.

        Source   Cox, Biometrika 1958;45:562, two further regression parameters.
        """
        intercept, slope = calibration_line(score, admitted)
        return cls(float(f"{intercept:.9g}"), float(f"{slope:.9g}"))


def calibration_line(score: Floats, admitted: Booleans) -> tuple[float, float]:
    """Intercept and slope of the logistic regression of what came true on the log odds foretold: 0 and 1 at best."""
    design = np.column_stack([np.ones(len(score)), score])
    found = _newton(design, np.zeros(len(score)), admitted)
    return float(found[0]), float(found[1])


def calibration_in_the_large(score: Floats, admitted: Booleans) -> float:
    """By how much all log odds are too low: the intercept with the slope held at 1; 0 at best."""
    return float(_newton(np.ones((len(score), 1)), score, admitted)[0])


def _newton(design: Floats, offset: Floats, admitted: Booleans) -> Floats:
    """Maximum likelihood by Newton's method; not a number where everybody, or nobody, was admitted."""
    if not 0 < admitted.sum() < len(admitted):
        return np.full(design.shape[1], np.nan)
    found = np.zeros(design.shape[1])
    if design.shape[1] > 1:
        found[1] = 1.0
    for _ in range(STEPS):
        risk = expit(np.clip(offset + design @ found, -WIDEST * 2, WIDEST * 2))
        gradient = design.T @ (admitted - risk)
        curvature = (design * (risk * (1 - risk))[:, None]).T @ design
        step = np.linalg.lstsq(curvature, gradient, rcond=None)[0]
        found = np.clip(found + step, -WIDEST, WIDEST)
        if np.abs(step).max() < CLOSE:
            break
    return found
