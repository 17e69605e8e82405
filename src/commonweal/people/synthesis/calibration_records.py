"""How is a calibration handed on: as one record, and as one row per figure?"""

from __future__ import annotations

from typing import Any

from commonweal.people.synthesis.calibration import Calibration, CalibrationRow


def calibration_record(found: Calibration) -> dict[str, Any]:
    """A calibration as plain values, ready for JSON."""
    return {
        "people": found.people,
        "start": found.start.isoformat(),
        "end": found.end.isoformat(),
        "synthetic": found.synthetic,
        "targets": len(found.with_target),
        "met": found.met,
        "figures": calibration_rows(found),
    }


def calibration_rows(found: Calibration) -> list[dict[str, Any]]:
    """One row per figure; columns as tables/synthesis.yaml names them."""
    return [_values(row) for row in found.rows]


def _values(row: CalibrationRow) -> dict[str, Any]:
    numbers = (row.measured, row.published, row.lowest, row.highest)
    measured, published, lowest, highest = (None if value is None else str(value) for value in numbers)
    return {
        "part": row.part,
        "measure": row.measure,
        "group": row.group,
        "measured": measured,
        "published": published,
        "lowest": lowest,
        "highest": highest,
        "met": row.met,
        "source": row.source,
    }
