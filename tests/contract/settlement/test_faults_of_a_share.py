"""Is a gain and loss share that cannot be told where it stands, and is no other ever settled into a traceback?"""

from __future__ import annotations

import contextlib
from datetime import date
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonweal.contract.settlement.clause import GainLossShare
from commonweal.contract.settlement.operations import AnyOperation, Parties, Scope
from commonweal.contract.settlement.settling import settled
from commonweal.core.errors import CommonwealError, InputError

DAY = date(2026, 4, 1)
SPENT = {"baseline": "60000000", "actual": "56400000"}
DIFFERENCE = {"do": "difference", "name": "difference", "expected": "baseline", "actual": "actual"}
TABLE = [["0", "99999", "0.04", "0.02"], ["100000", None, "0.02", "0.02"]]


def written(*operations: dict[str, Any], terms: dict[str, Any] | None = None) -> dict[str, Any]:
    """A clause as it is written: spend, a difference, what else is done, and terms."""

    def dated(value: Any) -> dict[str, Any]:
        return {"2020-04-01": {"value": value, "status": "illustrative", "source": {"title": "By hand"}}}

    return {
        "clause": "gain_and_loss_share",
        "name": "share",
        "label": "Share",
        "inputs": {name: {"label": name} for name in ("baseline", "actual")},
        "terms": {
            name: {"label": name, "meaning": "Agreed.", "unit": "share", "values": dated(value)}
            for name, value in (terms or {}).items()
        },
        "operations": [DIFFERENCE, *operations],
    }


FAULTS = {
    "casemix": {"do": "expected", "name": "x", "baseline": "baseline", "casemix_now": "actual"},
    "neither a tariff": {"do": "price", "name": "x", "of": "baseline"},
    "is not that of the parties": {
        "do": "parties", "name": "x", "of": "baseline", "among": "share", "parties": ["a"], "weights": {"a": "actual"},
        "loss_weights": {"b": "actual"},
    },
    "has no weights of losses": {
        "do": "parties", "name": "x", "of": "baseline", "among": "equal", "parties": ["a"],
        "loss_weights": {"a": "actual"},
    },
    "is no input, no term": {"do": "scope", "name": "x", "lines": {"elsewhere": None}},
}  # fmt: skip


@pytest.mark.parametrize("told", FAULTS)
def test_an_operation_that_cannot_be_is_told(told):
    base = written()
    held = GainLossShare.model_validate({**base, "operations": [DIFFERENCE, FAULTS[told]]})
    assert told in " ".join(fault.message for fault in held.faults())


def test_a_variation_that_is_no_parameter_is_told():
    base = written()
    held = GainLossShare.model_validate({**base, "variation": "chance_of_rain"})
    assert [fault.message for fault in held.faults()] == ["is no parameter."]


TERM_FAULTS = {
    "is below nothing.": "-0.02",
    "has bands that are out of order.": [["100", "200", "0.1", "0.1"], ["150", None, "0.2", "0.2"]],
    "has a band without an end before its last.": [["0", None, "0.1", "0.1"], ["150", None, "0.2", "0.2"]],
    "is not a number.": "a lot",
    "is an empty table.": [],
}


@pytest.mark.parametrize("told", TERM_FAULTS)
def test_a_width_that_cannot_be_is_told_where_it_stands(told):
    step = {
        "do": "corridor", "name": "counted", "of": "difference", "base": "baseline", "convention": "deductible",
        "gain": "width", "by": "actual",
    }  # fmt: skip
    base = written(step, terms={"width": "0.02"})
    base["terms"]["width"]["values"]["2020-04-01"]["value"] = TERM_FAULTS[told]
    (fault,) = GainLossShare.model_validate(base).faults()
    assert fault.message == told
    assert fault.path == ("terms", "width", "values", "2020-04-01")


def test_amounts_of_different_units_are_refused_with_the_operation_that_would_add_them():
    step = {"do": "adjusted", "name": "more", "of": "difference", "by": "people", "sense": "more"}
    base = written(step)
    base["inputs"]["people"] = {"label": "People"}
    base["inputs"]["people"]["unit"] = "people"
    with pytest.raises(InputError, match="different units") as error:
        settled(GainLossShare.model_validate(base), {**SPENT, "people": "1"}, DAY)
    assert "share: more" in str(error.value)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_clause_that_is_read_is_settled_or_refused_in_words(data):
    names = st.sampled_from(["baseline", "actual", "people", "made_0", "made_1", "made_2", "rate", "table", "nowhere"])
    kinds = [kind for kind in get_args(get_args(AnyOperation)[0]) if kind not in (Parties, Scope)]
    steps = []
    for number in range(data.draw(st.integers(1, 4))):
        kind = data.draw(st.sampled_from(kinds))
        step = {"do": get_args(kind.model_fields["do"].annotation)[0], "name": f"made_{number}"}
        for field, info in kind.model_fields.items():
            if field in kind.refers and (info.is_required() or data.draw(st.booleans())):
                step[field] = data.draw(names)
            elif field not in ("do", "name", "label") and get_args(info.annotation) and info.is_required():
                step[field] = data.draw(st.sampled_from(get_args(info.annotation)))
        steps.append(step)
    base = written(terms={"rate": "0.5", "table": TABLE})
    base["operations"] = steps
    base["inputs"]["people"] = {"label": "People", "unit": "people", "optional": True}
    held = GainLossShare.model_validate(base)
    if list(held.faults()):
        return
    people = data.draw(st.sampled_from([None, "0", "-3", "150000"]))
    # A refusal says why; anything else is a traceback, which this is here to find.
    with contextlib.suppress(CommonwealError):
        assert settled(held, SPENT if people is None else {**SPENT, "people": people}, DAY).payment.amount.is_finite()
