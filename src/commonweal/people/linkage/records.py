"""In what stable shape is a measurement of linkage handed to other programs?"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from commonweal.people.linkage.measured import Measured, MeasuredRow


def measured_record(found: Measured) -> dict[str, Any]:
    """A measurement as nested data."""
    held = found.thresholds
    return {
        "people": found.people,
        "records": found.whole.records,
        "seed": found.seed,
        "learnt": found.model.learnt,
        "thresholds": {"link": _bits(held.link), "review": _bits(held.review), "margin": _bits(held.margin)},
        "levels": [
            {
                "comparison": level.comparison,
                "level": level.level,
                "label": level.label,
                "m": f"{level.m:g}",
                "u": f"{level.u:g}",
                "weight": f"{found.model.weight(level):.2f}",
            }
            for level in found.model.levels
        ],
        "rows": measured_rows(found),
        "findings": [finding.as_row() for finding in found.findings],
    }


def measured_rows(found: Measured) -> list[dict[str, Any]]:
    """One row per match weight and fault, as table `linkage_measured`."""
    return [_row(row) for row in found.rows]


def _row(row: MeasuredRow) -> dict[str, Any]:
    return {
        "link_weight": _bits(float(row.link_weight)),
        "fault": row.fault,
        "records": row.records,
        "of_listed": row.of_listed,
        "linked": row.linked,
        "linked_rightly": row.linked_rightly,
        "in_review": row.in_review,
        "right_in_review": row.right_in_review,
        "precision": _text(row.precision),
        "recall": _text(row.recall),
        "recall_with_review": _text(row.recall_with_review),
        "review_share": _text(row.review_share),
    }


def _bits(weight: float) -> str:
    return f"{weight:g}"


def _text(share: Decimal | None) -> str | None:
    return None if share is None else f"{share}"
