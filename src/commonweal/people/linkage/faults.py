"""What goes wrong with names, dates and addresses where they are typed? Records with known faults, to measure linkage.

Records of people on a list are made without their NHS number and with at most two faults each. Some are of people who
are taken off the list, or of a twin who never was on it: whoever links those has linked them wrongly.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from commonweal.core.parameters import Parameters
from commonweal.core.tables import definitions
from commonweal.people.linkage.fields import short_forms

Row = dict[str, Any]
FIELDS = ("given_name", "family_name", "birth_date", "sex", "postcode")
NO_FAULT, TWO_FAULTS = "none", "two_faults"
TWIN, TWIN_NOT_LISTED, NOT_LISTED = "twin", "twin_not_listed", "not_listed"
LETTERS = "abcdefghijklmnopqrstuvwxyz"
SHORTENED = 4


@dataclass(frozen=True, slots=True)
class MadeUp:
    """Records with faults, the list they are to be linked to, and the truth.

    records    record_id and the fields of FIELDS
    identity   the list: without those taken off, with twins put on
    truth      the person each record is of, in the order of the records; null for nobody on the list
    faults     what is wrong with each record
    """

    records: pa.Table
    identity: pa.Table
    truth: pa.Array
    faults: pa.Array


@dataclass(frozen=True, slots=True)
class Draw:
    """What a fault is drawn from: chance, everybody on the list, and short forms of names."""

    chance: random.Random
    everybody: Sequence[Row]
    short_forms: Mapping[str, Sequence[str]]

    def another(self, row: Row, field: str) -> Any:
        """Somebody else's value of a field, of the same sex where it is a given name; its own if there is no other."""
        for _ in range(50):
            other = self.chance.choice(self.everybody)
            if other[field] and other[field] != row[field] and (field != "given_name" or other["sex"] == row["sex"]):
                return other[field]
        return row[field]


def misspelt(draw: Draw, text: str) -> str:
    """A text with one letter wrong, left out, doubled or exchanged with the next."""
    at = draw.chance.randrange(len(text) - 1)
    way = draw.chance.randrange(4)
    if way == 0:
        return text[:at] + draw.chance.choice(LETTERS) + text[at + 1 :]
    if way == 1:
        return text[:at] + text[at + 1 :]
    if way == 2:
        return text[: at + 1] + text[at:]
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _misspelt(field: str) -> Callable[[Draw, Row], Row]:
    return lambda draw, row: {field: misspelt(draw, row[field])}


def _missing(field: str) -> Callable[[Draw, Row], Row]:
    return lambda draw, row: {field: None}


def _short_form(draw: Draw, row: Row) -> Row:
    known = draw.short_forms.get(row["given_name"].upper())
    return {"given_name": draw.chance.choice(known).title() if known else row["given_name"][:SHORTENED]}


def _day_and_month_exchanged(draw: Draw, row: Row) -> Row:
    day: date = row["birth_date"]
    return {"birth_date": day.replace(month=day.day, day=day.month)} if day.day <= 12 else {}


def _birth_date_wrong(draw: Draw, row: Row) -> Row:
    day: date = row["birth_date"]
    way = draw.chance.randrange(3)
    if way == 0:
        return {"birth_date": day.replace(day=1 + (day.day + draw.chance.randrange(26)) % 28)}
    if way == 1:
        return {"birth_date": day.replace(day=min(day.day, 28), month=1 + (day.month + draw.chance.randrange(10)) % 12)}
    return {"birth_date": day.replace(day=min(day.day, 28), year=day.year - draw.chance.choice((1, 2, 10)))}


def _sex_wrong(draw: Draw, row: Row) -> Row:
    return {"sex": "M" if row["sex"] == "F" else "F"}


def _names_exchanged(draw: Draw, row: Row) -> Row:
    return {"given_name": row["family_name"], "family_name": row["given_name"]}


def _other_family_name(draw: Draw, row: Row) -> Row:
    return {"family_name": draw.another(row, "family_name")}


def _moved(draw: Draw, row: Row) -> Row:
    return {"postcode": draw.another(row, "postcode")}


def _postcode_wrong(draw: Draw, row: Row) -> Row:
    code = row["postcode"]
    at = draw.chance.choice((-3, -2, -1))
    letters = "0123456789" if at == -3 else "ABDEFGHJLNPQRSTUWXYZ"
    return {"postcode": code[:at] + draw.chance.choice(letters) + (code[at + 1 :] if at < -1 else "")}


FAULTS: Mapping[str, Callable[[Draw, Row], Row]] = MappingProxyType(
    {
        "given_name_misspelt": _misspelt("given_name"),
        "family_name_misspelt": _misspelt("family_name"),
        "short_form": _short_form,
        "day_and_month_exchanged": _day_and_month_exchanged,
        "birth_date_wrong": _birth_date_wrong,
        "sex_wrong": _sex_wrong,
        "names_exchanged": _names_exchanged,
        "other_family_name": _other_family_name,
        "moved": _moved,
        "postcode_wrong": _postcode_wrong,
        "birth_date_missing": _missing("birth_date"),
        "postcode_missing": _missing("postcode"),
        "given_name_missing": _missing("given_name"),
    }
)


def records_with_faults(
    identity: pa.Table, *, records: int, seed: int, parameters: Parameters, on: date = date.max
) -> MadeUp:
    """Records of people on a list, with the faults that the parameters share out.

    Takes    identity: the list (table `identity`); records: how many to make, at most one for each person whose fields
             are all known.
    Returns  the same for the same list, number and seed. A fault that a record cannot have leaves it without one.
    """
    whole = identity.filter(_known(identity))
    chance = random.Random(seed)
    chosen = np.array(chance.sample(range(whole.num_rows), min(records, whole.num_rows)), dtype=np.int64)
    draw = Draw(chance, whole.select(FIELDS).to_pylist(), short_forms(parameters, on))
    kinds = _shared_out(parameters["linkage_fault_shares"].on(on).value, len(chosen))
    made = [_made(draw, draw.everybody[place], kind) for place, kind in zip(chosen.tolist(), kinds, strict=True)]
    people = whole["person"].take(pa.array(chosen)).to_pylist()
    held = [kind for _, kind in made]
    nobody = (TWIN_NOT_LISTED, NOT_LISTED)
    truth = [None if kind in nobody else person for person, kind in zip(people, held, strict=True)]
    gone = [person for person, kind in zip(people, held, strict=True) if kind == NOT_LISTED]
    twins = [place for place, kind in zip(chosen.tolist(), held, strict=True) if kind == TWIN]
    kept = identity.filter(pc.invert(pc.is_in(identity["person"], value_set=pa.array(gone, pa.int64()))))
    rows = [{"record_id": f"S{number:07d}", **row} for number, (row, _) in enumerate(made, start=1)]
    return MadeUp(
        records=pa.Table.from_pylist(rows, schema=_schema()),
        identity=_with_twins(kept, whole, twins, draw),
        truth=pa.array(truth, pa.int64()),
        faults=pa.array(held, pa.string()),
    )


def _known(identity: pa.Table) -> pa.Array:
    held = pa.array(np.ones(identity.num_rows, dtype=bool))
    for name in FIELDS:
        held = pc.and_(held, pc.is_valid(identity[name]))
    for name in ("given_name", "family_name"):
        held = pc.and_(held, pc.fill_null(pc.greater(pc.utf8_length(identity[name]), 2), False))
    return held


def _shared_out(shares: Mapping[str, str], records: int) -> list[str]:
    """As many of each kind as its share, the last of the records without a fault."""
    kinds = [kind for kind, share in shares.items() for _ in range(int(Decimal(share) * records)) if kind != NO_FAULT]
    return kinds + [NO_FAULT] * (records - len(kinds))


def _made(draw: Draw, row: Row, kind: str) -> tuple[Row, str]:
    if kind == TWIN_NOT_LISTED:
        change = {"given_name": draw.another(row, "given_name")}
    elif kind == TWO_FAULTS:
        first, second = draw.chance.sample(list(FAULTS), 2)
        changed = row | FAULTS[first](draw, row)
        whole = all(changed[name] for name in FIELDS)
        change = changed | (FAULTS[second](draw, changed) if whole else {})
    else:
        change = FAULTS[kind](draw, row) if kind in FAULTS else {}
    made = {name: (row | change)[name] for name in FIELDS}
    return made, (NO_FAULT if kind in FAULTS and made == row else kind)


def _with_twins(kept: pa.Table, whole: pa.Table, places: Sequence[int], draw: Draw) -> pa.Table:
    """The list with a twin of each of some people: another given name, the rest alike, no NHS number known."""
    last = pc.max(kept["person"]).as_py() or 0
    twins = []
    for number, place in enumerate(places, start=1):
        row = whole.slice(place, 1).to_pylist()[0]
        twins.append(
            {**row, "person": last - number, "nhs_number": None, "given_name": draw.another(row, "given_name")}
        )
    taken = set(kept["person"].to_pylist())
    for twin in twins:
        while twin["person"] in taken:
            twin["person"] -= 1
        taken.add(twin["person"])
    return pa.concat_tables([kept, pa.Table.from_pylist(twins, schema=kept.schema)])


def _schema() -> pa.Schema:
    fields = definitions()["identity"].schema.to_pyarrow()
    return pa.schema([pa.field("record_id", pa.string()), *(fields.field(name) for name in FIELDS)])
