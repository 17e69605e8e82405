"""How are names, dates, postcodes and NHS numbers written before they are compared?

Letters only and in capitals, without accents; dates as eight digits; words that stand for no value are left out. What
cannot be read counts as missing and is reported by number of rows, never by what it says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from commonweal.core.errors import InputError
from commonweal.core.findings import Finding
from commonweal.core.parameters import Parameters

NAMES = ("given_name", "family_name")
COMPARED = (*NAMES, "birth_date", "sex", "postcode")
ROW = "row"
NUMBER = "nhs_number"
GIVEN_ROOT = "given_root"

# An outward code, then a digit and two letters.
POSTCODE = "^[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}$"
DATE = "^(1[89]|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])$"
SEX_CODES = {"1": "M", "2": "F", "MALE": "M", "FEMALE": "F", "M": "M", "F": "F"}
NUMBER_WEIGHTS = np.arange(10, 1, -1)
ELEVEN = 11


@dataclass(frozen=True, slots=True)
class Fields:
    """A table's identifying fields as they are compared, and what could not be read.

    keys       what names each row, in order
    table      row (its place in that order), nhs_number, given_name, given_root, family_name, birth_date, sex,
               postcode; all text but row, null where there is no value
    """

    keys: pa.Array
    table: pa.Table
    findings: tuple[Finding, ...]


def compared_fields(table: pa.Table, what: str, *, key: str, parameters: Parameters, on: date) -> Fields:
    """The identifying fields of a table as they are compared, in the order of its key.

    Takes    what: the table's name in messages; key: the column that names its rows; on: the day whose parameters hold.
    Raises   InputError for a table without its key, with a key twice or null, or with none of the fields.
    """
    _check_columns(table, what, key)
    ignored = parameters["linkage_no_value"].on(on).value
    as_given, table = table, table.sort_by([(key, "ascending")])
    columns: dict[str, Any] = {ROW: pa.array(np.arange(table.num_rows), type=pa.int64())}
    columns[NUMBER] = _numbers(_text(table, NUMBER))
    for name in NAMES:
        columns[name] = _without(_letters(_text(table, name)), ignored["names"])
    roots = {short: root for root, shorts in short_forms(parameters, on).items() for short in shorts}
    columns[GIVEN_ROOT] = _mapped(columns["given_name"], roots)
    columns["birth_date"] = _without(dates_read(_text(table, "birth_date")), ignored["birth_dates"])
    columns["sex"] = _only(_letters_and_digits(_text(table, "sex")), SEX_CODES)
    columns["postcode"] = _postcodes(_text(table, "postcode"), ignored["postcodes"])
    found = [
        _unreadable(as_given, what, NUMBER, _numbers, "NHS numbers", "ten digits, the last a check"),
        _unreadable(as_given, what, "birth_date", dates_read, "dates of birth", "a date as in 1950-12-31"),
    ]
    keys = table[key].combine_chunks()
    keys = keys.cast(pa.int64() if pa.types.is_integer(keys.type) and key == "person" else pa.string())
    return Fields(keys, pa.table(columns), tuple(finding for finding in found if finding))


def _check_columns(table: pa.Table, what: str, key: str) -> None:
    fields = (NUMBER, *COMPARED)
    lacking = [name for name in (key, *fields) if name not in table.column_names]
    if key in lacking or len(lacking) == len(fields):
        mend = f"It needs {key} and any of {', '.join(fields)}."
        raise InputError(f"The table has no column {', '.join(lacking)}.", where=what, mend=mend)
    column = table[key]
    twice = len(column) - len(pc.unique(column))
    if twice or column.null_count:
        message = f"{key} names no row in {column.null_count} rows and is there again in {max(twice, 0)}."
        raise InputError(message, where=what, mend="Give every row a key of its own.")


def _text(table: pa.Table, name: str) -> pa.Array:
    """A column as tidied text; null throughout where the table lacks it."""
    if name not in table.column_names:
        return pa.nulls(table.num_rows, pa.string())
    column = table[name].combine_chunks()
    if pa.types.is_temporal(column.type):
        column = pc.strftime(column, "%Y-%m-%d")
    return _or_null(pc.utf8_trim_whitespace(column.cast(pa.string())))


def _or_null(texts: pa.Array) -> pa.Array:
    return pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts)


def _letters(texts: pa.Array) -> pa.Array:
    """Capitals without accents, spaces, hyphens or apostrophes."""
    apart = pc.utf8_upper(pc.utf8_normalize(texts, form="NFKD"))
    return _or_null(pc.replace_substring_regex(apart, "[^A-Z]", ""))


def _letters_and_digits(texts: pa.Array) -> pa.Array:
    return _or_null(pc.replace_substring_regex(pc.utf8_upper(texts), "[^A-Z0-9]", ""))


def _without(texts: pa.Array, ignored: Sequence[str]) -> pa.Array:
    held = pc.is_in(texts, value_set=pa.array([str(word).upper() for word in ignored], pa.string()))
    return pc.if_else(held, pa.scalar(None, pa.string()), texts)


def _mapped(texts: pa.Array, names: Mapping[str, str]) -> pa.Array:
    return pc.coalesce(_only(texts, names), texts)


def _only(texts: pa.Array, names: Mapping[str, str]) -> pa.Array:
    """What the texts are called; null for those without a name."""
    places = pc.index_in(texts, value_set=pa.array(list(names), pa.string()))
    return pc.take(pa.array(list(names.values()), pa.string()), places)


def _matching(texts: pa.Array, pattern: str) -> pa.Array:
    return pc.if_else(pc.match_substring_regex(texts, pattern), texts, pa.scalar(None, pa.string()))


def _postcodes(texts: pa.Array, ignored: Sequence[str]) -> pa.Array:
    codes = _matching(_letters_and_digits(texts), POSTCODE)
    for start in ignored:
        codes = pc.if_else(pc.starts_with(codes, str(start)), pa.scalar(None, pa.string()), codes)
    return codes


def dates_read(texts: pa.Array) -> pa.Array:
    """Eight digits, year first, from texts as 1950-12-31 or 31/12/1950; null for what is no date."""
    there = pc.utf8_slice_codeunits(texts, 0, 10)
    turned = pc.replace_substring_regex(there, "^([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})$", r"\3-0\2-0\1")
    padded = pc.replace_substring_regex(turned, "-0([0-9]{2})", r"-\1")
    return _matching(pc.replace_substring_regex(padded, "-", ""), DATE)


def _numbers(texts: pa.Array) -> pa.Array:
    digits = _matching(pc.replace_substring_regex(texts, "[ -]", ""), "^[0-9]{10}$")
    return pc.if_else(pa.array(_checked(digits)), digits, pa.scalar(None, pa.string()))


def _checked(digits: pa.Array) -> NDArray[np.bool_]:
    """Which texts of ten digits are NHS numbers: the last digit checks the others (modulus 11)."""
    filled = pc.fill_null(digits, "0" * 10).to_pylist()
    if not filled:
        return np.zeros(0, dtype=bool)
    each = np.frombuffer("".join(filled).encode("ascii"), dtype=np.uint8).reshape(-1, 10).astype(np.int64) - ord("0")
    check = (ELEVEN - (each[:, :9] @ NUMBER_WEIGHTS) % ELEVEN) % ELEVEN
    return np.asarray((check == each[:, 9]) & (each != each[:, :1]).any(axis=1))


def _unreadable(
    table: pa.Table, what: str, name: str, reading: Callable[[pa.Array], pa.Array], words: str, form: str
) -> Finding | None:
    """One finding for all values of a column that are there and cannot be read."""
    texts = _text(table, name)
    lost = pc.and_(pc.is_valid(texts), pc.is_null(reading(texts)))
    number = pc.sum(lost).as_py() or 0
    if not number:
        return None
    first = pc.index(lost, True).as_py() + 2
    message = f"{number:,} {words} cannot be read and count as missing, the first in this row."
    return Finding("warning", "linkage field", what, first, name, message, f"Write {form}.")


def short_forms(parameters: Parameters, on: date) -> Mapping[str, Sequence[str]]:
    """Given names and their short forms, in capitals."""
    value = parameters["linkage_short_forms"].on(on).value
    return {root.upper(): [short.upper() for short in shorts] for root, shorts in value.items()}
