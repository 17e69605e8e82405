"""Do cells of people give what person rows give, and is that what an independent program gives?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import statsmodels.api as sm

from commonweal.need.cost_on_need import (
    DAYS_IN_YEAR,
    Cells,
    Fit,
    explained_between_people,
    explained_between_practices,
    fit,
    read_cells,
)
from commonweal.need.cost_on_need_cells import BY

VARIABLES = ("age_sex", "deprivation")
Person = Mapping[str, Any]


def some_people(count: int, *, seed: int = 7) -> list[dict[str, Any]]:
    """People of three practices whose cost depends on age, deprivation and practice, and mostly on chance."""
    rng = np.random.default_rng(seed)
    people = []
    for _ in range(count):
        age, fifth, practice = rng.integers(0, 3), rng.integers(1, 6), rng.integers(0, 3)
        mean = 20_000 + 50_000 * age + 4_000 * (6 - fifth) + 9_000 * practice
        people.append(
            {
                "practice_code": f"P{practice}",
                "age_sex": ("F 0", "F 45", "M 75")[age],
                "deprivation": str(fifth),
                "core_segment": "CS1",
                "care_home": "no",
                "days": int(rng.integers(1, 366)),
                "pence": int(rng.gamma(0.5, 2 * mean)),
            }
        )
    return people


def counted(people: list[Person]) -> Cells:
    """People counted up into cells, by plain Python."""
    held: dict[tuple[Any, ...], list[Person]] = {}
    for person in people:
        held.setdefault(tuple(person[name] for name in BY), []).append(person)
    rows = [
        {
            **dict(zip(BY, key, strict=True)),
            "people": len(mine),
            "days": sum(p["days"] for p in mine),
            "days_squared": sum(p["days"] ** 2 for p in mine),
            "cost_community": sum(p["pence"] for p in mine),
            "cost_days_community": sum(p["pence"] * p["days"] for p in mine),
            "cost_squared_community": sum(p["pence"] ** 2 for p in mine),
        }
        for key, mine in held.items()
    ]
    return read_cells(pa.Table.from_pylist(rows), ("community",))


def by_person(people: list[Person], names: tuple[str, ...]) -> Any:
    """Weighted least squares on person rows by statsmodels: yearly cost in pounds, weighed by years."""
    years = np.array([p["days"] for p in people]) / DAYS_IN_YEAR
    yearly = np.array([p["pence"] for p in people]) / 100 / years
    columns = [np.ones(len(people))]
    for name in names:
        groups = sorted({p[name] for p in people})
        columns += [np.array([float(p[name] == group) for p in people]) for group in groups[1:]]
    return sm.WLS(yearly, np.column_stack(columns), weights=years).fit(cov_type="HC0")


@pytest.mark.parametrize("supply", [False, True])
def test_effects_and_their_covariance_are_those_of_person_rows_in_statsmodels(supply):
    people = some_people(900)
    model = fit(counted(people), "community", VARIABLES, supply=supply)
    theirs = by_person(people, (*VARIABLES, *(("practice_code",) if supply else ())))
    assert model.effects == pytest.approx(theirs.params, rel=1e-8)
    assert model.covariance == pytest.approx(theirs.cov_params(), rel=1e-6)


def test_the_share_explained_between_people_is_that_of_person_rows():
    people = some_people(600)
    cells = counted(people)
    model = fit(cells, "community", VARIABLES, supply=False)
    years = np.array([p["days"] for p in people]) / DAYS_IN_YEAR
    pounds = np.array([p["pence"] for p in people]) / 100
    yearly = by_person(people, VARIABLES).predict()
    expected = 1 - ((pounds - years * yearly) ** 2).sum() / ((pounds - years * pounds.sum() / years.sum()) ** 2).sum()
    assert explained_between_people(cells, "community", model.rows(cells) @ model.effects) == pytest.approx(expected)


def two_practices(dear: int, cheap: int, *, use: int = 100) -> list[dict[str, Any]]:
    """Old people cost £dear and young ones £cheap a year; P1 is mostly old, and uses so much in a hundred more."""
    kinds = [("P0", "F 0", 30, cheap), ("P0", "F 75", 10, dear), ("P1", "F 0", 10, cheap), ("P1", "F 75", 30, dear)]
    return [
        {
            "practice_code": practice,
            "age_sex": age,
            "deprivation": "1",
            "core_segment": "CS1",
            "care_home": "no",
            "days": 365,
            "pence": pounds * (use if practice == "P1" else 100),
        }
        for practice, age, people, pounds in kinds
        for _ in range(people)
    ]


def yearly_by_kind(model: Fit, cells: Cells) -> dict[tuple[str, str], float]:
    """Yearly pounds foretold by practice and age."""
    foretold = model.rows(cells) @ model.effects
    return {
        (str(practice), str(age)): float(pounds)
        for practice, age, pounds in zip(cells.groups["practice_code"], cells.groups["age_sex"], foretold, strict=True)
    }


def test_with_nothing_but_age_each_kind_costs_its_own_mean():
    cells = counted(two_practices(365, 73))
    found = yearly_by_kind(fit(cells, "community", ("age_sex",), supply=False), cells)
    assert found["P0", "F 0"] == pytest.approx(73 * DAYS_IN_YEAR / 365)
    assert found["P1", "F 75"] == pytest.approx(365 * DAYS_IN_YEAR / 365)


def test_a_practice_that_uses_more_for_the_same_people_is_not_weighed_more_for_it():
    # P1 spends £40 more on everybody: half of all time is spent there, so that everybody is foretold £20 of it.
    people = two_practices(365, 73)
    for person in people:
        person["pence"] += 4_000 if person["practice_code"] == "P1" else 0
    found = yearly_by_kind(fit(counted(people), "community", ("age_sex",), supply=True), counted(people))
    year = DAYS_IN_YEAR / 365
    assert found["P0", "F 0"] == found["P1", "F 0"] == pytest.approx((73 + 20) * year)
    assert found["P0", "F 75"] == found["P1", "F 75"] == pytest.approx((365 + 20) * year)


def test_left_in_the_same_use_is_taken_for_need():
    people = two_practices(365, 73, use=200)
    cells = counted(people)
    found = yearly_by_kind(fit(cells, "community", ("age_sex",), supply=False), cells)
    # 10 of 40 young people, and 30 of 40 old ones, cost twice as much.
    year = DAYS_IN_YEAR / 365
    assert found["P0", "F 0"] == pytest.approx(73 * 50 / 40 * year)
    assert found["P0", "F 75"] == pytest.approx(365 * 70 / 40 * year)


def test_somebody_of_a_group_that_was_never_seen_is_given_the_average():
    learned = counted(two_practices(365, 73))
    stranger = [{**two_practices(1, 1)[0], "age_sex": "not known"}]
    model = fit(learned, "community", ("age_sex",), supply=False)
    assert model.rows(counted(stranger)) @ model.effects == pytest.approx([219 * DAYS_IN_YEAR / 365])


def test_half_a_year_at_the_same_daily_cost_is_the_same_yearly_cost():
    people = two_practices(366, 74)
    halved = [{**p, "days": 183, "pence": p["pence"] // 2} for p in (dict(q, days=366) for q in people)]
    whole = fit(counted([dict(p, days=366) for p in people]), "community", ("age_sex",), supply=False)
    half = fit(counted(halved), "community", ("age_sex",), supply=False)
    assert half.effects == pytest.approx(whole.effects)


def test_everything_is_explained_when_cost_follows_the_kind_alone_and_nothing_by_the_mean():
    cells = counted(two_practices(365, 73))
    right = fit(cells, "community", ("age_sex",), supply=False)
    foretold = right.rows(cells) @ right.effects
    flat = np.ones(len(foretold))
    assert explained_between_people(cells, "community", foretold) == pytest.approx(1)
    assert explained_between_practices(cells, "community", foretold) == pytest.approx(1)
    assert explained_between_people(cells, "community", flat) == pytest.approx(0)
    assert explained_between_practices(cells, "community", flat) == pytest.approx(0)


def test_a_forecast_that_is_the_wrong_way_round_explains_less_than_nothing():
    cells = counted(two_practices(365, 73))
    wrong = np.where(cells.groups["age_sex"] == "F 75", 73.0, 365.0)
    assert explained_between_people(cells, "community", wrong) < 0
    assert explained_between_practices(cells, "community", wrong) < 0
