"""What social care does each made-up person get from the council?"""

from __future__ import annotations

import numpy as np

from commonweal.people.synthesis.care import Block, Days
from commonweal.people.synthesis.contact_rows import Column, rows
from commonweal.people.synthesis.days import DAYS_A_YEAR, FAR, ages, month_starts
from commonweal.people.synthesis.living import PENSIONER, Living

CARER_DAYS = 4


def social_care(
    rng: np.random.Generator, block: Block, how: Living, emergencies: dict[str, Column]
) -> list[dict[str, Column]]:
    """Months in homes, with home care and with support as a carer; short-term support after hospital; social work.

    Takes    emergencies: emergency admissions, some of which end with short-term support.
    """
    terms = {name: float(value) for name, value in block.assumptions.value("synthesis_social_care").items()}
    many = len(block.who)
    paid = (how.care_home < FAR) & (rng.random(many) < terms["paid_by_council"])
    nursing = paid & (rng.random(many) < terms["nursing"])
    carer = how.carer & (rng.random(many) < terms["carer_support"])
    since = np.where(carer, block.first, FAR)
    days_cared = terms["home_care_share_of_days"]
    found = [
        _months(block, "nursing", np.where(nursing, how.care_home, FAR), "nursing_day", 1.0),
        _months(block, "residential", np.where(paid & ~nursing, how.care_home, FAR), "residential_day", 1.0),
        _months(block, "home_care", how.home_care, "home_care_day", days_cared),
        _months(block, "carer_support", since, "carer_support_day", CARER_DAYS / 30),
        _short_term(rng, block, emergencies, terms),
    ]
    cared = np.where(paid, how.care_home, how.home_care)
    return [*found, _social_work(rng, block, cared, terms["contacts"])]


def _months(block: Block, kind: str, since: Days, cost: str, share_of_days: float) -> dict[str, Column]:
    """One row a month of a service; the first and last ones as long as it ran in them."""
    months = month_starts(block.first, block.last - 1)
    ends = np.append(months[1:], block.last)
    person = np.flatnonzero(since < FAR)
    begin = np.maximum(np.maximum(since[person], block.who.joined[person]), block.first)
    starts = np.maximum(months[:, None], begin)
    stops = np.minimum(ends[:, None], block.until[person])
    month, place = np.nonzero(starts < stops)
    start, stop = starts[month, place], stops[month, place]
    items = np.maximum(np.rint((stop - start) * share_of_days), 1).astype(np.int64)
    return rows(
        len(month),
        person=person[place],
        kind=block.catalogue.kind(kind),
        day=start,
        until=stop - 1,
        provider=block.catalogue.provider("council"),
        items=items,
        cost=np.rint(items * block.assumptions.cost(cost)).astype(np.int64),
    )


def _short_term(
    rng: np.random.Generator, block: Block, emergencies: dict[str, Column], terms: dict[str, float]
) -> dict[str, Column]:
    person, day = emergencies["person"].astype(np.int64), emergencies["until"].astype(np.int64)
    old = ages(block.who.birth[person], day) >= PENSIONER
    helped = old & (rng.random(len(person)) < terms["short_term"]) & (day + 1 < block.until[person])
    person, start = person[helped], day[helped] + 1
    length = 1 + np.floor(rng.standard_exponential(len(person)) * terms["short_term_days"]).astype(np.int64)
    until = block.last_day(person, start + length - 1)
    items = until - start + 1
    return rows(
        len(person),
        person=person,
        kind=block.catalogue.kind("short_term"),
        day=start,
        until=until,
        provider=block.catalogue.provider("council"),
        items=items,
        cost=np.rint(items * block.assumptions.cost("short_term_day")).astype(np.int64),
    )


def _social_work(rng: np.random.Generator, block: Block, since: Days, a_year: float) -> dict[str, Column]:
    person = np.flatnonzero(since < FAR)
    begin = np.maximum(np.maximum(since[person], block.who.joined[person]), block.first)
    days = np.maximum(block.until[person] - begin, 0)
    which = np.repeat(np.arange(len(person)), rng.poisson(a_year * days / DAYS_A_YEAR))
    day = begin[which] + np.floor(rng.random(len(which)) * days[which]).astype(np.int64)
    return rows(
        len(which),
        person=person[which],
        kind=block.catalogue.kind("social_work"),
        day=day,
        provider=block.catalogue.provider("council"),
        cost=np.rint(np.full(len(which), block.assumptions.cost("social_work"))).astype(np.int64),
    )
