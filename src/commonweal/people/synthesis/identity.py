"""Who is each made-up person: name, date of birth, NHS number, address?

Written apart from the record, to the place's identity folder, for the working database alone.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pyarrow as pa

from commonweal.people.synthesis.block import MadeUp, Synthesis
from commonweal.people.synthesis.days import FAR
from commonweal.people.synthesis.streams import BLOCK, stream
from commonweal.people.synthesis.tables import SEXES, numbers, schema, texts

IDENTITY_TABLE = "identity"
IDENTITY_FILE = "people.parquet"
HIGHEST_HOUSE = 180
POSTCODES = 400
# No postcode district of the United Kingdom begins with these two letters.
DISTRICT = "ZZ99"


def identity_table(made: MadeUp, shared: Synthesis) -> pa.Table:
    """The table identity of a block, in order of pseudonym."""
    who, names = made.who, shared.assumptions.value("synthesis_names")
    block = int(np.searchsorted(shared.cohort.pseudonym, who.pseudonym[0])) // BLOCK
    rng = stream(shared.seed, block, "names")
    many = len(who)
    female, male = names["female"], names["male"]
    given = np.where(who.male == 1, len(female) + rng.integers(0, len(male), many), rng.integers(0, len(female), many))
    families, addresses, postcodes = _lists(shared)
    house, street = rng.integers(1, HIGHEST_HOUSE, many), rng.integers(0, len(names["streets"]), many)
    held = {
        "person": pa.array(who.pseudonym),
        "nhs_number": pa.array(shared.cohort.number[block * BLOCK : block * BLOCK + many]).cast(pa.string()),
        "given_name": texts(given, [*female, *male]),
        "family_name": texts(rng.integers(0, len(families), many), families),
        "birth_date": numbers(who.birth, pa.date32()),
        "sex": texts(who.male, SEXES),
        "address": texts(street * (HIGHEST_HOUSE - 1) + house - 1, addresses),
        "postcode": texts(rng.integers(0, POSTCODES, many), postcodes),
        "practice_code": texts(np.where(who.gone == FAR, who.practice, -1), shared.practices),
    }
    form = schema("identity")
    return pa.Table.from_arrays([held[name].cast(form.field(name).type) for name in form.names], schema=form)


@lru_cache(maxsize=4)
def _lists(shared: Synthesis) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Every family name, address and postcode there is."""
    names = shared.assumptions.value("synthesis_names")
    families = tuple(first + last for first in names["first_syllables"] for last in names["last_syllables"])
    addresses = tuple(f"{number} {road}" for road in names["streets"] for number in range(1, HIGHEST_HOUSE))
    pairs = [first + second for first in names["letters"] for second in names["letters"]]
    postcodes = [f"{DISTRICT} {place % 9 + 1}{pair}" for place, pair in enumerate(pairs)][:POSTCODES]
    return families, addresses, tuple(postcodes)
