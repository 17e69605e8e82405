"""Whom does a team with so many hours choose, and how much better could anybody choose?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
# Hours in minutes, so that 3 x 0.1 hours is 0.3 hours.
MINUTES = 60


@dataclass(frozen=True, slots=True)
class Choice:
    """People chosen within hours.

    order      positions of people, the best use of an hour first
    chosen     of those positions, the ones chosen, in that order
    hours      hours used
    benefit    expected benefit of those chosen
    most       what no choice within the hours can exceed
    next       position of the first in order who was not chosen, None when all were
    """

    order: NDArray[np.int64]
    chosen: NDArray[np.int64]
    hours: float
    benefit: float
    most: float
    next: int | None


def choice(benefit: Floats, hours: Floats, risk: Floats, person: NDArray[np.int64], *, limit: float) -> Choice:
    """The people a team sees, in order of benefit an hour; each that still fits is taken.

    Takes    benefit, hours, risk, person: one a person; limit: hours the team has.
    Returns  the choice. Where everybody takes the same hours it is the best there is. Where they do not, `most` is the
             benefit of the same order with the first person who does not fit taken in part, which no choice exceeds.
    Source   Dantzig, Operations Research 1957;5:266.
    """
    order = np.lexsort((person, -risk, -(benefit / hours)))
    minutes = np.rint(hours[order] * MINUTES).astype(np.int64)
    left = round(limit * MINUTES)
    alike = len(minutes) == 0 or bool((minutes == minutes[0]).all())
    taken = np.zeros(len(order), bool)
    most, reached = 0.0, False
    for place, needed in enumerate(minutes):
        fits = needed <= left
        if not reached:
            most += float(benefit[order[place]]) * (1.0 if fits else 0.0 if alike else left / needed)
            reached = not fits
        if fits:
            taken[place] = True
            left -= int(needed)
        if left == 0:
            break
    passed = np.flatnonzero(~taken)
    chosen = order[taken]
    return Choice(
        order=order,
        chosen=chosen,
        hours=float(hours[chosen].sum()),
        benefit=float(benefit[chosen].sum()),
        most=most,
        next=int(order[passed[0]]) if len(passed) else None,
    )
