"""How long do callers wait for so many people who answer, and how many must answer?

Erlang-C: calls come at random at a steady rate, each takes a time that varies as an exponential law, nobody gives up.

Source   Erlang 1917; the recursion is that of Erlang-B, which stays exact for many who answer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from commonweal.core.errors import NoAnswer

MOST_STAFF = 10_000


@dataclass(frozen=True, slots=True)
class Waiting:
    """What callers find.

    waits          share of callers who wait at all
    mean_minutes   mean wait of all callers
    in_time        share answered within the target
    busy           share of the time of those who answer
    """

    staff: int
    waits: float
    mean_minutes: float
    in_time: float
    busy: float


def waiting(calls_an_hour: float, minutes_a_call: float, staff: int, *, target_minutes: float) -> Waiting:
    """What callers find with so many people who answer.

    Raises   NoAnswer when more work comes in than they can do: the queue would grow without end.
    """
    load = calls_an_hour * minutes_a_call / 60
    if load >= staff:
        raise NoAnswer(
            f"{staff} people cannot answer {load:.1f} calls at once: the queue would grow without end.",
            mend=f"At least {math.floor(load) + 1} are needed.",
        )
    refused = 1.0
    for n in range(1, staff + 1):
        refused = load * refused / (n + load * refused)
    busy = load / staff
    waits = refused / (1 - busy * (1 - refused))
    free_a_minute = (staff - load) / minutes_a_call
    return Waiting(staff, waits, waits / free_a_minute, 1 - waits * math.exp(-free_a_minute * target_minutes), busy)


def staff_needed(calls_an_hour: float, minutes_a_call: float, *, target_minutes: float, share: float) -> Waiting:
    """The fewest people with whom a share of callers is answered within a target.

    Raises   NoAnswer when the share is not below one, or nobody could be so many.
    """
    if not 0 <= share < 1:
        raise NoAnswer(f"A share of {share} in time cannot be promised.", mend="Ask for a share below 1, as 0.95.")
    load = calls_an_hour * minutes_a_call / 60
    for staff in range(math.floor(load) + 1, MOST_STAFF):
        found = waiting(calls_an_hour, minutes_a_call, staff, target_minutes=target_minutes)
        if found.in_time >= share:
            return found
    raise NoAnswer(f"More than {MOST_STAFF} people would be needed.", mend="Check the calls and the minutes.")
