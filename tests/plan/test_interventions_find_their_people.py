"""Does an intervention find the people it is for, and nobody else?"""

from __future__ import annotations

from datetime import date

import ibis
import pytest

from commonweal.core.errors import InterventionProblem
from commonweal.core.parameters import library
from commonweal.plan.interventions.people import people_it_is_for
from commonweal.plan.interventions.reading import library_interventions

ON = date(2026, 4, 1)
LIBRARY = library_interventions(library())
PEOPLE = [
    {"person": 1, "practice_code": "A1", "age": 84, "level": 4, "long_term_conditions": 5, "care_home": True},
    {"person": 2, "practice_code": "A1", "age": 60, "level": 4, "long_term_conditions": 2, "care_home": False},
    {"person": 3, "practice_code": "B2", "age": 59, "level": 3, "long_term_conditions": 4, "care_home": False},
    {"person": 4, "practice_code": "B2", "age": None, "level": 1, "long_term_conditions": 0, "care_home": None},
]
RISK = [{"person": person, "rank": rank} for rank, person in enumerate([3, 2, 1, 4], start=1)]


def found(name: str, **more: object) -> set[int]:
    need = ibis.memtable(PEOPLE)
    return set(people_it_is_for(need, LIBRARY[name], on=ON, **more).person.to_pandas())


def changed(name: str, **conditions: object):
    return LIBRARY[name].model_copy(update=conditions)


def test_an_intervention_for_everyone_finds_everyone():
    assert found("care_navigation") == {1, 2, 3, 4}


def test_care_home_support_finds_those_known_to_live_in_one():
    assert found("care_home_support") == {1}


def test_an_age_not_known_is_not_old_enough():
    assert found("virtual_ward") == {1, 2, 3}


def test_every_condition_holds_of_those_it_finds():
    # 60 and over with two conditions: 1 and 2. The highest 2 % of four people is nobody; half of them is 3 and 2.
    held = LIBRARY["extensive_care"]
    terms = dict(held.terms)
    highest = terms["highest_risk"]
    day, value = next(iter(highest.values.items()))
    terms["highest_risk"] = highest.model_copy(update={"values": {day: value.model_copy(update={"value": "0.5"})}})
    need, risk = ibis.memtable(PEOPLE), ibis.memtable(RISK)
    people = people_it_is_for(need, held.model_copy(update={"terms": terms}), on=ON, risk=risk)
    assert set(people.person.to_pandas()) == {2}
    assert found("extensive_care", risk=risk) == set()


def test_risk_that_is_not_there_is_asked_for():
    with pytest.raises(InterventionProblem, match="there is no table of risk"):
        found("extensive_care")


def test_a_neighbourhood_finds_the_people_of_its_practices():
    held = LIBRARY["care_navigation"]
    here = type(held).model_validate({**held.model_dump(), "for_whom": [{"has": "neighbourhood", "one_of": ["N1"]}]})
    need = ibis.memtable(PEOPLE)
    people = people_it_is_for(need, here, on=ON, neighbourhoods={"N1": ["B2"]})
    assert set(people.person.to_pandas()) == {3, 4}
    with pytest.raises(InterventionProblem, match="N1, which is no neighbourhood"):
        people_it_is_for(need, here, on=ON, neighbourhoods={"N2": ["B2"]})
