"""For what is each made-up person admitted, for how long, and at what cost?"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commonweal.people.synthesis.assumptions import Assumptions, Floats
from commonweal.people.synthesis.care import A_AND_E_ADMITTED, Block, Days, events, hospital, reason_age
from commonweal.people.synthesis.contact_rows import Column, rows
from commonweal.people.synthesis.days import ages
from commonweal.people.synthesis.health import Health
from commonweal.people.synthesis.living import Living

METHODS = ("11", "12", "13", "21", "22", "28", "31")
WAITING_LIST, BOOKED, PLANNED, THROUGH_AE, BY_GP, OTHERWISE, MATERNITY = range(len(METHODS))
GENERATIONS = 4
OLDEST_AGE, OLD_AGE = 4, 3
SHARE_OF_OLD = 1 / 3
BIRTH_DAYS_BEFORE = 80


class Diagnoses:
    """The codes that an admission can record, and which of them each condition brings."""

    def __init__(self, assumptions: Assumptions) -> None:
        conditions = [code for row in assumptions.conditions for code in row["icd10"]]
        signs = assumptions.value("synthesis_signs")["codes"]
        reasons = [
            row["icd10"]
            for name in ("synthesis_emergency_reasons", "synthesis_planned_reasons")
            for row in assumptions.value(name)
        ]
        self.codes = tuple(dict.fromkeys([*conditions, *signs, *reasons, "O800", "O829", "O269", "Z370"]))
        place = {code: number for number, code in enumerate(self.codes)}
        most = max(len(row["icd10"]) for row in assumptions.conditions)
        self.of_condition = np.array(
            [[place[row["icd10"][turn % len(row["icd10"])]] for turn in range(most)] for row in assumptions.conditions]
        )
        self.signs = np.array([place[code] for code in signs])
        self.sign_shares = np.array([float(share) for share in signs.values()])
        self.recorded = float(assumptions.value("synthesis_signs")["recorded"])
        self.place = place


@lru_cache(maxsize=4)
def diagnoses(assumptions: Assumptions) -> Diagnoses:
    """The codes that admissions record."""
    return Diagnoses(assumptions)


class Recorded:
    """Lists of diagnoses of admissions as they are made up: positions of codes, one list after another."""

    def __init__(self) -> None:
        self.codes: list[NDArray[np.int64]] = []
        self.lengths: list[NDArray[np.int64]] = []
        self.many = 0

    def add(self, codes: NDArray[np.int64], lengths: NDArray[np.int64]) -> Days:
        """Keep lists of diagnoses; returns where each is."""
        self.codes.append(codes)
        self.lengths.append(lengths)
        found = np.arange(self.many, self.many + len(lengths))
        self.many += len(lengths)
        return found


def active_matrix(block: Block, held: Health, year: int) -> NDArray[np.bool_]:
    """Which conditions each person has in a year."""
    active = block.exposure.states[year].active
    found = np.zeros((len(block.who), len(block.assumptions.conditions)), dtype=bool)
    found[held.person[active], held.condition[active]] = True
    return found


def emergencies(
    rng: np.random.Generator, block: Block, held: Health, recorded: Recorded, earlier: Floats
) -> list[dict[str, Column]]:
    """Emergency admissions, those that follow from them, and how people came to hospital.

    Takes    earlier: admissions to be expected in the year before the record, by person, which bring more within it.
    """
    catalogue, assumptions = block.catalogue, block.assumptions
    person, day = events(rng, block, "emergency")
    person, day = _with_followers(rng, block, person, day, earlier)
    reason, codes = _reasons(rng, block, held, recorded, person, day, "synthesis_emergency_reasons", signs=True)
    band = assumptions.band(ages(block.who.birth[person], day))
    nights = _nights(rng, assumptions, "emergency", band, segment_then(block, person, day))
    home = rng.random(len(person)) < assumptions.number("synthesis_stays", "emergency_without_night")
    nights = np.where(home, 0, nights)
    until = block.last_day(person, day + nights)
    stay = until - day
    cost = assumptions.cost("emergency_fixed") + assumptions.cost("emergency_day") * stay
    through_ae = rng.random(len(person)) < assumptions.number("synthesis_persistence", "through_ae")
    by_ambulance = rng.random(len(person)) < assumptions.number("synthesis_persistence", "by_ambulance")
    otherwise = np.where(rng.random(len(person)) < 0.6, BY_GP, OTHERWISE)
    where = hospital(rng, block, person)
    admitted = rows(
        len(person),
        person=person,
        kind=catalogue.kind("emergency"),
        day=day,
        until=until,
        specialty=_column(catalogue.specialties, assumptions, "synthesis_emergency_reasons", "specialty")[reason],
        currency=_column(catalogue.currencies, assumptions, "synthesis_emergency_reasons", "hrg")[reason],
        method=np.where(through_ae, THROUGH_AE, otherwise),
        provider=where,
        diagnosis=codes,
        cost=catalogue.varied(rng, cost, len(person)),
    )
    came = rows(
        int(through_ae.sum()),
        person=person[through_ae],
        kind=catalogue.kind("ae"),
        day=day[through_ae],
        currency=catalogue.currencies.index(A_AND_E_ADMITTED),
        provider=where[through_ae],
        cost=catalogue.varied(rng, assumptions.cost("ae_admitted"), int(through_ae.sum())),
    )
    called = rows(
        int(by_ambulance.sum()),
        person=person[by_ambulance],
        kind=catalogue.kind("call_999"),
        day=day[by_ambulance],
        provider=catalogue.provider("call_999"),
        cost=catalogue.varied(rng, assumptions.cost("call_999"), int(by_ambulance.sum())),
    )
    return [came, called, admitted]


def _with_followers(
    rng: np.random.Generator, block: Block, person: Days, day: Days, earlier: Floats
) -> tuple[Days, Days]:
    """Admissions with those that follow from them, and from those of the year before the record, soon or later."""
    held = block.assumptions.value("synthesis_persistence")
    share, soon = float(held["follow_share"]), float(held["soon_share"])
    before = np.repeat(np.arange(len(earlier)), rng.poisson(earlier))
    ago = block.first - 1 - np.floor(rng.random(len(before)) * 365).astype(np.int64)
    there = ago >= block.who.joined[before]
    people, days = np.concatenate([person, before[there]]), np.concatenate([day, ago[there]])
    found_people, found_days = [person], [day]
    for _ in range(GENERATIONS):
        follows = rng.random(len(people)) < share
        people, days = people[follows], days[follows]
        mean = np.where(rng.random(len(people)) < soon, float(held["soon_days"]), float(held["late_days"]))
        days = days + 1 + (rng.standard_exponential(len(people)) * mean).astype(np.int64)
        fits = days < block.until[people]
        people, days = people[fits], days[fits]
        inside = days >= block.first
        found_people.append(people[inside])
        found_days.append(days[inside])
    return np.concatenate(found_people), np.concatenate(found_days)


def planned(rng: np.random.Generator, block: Block, held: Health, recorded: Recorded) -> dict[str, Column]:
    """Planned admissions: day cases and stays."""
    catalogue, assumptions = block.catalogue, block.assumptions
    name = "synthesis_planned_reasons"
    person, day = events(rng, block, "planned")
    reason, codes = _reasons(rng, block, held, recorded, person, day, name, signs=False)
    listed = assumptions.value(name)
    day_case = rng.random(len(person)) < np.array([float(row["daycase_share"]) for row in listed])[reason]
    band = assumptions.band(ages(block.who.birth[person], day))
    until = block.last_day(
        person,
        day + np.where(day_case, 0, _nights(rng, assumptions, "planned", band, segment_then(block, person, day))),
    )
    cost = np.array([float(row["cost"]) for row in listed])[reason] + assumptions.cost("planned_day") * (until - day)
    return rows(
        len(person),
        person=person,
        kind=np.where(day_case, catalogue.kind("planned"), catalogue.kind("elective")),
        day=day,
        until=until,
        specialty=_column(catalogue.specialties, assumptions, name, "specialty")[reason],
        currency=_column(catalogue.currencies, assumptions, name, "hrg")[reason],
        method=rng.choice(3, len(person), p=[0.55, 0.25, 0.2]),
        provider=hospital(rng, block, person),
        diagnosis=codes,
        cost=catalogue.varied(rng, cost, len(person)),
    )


def maternity(rng: np.random.Generator, block: Block, how: Living, recorded: Recorded) -> dict[str, Column]:
    """Births in hospital, and admissions in pregnancy."""
    catalogue, assumptions = block.catalogue, block.assumptions
    many = len(how.mother)
    before = rng.random(many) < assumptions.number("synthesis_births", "antenatal")
    ago = how.born - 1 - np.floor(rng.random(many) * BIRTH_DAYS_BEFORE).astype(np.int64)
    before &= ago >= np.maximum(block.who.joined[how.mother], block.first)
    section = rng.random(many) < assumptions.number("synthesis_births", "caesarean")
    known = diagnoses(assumptions).place
    person = np.concatenate([how.mother, how.mother[before]])
    day = np.concatenate([how.born, ago[before]])
    birth = np.arange(len(person)) < many
    stay = np.concatenate([np.where(section, 3, 1), np.zeros(int(before.sum()), dtype=np.int64)])
    birth_code = np.where(section, known["O829"], known["O800"])
    codes = np.concatenate(
        [
            np.stack([birth_code, np.full(many, known["Z370"])], axis=1).ravel(),
            np.full(int(before.sum()), known["O269"]),
        ]
    )
    group = [catalogue.currencies.index(name) for name in ("NZ30C", "NZ50C", "NZ16Z")]
    currency = np.concatenate([np.where(section, group[1], group[0]), np.full(int(before.sum()), group[2])])
    cost = np.where(birth, assumptions.cost("delivery"), assumptions.cost("antenatal"))
    return rows(
        len(person),
        person=person,
        kind=catalogue.kind("maternity"),
        day=day,
        until=block.last_day(person, day + stay),
        specialty=catalogue.specialties.index("501"),
        currency=currency,
        method=MATERNITY,
        provider=hospital(rng, block, person),
        diagnosis=recorded.add(codes, np.where(birth, 2, 1)),
        cost=catalogue.varied(rng, cost, len(person)),
    )


def mental_health_stays(rng: np.random.Generator, block: Block) -> dict[str, Column]:
    """Stays in a mental health bed."""
    catalogue, assumptions = block.catalogue, block.assumptions
    person, day = events(rng, block, "mental_health_stay")
    band = assumptions.band(ages(block.who.birth[person], day))
    until = block.last_day(
        person, day + _nights(rng, assumptions, "mental_health", band, segment_then(block, person, day))
    )
    return rows(
        len(person),
        person=person,
        kind=catalogue.kind("mental_health_stay"),
        day=day,
        until=until,
        method=OTHERWISE,
        provider=catalogue.provider("mental_health"),
        cost=np.rint(assumptions.cost("mental_health_day") * np.maximum(until - day, 1)).astype(np.int64),
    )


def segment_then(block: Block, person: Days, day: Days) -> Days:
    """The segment that each person was in when something happened."""
    segments = np.stack([state.segment for state in block.exposure.states])
    return segments[year_of(block, day), person]


def year_of(block: Block, day: Days) -> Days:
    """The year of the record that each day is in."""
    return np.clip(np.searchsorted(block.bounds, day, side="right") - 1, 0, len(block.bounds) - 2)


def _nights(rng: np.random.Generator, assumptions: Assumptions, name: str, band: Days, segment: Days) -> Days:
    longer = assumptions.floats("synthesis_stays", "by_segment")
    mean = assumptions.floats("synthesis_stays", name)[band] * longer[segment]
    if name == "emergency":
        mean = mean / (1 - assumptions.number("synthesis_stays", "emergency_without_night"))
    return 1 + np.floor(rng.standard_exponential(len(band)) * np.maximum(mean - 0.5, 0.3)).astype(np.int64)


def _column(texts: tuple[str, ...], assumptions: Assumptions, name: str, column: str) -> Days:
    return np.array([texts.index(row[column]) for row in assumptions.value(name)])


def _reasons(
    rng: np.random.Generator,
    block: Block,
    held: Health,
    recorded: Recorded,
    person: Days,
    day: Days,
    name: str,
    *,
    signs: bool,
) -> tuple[Days, Days]:
    """The reason for each admission, and where its list of diagnoses is kept."""
    assumptions = block.assumptions
    listed = assumptions.value(name)
    age = reason_age(block, person, day)
    year = year_of(block, day)
    having = np.zeros((len(person), len(assumptions.conditions)), dtype=bool)
    for each in range(len(block.bounds) - 1):
        now = year == each
        having[now] = active_matrix(block, held, each)[person[now]]
    weights = np.array([[float(value) for value in row["weights"]] for row in listed])[:, age].T
    for place, row in enumerate(listed):
        if row["condition"]:
            ill = having[:, assumptions.condition(row["condition"])]
            weights[:, place] += np.where(ill, float(row["with_condition"]), 0.0)
    added = np.cumsum(weights, axis=1)
    drawn = rng.random(len(person)) * added[:, -1]
    reason = (added <= drawn[:, None]).sum(axis=1)
    return reason, _listed(rng, diagnoses(assumptions), recorded, listed, reason, having, age, signs)


def _listed(
    rng: np.random.Generator,
    known: Diagnoses,
    recorded: Recorded,
    listed: list[dict[str, Any]],
    reason: Days,
    having: NDArray[np.bool_],
    age: Days,
    signs: bool,
) -> Days:
    """Lists of diagnoses: the reason first, then most of the person's conditions, then signs of frailty in the old."""
    many = len(reason)
    primary = np.array([known.place[row["icd10"]] for row in listed])[reason]
    also = having & (rng.random(having.shape, dtype=np.float32) < known.recorded)
    turn = rng.integers(0, known.of_condition.shape[1], many)
    share = np.where(age == OLDEST_AGE, 1.0, np.where(age == OLD_AGE, SHARE_OF_OLD, 0.0)) * signs
    shown = rng.random((many, len(known.signs)), dtype=np.float32) < share[:, None] * known.sign_shares
    marks = np.concatenate([np.ones((many, 1), dtype=bool), also, shown], axis=1)
    row, column = np.nonzero(marks)
    first, conditions = column == 0, (column > 0) & (column <= having.shape[1])
    code = np.empty(len(row), dtype=np.int64)
    code[first] = primary
    code[conditions] = known.of_condition[column[conditions] - 1, turn[row[conditions]]]
    sign = ~first & ~conditions
    code[sign] = known.signs[column[sign] - 1 - having.shape[1]]
    once = first | (code != primary[row])
    return recorded.add(code[once], np.bincount(row[once], minlength=many))
