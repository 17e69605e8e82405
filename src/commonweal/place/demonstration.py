"""What would a made-up country publish about its practices?

The demonstration needs files that anyone may have: a country of three districts, its practices, lists and payments in
the published forms. The same seed gives the same bytes. Nobody and nothing in it is real.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from commonweal.core.money import rounded_together, to_the_penny
from commonweal.core.parameters import library
from commonweal.place.demonstration_files import REFERENCE_DAY, MadeUpPractice, write_files
from commonweal.place.demonstration_people import made_up_people
from commonweal.place.practice_totals import COMPONENTS

DISTRICT = "Wherrydale"
# fmt: off
WORDS = (
    "Alderholt", "Bracken", "Candleford", "Dunnock", "Elmscroft", "Fernhill", "Goosegate", "Heron", "Ivybank",
    "Juniper",
    "Kestrel", "Linden", "Millrace", "Nettlefield", "Oakapple", "Pippin", "Quince", "Rushmere", "Sedge", "Thistle",
    "Umber", "Vetch", "Willow", "Yarrow", "Applegarth", "Beechmast", "Curlew", "Dovecote", "Eider", "Foxglove",
)
# fmt: on
KINDS = ("Surgery", "Medical Centre", "Practice", "Health Centre")
MILLIONTH = Decimal("0.000001")


def write_demonstration_files(folder: Path, seed: int = 2026) -> tuple[Path, ...]:
    """Write the made-up country's files, each in its published form.

    Takes    folder: made when it is not there; files of the same names are replaced.
    Returns  the files: need-weighted populations, payments of 2021-22 and 2022-23, locations, membership, a count of
             registered lists for each day in the parameters, lists by age and sex, and deprivation scores.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return write_files(folder, made_up_practices(seed))


def made_up_practices(seed: int = 2026) -> list[MadeUpPractice]:
    """The practices of the made-up country, in order of code."""
    chance = random.Random(seed)
    places = _places(chance)
    listed = [place["listed"] for place in places]
    need_factor = [Decimal(str(round(chance.random() * 2 - 1, 4))) for _ in places]
    projected = _to_millionths([Decimal(n) * Decimal("1.005") for n in listed])
    need = _need(chance, projected, need_factor)
    registered, weighted = _lists(chance, places, need_factor)
    payments = {year: _payments(chance, places, registered[year], weighted[year], year) for year in registered}
    counts = _counts(chance, places)
    people = made_up_people(counts[REFERENCE_DAY], need_factor, seed=seed)
    return [
        MadeUpPractice(
            **place,
            registered={year: registered[year][n] for year in registered},
            weighted={year: weighted[year][n] for year in weighted},
            projected=projected[n],
            need={name: need[name][n] for name in COMPONENTS},
            payments={year: payments[year][n] for year in payments},
            counts={day: counts[day][n] for day in counts},
            people=people[n],
        )
        for n, place in enumerate(places)
    ]


def _value(parameter: str) -> Any:
    return library()[parameter].values[-1].value


def _places(chance: random.Random) -> list[dict[str, Any]]:
    names = [f"{word} {kind}" for kind in KINDS for word in WORDS]
    chance.shuffle(names)
    found: list[dict[str, Any]] = []
    network_number = 0
    for district_number, district in enumerate(_value("demonstration_country"), 1):
        for network in district["networks"]:
            network_number += 1
            people = int(network["people"])
            shares = [Decimal(str(round(0.55 + chance.random() * 0.9, 3))) for _ in range(int(network["practices"]))]
            whole = sum(shares)
            lists = [int(people * share / whole) for share in shares]
            lists[0] += people - sum(lists)
            for listed in lists:
                number = len(found) + 1
                found.append(
                    {
                        "code": f"X9{number:04d}",
                        "name": names[number],
                        "postcode": f"ZZ99 {number // 26 + 1}{chr(65 + number % 26)}Z",
                        "latitude": _near(chance, network["latitude"], "0.012"),
                        "longitude": _near(chance, network["longitude"], "0.020"),
                        "network": f"{network['name']} PCN",
                        "network_code": f"UZ{network_number:04d}",
                        "district": district["district"],
                        "district_code": f"E0799{district_number:04d}",
                        "contract": "PMS" if number % 4 == 0 else "GMS",
                        "dispensing": number % 7 == 0,
                        "listed": listed,
                    }
                )
    return found


def _near(chance: random.Random, middle: str, spread: str) -> str:
    off = Decimal(str(round(chance.random() * 2 - 1, 4))) * Decimal(spread)
    return str((Decimal(middle) + off).quantize(MILLIONTH))


def _to_millionths(numbers: Sequence[Decimal]) -> list[Decimal]:
    return [number.quantize(MILLIONTH) for number in numbers]


def _need(
    chance: random.Random, projected: Sequence[Decimal], need_factor: Sequence[Decimal]
) -> dict[str, list[Decimal]]:
    """Need-weighted populations that each re-add to the projected people; the overall one is the known mix."""
    held = {}
    for name, spread in _value("demonstration_need_spread").items():
        # A practice's needs go together: most of the spread is its common factor, the rest its own.
        own = [Decimal(str(round(chance.random() * 2 - 1, 4))) for _ in projected]
        index = [
            1 + Decimal(spread) * (f * Decimal("1.2") + o * Decimal("0.8"))
            for f, o in zip(need_factor, own, strict=True)
        ]
        held[name] = _re_added([p * max(i, Decimal("0.2")) for p, i in zip(projected, index, strict=True)], projected)
    mix = {name: Decimal(share) for name, share in _value("component_mix").items()}
    overall = [sum(mix[name] * held[name][n] for name in mix) for n in range(len(projected))]
    return held | {"final": _re_added(overall, projected)}


def _re_added(weights: Sequence[Decimal], people: Sequence[Decimal]) -> list[Decimal]:
    """People shared out by weights, in millionths, so that they sum to the people."""
    whole, total = sum(people), sum(weights)
    # Pence are hundredths; ten thousand times as many people in pence are people in millionths.
    shared = rounded_together([weight * whole * 10000 / total for weight in weights])
    return [number / 10000 for number in shared]


def _lists(
    chance: random.Random, places: Sequence[Mapping[str, Any]], need_factor: Sequence[Decimal]
) -> tuple[dict[str, list[Decimal]], dict[str, list[Decimal]]]:
    """Registered and weighted lists by year; weighted ones sum to registered ones. One list moved by a quarter."""
    registered: dict[str, list[Decimal]] = {"2021-22": [], "2022-23": []}
    for number, place in enumerate(places):
        quarters = [place["listed"] + int((chance.random() - 0.45) * place["listed"] / 60) for _ in range(4)]
        now = Decimal(sum(quarters)) / 4
        growth = Decimal("1.27") if number == 2 else Decimal(str(round(0.99 + chance.random() * 0.03, 4)))
        registered["2022-23"].append(now)
        registered["2021-22"].append((now / growth * 4).quantize(Decimal(1)) / 4)
    weighted = {}
    for year, lists in registered.items():
        index = [1 + f * Decimal("0.12") for f in need_factor]
        raw = [people * i for people, i in zip(lists, index, strict=True)]
        whole, total = sum(lists), sum(raw)
        weighted[year] = rounded_together([w * whole / total for w in raw])
    return registered, weighted


def _payments(
    chance: random.Random,
    places: Sequence[Mapping[str, Any]],
    registered: Sequence[Decimal],
    weighted: Sequence[Decimal],
    year: str,
) -> list[dict[str, Decimal]]:
    """What each practice was paid, by line: as much a head as England pays, to the practices that would receive it."""
    lines = {row["code"]: row for row in _value("payment_lines")}
    found: list[dict[str, Decimal]] = [dict.fromkeys(lines, Decimal(0)) for _ in places]
    prices = Decimal("0.98") if year == "2021-22" else Decimal(1)
    for code, (per_head, share) in _value("demonstration_payments_per_head").items():
        people = weighted if code in ("global_sum", "pms_balance") else registered
        receives = [_receives(chance, code, place, Decimal(share)) for place in places]
        paid = [people[n] if receives[n] else Decimal(0) for n in range(len(places))]
        if lines[code]["paid_to"] == "network":
            paid = _to_first_of_network(places, paid)
        whole = sum(paid)
        for n, weight in enumerate(paid):
            if weight and whole:
                varied = Decimal(str(round(0.96 + chance.random() * 0.08, 4)))
                amount = Decimal(per_head) * prices * sum(registered) * weight / whole * varied
                found[n][code] = to_the_penny(amount)
    return found


def _receives(chance: random.Random, code: str, place: Mapping[str, Any], share: Decimal) -> bool:
    drawn = Decimal(str(round(chance.random(), 6)))
    if code in ("global_sum", "pms_balance"):
        return (place["contract"] == "GMS") == (code == "global_sum")
    if code == "dispensing_fees":
        return bool(place["dispensing"])
    return drawn < share


def _to_first_of_network(places: Sequence[Mapping[str, Any]], people: Sequence[Decimal]) -> list[Decimal]:
    """Network payments are booked to one practice of each network."""
    totals: dict[str, Decimal] = {}
    for place, number in zip(places, people, strict=True):
        totals[place["network_code"]] = totals.get(place["network_code"], Decimal(0)) + number
    return [totals.pop(place["network_code"], Decimal(0)) for place in places]


def _counts(chance: random.Random, places: Sequence[Mapping[str, Any]]) -> dict[date, list[int]]:
    """Lists counted on each day; the demonstration district's sum stands to the reference day as the parameter says."""
    base = [int(place["listed"] * (1 + chance.random() / 40)) for place in places]
    ours = [n for n, place in enumerate(places) if place["district"] == DISTRICT]
    found = {}
    for day, ratio in _value("demonstration_list_counts").items():
        held = [
            int(Decimal(b) * Decimal(ratio) * Decimal(str(round(0.998 + chance.random() * 0.004, 4)))) for b in base
        ]
        if Decimal(ratio) == 1:
            held = list(base)
        wanted = int(sum(base[n] for n in ours) * Decimal(ratio))
        largest = max(ours, key=lambda n: base[n])
        held[largest] += wanted - sum(held[n] for n in ours)
        found[day] = held
    return found
