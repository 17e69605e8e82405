"""How frail do a person's general practice records show them to be?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import reduce
from operator import add, or_

import ibis
import ibis.expr.types as ir

from commonweal.core.parameters import Parameters
from commonweal.need.conditions_held import condition_rows
from commonweal.need.marks import all_marks

POLYPHARMACY = "polypharmacy"
ATTRIBUTE_COLUMNS = {"housebound": "housebound", "nh_rh": "care_home", "has_carer": "has_carer"}
PLACES = "decimal(18, 4)"


def with_deficits(people: ir.Table, held: ir.Table, parameters: Parameters, *, on: date) -> ir.Table:
    """People with how many of the deficits of the electronic frailty index (eFI) each has.

    Takes    people: one row per person with medicines, housebound, care_home and has_carer, as latest_attributes()
             returns. held: person, condition, as conditions_held() returns.
    Returns  people and deficits (0 where there are none). Each deficit counts once, however many conditions or
             attributes show it; polypharmacy is `electronic_frailty_medicines` (5) or more on repeat prescription.
    Source   Clegg and others, Age and Ageing 2016;45:353.
    """
    counted = list(parameters["electronic_frailty_deficits"].on(on).value)
    # Each deficit is a bit of a number, so that one that is shown twice counts once.
    bit = {deficit: 1 << number for number, deficit in enumerate(counted)}
    rows = [(row["code"], bit[row["efi"]]) for row in condition_rows(parameters, on=on) if row["efi"] in bit]
    listed = ibis.memtable(rows, schema={"condition": "string", "marks": "int64"})
    shown = held.inner_join(listed, "condition")
    by_condition = shown.aggregate(marks=all_marks(shown.marks), by="person")
    joined = people.left_join(by_condition, "person").drop("person_right")
    marks = joined.marks.fill_null(0) | _attribute_marks(joined, bit, parameters, on)
    found = [(marks >> number) & 1 for number in range(len(counted))]
    return joined.mutate(deficits=reduce(add, found).cast("int16")).drop("marks")


def _attribute_marks(attributes: ir.Table, bit: Mapping[str, int], parameters: Parameters, on: date) -> ir.IntegerValue:
    many = int(parameters["electronic_frailty_medicines"].on(on).number())
    shows = [(POLYPHARMACY, attributes.medicines >= many)]
    for row in parameters["electronic_frailty_attributes"].on(on).value:
        shows.append((row["deficit"], attributes[ATTRIBUTE_COLUMNS[row["attribute"]]]))
    marks = [shown.fill_null(False).ifelse(bit[name], 0) for name, shown in shows if name in bit]
    return reduce(or_, marks, ibis.literal(0)).cast("int64")


def electronic_frailty_score(deficits: ir.IntegerValue, parameters: Parameters, *, on: date) -> ir.FloatingValue:
    """Deficits as a share of all that are counted."""
    return deficits.cast("float64") / len(parameters["electronic_frailty_deficits"].on(on).value)


def electronic_frailty_category(deficits: ir.IntegerValue, parameters: Parameters, *, on: date) -> ir.StringValue:
    """The category of a number of deficits: fit, mild, moderate or severe, each with its greatest share in it."""
    most = parameters["electronic_frailty_categories"].on(on).value
    counted = len(parameters["electronic_frailty_deficits"].on(on).value)
    # Multiplied out, so that a share of exactly 0.12 is not lost in floating point.
    exact = deficits.cast(PLACES)
    cuts = [(name, ibis.literal(share).cast(PLACES) * counted) for name, share in most.items()]
    return ibis.cases(*((exact <= cut, name) for name, cut in cuts), else_="severe")


def polypharmacy_band(medicines: ir.IntegerValue, parameters: Parameters, *, on: date) -> ir.StringValue:
    """The band of a number of repeat medicines; null where the number is not known.

    Source   parameters/need_frailty.yaml, `polypharmacy_bands`.
    """
    first, *later = parameters["polypharmacy_bands"].on(on).value
    cuts = [(medicines >= int(row["from"]), row["band"]) for row in reversed(later)]
    return ibis.cases((medicines.isnull(), ibis.null("string")), *cuts, else_=first["band"])
