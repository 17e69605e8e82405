"""Which rules are true of which rows of one file?

These look at one row by itself; what a row says of a person compared with their other rows is in `crossed.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import ibis
import ibis.expr.types as ir

from commonweal.core.parameters import Parameters
from commonweal.people.loading.births import age_impossible, birth_impossible, death_before_birth
from commonweal.people.loading.keys import CHECK, FORM, MARKER
from commonweal.people.loading.rules import Flag
from commonweal.people.loading.shapes import PERSON_KEYS, Recognised
from commonweal.people.loading.social_care import frequency_unknown
from commonweal.people.loading.values import BAD, CODES, SMALL

# What a cell of a column breaks when it cannot mean anything.
CELL_RULES = {
    "spec_l2a": "hrg-malformed",
    "diag_codes": "diagnosis-malformed",
    "sex": "sex-unknown",
    "ethnicity": "ethnicity-unknown",
    "age": "age-impossible",
}


def person_flags(table: ir.Table, shape: Recognised) -> list[Flag]:
    """Whose row it is: rules on NHS numbers.

    Takes    table: with number_text, own_text, state, person, by_own, linked.
    """
    nobody = table.person.isnull()
    heading = shape.headings.get("nhs_number", shape.headings.get("person_id", ""))
    flags = [
        Flag("nhs-number-missing", heading, table.number_text.isnull() & nobody, True),
        Flag("nhs-number-of-nobody", heading, table.state == MARKER, nobody),
        Flag("nhs-number-malformed", heading, table.state == FORM, nobody),
        Flag("nhs-number-check-digit", heading, table.state == CHECK, nobody),
    ]
    if not shape.key_space:
        flags.append(Flag("person-linked", heading, table.by_own & table.linked))
        flags.append(Flag("person-by-own-key", heading, table.by_own & ~table.linked))
    return flags


def cell_flags(table: ir.Table, shape: Recognised, *, without: Sequence[str] = ()) -> list[Flag]:
    """Cells that cannot be read and codes in small letters, column by column.

    Takes    without: columns that other rules look at.
    """
    flags = []
    for name, column in shape.columns.items():
        if name in PERSON_KEYS:
            continue
        heading = shape.headings.get(name, name)
        if name not in without and f"{BAD}{name}" in table.columns:
            flags.append(Flag(_cell_rule(name, column.type), heading, table[BAD + name]))
        if name in CODES and f"{SMALL}{name}" in table.columns:
            flags.append(Flag("code-in-small-letters", heading, table[SMALL + name]))
    return flags


def _cell_rule(name: str, type_: str) -> str:
    if name in CELL_RULES:
        return CELL_RULES[name]
    if type_ == "date":
        return "date-unreadable"
    if type_.startswith(("int", "float", "decimal")):
        return "number-unreadable"
    return "code-malformed" if name in (*CODES, "spec_l1a") else "text-unknown"


def care_flags(
    table: ir.Table,
    shape: Recognised,
    *,
    start: date | None,
    end: date | None,
    latest: date | None = None,
    parameters: Parameters,
    on: date,
) -> list[Flag]:
    """What is wrong with a row of care by itself.

    Takes    table: drafts; start, end: the period asked for, the last day not included; latest: as latest_birth().
    """
    at = shape.headings.get
    flags = [Flag("date-missing", at("arr_date", ""), table.arr_date.isnull(), True)]
    if shape.shape == "social_care":
        flags.append(Flag("text-unknown", at("event_type", ""), table.event_type.isnull(), True))
        flags.append(
            Flag(
                "cost-frequency-unknown",
                at("cost_frequency", ""),
                frequency_unknown(table, parameters=parameters, on=on),
            )
        )
    flags += [
        Flag("end-before-start", at("dep_date", ""), table.dep_date < table.arr_date, True),
        Flag("pod-unknown", at("pod_l1", ""), table.pod_l1.isnull(), True),
        Flag("not-seen", at("attend_code", ""), ~table.seen, True),
        Flag("attendance-unknown", at("attend_code", ""), table.attendance_unknown),
        Flag("cost-negative", at("cost", ""), table.cost < 0),
    ]
    if shape.shape == "activity":
        flags.append(Flag("pod-level-unknown", at("pod_l2a", at("pod_l2b", "")), table.level_lost))
        flags.append(Flag("two-spellings", at("pod_l1", ""), table.spelt))
    outside = ibis.literal(False)
    # A service of years is cut into months; those outside the period are left out there.
    begins = table.reported if shape.shape != "social_care" else ibis.coalesce(table.dep_date, table.reported)
    if start is not None:
        outside |= begins < ibis.literal(start)
    if end is not None:
        outside |= table.arr_date >= ibis.literal(end)
    if start is not None or end is not None:
        flags.append(Flag("outside-period", at("arr_date", ""), outside, True))
    flags += _birth_flags(table, shape, latest)
    if "age" in shape.columns:
        flags.append(Flag("age-impossible", at("age", ""), age_impossible(table.age)))
    return flags + cell_flags(table, shape, without=("arr_date", "event_type", "pod_l1", "attend_code"))


def month_flags(
    table: ir.Table, shape: Recognised, *, practices: Sequence[str], latest: date | None = None
) -> list[Flag]:
    """What is wrong with a month of attributes by itself."""
    at = shape.headings.get
    return [
        Flag("date-missing", at("attribute_period", ""), table.attribute_period.isnull(), True),
        _outside_place(table, at("practice_code", ""), practices),
        *_birth_flags(table, shape, latest),
        *cell_flags(table, shape, without=("attribute_period",)),
    ]


def person_row_flags(
    table: ir.Table, shape: Recognised, *, practices: Sequence[str], latest: date | None = None
) -> list[Flag]:
    """What is wrong with what a row says of a person."""
    return [
        _outside_place(table, shape.headings.get("practice_code", ""), practices),
        *_birth_flags(table, shape, latest),
        *cell_flags(table, shape),
    ]


def registration_flags(
    table: ir.Table, shape: Recognised, *, practices: Sequence[str], latest: date | None = None
) -> list[Flag]:
    """What is wrong with a spell of registration by itself."""
    at = shape.headings.get
    return [
        Flag("date-missing", at("start", ""), table.start.isnull(), True),
        Flag("end-before-start", at("end", ""), table.end < table.start, True),
        Flag("registration-of-no-day", at("end", ""), table.end == table.start, True),
        Flag("code-malformed", at("practice_code", ""), table.practice_code.isnull(), True),
        _outside_place(table, at("practice_code", ""), practices),
        *cell_flags(table, shape, without=("start", "practice_code")),
    ]


def _outside_place(table: ir.Table, heading: str, practices: Sequence[str]) -> Flag:
    outside = table.practice_code.notnull() & ~table.practice_code.isin(list(practices))
    return Flag("practice-not-of-place", heading, outside, True)


def _birth_flags(table: ir.Table, shape: Recognised, latest: date | None) -> list[Flag]:
    if "birth_date" not in shape.columns:
        return []
    at = shape.headings.get
    death = at("death_date", at("dismeth", ""))
    return [
        Flag("age-impossible", at("birth_date", ""), birth_impossible(table, latest=latest)),
        Flag("death-before-birth", death, death_before_birth(table, latest=latest)),
    ]
