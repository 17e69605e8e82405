"""Which level of need and which group is a person in, and does the rule say so?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from commonweal.core.errors import ParameterProblem
from commonweal.core.parameters import library
from commonweal.need.bridges_to_health import need_group_rule
from commonweal.need.levels import level_rule
from commonweal.need.person_need import person_need

ON = date(2025, 4, 1)
JANUARY = date(2025, 1, 1)
HELD = ("conditions", "attributes", "activity")
SNEE = "suffolk_and_north_east_essex"


def need_of(small: SimpleNamespace, cases: Sequence[tuple[Any, ...]], parameters: Any = None) -> list[dict[str, Any]]:
    """The need on the day of one person for each case: conditions second, age, attributes and activity third."""
    rows: dict[str, list[dict[str, Any]]] = {**small.registered(*range(len(cases))), **{name: [] for name in HELD}}
    rows["persons"] = []
    for person, (_, conditions, more, *_) in enumerate(cases):
        rows["persons"].append({"person": person, "birth_month": date(2025 - more.get("age", 65), 1, 1)})
        rows["conditions"] += [{"person": person, "condition": name, "start": JANUARY} for name in conditions]
        rows["attributes"].append({"person": person, "attribute_period": JANUARY, **more.get("attributes", {})})
        rows["activity"] += [
            {"person": person, "source_name": "synthetic", "arr_date": date(2025, 2, 1), **row}
            for row in more.get("activity", ())
        ]
    found = small.rows_of(person_need(small.record(**rows), on=ON, parameters=parameters or library()))
    assert [row["person"] for row in found] == list(range(len(cases)))
    return found


def call(day: date) -> dict[str, Any]:
    """A call to 111."""
    return {"pod_l1": "111", "arr_date": day}


def stay(codes: str = "", kind: str = "emergency", day: date = date(2025, 2, 1)) -> dict[str, Any]:
    """A stay in hospital with diagnoses."""
    return {"pod_l1": "secondary", "pod_l2a": "ip", "pod_l2b": kind, "arr_date": day, "diag_codes": codes or None}


LEVELS = [
    (1, [], {}, "Whole population"),
    (2, [], {"activity": (call(date(2024, 4, 1)),)}, "Used urgent care in the last 12 months"),
    (1, [], {"activity": (call(date(2024, 3, 31)),)}, "Whole population"),
    (1, [], {"activity": (call(ON),)}, "Whole population"),
    (1, [], {"activity": (stay(kind="elective"),)}, "Whole population"),
    (2, ["ht"], {"activity": (stay(),)}, "Used urgent care in the last 12 months"),
    (3, ["diabetes_2"], {"activity": (call(date(2025, 3, 1)),)}, "Core Segment 3 or 4"),
    (3, [], {"attributes": {"housebound": True}}, "Housebound"),
    (3, [], {"attributes": {"polypharmacy_repeat": 10}}, "Ten or more repeat medicines"),
    (
        2,
        [],
        {"attributes": {"polypharmacy_repeat": 9}, "activity": (call(JANUARY),)},
        "Used urgent care in the last 12 months",
    ),
    (4, [], {"attributes": {"nh_rh": True}}, "Lives in a care home"),
    (4, ["palliative"], {}, "End of life or palliative care"),
    (4, ["diabetes_2"], {"attributes": {"eol_plan": True, "nh_rh": True}}, "End of life or palliative care"),
    (4, ["dementia", "alcohol"], {}, "Core Segment 5"),
    # F00 7.1, G81 4.4 and R29 3.6 are 15.1; G81 and R54 with F00 less R29 13.7.
    (4, [], {"activity": (stay("F00,G81,R29"),)}, "High hospital frailty"),
    (3, [], {"activity": (stay("F00,G81,R54"),)}, "Intermediate hospital frailty"),
    (2, [], {"activity": (stay("F00,G81,R29"),), "age": 64}, "Used urgent care in the last 12 months"),
]


@pytest.fixture(scope="module")
def levels(small: SimpleNamespace) -> list[dict[str, Any]]:
    """The need of the person of each case."""
    return need_of(small, LEVELS)


@pytest.mark.parametrize("case", range(len(LEVELS)))
def test_a_person_has_the_highest_level_of_which_a_row_applies(case: int, levels: list[dict[str, Any]]):
    level, _, _, because = LEVELS[case]
    assert (levels[case]["level"], levels[case]["level_because"]) == (level, because)


BRIDGES = [
    ("healthy", [], {}),
    ("healthy", [], {"activity": (stay(day=date(2025, 2, 28)),)}),
    ("acute", [], {"activity": (stay(day=date(2025, 3, 1)),)}),
    ("chronic", ["ht"], {"activity": (stay(day=date(2025, 3, 1)),)}),
    ("maternal_infant", ["asthma"], {"attributes": {"pregnancy": True}, "age": 30}),
    ("maternal_infant", [], {"activity": (stay(kind="maternity"),), "age": 30}),
    ("maternal_infant", [], {"age": 0}),
    ("healthy", [], {"age": 1}),
    ("disability", ["learning_dis", "ht"], {"attributes": {"pregnancy": True}, "age": 30}),
    ("frailty", ["dementia", "learning_dis"], {}),
    ("frailty", [], {"activity": (stay("F00"),)}),
    ("healthy", [], {"activity": (stay("F00"),), "age": 64}),
    ("organ_failure", ["hf", "dementia"], {}),
    ("organ_failure", [], {"activity": (stay("I10,N185"),)}),
    ("near_death", ["hf", "palliative"], {}),
    ("near_death", ["cancer_metase"], {}),
]


@pytest.fixture(scope="module")
def bridges(small: SimpleNamespace) -> list[dict[str, Any]]:
    """The need of the person of each case."""
    return need_of(small, BRIDGES)


@pytest.mark.parametrize("case", range(len(BRIDGES)))
def test_a_person_is_in_the_first_bridges_to_health_group_that_applies(case: int, bridges: list[dict[str, Any]]):
    assert bridges[case]["bridges_to_health"] == BRIDGES[case][0]


SUFFOLK = [
    ("live_well", [], {}),
    ("live_well", ["gout"], {}),
    ("stay_well", ["ht"], {}),
    ("stay_well", ["cancer"], {}),
    ("feel_well", ["smi"], {}),
    ("feel_well", [], {"activity": ({"pod_l1": "mental_health", "pod_l2a": "op", "pod_l2b": "other"},)}),
    # Depression is on the published list of long-term conditions, so stay well comes first.
    ("stay_well", ["depression"], {}),
    # Two kinds of diabetes are one condition: three, not four.
    ("stay_well", ["ht", "diabetes_1", "diabetes_2", "asthma"], {}),
    ("age_well", ["ht", "diabetes_2", "asthma", "copd"], {}),
    ("age_well", ["dementia"], {}),
    ("age_well", [], {"attributes": {"has_carer": True}}),
    ("age_well", [], {"activity": (stay("I10,S720"),)}),
    ("age_well", [], {"activity": (stay("W190"),)}),
    ("live_well", [], {"activity": (stay("S820,ZW0"),)}),
    ("start_well", [], {"activity": (stay("J459"),), "age": 23}),
    ("live_well", [], {"activity": (stay("J459"),), "age": 24}),
    ("start_well", [], {"activity": (stay("T391,X60"),), "age": 16}),
    ("die_well", ["palliative", "dementia"], {}),
]


@pytest.fixture(scope="module")
def suffolk(small: SimpleNamespace) -> list[dict[str, Any]]:
    """The need of the person of each case, by the other grouping."""
    return need_of(small, SUFFOLK, small.with_value("need_groups_in_use", SNEE))


@pytest.mark.parametrize("case", range(len(SUFFOLK)))
def test_suffolk_and_north_east_essex_puts_a_person_in_its_own_first_group_that_applies(
    case: int, suffolk: list[dict[str, Any]]
):
    assert suffolk[case]["bridges_to_health"] == SUFFOLK[case][0]


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ({"group": "5", "label": "A", "fact": "care_home"}, "is of no group"),
        ({"group": "4", "label": "A", "fact": "care_home", "when": "always"}, "has keys that no rule has"),
        ({"group": "4", "fact": "care_home"}, "lacks a group or a label"),
        ({"group": "4", "label": "A", "fact": "care_home", "conditions": ["hf"]}, "more than one"),
        ({"group": "4", "label": "A"}, "asks for none"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_with_where_it_stands(
    row: dict[str, Any], complaint: str, small: SimpleNamespace
):
    with pytest.raises(ParameterProblem, match=complaint) as refused:
        level_rule(small.with_value("level_rules", [row]), on=ON)
    assert "level_rules" in refused.value.where


def test_rows_out_of_the_order_of_levels_are_refused(small: SimpleNamespace):
    rows = [{"group": "2", "label": "A", "fact": "housebound"}, {"group": "4", "label": "B", "fact": "care_home"}]
    with pytest.raises(ParameterProblem, match="out of order"):
        level_rule(small.with_value("level_rules", rows), on=ON)


def test_a_grouping_that_there_is_not_says_which_there_are(small: SimpleNamespace):
    with pytest.raises(ParameterProblem, match=SNEE):
        need_group_rule(small.with_value("need_groups_in_use", "star_signs"), on=ON)


def test_a_place_may_change_the_rule_of_levels(small: SimpleNamespace):
    rows = [{"group": "4", "label": "Cared for by somebody", "fact": "has_carer"}]
    (row,) = need_of(small, [(4, [], {"attributes": {"has_carer": True}})], small.with_value("level_rules", rows))
    assert (row["level"], row["level_because"]) == (4, "Cared for by somebody")
