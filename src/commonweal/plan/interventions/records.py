"""In what stable shape are interventions handed to other programs?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from commonweal.core.parameters import DatedValue
from commonweal.plan.interventions.intervention import Intervention

REGRESSION = (
    "What is claimed may be people coming down by themselves: they were chosen for high use and compared with "
    "themselves before."
)


def interventions_rows(held: Mapping[str, Intervention]) -> list[dict[str, Any]]:
    """One row per intervention: what it is, what it changes, how good the evidence is."""
    return [
        {
            "intervention": name,
            "label": each.label,
            "activity": "; ".join(dict.fromkeys(effect.activity for effect in each.effects)),
            "evidence": each.evidence.grade,
            "regression_to_the_mean": each.regression_to_the_mean,
            "tested_by": each.statement.method,
        }
        for name, each in sorted(held.items())
    ]


def interventions_record(held: Mapping[str, Intervention]) -> dict[str, Any]:
    """The interventions as nested data."""
    return {"interventions": interventions_rows(held)}


def intervention_rows(held: Intervention, on: date) -> list[dict[str, Any]]:
    """One row per term as it is on a day: a number, or the points of a belief."""
    return [
        {"term": name, "label": term.label, "unit": term.unit, **_valued(held.parameters[name].on(on))}
        for name, term in held.terms.items()
    ]


def intervention_record(held: Intervention, on: date) -> dict[str, Any]:
    """An intervention as nested data, its terms as they are on a day."""
    parts = held.model_dump(mode="json", exclude={"terms", "clause"}, exclude_none=True)
    return {**parts, "regression_to_the_mean": held.regression_to_the_mean, "terms": intervention_rows(held, on)}


def _valued(value: DatedValue) -> dict[str, Any]:
    points = value.value if isinstance(value.value, dict) else {"mean": value.value}
    return {
        "percentile_10": points.get("percentile_10"),
        "middle": points.get("mean", points.get("median")),
        "percentile_90": points.get("percentile_90"),
        "status": value.status,
        "source": str(value.source),
    }
