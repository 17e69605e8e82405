"""In what stable shape are person-based weights handed to other programs?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from commonweal.budget.person_based import ComponentWeights, PersonWeights, PracticeWeight


def person_weights_record(weights: PersonWeights, names: Mapping[str, str]) -> dict[str, Any]:
    """The weights of every component as nested data; indices as text with six decimals.

    Takes    names: practice names by code.
    """
    return {
        "record": weights.record,
        "synthetic": weights.synthetic,
        "learned_from": weights.learned_from.label,
        "tested_on": weights.tested_on.label if weights.tested_on else None,
        "used_on": weights.used_on.isoformat(),
        "published_formula_explained": {name: str(share) for name, share in weights.published.items()},
        "components": [_component(held, names) for held in weights.components],
    }


def person_weights_rows(weights: PersonWeights, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """One row per component and practice."""
    return [
        {"component": held.component, **_practice(row, names)} for held in weights.components for row in held.practices
    ]


def _component(held: ComponentWeights, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "component": held.component,
        "service_lines": list(held.service_lines),
        "yearly_cost": f"{held.yearly_cost:.2f}",
        "explained": [
            {"weights": row.weights, "between_people": str(row.people), "between_practices": str(row.practices)}
            for row in held.explained
        ],
        "practices": [_practice(row, names) for row in held.practices],
    }


def _practice(row: PracticeWeight, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "practice_code": row.practice_code,
        "practice_name": names.get(row.practice_code, ""),
        "people": row.people,
        "published_index": str(row.published_index),
        "person_index": str(row.person_index),
        "lower": str(row.lower),
        "upper": str(row.upper),
        "difference": str(row.difference),
        "beyond_chance": row.beyond_chance,
        "published_weighted_people": str(row.published_weighted_people),
        "person_weighted_people": str(row.person_weighted_people),
    }
