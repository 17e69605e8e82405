"""What is one row of made-up activity, before it is written?

Columns of whole numbers, one array each for thousands of rows; texts are positions in lists that all blocks share.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commonweal.people.synthesis.assumptions import Assumptions

Column = NDArray[Any]
NONE = -1
COLUMNS: Mapping[str, Any] = {
    "person": np.int32,
    "kind": np.int8,
    "day": np.int32,
    "until": np.int32,
    "specialty": np.int16,
    "currency": np.int16,
    "method": np.int8,
    "attended": np.int8,
    "provider": np.int8,
    "diagnosis": np.int32,
    "items": np.int32,
    "cost": np.int64,
}
# Further kinds of care, beside those of synthesis_care: point of delivery in three levels.
FURTHER: Mapping[str, tuple[str, str | None, str | None]] = {
    "outpatient_first": ("secondary", "op", "first"),
    "elective": ("secondary", "ip", "elective"),
    "maternity": ("secondary", "ip", "maternity"),
    "home_care": ("social_care", "home_care", None),
    "residential": ("social_care", "residential", None),
    "nursing": ("social_care", "nursing", None),
    "short_term": ("social_care", "short_term", None),
    "carer_support": ("social_care", "carer_support", None),
    "social_work": ("social_care", "contact", None),
}


class Names:
    """A list of texts that is added to as they come up; each is known by its position."""

    def __init__(self, texts: Sequence[str] = ()) -> None:
        self.texts = list(texts)
        self._place = {text: place for place, text in enumerate(self.texts)}

    def place(self, text: str) -> int:
        """The position of a text, new or not."""
        if text not in self._place:
            self._place[text] = len(self.texts)
            self.texts.append(text)
        return self._place[text]


def kinds(assumptions: Assumptions) -> dict[str, tuple[str, str | None, str | None]]:
    """Every kind of care by its code, with its point of delivery."""
    by_chance = {
        row["code"]: (row["pod_l1"], row["pod_l2a"] or None, row["pod_l2b"] or None) for row in assumptions.care
    }
    return {**by_chance, **FURTHER}


def rows(many: int, **columns: Any) -> dict[str, Column]:
    """Rows of activity with the columns given; the others hold nothing."""
    found = {}
    for name, kind in COLUMNS.items():
        value = columns.get(name, 0 if name in ("person", "cost") else NONE)
        found[name] = np.broadcast_to(np.asarray(value).astype(kind, copy=False), (many,))
    return found


def joined_rows(parts: Sequence[Mapping[str, Column]]) -> dict[str, Column]:
    """Rows one after another."""
    return {name: np.concatenate([part[name] for part in parts]) for name in COLUMNS}


def in_order(held: Mapping[str, Column], first: int) -> dict[str, Column]:
    """Rows in order of person and day, those of one day in the order in which they were made."""
    many = len(held["person"])
    bits = max(many - 1, 1).bit_length()
    day = held["day"].astype(np.int64) - first
    key = (((held["person"].astype(np.int64) << 20) | day) << bits) | np.arange(many)
    order = np.sort(key) & ((1 << bits) - 1)
    return {name: column[order] for name, column in held.items()}
