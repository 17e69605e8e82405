"""Whose row is it: which numbers are NHS numbers, and under what pseudonym is each person known?

Only distinct numbers are taken out of the engine; rows never are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq
from ibis.backends import BaseBackend

from commonweal.core.errors import InputError
from commonweal.core.parameters import Parameters
from commonweal.people.loading.values import NUMBER_TEXT, OWN_TEXT
from commonweal.people.pseudonyms import pseudonyms

WEIGHTS = range(10, 1, -1)
ELEVEN = 11
GOOD, MARKER, FORM, CHECK = "good", "marker", "form", "check"
# A source's own key can look like an NHS number; under this it is never taken for one.
OWN = "own key "
AT_ONCE = 100_000
KEYS = pa.schema([("key_text", pa.string()), ("person", pa.int64())])


def number_state(text: ir.StringValue, *, invalid: Sequence[str]) -> ir.StringValue:
    """What a number is: good, a marker for no person, not ten digits, or wrong in its check digit.

    Takes    invalid: the numbers that stand for no person.
    Returns  `good`, `marker`, `form` or `check`; null for null.
    Source   NHS Data Model and Dictionary, NHS number: modulus 11 with weights 10 to 2; 10 is never issued.
    """
    digits = [text.substr(place, 1).try_cast("int64") for place in range(10)]
    total = sum((digit * weight for digit, weight in zip(digits[:9], WEIGHTS, strict=True)), ibis.literal(0))
    check = (ELEVEN - total % ELEVEN) % ELEVEN
    return ibis.cases(
        (text.isnull(), ibis.null("string")),
        (text.isin(invalid), MARKER),
        (~text.re_search(r"^[0-9]{10}$"), FORM),
        (check == digits[9], GOOD),
        else_=CHECK,
    )


def people_keys(
    engine: BaseBackend,
    tables: Sequence[ir.Table],
    working: Path,
    *,
    key: bytes,
    parameters: Parameters,
    on: date = date.max,
) -> tuple[ir.Table, ir.Table]:
    """The pseudonym of every person that the files name, by NHS number and by their source's own key.

    Takes    tables: rows of files with number_text and own_text; working: where the two tables are written.
    Returns  by number and by own key: key_text and person; one row per key. Numbers that are no NHS numbers have none.
    Raises   InputError when two people get the same pseudonym, which one place in thousands of millions would see.
    """
    invalid = parameters["invalid_nhs_numbers"].on(on).value
    numbers = _distinct(tables, NUMBER_TEXT)
    good = numbers.filter(number_state(numbers.key_text, invalid=invalid) == GOOD)
    held = []
    for name, keys, before in (("numbers", good, ""), ("own", _distinct(tables, OWN_TEXT), OWN)):
        path = working / f"keys-{name}.parquet"
        _write_keys(engine, keys, path, key, before)
        held.append(engine.read_parquet(str(path), table_name=ibis.util.gen_name(name)))
    _refuse_one_pseudonym_twice(ibis.union(*held))
    return held[0], held[1]


def _distinct(tables: Sequence[ir.Table], column: str) -> ir.Table:
    texts = [table.select(key_text=table[column]).filter(lambda t: t.key_text.notnull()).distinct() for table in tables]
    return ibis.union(*texts, distinct=True) if len(texts) > 1 else texts[0]


def _write_keys(engine: BaseBackend, keys: ir.Table, path: Path, key: bytes, before: str) -> None:
    with pq.ParquetWriter(path, KEYS) as writer:
        for texts in _texts(engine, keys, path.with_suffix(".texts")):
            people = pseudonyms((before + text for text in texts.to_pylist()), key)
            writer.write_table(pa.table([texts.cast(pa.string()), pa.array(people)], schema=KEYS))


def _texts(engine: BaseBackend, keys: ir.Table, path: Path) -> Iterator[pa.Array]:
    engine.to_parquet(keys, path)
    for batch in pq.ParquetFile(path).iter_batches(AT_ONCE):
        yield batch.column(0)


def _refuse_one_pseudonym_twice(keys: ir.Table) -> None:
    twice = keys.count() - keys.person.nunique()
    if twice.to_pyarrow().as_py():
        message = "Two people would have the same pseudonym. Nothing was loaded."
        raise InputError(message, mend="Make a new key and load the whole record with it.")
