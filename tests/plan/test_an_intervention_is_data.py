"""Is an intervention read whole, and told what is wrong with it: file, path, value and mend?"""

from __future__ import annotations

import contextlib
from copy import deepcopy
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from commonweal.core.errors import InterventionProblem
from commonweal.core.parameters import library
from commonweal.plan.beliefs.belief import fitted
from commonweal.plan.interventions.activity import planned_activity
from commonweal.plan.interventions.folders import begin_intervention
from commonweal.plan.interventions.reading import interventions_of_place, library_interventions, read_interventions

ON = date(2026, 4, 1)
LIBRARY = library_interventions(library())
# The care models that the vanguards and the seed documents name, each with the file that is it.
NAMED = {
    "extensive care": "extensive_care",
    "enhanced primary care": "enhanced_primary_care",
    "multidisciplinary teams": "mdt_care_coordination",
    "care homes": "care_home_support",
    "same-day hub": "same_day_hub",
    "telephone triage": "telephone_triage",
    "online triage": "online_triage",
    "physiotherapy first": "first_contact_physiotherapy",
    "care navigation": "care_navigation",
    "social prescribing": "social_prescribing",
    "patient activation": "patient_activation",
    "recovery at home": "recovery_at_home",
    "virtual wards": "virtual_ward",
    "advice and guidance": "advice_and_guidance",
    "community clinics": "community_clinics",
    "mental health": "mental_health_in_primary_care",
    "medicines": "medicines_optimisation",
    "end of life": "end_of_life_care",
    "prevention": "prevention_of_smoking",
}


@pytest.mark.parametrize("named", NAMED)
def test_the_library_has_each_care_model(named: str):
    assert NAMED[named] in LIBRARY


@pytest.mark.parametrize("name", LIBRARY)
def test_every_belief_of_the_library_has_a_law(name: str):
    held = LIBRARY[name]
    for term in held.terms:
        belief = held.belief(term, ON)
        law = fitted(belief, where=f"{name}: {term}")
        if belief.central == "mean":
            assert law.mean == pytest.approx(belief.middle, abs=1e-6)


@pytest.mark.parametrize("name", LIBRARY)
def test_every_intervention_promises_what_it_also_changes(name: str):
    held = LIBRARY[name]
    promised = [effect.share for effect in held.effects if effect.activity == held.statement.activity]
    assert held.statement.share in promised


def test_teams_for_people_at_high_risk_promise_nothing_and_may_well_raise_admissions():
    for name in ("extensive_care", "enhanced_primary_care", "mdt_care_coordination"):
        belief = LIBRARY[name].belief("emergency_admissions_avoided", ON)
        assert (belief.percentile_10, belief.middle, belief.percentile_90) == (-0.40, 0, 0.10)


def test_the_mcp_as_a_whole_promises_three_in_a_hundred_in_the_third_year():
    held = LIBRARY["whole_population_mcp"]
    assert held.belief("emergency_admissions_avoided", ON).middle == 0.031
    assert held.belief(held.statement.months, ON).middle == 36
    assert held.belief("lag", ON).middle == 24


def test_before_and_after_claims_of_high_risk_people_are_flagged():
    flagged = {name for name, held in LIBRARY.items() if held.regression_to_the_mean}
    assert flagged == {"social_prescribing"}


def test_each_kind_of_activity_is_on_a_service_line_of_the_budget():
    lines = {row["code"] for row in library()["service_lines"].on(ON).value}
    known = {(r["pod_l1"], r["pod_l2a"], r["pod_l2b"]) for r in library()["points_of_delivery"].on(ON).value}
    for held in planned_activity(library()).values():
        assert held.service_line in lines
        assert set(held.points_of_delivery) <= known


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The `plan` folder of a place with one intervention taken from the library."""
    begin_intervention(tmp_path, "care_home_support", "homes")
    return tmp_path / "plan"


def _changed(own: Path, change) -> Path:
    file = own / "homes.yaml"
    held = yaml.safe_load(file.read_text(encoding="utf-8"))
    change(held)
    file.write_text(yaml.safe_dump(held), encoding="utf-8")
    return own


def test_an_intervention_of_a_place_stands_beside_those_of_the_library(own: Path):
    held = interventions_of_place(own.parent, library())
    assert set(held) == {*LIBRARY, "homes"}
    assert held["homes"].terms == LIBRARY["care_home_support"].terms


def test_a_place_without_a_plan_has_those_of_the_library(tmp_path: Path):
    assert set(interventions_of_place(tmp_path, library())) == set(LIBRARY)


def _effect(held, **fields):
    held["effects"][0].update(fields)


def _term(held, value):
    held["terms"]["emergency_admissions_avoided"]["values"][date(2014, 4, 1)]["value"] = value


WRONG = {
    "a term that is not there": (lambda h: _effect(h, share="none"), r"effects\[0\].share 'none': is no term"),
    "activity nobody knows": (
        lambda h: h["effects"][1].update(activity="naps"),
        r"effects\[1\].activity 'naps': is no kind",
    ),
    "a belief out of order": (
        lambda h: _term(h, {"percentile_10": "0.9", "mean": "0.5", "percentile_90": "0.1"}),
        "is above its ninetieth",
    ),
    "half a belief": (lambda h: _term(h, {"mean": "0.5"}), "lacks percentile_10"),
    "a number not in quotes": (lambda h: _term(h, 0.2), "written in quotes"),
    "a word for a number": (lambda h: _term(h, "many"), "is not a number"),
    "two costs of one name": (lambda h: h["costs"].append(dict(h["costs"][0])), "is the name of two costs"),
    "a statement on something else": (
        lambda h: h["statement"].update(activity="gp_contact"),
        "is not what the intervention changes",
    ),
    "work moved that nothing avoids": (
        lambda h: h["moves"][0].update(avoided="gp_contact"),
        r"moves\[0\].avoided 'gp_contact': is not avoided",
    ),
    "a method that is none": (lambda h: h["statement"].update(method="hope"), "statement.method 'hope'"),
    "a part nobody knows": (lambda h: h.update(magic="yes"), "magic 'yes'"),
    "people by something not known": (lambda h: h.update(for_whom=[{"has": "luck"}]), r"for_whom\[0\]"),
    "an age without end": (lambda h: h.update(for_whom=[{"has": "age"}]), "has no end"),
    "a term that nothing uses": (
        lambda h: h["terms"].update(spare=deepcopy(h["terms"]["lag"])),
        "terms.spare 'spare': is not used",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_told(own: Path, name: str):
    change, told = WRONG[name]
    with pytest.raises(InterventionProblem, match=f"plan/homes.yaml.*{told}"):
        read_interventions(_changed(own, change), "plan", library())


def test_two_files_of_one_name_are_told(own: Path):
    (own / "other.yaml").write_text((own / "homes.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(InterventionProblem, match=r"name 'homes' is that of plan/homes\.yaml too"):
        read_interventions(own, "plan", library())


def test_a_file_that_is_no_intervention_is_told(own: Path):
    (own / "note.yaml").write_text("to do: much\n", encoding="utf-8")
    with pytest.raises(InterventionProblem, match=r"plan/note\.yaml: does not say 'clause: intervention'"):
        read_interventions(own, "plan", library())


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda held: st.lists(held, max_size=3) | st.dictionaries(st.text(max_size=8), held, max_size=3),
    max_leaves=8,
)


@settings(max_examples=25)
@given(
    part=st.sampled_from(["for_whom", "ramp", "effects", "costs", "moves", "evidence", "statement", "terms"]),
    value=ANYTHING,
)
def test_whatever_is_written_is_read_or_told(tmp_path_factory: pytest.TempPathFactory, part: str, value: object):
    place = tmp_path_factory.mktemp("place")
    begin_intervention(place, "care_home_support", "homes")
    folder = _changed(place / "plan", lambda held: held.update({part: value}))
    # Anything but one of the two fails: another error, or a reading without the intervention.
    with contextlib.suppress(InterventionProblem):
        assert "homes" in read_interventions(folder, "plan", library())
