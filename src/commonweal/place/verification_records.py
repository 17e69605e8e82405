"""In what stable shape is a verification handed to other programs?"""

from __future__ import annotations

from typing import Any

from commonweal.core.explanation import plain_text
from commonweal.place.verification import Verification


def verification_record(found: Verification) -> dict[str, Any]:
    """A verification as nested data."""
    return {
        "file": found.file,
        "form": found.form,
        "financial_year": found.year,
        "matched": found.matched,
        "of": found.of,
        "checks": [
            {
                "check": check.name,
                "matched": check.matched,
                "of": check.of,
                "tolerance": check.tolerance,
                "meaning": check.meaning,
            }
            for check in found.checks
        ],
        "figures": {name: plain_text(value) for name, value in found.figures.items()},
        "rows": verification_rows(found),
    }


def verification_rows(found: Verification) -> list[dict[str, Any]]:
    """One row per case that does not match."""
    return [
        {
            "practice_code": row.practice_code,
            "check": row.check,
            "published": plain_text(row.published),
            "recomputed": plain_text(row.recomputed),
            "difference": plain_text(row.difference),
        }
        for row in found.rows
    ]
