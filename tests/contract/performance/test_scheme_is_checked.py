"""Does a scheme of performance pay say what is wrong with it before it pays anybody?"""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from decimal import Decimal
from importlib.resources import files
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from commonweal.contract.clauses.loading import ClauseLoader
from commonweal.contract.clauses.reading import read_clause
from commonweal.contract.performance.clause import PerformanceScheme
from commonweal.contract.performance.measured import Measured
from commonweal.contract.performance.performance import performance
from commonweal.core.errors import CommonwealError

FILES = {"mcp-performance": "improvement_payment.yaml", "qof": "qof.yaml", "hvbp": "hvbp.yaml"}
DAY = date(2026, 4, 1)


def content(contract: str = "mcp-performance") -> dict[str, Any]:
    text = (files("commonweal") / "contracts" / contract / FILES[contract]).read_text(encoding="utf-8")
    return yaml.load(text, Loader=ClauseLoader)


SHIPPED = {name: content(name) for name in FILES}


def told(held: dict[str, Any]) -> str:
    clause, faults = read_clause(held, "f.yaml")
    assert clause is None
    return "\n".join(faults)


def put(held: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    *above, last = path.split("/")
    at = held
    for key in above:
        at = at[date.fromisoformat(key)] if key[:2] == "20" and key.count("-") == 2 else at[key]
    at[last] = value
    return held


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("measures/care_plan/score", "in_proportoin", "measures.care_plan.score 'in_proportoin': is no score."),
        ("measures/care_plan/domain", "caring", "measures.care_plan.domain 'caring': is no domain."),
        ("scores/in_proportion/floor", "flour", "scores.in_proportion.floor 'flour': is no term."),
        ("measures/care_plan/direction", "less", "goes against its points, which run from 0.40 to 0.80"),
        ("pay/base", "contract", "pay.base 'contract': is no input. There are contract_value."),
        ("terms/weight_of_care/values/2024-04-01/value", "0.5", "have weights of 1.2 in all on 2024-04-01."),
        ("terms/pool_share/values/2024-04-01/value", "10", "is no share. Write one between 0 and 1."),
        ("terms/band/values/2024-04-01/value", "0", "is not more than nothing."),
        ("terms/band/values/2024-04-01/value", "1E400", "is not a number."),
        ("terms/instalments/values/2024-04-01/value", "1.5", "is no number of instalments."),
        ("terms/points/values/2024-04-01/value/flu", "1", "'flu': is no measure."),
        ("terms/target/values/2024-04-01/value/care_plan", "0.40", "has one value, 0.40, where points begin"),
        ("terms/steps/values/2024-04-01/value/staff_turnover", [["0.1", "3"], ["0.2", "1"]], "steps out of order"),
        ("terms/steps/values/2024-04-01/value/staff_turnover", "3", "is not a table of steps."),
        ("terms/steps/values/2024-04-01/value/staff_turnover", [["0.1", "0"]], "has steps to nothing."),
        ("terms/steps/values/2024-04-01/value/staff_turnover", [["0.1", "3"]], "Write two steps or more."),
        ("terms/pool_share/values/2024-04-01/value", [["0.1", "3"]], "is not one number."),
        ("inputs/care_plan", {"label": "x"}, "inputs.care_plan 'care_plan': is a measure too."),
        ("interim/of", "fund", "interim.of 'fund': is no input. There are pool, contract_value."),
        ("domains/extra", {"label": "x", "weight": "whole"}, "domains.extra 'extra': has no measure."),
    ],
)
def test_a_fault_is_told_with_path_value_and_mend(path, value, said):
    found = told(put(deepcopy(SHIPPED["mcp-performance"]), path, value))
    assert said in found
    assert all(line.startswith("f.yaml: ") and line.endswith(".") for line in found.splitlines())


def test_a_table_without_the_entry_of_a_measure_is_told():
    held = deepcopy(SHIPPED["mcp-performance"])
    del held["terms"]["points"]["values"][date(2024, 4, 1)]["value"]["care_plan"]
    assert "is a table without the entry that is asked for. Add one for care_plan." in told(held)


def test_a_score_made_of_scores_is_not_made_of_such_a_score():
    held = deepcopy(SHIPPED["hvbp"])
    held["scores"]["best"] = {"rule": "better_of", "of": ["outcome", "consistency"]}
    assert "is made of others itself. Name scores of a value." in told(held)


def test_what_is_made_of_other_measures_has_no_last_value_to_be_protected_at():
    held = {**deepcopy(SHIPPED["hvbp"]), "missing": "protect"}
    assert "measures.consistency.missing 'protect': has no last value of its own." in told(held)


def test_domains_are_weighed_all_or_none():
    held = deepcopy(SHIPPED["mcp-performance"])
    del held["domains"]["care"]["weight"]
    assert "have a weight only in part. Weigh all or none." in told(held)


def test_one_list_without_the_other_is_told():
    held = deepcopy(SHIPPED["qof"])
    del held["pay"]["national_list"]
    assert "has one list of two. Name list and national_list." in told(held)


def _paths(held: Any, above: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [above] if above else []
    if isinstance(held, dict):
        for key, value in held.items():
            found += _paths(value, (*above, key))
    elif isinstance(held, list):
        for i, value in enumerate(held):
            found += _paths(value, (*above, i))
    return found


PATHS = [(name, path) for name, held in SHIPPED.items() for path in _paths(held)]
ANYTHING = st.one_of(
    st.none(),
    st.sampled_from(["", "0", "-1", "1E9", "NaN", "points", "floor", "outcome", "pool", "hai_3", "zero", "weight"]),
    st.sampled_from(["less", "linear", "stepped", "better_of", "mean_of", "consistency", "reweight", "not_scored"]),
    st.lists(st.lists(st.sampled_from(["0", "1", "x"]), max_size=3), max_size=3),
    st.dictionaries(
        st.sampled_from(["care_plan", "rule", "of", "points"]), st.sampled_from(["1", "points"]), max_size=2
    ),
    st.booleans(),
    st.integers(-3, 3),
)


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(PATHS), ANYTHING, st.booleans())
def test_a_clause_changed_anywhere_is_told_wrong_or_pays_within_its_pool(at, value, taken_out):
    contract, path = at
    held = deepcopy(SHIPPED[contract])
    inside = held
    for key in path[:-1]:
        inside = inside[key]
    if taken_out:
        del inside[path[-1]]
    else:
        inside[path[-1]] = value
    if "clause" not in held:
        return
    clause, faults = read_clause(held, "f.yaml")
    assert (clause is None) == bool(faults)
    if not isinstance(clause, PerformanceScheme):
        return
    results = {
        name: Measured(value=Decimal("0.7"), baseline=Decimal("0.6"), last=Decimal("0.5"),
                       prevalence=Decimal("0.1"), national_prevalence=Decimal("0.2"))
        for name in clause.measures
    }  # fmt: skip
    try:
        found = performance(clause, results, dict.fromkeys(clause.inputs, Decimal(1000)), DAY)
    except CommonwealError:
        return
    paid = found.payment
    if paid.pool is not None and paid.earned is not None and contract == "mcp-performance":
        assert 0 <= paid.earned.amount <= paid.pool.amount
