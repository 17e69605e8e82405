"""Do hours go where they bring most, and is nobody set aside unseen or shown who asked not to be?"""

from __future__ import annotations

from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonweal.core.errors import InputError, NotAPlace, ParameterProblem
from commonweal.core.parameters import library
from commonweal.need.cases.changeable import change_rules, rule_of_each
from commonweal.need.cases.choosing import Choice, choice
from commonweal.need.cases.finding import Cases, Team, case_finding
from commonweal.need.cases.publishing import place_teams, publish_cases, read_caseload
from commonweal.need.cases.records import cases_record
from commonweal.need.risk.publishing import publish_risk
from commonweal.people.record import read_record
from commonweal.place.folder import Place
from commonweal.place.folder_text import NeighbourhoodRecord

from .people_at_risk import make_record
from .small_record import with_value

ON = date(2026, 4, 1)
PRACTICES = ("X90001", "X90002", "X90003")
TEAM = Team("N1", "North", ("X90001",), 12.0)
SOMEBODY: dict[str, Any] = {
    "practice_code": "X90001",
    "age": 70,
    "nh_rh": False,
    "eol_plan": False,
    "in_hospital": 0,
    "community_30d": 0,
    "emergency_30d": 0,
    "polypharmacy_repeat": 0,
    "deficits": 0,
    "care_home_months_3m": 0,
    "nursing_months_3m": 0,
    "condition_palliative": False,
    "condition_hf": False,
    "condition_smi": False,
    "risk": 0.5,
    "reasons": "Heart failure",
}


def people(*different: dict[str, Any]) -> pa.Table:
    """Features of people who differ from somebody as said; persons 1, 2 and on."""
    return pa.Table.from_pylist([{"person": n, **SOMEBODY, **row} for n, row in enumerate(different, start=1)])


def found(*different: dict[str, Any], team: Team = TEAM, **more: Any) -> Cases:
    """Case finding for one team."""
    return case_finding(people(*different), [team], library(), on=ON, **more)


def status(cases: Cases) -> dict[int, str]:
    """Each person's status in the list."""
    return {row["person"]: row["status"] for row in cases.table.to_pylist()}


def chosen(benefit: list[float], hours: list[float], limit: float) -> Choice:
    """The choice among people numbered from 0, whose risk is their benefit."""
    values = np.array(benefit)
    return choice(values, np.array(hours), values, np.arange(len(values)), limit=limit)


def best(benefit: list[float], hours: list[float], limit: float) -> float:
    """The best benefit of any set of people that fits, by trying all of them."""
    return max(
        sum(benefit[one] for one in held)
        for size in range(len(benefit) + 1)
        for held in combinations(range(len(benefit)), size)
        if sum(hours[one] for one in held) <= limit + 1e-9
    )


BENEFITS = st.lists(st.floats(0, 1, allow_nan=False), min_size=1, max_size=8)


@settings(max_examples=100, deadline=None)
@given(BENEFITS, st.sampled_from([0.1, 0.5, 3.0, 6.0]), st.floats(0, 30))
def test_for_equal_hours_no_other_choice_is_better(benefit: list[float], each: float, limit: float):
    limit = round(limit, 1)
    held = chosen(benefit, [each] * len(benefit), limit)
    assert held.benefit == pytest.approx(best(benefit, [each] * len(benefit), limit))
    assert held.most == pytest.approx(held.benefit)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 1), st.sampled_from([0.5, 3.0, 4.0, 8.0])), min_size=1, max_size=8),
    st.floats(0, 30),
)
def test_for_unequal_hours_no_choice_is_better_than_is_said(held: list[tuple[float, float]], limit: float):
    benefit, hours = [row[0] for row in held], [row[1] for row in held]
    limit = round(limit * 2) / 2
    found = chosen(benefit, hours, limit)
    assert sum(hours[place] for place in found.chosen) == found.hours <= limit
    assert found.benefit <= best(benefit, hours, limit) + 1e-9
    assert found.most >= best(benefit, hours, limit) - 1e-9


def test_a_choice_by_hand():
    # For each hour: 0.10, 0.15, 0.06. Nine hours: the second (4) and the first (5); the third waits.
    held = chosen([0.5, 0.6, 0.3], [5, 4, 5], 9)
    assert (held.chosen.tolist(), held.next, held.hours, held.benefit) == ([1, 0], 2, 9.0, pytest.approx(1.1))


def test_somebody_who_no_longer_fits_does_not_keep_out_somebody_who_does():
    held = chosen([0.9, 0.8, 0.1], [4, 6, 2], 7)
    assert held.chosen.tolist() == [0, 2]
    # No choice exceeds 0.9 and half of 0.8.
    assert held.most == pytest.approx(0.9 + 0.8 * 3 / 6)


def test_people_are_ranked_by_risk_and_by_what_can_be_changed():
    cases = found({"risk": 0.9}, {"risk": 0.4, "condition_hf": True}, {"risk": 0.5, "condition_hf": True})
    order = sorted((row["place"], row["person"]) for row in cases.table.to_pylist())
    assert [person for _, person in order] == [3, 2, 1]


def test_the_numbers_of_a_team_by_hand():
    cases = found(
        {"risk": 0.5, "condition_hf": True}, {"risk": 0.4, "condition_hf": True}, {"risk": 0.2, "condition_hf": True}
    )
    (team,) = cases.teams
    assert (team.chosen, team.choice.hours, team.candidates) == (2, 12.0, 3)
    assert team.admitted == pytest.approx(0.5 + 0.4)
    assert team.changed == pytest.approx((0.9 * 0.029, 0.9 * 0.249, 0.9 * 0.590))
    assert team.next_hour == pytest.approx(0.2 * 0.249 / 6)


def test_the_hours_of_everybody_can_be_given_and_the_rule_is_shown():
    cases = found({"condition_hf": True}, {"polypharmacy_repeat": 12}, hours_per_person=4.0)
    assert {row["hours"] for row in cases.table.to_pylist()} == {4.0}
    rules = {row["person"]: row["rule"] for row in cases.table.to_pylist()}
    assert rules == {1: "A long-term condition that good care keeps out of hospital", 2: "Ten or more repeat medicines"}


def test_of_several_rules_the_greatest_share_counts_and_of_none_the_share_is_nought():
    rules = change_rules(library(), on=ON)
    held = rule_of_each(people({"condition_hf": True, "condition_smi": True}, {"condition_smi": True}, {}), rules)
    assert [rules[place].central for place in held] == [0.249, 0.148, 0.0]


@pytest.mark.parametrize(
    ("different", "code"),
    [
        ({"practice_code": "X90009"}, "no_team"),
        ({"age": 17}, "child"),
        ({"eol_plan": True}, "end_of_life"),
        ({"condition_palliative": True, "nh_rh": True}, "end_of_life"),
        ({"in_hospital": 1}, "in_hospital"),
        ({"nh_rh": True}, "care_home"),
        ({"nursing_months_3m": 2}, "care_home"),
        ({"community_30d": 2}, "on_caseload"),
    ],
)
def test_who_is_not_for_the_list_is_counted_by_the_first_reason_that_holds(different: dict[str, Any], code: str):
    cases = found(different, {})
    assert {one.code: people for one, people, _ in cases.set_aside if people} == {code: 1}
    assert status(cases)[2] == "chosen"


@pytest.mark.parametrize("different", [{"age": 18}, {"age": None}, {"nh_rh": None}, {"community_30d": 1}])
def test_who_only_nearly_fits_a_reason_is_on_the_list(different: dict[str, Any]):
    assert status(found(different)) == {1: "chosen"}


def test_somebody_set_aside_with_a_high_risk_is_shown_to_the_clinician_with_who_sees_them_instead():
    cases = found({"risk": 0.9, "eol_plan": True}, {"risk": 0.5}, {"risk": 0.1, "eol_plan": True})
    assert status(cases) == {1: "set aside", 2: "chosen"}
    (row,) = (row for row in cases.table.to_pylist() if row["person"] == 1)
    assert row["set_aside"].startswith("Near the end of life. Instead: Palliative care")
    assert [(p, high) for one, p, high in cases.set_aside if one.code == "end_of_life"] == [(2, 1)]


def test_a_caseload_that_is_given_counts_instead_of_contacts():
    cases = found({"community_30d": 9}, {}, caseload=frozenset({2}))
    assert status(cases) == {1: "chosen", 2: "set aside"}


def test_everybody_is_chosen_waiting_or_counted():
    cases = found(*[{"age": age} for age in range(10, 40)])
    (team,) = cases.teams
    assert team.candidates + sum(count for _, count, _ in cases.set_aside) == 30


def test_without_hours_nobody_is_chosen_and_the_next_hour_still_has_a_worth():
    cases = found({"condition_hf": True}, team=Team("N1", "North", ("X90001",), 0.0))
    (team,) = cases.teams
    assert (team.chosen, team.admitted, team.next_hour) == (0, 0.0, pytest.approx(0.5 * 0.249 / 6))


def test_what_is_said_of_few_people_does_not_give_away_their_risk():
    (said,) = cases_record(found({}, {}, {}), library())["teams"]
    assert said["chosen"] == 2
    assert said["expected_admitted"] is None
    assert said["candidates"] is None


def test_a_list_of_rules_that_leaves_somebody_without_one_is_refused():
    rows = [row for row in library()["case_changeable"].on(ON).value if row["features"]]
    with pytest.raises(ParameterProblem, match="everybody"):
        change_rules(with_value("case_changeable", rows), on=ON)


def test_opting_out_cannot_be_taken_off_the_reasons():
    rows = [row for row in library()["case_set_aside"].on(ON).value if row["code"] != "opted_out"]
    with pytest.raises(ParameterProblem, match="Opting out"):
        case_finding(people({}), [TEAM], with_value("case_set_aside", rows), on=ON)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A place with two neighbourhoods, a record of made-up people, and their risks."""
    path = tmp_path_factory.mktemp("place")
    make_record(path, PRACTICES, people=1500)
    publish_risk(path, model="logistic", seed=1, parameters=library())
    kept = {
        code: NeighbourhoodRecord(code, code, held) for code, held in (("N1", PRACTICES[:2]), ("N2", PRACTICES[2:]))
    }
    common = {"name": "Place", "commissioner_code": "", "commissioner_name": "", "rule": {}, "contract_start": ON}
    more = {"formation": {}, "payments_year": "2022-23", "allow_years_apart": False, "neighbourhoods": kept}
    return Place(path=path, practice_codes=PRACTICES, **common, **more)


def test_a_list_is_published_with_pseudonyms_and_nobody_who_opted_out(place: Place):
    published = publish_cases(place, {"": 60.0, "N2": 30.0}, parameters=library())
    table = pq.read_table(published.path / "cases.parquet")
    attributes = pq.read_table(read_record(place.path).path / "attributes.parquet").to_pylist()
    out = {row["person"] for row in attributes if row["opted_out"]}
    assert out
    assert out.isdisjoint(table["person"].to_pylist())
    assert (published.path / "cases.csv").read_text(encoding="utf-8").count("\n") == table.num_rows + 1
    hours = {team["team"]: (float(team["hours"]), float(team["hours_used"])) for team in published.record["teams"]}
    assert {team: given for team, (given, _) in hours.items()} == {"N1": 60.0, "N2": 30.0}
    assert all(used <= given for given, used in hours.values())


def test_nothing_said_of_the_list_holds_a_pseudonym(place: Place):
    published = publish_cases(place, {"": 60.0}, parameters=library())
    persons = {str(person) for person in pq.read_table(published.path / "cases.parquet")["person"].to_pylist()}
    said = (published.path / "manifest.json").read_text(encoding="utf-8") + repr(published.record)
    assert not any(person in said for person in persons)


def test_the_same_question_gives_the_same_bytes(place: Place):
    first = publish_cases(place, {"": 60.0}, by="practice", parameters=library())
    before = {path.name: path.read_bytes() for path in first.path.iterdir()}
    again = publish_cases(place, {"": 60.0}, by="practice", parameters=library())
    assert {path.name: path.read_bytes() for path in again.path.iterdir()} == before


@pytest.mark.parametrize(("hours", "said"), [({"N9": 5.0}, "no team N9"), ({"": -1.0}, "fewer hours than none")])
def test_hours_that_cannot_be_are_refused(place: Place, hours: dict[str, float], said: str):
    with pytest.raises(InputError, match=said):
        place_teams(place, hours, by="neighbourhood")


def test_a_new_record_asks_for_new_risks(place: Place, tmp_path: Path):
    path = tmp_path / "place"
    make_record(path, PRACTICES, people=1000)
    other = Place(**{**{name: getattr(place, name) for name in place.__slots__}, "path": path})
    with pytest.raises(NotAPlace, match="risk"):
        publish_cases(other, {"": 1.0}, parameters=library())
    publish_risk(path, model="logistic", seed=1, parameters=library())
    make_record(path, PRACTICES, people=1000, seed=8)
    with pytest.raises(InputError, match="changed"):
        publish_cases(other, {"": 1.0}, parameters=library())


def test_a_caseload_is_read_and_another_file_refused_without_saying_what_is_in_it(tmp_path: Path):
    good, bad, worse = (tmp_path / name for name in ("good.csv", "bad.csv", "worse.csv"))
    good.write_text("person,team\n12,a\n13,b\n", encoding="utf-8")
    bad.write_text("nhs_number\n9000000009\n", encoding="utf-8")
    worse.write_text("person\nMRS MARKED\n", encoding="utf-8")
    assert read_caseload(good) == {12, 13}
    for path in (bad, worse, tmp_path / "none.csv"):
        with pytest.raises(InputError) as caught:
            read_caseload(path)
        assert "9000000009" not in str(caught.value)
        assert "MARKED" not in str(caught.value)
