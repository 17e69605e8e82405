"""Who are people that nobody is? A small made-up list, for measuring linkage where a place has no list of its own.

Households share an address and mostly a family name, some names are common and most are rare, and a few have a twin.
Postcodes begin with X, which no real one does; NHS numbers lie in the range kept for made-up people.
"""

from __future__ import annotations

from datetime import date
from itertools import product

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from commonweal.core.tables import definitions

FEMALE = (
    "Margaret Susan Mary Elizabeth Patricia Jean Sarah Barbara Dorothy Catherine Christine Julie Helen Eleanor Joan "
    "Rebecca Victoria Emma Karen Jane Theresa Amelia Isla Sophie Chloe Grace Hannah Martha Frances Olivia Zara Aisha "
    "Priya Fatima Agnieszka Mei Siobhan Nerys Blessing Ngozi"
)
MALE = (
    "John David Michael William Robert James Richard Peter Anthony Edward Charles Joseph Alexander Henry Harold Thomas "
    "George Reginald Paul Andrew Mark Stephen Oliver Jack Noah Daniel Samuel Benjamin Adam Ethan Mohammed Arjun Imran "
    "Tomasz Wei Ciaran Gareth Emeka Kwame Luca"
)
BEGINNINGS = "Ald Bar Cor Dun Elm Fen Gar Hol Ing Kel Lan Mor Nor Oak Pem Quar Ros Stan Thorn Ull Ver Wend Yar"
MIDDLES = "en ing er ow a o i ick and el"
ENDINGS = "ton by ford well ley man son sey combe worth thwaite ridge more ett ard"
PEOPLE_TO_A_HOUSEHOLD = (0.3, 0.34, 0.16, 0.14, 0.06)
HOUSEHOLDS_TO_A_POSTCODE = 15
POSTCODES_TO_A_DISTRICT = 400
PRACTICES = 7
FIRST_NUMBER = 900_000_000
WEIGHTS = np.arange(10, 1, -1)
FIRST_YEAR_OF_BIRTH, LAST_YEAR_OF_BIRTH = 1928, 2024


def invented_identity(people: int, *, seed: int) -> pa.Table:
    """A list of made-up people in the columns of table `identity`, the same for the same number and seed."""
    draw = np.random.default_rng([seed, people])
    household = np.repeat(np.arange(people), draw.choice(5, size=people, p=PEOPLE_TO_A_HOUSEHOLD) + 1)[:people]
    family = _family_names(draw, people)
    kept = draw.random(people) < 0.85
    sex = np.where(draw.random(people) < 0.51, "F", "M")
    female, male = (
        _drawn(draw, [*names.split(), *_given_names(end)], people) for names, end in ((FEMALE, "a"), (MALE, "an"))
    )
    given = np.where(sex == "F", female, male)
    days = draw.integers(_day(FIRST_YEAR_OF_BIRTH), _day(LAST_YEAR_OF_BIRTH), people)
    columns = {
        "person": np.sort(draw.choice(1 << 62, size=people, replace=False)),
        "nhs_number": _numbers(people),
        "given_name": given,
        "family_name": np.where(kept, family[household], family),
        "birth_date": days.astype("datetime64[D]"),
        "sex": sex,
        "address": [f"{1 + home % 90} {family[home % 50]} Road" for home in household.tolist()],
        "postcode": [_postcode(home // HOUSEHOLDS_TO_A_POSTCODE) for home in household.tolist()],
        "practice_code": [f"X9{1 + home % PRACTICES:04d}" for home in household.tolist()],
    }
    schema = definitions()["identity"].schema.to_pyarrow()
    return pa.table({name: pa.array(columns[name]).cast(schema.field(name).type) for name in schema.names})


def _given_names(end: str) -> list[str]:
    return [f"{begin}{middle}{end}" for begin in BEGINNINGS.split() for middle in MIDDLES.split()]


def _family_names(draw: np.random.Generator, people: int) -> NDArray[np.str_]:
    parts = product(BEGINNINGS.split(), MIDDLES.split(), ENDINGS.split())
    return _drawn(draw, ["".join(part) for part in parts], people)


def _drawn(draw: np.random.Generator, names: list[str], people: int) -> NDArray[np.str_]:
    """A name for each person: a few are common, most are rare, as in any district."""
    share = 1 / (np.arange(len(names)) + 10)
    return np.asarray(np.array(names)[draw.choice(len(names), size=people, p=share / share.sum())])


def _numbers(people: int) -> list[str]:
    first = FIRST_NUMBER + np.arange(2 * people + 20)
    digits = first[:, None] // 10 ** np.arange(8, -1, -1) % 10
    check = (11 - (digits @ WEIGHTS) % 11) % 11
    right = check < 10
    return [f"{number}{last}" for number, last in zip(first[right], check[right], strict=True)][:people]


def _postcode(number: int) -> str:
    district, within = divmod(number, POSTCODES_TO_A_DISTRICT)
    sector, last = divmod(within, 40)
    return f"X{'ABCDEFGH'[district // 20 % 8]}{1 + district % 20} {sector}{'ABDEFGHJ'[last // 5]}{'LNPQR'[last % 5]}"


def _day(year: int) -> int:
    return (date(year, 1, 1) - date(1970, 1, 1)).days
