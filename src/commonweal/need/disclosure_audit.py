"""What could a reader who holds several tables of the same people work out about a hidden count?

One table with its totals gives nothing away, by how its totals are made. Two tables of the same people by different
groups share a true total, and so does a list size that is published elsewhere: this says how far they narrow what a
hidden count can be, so that whoever publishes them together can look first.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

from commonweal.need.disclosure import DisclosureRule


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A hidden count of which a reader could know more than the rule says.

    table, cell      where it stands
    lowest, highest  what it can still be
    """

    table: str
    cell: Hashable
    lowest: int
    highest: int


def narrowed_counts(
    tables: Mapping[str, Mapping[Hashable, int | None]], rule: DisclosureRule, *, known_total: int | None = None
) -> tuple[Narrowed, ...]:
    """The hidden counts that tables of the same people, held side by side, narrow to less than the hidden range.

    Takes    tables: each as shown, None for a hidden count; each puts every one of the same people, or events, into one
             cell. known_total: how many there are, where that is published exactly.
    Returns  one for each hidden count that is narrowed, by table and cell in their order; none where all are safe.
             Where there are any, publish fewer groups, or the tables' totals alone.
    Raises   ValueError for tables that cannot be of the same people.
    """
    sums = {name: _range(cells.values(), rule) for name, cells in tables.items()}
    low = max([low for low, _ in sums.values()] + ([] if known_total is None else [known_total]), default=0)
    high = min([high for _, high in sums.values()] + ([] if known_total is None else [known_total]), default=0)
    if low > high:
        raise ValueError("the tables are not of the same people")
    found = []
    for name, cells in tables.items():
        least, most = sums[name]
        for cell, count in cells.items():
            if count is not None:
                continue
            lowest = max(rule.lowest, low - (most - rule.highest))
            highest = min(rule.highest, high - (least - rule.lowest))
            if (lowest, highest) != (rule.lowest, rule.highest):
                found.append(Narrowed(name, cell, lowest, highest))
    return tuple(found)


def _range(counts: Iterable[int | None], rule: DisclosureRule) -> tuple[int, int]:
    held = [rule.possible(count) for count in counts]
    return sum(low for low, _ in held), sum(high for _, high in held)
