"""In what stable shape is a profile of need handed to other programs?"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from commonweal.core.explanation import plain_text
from commonweal.need.profile import NeedProfile, ProfileRow


def profile_record(profile: NeedProfile) -> dict[str, Any]:
    """A profile as nested data; null where few people are hidden."""
    return {
        "on": profile.on.isoformat(),
        "synthetic": profile.synthetic,
        "hidden": profile.hidden_text,
        "groups": profile_rows(profile),
        "level_reasons": [asdict(reason) for reason in profile.reasons],
        "typical_shares": [
            {
                "level": held.level,
                "at_least": plain_text(held.at_least),
                "at_most": plain_text(held.at_most),
                "share": None if held.share is None else plain_text(held.share),
                "within": held.within,
            }
            for held in profile.typical
        ],
        "against_the_source": [asdict(held) for held in profile.source],
    }


def profile_rows(profile: NeedProfile) -> list[dict[str, Any]]:
    """One row per area, grouping and group, as the table need_profile of tables/need.yaml."""
    return [_row(row) for row in profile.rows]


def _row(row: ProfileRow) -> dict[str, Any]:
    numbers = {"share": row.share, "mean_age": row.mean_age, "cost_per_head": row.cost_per_head}
    return {
        "area": row.area.kind,
        "neighbourhood_code": row.area.neighbourhood_code,
        "practice_code": row.area.practice_code,
        "grouping": row.grouping,
        "group": row.group,
        "label": row.label,
        "people": row.people,
        "people_of_area": row.people_of_area,
        **{name: None if value is None else plain_text(value) for name, value in numbers.items()},
    }
