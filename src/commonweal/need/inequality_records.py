"""In what stable shape is a comparison of groups handed to other programs?"""

from __future__ import annotations

from typing import Any

from commonweal.core.explanation import plain_text
from commonweal.need.disclosure import DisclosedTotal
from commonweal.need.inequality import GroupRate, Inequality, Limits


def inequality_record(found: Inequality) -> dict[str, Any]:
    """A comparison as nested data; null is a number that is hidden, or was not worked out."""
    return {
        "measure": found.measure.code,
        "label": found.measure.label,
        "per": found.measure.per,
        "by": found.by,
        "start": found.period.start.isoformat(),
        "end": found.period.end.isoformat(),
        "confidence": plain_text(found.confidence),
        "hidden": found.rule.hidden_text,
        "rounded_to": found.rule.base,
        "gradient": limits_record(found.gradient),
        "slope_index": limits_record(found.slope),
        "relative_index": limits_record(found.relative),
        "not_standardised": found.not_standardised,
        "totals": {name: total_record(total) for name, total in found.totals.items()},
        "groups": inequality_rows(found),
    }


def inequality_rows(found: Inequality) -> list[dict[str, Any]]:
    """One row per group, with the columns of the table `inequality_rates`."""
    return [_group(group) for group in found.groups]


def limits_record(limits: Limits | None) -> dict[str, str] | None:
    """A statistic with its interval."""
    if limits is None:
        return None
    held = {"value": limits.value, "lower": limits.lower, "upper": limits.upper}
    return {name: f"{value:f}" for name, value in held.items()}


def total_record(total: DisclosedTotal) -> dict[str, int | None]:
    """A total and how far the truth may lie from it."""
    return {"value": total.value, "within": total.within}


def _group(group: GroupRate) -> dict[str, Any]:
    return {
        "group": group.group,
        "label": group.label,
        "people": group.people,
        "person_years": group.person_years,
        "events": group.events,
        **_flat("crude", group.crude),
        **_flat("standardised", group.standardised),
    }


def _flat(name: str, limits: Limits | None) -> dict[str, str | None]:
    held = {name: "value", f"{name}_lower": "lower", f"{name}_upper": "upper"}
    return {key: f"{getattr(limits, part):f}" if limits else None for key, part in held.items()}
