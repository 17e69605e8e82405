"""How is the risk of each person estimated, from a plain table of features, and how is a model kept?

Two kinds: a logistic regression and trees (LightGBM). Both are saved as text and never as a Python object, so that
loading one runs nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import lightgbm
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from commonweal.core.errors import InputError
from commonweal.core.parameters import Parameters
from commonweal.need.risk.calibration import Recalibration
from commonweal.need.risk.design import Design, Floats, design_from, straight_design, tree_design

LOGISTIC, LIGHTGBM = "logistic", "lightgbm"
KINDS = (LOGISTIC, LIGHTGBM)
MODEL_FILE, TREES_FILE = "model.json", "trees.txt"
PEOPLE_AT_A_TIME = 50_000
NOT_RECALIBRATED = Recalibration(0.0, 1.0)

Booleans = NDArray[np.bool_]


class Scorer(Protocol):
    """What both kinds of model do with a matrix of their design."""

    def score(self, matrix: Floats) -> Floats:
        """Log odds before recalibration, one a person."""
        ...

    def contributions(self, matrix: Floats) -> Floats:
        """How much each design column moves each person's log odds away from the average person's."""
        ...

    def saved(self, folder: Path) -> Mapping[str, Any]:
        """Write what does not fit into JSON, and return what does."""
        ...


@dataclass(frozen=True, slots=True)
class Coefficients:
    """A logistic regression: an intercept, and a coefficient for each standardised design column."""

    intercept: float
    coefficients: tuple[float, ...]

    def score(self, matrix: Floats) -> Floats:
        """Log odds before recalibration, one a person."""
        # Added up column by column, in their order: a product of matrices may add in another order on another machine.
        total = np.full(len(matrix), self.intercept)
        for place, coefficient in enumerate(self.coefficients):
            total += matrix[:, place] * coefficient
        return total

    def contributions(self, matrix: Floats) -> Floats:
        """Coefficient times how far the person is from the mean of the people learned from."""
        return matrix * np.asarray(self.coefficients)

    def saved(self, folder: Path) -> Mapping[str, Any]:
        """Intercept and coefficients."""
        return {"intercept": self.intercept, "coefficients": list(self.coefficients)}


@dataclass(frozen=True, slots=True)
class Trees:
    """Gradient-boosted trees in LightGBM's own text."""

    text: str

    def score(self, matrix: Floats) -> Floats:
        """Log odds before recalibration, one a person."""
        return np.asarray(self._booster().predict(matrix, raw_score=True, num_threads=1))

    def contributions(self, matrix: Floats) -> Floats:
        """Shapley values of the trees, which add up to the log odds less those of the average person."""
        return np.asarray(self._booster().predict(matrix, pred_contrib=True, num_threads=1))[:, :-1]

    def saved(self, folder: Path) -> Mapping[str, Any]:
        """Write the trees as text."""
        (folder / TREES_FILE).write_text(self.text, encoding="utf-8")
        return {"trees": TREES_FILE}

    def _booster(self) -> lightgbm.Booster:
        return lightgbm.Booster(model_str=self.text)


@dataclass(frozen=True, slots=True)
class RiskModel:
    """A fitted model: its design, what scores, and its recalibration."""

    kind: str
    design: Design
    scorer: Scorer
    recalibration: Recalibration = NOT_RECALIBRATED

    def score(self, features: pa.Table) -> Floats:
        """Log odds before recalibration, one a person, in the order of the table."""
        return _joined(self.scorer.score(self.design.matrix(part)) for part in _parts(features))

    def risk(self, features: pa.Table) -> Floats:
        """Each person's risk, 0 to 1, in the order of the table."""
        return expit(self.recalibration.of(self.score(features)))

    def contributions(self, features: pa.Table) -> Floats:
        """How each design column moves each person's recalibrated log odds from the average person's."""
        found = _joined(self.scorer.contributions(self.design.matrix(part)) for part in _parts(features))
        return found * self.recalibration.slope


def fitted_model(
    kind: str, features: pa.Table, admitted: Booleans, *, parameters: Parameters, on: Any, seed: int
) -> RiskModel:
    """A model fitted to people, not yet recalibrated.

    Takes    features: one row a person; person, practice_code and ethnicity are not features, whatever else the table
             has is; admitted: whether it came to it, in the same order; on: the day whose parameters hold.
    Raises   InputError when nobody was admitted, or everybody.
    """
    if not 0 < admitted.sum() < len(admitted):
        raise InputError(
            "Nobody among the people to learn from was admitted, or everybody was: nothing can be learned.",
            mend="Give a record with more people, or more months.",
        )
    least = int(parameters["risk_least_people_of_a_feature"].on(on).number())
    if kind == LOGISTIC:
        held = parameters["risk_logistic"].on(on).value
        design = straight_design(features, bends=[float(bend) for bend in held["age_bends"]], least=least)
        return RiskModel(kind, design, _logistic(design.matrix(features), admitted, float(held["penalty_inverse"])))
    design = tree_design(features, least=least)
    settings = parameters["risk_lightgbm"].on(on).value
    return RiskModel(kind, design, _trees(design.matrix(features), admitted, settings, seed))


def _logistic(matrix: Floats, admitted: Booleans, penalty_inverse: float) -> Coefficients:
    with threadpool_limits(limits=1):
        fitted = LogisticRegression(C=penalty_inverse, solver="newton-cholesky", tol=1e-8, max_iter=100)
        fitted.fit(matrix, admitted)
    # Nine digits: the last ones depend on the machine's library of linear algebra.
    held = tuple(float(f"{value:.9g}") for value in fitted.coef_[0])
    return Coefficients(float(f"{fitted.intercept_[0]:.9g}"), held)


def _trees(matrix: Floats, admitted: Booleans, settings: Mapping[str, str], seed: int) -> Trees:
    # One thread and these two flags, so that the same people give the same trees.
    chosen = {
        "objective": "binary",
        "num_leaves": int(settings["leaves"]),
        "learning_rate": float(settings["step"]),
        "min_data_in_leaf": int(settings["least_in_leaf"]),
        "feature_fraction": float(settings["feature_share"]),
        "bagging_fraction": float(settings["people_share"]),
        "bagging_freq": 1,
        "lambda_l2": float(settings["penalty"]),
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": 1,
        "seed": seed,
        "verbosity": -1,
    }
    data = lightgbm.Dataset(matrix, label=admitted.astype(float), params={"verbosity": -1})
    return Trees(lightgbm.train(chosen, data, num_boost_round=int(settings["trees"])).model_to_string())


def recalibrated(model: RiskModel, features: pa.Table, admitted: Booleans) -> RiskModel:
    """The model recalibrated on people it was not fitted to."""
    return replace(model, recalibration=Recalibration.fitted(model.score(features), admitted))


def save_model(model: RiskModel, folder: Path) -> None:
    """Write a model into a folder, as text."""
    held = {
        "kind": model.kind,
        "standardised": model.design.standardised,
        "columns": model.design.as_rows(),
        "recalibration": {"intercept": model.recalibration.intercept, "slope": model.recalibration.slope},
        **model.scorer.saved(folder),
    }
    text = json.dumps(held, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    (folder / MODEL_FILE).write_text(text, encoding="utf-8")


def read_model(folder: Path) -> RiskModel:
    """A model that was saved.

    Raises   InputError when the folder holds none.
    """
    file = folder / MODEL_FILE
    if not file.is_file():
        raise InputError("The folder holds no model.", where=str(folder), mend="Run: commonweal need risk DIR")
    held = json.loads(file.read_text(encoding="utf-8"))
    scorer: Scorer
    if held["kind"] == LOGISTIC:
        scorer = Coefficients(held["intercept"], tuple(held["coefficients"]))
    else:
        scorer = Trees((folder / held["trees"]).read_text(encoding="utf-8"))
    design = design_from(held["columns"], standardised=held["standardised"])
    return RiskModel(held["kind"], design, scorer, Recalibration(**held["recalibration"]))


def _parts(features: pa.Table) -> Iterator[pa.Table]:
    # A part at a time: the matrix of a million people would take more memory than everything else.
    for start in range(0, max(features.num_rows, 1), PEOPLE_AT_A_TIME):
        yield features.slice(start, PEOPLE_AT_A_TIME)


def _joined(parts: Iterator[Floats]) -> Floats:
    return np.concatenate(list(parts))
