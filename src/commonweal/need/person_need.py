"""What does each registered person need on a day: level, segment, group, scores?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ibis
import ibis.expr.types as ir

from commonweal.core.parameters import Parameters
from commonweal.core.tables import conformed
from commonweal.need.bridges_to_health import need_group_rule
from commonweal.need.cambridge import cambridge_score, core_segment
from commonweal.need.comorbidity import charlson, elixhauser
from commonweal.need.conditions_held import conditions_held, long_term_conditions
from commonweal.need.diagnoses import diagnoses_before
from commonweal.need.electronic_frailty import (
    electronic_frailty_category,
    electronic_frailty_score,
    polypharmacy_band,
    with_deficits,
)
from commonweal.need.hospital_frailty import hospital_frailty, hospital_frailty_band
from commonweal.need.levels import level_rule
from commonweal.need.precedence import group_and_reason, with_rows_applied
from commonweal.need.registered_people import FLAGS, latest_attributes, registered_people

PALLIATIVE = "palliative"
PERSON_NEED = "person_need"
SCORES = {
    "cambridge": "decimal(9, 2)",
    "general": "decimal(9, 2)",
    "long_term_conditions": "int16",
    "hospital_frailty": "decimal(9, 1)",
    "charlson": "int32",
    "elixhauser": "int32",
}


def person_need(tables: Mapping[str, ir.Table], *, on: date, parameters: Parameters) -> ir.Table:
    """What each person registered on a day needs, by what was known before it.

    Takes    tables: persons, registrations, attributes, conditions, activity of the record (tables/people.yaml).
             parameters: rules and weights, as they hold on the day.
    Returns  the table `person_need` of tables/need.yaml: one row per person registered on the day. A person without
             attributes, conditions or activity has scores of 0 and level 1. Nothing of the day itself or later counts
             but the registration.
    Raises   ParameterProblem when a rule cannot be read.
    Source   each score's own function and parameters/need_*.yaml.
    """
    people = _people(tables, on=on)
    held = conditions_held(tables["conditions"], parameters, on=on)
    scored = _scored(people, held, tables["activity"], parameters, on=on)
    levels, groups = level_rule(parameters, on=on), need_group_rule(parameters, on=on)
    applied = with_rows_applied(scored, held, tables["activity"], [levels, groups], parameters, on=on)
    level, level_because = group_and_reason(applied, levels)
    group, group_because = group_and_reason(applied, groups)
    found = applied.mutate(
        level=level,
        level_because=level_because,
        bridges_to_health=group,
        bridges_to_health_because=group_because,
    )
    return conformed(found, PERSON_NEED)


def _people(tables: Mapping[str, ir.Table], *, on: date) -> ir.Table:
    """Registered people with what their attributes say; false and no medicines where there are none."""
    people = registered_people(tables["registrations"], tables["persons"], on=on)
    joined = people.left_join(latest_attributes(tables["attributes"], on=on), "person").drop("person_right")
    flags = {name: joined[name].fill_null(False) for name in FLAGS}
    return joined.mutate(medicines=joined.medicines.fill_null(0), **flags)


def _scored(people: ir.Table, held: ir.Table, activity: ir.Table, parameters: Parameters, *, on: date) -> ir.Table:
    """People with every score, and what is cut from a score."""
    joined = with_deficits(people, held, parameters, on=on)
    for name, scores in _scores(held, activity, parameters, on=on).items():
        scores = scores.rename({name: "score"}) if "score" in scores.columns else scores
        joined = joined.left_join(scores, "person").drop("person_right")
    none = {name: ibis.literal("0").cast(kind) for name, kind in SCORES.items()}
    joined = joined.mutate(**{name: joined[name].fill_null(none[name]) for name in SCORES})
    return joined.mutate(
        cambridge_score=joined.cambridge,
        core_segment=core_segment(joined.general, parameters, on=on),
        hospital_frailty_score=joined.hospital_frailty,
        hospital_frailty_band=hospital_frailty_band(joined.hospital_frailty, parameters, on=on),
        charlson_score=joined.charlson,
        elixhauser_score=joined.elixhauser,
        electronic_frailty_score=electronic_frailty_score(joined.deficits, parameters, on=on),
        electronic_frailty_category=electronic_frailty_category(joined.deficits, parameters, on=on),
        polypharmacy=polypharmacy_band(joined.medicines, parameters, on=on),
        end_of_life=joined.end_of_life_plan | joined.palliative.notnull(),
    )


def _scores(held: ir.Table, activity: ir.Table, parameters: Parameters, *, on: date) -> dict[str, ir.Table]:
    in_use = {name: str(parameters[f"{name}_in_use"].on(on).value) for name in ("charlson", "elixhauser")}
    weights = str(parameters["cambridge_weights_in_use"].on(on).value)
    recorded = {
        name: diagnoses_before(activity, parameters, on=on, look_back=f"{name}_look_back")
        for name in ("hospital_frailty", "charlson", "elixhauser")
    }
    return {
        "cambridge": cambridge_score(held, parameters, on=on, weights=weights),
        "general": cambridge_score(held, parameters, on=on),
        "long_term_conditions": long_term_conditions(held, parameters, on=on),
        "hospital_frailty": hospital_frailty(recorded["hospital_frailty"], parameters, on=on),
        "charlson": charlson(recorded["charlson"], parameters, on=on, weighting=in_use["charlson"]),
        "elixhauser": elixhauser(recorded["elixhauser"], parameters, on=on, weighting=in_use["elixhauser"]),
        PALLIATIVE: held.filter(held.condition == PALLIATIVE).select("person", palliative=ibis.literal(True)),
    }
