"""Is the variation of people's costs, whole and under stop-loss, what arithmetic by hand says?"""

from __future__ import annotations

from datetime import date

import ibis
import pytest

from commonweal.contract.chance.person_costs import cost_truncated, cost_variation, person_cost

START, END = date(2025, 4, 1), date(2026, 4, 1)


def costs(*pence: int) -> ibis.Table:
    return ibis.memtable({"cost_pence": list(pence)}, schema={"cost_pence": "int64"})


def rows(table: ibis.Table) -> list[dict]:
    return table.to_pyarrow().to_pylist()


def test_the_variation_of_four_people_is_worked_out_by_hand():
    # Mean 100; squares of 100, 100, 100 and 300 off it: (3 x 10,000 + 90,000) / 4 = 30,000; root 173.205.
    found = rows(cost_variation(costs(0, 0, 0, 400)))
    assert found == [{"people": 4, "without_cost": 3, "mean_pence": 100.0, "variation": pytest.approx(1.7320508)}]


def test_stop_loss_cedes_what_lies_above_and_leaves_less_variation():
    # Above 200: 200 of 400 is ceded. Left 0, 0, 0, 200: mean 50, variation still the root of 3. Above 400: nothing.
    found = sorted(rows(cost_truncated(costs(0, 0, 0, 400), [200, 400])), key=lambda row: row["attachment_pence"])
    assert [(row["people_above"], row["ceded"]) for row in found] == [(1, 0.5), (0, 0.0)]
    assert found[0]["retained"] == pytest.approx(1.7320508)


def test_stop_loss_evens_out_people_who_cost_something():
    # Capped at 100: 100, 100, 50 is a mean of 83.33 and a spread of 23.57: 0.2828.
    assert rows(cost_truncated(costs(300, 150, 50), [100]))[0]["retained"] == pytest.approx(0.2828427)


def test_a_population_without_any_cost_has_no_variation():
    assert rows(cost_variation(costs(0, 0)))[0]["variation"] is None
    assert rows(cost_truncated(costs(0, 0), [100]))[0]["ceded"] is None


def test_everybody_registered_counts_and_nobody_else():
    activity = ibis.memtable(
        [
            {"person": 1, "arr_date": date(2025, 5, 1), "cost_pence": 700},
            {"person": 1, "arr_date": date(2026, 4, 1), "cost_pence": 9_999},
            {"person": 3, "arr_date": date(2025, 5, 1), "cost_pence": 5_000},
        ]
    )
    people = [{"person": n, "sex": "F", "birth_month": date(1960, 1, 1), "ethnicity": "A"} for n in (1, 2, 3)]
    persons = ibis.memtable(people).mutate(death_date=ibis.null("date"))
    registrations = ibis.memtable(
        [{"person": n, "practice_code": "A81001", "start": date(2020 + 6 * (n == 3), 1, 1)} for n in (1, 2, 3)]
    ).mutate(end=ibis.null("date"))
    found = rows(person_cost(activity, registrations, persons, start=START, end=END))
    assert sorted((row["person"], row["cost_pence"]) for row in found) == [(1, 700), (2, 0)]
