"""What holds of performance pay whatever is measured: sums, order, more never pays less, futures as exact ones?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonweal.contract.clauses.reading import read_clause, read_contract
from commonweal.contract.performance.clause import PerformanceScheme
from commonweal.contract.performance.measured import Measured
from commonweal.contract.performance.performance import Performance, performance
from commonweal.core.errors import InputError

DAY = date(2026, 3, 31)
MCP, HVBP, QOF = (read_contract(name).one(PerformanceScheme) for name in ("mcp-performance", "hvbp", "qof"))
INPUTS = {
    "improvement_payment": {"contract_value": Decimal("60000123.45")},
    "hvbp": {"base_payments": Decimal("31234567.89"), "exchange_slope": Decimal("2.2")},
    "qof": {"list": Decimal(9876), "last_year": Decimal("81234.56")},
}
SHARE = st.decimals(0, 1, places=3)
# Around the thresholds and benchmarks of each.
RATES = {"mort": (Decimal("0.78"), Decimal("1")), "comp": (Decimal("0.01"), Decimal("0.04")),
         "hai": (Decimal(0), Decimal(1)), "mspb": (Decimal("0.8"), Decimal("1.1"))}  # fmt: skip
OF_SURVEY = (Decimal(20), Decimal(100))
SECOND = {"qof": {"prevalence": Decimal("0.061"), "national_prevalence": Decimal("0.057")}}


def _values(scheme: PerformanceScheme, name: str) -> st.SearchStrategy[Decimal]:
    if name == "emergency_admissions":
        return st.decimals(70, 120, places=1)
    if scheme is not HVBP:
        return SHARE
    low, high = RATES.get(name.split("_")[0], OF_SURVEY)
    return st.decimals(low, high, places=4)


@st.composite
def results(draw: Any, scheme: PerformanceScheme) -> dict[str, Measured]:
    """What came of a scheme's measures; some were not measured."""
    held = {}
    for name, measure in scheme.measures.items():
        if scheme.scores[measure.score].rule in ("consistency", "mean_of"):
            continue
        value = draw(st.none() | _values(scheme, name))
        if value is not None or measure.missing == "protect":
            last = draw(_values(scheme, name))
            held[name] = Measured(value=value, baseline=draw(st.none() | _values(scheme, name)), last=last,
                                  **SECOND.get(scheme.name, {}))  # fmt: skip
    if scheme is HVBP:
        held["surgical_sites"] = Measured(points=Decimal(draw(st.integers(0, 10))))
    return held


def paid(scheme: PerformanceScheme, held: dict[str, Measured]) -> Performance:
    return performance(scheme, held, INPUTS[scheme.name], DAY, chance=False)


SCHEMES = pytest.mark.parametrize("scheme", [MCP, HVBP, QOF], ids=lambda scheme: scheme.name)


@SCHEMES
@settings(deadline=None, max_examples=25)
@given(data=st.data())
def test_domains_instalments_and_the_true_up_sum_to_what_is_earned(scheme, data):
    found = paid(scheme, data.draw(results(scheme))).payment
    if found.earned is None:
        return
    if found.by_domain:
        assert sum(line.amount for line in found.by_domain.values()) == found.earned.amount
    if found.interim is not None:
        on_account = sum(line.amount for line in found.instalments)
        assert on_account + found.true_up.amount == found.earned.amount
    if found.pool is not None and scheme is MCP:
        assert 0 <= found.earned.amount <= found.pool.amount


def _direction(scheme: PerformanceScheme, name: str) -> int:
    return -1 if scheme.measures[name].direction == "less" else 1


@SCHEMES
@settings(deadline=None, max_examples=30)
@given(data=st.data())
def test_more_achievement_never_lowers_pay_or_any_score(scheme, data):
    held = data.draw(results(scheme))
    measured = sorted(name for name, result in held.items() if result.value is not None)
    if not measured:
        return
    name = data.draw(st.sampled_from(measured))
    result, other = held[name], data.draw(_values(scheme, name))
    better = other if _direction(scheme, name) * (other - result.value) > 0 else result.value
    before = paid(scheme, held)
    after = paid(scheme, {**held, name: Measured(better, baseline=result.baseline, last=result.last,
                                                 prevalence=result.prevalence,
                                                 national_prevalence=result.national_prevalence)})  # fmt: skip
    assert after.measures[name].points.amount >= before.measures[name].points.amount
    if before.total.score is not None:
        assert after.total.score.amount >= before.total.score.amount
    if before.payment.earned is not None:
        assert after.payment.earned.amount >= before.payment.earned.amount


def _reversed(scheme: PerformanceScheme) -> PerformanceScheme:
    written = scheme.model_dump(mode="json", exclude_none=True)
    for part in ("measures", "domains", "terms", "scores"):
        written[part] = dict(reversed(written[part].items()))
    clause, faults = read_clause(written, "reversed")
    assert not faults
    assert isinstance(clause, PerformanceScheme)
    return clause


BACKWARDS = {scheme.name: _reversed(scheme) for scheme in (MCP, HVBP, QOF)}


@SCHEMES
@settings(deadline=None, max_examples=30)
@given(data=st.data())
def test_the_order_of_measures_domains_and_rows_changes_nothing(scheme, data):
    held = data.draw(results(scheme))
    one, other = paid(scheme, held), paid(BACKWARDS[scheme.name], dict(reversed(held.items())))
    for first, second in ((one.total.score, other.total.score), (one.payment.earned, other.payment.earned)):
        assert (first is None) == (second is None)
        if first is not None and second is not None:
            assert round(first.amount, 20) == round(second.amount, 20)


@SCHEMES
@settings(deadline=None, max_examples=15)
@given(data=st.data())
def test_futures_are_paid_to_the_penny_as_exact_results_are(scheme, data):
    held = data.draw(results(scheme))
    futures = 6
    columns, exact = {}, [dict(held) for _ in range(futures)]
    for name, result in held.items():
        if result.value is None:
            continue
        values = [data.draw(_values(scheme, name)) for _ in range(futures)]
        rest = {key: number for key, number in result.numbers() if key != "value"}
        columns[name] = Measured(np.array([float(value) for value in values]), **rest)
        for i, value in enumerate(values):
            exact[i][name] = Measured(value, **rest)
    together = paid(scheme, {**held, **columns}).payment.earned
    one_by_one = [paid(scheme, each).payment.earned for each in exact]
    if together is None:
        assert all(line is None for line in one_by_one)
        return
    of_futures = np.broadcast_to(np.asarray(together.value, dtype=float), (futures,))
    assert [f"{amount:.2f}" for amount in of_futures] == [f"{line.amount:.2f}" for line in one_by_one]


def test_futures_of_a_denominator_on_both_sides_of_the_least_are_refused():
    held = Measured(numerator=np.array([1.0, 20.0]), denominator=np.array([10.0, 40.0]))
    with pytest.raises(InputError, match="large enough in some futures and too small in others"):
        paid(MCP, {"care_plan": held, "experience": Measured(last=Decimal("0.7"))})
