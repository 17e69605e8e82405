"""What does a block of made-up people look like as the tables of a record?"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from commonweal.core.tables import definitions
from commonweal.people.synthesis.admissions import METHODS, Recorded, diagnoses
from commonweal.people.synthesis.assumptions import Assumptions
from commonweal.people.synthesis.block import MadeUp, Synthesis
from commonweal.people.synthesis.care import ATTENDED, Catalogue
from commonweal.people.synthesis.contact_rows import kinds
from commonweal.people.synthesis.days import FAR, first_of_month
from commonweal.people.synthesis.month_rows import FRAILTY

SEXES = ("F", "M")
SMOKING = ("never", "ex", "current")
FLOW = "synthetic"
DICTIONARY = pa.dictionary(pa.int32(), pa.string())


@cache
def schema(table: str) -> pa.Schema:
    """The Arrow schema of a table of the record, texts as positions in lists."""
    plain = definitions()[table].schema.to_pyarrow()
    return pa.schema([pa.field(f.name, DICTIONARY if f.type == pa.string() else f.type) for f in plain])


def texts(places: NDArray[Any], names: Sequence[str | None]) -> pa.DictionaryArray:
    """Texts by their positions in a list; -1, or a text of None, is null."""
    known, moved = _different(tuple(names))
    held = np.asarray(places).astype(np.int32)
    if moved is not None:
        held = np.where(held < 0, -1, moved[held])
    positions = pa.array(held, mask=held < 0) if (held < 0).any() else pa.array(held)
    return pa.DictionaryArray.from_arrays(positions, known)


@lru_cache(maxsize=256)
def _different(names: tuple[str | None, ...]) -> tuple[pa.Array, NDArray[np.int32] | None]:
    """The different texts of a list, and where each of it is among them; None where all differ."""
    place = {name: number for number, name in enumerate(dict.fromkeys(name for name in names if name is not None))}
    moved = None
    if len(place) != len(names):
        moved = np.array([-1 if name is None else place[name] for name in names], dtype=np.int32)
    return pa.array(list(place), pa.string()), moved


def numbers(values: NDArray[Any], type_: pa.DataType, missing: NDArray[np.bool_] | None = None) -> pa.Array:
    """Numbers or days of a type, null where they are missing."""
    if pa.types.is_date32(type_):
        days = pa.array(np.asarray(values).astype(np.int32), mask=missing)
        return days.cast(pa.date32())
    return pa.array(np.asarray(values).astype(type_.to_pandas_dtype()), type=type_, mask=missing)


def persons_table(made: MadeUp, shared: Synthesis) -> pa.Table:
    """The table persons of a block."""
    who = made.who
    categories = tuple(shared.assumptions.value("synthesis_ethnicity")["shares"])
    columns = [
        pa.array(who.pseudonym),
        texts(who.male, SEXES),
        numbers(first_of_month(who.birth), pa.date32()),
        numbers(np.where(who.died == FAR, 0, who.died), pa.date32(), who.died == FAR),
        texts(made.how.ethnicity, categories),
    ]
    return pa.Table.from_arrays(columns, schema=schema("persons"))


def registrations_table(made: MadeUp, shared: Synthesis) -> pa.Table:
    """The table registrations of a block, in order of person and day."""
    who = made.who
    came = np.flatnonzero(who.earlier >= 0)
    person = np.concatenate([came, np.arange(len(who))])
    practice = np.concatenate([who.earlier[came], who.practice])
    start = np.concatenate([who.joined[came], who.moved])
    end = np.concatenate([who.moved[came], who.gone])
    order = np.lexsort((start, person))
    person, practice, start, end = person[order], practice[order], start[order], end[order]
    columns = [
        pa.array(who.pseudonym[person]),
        texts(practice, shared.practices),
        numbers(start, pa.date32()),
        numbers(np.where(end == FAR, 0, end), pa.date32(), end == FAR),
    ]
    return pa.Table.from_arrays(columns, schema=schema("registrations"))


def conditions_table(made: MadeUp, shared: Synthesis) -> pa.Table:
    """The table conditions of a block, in order of person and condition."""
    held = made.held
    columns = [
        pa.array(made.who.pseudonym[held.person]),
        texts(held.condition, shared.assumptions.condition_codes),
        numbers(held.start, pa.date32()),
        numbers(np.where(held.end == FAR, 0, held.end), pa.date32(), held.end == FAR),
    ]
    return pa.Table.from_arrays(columns, schema=schema("conditions"))


def attributes_table(made: MadeUp, shared: Synthesis) -> pa.Table:
    """The table attributes of a block."""
    who, how, months = made.who, made.how, made.months
    person, many = months.person, len(months.person)
    bmi = how.bmi[person]
    held = {
        "person": pa.array(who.pseudonym[person]),
        "attribute_period": numbers(months.month, pa.date32()),
        # Made-up people live nowhere: see docs/decisions.
        "lsoa": texts(np.full(many, -1), ()),
        "imd_decile": numbers(who.decile[person], pa.int8()),
        "nh_rh": pa.array(months.care_home),
        "housebound": pa.array(months.housebound),
        "has_carer": pa.array(how.cared_for[person]),
        "is_carer": pa.array(how.carer[person]),
        "homeless": pa.array(how.homeless[person]),
        "pregnancy": pa.array(months.pregnant),
        "eol_plan": pa.array(months.planned_end),
        "smoking": texts(how.smoking[person], SMOKING),
        "bmi": numbers(np.maximum(bmi, 0) / 10, pa.float64(), bmi < 0),
        "polypharmacy_repeat": numbers(months.repeat, pa.int16()),
        "polypharmacy_acute": numbers(months.acute, pa.int16()),
        "efi_category": texts(months.frailty, FRAILTY),
        "cambridge_score": numbers(np.round(months.score, 2), pa.float64()),
        "opted_out": pa.array(how.opted_out[person]),
    }
    form = schema("attributes")
    return pa.Table.from_arrays([held[name] for name in form.names], schema=form)


def activity_table(made: MadeUp, shared: Synthesis) -> pa.Table:
    """The table activity of a block, in order of person and day."""
    who, care, catalogue = made.who, made.care, shared.catalogue
    person, kind = care["person"], care["kind"]
    levels = list(zip(*kinds(shared.assumptions).values(), strict=True))
    earlier = (who.earlier[person] >= 0) & (care["day"] < who.moved[person])
    practice = np.where(earlier, who.earlier[person], who.practice[person])
    none = pa.nulls(len(person), pa.int64())
    held = {
        "person": pa.array(who.pseudonym[person]),
        "source_name": texts(np.zeros(len(person)), (FLOW,)),
        "source_id": none,
        "pod_l1": texts(kind, levels[0]),
        "pod_l2a": texts(kind, levels[1]),
        "pod_l2b": texts(kind, levels[2]),
        "arr_date": numbers(care["day"], pa.date32()),
        "dep_date": numbers(np.maximum(care["until"], 0), pa.date32(), care["until"] < 0),
        "spec_l1a": texts(care["specialty"], catalogue.specialties),
        "spec_l2a": texts(care["currency"], catalogue.currencies),
        "admimeth": texts(care["method"], METHODS),
        "attend_code": texts(care["attended"], ATTENDED),
        "prov_code": _providers(care["provider"], kind, practice, shared),
        "practice_code": texts(practice, shared.practices),
        "diag_codes": _diagnoses(care["diagnosis"], made.recorded, shared.assumptions),
        "items": numbers(np.maximum(care["items"], 0), pa.int32(), care["items"] < 0),
        "cost_pence": pa.array(care["cost"]),
    }
    form = schema("activity")
    return pa.Table.from_arrays([held[name] for name in form.names], schema=form)


def _providers(place: NDArray[Any], kind: NDArray[Any], practice: NDArray[Any], shared: Synthesis) -> pa.Array:
    """The provider of each row: the practice itself for its own contacts."""
    catalogue: Catalogue = shared.catalogue
    codes = [shared.assumptions.value("synthesis_providers")[role] for role in catalogue.providers]
    own = (kind == catalogue.kind("gp")) | (kind == catalogue.kind("other_staff"))
    return texts(np.where(own, len(codes) + practice, place), [*codes, *shared.practices])


def _diagnoses(place: NDArray[Any], recorded: Recorded, assumptions: Assumptions) -> pa.Array:
    """Lists of diagnoses with commas between, null where there is none."""
    if not recorded.many:
        return texts(np.full(len(place), -1), ())
    codes = pa.array(diagnoses(assumptions).codes, pa.string())
    offsets = np.concatenate([[0], np.cumsum(np.concatenate(recorded.lengths))]).astype(np.int32)
    values = codes.take(pa.array(np.concatenate(recorded.codes)))
    lists = pc.binary_join(pa.ListArray.from_arrays(pa.array(offsets), values), ",").dictionary_encode()
    positions = np.asarray(lists.indices)[np.maximum(place, 0)]
    held = pa.array(np.where(place < 0, 0, positions).astype(np.int32), mask=place < 0)
    return pa.DictionaryArray.from_arrays(held, lists.dictionary)
