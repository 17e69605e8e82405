"""Do models learn what is there to learn, come out the same again, and load without running anything?"""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from sklearn.metrics import brier_score_loss, roc_auc_score
from statsmodels.api import GLM, add_constant
from statsmodels.genmod.families import Binomial

from commonweal.core.errors import InputError
from commonweal.core.parameters import library
from commonweal.need.risk.calibration import Recalibration, calibration_in_the_large, calibration_line
from commonweal.need.risk.design import straight_design, tree_design
from commonweal.need.risk.discrimination import ranked_rightly, risk_order, tenths, top_share
from commonweal.need.risk.models import (
    KINDS,
    LIGHTGBM,
    LOGISTIC,
    RiskModel,
    fitted_model,
    read_model,
    recalibrated,
    save_model,
)

from .small_record import with_value

ON = date(2026, 4, 1)
RAND = "randhie_20190.csv"
RAND_FEATURES = (
    *("xage", "female", "coins", "mdvis", "notmdvis", "mentvis", "totadm", "outpdol", "drugdol", "suppdol", "inpdol"),
    *("mentdol", "disea", "physlm", "hlthg", "hlthf", "hlthp", "mhi", "ghindx", "linc", "num", "black", "educdec"),
    *("child", "year", "plan", "site", "tookphys"),
)


def made_up(people: int = 4000) -> tuple[pa.Table, np.ndarray]:
    """People whose log odds of admission are -3 + admissions + 0.03 x (age - 40), whatever else they have."""
    chance = np.random.default_rng(5)
    age, admissions = chance.integers(0, 100, people), chance.poisson(0.4, people)
    home = chance.random(people) < 0.05
    risk = 1 / (1 + np.exp(3 - admissions - 0.03 * (age - 40)))
    features = pa.table(
        {
            "person": np.arange(people),
            "age": age,
            "emergency_12m": admissions,
            "noise": chance.normal(size=people),
            "nh_rh": pa.array([None if unknown else bool(h) for h, unknown in zip(home, age == 7, strict=True)]),
            "sex": pa.array(chance.choice(["F", "M"], people)),
        }
    )
    return features, chance.random(people) < risk


def fitted(kind: str, seed: int = 1) -> RiskModel:
    """A model fitted to the made-up people."""
    features, admitted = made_up()
    return fitted_model(kind, features, admitted, parameters=library(), on=ON, seed=seed)


@pytest.mark.parametrize(("kind", "within"), [(LOGISTIC, 0.02), (LIGHTGBM, 0.06)])
def test_a_model_learns_the_true_risk_and_not_the_accidents(kind: str, within: float):
    features, _ = made_up()
    truth = 1 / (1 + np.exp(3 - features["emergency_12m"].to_numpy() - 0.03 * (features["age"].to_numpy() - 40)))
    assert np.abs(fitted(kind).risk(features) - truth).mean() < within


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_people_give_the_same_bytes(kind: str, tmp_path: Path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        save_model(fitted(kind), tmp_path / name)
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert all((tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes() for name in files)


@pytest.mark.parametrize("kind", KINDS)
def test_a_saved_model_gives_the_same_risks_and_is_nothing_but_text(kind: str, tmp_path: Path):
    features, admitted = made_up()
    model = recalibrated(fitted(kind), features, admitted)
    save_model(model, tmp_path)
    assert np.array_equal(read_model(tmp_path).risk(features), model.risk(features))
    for path in tmp_path.iterdir():
        path.read_bytes().decode("utf-8")
    assert json.loads((tmp_path / "model.json").read_text(encoding="utf-8"))["kind"] == kind


def test_logistic_coefficients_agree_with_an_independent_program():
    features, admitted = made_up()
    features = features.drop_columns("sex")
    unpenalised = with_value("risk_logistic", {"penalty_inverse": "1e9", "age_bends": ["40"]})
    model = fitted_model(LOGISTIC, features, admitted, parameters=unpenalised, on=ON, seed=1)
    matrix = model.design.matrix(features)
    independent = GLM(admitted.astype(float), add_constant(matrix), family=Binomial()).fit()
    assert model.score(features) == pytest.approx(independent.predict(which="linear"), abs=1e-4)


@pytest.mark.parametrize("kind", KINDS)
def test_contributions_add_up_to_a_person_s_score_but_for_one_number_that_is_everybody_s(kind: str):
    features, _ = made_up()
    model = fitted(kind)
    left = model.score(features) - model.contributions(features).sum(axis=1)
    assert left == pytest.approx(np.full(len(left), left[0]), abs=1e-9)


def test_a_feature_of_few_people_is_left_out_and_what_is_not_known_stands_at_the_mean():
    features, _ = made_up()
    rare = pa.array([row < 49 for row in range(features.num_rows)])
    common = pa.array([row < 50 for row in range(features.num_rows)])
    features = features.append_column("condition_rare", rare).append_column("condition_common", common)
    for design in (straight_design(features, bends=[40], least=50), tree_design(features, least=50)):
        named = {column.feature for column in design.columns}
        assert "condition_common" in named
        assert "condition_rare" not in named
    design = straight_design(features, bends=[], least=50)
    at = [column.name for column in design.columns].index("nh_rh")
    unknown = np.flatnonzero(features["age"].to_numpy() == 7)
    assert set(design.matrix(features)[unknown, at]) == {0.0}


def test_a_count_is_taken_as_its_logarithm_and_as_any_by_hand():
    table = pa.table({"emergency_12m": [0, 0, 1, 3]})
    design = straight_design(table, bends=[], least=1)
    assert [column.how for column in design.columns] == ["log", "any"]
    log, any_ = design.matrix(table).T
    by_hand = np.log([1, 1, 2, 4])
    assert log == pytest.approx((by_hand - by_hand.mean()) / by_hand.std(), abs=1e-8)
    assert any_ == pytest.approx([-1, -1, 1, 1])


def test_nothing_is_learned_where_nobody_was_admitted():
    features, admitted = made_up(100)
    with pytest.raises(InputError, match="Nobody"):
        fitted_model(LOGISTIC, features, np.zeros_like(admitted), parameters=library(), on=ON, seed=1)


def test_a_table_without_a_feature_is_refused_by_name():
    features, _ = made_up()
    with pytest.raises(InputError, match="emergency_12m"):
        fitted(LOGISTIC).risk(features.drop_columns("emergency_12m"))


def test_the_area_under_the_curve_and_its_interval_agree_with_independent_programs():
    features, admitted = made_up(1500)
    risk = fitted(LOGISTIC).risk(features)
    found = ranked_rightly(risk, admitted)
    assert found.auroc == pytest.approx(roc_auc_score(admitted, risk), abs=1e-12)
    chance = np.random.default_rng(1)
    drawn = [chance.integers(0, 1500, 1500) for _ in range(400)]
    bootstrap = np.std([roc_auc_score(admitted[one], risk[one]) for one in drawn])
    assert (found.high - found.low) / (2 * 1.959964) == pytest.approx(bootstrap, rel=0.12)


def test_the_area_under_the_curve_by_hand_with_a_tie():
    # Pairs: (0.9, 0.5) right, (0.9, 0.1) right, (0.5, 0.5) half, (0.5, 0.1) right: 3.5 of 4.
    risk, admitted = np.array([0.9, 0.5, 0.5, 0.1]), np.array([True, True, False, False])
    assert ranked_rightly(risk, admitted).auroc == 0.875


def test_top_shares_and_tenths_by_hand():
    risk = np.arange(20) / 20
    admitted = np.zeros(20, bool)
    admitted[[19, 18, 10, 0]] = True
    order = risk_order(risk, np.arange(20))
    top = top_share(risk, admitted, order, 0.10)
    assert (top.people, top.admitted, top.ppv, top.sensitivity, top.lowest_risk) == (2, 2, 1.0, 0.5, 0.9)
    assert [tenth.admitted for tenth in tenths(risk, admitted, order)] == [1, 0, 0, 0, 0, 1, 0, 0, 0, 2]


def test_calibration_agrees_with_an_independent_program():
    features, admitted = made_up()
    score = fitted(LIGHTGBM).score(features) * 1.5 - 0.4
    line = GLM(admitted.astype(float), add_constant(score), family=Binomial()).fit().params
    assert calibration_line(score, admitted) == pytest.approx(tuple(line), abs=1e-6)
    large = GLM(admitted.astype(float), np.ones(len(score)), family=Binomial(), offset=score).fit().params
    assert calibration_in_the_large(score, admitted) == pytest.approx(large[0], abs=1e-6)


def test_recalibration_mends_risks_that_are_spread_too_far():
    features, admitted = made_up()
    score = fitted(LOGISTIC).score(features) * 2 + 1
    mended = Recalibration.fitted(score, admitted).of(score)
    assert calibration_line(mended, admitted) == pytest.approx((0.0, 1.0), abs=1e-6)
    risk, before = 1 / (1 + np.exp(-mended)), 1 / (1 + np.exp(-score))
    assert brier_score_loss(admitted, risk) < brier_score_loss(admitted, before)


@pytest.mark.published
@pytest.mark.parametrize(("kind", "reported"), [(LOGISTIC, 0.712), (LIGHTGBM, 0.725)])
def test_real_people_s_admissions_of_the_next_year_are_ranked_as_well_as_they_can_be(
    kind: str, reported: float, published_data: Path
):
    features, admitted, person = rand_pairs(published_data / "people" / RAND)
    assert (len(admitted), round(100 * admitted.mean(), 1)) == (14_266, 9.1)
    fold_of = dict(zip(np.unique(person), np.random.default_rng(0).integers(0, 5, len(np.unique(person))), strict=True))
    fold = np.array([fold_of[one] for one in person])
    risk = np.zeros(len(admitted))
    for held in range(5):
        learn, test = np.flatnonzero(fold != held), np.flatnonzero(fold == held)
        model = fitted_model(kind, features.take(learn), admitted[learn], parameters=library(), on=ON, seed=1)
        risk[test] = model.risk(features.take(test))
    found = ranked_rightly(risk, admitted)
    assert found.auroc >= 0.70
    assert found.low <= reported <= found.high


def rand_pairs(path: Path) -> tuple[pa.Table, np.ndarray, np.ndarray]:
    """Each person's year of the RAND Health Insurance Experiment and whether the next year had an admission."""
    held = pd.read_csv(path)
    following = held[["zper", "year", "totadm"]].assign(year=held.year - 1).rename(columns={"totadm": "next_year"})
    pairs = held.merge(following, on=["zper", "year"])
    columns = {
        "age" if name == "xage" else name: pa.array(pairs[name].to_numpy(), from_pandas=True) for name in RAND_FEATURES
    }
    assert Counter(pairs.duplicated(["zper", "year"]))[True] == 0
    return pa.table(columns), (pairs.next_year > 0).to_numpy(), pairs.zper.to_numpy()
