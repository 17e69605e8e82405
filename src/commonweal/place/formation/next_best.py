"""Which other plans are nearly as good?

An exact search for the cheapest ways of covering every unit once, best first within the room given. It is quick
when the room is small, which is what the reduced costs of a solved plan are for.
"""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Rounding in a sum of reduced costs (metres per patient).
ROUNDING = 1e-6


@dataclass
class Covers:
    """The cheapest covers found, in order of price; complete when none within the room was missed."""

    found: list[tuple[float, tuple[int, ...]]]
    complete: bool


def cheapest_covers(
    cover: NDArray[np.bool_], prices: NDArray[np.float64], *, room: float, number: int, most_work: float
) -> Covers:
    """The `number` cheapest ways to choose columns so that every unit is covered exactly once.

    Takes    cover: one row a column, one column a unit; prices, none below zero, one a column; room: the most a
             cover may cost; most_work: entries of `cover` read before giving up.
    Returns  Covers; each cover is a sorted tuple of column positions.
    Raises   nothing.
    """
    found: list[tuple[float, tuple[int, ...]]] = []
    usable = np.flatnonzero(prices <= room + ROUNDING)
    share = prices / np.maximum(1, cover.sum(axis=1))
    work = 0
    stack: list[tuple[float, tuple[int, ...], NDArray[np.intp], NDArray[np.bool_]]] = [
        (0.0, (), usable, np.ones(cover.shape[1], dtype=bool))
    ]
    while stack:
        spent, chosen, left, open_units = stack.pop()
        if spent > room + ROUNDING:
            continue
        if not open_units.any():
            insort(found, (spent, tuple(sorted(chosen))))
            if len(found) >= number:
                del found[number:]
                room = min(room, found[-1][0])
            continue
        # Counted in entries, not seconds: the same request gives up at the same point on any machine.
        work += left.size * cover.shape[1]
        if work > most_work:
            return Covers(found, False)
        held = cover[left]
        ways = held.sum(axis=0)
        if (ways[open_units] == 0).any():
            continue
        # Each unit costs at least the least share of any column that could still hold it.
        least = np.where(held, share[left][:, None], np.inf).min(axis=0)[open_units].sum()
        if spent + least > room + ROUNDING:
            continue
        unit = int(np.where(open_units, ways, np.iinfo(np.int64).max).argmin())
        options = left[held[:, unit]]
        options = options[np.argsort(-prices[options], kind="stable")]
        for column in options.tolist():
            after = spent + float(prices[column])
            if after > room + ROUNDING:
                continue
            clash = (cover[left] & cover[column][None, :]).any(axis=1)
            fits = left[~clash]
            fits = fits[after + prices[fits] <= room + ROUNDING]
            stack.append((after, (*chosen, column), fits, open_units & ~cover[column]))
    return Covers(found, True)
