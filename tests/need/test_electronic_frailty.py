"""Is frailty in general practice the share of its 36 deficits, and are medicines banded as stated?"""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import ibis
import pytest

from commonweal.core.parameters import library
from commonweal.need.conditions_held import conditions_held
from commonweal.need.electronic_frailty import (
    electronic_frailty_category,
    electronic_frailty_score,
    polypharmacy_band,
    with_deficits,
)
from commonweal.need.registered_people import latest_attributes

ON = date(2025, 4, 1)
JANUARY = date(2025, 1, 1)


def deficits(small: SimpleNamespace, conditions: list[str], **attributes: Any) -> int:
    """How many deficits one person has."""
    tables = small.record(
        conditions=[{"person": 1, "condition": name, "start": JANUARY} for name in conditions],
        attributes=[{"person": 1, "attribute_period": JANUARY, **attributes}],
    )
    held = conditions_held(tables["conditions"], library(), on=ON)
    (row,) = small.rows_of(with_deficits(latest_attributes(tables["attributes"], on=ON), held, library(), on=ON))
    return int(row["deficits"])


@pytest.mark.parametrize(
    ("conditions", "attributes", "expected"),
    [
        ([], {}, 0),
        (["ht", "gout"], {}, 1),
        # Asthma and COPD are one deficit, respiratory disease.
        (["asthma", "copd", "lung_restrict"], {}, 1),
        (["falls", "dementia", "memory", "hip_fracture", "fragility"], {}, 3),
        ([], {"housebound": True}, 1),
        # A care home and a carer are one deficit, requirement for care, and the condition of that name the same.
        (["requires_care"], {"nh_rh": True, "has_carer": True}, 1),
        ([], {"polypharmacy_repeat": 4}, 0),
        (["ht"], {"polypharmacy_repeat": 5, "housebound": True}, 3),
    ],
)
def test_each_deficit_counts_once_however_it_is_shown(
    conditions: list[str], attributes: dict[str, Any], expected: int, small: SimpleNamespace
):
    assert deficits(small, conditions, **attributes) == expected


@pytest.mark.parametrize(
    ("count", "category"),
    # 0.12, 0.24 and 0.36 of 36 are 4.32, 8.64 and 12.96.
    [
        (0, "fit"),
        (4, "fit"),
        (5, "mild"),
        (8, "mild"),
        (9, "moderate"),
        (12, "moderate"),
        (13, "severe"),
        (36, "severe"),
    ],
)
def test_the_category_is_cut_on_the_share_of_36(count: int, category: str, small: SimpleNamespace):
    table = ibis.memtable({"deficits": [count]})
    (row,) = small.rows_of(
        table.select(
            category=electronic_frailty_category(table.deficits, library(), on=ON),
            score=electronic_frailty_score(table.deficits, library(), on=ON),
        )
    )
    assert row == {"category": category, "score": pytest.approx(count / 36)}


@pytest.mark.parametrize(
    ("medicines", "band"),
    [
        (None, None),
        (0, "none"),
        (1, "few"),
        (4, "few"),
        (5, "polypharmacy"),
        (9, "polypharmacy"),
        (10, "high_polypharmacy"),
    ],
)
def test_medicines_are_banded_at_5_and_10(medicines: int | None, band: str | None, small: SimpleNamespace):
    table = ibis.memtable([(medicines,)], schema={"medicines": "int16"})
    assert small.rows_of(table.select(band=polypharmacy_band(table.medicines, library(), on=ON))) == [{"band": band}]
