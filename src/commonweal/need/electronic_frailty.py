"""How frail do a person's general practice records show them to be?"""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir

from commonweal.core.parameters import Parameters
from commonweal.need.conditions_held import condition_rows, with_meaning

POLYPHARMACY = "polypharmacy"
ATTRIBUTE_COLUMNS = {"housebound": "housebound", "nh_rh": "care_home", "has_carer": "has_carer"}
PLACES = "decimal(18, 4)"


def electronic_frailty_deficits(held: ir.Table, attributes: ir.Table, parameters: Parameters, *, on: date) -> ir.Table:
    """How many of the deficits of the electronic frailty index (eFI) each person has.

    Takes    held: person, condition, as conditions_held() returns. attributes: one row per person, as
             latest_attributes() returns.
    Returns  person, deficits; one row per person with any. Each deficit counts once, however many conditions or
             attributes show it; polypharmacy is `electronic_frailty_medicines` (5) or more on repeat prescription.
    Source   Clegg and others, Age and Ageing 2016;45:353.
    """
    wanted = set(parameters["electronic_frailty_deficits"].on(on).value)
    meanings = {row["code"]: row["efi"] for row in condition_rows(parameters, on=on) if row["efi"] in wanted}
    shown = [with_meaning(held, meanings, name="deficit").select("person", "deficit")]
    for row in parameters["electronic_frailty_attributes"].on(on).value:
        if row["deficit"] in wanted:
            having = attributes.filter(attributes[ATTRIBUTE_COLUMNS[row["attribute"]]])
            shown.append(having.select("person", deficit=ibis.literal(row["deficit"])))
    if POLYPHARMACY in wanted:
        many = int(parameters["electronic_frailty_medicines"].on(on).number())
        having = attributes.filter(attributes.medicines >= many)
        shown.append(having.select("person", deficit=ibis.literal(POLYPHARMACY)))
    deficits = ibis.union(*shown, distinct=True)
    return deficits.aggregate(deficits=deficits.count().cast("int16"), by="person")


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
