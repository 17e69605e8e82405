"""Does a selection hold exactly the practices that were asked for?"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonweal.core.engine import duckdb_engine
from commonweal.core.errors import InputError
from commonweal.place.published.reading import Published, published_paths, read_published
from commonweal.place.selection import Selection, chosen_practices, distance_km

from .conftest import rewrite, setting


def test_a_district_is_its_practices(made_up: Published) -> None:
    chosen = chosen_practices(made_up, Selection(lad=("Wherrydale",)))
    assert chosen.codes == tuple(f"X9{number:04d}" for number in range(1, 15))
    assert chosen.people == 120_000


@pytest.mark.parametrize("named", ["E07990001", "wherrydale", " WHERRYDALE ", "e07990001"])
def test_codes_and_names_are_the_same_in_any_case(made_up: Published, named: str) -> None:
    assert len(chosen_practices(made_up, Selection(lad=(named,))).codes) == 14


def test_a_board_goes_by_the_name_people_use(made_up: Published) -> None:
    assert len(chosen_practices(made_up, Selection(icb=("Merrowmark",))).codes) == 60


def test_kinds_add_up(made_up: Published) -> None:
    chosen = chosen_practices(made_up, Selection(pcn=("UZ0003",), practice=("X90001", "X90011")))
    assert chosen.codes == ("X90001", "X90011", "X90012", "X90013", "X90014")


def test_the_order_of_asking_changes_nothing(made_up: Published) -> None:
    first = Selection(pcn=("UZ0001", "UZ0002"))
    assert chosen_practices(made_up, first) == chosen_practices(made_up, Selection(pcn=("UZ0002", "UZ0001")))


@pytest.mark.parametrize(
    ("selection", "suggested"),
    [
        (Selection(lad=("Wherydale",)), "Wherrydale (E07990001)"),
        (Selection(pcn=("Dale Hed PCN",)), "Dale Head PCN (UZ0003)"),
        (Selection(practice=("X9001O",)), "(X90010)"),
    ],
)
def test_a_name_nobody_has_suggests_the_nearest(made_up: Published, selection: Selection, suggested: str) -> None:
    with pytest.raises(InputError) as refused:
        chosen_practices(made_up, selection)
    assert "There is no" in refused.value.message
    assert suggested in refused.value.mend


def test_an_empty_selection_is_refused(made_up: Published) -> None:
    with pytest.raises(InputError, match="selection is empty"):
        chosen_practices(made_up, Selection())


def test_a_point_needs_people_and_must_be_on_earth(made_up: Published) -> None:
    with pytest.raises(InputError, match="number of people"):
        chosen_practices(made_up, Selection(near=(54.6, 1.6)))
    with pytest.raises(InputError, match="not a point"):
        chosen_practices(made_up, Selection(near=(154.6, 1.6), people=5))


def test_more_people_than_there_are_cannot_be_reached(made_up: Published) -> None:
    with pytest.raises(InputError, match="fewer than"):
        chosen_practices(made_up, Selection(near=(54.6, 1.6), people=10**8))


@settings(max_examples=25, deadline=None)
@given(
    latitude=st.floats(min_value=54.3, max_value=54.9),
    longitude=st.floats(min_value=1.2, max_value=2.0),
    people=st.integers(min_value=1, max_value=400_000),
)
def test_the_nearest_practices_reach_the_people_and_no_further(
    made_up: Published, latitude: float, longitude: float, people: int
) -> None:
    chosen = chosen_practices(made_up, Selection(near=(latitude, longitude), people=people))
    here = (latitude, longitude)
    away = {row["practice_code"]: distance_km(here, (row["latitude"], row["longitude"])) for row in chosen.practices}
    furthest = max(chosen.practices, key=lambda row: away[row["practice_code"]])
    everyone = made_up.tables["practices"].to_pyarrow().to_pylist()
    left_out = [row for row in everyone if row["practice_code"] not in away]
    assert chosen.people >= people
    assert chosen.people - furthest["registered_people"] < people
    nearest_left_out = min((distance_km(here, (r["latitude"], r["longitude"])) for r in left_out), default=1e9)
    assert max(away.values()) <= nearest_left_out


def test_a_degree_of_latitude_is_111_km() -> None:
    assert distance_km((53.0, -1.0), (54.0, -1.0)) == pytest.approx(111.19, abs=0.01)


@pytest.mark.parametrize(("day", "kept"), [("20210630", False), ("20230630", True)])
def test_a_closed_practice_is_left_out_only_when_it_closed_before_the_baseline(
    files: Path, day: str, kept: bool
) -> None:
    rewrite(files / "practice_locations.csv", setting(2, "closed_date", day))
    published = read_published(duckdb_engine(), published_paths(files))
    chosen = chosen_practices(published, Selection(lad=("Wherrydale",)))
    assert ("X90001" in chosen.codes) is kept
    assert [(f.rule, f.practice_code) for f in chosen.findings] == [("practice-closed", "X90001")]
    near = chosen_practices(published, Selection(near=(54.602, 1.6), people=100_000))
    assert "X90001" not in near.codes


def test_a_practice_without_a_need_weighted_population_is_left_out_and_said(files: Path) -> None:
    rewrite(files / "need_weighted_populations.csv", lambda rows: rows.pop(1))
    published = read_published(duckdb_engine(), published_paths(files))
    chosen = chosen_practices(published, Selection(pcn=("UZ0001",)))
    assert "X90001" not in chosen.codes
    assert [(f.rule, f.practice_code) for f in chosen.findings] == [("not-in-need-file", "X90001")]
    with pytest.raises(InputError, match="no practice that can be funded"):
        chosen_practices(published, Selection(practice=("X90001",)))
